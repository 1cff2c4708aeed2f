"""The plan: a model as plain numbers, in the order in which they are used.

Engines execute plans and know nothing of the AHP. One formula in one order, so that every
engine gives the same bits: a score is ``y0 + (x - x0) * slope`` on the segment whose edges
the value has passed; a node is its children's scores times their weights, summed from left
to right; where children are absent the sum is divided by the weights that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, nextafter
from typing import Any

import numpy as np

from ahpvalue.scoring.conditions import Activity

__all__ = [
    "NEARLY",
    "CategoryScores",
    "PeerPlan",
    "Plan",
    "PlanIndicator",
    "PlanNode",
    "ValueFunction",
]


NEARLY = 1e-12
"""A coverage this close to the minimum reaches it."""

_CLOSEST = 1e-300  # knots nearer than this have no slope that is a number; the step is taken


@dataclass(frozen=True)
class ValueFunction:
    """A piecewise linear value function; bands are the case of slope 0.

    Attributes
    ----------
    edges : tuple of float
        Rising; a value is on segment k when it has passed k of them.
    closed : {"left", "right"}
        Whether a value on an edge has passed it (``[a, b)``) or not (``(a, b]``).
    x0, y0, slope : tuple of float, one more than edges
        A value x scores ``y0[k] + (x - x0[k]) * slope[k]``.
    low, high : float
        Values are first brought between these two.
    log_offset : float or None
        When not None, the logarithm of value + offset stands for the value.
    """

    edges: tuple[float, ...]
    closed: str
    x0: tuple[float, ...]
    y0: tuple[float, ...]
    slope: tuple[float, ...]
    low: float = -inf
    high: float = inf
    log_offset: float | None = None

    @classmethod
    def steps(cls, edges: Sequence[float], scores: Sequence[float], closed: str) -> ValueFunction:
        """Bands."""
        zeros = (0.0,) * len(scores)
        return cls(tuple(edges), closed, zeros, tuple(scores), zeros)

    @classmethod
    def curve(
        cls, knots: Sequence[tuple[float, float]], log_offset: float | None = None
    ) -> ValueFunction:
        """Straight lines between knots (value, score), flat beyond the outer ones."""
        low, high = knots[0][0], knots[-1][0]
        x = np.array([value for value, _ in knots])
        if log_offset is not None:
            x = np.log(x + log_offset)
        y = [float(score) for _, score in knots]
        x0 = x.tolist()
        slopes = [_slope(x0[k], y[k], x0[k + 1], y[k + 1]) for k in range(len(knots) - 1)]
        return cls(
            tuple(x0[1:]), "left", tuple(x0), tuple(y), (*slopes, 0.0), low, high, log_offset
        )

    @property
    def is_flat(self) -> bool:
        """Whether every segment is level, as for bands."""
        return not any(self.slope)

    @property
    def worst(self) -> float:
        """The lowest score it can give."""
        return min(self.y0)


def _slope(x0: float, y0: float, x1: float, y1: float) -> float:
    """The slope from one knot to the next, trimmed so that rounding never passes the next.

    Subtraction, multiplication and addition keep order when rounded, so if the last value
    before x1 stays on this side of y1 all do: scores are monotone and within 0..100 to
    the last bit.
    """
    slope = (y1 - y0) / (x1 - x0) if x1 - x0 > _CLOSEST else 0.0
    last = nextafter(x1, -inf)
    while slope and (y0 + (last - x0) * slope - y1) * (y1 - y0) > 0:
        slope = nextafter(slope, 0.0)
    return slope


@dataclass(frozen=True)
class CategoryScores:
    """A score for every category."""

    names: tuple[str, ...]
    scores: tuple[float, ...]
    is_flat = True

    @property
    def worst(self) -> float:
        """The lowest score it can give."""
        return min(self.scores)


@dataclass(frozen=True)
class PlanIndicator:
    """A column, the function that scores it, and what happens where it is missing.

    Attributes
    ----------
    missing : {"refuse", "renormalise", "score"}
    missing_score : float
        The score that stands in under ``"score"``.
    expected : tuple of float
        Where values are expected; others are scored as they stand, with a warning.
    scored : bool
        False when the reference had no value at all: every value counts as missing.
    """

    name: str
    column: str
    function: ValueFunction | CategoryScores
    missing: str = "refuse"
    missing_score: float = 0.0
    scored: bool = True
    expected: tuple[float, float] = (-inf, inf)

    @property
    def categories(self) -> tuple[str, ...] | None:
        """The categories the column holds; None for numbers."""
        return self.function.names if isinstance(self.function, CategoryScores) else None


@dataclass(frozen=True)
class PlanNode:
    """A criterion: children (indicators or earlier nodes) and their weights."""

    name: str
    children: tuple[str, ...]
    weights: tuple[float, ...]
    minimum_coverage: float = 0.0

    @classmethod
    def of(
        cls, name: str, children: Sequence[str], weights: Iterable[float], minimum: float
    ) -> PlanNode:
        """A node whose weights never sum to a score above 100."""
        return cls(name, tuple(children), tuple(_settled(list(map(float, weights)))), minimum)


def _settled(weights: list[float]) -> list[float]:
    """Weights moved by a few last bits so that children at 100 give 100, never more."""
    largest = weights.index(max(weights))
    for _ in range(64):
        top = _all_best(weights)
        if top == 100.0:
            break
        before = weights[largest]
        weights[largest] = nextafter(before, 0.0 if top > 100.0 else 2.0)
        if top < 100.0 < _all_best(weights):
            weights[largest] = before
            break
    return weights


def _all_best(weights: list[float]) -> float:
    total = weights[0] * 100.0
    for weight in weights[1:]:
        total += weight * 100.0
    return total


@dataclass(frozen=True)
class PeerPlan:
    """Who is scored among its peers, and how.

    Attributes
    ----------
    by : tuple of str
        The columns that say whose peer a customer is, widest last to be left out.
    groups : dict of tuple of str to tuple of PlanIndicator
        The groups with a reference of their own: values of the first columns to indicators.
    """

    by: tuple[str, ...]
    groups: Mapping[tuple[str, ...], tuple[PlanIndicator, ...]]


@dataclass(frozen=True)
class Plan:
    """What an engine needs to score a customer.

    Attributes
    ----------
    customer : str
        The column that names the customers.
    indicators : tuple of PlanIndicator
    nodes : tuple of PlanNode
        Children before parents; the goal comes last.
    active : Activity or None
        Who is scored at all; None for everybody.
    peers : PeerPlan or None
    """

    customer: str
    indicators: tuple[PlanIndicator, ...]
    nodes: tuple[PlanNode, ...]
    active: Activity | None = None
    peers: PeerPlan | None = None

    @cached_property
    def prepared(self) -> dict[Any, Any]:
        """What engines have worked out from it, kept as long as the plan is."""
        return {}

    @property
    def goal(self) -> str:
        """Name of the node whose score is the total."""
        return self.nodes[-1].name

    @property
    def criteria(self) -> tuple[str, ...]:
        """The nodes below the goal, from the top downwards."""
        return tuple(node.name for node in reversed(self.nodes[:-1]))

    def up_to(self, node: str) -> Plan:
        """The part of the plan that a node rests on, with this node as its goal."""
        names = [one.name for one in self.nodes]
        wanted, kept = {node}, []
        for one in reversed(self.nodes[: names.index(node) + 1]):
            if one.name in wanted:
                wanted.update(one.children)
                kept.append(one)
        indicators = tuple(one for one in self.indicators if one.name in wanted)
        return Plan(self.customer, indicators, tuple(reversed(kept)))
