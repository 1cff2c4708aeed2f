"""The parts of a document about judging: experts, comparisons, and how weights follow from them.

The shape only, as in `ahpvalue.document.schema`, which takes these parts in.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ahpvalue.document.fields import (
    Day,
    Judgment,
    Judgments,
    Limit,
    Name,
    Number,
    Pair,
    Part,
    Texts,
    refuse,
)
from ahpvalue.support.limits import MOST_EXPERTS

__all__ = ["AnswerChange", "ConsistencyRule", "Expert", "JudgmentSection", "Objective"]


class ConsistencyRule(Part):
    """When judgments count as too inconsistent, and what happens then."""

    limit: Limit = 0.10
    of: Literal["answers", "ratios"] = "answers"
    on_exceed: Literal["warn", "refuse"] = "warn"


class Expert(Part):
    """Somebody whose judgments count."""

    weight: Annotated[Number, Field(gt=0)] = 1.0
    weights: dict[Name, Annotated[Number, Field(ge=0)]] = {}
    name: str = ""
    label: Texts = {}
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, data: Any) -> Any:
        return {} if data is None else data


class AnswerChange(Part):
    """An answer that was taken back, and who agreed to it."""

    expert: Name
    node: Name
    pair: Pair
    old: Judgment | None = None
    new: Judgment
    by: str
    day: Day
    note: str = ""


def _not_too_many(experts: dict[str, Expert]) -> dict[str, Expert]:
    if len(experts) > MOST_EXPERTS:
        raise refuse(f"a model has at most {MOST_EXPERTS:,} experts, not {len(experts):,}")
    return experts


class Objective(Part):
    """Criteria whose weights the customers' values help to decide."""

    nodes: Annotated[list[Name], Field(min_length=1)]
    method: Literal["entropy", "critic"]
    share: Annotated[Number, Field(ge=0, le=1)] = 0.5
    combination: Literal["linear", "multiplicative", "least-entropy"] = "linear"
    weights: dict[Name, dict[Name, Number]] = {}


class JudgmentSection(Part):
    """The experts, their comparisons, and how weights follow from them."""

    scale: Literal[
        "linear",
        "logarithmic",
        "root",
        "inverse-linear",
        "balanced",
        "balanced-n",
        "adaptive-balanced",
        "adaptive",
        "power",
        "geometric",
    ] = "linear"
    method: Literal["eigenvector", "geometric-mean", "column-mean"] = "eigenvector"
    completion: Literal["lambda-minimal", "harker", "least-squares"] | None = None
    random_index: Literal[
        "alonso-lamata",
        "saaty-1980",
        "saaty-2005",
        "aguaron-moreno",
        "tummala-ling",
        "donegan-dodd",
        "simulated",
    ] = "alonso-lamata"
    aggregation: Literal["judgments", "priorities", "priorities-arithmetic"] = "judgments"
    consistency: ConsistencyRule = ConsistencyRule()
    experts: Annotated[dict[Name, Expert], AfterValidator(_not_too_many)] = {}
    comparisons: dict[Name, dict[Name, Judgments]] = {}
    weights: dict[Name, dict[Name, Number]] = {}
    objective: Objective | None = None
    changes: list[AnswerChange] = []

    @model_validator(mode="after")
    def _completion_goes_with_method(self) -> Self:
        ways = _COMPLETIONS[self.method]
        if self.completion is not None and self.completion not in ways:
            raise refuse(
                f"with the method {self.method}, completion is {' or '.join(ways)}, "
                f"not {self.completion}"
            )
        return self


_COMPLETIONS = {
    "eigenvector": ("lambda-minimal", "harker"),
    "geometric-mean": ("least-squares", "lambda-minimal"),
    "column-mean": ("lambda-minimal",),
}
