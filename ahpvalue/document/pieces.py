"""The smallest pieces of a document: names, numbers, bounds, judgments, policies.

Each is a type pydantic knows, with a check that refuses in our own words.
"""

import re
from fractions import Fraction
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

__all__ = [
    "NAMES",
    "Best",
    "Bound",
    "Coverage",
    "Judgments",
    "Limit",
    "MissingPolicy",
    "Name",
    "Number",
    "Score",
    "Texts",
    "is_name",
    "refuse",
]


def refuse(text: str) -> PydanticCustomError:
    """An error in our own words (`text` is taken as it is, braces included)."""
    return PydanticCustomError("ahpvalue", "{text}", {"text": text})


_LARGEST = 1e300  # so that the distance of two figures is a number
_WORD = re.compile(r"^\w[\w-]*$")


NAMES = "letters, digits, _ and - make one"


def is_name(text: str) -> bool:
    """Whether a text can name a node, an indicator or an expert."""
    return _WORD.match(text) is not None


def _name(value: Any) -> Any:
    if not isinstance(value, str):
        raise refuse(f"a name is text; write {value!r} in quotes")
    if not is_name(value):
        raise refuse(f"{value!r} is not a name; {NAMES}")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, (int, float)) and isfinite(value) and abs(value) > _LARGEST:
        raise refuse(f"{value:g} is too large; figures stay within {_LARGEST:g} either way")
    if isinstance(value, str):
        hint = f"; write {_unquoted(value)}" if _unquoted(value) else ""
        raise refuse(f"a number is needed here, not the text {value!r}{hint}")
    return value + 0.0 if isinstance(value, float) else value  # no -0.0


def _unquoted(text: str) -> str:
    try:
        return f"{float(text.replace('_', '')):g}"
    except ValueError:
        return ""


def _judgments(value: Any) -> Any:
    """Rows or pairs of judgments as written, with fractions given as text made exact."""
    if isinstance(value, dict):
        return {str(key): _judgment(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and value:
        return tuple(
            tuple(map(_judgment, item)) if isinstance(item, (list, tuple)) else _judgment(item)
            for item in value
        )
    raise refuse("judgments are rows of numbers, or pairs such as 'sales vs credit: 3'")


def _judgment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return Fraction(value.replace(" ", ""))
        except (ValueError, ZeroDivisionError):
            return value  # the matrix refuses it, naming the cell
    return value.item() if hasattr(value, "item") else value


_BOUND = re.compile(r"^(?:min|max|median|p\d{1,2}(?:\.\d+)?|p100)$")


def _bound(value: Any) -> Any:
    if isinstance(value, str) and _BOUND.match(value):
        return value
    if isinstance(value, (int, float, Fraction)) and not isinstance(value, bool):
        return float(value) + 0.0  # no -0.0
    raise refuse(f"a bound is a number, min, max, median or a percentile such as p5, not {value!r}")


def _best(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return tuple(map(_bound, value))
    return _bound(value)


def _limit(value: Any) -> Any:
    if value == "by-size":
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise refuse(f"a limit is a number above 0, such as 0.10, or by-size, not {value!r}")


def _share(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise refuse(f"a coverage is a share between 0 and 1, not {value!r}")


def _coverage(value: Any) -> Any:
    if isinstance(value, dict):
        return {_name(node): _share(share) for node, share in value.items()}
    return _share(value)


_MISSING = ("refuse", "renormalise", "worst", "median")


def _missing(value: Any) -> Any:
    if isinstance(value, str):
        if value in _MISSING:
            return value
        near = "; did you mean 'renormalise'?" if value.startswith("renorm") else ""
        raise refuse(
            f"{value!r} is not a policy for missing values{near or '; known here: '}"
            + ("" if near else f"{', '.join(_MISSING)}, {{score: 50}}")
        )
    if isinstance(value, dict) and len(value) == 1:
        ((key, number),) = value.items()
        if key in ("score", "median") and isinstance(number, (int, float)):
            if key == "score" and not 0 <= number <= 100:
                raise refuse(f"a score lies between 0 and 100, not {number:g}")
            return {key: float(number) + 0.0}
    raise refuse(f"missing is one of {', '.join(_MISSING)} or {{score: 50}}")


def _score(value: float) -> float:
    if not 0 <= value <= 100:
        raise refuse(f"a score lies between 0 and 100, not {value:g}")
    return value


Name = Annotated[str, BeforeValidator(_name)]
Number = Annotated[float, BeforeValidator(_number), Field(strict=True, allow_inf_nan=False)]
Score = Annotated[Number, AfterValidator(_score)]
Texts = dict[str, str]
Judgments = Annotated[
    Any,
    PlainValidator(_judgments),
    WithJsonSchema(
        {"anyOf": [{"type": "array", "minItems": 1}, {"type": "object"}], "title": "Judgments"}
    ),
]
Bound = Annotated[
    Any,
    PlainValidator(_bound),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": _BOUND.pattern}]}),
]
Best = Annotated[
    Any,
    PlainValidator(_best),
    WithJsonSchema(
        {"anyOf": [{"type": ["number", "string"]}, {"type": "array", "minItems": 2, "maxItems": 2}]}
    ),
]
Limit = Annotated[
    Any,
    PlainValidator(_limit),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "by-size"}]}),
]
_SHARE_SCHEMA: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}
Coverage = Annotated[
    Any,
    PlainValidator(_coverage),
    WithJsonSchema(
        {"anyOf": [_SHARE_SCHEMA, {"type": "object", "additionalProperties": _SHARE_SCHEMA}]}
    ),
]
MissingPolicy = Annotated[
    Any,
    PlainValidator(_missing),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(_MISSING)},
                *(
                    {
                        "type": "object",
                        "properties": {key: {"type": "number"}},
                        "required": [key],
                        "additionalProperties": False,
                    }
                    for key in ("score", "median")
                ),
            ]
        }
    ),
]
