"""`Model`: the document, checked, with everything that follows from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.build import build_plan, unfitted
from ahpvalue.comparisons import Comparison, comparisons_of, local_priorities
from ahpvalue.decisions import waiting
from ahpvalue.document import (
    Draft,
    ModelDocument,
    Questions,
    document_hash,
    draft_of,
    questions_of,
    read_draft,
    to_yaml,
)
from ahpvalue.errors import (
    ConsistencyWarning,
    ModelError,
    Problem,
    warn,
)
from ahpvalue.files import written_whole
from ahpvalue.fit import fitted_data
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.model_experts import ModelExperts
from ahpvalue.objective import objective_table
from ahpvalue.results import ModelConsistency, Weights
from ahpvalue.scoring import Plan, Scores, score_customers
from ahpvalue.tables import Result, Table

if TYPE_CHECKING:
    from ahpvalue.evaluation.sensitivity import Sensitivity
    from ahpvalue.evaluation.shift import Shift

__all__ = ["Model", "load_model"]


class Model(ModelExperts, Result):
    """A hierarchy, the experts' judgments on it, and the indicators that measure customers.

    Parameters
    ----------
    **sections
        The sections of a model document as plain Python data: ``hierarchy`` (required),
        ``judgments``, ``indicators``, ``missing``, ``labels``, ``name``, ``customer``. See
        docs/model-yaml.md, or use `load_model` to read a file.

    Raises
    ------
    ModelError
        Lists every problem of the document, each with its place.

    Warns
    -----
    ConsistencyWarning
        For matrices over the document's consistency limit.

    Attributes
    ----------
    document : ModelDocument
        What was written, typed and frozen.
    hierarchy : Hierarchy
    comparisons : dict of str to Comparison
        The experts' matrices per node.
    local_priorities : dict of str to ndarray, shape (children,)
        Criterion -> its children's priorities.
    hash : str
        Sixteen hexadecimal digits of the document; every score carries them.

    Examples
    --------
    >>> model = Model(
    ...     hierarchy={"value": ["sales", "loyalty"]},
    ...     judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [[3]]}}},
    ...     indicators={
    ...         "sales": {"bands": {"edges": [100], "scores": [20, 100], "closed": "left"}},
    ...         "loyalty": {"linear": [[0, 0], [10, 100]]},
    ...     },
    ... )
    >>> model.score({"customer": ["C1", "C2"], "sales": [40, 250], "loyalty": [8, 4]})["total"]
    array([35., 85.])
    """

    def __init__(self, **sections: Any) -> None:
        self._adopt(draft_of(sections))

    @classmethod
    def from_draft(cls, draft: Draft) -> Model:
        """A model from a checked draft of a document."""
        model = object.__new__(cls)
        model._adopt(draft)
        return model

    def _adopt(self, draft: Draft) -> None:
        if draft.document is not None:
            draft.problems += _left_files(draft.document)
        if draft.document is not None and draft.outline_is_sound:
            try:
                self.hierarchy = Hierarchy(draft.children)
            except ModelError as wrong:
                draft.problems += [problem.under("hierarchy") for problem in wrong.problems]
            self.comparisons, problems = comparisons_of(draft.document, draft.children)
            draft.problems += problems
        self.document: ModelDocument = draft.refuse_problems()
        self.local_priorities = local_priorities(self.document, self.hierarchy, self.comparisons)
        self.hash = document_hash(self.document)
        self._judge(draft)

    hierarchy: Hierarchy
    comparisons: dict[str, Comparison]
    local_priorities: dict[str, NDArray[np.float64]]

    def _judge(self, draft: Draft) -> None:
        """Warn of matrices over the limit, or refuse them, as the document wants it."""
        rule = self.document.judgments.consistency
        problems = [
            draft.marks.locate(
                Problem(
                    f"CR {found.cr:.3f} ({found.random_index}) is over the limit "
                    f"{found.limit:g}; look at {' vs '.join(found.worst or ())} first",
                    (*self.comparisons[node].path, expert),
                )
            )
            for node, expert, found in self.consistency().exceeding
        ]
        if problems and rule.on_exceed == "refuse":
            raise ModelError(problems)
        for problem in problems:
            warn(str(problem), ConsistencyWarning)

    @property
    def questions(self) -> Questions:
        """What this model asks its experts."""
        return questions_of(self.document, self.hierarchy.children)

    # -- what the judgments say --------------------------------------------------------------

    def consistency(self) -> ModelConsistency:
        """Every index of consistency, per node and expert, and of the group's matrices."""
        return ModelConsistency(
            tuple(
                (node, expert, found)
                for node, comparison in self.comparisons.items()
                for expert, found in comparison.consistency(self.document).items()
            )
        )

    def weights(self, synthesis: str = "distributive", language: str | None = None) -> Weights:
        """Local and global priorities, and every indicator's effective weight.

        Parameters
        ----------
        synthesis : {"distributive", "ideal"}
            For classic AHP with compared alternatives: whether their priorities are taken
            as they are or divided by the best under each criterion. Scores of customers
            always use the distributive weights.
        language : str, optional
            Language of the labels shown; left out, the names are shown.
        """
        total = self.hierarchy.global_priorities(self.local_priorities, synthesis)
        return Weights(
            self.hierarchy,
            {
                node: dict(zip(self.hierarchy.children[node], weights.tolist(), strict=True))
                for node, weights in self.local_priorities.items()
            },
            {node: float(weight) for node, weight in total.items()},
            synthesis,
            {node: self.label(node, language) for node in self.hierarchy.nodes},
        )

    def objective(self) -> Table:
        """Where customers' figures help to decide weights: the experts', the figures', together."""
        return objective_table(self.document, self.hierarchy, self.comparisons)

    def label(self, node: str, language: str | None = None) -> str:
        """What a node is called in a language; its name when nothing else is known."""
        return self.document.labels.get(node, {}).get(language or "", node)

    # -- scoring -----------------------------------------------------------------------------

    @property
    def is_fitted(self) -> bool:
        """Whether nothing depends on a reference population (any more)."""
        return not (unfitted(self.document) or waiting(self.document))

    @property
    def reference_hash(self) -> str:
        """Hash of the reference population; empty for a model that was not fitted."""
        return "" if self.document.reference is None else self.document.reference.hash

    def fit(self, reference: Any, *, periods: Sequence[str] = ()) -> Model:
        """Freeze everything that depends on a population.

        Parameters
        ----------
        reference : data frame or mapping of str to array
            The reference population: one row per customer, such as last year's customers. A
            list of tables, one per period, is a reference over several periods (so that the
            season is not read as a change).
        periods : sequence of str
            What these periods are called; kept in the fitted model.

        Returns
        -------
        Model
            The same model with explicit numbers for percentiles, bounds and medians, and a
            summary of the population. From then on a customer's score depends on nothing
            but that customer's figures.

        Raises
        ------
        CustomerDataError
            Lists what of the population cannot be used.
        ModelError
            The model is fitted already, or has no indicators.

        Warns
        -----
        CustomerDataWarning
            For columns that are wholly missing, hold one value only, or leave the range one
            would expect.
        """
        self._need_indicators("fit")
        if self.document.reference is not None:
            raise ModelError(
                f"this model is fitted already (reference {self.reference_hash}); fit the model "
                f"it was made from (hash {self.document.reference.model})"
            )
        data = fitted_data(self.document, self.hierarchy, self.comparisons, reference, periods)
        return Model.from_draft(draft_of(data))

    def score(
        self,
        customers: Any,
        *,
        outputs: Sequence[str] | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Scores:
        """Score customers.

        Parameters
        ----------
        customers : data frame or mapping of str to array
            One row per customer, with the id column and every indicator's column. pandas,
            polars, pyarrow and other eager frames narwhals knows, or NumPy arrays.
        outputs : sequence of str, optional
            The columns wanted; left out, all of them: total, every criterion, coverage (in
            total and per criterion), rank, percentile, status, hashes.
        threads : int, optional
            How many threads to use; left out, one per processor for large tables.
        progress : callable, optional
            Called with the number of customers scored since the last call.

        Returns
        -------
        Scores
            `Scores.frame` is the kind of table that was given.

        Raises
        ------
        ModelError
            The model must be fitted first.
        CustomerDataError
            Lists the columns that are not there, hold something else than figures, are
            infinite, or are missing where the model refuses it, with the customers.
        """
        return score_customers(
            self.plan,
            customers,
            outputs=outputs,
            model_hash=self.hash,
            reference_hash=self.reference_hash,
            threads=threads,
            progress=progress,
            model=self,
        )

    def shift(self, customers: Any) -> Shift:
        """How far a population has moved away from the reference.

        Per indicator the population stability index, the share of figures outside the
        reference's range, what is missing then and now, and what came alive or died.

        Parameters
        ----------
        customers : data frame or mapping of str to array

        Raises
        ------
        ModelError
            The model was not fitted.
        """
        from ahpvalue.evaluation.shift import shift_of

        return shift_of(self, customers)

    def sensitivity(self, customers: Any, share: float = 0.2, *, seed: int = 1) -> Sensitivity:
        """How much of the core stays under other weights, and under other value functions.

        Parameters
        ----------
        customers : data frame or mapping of str to array
            Scored by this model, and the reference of the exchanged value functions.
        share : float
            How much of the customers a core is.
        seed : int
            Of the random weights.
        """
        from ahpvalue.evaluation.sensitivity import sensitivity_of

        return sensitivity_of(self, customers, share, seed)

    @cached_property
    def plan(self) -> Plan:
        """The model as plain numbers, ready for an engine."""
        self._need_indicators("score")
        waiting = unfitted(self.document)
        if waiting:
            raise ModelError(
                f"{', '.join(waiting)} depend on a reference population: fit the model first "
                "(model.fit(reference); on the command line 'ahpvalue fit' or 'score --fit')"
            )
        return build_plan(self.document, self.hierarchy, self.local_priorities, self.comparisons)

    def _need_indicators(self, verb: str) -> None:
        if not self.document.indicators:
            raise ModelError(
                f"this model has no section indicators, which says how to {verb} customers"
            )

    # -- the document ------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The model document as YAML, experts' own files taken in."""
        return to_yaml(self.document)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document; `load_model` reads back the same model, hash included."""
        with written_whole(FilePath(path)) as unfinished:
            unfinished.write_text(self.to_yaml(), encoding="utf-8")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        shown = self.weights().table()
        reference = f", reference {self.reference_hash}" if self.reference_hash else ""
        fitted = "" if self.is_fitted else "; to be fitted before it can score"
        return Table(
            self.document.name or "Model",
            shown.columns,
            shown.formats,
            shown.bars,
            shown.indents,
            f"{shown.note + '. ' if shown.note else ''}model {self.hash}{reference}{fitted}",
        )


def _left_files(document: ModelDocument) -> list[Problem]:
    return [
        Problem(
            "an expert's own file is read by load_model, beside the model's file",
            ("judgments", "experts", name, "file"),
        )
        for name, expert in document.judgments.experts.items()
        if expert.file
    ]


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model document, and the experts' own files it names.

    Raises
    ------
    ModelError
        Lists every problem with its file, line and path.

    Warns
    -----
    ConsistencyWarning
        For matrices over the document's consistency limit.
    """
    return Model.from_draft(read_draft(FilePath(path)))
