"""`Model`: the document, checked, with everything that follows from it."""

from __future__ import annotations

import os
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import (
    Comparison,
    ModelConsistency,
    Weights,
    compile_comparisons,
    local_priorities,
    objective_table,
)
from ahpvalue.document import (
    Draft,
    ModelDocument,
    Questions,
    document_hash,
    list_questions,
    make_draft,
    read_draft,
    to_yaml,
)
from ahpvalue.errors import (
    ConsistencyWarning,
    ModelError,
    Problem,
    warn,
)
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.model_experts import ModelExperts
from ahpvalue.model_scoring import ModelScoring
from ahpvalue.support.display import Result, Table
from ahpvalue.support.files import written_whole

if TYPE_CHECKING:
    pass

__all__ = ["Model", "load_model"]


class Model(ModelExperts, ModelScoring, Result):
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
        self._adopt(make_draft(sections))

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
            self.comparisons, problems = compile_comparisons(draft.document, draft.children)
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
        return list_questions(self.document, self.hierarchy.children)

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
