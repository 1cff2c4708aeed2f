"""What follows from a matrix: its priorities and its consistency, as frozen results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.tables import Result, Table

__all__ = ["Consistency", "Priorities", "position"]

Array = NDArray[np.float64]


def position(label: str, labels: tuple[str, ...]) -> int:
    """Where an item stands, or a `JudgmentError` with the nearest name."""
    if label not in labels:
        raise JudgmentError(f"there is no item {label!r}{did_you_mean(label, labels)}")
    return labels.index(label)


@dataclass(frozen=True, repr=False, eq=False)
class Priorities(Result):
    """A priority vector, with the method it was derived by.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Sums to 1; read-only.
    labels : tuple of str
    lambda_max : float
        The principal eigenvalue (for ``"column-mean"`` the mean of (A w)_i / w_i).
    method : str
    """

    weights: Array
    labels: tuple[str, ...]
    lambda_max: float
    method: str

    def __getitem__(self, label: str) -> float:
        """The priority of one item."""
        return float(self.weights[position(label, self.labels)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Priorities) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return self.weights.tobytes(), self.labels, self.lambda_max, self.method

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        return Table(
            f"Priorities ({self.method})",
            {"item": self.labels, "priority": self.weights.tolist()},
            formats={"priority": ".4f"},
            bars={"priority": 1.0},
        )


@dataclass(frozen=True, repr=False)
class Consistency(Result):
    """How far judgments agree with each other.

    Attributes
    ----------
    n : int
        Number of items.
    lambda_max, ci, cr : float
        Principal eigenvalue, Saaty's index and ratio; CI = CR = 0 for n <= 2.
    ri : float
    random_index : str
        The random index and the name of its table, without which a CR means nothing.
    limit : float
        The CR up to which the matrix is acceptable.
    gci, gci_limit : float
        Geometric consistency index, and its value that goes with CR = 0.10.
    koczkodaj : float
        The worst triad, 0 to 1.
    hci : float
        Harmonic consistency index.
    hcr : float or None
        HCI over its random mean; None above n = 10, where none is tabulated.
    congruence, dissonance : float
        Mean logarithmic distance of the triads; share of triads that point the other way.
    cycles : tuple of (str, str, str)
        Triads in which the first beats the second, the second the third, and the third
        the first.
    worst : tuple of (str, str) or None
        The judgment farthest from the weights, stronger item first; None when all agree.
    method : str
    """

    n: int
    lambda_max: float
    ci: float
    cr: float
    ri: float
    random_index: str
    limit: float
    gci: float
    gci_limit: float
    koczkodaj: float
    hci: float
    hcr: float | None
    congruence: float
    dissonance: float
    cycles: tuple[tuple[str, str, str], ...]
    worst: tuple[str, str] | None
    method: str

    @property
    def acceptable(self) -> bool:
        """Whether CR is within the limit."""
        return self.cr <= self.limit

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        verdict = "acceptable" if self.acceptable else "too inconsistent"
        rows: dict[str, Any] = {
            "items": f"{self.n}",
            "lambda max": f"{self.lambda_max:.4f}",
            "CI": f"{self.ci:.4f}",
            f"CR ({self.random_index}, RI {self.ri:.4f})": f"{self.cr:.4f}",
            f"verdict (CR limit {self.limit:.2f})": verdict,
            f"GCI (limit {self.gci_limit:.2f})": f"{self.gci:.4f}",
            "Koczkodaj": f"{self.koczkodaj:.4f}",
            "harmonic index": f"{self.hci:.4f}",
            "harmonic ratio": "" if self.hcr is None else f"{self.hcr:.4f}",
            "congruence": f"{self.congruence:.4f}",
            "dissonance": f"{self.dissonance:.4f}",
            "cycles": "; ".join(" > ".join((*c, c[0])) for c in self.cycles) or "none",
            "farthest judgment": "none" if self.worst is None else " vs ".join(self.worst),
        }
        columns = {"index": list(rows), "value": list(rows.values())}
        return Table(f"Consistency ({self.method})", columns)

    def to_dict(self) -> dict[str, Any]:
        """Every index at full precision."""
        return {**self.__dict__, "acceptable": self.acceptable}
