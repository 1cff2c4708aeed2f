"""Which judgments to take back to which expert, and the smallest change that would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ahpvalue.compiling import GROUP, Comparison
from ahpvalue.document import ModelDocument
from ahpvalue.errors import ModelError, did_you_mean
from ahpvalue.experts.sentences import as_answer, judged, phrase
from ahpvalue.judgments import (
    Consistency,
    Influence,
    Measure,
    PairwiseMatrix,
    Repair,
    apply_scale,
    completed,
    error_matrix,
    influences,
    least_squares,
    repair,
    xu_wei,
)
from ahpvalue.support.display import Result, Table

__all__ = ["Compromise", "MatrixReview", "ModelReview", "review_of"]


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
        """Every judgment, the most hurtful first (see `ahpvalue.judgments.revision`)."""
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
        """The repair as `Model.accept` takes it: pair to new answer; empty when there is none."""
        labels = self.matrix.labels
        changes = self.repair.changes if self.repair is not None else ()
        return {(labels[c.i], labels[c.j]): as_answer(c.new) for c in changes}

    @cached_property
    def beyond(self) -> tuple[str, str] | None:
        """An unanswered pair whose ratio the answers imply to lie beyond the scale.

        Given where CR is over the limit for that reason only: without the end of the scale
        it would not be. The pair with the largest ratio.
        """
        ratios = apply_scale(self.matrix.values, self.measure.scale)
        if not self.consistency.exceeds or not np.isnan(ratios).any():
            return None
        if self.measure.cr(ratios, np.inf) > self.consistency.limit:
            return None
        implied = np.where(np.isnan(ratios), completed(ratios, np.inf), 0.0)
        i, j = np.unravel_index(int(implied.argmax()), implied.shape)
        return self.matrix.labels[i], self.matrix.labels[j]

    def table(self) -> Table:
        """Every judgment, the most hurtful first, with what would fit."""
        labels = self.matrix.labels
        rows = self.influences
        columns: dict[str, list[Any]] = {
            "judgment": [f"{labels[one.i]} vs {labels[one.j]}" for one in rows],
            "given": [as_answer(one.given) for one in rows],
            "would fit": [
                "only link" if np.isnan(one.best) else as_answer(one.fitting) for one in rows
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
        return Table(
            f"Judgments of {self.expert} on {self.node}",
            columns,
            formats,
            note=note,
            details=("at most by", "exactly"),
        )

    def sentences(
        self, language: str = "en", label: Callable[[str], str] = str, name: str = ""
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
        found = self.consistency
        node = name or self.node
        said = [self._verdict(language, node, label)]
        for cycle in found.cycles:
            pairs = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
            circle = phrase(language, "between").join(
                phrase(language, "beats", a=label(a), b=label(b)) for a, b in pairs
            )
            said.append(phrase(language, "cycle", circle=circle))
        if found.exceeds and self.beyond is None:
            said += self._way_out(language, label)
        elif found.cycles and self.influences:
            said += self._least_fitting(language, label)
        return said

    def _verdict(self, language: str, node: str, label: Callable[[str], str]) -> str:
        found = self.consistency
        if found.cr is None:
            a, b = self.matrix.missing[0]
            answered = found.n * (found.n - 1) // 2 - found.missing
            pair = phrase(language, "pair", a=label(a), b=label(b))
            return phrase(language, "not testable", node=node, answered=answered, pair=pair)
        if self.beyond is not None:
            pair = phrase(language, "pair", a=label(self.beyond[0]), b=label(self.beyond[1]))
            return phrase(language, "beyond", node=node, cr=found.cr, limit=found.limit, pair=pair)
        key = "over" if found.exceeds else "fine"
        return phrase(language, key, node=node, cr=found.cr, limit=found.limit)

    def _way_out(self, language: str, label: Callable[[str], str]) -> list[str]:
        if self.repair is None:
            return [phrase(language, "nothing found")]
        changes = [
            (
                self._said(language, c.i, c.j, c.old, label),
                self._said(language, c.i, c.j, c.new, label),
            )
            for c in self.repair.changes
        ]
        after, count = self.repair.cr, len(changes)
        if count == 1:
            ((old, new),) = changes
            said = [phrase(language, "one", old=old, new=new, after=after)]
        else:
            key = "several" if self.repair.fewest else "one by one"
            listed = [phrase(language, "change", old=old, new=new) for old, new in changes]
            joined = phrase(language, "between").join(listed) + phrase(language, "end")
            said = [phrase(language, key, count=count, after=after) + joined]
        if self.repair.alternatives:
            said.append(phrase(language, "others", others=self.repair.alternatives))
        return said

    def _least_fitting(self, language: str, label: Callable[[str], str]) -> list[str]:
        one = self.influences[0]
        if np.isnan(one.best) or one.most < 1e-9 or one.fitting == one.given:
            return []
        old = self._said(language, one.i, one.j, one.given, label)
        new = self._said(language, one.i, one.j, one.fitting, label)
        return [phrase(language, "most", old=old, new=new)]

    def _said(
        self, language: str, i: int, j: int, value: float, label: Callable[[str], str]
    ) -> str:
        return judged(language, self.matrix.labels[i], self.matrix.labels[j], value, label)


@dataclass(frozen=True, repr=False)
class ModelReview(Result):
    """The review of every expert's answers, over the limit first.

    Attributes
    ----------
    rows : tuple of MatrixReview
    document : ModelDocument
        For labels.
    """

    rows: tuple[MatrixReview, ...]
    document: ModelDocument

    def of(self, expert: str, node: str) -> MatrixReview:
        """One expert's review on one node."""
        for row in self.rows:
            if (row.expert, row.node) == (expert, node):
                return row
        experts = dict.fromkeys(row.expert for row in self.rows)
        nodes = [row.node for row in self.rows if row.expert == expert]
        if expert not in experts:
            raise ModelError(f"{expert} has answered nothing{did_you_mean(expert, experts)}")
        raise ModelError(f"{expert} has not answered {node}{did_you_mean(node, nodes)}")

    @property
    def open(self) -> tuple[MatrixReview, ...]:
        """What is over the limit or goes round in a circle."""
        return tuple(row for row in self.rows if row.consistency.exceeds or row.consistency.cycles)

    def sentences(
        self, expert: str | None = None, language: str = "en", *, everything: bool = False
    ) -> dict[str, list[str]]:
        """What to tell each expert, in words fit to be sent to them.

        Parameters
        ----------
        expert : str, optional
            Only this one.
        language : {"en", "zh"}
        everything : bool
            Also what is in order; left out, only what is over the limit, goes round in a
            circle or cannot be tested.

        Returns
        -------
        dict of str to list of str
            Expert -> sentences.
        """
        phrase(language, "end")  # refuses a language that is not there
        if expert is not None and expert not in (row.expert for row in self.rows):
            known = dict.fromkeys(row.expert for row in self.rows)
            raise ModelError(f"{expert} has answered nothing{did_you_mean(expert, known)}")
        said: dict[str, list[str]] = {}
        for row in self.rows:
            if expert not in (None, row.expert):
                continue
            if row.matrix.n == 2:
                continue  # one answer cannot contradict itself
            fine = row.consistency.acceptable and not row.consistency.cycles
            if not fine or everything:
                said.setdefault(row.expert, []).extend(
                    row.sentences(language, self._label(language), self._label(language)(row.node))
                )
        return said

    def _label(self, language: str) -> Callable[[str], str]:
        labels = self.document.labels
        return lambda name: labels.get(name, {}).get(language, name)

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        columns: dict[str, list[Any]] = {
            "node": [row.node for row in self.rows],
            "expert": [row.expert for row in self.rows],
            "CR": [row.consistency.cr for row in self.rows],
            "verdict": [_verdict(row) for row in self.rows],
            "to take back": [_changes(row) for row in self.rows],
            "CR then": [
                None
                if row.repair is None or row.beyond is not None or not row.repair.changes
                else row.repair.cr
                for row in self.rows
            ],
        }
        formats = {"CR": ".3f", "CR then": ".3f"}
        return Table("Review of the judgments", columns, formats, note=self._note())

    def _note(self) -> str:
        if not self.open:
            return "Nothing has to be taken back"
        return "Proposals, not changes: ask the expert; Model.accept writes what was agreed"


def _verdict(row: MatrixReview) -> str:
    circle = "goes round in a circle" if row.consistency.cycles else ""
    parts = [row.consistency.verdict, circle] if row.consistency.verdict != "ok" else [circle]
    return ", ".join(filter(None, parts)) or "ok"


def _changes(row: MatrixReview) -> str:
    if not row.consistency.exceeds:
        return ""
    if row.beyond is not None:
        return f"nothing; answer {' vs '.join(row.beyond)} too"
    if row.repair is None:
        return "answer anew"
    labels = row.matrix.labels
    shown = ", ".join(
        f"{labels[c.i]} vs {labels[c.j]}: {as_answer(c.old)} to {as_answer(c.new)}"
        for c in row.repair.changes
    )
    return shown if row.repair.fewest else f"{shown} (found one by one)"


def review_of(document: ModelDocument, comparisons: Mapping[str, Comparison]) -> ModelReview:
    """Review every expert's answers of a model."""
    section = document.judgments
    scale = section.scale if section.consistency.of == "ratios" else "linear"
    measure = Measure(section.random_index, section.method, scale)
    rows = [
        MatrixReview(node, who, comparison.answers[who], found, measure)
        for node, comparison in comparisons.items()
        for who, found in comparison.consistency(document).items()
        if who != GROUP
    ]
    rows.sort(key=lambda row: -_excess(row.consistency))
    return ModelReview(tuple(rows), document)


def _excess(found: Consistency) -> float:
    """How far over the limit; circles before what is in order, untestable before that too."""
    if found.exceeds:
        assert found.cr is not None
        return 2 + found.cr / found.limit
    return 1.0 if found.cycles else 0.5 if found.cr is None else 0.0
