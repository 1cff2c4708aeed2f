"""The model document as typed, frozen objects: every key, its type and its default.

The shape only. Whether names refer to something that is there is checked in
`ahpvalue.document.links`, whether matrices hold together in `ahpvalue.compiling.build_plan`.
docs/model-yaml.md describes each key for people; a test holds the two together.
"""

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ahpvalue.document.fields import (
    Best,
    Bound,
    Coverage,
    Judgments,
    MissingPolicy,
    Name,
    Number,
    Part,
    Score,
    Texts,
    refuse,
)
from ahpvalue.document.schema_decisions import (
    Active,
    Changeable,
    Condition,
    Grid,
    Level,
    SegmentRule,
    SegmentSection,
    TierSection,
    Veto,
)
from ahpvalue.document.schema_judgments import (
    AnswerChange,
    ConsistencyRule,
    Expert,
    JudgmentSection,
    Objective,
)

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "Active",
    "AnswerChange",
    "Changeable",
    "Condition",
    "ConsistencyRule",
    "Expert",
    "Grid",
    "Indicator",
    "JudgmentSection",
    "Level",
    "ModelDocument",
    "Objective",
    "Part",
    "SegmentRule",
    "SegmentSection",
    "TierSection",
    "Veto",
]


# -- value functions -------------------------------------------------------------------------

Better = Literal["high", "low"]
Point = tuple[Number, Score]


def _rising(values: list[float], what: str) -> None:
    for before, after in pairwise(values):
        if not after > before:
            raise refuse(f"{what} must rise: {after:g} follows {before:g}")


def _points(points: list[Point]) -> list[Point]:
    if not points:
        raise refuse("at least one point [value, score] is needed")
    _rising([x for x, _ in points], "values")
    return points


Points = Annotated[list[Point], AfterValidator(_points)]


def _between(lower: Any, upper: Any) -> None:
    # Equal bounds are what fit writes for a constant column.
    if isinstance(lower, float) and isinstance(upper, float) and lower > upper:
        raise refuse(f"lower ({lower:g}) must be below upper ({upper:g})")


class Bands(Part):
    """Steps: n edges make n + 1 bands, each with a score."""

    edges: list[Number]
    scores: list[Score]
    closed: Literal["left", "right"]

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if not self.edges:
            raise refuse("at least one edge is needed")
        _rising(self.edges, "edges")
        if len(self.scores) != len(self.edges) + 1:
            raise refuse(
                f"{len(self.edges)} edges make {len(self.edges) + 1} bands, "
                f"but there are {len(self.scores)} scores"
            )
        return self


class MinMax(Part):
    """A straight line from one bound to the other."""

    lower: Bound = "min"
    upper: Bound = "max"
    better: Better = "high"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _between(self.lower, self.upper)
        return self


class Log(Part):
    """A straight line in the logarithm of the value (plus an offset)."""

    lower: Bound = "min"
    upper: Bound = "max"
    offset: Number = 0.0
    better: Better = "high"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _between(self.lower, self.upper)
        if isinstance(self.lower, float) and self.lower + self.offset <= 0:
            raise refuse(
                f"a logarithm needs lower + offset above 0, not {self.lower + self.offset:g}; "
                "raise lower or the offset"
            )
        return self


class Percentile(Part):
    """The share of the other reference customers that a value beats, ties counting half."""

    better: Better = "high"
    tolerance: Annotated[Number, Field(ge=0.01, le=50)] = 0.25
    points: Annotated[int, Field(ge=2, le=10_001, strict=True)] | None = None
    knots: Points | None = None
    error: Annotated[Number, Field(ge=0)] | None = None


class Target(Part):
    """Best in the middle: full score on `best`, none at or beyond the bounds."""

    best: Best
    lower: Bound = "min"
    upper: Bound = "max"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        best = self.best if isinstance(self.best, tuple) else (self.best, self.best)
        known = [v for v in (self.lower, *best, self.upper) if isinstance(v, float)]
        if known != sorted(known):
            raise refuse("lower, best and upper must be in rising order")
        return self


class Categories(Part):
    """A score per category, given or compared pairwise (ratings mode)."""

    scores: dict[str, Score] = {}
    names: list[str] = []
    comparisons: dict[Name, Judgments] = {}

    @model_validator(mode="before")
    @classmethod
    def _given_or_compared(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        written_out = isinstance(data.get("scores"), dict)
        lists = [data.get(key) for key in ("names", "levels")]  # levels was their name once
        compared = "comparisons" in data or any(isinstance(one, (list, tuple)) for one in lists)
        return data if written_out or compared else {"scores": data}

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.names and len(set(self.names)) != len(self.names):
            raise refuse("a category stands twice")
        if bool(self.scores) == bool(self.names):
            raise refuse("a score for every category, or names with comparisons, is needed")
        return self


FUNCTIONS = ("bands", "linear", "log", "minmax", "percentile", "target", "categories")
"""The value functions; an indicator has exactly one."""


class Indicator(Part):
    """A factor measured on a customer, and the function that turns it into a score."""

    column: str | None = None
    description: str = ""
    unit: str = ""
    range: tuple[Number | None, Number | None] | None = None
    bands: Bands | None = None
    linear: Points | None = None
    log: Log | None = None
    minmax: MinMax | None = None
    percentile: Percentile | None = None
    target: Target | None = None
    categories: Categories | None = None
    missing: MissingPolicy | None = None
    changeable: Changeable | None = None

    @model_validator(mode="before")
    @classmethod
    def _exactly_one_function(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for name in ("log", "minmax", "percentile", "changeable"):
            if name in data and data[name] is None:
                data[name] = {}  # 'percentile:' with nothing behind it means all defaults
        given = [name for name in FUNCTIONS if data.get(name) is not None]
        if len(given) != 1:
            found = f"{' and '.join(given)} are given" if given else "none is given"
            raise refuse(f"an indicator has one of {', '.join(FUNCTIONS)}; {found}")
        return data

    @property
    def kind(self) -> str:
        """Which of `FUNCTIONS` it has."""
        return next(name for name in FUNCTIONS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _range_in_order(self) -> Self:
        low, high = self.range or (None, None)
        if low is not None and high is not None and low > high:
            raise refuse(f"the range must rise: {high:g} follows {low:g}")
        return self

    @model_validator(mode="after")
    def _median_of_numbers(self) -> Self:
        if self.categories is not None and (
            self.missing == "median"
            or (isinstance(self.missing, dict) and "median" in self.missing)
        ):
            raise refuse("categories have no median; state missing: {score: 50} or another policy")
        return self


class MissingDefault(Part):
    """What holds for indicators that state no policy, and when a node counts as rated."""

    policy: MissingPolicy = "refuse"
    minimum_coverage: Coverage = 0.0


# -- what fit writes -------------------------------------------------------------------------


class ReferenceColumn(Part):
    """What fit saw of one indicator."""

    values: Annotated[int, Field(ge=0)]
    missing: Annotated[int, Field(ge=0)]
    minimum: Number | None = None
    median: Number | None = None
    maximum: Number | None = None
    commonest: str | None = None
    edges: list[Number] = []
    counts: list[Annotated[int, Field(ge=0)]] = []
    categories: dict[str, Annotated[int, Field(ge=0)]] = {}


class Reference(Part):
    """The reference population a model was fitted to."""

    customers: Annotated[int, Field(ge=0)]
    hash: str
    model: str
    periods: list[str] = []
    judgments: str = ""
    weights: dict[Name, dict[str, Annotated[Number, Field(ge=0, le=1)]]] = {}
    median_score: Score | None = None
    indicators: dict[Name, ReferenceColumn] = {}


class PeerGroup(Part):
    """A group of peers in the reference: its own value functions, or that it is too small."""

    of: Annotated[list[str], Field(min_length=1)]
    customers: Annotated[int, Field(ge=0)]
    hash: str = ""
    indicators: dict[Name, Indicator] = {}


class Peers(Part):
    """Who is compared with whom, beside with everybody."""

    by: Annotated[list[str], Field(min_length=1)]
    minimum: Annotated[int, Field(ge=2, strict=True)] = 30
    groups: list[PeerGroup] = []


class ModelDocument(Part):
    """A whole model."""

    version: Literal[2] = 2
    method: Annotated[int, Field(ge=1, strict=True)] | None = None
    name: str = ""
    description: str = ""
    customer: str = "customer"
    hierarchy: dict[Name, Any]
    labels: dict[Name, Texts] = {}
    judgments: JudgmentSection = JudgmentSection()
    indicators: dict[Name, Indicator] = {}
    missing: MissingDefault = MissingDefault()
    peers: Peers | None = None
    active: Active | None = None
    tiers: TierSection | None = None
    segments: SegmentSection | None = None
    reference: Reference | None = None


RESERVED = (
    "total",
    "coverage",
    "rank",
    "percentile",
    "tier",
    "status",
    "peer_group",
    "peer_total",
    "peer_rank",
    "peer_percentile",
    "model",
    "reference",
)
"""Columns of every result; no node and no customer column may be named like one."""
