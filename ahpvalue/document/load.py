"""From YAML files or plain data to a `ModelDocument`, with every problem found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from ahpvalue.document.links import reference_problems
from ahpvalue.document.origin import ExpertFile, Origin
from ahpvalue.document.outline import read_outline
from ahpvalue.document.problems import translate_problems
from ahpvalue.document.questions import hash_asked
from ahpvalue.document.read_yaml import Marks, Source, read_file
from ahpvalue.document.schema import AnswerChange, ModelDocument
from ahpvalue.document.upgrade import upgrade_data
from ahpvalue.errors import ModelError, Path, Problem, did_you_mean

__all__ = ["Draft", "expert_file_problems", "make_draft", "read_draft"]


@dataclass
class Draft:
    """A document on its way to a model: what could be read, and all that is wrong so far.

    Attributes
    ----------
    document : ModelDocument or None
        The parts that are well formed; None when not even the hierarchy is.
    children : dict
        The hierarchy, node -> children.
    problems : list of Problem
    marks : Marks
        Where everything stands, empty for data that came from no file.
    outline_is_sound : bool
        Whether the hierarchy could be read without a problem.
    outdated : list of Problem
        Experts' files left out because they answer other questions.
    origin : Origin or None
        The text it was read from, and its files.
    """

    document: ModelDocument | None
    children: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    outline_is_sound: bool = False
    outdated: list[Problem] = field(default_factory=list)
    origin: Origin | None = None

    def refuse_problems(self) -> ModelDocument:
        """The document, or a `ModelError` with every problem in the order of the file."""
        located = [self.marks.locate(problem) for problem in self.problems]
        if located or self.document is None:
            raise ModelError(sorted(located, key=lambda p: (p.file or "", p.line or 0)))
        return self.document


def read_draft(
    path: FilePath, answered: bool = True, read: Callable[[FilePath], Source] = read_file
) -> Draft:
    """Read a model file and the experts' own files it names.

    Of a document that need not be `answered` yet, an expert's file may still be to come, and
    one that answers other questions is left out.
    """
    source = read(path)
    data, marks, problems = source.data, source.marks, list(source.problems)
    if not isinstance(data, dict):
        raise ModelError(Problem("a model is a mapping (key: value)", file=str(path), line=1))
    data = _in_todays_words(data, marks, str(path))
    experts = _take_in_experts(data, marks, problems, path.parent, answered, read)
    draft = make_draft(data, marks, problems, answered)
    draft.outdated = experts.outdated
    draft.origin = Origin(source.text, path.absolute(), experts.files)
    return draft


def make_draft(
    data: Mapping[str, Any],
    marks: Marks | None = None,
    problems: list[Problem] | None = None,
    answered: bool = True,
) -> Draft:
    """Check plain data against the schema and for names that lead nowhere.

    Whatever is not `answered` yet is refused, unless the document is only to be asked.
    """
    marks = Marks() if marks is None else marks
    data = _in_todays_words(data, marks)
    found = [] if problems is None else problems
    unread = {("judgments", "comparisons")} if found else set()  # an expert's file, perhaps
    document, left_out = _validated(dict(data), found)
    draft = Draft(document, problems=found, marks=marks)
    if document is not None:
        draft.children, outline_problems = read_outline(document.hierarchy)
        draft.outline_is_sound = not outline_problems
        found += outline_problems
        found += reference_problems(document, draft.children, left_out | unread, answered)
    return draft


def _in_todays_words(data: Any, marks: Marks, file: str | None = None) -> Any:
    data, renamed = upgrade_data(data, file)
    for path, new in renamed:
        marks.rename(path, new)
    return data


def _validated(
    data: dict[str, Any], problems: list[Problem]
) -> tuple[ModelDocument | None, set[Path]]:
    """The document without its faulty parts, which are noted and left out.

    Leaving them out lets the rest be checked too, so that a person sees every problem of a
    document in one go.
    """
    left_out: set[Path] = set()
    for _ in range(4):
        try:
            return ModelDocument.model_validate(data), left_out
        except ValidationError as error:
            found = translate_problems(error, data)
        problems += [problem for problem in found if problem not in problems]
        data = _copied(data)
        for problem in found:
            part = problem.path if problem.at_key else _smallest_whole(problem.path)
            if problem.path[:1] and problem.path[0] in _WHOLE:
                part = problem.path[: _WHOLE[str(problem.path[0])]]
            if part[:1] in ((), ("hierarchy",)):
                return None, left_out
            left_out.add(part)
            _remove(data, part)
    return None, left_out


_WHOLE = {"tiers": 1, "active": 1, "peers": 1, "segments": 3}
"""Sections whose parts mean little without each other: how much of a path is left out."""


def _copied(data: Any) -> Any:
    """The mappings of a document anew, so that parts can be left out; the rest as it is."""
    return {k: _copied(v) for k, v in data.items()} if isinstance(data, dict) else data


def _smallest_whole(path: Path) -> Path:
    """The smallest part of a document that can be left out without hurting another."""
    if path[:2] in (("judgments", "comparisons"), ("judgments", "experts")):
        return path[:4]
    return path[: 3 if path[:1] == ("judgments",) else 2]


def _remove(data: Any, path: Path) -> None:
    for part in path[:-1]:
        if not isinstance(data, dict) or part not in data:
            return
        data = data[part]
    if isinstance(data, dict) and path[:2] == ("judgments", "experts") and len(path) == 3:
        data[path[-1]] = {}  # the name still stands for somebody
    elif isinstance(data, dict):
        data.pop(path[-1], None)


# -- experts' own files ----------------------------------------------------------------------


@dataclass
class _Experts:
    """The experts' own files, and those that answer other questions where that is no problem."""

    files: dict[str, ExpertFile] = field(default_factory=dict)
    outdated: list[Problem] = field(default_factory=list)


def _take_in_experts(
    data: dict[str, Any],
    marks: Marks,
    problems: list[Problem],
    folder: FilePath,
    answered: bool,
    read: Callable[[FilePath], Source],
) -> _Experts:
    """Put the judgments of each expert's own file where they would stand in the model."""
    taken = _Experts()
    judgments = data.get("judgments")
    experts = judgments.get("experts") if isinstance(judgments, dict) else None
    if not isinstance(experts, dict):
        return taken
    for expert, entry in experts.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
            continue
        file = folder / entry.pop("file")
        if not answered and not file.exists():
            continue
        try:
            source = read(file)
        except ModelError as wrong:
            problems += wrong.problems
            continue
        problems += source.problems
        taken.files[expert] = ExpertFile(file.absolute(), source.text)
        other = _asked_otherwise(source, data)
        if other is None:
            problems += _merge(expert, source.data, data, marks, source.marks)
        else:
            (problems if answered else taken.outdated).append(other)
    return taken


def _asked_otherwise(source: Source, data: dict[str, Any]) -> Problem | None:
    """What is wrong with an expert's file that answers other questions than `data` asks."""
    said = source.data.get("model") if isinstance(source.data, dict) else None
    if said is None:
        return None
    document, left_out = _validated(data, [])
    children, wrong = read_outline(document.hierarchy) if document is not None else ({}, [])
    if document is None or left_out or wrong:
        return None  # a document with faulty parts asks something else than was meant
    here = hash_asked(document, children)
    if str(said) == here:
        return None
    text = (
        f"these answers were asked for another model: questions {said}, here {here}; ask the "
        "expert again, or leave the key out if nodes and items are the same"
    )
    return source.marks.locate(Problem(text, ("model",)))


_EXPERT_KEYS = ("expert", "model", "judgments", "changes")


def expert_file_problems(own: Mapping[str, Any]) -> list[Problem]:
    """What in an expert's own file cannot be taken over, its answers apart."""
    problems = unknown_keys(own)
    changes = own.get("changes", [])
    if not isinstance(changes, list):
        return [*problems, Problem("changes are a list of mappings", ("changes",), at_key=True)]
    for k, change in enumerate(changes):
        if not isinstance(change, dict):
            problems.append(Problem("a change is a mapping", ("changes", k)))
            continue
        whole = {"expert": own.get("expert"), **change}
        try:
            AnswerChange.model_validate(whole)
        except ValidationError as error:
            problems += [one.under("changes", k) for one in translate_problems(error, whole)]
    return problems


def unknown_keys(own: Mapping[str, Any]) -> list[Problem]:
    """Keys that mean nothing in an expert's own file."""
    return [
        Problem(f"unknown key{did_you_mean(key, _EXPERT_KEYS)}", (key,), at_key=True)
        for key in own
        if key not in _EXPERT_KEYS
    ]


def _merge(
    expert: str,
    own: Any,
    data: dict[str, Any],
    marks: Marks,
    own_marks: Marks,
) -> list[Problem]:
    here = own_marks.values.get((), (None, None))

    def wrong(text: str, *at: str) -> Problem:
        return own_marks.locate(Problem(text, at, at_key=bool(at)))

    if not isinstance(own, dict):
        return [Problem("an expert's file is a mapping", (), here[0], here[1])]
    found = [own_marks.locate(problem) for problem in unknown_keys(own)]
    if own.get("expert") != expert:
        said = own.get("expert")
        found.append(wrong(f"this file belongs to {said!r}, but the model takes it for {expert}"))
    answers = own.get("judgments")
    if not isinstance(answers, dict):
        return [*found, wrong("judgments (node: matrix) are missing")]
    for node, matrix in answers.items():
        target, place = _place_for(node, data)
        if target is None:
            found.append(
                wrong(
                    f"{node} is neither compared in the model nor an indicator", "judgments", node
                )
            )
        elif expert in target:
            found.append(
                wrong(
                    f"the model already holds a comparison of {node} by {expert}", "judgments", node
                )
            )
        else:
            target[expert] = matrix
            marks.graft(own_marks, ("judgments", node), place)
            marks.graft(own_marks, ("judgments", node), (*place, expert))
    return found + _take_in_changes(expert, own, data, marks, own_marks)


def _take_in_changes(
    expert: str, own: dict[str, Any], data: dict[str, Any], marks: Marks, own_marks: Marks
) -> list[Problem]:
    """Put the record of an expert's changed answers where the model keeps everybody's."""
    changes = own.get("changes", [])
    kept = data["judgments"].setdefault("changes", [])
    if not (isinstance(changes, list) and isinstance(kept, list)):
        return [own_marks.locate(Problem("changes are a list", ("changes",), at_key=True))]
    for k, change in enumerate(changes):
        marks.graft(own_marks, ("changes", k), ("judgments", "changes", len(kept)))
        kept.append({"expert": expert, **change} if isinstance(change, dict) else change)
    if not kept:
        del data["judgments"]["changes"]
    return []


def _place_for(node: str, data: dict[str, Any]) -> tuple[dict[str, Any] | None, Path]:
    """Where an expert's answers on a node belong: categories of an indicator, or a node."""
    indicators = data.get("indicators")
    indicator = indicators.get(node) if isinstance(indicators, dict) else None
    if isinstance(indicator, dict) and isinstance(indicator.get("categories"), dict):
        place: Path = ("indicators", node, "categories", "comparisons")
        return _below(indicator["categories"], "comparisons"), place
    if isinstance(indicator, dict):
        return None, ()
    comparisons = _below(data["judgments"], "comparisons")
    if comparisons is None:
        return None, ()
    return _below(comparisons, node), ("judgments", "comparisons", node)


def _below(mapping: dict[str, Any], key: str) -> dict[str, Any] | None:
    inner = mapping.setdefault(key, {})
    if inner is None:
        inner = mapping[key] = {}
    return inner if isinstance(inner, dict) else None
