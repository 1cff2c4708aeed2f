"""Problems of a document in our own words, keyed by pydantic's error type (its texts change)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import ValidationError

from ahpvalue.document.schema import ModelDocument, Part
from ahpvalue.document.upgrade import todays_word
from ahpvalue.errors import Path, Problem, did_you_mean, shown

__all__ = ["translate_problems"]


def translate_problems(error: ValidationError, data: Any) -> list[Problem]:
    """Every problem pydantic found in `data`, with the path as it stands there."""
    found: dict[tuple[Path, str], Problem] = {}
    for details in error.errors(include_url=False):
        location = details["loc"]
        path = _written(location, data)
        kind = details["type"]
        text = _text(kind, details, location)
        at_key = kind == "extra_forbidden" or location[-1:] == ("[key]",)
        found[path, text] = Problem(text, path, at_key=at_key)
    return list(found.values())


def _written(location: tuple[str | int, ...], data: Any) -> Path:
    """The part of pydantic's location that is in the document (it adds words of its own)."""
    path: list[str | int] = []
    for part in location:
        in_list = isinstance(data, (list, tuple)) and isinstance(part, int) and part < len(data)
        if in_list or (isinstance(data, dict) and part in data):
            path.append(part)
            data = data[part]
    return tuple(path)


def _text(kind: str, details: Any, location: tuple[str | int, ...]) -> str:
    if kind == "ahpvalue":
        return str(details["ctx"]["text"])
    if kind == "extra_forbidden":
        word = todays_word(location)
        if word is not None:
            return f"unknown key; did you mean {word!r}, its name since version 2?"
        return f"unknown key{did_you_mean(str(location[-1]), known_keys(location[:-1]))}"
    if kind == "missing":
        return f"{location[-1]} is missing and has no default"
    if kind in _TEXTS:
        return _TEXTS[kind](details)
    return str(details["msg"])


def known_keys(location: Iterable[str | int]) -> list[str]:
    """The keys the schema knows at a location."""
    part: type[Part] = ModelDocument
    for step in location:
        if step in part.model_fields:
            part = _part_inside(part.model_fields[str(step)].annotation) or part
    return list(part.model_fields)


def _part_inside(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for argument in get_args(annotation):
        found = _part_inside(argument)
        if found:
            return found
    return None


def _a_mapping(details: Any) -> str:
    return f"a mapping (key: value) is needed here, not {shown(details['input'])}"


def _a_list(details: Any) -> str:
    return f"a list is needed here, not {shown(details['input'])}"


def _a_number(details: Any) -> str:
    return f"a number is needed here, not {shown(details['input'])}"


def _some_text(details: Any) -> str:
    return f"text is needed here, not {shown(details['input'])}; put it in quotes"


def _one_of(details: Any) -> str:
    said = str(details["input"]) if isinstance(details["input"], str) else ""
    expected = details["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    if shown(details["input"]).strip("'") in expected:
        return f"{details['input']} is needed here as it stands, without quotes"
    return f"{shown(details['input'])} is not known here{did_you_mean(said, expected)}"


def _limit(words: str, key: str) -> Callable[[Any], str]:
    return lambda details: f"{words} {details['ctx'][key]:g}, not {shown(details['input'])}"


_TEXTS: dict[str, Callable[[Any], str]] = {
    "dict_type": _a_mapping,
    "model_type": _a_mapping,
    "model_attributes_type": _a_mapping,
    "list_type": _a_list,
    "tuple_type": _a_list,
    "float_type": _a_number,
    "float_parsing": _a_number,
    "finite_number": _a_number,
    "int_type": lambda details: f"a whole number is needed here, not {shown(details['input'])}",
    "int_parsing": lambda details: f"a whole number is needed here, not {shown(details['input'])}",
    "int_from_float": lambda d: f"a whole number is needed here, not {shown(d['input'])}",
    "string_type": _some_text,
    "literal_error": _one_of,
    "greater_than": _limit("must be above", "gt"),
    "greater_than_equal": _limit("must be at least", "ge"),
    "less_than": _limit("must be below", "lt"),
    "less_than_equal": _limit("must be at most", "le"),
    "too_short": lambda d: (
        f"at least {d['ctx']['min_length']} is needed here, not {d['ctx']['actual_length']}"
    ),
    "too_long": lambda d: (
        f"{d['ctx']['max_length']} values are needed here, not {d['ctx']['actual_length']}"
    ),
}
