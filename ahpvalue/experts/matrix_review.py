"""One expert's answers on one node: what is inconsistent and what would fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ahpvalue.experts.sentences import Wording
from ahpvalue.judgments import (
    Consistency,
    Influence,
    Measure,
    PairwiseMatrix,
    Repair,
    apply_scale,
    error_matrix,
    influences,
    judgment_text,
    least_squares,
    repair,
    xu_wei,
)
from ahpvalue.support.display import Result, Table

__all__ = ["Compromise", "MatrixReview"]


@dataclass(frozen=True)
class Compromise:
    """Xu and Wei's compromise: every judgment moved a little until CR is within the limit.

    Attributes
    ----------
    matrix : PairwiseMatrix
    steps : int
    cr : float
    largest_change, mean_change : float
        delta = max |a - a'| and sigma = sqrt(sum (a - a')^2) / n; below 2 and below 1 the
        compromise is close to what was said (Xu and Wei 1999).
    """

    matrix: PairwiseMatrix
    steps: int
    cr: float
    largest_change: float
    mean_change: float


@dataclass(frozen=True, repr=False)
class MatrixReview(Result):
    """One expert's answers on one node.

    Attributes
    ----------
    node, expert : str
    matrix : PairwiseMatrix
        The answers as given.
    consistency : Consistency
        As the model judges them.
    measure : Measure
        How CR is taken, here as in the model.
    """

    node: str
    expert: str
    matrix: PairwiseMatrix
    consistency: Consistency
    measure: Measure

    @cached_property
    def influences(self) -> tuple[Influence, ...]:
        """Every judgment, the most inconsistent first (see `ahpvalue.judgments.revision`)."""
        return tuple(influences(self.matrix.values, self.measure.scale))

    @cached_property
    def repair(self) -> Repair | None:
        """The fewest changes that bring CR within the limit; None where none were found."""
        return repair(self.matrix.values, self.consistency.limit, self.measure)

    @cached_property
    def compromise(self) -> Compromise:
        """Xu and Wei's compromise over all judgments."""
        given = apply_scale(self.matrix.values, self.measure.scale)
        values, steps = xu_wei(given, self.consistency.limit, self.measure)
        change = np.nan_to_num(np.abs(values - given))
        return Compromise(
            PairwiseMatrix(values, self.matrix.labels),
            steps,
            float(self.measure.cr(values)),
            float(change.max()),
            float(np.sqrt((change**2).sum()) / len(given)),
        )

    @property
    def errors(self) -> Table:
        """The error matrix a_ij w_j / w_i: 1 where a judgment agrees with the others.

        With logarithmic least squares weights, as in `influences`.
        """
        ratios = apply_scale(self.matrix.values, self.measure.scale)
        eps = error_matrix(ratios, least_squares(ratios))
        labels = self.matrix.labels
        columns: dict[str, Any] = {"": list(labels)}
        columns |= {label: eps[:, k].tolist() for k, label in enumerate(labels)}
        return Table(f"Errors ({self.node}, {self.expert})", columns, dict.fromkeys(labels, ".2f"))

    @property
    def proposal(self) -> dict[tuple[str, str], str]:
        """The repair as `experts.accept` takes it: pair to new answer; empty when there is none."""
        labels = self.matrix.labels
        changes = self.repair.changes if self.repair is not None else ()
        return {(labels[c.i], labels[c.j]): judgment_text(c.new) for c in changes}

    def table(self) -> Table:
        """Every judgment, the most inconsistent first, with what would fit."""
        labels = self.matrix.labels
        rows = self.influences
        columns: dict[str, list[Any]] = {
            "judgment": [f"{labels[one.i]} vs {labels[one.j]}" for one in rows],
            "given": [judgment_text(one.given) for one in rows],
            "would fit": [
                "only link" if np.isnan(one.best) else judgment_text(one.fitting) for one in rows
            ],
            "exactly": [one.best for one in rows],
            "GCI falls by": [one.gain for one in rows],
            "at most by": [one.most for one in rows],
        }
        formats = {
            "given": "s",
            "would fit": "s",
            "exactly": ".3f",
            "GCI falls by": "z.4f",
            "at most by": ".4f",
        }
        note = f"GCI {self.consistency.gci:.4f} (limit {self.consistency.gci_limit:.2f})"
        if self.consistency.worst is not None:
            note += f"; most inconsistent, by the GCI: {' vs '.join(self.consistency.worst)}"
        return Table(
            f"Judgments of {self.expert} on {self.node}",
            columns,
            formats,
            note=note,
            details=("at most by", "exactly"),
        )

    def sentences(
        self, *, language: str = "en", label: Callable[[str], str] = str, name: str = ""
    ) -> list[str]:
        """What to tell the expert, one sentence or two each.

        Parameters
        ----------
        language : {"en", "zh"}
        label : callable
            What an item is called; its name when left out.
        name : str
            What the node is called; its name when left out.
        """
        return Wording(language, label).sentences(self, name or self.node)
