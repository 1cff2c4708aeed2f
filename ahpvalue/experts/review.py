"""Which judgments to discuss with which expert, and the smallest change that is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ahpvalue.compiling import GROUP, Comparison, consistency_scale
from ahpvalue.document import ModelDocument
from ahpvalue.errors import ModelError, did_you_mean
from ahpvalue.experts.matrix_review import MatrixReview
from ahpvalue.judgments import Consistency, Measure, judgment_text
from ahpvalue.support.display import Result, Table
from ahpvalue.support.texts import check_language

__all__ = ["ModelReview", "review_judgments"]


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
        self._refuse_unknown(expert)
        nodes = [row.node for row in self.rows if row.expert == expert]
        raise ModelError(f"{expert} has not answered {node}{did_you_mean(node, nodes)}")

    def _refuse_unknown(self, expert: str) -> None:
        known = dict.fromkeys(row.expert for row in self.rows)
        if expert not in known:
            raise ModelError(f"{expert} has answered nothing{did_you_mean(expert, known)}")

    @property
    def open(self) -> tuple[MatrixReview, ...]:
        """What is over the limit or intransitive."""
        return tuple(row for row in self.rows if row.consistency.exceeds or row.consistency.cycles)

    def sentences(
        self, expert: str | None = None, *, language: str = "en", everything: bool = False
    ) -> dict[str, list[str]]:
        """What to tell each expert, in sentences that can be sent as they are.

        Parameters
        ----------
        expert : str, optional
            Only this one.
        language : {"en", "zh"}
        everything : bool
            Also what is in order; left out, only what is over the limit, intransitive or
            not testable.

        Returns
        -------
        dict of str to list of str
            Expert -> sentences.
        """
        check_language(language)
        if expert is not None:
            self._refuse_unknown(expert)
        label = self._label(language)
        said: dict[str, list[str]] = {}
        for row in self.rows:
            if expert not in (None, row.expert):
                continue
            if row.matrix.n == 2:
                continue  # one answer cannot contradict itself
            fine = row.consistency.acceptable and not row.consistency.cycles
            if not fine or everything:
                told = row.sentences(language=language, label=label, name=label(row.node))
                said.setdefault(row.expert, []).extend(told)
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
            "proposed change": [_changes(row) for row in self.rows],
            "CR after": [
                None if row.repair is None or not row.repair.changes else row.repair.cr
                for row in self.rows
            ],
            "most inconsistent": [_worst(row) for row in self.rows],
        }
        formats = {"CR": ".3f", "CR after": ".3f"}
        return Table("Review of the judgments", columns, formats, note=self._note())

    def _note(self) -> str:
        if not self.open:
            return "No change is needed"
        return (
            "Most inconsistent: whose change lowers the GCI most; the fewest changes that are "
            "enough may be others. Proposals, not changes: ask the expert; model.experts.accept "
            "writes what was agreed"
        )


def _verdict(row: MatrixReview) -> str:
    verdict = row.consistency.verdict
    if not row.consistency.cycles:
        return verdict
    return "intransitive" if verdict == "ok" else f"{verdict}, intransitive"


def _worst(row: MatrixReview) -> str:
    """The judgment that `consistency` names, too; a proposal may begin with another."""
    return "" if row.consistency.worst is None else " vs ".join(row.consistency.worst)


def _changes(row: MatrixReview) -> str:
    if not row.consistency.exceeds:
        return ""
    if row.repair is None:
        return "answer again"
    labels = row.matrix.labels
    shown = ", ".join(
        f"{labels[c.i]} vs {labels[c.j]}: {judgment_text(c.old)} to {judgment_text(c.new)}"
        for c in row.repair.changes
    )
    return shown if row.repair.fewest else f"{shown} (found one by one)"


def review_judgments(document: ModelDocument, comparisons: Mapping[str, Comparison]) -> ModelReview:
    """Review every expert's answers of a model."""
    section = document.judgments
    measure = Measure(section.random_index, section.method, consistency_scale(document))
    rows = [
        MatrixReview(node, who, comparison.answers[who], found, measure)
        for node, comparison in comparisons.items()
        for who, found in comparison.consistency(document).items()
        if who != GROUP
    ]
    rows.sort(key=lambda row: -_excess(row.consistency))
    return ModelReview(tuple(rows), document)


def _excess(found: Consistency) -> float:
    """The order of the rows: over the limit, intransitive, not testable, in order."""
    if found.exceeds:
        assert found.cr is not None
        return 2 + found.cr / found.limit
    return 1.0 if found.cycles else 0.5 if found.cr is None else 0.0
