"""From YAML files or plain data to a `ModelDocument`, with every problem found on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from ahpvalue.document.links import names_twice, reference_problems
from ahpvalue.document.origin import ExpertFile, Origin
from ahpvalue.document.outline import read_outline
from ahpvalue.document.plain_data import as_plain_data
from ahpvalue.document.problems import translate_problems
from ahpvalue.document.questions import hash_asked
from ahpvalue.document.read_yaml import Marks, Source, read_file
from ahpvalue.document.schema import AnswerChange, ModelDocument
from ahpvalue.document.upgrade import upgrade_data
from ahpvalue.errors import ModelError, Path, Problem, did_you_mean, shown
from ahpvalue.support.limits import (
    LARGEST_EXPERT_FILE,
    LARGEST_FILE,
    MOST_EXPERTS,
    MOST_PROBLEMS,
)

__all__ = ["AllowOutside", "Draft", "expert_file_problems", "make_draft", "read_draft"]


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
        told = [one for one in self.problems if one.file or one.path not in self.marks.unread]
        located = [self.marks.locate(problem) for problem in told]
        if located or self.document is None:
            located.sort(key=lambda p: (p.file or "", p.line or 0))
            raise ModelError(_first_of(located))
        return self.document


def _first_of(problems: list[Problem]) -> list[Problem]:
    more = len(problems) - MOST_PROBLEMS
    last = Problem(f"and {more:,} more problems; mend these first")
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], last]


def read_draft(
    path: str | os.PathLike[str],
    answered: bool = True,
    allow_outside: AllowOutside = False,
    read: Callable[[FilePath, int], Source] = read_file,
) -> Draft:
    """Read a model file and the experts' own files it names.

    Of a document that need not be `answered` yet, an expert's file may still be to come, and
    one that answers other questions is left out.
    """
    path = model_path(path)
    source = read(path, LARGEST_FILE)
    data, marks, problems = source.data, source.marks, list(source.problems)
    if not isinstance(data, dict):
        told = marks.locate(Problem("a model is a mapping (key: value)"))
        raise ModelError(told if told.line else Problem(told.text, file=str(path), line=1))
    if not _resembles(data, _SECTIONS):
        text = f"is not a model: it has no section {', '.join(_SECTIONS)}; hierarchy is missing"
        raise ModelError(Problem(text, file=str(path), line=1))
    data = _in_todays_words(data, marks, str(path))
    allowed = _allowed_folder(path, allow_outside)
    experts = _take_in_experts(data, marks, problems, path.parent, allowed, answered, read)
    draft = make_draft(data, marks, problems, answered)
    draft.outdated = experts.outdated
    draft.origin = Origin(source.text, path.absolute(), experts.files)
    return draft


_SECTIONS = ("hierarchy", "judgments", "indicators")


def _resembles(data: Mapping[str, Any], words: Iterable[str]) -> bool:
    """Whether one of the keys is one of these words, or meant to be.

    What is read is anybody's file until then, and no message repeats anything of it.
    """
    return any(get_close_matches(word, [*data][:_MOST_KEYS], 1, 0.75) for word in words)


_MOST_KEYS = 100  # of a mapping that is a model or an expert's file: both have about ten


def model_path(source: Any) -> FilePath:
    """A model's file as a path; what is no path is refused with what to do instead.

    Raises
    ------
    ModelError
    """
    remedy = "load_model reads a file"
    if isinstance(source, Mapping):
        raise ModelError(f"{remedy}; for a model as Python data, call Model(**data)")
    if isinstance(source, str) and ("\n" in source or re.match(r"\s*[\w-]+:\s|\s*\{", source)):
        raise ModelError(
            f"{remedy}, and this is the text of a model; write it to a file and name that, or "
            "parse it and call Model(**data)"
        )
    if hasattr(source, "read"):
        raise ModelError(f"{remedy} itself; give its name, not the opened file")
    if isinstance(source, bytes) or not isinstance(source, (str, os.PathLike)):
        kind = type(source).__name__
        raise ModelError(f"{remedy}; a path is text or a pathlib.Path, not {kind}")
    return FilePath(source)


def make_draft(
    data: Mapping[str, Any],
    marks: Marks | None = None,
    problems: list[Problem] | None = None,
    answered: bool = True,
) -> Draft:
    """Check plain data against the schema and for names that lead nowhere.

    Whatever is not `answered` yet is refused, unless the document is only to be asked.
    """
    if marks is None:
        data, marks = as_plain_data(data), Marks()
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
        twice = names_twice(document, draft.children)
        if twice:  # what else is said of such a name follows from it
            names = {str(one.path[-1]) for one in twice}
            found[:] = [*twice, *(one for one in found if not _mentions(one, names))]
            draft.outline_is_sound = False
    return draft


def _mentions(problem: Problem, names: set[str]) -> bool:
    return bool(names & {*problem.path, *re.findall(r"[^\s,;:'\"]+", problem.text)})


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
    allowed: FilePath | None,
    answered: bool,
    read: Callable[[FilePath, int], Source],
) -> _Experts:
    """Put the judgments of each expert's own file where they would stand in the model."""
    taken = _Experts()
    judgments = data.get("judgments")
    experts = judgments.get("experts") if isinstance(judgments, dict) else None
    if not isinstance(experts, dict) or len(experts) > MOST_EXPERTS:
        return taken  # of too many, the schema says so
    for expert, entry in experts.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
            continue
        named = entry.pop("file")
        file = folder / named
        outside = _lies_outside(file, allowed)
        if outside:
            place: Path = ("judgments", "experts", expert, "file")
            problems.append(marks.locate(Problem(f"{shown(named)} {outside}", place)))
            continue
        if not answered and not file.exists():
            continue
        try:
            source = read(file, LARGEST_EXPERT_FILE)
        except ModelError as wrong:
            problems += wrong.problems
            continue
        if not _is_of(expert, source.data):
            text = "is not an expert's file, which holds expert and judgments (node: matrix)"
            problems.append(Problem(text, file=str(file), line=1))
            continue
        problems += source.problems
        taken.files[expert] = ExpertFile(file.absolute(), source.text)
        other = _asked_otherwise(source, data)
        if other is None:
            problems += _merge(expert, source.data, data, marks, source.marks)
        else:
            (problems if answered else taken.outdated).append(other)
    return taken


def _is_of(expert: str, data: Any) -> bool:
    """Whether a file is an expert's own, so that its problems may be told word for word."""
    is_mapping = isinstance(data, dict)
    return is_mapping and (data.get("expert") == expert or _resembles(data, ("judgments",)))


AllowOutside = bool | str | os.PathLike[str]


def _allowed_folder(path: FilePath, allow_outside: AllowOutside) -> FilePath | None:
    """The folder the experts' files lie in, links followed; None for anywhere."""
    if allow_outside is True:
        return None
    folder = path.parent if allow_outside is False else FilePath(allow_outside)
    return _resolved(folder) or folder.absolute()


def _resolved(path: FilePath) -> FilePath | None:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, a NUL in the name
        return None


def _lies_outside(file: FilePath, allowed: FilePath | None) -> str:
    """Why an expert's file is not read, if it is not: a model may come from anybody."""
    if allowed is None:
        return ""
    place = _resolved(file)
    if place is None:
        return "leads nowhere; name a file in the model's folder"
    if place.is_relative_to(allowed):
        return ""
    return (
        f"lies outside the folder {allowed}; move the file there, or allow it by "
        "load_model(..., allow_outside=True), on the command line --allow-outside"
    )


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
    def wrong(text: str, *at: str) -> Problem:
        return own_marks.locate(Problem(text, at, at_key=bool(at)))

    found = [own_marks.locate(problem) for problem in unknown_keys(own)]
    if own.get("expert") != expert:
        said = own.get("expert")
        found.append(
            wrong(f"this file belongs to {shown(said)}, but the model takes it for {expert}")
        )
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
