"""What a node can score at all, and the lines and limits that lie outside of it.

A line that nobody can reach, or that everybody has, makes a tier that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.build_plan import build_plan, expected_range
from ahpvalue.compiling.comparisons import Comparison
from ahpvalue.compiling.unfitted import find_unfitted
from ahpvalue.document import ModelDocument, list_rules
from ahpvalue.errors import Path, Problem
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.scoring import CategoryScores, Plan, PlanIndicator

__all__ = ["impossible_lines", "score_ranges"]

Array = NDArray[np.float64]
Range = tuple[float, float]

_ANYTHING = (0.0, 100.0)
_NEARLY = 1e-9  # what rounding leaves of a sum of weights


def score_ranges(plan: Plan) -> dict[str, Range]:
    """The lowest and the highest score that each node can give, whatever a customer's values.

    Examples
    --------
    >>> from ahpvalue.scoring import PlanIndicator, PlanNode, ValueFunction
    >>> steps = ValueFunction.steps([5.0], [20.0, 80.0], "left")
    >>> plan = Plan("customer", (PlanIndicator("x", "x", steps),), (PlanNode("v", ("x",), (1.0,)),))
    >>> score_ranges(plan)
    {'x': (20.0, 80.0), 'v': (20.0, 80.0)}
    """
    found = {one.name: _indicator_range(one) for one in plan.indicators}
    absent = {one.name: one.missing == "renormalise" for one in plan.indicators}
    for node in plan.nodes:
        free = [absent[child] for child in node.children]
        highest = _extreme([found[child][1] for child in node.children], node.weights, free)
        lowest = -_extreme([-found[child][0] for child in node.children], node.weights, free)
        found[node.name] = (lowest, highest)
        absent[node.name] = any(free) or node.minimum_coverage > 0
    return found


def _indicator_range(one: PlanIndicator) -> Range:
    function = one.function
    scores = list(function.scores if isinstance(function, CategoryScores) else function.y0)
    if one.missing == "score":
        scores.append(one.missing_score)
    return min(scores), max(scores)


def _extreme(scores: list[float], weights: tuple[float, ...], free: list[bool]) -> float:
    """The highest weighted mean, where some children may be absent and hand on their weight."""
    rows = zip(scores, weights, free, strict=True)
    weighing = sorted(((w, s, f) for s, w, f in rows if w > 0), key=lambda one: (one[2], -one[1]))
    total = weight = 0.0
    for own, score, may_lack in weighing:
        if may_lack and weight > 0 and score * weight <= total:
            break  # whoever lacks it, and what comes after it, has more
        total, weight = total + own * score, weight + own
    return total / weight if weight > 0 else scores[0]


def impossible_lines(
    document: ModelDocument,
    hierarchy: Hierarchy,
    local: Mapping[str, Array],
    comparisons: Mapping[str, Comparison],
) -> list[Problem]:
    """Lines of tiers and grids, and limits of rules, beyond what can be scored.

    Of a document whose value functions or weights wait for a reference, scores from 0 to 100 are
    taken to be possible; it is asked again when it is fitted.
    """
    if not document.indicators:
        return []
    if document.tiers is None and document.segments is None:
        return []
    if find_unfitted(document).for_scores:
        ranges = dict.fromkeys([*hierarchy.criteria, "total"], _ANYTHING)
    else:
        pooled = document.model_copy(update={"peers": None})  # lines are drawn on pooled scores
        ranges = score_ranges(build_plan(pooled, hierarchy, local, comparisons))
        ranges["total"] = ranges[next(iter(document.hierarchy))]
    nodes = {name: ranges[name] for name in [*hierarchy.criteria, "total"]}
    return [
        *_tier_problems(document, nodes),
        *_grid_problems(document, nodes),
        *_rule_problems(document, nodes),
    ]


def _tier_problems(document: ModelDocument, nodes: Mapping[str, Range]) -> Iterator[Problem]:
    tiers = document.tiers
    if tiers is None:
        return
    on = tiers.on or next(iter(document.hierarchy))
    possible = nodes.get(on) or _stated_range(document, on)
    for name, level in tiers.levels.items():
        if level.score is None:
            continue
        said = _beyond(on, level.score, possible, inside=tiers.ties == "in")
        if said:
            yield Problem(said, ("tiers", "levels", name, "score"))


def _stated_range(document: ModelDocument, name: str) -> Range:
    """The range of an indicator's values: only what somebody stated."""
    indicator = document.indicators.get(name)
    if indicator is None or (indicator.range is None and indicator.unit != "share"):
        return -inf, inf
    return expected_range(indicator)


def _grid_problems(document: ModelDocument, nodes: Mapping[str, Range]) -> Iterator[Problem]:
    if document.reference is not None:
        return  # fit may have drawn them, and they lie where the customers are
    for name, grid in (document.segments.grids if document.segments else {}).items():
        for axis, lines in ((grid.rows, "row_lines"), (grid.columns, "column_lines")):
            possible = nodes.get(axis) or _stated_range(document, axis)
            for line in getattr(grid, lines):
                said = isinstance(line, float) and _beyond(axis, line, possible, inside=True)
                if said:
                    yield Problem(said, ("segments", "grids", name, lines))


def _beyond(node: str, line: float, possible: Range, *, inside: bool) -> str:
    """Why a line divides nobody from anybody; empty where it may. `inside`: who is on it has it."""
    low, high = possible
    beyond = line > high + _NEARLY if inside else line >= high - _NEARLY
    everybody = line <= low + _NEARLY if inside else line < low - _NEARLY
    if not (beyond or everybody):
        return ""
    who = "nobody can reach" if beyond else "everybody has"
    return f"{who} a line of {line:g}: {node} lies between {low:g} and {high:g}"


def _rule_problems(document: ModelDocument, nodes: Mapping[str, Range]) -> Iterator[Problem]:
    """Requirements on a score that can never be met."""
    for path, when in list_rules(document):
        if path[0] == "active":
            continue  # asks for values, before there are scores
        for alternative in when:
            for name, wanted in alternative.items():
                if name in nodes:
                    yield from _never_met(path, name, wanted, nodes[name])


def _never_met(path: Path, name: str, wanted: object, possible: Range) -> Iterator[Problem]:
    low, high = possible
    never: dict[str, Callable[[float], bool]] = {
        "at_least": lambda limit: limit > high + _NEARLY,
        "above": lambda limit: limit >= high - _NEARLY,
        "at_most": lambda limit: limit < low - _NEARLY,
        "below": lambda limit: limit <= low + _NEARLY,
    }
    for key, is_never in never.items():
        limit = getattr(wanted, key)
        if limit is not None and is_never(limit):
            said = f"{name} is never {key.replace('_', ' ')} {limit:g}: it lies between"
            yield Problem(f"{said} {low:g} and {high:g}", path)
