"""The parts of a document that turn scores into decisions: who is active, and who is in a tier.

The shape only, as in `ahpvalue.document.schema`, which takes these parts in; whether names lead
somewhere is checked in `ahpvalue.document.decision_links`.
"""

from math import floor
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from ahpvalue.document.fields import Bound, Name, Number, Part, Texts, refuse

__all__ = [
    "Active",
    "Changeable",
    "Condition",
    "Grid",
    "Level",
    "SegmentRule",
    "SegmentSection",
    "TierSection",
    "Veto",
]


# -- shares and conditions -------------------------------------------------------------------

_SHARE_WORDS = "a share is written 20% or 0.2, between 0 and 1"


def _share(value: Any) -> float:
    text = str(value).strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if isinstance(value, bool) or not 0 <= share <= 1:
        raise refuse(f"{_SHARE_WORDS}, not {value!r}")
    return share


Share = Annotated[
    Any,
    PlainValidator(_share),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[\d.]+%?$"}]}),
]


def _value(value: Any) -> Any:
    """A value as a category is written: true for True, otherwise text or a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return float(value)
    if not isinstance(value, str):
        raise refuse(f"a text or a number is needed here, not {value!r}")
    return value


def _values(value: Any) -> Any:
    return tuple(map(_value, value if isinstance(value, (list, tuple)) else [value]))


Values = Annotated[
    Any,
    PlainValidator(_values),
    WithJsonSchema({"anyOf": [{"type": ["string", "number", "boolean"]}, {"type": "array"}]}),
]


class Condition(Part):
    """What one value, score or text must be; everything stated must hold."""

    equals: Values = ()
    differs: Values = ()
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None
    missing: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _only_a_value(cls, data: Any) -> Any:
        return data if isinstance(data, (dict, Condition)) else {"equals": data}

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self == Condition.model_construct():
            raise refuse("a requirement says what is wanted, such as at_least: 60")
        return self

    @property
    def only_equals(self) -> bool:
        """Whether it may be written as its value alone."""
        return bool(self.equals) and self == Condition.model_construct(equals=self.equals)


def _alternatives(value: Any) -> Any:
    """A mapping of requirements that must all hold, or a list of such, one of which must."""
    given = value if isinstance(value, (list, tuple)) else [value]
    if not given or any(isinstance(one, dict) and not one for one in given):
        raise refuse("a rule names at least one value, such as {sales: {above: 0}}")
    return tuple(given)


When = Annotated[tuple[dict[str, Condition], ...], BeforeValidator(_alternatives)]


# -- what a customer can change --------------------------------------------------------------


class Changeable(Part):
    """That a customer can change an indicator, how far, in which steps, and at what effort.

    `step` 0 means any value; left out, fit writes 1 where all reference values are whole.
    """

    lowest: Bound = "min"
    highest: Bound = "max"
    step: Annotated[Number, Field(ge=0)] | None = None
    categories: list[str] = []
    effort: Annotated[Number, Field(gt=0)] = 1.0

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, data: Any) -> Any:
        return {} if data is None or data is True else data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        limits = (self.lowest, self.highest)
        if all(isinstance(one, float) for one in limits) and limits[0] > limits[1]:
            raise refuse(f"lowest ({limits[0]:g}) must not lie above highest ({limits[1]:g})")
        return self

    @model_validator(mode="after")
    def _on_a_step(self) -> Self:
        low, high = self.lowest, self.highest
        if not self.step or isinstance(low, str) or isinstance(high, str):
            return self
        if floor(high / self.step + 1e-9) * self.step < low - 1e-9 * self.step:
            raise refuse(f"no multiple of the step {self.step:g} lies from {low:g} to {high:g}")
        return self


# -- who is active ---------------------------------------------------------------------------


class Active(Part):
    """Who counts as a customer now, and what the others are called."""

    when: When
    new: When | None = None
    never_bought: When | None = None
    returns_only: When | None = None
    lapsed: When | None = None


# -- tiers -----------------------------------------------------------------------------------


class Level(Part):
    """One tier: from which line upwards."""

    score: Number | None = None
    top: Share | None = None
    count: Annotated[int, Field(ge=1, strict=True)] | None = None
    cumulative: Share | None = None
    of: str | None = None
    label: Texts = {}
    line: Number | None = None
    customers: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, data: Any) -> Any:
        return {} if data is None else data

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [way for way in WAYS if getattr(self, way) is not None]
        if len(ways) > 1:
            raise refuse(f"a tier is drawn in one way; {' and '.join(ways)} are given")
        if self.of is not None and ways != ["cumulative"]:
            raise refuse("of says whose sum is meant and goes with cumulative")
        if self.cumulative is not None and self.of is None:
            raise refuse("cumulative needs of: the value that is summed, such as of: sales")
        return self

    @property
    def way(self) -> str | None:
        """Which of `WAYS` draws its line; None for the tier of everybody else."""
        return next((way for way in WAYS if getattr(self, way) is not None), None)

    @property
    def lowest(self) -> float | None:
        """The line, when it is a number already."""
        found: float | None = self.score if self.line is None else self.line
        return found


WAYS = ("score", "top", "count", "cumulative")
"""The ways to draw a tier's line."""


class Veto(Part):
    """A veto: who meets it is at most in a certain tier, whatever the score."""

    when: When
    at_most: Name
    reason: Texts = {}


class TierSection(Part):
    """The tiers, best first, and the rule by which customers move between them."""

    on: Name | None = None
    levels: dict[Name, Level]
    ties: Literal["in", "out"] = "in"
    band: Share = 0.0
    confirmation: Annotated[int, Field(ge=1, strict=True)] = 1
    grace: Annotated[int, Field(ge=0, strict=True)] = 0
    minimum_stay: Annotated[int, Field(ge=0, strict=True)] = 0
    steps: Annotated[int, Field(ge=1, strict=True)] | None = None
    newcomers: Literal["lowest", "line"] = "lowest"
    vetoes: dict[Name, Veto] = {}


# -- segments --------------------------------------------------------------------------------


class SegmentRule(Part):
    """A kind of customer, by a readable rule."""

    when: When
    label: Texts = {}


class Grid(Part):
    """Two scores against each other: low and high on both, with the lines between."""

    rows: Name
    columns: Name
    row_lines: Annotated[list[Bound], Field(min_length=1, max_length=2)] = [50.0]
    column_lines: Annotated[list[Bound], Field(min_length=1, max_length=2)] = [50.0]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for lines in (self.row_lines, self.column_lines):
            known = [line for line in lines if isinstance(line, float)]
            if known != sorted(known):
                raise refuse("the lines of a grid must rise")
        return self


class SegmentSection(Part):
    """Segments, of which the first that fits counts, and grids of two scores."""

    rules: dict[Name, SegmentRule] = {}
    grids: dict[Name, Grid] = {}
