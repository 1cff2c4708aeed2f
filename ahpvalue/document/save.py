"""Writing a document: into one file, or back into the files it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath

from pydantic import ValidationError

from ahpvalue.document.edit_yaml import is_same
from ahpvalue.document.load import read_draft
from ahpvalue.document.origin import Origin, document_text, parts_of
from ahpvalue.document.read_yaml import Source, read_text
from ahpvalue.document.schema import ModelDocument
from ahpvalue.document.write_yaml import plain
from ahpvalue.errors import ModelError, Problem
from ahpvalue.support.files import written_whole

__all__ = ["changed_files", "refuse_changed", "save_document", "write_text"]


def save_document(
    document: ModelDocument, origin: Origin | None, path: FilePath | None
) -> Origin | None:
    """Write a document and return its origin as it is from then on; see `ahpvalue.Model.save`."""
    if path is not None and (origin is None or path.absolute() != origin.path):
        write_text(path, document_text(document, origin))
        return origin
    texts = changed_files(document, origin)
    assert origin is not None
    refuse_changed(origin, texts)
    for file, text in texts.items():
        write_text(file, text)
    return origin.now_holding(texts)


def write_text(path: FilePath, text: str) -> None:
    """Write text as UTF-8 with its own line ends, whole or not at all."""
    with written_whole(path) as unfinished:
        unfinished.write_bytes(text.encode("utf-8"))


def changed_files(document: ModelDocument, origin: Origin | None) -> dict[FilePath, str]:
    """The files a document was read from whose text has to change, with their new text.

    Raises
    ------
    ModelError
        It was read from no file, or its files cannot hold it.
    """
    if origin is None or origin.path is None:
        raise ModelError("this model was read from no file; name one to save it to")
    path = origin.path
    try:
        texts = parts_of(document, origin)
        # What was read may be read again, wherever it lies.
        draft = read_draft(path, allow_outside=True, read=lambda file, _: _source(texts, file))
        found = draft.refuse_problems()
        held = is_same(plain(found), plain(document))
    except (KeyError, ValidationError, ModelError):
        held = False
    if not held:
        text = "the experts' own files cannot hold this model; save it to another file, in one"
        raise ModelError(Problem(text, file=str(path)))
    return {file: text for file, text in texts.items() if text != origin.files[file]}


def _source(texts: dict[FilePath, str], file: FilePath) -> Source:
    return read_text(texts[file.absolute()], str(file))


def refuse_changed(origin: Origin, files: Iterable[FilePath]) -> None:
    """Refuse to write over what somebody else has written since it was read."""
    for file in files:
        try:
            now = file.read_bytes()
        except OSError:
            now = b""
        if now != origin.files[file].encode("utf-8"):
            text = "has changed since it was read; load the model again, then change it"
            raise ModelError(Problem(text, file=str(file)))
