"""`WrittenModel`: a model as it was written, with its document, its hash and its files.

What can be asked of a model stands in `ahpvalue.model`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import Comparison, CompiledModel, compile_model
from ahpvalue.document import (
    Draft,
    ModelDocument,
    Origin,
    Questions,
    changed_files,
    document_text,
    in_reading_order,
    list_questions,
    make_draft,
    plain,
    save_document,
)
from ahpvalue.errors import ConsistencyWarning, ModelError, Problem, warn
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.scoring import Plan
from ahpvalue.support.display import Result

__all__ = ["WrittenModel", "model_of"]


M = TypeVar("M", bound="WrittenModel")


class WrittenModel(Result):
    """A checked document, what follows from it, and the files it was read from."""

    compiled: CompiledModel
    origin: Origin | None = None

    def __init__(self, **sections: Any) -> None:
        self.adopt(make_draft(sections))

    def adopt(self, draft: Draft) -> None:
        """Become the model of a draft that was read."""
        self.compiled = compile_model(draft)
        self.origin = draft.origin
        self._judge(draft)

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
            for node, expert, found in self.compiled.consistency().exceeding
        ]
        if problems and rule.on_exceed == "refuse":
            raise ModelError(problems)
        for problem in problems:
            warn(str(problem), ConsistencyWarning)

    # -- what was written, and what follows from it --------------------------------------------

    @property
    def document(self) -> ModelDocument:
        """What was written, typed and frozen."""
        return self.compiled.document

    @property
    def hierarchy(self) -> Hierarchy:
        """Goal, criteria and indicators."""
        return self.compiled.hierarchy

    @property
    def comparisons(self) -> Mapping[str, Comparison]:
        """The experts' matrices per node."""
        return self.compiled.comparisons

    @property
    def local_priorities(self) -> Mapping[str, NDArray[np.float64]]:
        """Criterion -> its children's priorities, shape (children,)."""
        return self.compiled.local_priorities

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits of the document; every score carries them."""
        return self.compiled.hash

    @property
    def reference_hash(self) -> str:
        """Hash of the reference population; empty for a model that was not fitted."""
        return self.compiled.reference_hash

    @property
    def is_fitted(self) -> bool:
        """Whether nothing depends on a reference population (any more)."""
        return self.compiled.is_fitted

    @property
    def plan(self) -> Plan:
        """The model as plain numbers, ready for an engine."""
        return self.compiled.plan

    @property
    def questions(self) -> Questions:
        """What this model asks its experts."""
        return list_questions(self.document, self.hierarchy.children)

    def label(self, node: str, language: str | None = None) -> str:
        """What a node is called in a language; its name when nothing else is known."""
        return self.compiled.label(node, language)

    # -- the document --------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The document as YAML, experts' own files taken in; `save` keeps comments as well."""
        return document_text(self.document)

    def to_dict(self) -> dict[str, Any]:
        """The sections of the document as plain data, experts' own files taken in.

        Returns
        -------
        dict
            ``Model(**model.to_dict()) == model``. What is at its default is left out.
        """
        return plain(self.document)

    def to_frame(self, kind: str | None = None) -> Any:
        """The weights as they are printed, as a data frame; the document is `to_dict`."""
        return self.table().to_frame(kind)

    def with_sections(self, **sections: Any) -> Self:
        """The model with sections of its document exchanged for others.

        Parameters
        ----------
        **sections
            As plain Python data; None takes a section out.

        Returns
        -------
        Model
            It remembers the text and the files this model was read from, for `save`.

        Examples
        --------
        >>> from ahpvalue import template
        >>> template("retail-terminal").with_sections(name="Outlets 2027").document.name
        'Outlets 2027'
        """
        data = {k: v for k, v in {**self.to_dict(), **sections}.items() if v is not None}
        return self.made_of(in_reading_order(data, self.origin), self.origin)

    def made_of(self, data: Mapping[str, Any], origin: Origin | None) -> Self:
        """A model of other data that keeps the comments of a text."""
        model = type(self)(**data)
        model.origin = origin
        return model

    def save(self, path: str | os.PathLike[str] | None = None) -> None:
        """Write the document; `load_model` reads back the same model, hash included.

        The comments, the order and the layout of the text the model was read from stay where
        what they are about stays; so do those of the model that was fitted.

        Parameters
        ----------
        path : str or path, optional
            One file with everything, experts' own files taken in. Left out, or the file the
            model was read from: back into its files, each answer into the file that holds it,
            and only files whose text changes.

        Raises
        ------
        ModelError
            The model was read from no file, or a file has changed since it was read.
        """
        target = None if path is None else Path(path)
        self.origin = save_document(self.document, self.origin, target)

    def unsaved(self) -> dict[Path, str]:
        """The files that `save()` would write, with their new text; empty when nothing changed.

        Raises
        ------
        ModelError
            The model was read from no file.
        """
        return changed_files(self.document, self.origin)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrittenModel) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


def model_of(draft: Draft, kind: type[M]) -> M:
    """The model of a draft that was read."""
    model = object.__new__(kind)
    model.adopt(draft)
    return model
