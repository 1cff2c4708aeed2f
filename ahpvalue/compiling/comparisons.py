"""What the experts of a document say: checked matrices, and the local priorities they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import ModelDocument
from ahpvalue.errors import JudgmentError, Path, Problem
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.judgments import (
    Consistency,
    Derivation,
    PairwiseMatrix,
    apply_scale,
    mean_judgments,
    measure_consistency,
)
from ahpvalue.value_functions import combine_weights

__all__ = [
    "GROUP",
    "Comparison",
    "compile_comparisons",
    "consistency_scale",
    "experts_priorities",
    "judge_answers",
    "local_priorities",
    "read_matrix",
    "with_objective",
]

Array = NDArray[np.float64]

GROUP = "(group)"
"""How the experts' aggregated matrix is named beside the experts."""


@dataclass(frozen=True)
class Comparison:
    """What the experts say of the items below one node (or of one indicator's categories).

    Attributes
    ----------
    node : str
    path : tuple
        Where it stands in the document.
    answers : dict of str to PairwiseMatrix
        By expert, as given; NaN where a pair was not answered.
    shares : dict of str to float
        How much each of them counts here; need not sum to 1.
    derivation : Derivation
        How priorities follow from the answers.
    group : PairwiseMatrix or None
        The experts' aggregated answers (AIJ); None for a single expert and for AIP.
    priorities : ndarray, shape (items,)
    """

    node: str
    path: Path
    answers: Mapping[str, PairwiseMatrix]
    shares: Mapping[str, float]
    derivation: Derivation
    group: PairwiseMatrix | None
    priorities: Array

    @property
    def matrices(self) -> dict[str, PairwiseMatrix]:
        """The experts' matrices, and the group's under `GROUP` where there is one."""
        return dict(self.answers) | ({} if self.group is None else {GROUP: self.group})

    @property
    def items(self) -> tuple[str, ...]:
        """What is compared."""
        return next(iter(self.answers.values())).labels

    def stacked(self) -> tuple[Array, Array]:
        """Answers (experts, n, n) and shares (experts,), in the order of the experts' names.

        Sums run in that order, so that they do not depend on the order of the document.
        """
        return _stacked(self.answers, self.shares)

    def alone(self, expert: str) -> Array:
        """The priorities of one expert, shape (items,)."""
        ratios = apply_scale(self.answers[expert].values, self.derivation.scale)
        return self.derivation.own_priorities(ratios)

    def without(self, expert: str) -> Array | None:
        """The priorities without one expert; None where no other expert counts here."""
        others = {who: matrix for who, matrix in self.answers.items() if who != expert}
        if not any(self.shares[who] for who in others):
            return None
        return self.derivation.priorities(*_stacked(others, self.shares))

    def consistency(self, document: ModelDocument) -> dict[str, Consistency]:
        """Indices per expert and for the group."""
        section, scale = document.judgments, consistency_scale(document)
        found = {who: judge_answers(document, matrix) for who, matrix in self.matrices.items()}
        if self.group is not None and scale != "linear":
            # The mean of ratios is not the ratio of the mean answer.
            ratios = self.ratios()
            assert ratios is not None
            how = section.random_index, section.method, section.consistency.limit, scale
            found[GROUP] = measure_consistency(ratios, self.items, *how)
        return found

    def ratios(self) -> Array | None:
        """The one matrix of ratios that the priorities come from; None for AIP."""
        answers, shares = self.stacked()
        scaled = apply_scale(answers, self.derivation.scale)
        if len(scaled) == 1:
            return scaled[0]
        return None if self.group is None else mean_judgments(scaled, shares)


def consistency_scale(document: ModelDocument) -> str:
    """The scale that consistency is judged on: linear for the answers, else that of the ratios."""
    section = document.judgments
    return section.scale if section.consistency.of == "ratios" else "linear"


def judge_answers(document: ModelDocument, matrix: PairwiseMatrix) -> Consistency:
    """The consistency of one expert's answers by the document's table, method, limit and scale."""
    section, scale = document.judgments, consistency_scale(document)
    return matrix.consistency(
        section.random_index, section.method, section.consistency.limit, scale
    )


def compile_comparisons(
    document: ModelDocument, children: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Comparison], list[Problem]]:
    """Every comparison of the document, and what is wrong with the others."""
    problems: list[Problem] = []
    found: dict[str, Comparison] = {}
    shares, wrong_shares = _shares(document, children)
    problems += wrong_shares
    for node, path, items, by_expert in _asked(document, children):
        answers: dict[str, PairwiseMatrix] = {}
        for expert, given in by_expert.items():
            try:
                matrix = read_matrix(given, items)
                matrix.connected_values()
                answers[expert] = matrix
            except JudgmentError as wrong:
                problems += [problem.under(*path, expert) for problem in wrong.problems]
        answers = {who: answers[who] for who in document.judgments.experts if who in answers}
        if not answers or node not in shares:
            continue
        try:
            found[node] = _comparison(document, node, path, answers, shares[node])
        except JudgmentError as wrong:
            problems += [problem.under(*path) for problem in wrong.problems]
    return found, problems


def _asked(
    document: ModelDocument, children: Mapping[str, Sequence[str]]
) -> list[tuple[str, Path, Sequence[str], Mapping[str, Any]]]:
    """Node, place, items and answers of every comparison, of criteria and of categories."""
    asked: list[tuple[str, Path, Sequence[str], Mapping[str, Any]]] = [
        (node, ("judgments", "comparisons", node), children[node], by_expert)
        for node, by_expert in document.judgments.comparisons.items()
        if node in children
    ]
    for name, indicator in document.indicators.items():
        if indicator.categories is not None and indicator.categories.comparisons:
            path: Path = ("indicators", name, "categories", "comparisons")
            names = indicator.categories.names
            asked.append((name, path, names, indicator.categories.comparisons))
    return asked


def read_matrix(answers: Any, items: Sequence[str]) -> PairwiseMatrix:
    """A matrix from any of the three ways to write one: pairs, upper triangle, full."""
    if isinstance(answers, Mapping):
        return PairwiseMatrix.from_judgments(answers, labels=items)
    if not isinstance(answers, (list, tuple)) or not all(
        isinstance(row, (list, tuple)) for row in answers
    ):
        raise JudgmentError("judgments are rows of numbers, or pairs such as 'sales vs credit: 3'")
    rows = len(answers)
    if rows == len(items) - 1 and rows and not _has_length(answers[0], len(items)):
        return PairwiseMatrix.from_triangle(answers, labels=items)
    if rows == len(items) - 1 and rows:
        raise JudgmentError(
            f"{rows} rows over {len(items)} items ({', '.join(items)}) are an upper triangle; its "
            f"first row has {rows} judgments, not {len(items)}; a full matrix has {len(items)} rows"
        )
    if rows != len(items):
        raise JudgmentError(
            f"{len(items)} items ({', '.join(items)}) are compared by {len(items)} rows, or by "
            f"the {len(items) - 1} rows of the upper triangle, not by {rows}"
        )
    return PairwiseMatrix(answers, labels=items)


def _has_length(row: Any, n: int) -> bool:
    return isinstance(row, (list, tuple)) and len(row) == n


def _comparison(
    document: ModelDocument,
    node: str,
    path: Path,
    answers: dict[str, PairwiseMatrix],
    shares: Mapping[str, float],
) -> Comparison:
    section = document.judgments
    derivation = Derivation(section.method, section.completion, section.scale, section.aggregation)
    mine = {who: shares[who] for who in answers}
    if not any(mine.values()):
        raise JudgmentError(f"whoever answered has weight 0 for {node}; give one of them a weight")
    stacked, weights = _stacked(answers, mine)
    group = None
    if len(answers) > 1 and section.aggregation == "judgments":
        labels = next(iter(answers.values())).labels
        group = PairwiseMatrix(mean_judgments(stacked, weights), labels)
    priorities = derivation.priorities(stacked, weights)
    return Comparison(node, path, answers, mine, derivation, group, priorities)


def _stacked(
    answers: Mapping[str, PairwiseMatrix], shares: Mapping[str, float]
) -> tuple[Array, Array]:
    names = sorted(answers)
    matrices = np.array([answers[name].values for name in names])
    return matrices, np.array([shares[name] for name in names])


def _shares(
    document: ModelDocument, children: Mapping[str, Sequence[str]]
) -> tuple[dict[str, dict[str, float]], list[Problem]]:
    """Node -> expert -> weight there, and what is not decided.

    A weight stated for a node holds for all below it until another is stated; an expert's
    general weight holds where none is. A node below several criteria needs one of its own
    when they disagree.
    """
    problems: list[Problem] = []
    compared = {node for node, *_ in _asked(document, children)}
    nodes = dict.fromkeys(name for parent, below in children.items() for name in (parent, *below))
    parents: dict[str, list[str]] = {name: [] for name in nodes}
    for parent, below in children.items():
        for child in dict.fromkeys(below):
            parents[child].append(parent)
    found: dict[str, dict[str, float]] = {name: {} for name in nodes}
    for expert, entry in document.judgments.experts.items():
        known: dict[str, float] = {}
        for node in _parents_first(parents):
            above = {known[parent] for parent in parents[node] if parent in known}
            if node in entry.weights:
                known[node] = entry.weights[node]
            else:
                known[node] = min(above) if above else entry.weight
                if len(above) > 1 and node in compared:
                    shown = " and ".join(f"{weight:g}" for weight in sorted(above))
                    text = f"{node} inherits the weights {shown} of {expert}; state its own"
                    problems.append(Problem(text, ("judgments", "experts", expert, "weights")))
            found[node][expert] = known[node]
    return found, problems


def _parents_first(parents: Mapping[str, list[str]]) -> list[str]:
    try:
        return list(TopologicalSorter(parents).static_order())
    except CycleError:
        return list(parents)  # refused elsewhere


def local_priorities(
    document: ModelDocument, hierarchy: Hierarchy, comparisons: Mapping[str, Comparison]
) -> dict[str, Array]:
    """Local priorities of every criterion, from its comparisons or its direct weights.

    And from the customers' values, where the document wants them to count.
    """
    return {
        node: with_objective(
            document, node, below, experts_priorities(document, node, below, comparisons)
        )
        for node, below in ((node, hierarchy.children[node]) for node in hierarchy.criteria)
    }


def experts_priorities(
    document: ModelDocument,
    node: str,
    below: Sequence[str],
    comparisons: Mapping[str, Comparison],
) -> Array:
    """What the experts alone say of one node."""
    if node in comparisons:
        return comparisons[node].priorities
    if node in document.judgments.weights:
        given = np.array([document.judgments.weights[node][child] for child in below])
        return given / given.sum()
    return np.ones(1)


def with_objective(
    document: ModelDocument, node: str, below: Sequence[str], experts: Array
) -> Array:
    """The experts' priorities of a node, shape (..., children), joined by the values' own."""
    objective = document.judgments.objective
    if objective is None or node not in objective.weights:
        return experts
    values = np.array([objective.weights[node][child] for child in below])
    return combine_weights(experts, values, objective.share, objective.combination)
