"""`CompiledModel`: a checked document with everything that follows from it, ready to run.

What experts and evaluation work on. `ahpvalue.Model` is the front that people hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.build_plan import build_plan
from ahpvalue.compiling.comparisons import Comparison, compile_comparisons, local_priorities
from ahpvalue.compiling.frozen_weights import frozen_problems, take_frozen
from ahpvalue.compiling.method import method_of, method_problems
from ahpvalue.compiling.possible_scores import impossible_lines
from ahpvalue.compiling.summary import ModelConsistency, Weights
from ahpvalue.compiling.unfitted import Unfitted, find_unfitted
from ahpvalue.document import Draft, ModelDocument, document_hash
from ahpvalue.errors import ConsistencyWarning, ModelError, Problem, warn
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.scoring import Plan

__all__ = ["CompiledModel", "check_consistency", "compile_model"]


@dataclass(frozen=True)
class CompiledModel:
    """A document, its hierarchy, its experts' matrices, and the priorities they give.

    Attributes
    ----------
    document : ModelDocument
    hierarchy : Hierarchy
    comparisons : mapping of str to Comparison
        The experts' matrices per node.
    local_priorities : mapping of str to ndarray, shape (children,)
        Criterion -> its children's priorities.
    """

    document: ModelDocument
    hierarchy: Hierarchy
    comparisons: Mapping[str, Comparison]
    local_priorities: Mapping[str, NDArray[np.float64]]

    @cached_property
    def hash(self) -> str:
        """Sixteen hexadecimal digits of the document."""
        return document_hash(self.document)

    @property
    def reference_hash(self) -> str:
        """Hash of the reference population; empty for a model that was not fitted."""
        return "" if self.document.reference is None else self.document.reference.hash

    @property
    def method(self) -> int:
        """Which method its numbers follow (see `ahpvalue.compiling.method`)."""
        return method_of(self.document)

    @property
    def accuracy(self) -> str:
        """How far fitted percentiles are from their definition; empty where there are none."""
        functions = [one.percentile for one in self.document.indicators.values()]
        errors = [one.error for one in functions if one is not None and one.error is not None]
        return f"percentiles within {max(errors):.2g} points" if errors else ""

    @cached_property
    def unfitted(self) -> Unfitted:
        """What depends on a reference population."""
        return find_unfitted(self.document)

    @property
    def is_fitted(self) -> bool:
        """Whether nothing depends on a reference population (any more)."""
        return not self.unfitted

    @cached_property
    def plan(self) -> Plan:
        """The model as plain numbers, ready for an engine.

        Raises
        ------
        ModelError
            The model has no indicators, or must be fitted first.
        """
        self.need_indicators("score")
        late = self.unfitted.for_scores
        if late:
            raise ModelError(
                f"{', '.join(late)} depend on a reference population: fit the model first "
                "(model.fit(reference); on the command line 'ahpvalue fit' or 'score --fit')"
            )
        return build_plan(self.document, self.hierarchy, self.local_priorities, self.comparisons)

    def need_indicators(self, verb: str) -> None:
        """Refuse a model that measures nothing of a customer."""
        if not self.document.indicators:
            raise ModelError(
                f"this model has no section indicators, which says how to {verb} customers"
            )

    def consistency(self) -> ModelConsistency:
        """Every index of consistency, per node and expert, and of the group's matrices."""
        return ModelConsistency(
            tuple(
                (node, expert, found)
                for node, comparison in self.comparisons.items()
                for expert, found in comparison.consistency(self.document).items()
            )
        )

    def weights(self, synthesis: str, language: str | None) -> Weights:
        """Local and global priorities; see `ahpvalue.Model.weights`."""
        total = self.hierarchy.global_priorities(self.local_priorities, synthesis)
        return Weights(
            self.hierarchy,
            {
                node: dict(zip(self.hierarchy.children[node], weights.tolist(), strict=True))
                for node, weights in self.local_priorities.items()
            },
            {node: float(weight) for node, weight in total.items()},
            synthesis,
            {node: self.label(node, language=language) for node in self.hierarchy.nodes},
        )

    def label(self, node: str, *, language: str | None = None) -> str:
        """What a node is called in a language; its name when nothing else is known."""
        return self.document.labels.get(node, {}).get(language or "", node)


def check_consistency(model: CompiledModel, draft: Draft) -> None:
    """Warn of matrices over the limit, or refuse them, as the document wants it.

    Raises
    ------
    ModelError
        Lists them with their places, where the document refuses them.

    Warns
    -----
    ConsistencyWarning
    """
    rule = model.document.judgments.consistency
    problems = [
        draft.marks.locate(
            Problem(
                f"CR {found.cr:.3f} ({found.random_index}) is over the limit "
                f"{found.limit:g}; the most inconsistent judgment is "
                f"{' vs '.join(found.worst or ())}",
                (*model.comparisons[node].path, expert),
            )
        )
        for node, expert, found in model.consistency().exceeding
    ]
    if problems and rule.on_exceed == "refuse":
        raise ModelError(problems)
    for problem in problems:
        warn(str(problem), ConsistencyWarning)


def compile_model(draft: Draft) -> CompiledModel:
    """Everything that follows from a draft of a document.

    Raises
    ------
    ModelError
        Lists every problem of the document, each with its place.
    """
    hierarchy, comparisons = None, None
    if draft.document is not None:
        draft.problems += _left_files(draft.document)
    if draft.document is not None and draft.outline_is_sound:
        try:
            hierarchy = Hierarchy(draft.children)
        except ModelError as wrong:
            draft.problems += [problem.under("hierarchy") for problem in wrong.problems]
        comparisons, problems = compile_comparisons(draft.document, draft.children)
        draft.problems += problems
    document = draft.refuse_problems()
    assert hierarchy is not None
    assert comparisons is not None
    local = local_priorities(document, hierarchy, comparisons)
    draft.problems += method_problems(document, comparisons)
    draft.problems += frozen_problems(document, hierarchy, local, comparisons)
    draft.refuse_problems()
    local, comparisons = take_frozen(document, hierarchy, local, comparisons)
    draft.problems += impossible_lines(document, hierarchy, local, comparisons)
    draft.refuse_problems()
    return CompiledModel(document, hierarchy, comparisons, local)


def _left_files(document: ModelDocument) -> list[Problem]:
    return [
        Problem(
            "an expert's own file is read by load_model, beside the model's file",
            ("judgments", "experts", name, "file"),
        )
        for name, expert in document.judgments.experts.items()
        if expert.file
    ]
