"""The plain kernel: one customer at a time, the formula written out. The specification.

Read this first. `kernel` gives the same bits, in blocks and many times faster; the tests hold
it to this page (`tests/unit/scoring/eager/test_kernel.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np

from ahpvalue.scoring.plan import (
    NEARLY,
    CategoryScores,
    Plan,
    PlanIndicator,
    PlanNode,
    ValueFunction,
)

__all__ = ["Outcome", "score_customer", "score_value"]


class Outcome(NamedTuple):
    """What an indicator or a node comes to for one customer.

    `absent`: it has no score, and its weight goes to its siblings. `lost`: the share of its
    weight that had no data. `coverage` is 1 minus that.
    """

    score: float
    absent: bool
    lost: float
    coverage: float


def score_customer(plan: Plan, values: Mapping[str, float]) -> dict[str, Outcome]:
    """Every part of a plan for one customer: indicators first, the goal last.

    Parameters
    ----------
    plan : Plan
    values : mapping of str to float
        Per indicator the value (missing: NaN), or the position of a category (missing: -1).
    """
    parts = {one.name: _indicator(one, values[one.name]) for one in plan.indicators}
    for node in plan.nodes:
        parts[node.name] = _node(node, [parts[name] for name in node.children])
    return parts


def score_value(function: ValueFunction | CategoryScores, value: float) -> float:
    """``y0 + (x - x0) * slope`` on the segment whose edges the value has passed."""
    if isinstance(function, CategoryScores):
        return function.scores[int(value)]
    x = min(max(value, function.low), function.high)
    if function.log_offset is not None:
        x = float(np.log(np.array([x + function.log_offset]))[0])
        x = min(max(x, function.x0[0]), function.x0[-1])
    k = sum(x >= edge if function.closed == "left" else x > edge for edge in function.edges)
    if function.is_flat:
        return function.y0[k]
    return function.y0[k] + (x - function.x0[k]) * function.slope[k]


def _indicator(indicator: PlanIndicator, value: float) -> Outcome:
    coded = isinstance(indicator.function, CategoryScores)
    missing = value < 0 if coded else isnan(value)
    if indicator.scored and not missing:
        return Outcome(score_value(indicator.function, value), False, 0.0, 1.0)
    if indicator.missing == "score":
        return Outcome(indicator.missing_score, False, 1.0, 0.0)
    return Outcome(0.0, True, 1.0, 0.0)


def _node(node: PlanNode, children: Sequence[Outcome]) -> Outcome:
    """Sums run from left to right; absent children leave their weight to the others."""
    total, lost, left = children[0].score * node.weights[0], 0.0, 0.0
    for weight, child in zip(node.weights[1:], children[1:], strict=True):
        total = total + child.score * weight
    for weight, child in zip(node.weights, children, strict=True):
        lost += child.lost * weight
        left += 0.0 if child.absent else weight
    coverage = 1 - lost if 1 - lost >= NEARLY else 0.0
    some_absent = any(child.absent for child in children)
    if coverage < node.minimum_coverage - NEARLY or (some_absent and left <= 0):
        return Outcome(0.0, True, 1.0, coverage)
    if some_absent:
        total = min(total / left, 100.0)
    return Outcome(total, False, lost, coverage)
