"""From a document and its local priorities to the plan that scores.

The one place where judgments, hierarchy, value functions and scoring meet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.comparisons import Comparison
from ahpvalue.compiling.rules import compile_activity
from ahpvalue.compiling.unfitted import is_scored, missing_policy
from ahpvalue.document import Indicator, ModelDocument
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.scoring import (
    CategoryScores,
    PeerPlan,
    Plan,
    PlanIndicator,
    PlanNode,
    ValueFunction,
    score_values,
)
from ahpvalue.value_functions import Knots, line, mirrored, trapezium

__all__ = ["build_plan"]

Array = NDArray[np.float64]


def build_plan(
    document: ModelDocument,
    hierarchy: Hierarchy,
    local: Mapping[str, Array],
    comparisons: Mapping[str, Comparison],
) -> Plan:
    """The plan of a document in which nothing depends on a population any more."""
    minimum = document.missing.minimum_coverage
    nodes = [
        PlanNode.of(
            node,
            hierarchy.children[node],
            local[node],
            minimum.get(node, 0.0) if isinstance(minimum, dict) else minimum,
        )
        for node in reversed(hierarchy.criteria)
    ]
    indicators = [
        _plan_indicator(document, name, comparisons.get(name)) for name in hierarchy.leaves
    ]
    peers = _peers(document, indicators)
    return Plan(
        document.customer, tuple(indicators), tuple(nodes), compile_activity(document), peers
    )


def _peers(document: ModelDocument, indicators: Sequence[PlanIndicator]) -> PeerPlan | None:
    """Every group with a reference of its own: what it does not score anew is everybody's."""
    if document.peers is None:
        return None
    groups = {
        tuple(group.of): tuple(
            replace(
                indicator,
                function=compile_value_function(own),
                missing_score=_own_score(indicator, own),
            )
            if (own := group.indicators.get(indicator.name)) is not None
            else indicator
            for indicator in indicators
        )
        for group in document.peers.groups
        if group.hash
    }
    return PeerPlan(tuple(document.peers.by), groups)


def _own_score(indicator: PlanIndicator, own: Indicator) -> float:
    """What stands in for a missing value among peers: the group's median where that is it."""
    if not isinstance(own.missing, dict) or "median" not in own.missing:
        return indicator.missing_score
    return float(score_values(compile_value_function(own), np.array([own.missing["median"]]))[0])


def _plan_indicator(
    document: ModelDocument, name: str, comparison: Comparison | None
) -> PlanIndicator:
    indicator = document.indicators[name]
    scored = is_scored(document, name)
    function: ValueFunction | CategoryScores
    if indicator.categories is not None:
        function = _category_scores(indicator, comparison)
    elif scored:
        function = compile_value_function(indicator)
    else:
        function = ValueFunction.curve([(0.0, 50.0)])  # never read: every value counts as missing
    policy = missing_policy(document, indicator)
    rule, score = "score", 0.0
    if policy in ("refuse", "renormalise"):
        rule = policy
    elif policy == "worst":
        score = function.worst if scored else 0.0
    elif policy == "median":
        rule = "renormalise"  # a median of nothing; only where the reference had no value
    elif "score" in policy:
        score = policy["score"]
    else:
        assert isinstance(function, ValueFunction)  # categories have no median
        score = float(score_values(function, np.array([policy["median"]]))[0])
    column = indicator.column or name
    return PlanIndicator(name, column, function, rule, score, scored, _expected_now(document, name))


def expected_range(indicator: Indicator) -> tuple[float, float]:
    """Where values are expected: as stated, else 0 and up, and for shares up to 1.

    A value function that somebody gave for values below 0 states them, too: bands with no end
    downwards, others down to their lowest value.
    """
    if indicator.range is None:
        low, high = _stated_by_function(indicator)
        return min(0.0, low), max(high, 1.0) if indicator.unit == "share" else inf
    stated_low, stated_high = indicator.range
    return (
        -inf if stated_low is None else stated_low,
        inf if stated_high is None else stated_high,
    )


def _stated_by_function(indicator: Indicator) -> tuple[float, float]:
    """The values that the numbers of a value function speak of; bands have no ends."""
    if indicator.bands is not None:
        low, high = indicator.bands.edges[0], indicator.bands.edges[-1]
        return -inf if low <= 0 else 0.0, inf if high >= 1 else 1.0
    given: list[Any] = [x for x, _ in indicator.linear or ()]
    function = getattr(indicator, indicator.kind)
    given += [getattr(function, key, None) for key in ("lower", "upper")]
    numbers = [one for one in given if isinstance(one, float)]
    return min(numbers, default=0.0), max(numbers, default=0.0)


def _expected_now(document: ModelDocument, name: str) -> tuple[float, float]:
    """The same, with the reference's own values, of which was spoken when it was fitted."""
    low, high = expected_range(document.indicators[name])
    seen = document.reference.indicators.get(name) if document.reference is not None else None
    if seen is None or seen.minimum is None or seen.maximum is None:
        return low, high
    return min(low, seen.minimum), max(high, seen.maximum)


def _category_scores(indicator: Indicator, comparison: Comparison | None) -> CategoryScores:
    """Given scores, or compared categories divided by the best (ratings mode, Saaty 1994)."""
    categories = indicator.categories
    assert categories is not None
    if categories.scores:
        return CategoryScores(tuple(categories.scores), tuple(categories.scores.values()))
    if comparison is None:
        return CategoryScores(tuple(categories.names), (100.0,))
    intensities = comparison.priorities / comparison.priorities.max() * 100
    return CategoryScores(tuple(categories.names), tuple(np.minimum(intensities, 100.0).tolist()))


def compile_value_function(indicator: Indicator) -> ValueFunction:
    """The value function of an indicator whose bounds and knots are numbers."""
    if indicator.bands is not None:
        return ValueFunction.steps(
            indicator.bands.edges, indicator.bands.scores, indicator.bands.closed
        )
    if indicator.log is not None:
        return ValueFunction.curve(_KNOTS["log"](indicator), indicator.log.offset)
    return ValueFunction.curve(_KNOTS[indicator.kind](indicator))


def _target(indicator: Indicator) -> Knots:
    target = indicator.target
    assert target is not None
    best = target.best if isinstance(target.best, tuple) else (target.best, target.best)
    return trapezium(target.lower, best, target.upper)


def _between_bounds(kind: str) -> Callable[[Indicator], Knots]:
    def knots(indicator: Indicator) -> Knots:
        function = getattr(indicator, kind)
        return line(function.lower, function.upper, function.better)

    return knots


def _percentile(indicator: Indicator) -> Knots:
    assert indicator.percentile is not None
    return list(indicator.percentile.knots or ())


_KNOTS: dict[str, Callable[[Indicator], Knots]] = {
    "linear": lambda indicator: mirrored(indicator.linear or [], "high"),
    "minmax": _between_bounds("minmax"),
    "log": _between_bounds("log"),
    "target": _target,
    "percentile": _percentile,
}
