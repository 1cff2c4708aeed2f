"""The smallest pieces of a document: parts, names, numbers, bounds, judgments, policies.

Each is a type pydantic knows, with a check that refuses in our own words.
"""

import re
from datetime import date
from fractions import Fraction
from math import isnan
from typing import Annotated, Any
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from ahpvalue.errors import shown
from ahpvalue.support.limits import LONGEST_NAME

__all__ = [
    "NAMES",
    "Best",
    "Bound",
    "Coverage",
    "Day",
    "Judgment",
    "Judgments",
    "Limit",
    "MissingPolicy",
    "Name",
    "Number",
    "Pair",
    "Part",
    "Score",
    "Texts",
    "is_name",
    "no_name",
    "refuse",
]


class Part(BaseModel):
    """A mapping of the document: unknown keys are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def refuse(text: str) -> PydanticCustomError:
    """An error in our own words (`text` is taken as it is, braces included)."""
    return PydanticCustomError("ahpvalue", "{text}", {"text": text})


_LARGEST = 1e300  # so that the distance of two values is a number
NAMES = "letters, digits, _ and - make one"


def is_name(text: object) -> bool:
    """Whether something can name a node, an indicator or an expert: one word of any script."""
    return (
        isinstance(text, str)
        and len(text) <= LONGEST_NAME
        and text[:1].replace("_", "a").isalnum()
        and all(char.isalnum() or char in "_-" or category(char)[0] == "M" for char in text)
    )


def no_name(value: str) -> str:
    """Why a text is no name."""
    if len(value) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters, not {len(value):,}"
    return f"{shown(value)} is not a name; {NAMES}"


def _name(value: Any) -> Any:
    if not isinstance(value, str):
        raise refuse(f"a name is text; write {shown(value)} in quotes")
    if not is_name(value):
        raise refuse(no_name(value))
    return value


def _number(value: Any) -> Any:
    """A finite number, as a float; what is no number at all is left to pydantic's words."""
    if isinstance(value, str):
        if _FRACTION.fullmatch(value):
            return float(Fraction(value))
        hint = f"; write {_unquoted(value)}" if _unquoted(value) else ""
        raise refuse(f"a number is needed here, not the text {shown(value)}{hint}")
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        return value
    if not -_LARGEST <= value <= _LARGEST:
        found = f"{value:g}" if isinstance(value, float) else "a larger one"
        raise refuse(f"a finite number within {_LARGEST:g} either way is needed, not {found}")
    return float(value) + 0.0  # no -0.0


_FRACTION = re.compile(r"[-+]?\d{1,30}/[1-9]\d{0,29}")


def _plain_number(value: Any, words: str) -> float:
    """A finite number where several kinds of value are possible, else a refusal in `words`."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise refuse(f"{words}, not {shown(value)}")
    number: float = _number(value)
    return number


def _unquoted(text: str) -> str:
    try:
        return f"{float(text.replace('_', '')):g}"
    except ValueError:
        return ""


def _judgments(value: Any) -> Any:
    """Rows or pairs of judgments as written, with fractions given as text made exact."""
    array = getattr(value, "values", value)  # a matrix of the library holds an array
    if hasattr(array, "tolist"):
        value = array.tolist()
    if isinstance(value, dict):
        return {_pair(key): _judgment(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and value:
        return tuple(
            tuple(map(_judgment, item)) if isinstance(item, (list, tuple)) else _judgment(item)
            for item in value
        )
    raise refuse("judgments are rows of numbers, or pairs such as 'sales vs credit: 3'")


def _pair(key: Any) -> str:
    return " vs ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _judgment(value: Any) -> Any:
    if isinstance(value, str) and _FRACTION.fullmatch(value.replace(" ", "")):
        return Fraction(value.replace(" ", ""))
    if isinstance(value, float) and isnan(value):
        return None  # missing
    return value.item() if hasattr(value, "item") else value


def _one_judgment(value: Any) -> Any:
    value = _judgment(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)) or value <= 0:
        raise refuse(
            f"a judgment is a number above 0 or a fraction such as 1/3, not {shown(value)}"
        )
    return value


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise refuse(f"a day is written as 2026-11-22, not {shown(value)}") from None


def _pair_of_names(value: Any) -> Any:
    """``a vs b``, or two names in a list where a name itself holds such a thing."""
    if (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and all(isinstance(name, str) for name in value)
    ):
        return tuple(value)
    if not isinstance(value, str) or " vs " not in value:
        raise refuse(
            f"a pair is written 'sales vs credit' or as a list of two names, not {shown(value)}"
        )
    return value


_BOUND = re.compile(r"^(?:min|max|median|p\d{1,2}(?:\.\d+)?|p100)$")


def _bound(value: Any) -> Any:
    if isinstance(value, str) and _BOUND.match(value):
        return value
    return _plain_number(value, "a bound is a number, min, max, median or a percentile such as p5")


def _best(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return tuple(map(_bound, value))
    return _bound(value)


def _limit(value: Any) -> Any:
    if value == "by-size":
        return value
    words = "a limit is a number above 0, such as 0.10, or by-size"
    number = _plain_number(value, words)
    if number <= 0:
        raise refuse(f"{words}, not {number:g}")
    return number


def _share(value: Any) -> Any:
    words = "a coverage is a share between 0 and 1"
    number = _plain_number(value, words)
    if not 0 <= number <= 1:
        raise refuse(f"{words}, not {number:g}")
    return number


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
            f"{shown(value)} is not a policy for missing values{near or '; known here: '}"
            + ("" if near else f"{', '.join(_MISSING)}, {{score: 50}}")
        )
    if isinstance(value, dict) and len(value) == 1:
        ((key, number),) = value.items()
        if key == "score":
            return {key: _score(_plain_number(number, "a score lies between 0 and 100"))}
        if key == "median":
            return {key: _plain_number(number, "the median is a number")}
    raise refuse(f"missing is one of {', '.join(_MISSING)} or {{score: 50}}")


def _score(value: float) -> float:
    if not 0 <= value <= 100:
        raise refuse(f"a score lies between 0 and 100, not {value:g}")
    return value


Name = Annotated[str, BeforeValidator(_name)]
Number = Annotated[float, BeforeValidator(_number), Field(strict=True, allow_inf_nan=False)]
Score = Annotated[Number, AfterValidator(_score)]
Texts = dict[str, str]
Day = Annotated[str, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Pair = Annotated[
    Any,
    PlainValidator(_pair_of_names),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 2, "maxItems": 2}]}
    ),
]
Judgment = Annotated[
    Any,
    PlainValidator(_one_judgment),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "title": "Fraction"}]}),
]
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
