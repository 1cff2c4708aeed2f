"""Where a model was read, and its text as it is to be written: comments and order kept.

A model in one file is its document edited into the text it was read from. A model that is
written back where it was read keeps the experts' own files: each answer, and the record of its
changes, is written into the file that holds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ahpvalue.document.edit_yaml import CannotEditError, edit_text, is_same, rename_keys
from ahpvalue.document.fields import Judgments
from ahpvalue.document.read_yaml import read_file, read_text
from ahpvalue.document.schema import ModelDocument
from ahpvalue.document.upgrade import CURRENT, find_old_keys, upgrade_data
from ahpvalue.document.write_yaml import dump_yaml, plain
from ahpvalue.errors import DocumentWarning, ModelError, warn

__all__ = [
    "ExpertFile",
    "Origin",
    "document_text",
    "expert_text",
    "parts_of",
    "text_of_expert",
    "upgrade_text",
]


@dataclass(frozen=True)
class ExpertFile:
    """An expert's own file as it was read."""

    path: FilePath
    text: str


@dataclass(frozen=True)
class Origin:
    """The text a model was read from, and its files.

    Attributes
    ----------
    text : str
        The model's own file.
    path : Path or None
        Where it stands; None for a model made from one that was read, such as a fitted one.
    experts : mapping of str to ExpertFile
        The experts' own files.
    """

    text: str
    path: FilePath | None = None
    experts: Mapping[str, ExpertFile] = field(default_factory=dict)

    @property
    def files(self) -> dict[FilePath, str]:
        """Every file with the text that was read."""
        own = {} if self.path is None else {self.path: self.text}
        return own | {file.path: file.text for file in self.experts.values()}

    def without_files(self) -> Origin:
        """The text alone, for a model that has no file of its own yet."""
        return Origin(self.text)

    def now_holding(self, texts: Mapping[FilePath, str]) -> Origin:
        """The same files after new texts were written to them."""
        text = self.text if self.path is None else texts.get(self.path, self.text)
        experts = {
            name: ExpertFile(file.path, texts.get(file.path, file.text))
            for name, file in self.experts.items()
        }
        return Origin(text, self.path, experts)


# -- one text --------------------------------------------------------------------------------


def document_text(document: ModelDocument, origin: Origin | None = None) -> str:
    """A document as YAML, in the words and with the comments of the text it was read from."""
    wanted = plain(document)
    return dump_yaml(wanted) if origin is None else _edited_model(origin.text, wanted)


def _edited_model(text: str, wanted: dict[str, Any]) -> str:
    """The text changed to say what is wanted; where nothing changes, the text as it is."""
    try:
        upgraded = upgrade_text(text)
        was, to_say = _plain_of(upgraded), wanted
        if is_same(was, wanted):
            return text
        if "version" not in read_text(upgraded).data:  # then it need not be said now
            was, to_say = _unversioned(was), _unversioned(wanted)
        new = edit_text(upgraded, was, to_say)
        if is_same(_plain_of(new), wanted):
            return new
    except (CannotEditError, ModelError, ValidationError):
        pass  # then it is written anew: what is written always says what was meant
    return _written_anew(text, wanted)


def _written_anew(text: str, wanted: dict[str, Any]) -> str:
    """The plain dump; says that the comments of the text are not in it.

    Warns
    -----
    DocumentWarning
    """
    if "#" in text:
        warn(
            "this change cannot be edited into the text that was read: the document is written "
            "anew, without its comments; keep a copy of the old file if you want them",
            DocumentWarning,
        )
    return dump_yaml(wanted)


def _unversioned(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "version"}


def text_of_expert(path: FilePath, expert: str) -> str:
    """The text of a file that is an expert's own; empty where it is not there or another's."""
    try:
        source = read_file(path)
    except ModelError:
        return ""
    own = isinstance(source.data, dict) and source.data.get("expert") == expert
    return source.text if own and not source.problems else ""


def expert_text(text: str, wanted: dict[str, Any]) -> str:
    """An expert's own file as YAML, in the words and with the comments of its old text."""
    try:
        was = read_text(text).data
        new = edit_text(text, _with_equal_answers(was, wanted), wanted)
        if is_same(_read_answers(read_text(new).data), _read_answers(wanted)):
            return new
    except (CannotEditError, ModelError, ValidationError):
        pass  # as above
    return _written_anew(text, wanted)


def _plain_of(text: str) -> dict[str, Any]:
    """A model's text as plain data, without what is at its default."""
    source = read_text(text)
    if source.problems:
        raise ModelError(source.problems)
    return plain(ModelDocument.model_validate(source.data))


_JUDGMENTS: TypeAdapter[Any] = TypeAdapter(Judgments)


def _read_answers(own: dict[str, Any]) -> dict[str, Any]:
    answers = own.get("judgments") or {}
    read = {node: _JUDGMENTS.validate_python(given) for node, given in answers.items()}
    return own | {"judgments": read}


def _with_equal_answers(was: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """An expert's file whose answers that say what is wanted look like it, and need no edit."""
    old, new = _read_answers(was)["judgments"], wanted.get("judgments") or {}
    same = {node: new[node] for node in old if node in new and is_same(old[node], new[node])}
    return was | {"judgments": (was.get("judgments") or {}) | same}


def upgrade_text(text: str, unversioned: bool = False) -> str:
    """A document's text with the keys of version 1 called as in version 2, all else kept.

    A text that states no version is one of version 2, unless `unversioned` texts are upgraded.
    """
    data = read_text(text).data
    if not isinstance(data, dict) or data.get("version", 1 if unversioned else CURRENT) != 1:
        return text
    found = find_old_keys(data)
    wanted, _ = upgrade_data(data | {"version": 1}, warned=True)
    if "version" not in data:
        del wanted["version"]
    try:
        new = rename_keys(text, found, {"version": str(CURRENT)})
        if is_same(read_text(new).data, wanted):
            return new
    except (CannotEditError, ModelError):
        pass
    return dump_yaml(wanted)


# -- back where it was read ------------------------------------------------------------------


def parts_of(document: ModelDocument, origin: Origin) -> dict[FilePath, str]:
    """The text of each file a model was read from, changed to hold the document."""
    assert origin.path is not None
    base = _plain_of(upgrade_text(origin.text))
    whole = plain(document)
    kept, changes = _split_changes(whole, base, origin)
    texts: dict[FilePath, str] = {}
    for expert, file in origin.experts.items():
        own = read_text(file.text).data
        new = own | {"judgments": _answers_of(own, whole, expert)}
        added = changes[expert][len(own.get("changes", [])) :]
        if added:
            without_name = [{k: v for k, v in one.items() if k != "expert"} for one in added]
            new["changes"] = [*own.get("changes", []), *without_name]
        texts[file.path] = file.text if is_same(new, own) else expert_text(file.text, new)
        _take_out(whole, base, own, expert)
    if origin.experts:
        whole["judgments"]["changes"] = kept
        whole = plain(ModelDocument.model_validate(whole))
    return {origin.path: _edited_model(origin.text, whole), **texts}


def in_reading_order(data: dict[str, Any], origin: Origin | None) -> dict[str, Any]:
    """A document's data with changed answers in the order in which its files are read."""
    changes = data.get("judgments", {}).get("changes")
    if not changes or origin is None or not origin.experts:
        return data
    base = _plain_of(upgrade_text(origin.text))
    kept, own = _split_changes(data, base, origin)
    ordered = [*kept, *(change for expert in origin.experts for change in own[expert])]
    return data | {"judgments": data["judgments"] | {"changes": ordered}}


Changes = list[dict[str, Any]]


def _split_changes(
    data: dict[str, Any], base: dict[str, Any], origin: Origin
) -> tuple[Changes, dict[str, Changes]]:
    """The changed answers that the model's own file holds, and those of the experts' files."""
    here = Counter(change["expert"] for change in base["judgments"].get("changes", []))
    kept: Changes = []
    own: dict[str, Changes] = {expert: [] for expert in origin.experts}
    for change in data["judgments"].get("changes", []):
        expert = change["expert"]
        if expert not in own or here[expert] > 0:
            here[expert] -= 1
            kept.append(change)
        else:
            own[expert].append(change)
    return kept, own


def _answers_of(own: dict[str, Any], whole: dict[str, Any], expert: str) -> dict[str, Any]:
    """The answers an expert's own file holds, as they are now; as written where they still are."""
    answers = {}
    for node, given in own["judgments"].items():
        new = _answered(whole, node)[expert]
        answers[node] = given if is_same(_JUDGMENTS.validate_python(given), new) else new
    return answers


def _answered(data: dict[str, Any], node: str) -> dict[str, Any]:
    """Who answered a node, or the categories of an indicator, and what."""
    comparisons: dict[str, Any] = data["judgments"].get("comparisons", {})
    if node not in comparisons:
        comparisons = {node: data["indicators"][node]["categories"]["comparisons"]}
    return comparisons[node]


def _take_out(
    whole: dict[str, Any], base: dict[str, Any], own: dict[str, Any], expert: str
) -> None:
    """Leave out of a document what an expert's own file holds, and name the file."""
    section = whole["judgments"]
    section["experts"][expert]["file"] = base["judgments"]["experts"][expert]["file"]
    for node in own["judgments"]:
        answered = _answered(whole, node)
        del answered[expert]
        if not answered and node not in base["judgments"].get("comparisons", {}):
            section.get("comparisons", {}).pop(node, None)
