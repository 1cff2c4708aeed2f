"""What follows from a matrix: its priorities and its consistency, as frozen results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments import consistency as indices
from ahpvalue.judgments.revision import worst_pair
from ahpvalue.support.display import Result, Table

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
    completion : str or None
        How missing judgments were dealt with; None when there were none.
    scale : str
        The judgment scale the answers were put through.
    """

    weights: Array
    labels: tuple[str, ...]
    lambda_max: float
    method: str
    completion: str | None = None
    scale: str = "linear"

    def __getitem__(self, label: str) -> float:
        """The priority of one item."""
        return float(self.weights[position(label, self.labels)])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """A copy of the weights, so that functions of arrays take priorities as well."""
        return self.weights.astype(dtype or np.float64, copy=copy is not False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Priorities) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        how = (self.method, self.completion, self.scale)
        return self.weights.tobytes(), self.labels, self.lambda_max, how

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        how = [self.method]
        if self.completion is not None:
            how.append(f"missing judgments by {self.completion}")
        if self.scale != "linear":
            how.append(f"{self.scale} scale")
        return Table(
            f"Priorities ({', '.join(how)})",
            {"item": self.labels, "priority": self.weights.tolist()},
            formats={"priority": ".4f"},
            bars={"priority": 1.0},
        )


@dataclass(frozen=True, repr=False, eq=False)
class Consistency(Result):
    """How far judgments agree with each other.

    Saaty's ratio is there; the other indices are worked out when they are first asked for.

    Attributes
    ----------
    ratios : ndarray, shape (n, n)
        What was judged: what the answers are worth, NaN where there is none.
    labels : tuple of str
    n, missing : int
        Number of items, and of pairs without a judgment.
    lambda_max, ci : float
        Principal eigenvalue (with missing judgments: the least it can be) and Saaty's index.
    cr : float or None
        Saaty's ratio; 0 for n <= 2, None where judgments are missing and none is left that
        could contradict the others (a spanning tree): not testable.
    ri : float
    random_index : str
        The random index and the name of its table, without which a CR means nothing.
    limit : float
        The CR up to which the matrix is acceptable.
    method, scale : str
    """

    ratios: Array
    labels: tuple[str, ...]
    missing: int
    lambda_max: float
    ci: float
    cr: float | None
    ri: float
    random_index: str
    limit: float
    method: str
    scale: str

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.labels)

    @cached_property
    def gci(self) -> float:
        """Geometric consistency index; `gci_limit` goes with CR = 0.10."""
        return float(indices.geometric_consistency_index(self.ratios))

    @property
    def gci_limit(self) -> float:
        """The GCI that goes with CR = 0.10."""
        return indices.gci_limit(self.n)

    @cached_property
    def koczkodaj(self) -> float | None:
        """The worst triad, 0 to 1; None where no triad has its three judgments."""
        return _known(indices.koczkodaj(self.ratios))

    @cached_property
    def hci(self) -> float | None:
        """Harmonic consistency index; None for missing judgments."""
        return None if self.missing else float(indices.harmonic_consistency_index(self.ratios))

    @property
    def hcr(self) -> float | None:
        """HCI over its random mean; None also above n = 10, where no mean is tabulated."""
        return None if self.hci is None else indices.harmonic_consistency_ratio(self.hci, self.n)

    @cached_property
    def congruence(self) -> float | None:
        """Mean logarithmic distance of the triads."""
        return _known(indices.congruence(self.ratios))

    @cached_property
    def dissonance(self) -> float | None:
        """Share of triads that point the other way."""
        return _known(indices.dissonance(self.ratios))

    @cached_property
    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """Items of which each beats the next, and the last the first."""
        found = indices.ordinal_cycles(self.ratios)
        return tuple(tuple(self.labels[k] for k in cycle) for cycle in found)

    @cached_property
    def worst(self) -> tuple[str, str] | None:
        """The most inconsistent judgment, stronger item first; None when all agree."""
        found = worst_pair(self.ratios)
        return None if found is None else (self.labels[found[0]], self.labels[found[1]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Consistency) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.n, self.lambda_max, self.random_index, self.limit, self.method))

    @property
    def testable(self) -> bool:
        """Whether the judgments could contradict each other at all."""
        return self.cr is not None

    @property
    def exceeds(self) -> bool:
        """Whether CR is over the limit."""
        return self.cr is not None and self.cr > self.limit

    @property
    def acceptable(self) -> bool:
        """Whether CR is within the limit; False where it is not testable."""
        return self.cr is not None and self.cr <= self.limit

    @property
    def verdict(self) -> str:
        """``"ok"``, ``"over the limit"`` or ``"not testable"``."""
        if self.cr is None:
            return "not testable"
        return "over the limit" if self.exceeds else "ok"

    @property
    def _cr_title(self) -> str:
        return f"CR ({self.random_index}, RI {self.ri:.4f})" if self.testable else "CR"

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        rows: dict[str, Any] = {
            "items": f"{self.n}",
            **({"missing judgments": f"{self.missing}"} if self.missing else {}),
            "lambda max": f"{self.lambda_max:.4f}",
            "CI": f"{self.ci:.4f}",
            self._cr_title: _four(self.cr),
            f"verdict (CR limit {self.limit:.2f})": self.verdict,
            f"GCI (limit {self.gci_limit:.2f})": f"{self.gci:.4f}",
            "Koczkodaj": _four(self.koczkodaj),
            "harmonic index": _four(self.hci),
            "harmonic ratio": _four(self.hcr),
            "congruence": _four(self.congruence),
            "dissonance": _four(self.dissonance),
            "cycles": "; ".join(" > ".join((*c, c[0])) for c in self.cycles) or "none",
            "most inconsistent judgment": "none" if self.worst is None else " vs ".join(self.worst),
        }
        columns = {"index": list(rows), "value": list(rows.values())}
        how = self.method if self.scale == "linear" else f"{self.method}, {self.scale} scale"
        return Table(f"Consistency ({how})", columns)

    def to_dict(self) -> dict[str, Any]:
        """Every index at full precision."""
        return {name: getattr(self, name) for name in _INDICES}

    def to_frame(self, kind: str | None = None) -> Any:
        """One row, every index a column; pairs and cycles as text."""
        row = self.to_dict()
        row["worst"] = None if self.worst is None else " vs ".join(self.worst)
        row["cycles"] = "; ".join(map(" > ".join, self.cycles))
        return Table("", {name: [value] for name, value in row.items()}).to_frame(kind)


_INDICES = (
    "n", "missing", "lambda_max", "ci", "cr", "ri", "random_index", "limit", "gci", "gci_limit",
    "koczkodaj", "hci", "hcr", "congruence", "dissonance", "cycles", "worst", "method", "scale",
    "acceptable", "verdict",
)  # fmt: skip


def _known(value: Array) -> float | None:
    return None if np.isnan(value) else float(value)


def _four(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
