"""In which order a plan's parts are scored, by what, and whose arrays are free afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.eager.lookup import LookUp, Scorer, worth_building_for
from ahpvalue.scoring.eager.missing import node_missing, renormalise, weighted_sum
from ahpvalue.scoring.plan import CategoryScores, Plan, PlanIndicator, PlanNode

__all__ = ["Joint", "Step", "prepared_scorers", "prepared_steps"]

Array = NDArray[np.float64]
Scorers = Mapping[str, "Scorer | Array"]

_MOST_STATES = 256  # that a byte can tell apart


class Joint:
    """A node whose children are bands: their states together are one state, looked up once.

    The table holds the node's score for every combination of bands, and of missing values.

    Attributes
    ----------
    scorers : dict of str to Scorer
        Of the children, in order.
    sizes : list of int
        How many states each has.
    table : LookUp
    """

    def __init__(self, node: PlanNode, children: list[PlanIndicator], scorers: Scorers) -> None:
        self.scorers = {
            one.name: scorer for one in children if isinstance(scorer := scorers[one.name], Scorer)
        }
        self.sizes = [len(scorer.scores) for scorer in self.scorers.values()]
        states = np.indices(self.sizes).reshape(len(children), -1)
        scores = [
            scorer.scores[own] for scorer, own in zip(self.scorers.values(), states, strict=True)
        ]
        total, product = np.empty(prod(self.sizes)), np.empty(prod(self.sizes))
        weighted_sum(node, scores, total, product)
        missing = {
            one.name: own == size - 1
            for one, own, size in zip(children, states, self.sizes, strict=True)
        }
        own = node_missing(Plan("", tuple(children), (node,)), missing)[node.name]
        if own.divisor is not None:
            renormalise(total, own.divisor, own)
        self.table = LookUp(total, pairs=True)


@dataclass(frozen=True)
class Step:
    """An indicator or node to score, whose arrays are free afterwards, and a shorter way."""

    part: PlanIndicator | PlanNode
    freed: tuple[str, ...]
    joint: Joint | None = None


def prepared_scorers(plan: Plan, rows: int) -> Scorers:
    """Per indicator what scores its values, or the scores of its categories."""
    large = worth_building_for(rows)
    if ("scorers", large) not in plan.prepared:
        scorers: dict[str, Scorer | Array] = {}
        for indicator in plan.indicators:
            function = indicator.function
            absent = indicator.missing_score if indicator.missing == "score" else 0.0
            scorers[indicator.name] = (
                np.array([*function.scores, absent])
                if isinstance(function, CategoryScores)
                else Scorer(function, absent, large=large)
            )
        plan.prepared["scorers", large] = scorers
    return plan.prepared["scorers", large]


def prepared_steps(
    plan: Plan, rows: int, parts: Collection[str] | None, into: Collection[str]
) -> tuple[list[Step], int]:
    """The steps, and how many arrays are in use at the same time.

    Parameters
    ----------
    parts : collection of str or None
        The parts that are wanted; None for all.
    into : collection of str
        Those whose scores are written elsewhere.
    """
    wanted = None if parts is None else frozenset(parts)
    key = ("steps", worth_building_for(rows), wanted, frozenset(into))
    if key not in plan.prepared:
        order = _order(plan, parts)
        kept = {*order} if parts is None else {*parts, *into}
        joints = {}
        if worth_building_for(rows):
            joints = _joints(order, kept, prepared_scorers(plan, rows))
        steps = _steps(order, kept, joints)
        now = most = 0
        for step in steps:
            now += step.part.name not in into
            most = max(most, now)
            now -= len(step.freed)
        plan.prepared[key] = steps, most
    return plan.prepared[key]


Order = dict[str, PlanIndicator | PlanNode]


def _order(plan: Plan, parts: Collection[str] | None) -> Order:
    """What is needed, every indicator just before the first node that needs it."""
    indicators = {one.name: one for one in plan.indicators}
    needed = {*indicators, *(node.name for node in plan.nodes)} if parts is None else {*parts}
    for node in reversed(plan.nodes):
        if node.name in needed:
            needed.update(node.children)
    order: Order = {}
    for node in plan.nodes:
        if node.name in needed:
            order |= {name: indicators[name] for name in node.children if name in indicators}
            order[node.name] = node
    return order | {name: one for name, one in indicators.items() if name in needed}


def _joints(order: Order, kept: Collection[str], scorers: Scorers) -> dict[str, Joint]:
    """The nodes that can be looked up: all children bands that nobody else asks for."""
    nodes = [one for one in order.values() if isinstance(one, PlanNode)]
    used = [name for node in nodes for name in node.children]
    found = {}
    for node in nodes:
        children = [one for name in node.children if isinstance(one := order[name], PlanIndicator)]
        counted = [
            scorer
            for one in children
            if one.name not in kept
            and used.count(one.name) == 1
            and isinstance(scorer := scorers[one.name], Scorer)
            and scorer.is_counted
        ]
        if len(counted) < len(node.children):
            continue
        if prod(len(scorer.scores) for scorer in counted) <= _MOST_STATES:
            found[node.name] = Joint(node, children, scorers)
    return found


def _steps(order: Order, kept: Collection[str], joints: Mapping[str, Joint]) -> list[Step]:
    last_use: dict[str, str] = {}
    within: set[str] = set()
    for name, part in order.items():
        if name in joints:
            within.update(joints[name].scorers)
        elif isinstance(part, PlanNode):
            last_use |= dict.fromkeys(part.children, name)
    freed: dict[str, list[str]] = {}
    for name, last in last_use.items():
        if name not in kept:
            freed.setdefault(last, []).append(name)
    return [
        Step(part, tuple(freed.get(name, ())), joints.get(name))
        for name, part in order.items()
        if name not in within
    ]
