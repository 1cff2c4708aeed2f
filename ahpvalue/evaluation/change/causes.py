"""Why a score or a tier changed: an exact split into causes that does not depend on their order.

Between two periods four things may have changed about a score: the customer's own figures, how
figures are graded (value functions, reference, lines), the weights, and which figures are missing.
Each subset of the four is tried with its new state and the others with their old one; a cause's
part is its mean effect over all orders in which the four could have changed (Shapley 1953, A
value for n-person games). The parts add up to the whole change. For given weights and data at hand
a total is a sum over indicators, so that every part is a sum over indicators, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scored import Scored
from ahpvalue.scoring import CategoryScores, Customers, Plan, node_and_points

__all__ = ["CAUSES", "OWN", "Split", "hybrids", "shapley"]

Array = NDArray[np.float64]

OWN, REFERENCE, WEIGHTS, MISSING = "own figures", "reference", "weights", "missing data"
CAUSES = (OWN, REFERENCE, WEIGHTS, MISSING)

_BLOCK = 32_768
Coalition = tuple[int, ...]  # of each cause: its old (0) or new (1) state
_COALITIONS: tuple[Coalition, ...] = tuple(product((0, 1), repeat=len(CAUSES)))


@dataclass(frozen=True)
class Split:
    """What each cause did, over customers that have a total in both periods.

    Attributes
    ----------
    parts : dict of str to ndarray, shape (customers,)
        Cause to points; NaN where it cannot be told (see `untold`).
    own : dict of str to ndarray
        The part of the customers' own figures, per indicator.
    values : dict of tuple to ndarray
        The figure that tiers are drawn on, for every mixture of old and new.
    untold : ndarray of bool
        Customers of whom some mixture of old and new has no score at all, so that the causes
        cannot be told apart.
    """

    parts: Mapping[str, Array]
    own: Mapping[str, Array]
    values: Mapping[Coalition, Array]
    untold: NDArray[np.bool_]


def shapley(worth: Mapping[Coalition, Any], cause: int) -> Any:
    """A cause's mean effect over all orders of four.

    Examples
    --------
    >>> worth = {c: 2.0 * c[0] + c[1] * c[2] for c in product((0, 1), repeat=4)}
    >>> [round(shapley(worth, k), 12) for k in range(4)]
    [2.0, 0.5, 0.5, 0.0]
    """
    weights = (1 / 4, 1 / 12, 1 / 12, 1 / 4)
    total: Any = 0.0
    for coalition in _COALITIONS:
        if coalition[cause]:
            continue
        joined = (*coalition[:cause], 1, *coalition[cause + 1 :])
        difference = worth[joined] - worth[coalition]
        total = total + weights[sum(coalition)] * difference
    return total


def hybrids(
    before: Scored,
    now: Scored,
    rows: tuple[NDArray[np.intp], NDArray[np.intp]],
    on: tuple[str, str],
) -> Split:
    """Score every mixture of old and new, and take the change of the totals apart.

    Parameters
    ----------
    before, now : Scores
    rows : (ndarray of int, ndarray of int)
        The same customers' rows in both.
    on : (str, str)
        The node or indicator that tiers are drawn on, in both.
    """
    size = len(rows[0])
    plans = {(r, w): _plan((before, now), r, w) for r in (0, 1) for w in (0, 1)}
    # A goal stays the goal, whatever it is called in the other model.
    is_goal = [node == scored.plan.goal for node, scored in zip(on, (before, now), strict=True)]
    names = list(dict.fromkeys(i.name for plan in plans.values() for i in plan.indicators))
    parts = {cause: np.zeros(size) for cause in CAUSES}
    own = {name: np.zeros(size) for name in names}
    values = {c: np.full(size, np.nan) for c in _COALITIONS}
    for start in range(0, size, _BLOCK):
        here = slice(start, min(start + _BLOCK, size))
        worth = {}
        for coalition, found in values.items():
            own_new, reference, weights, missing = coalition
            plan = plans[reference, weights]
            columns = _columns(
                (before, now), (rows[0][here], rows[1][here]), plan, own_new, missing
            )
            customers = Customers(plan.customer, (), columns, here.stop - here.start)
            node = plan.goal if is_goal[reference] else on[reference]
            value, points = node_and_points(plan, customers, node)
            nothing = np.zeros(customers.rows)
            worth[coalition] = np.array([points.get(name, nothing) for name in names])
            found[here] = value
        for k, cause in enumerate(CAUSES):
            part = shapley(worth, k)
            parts[cause][here] = part.sum(axis=0)
            if cause == OWN:
                for name, row in zip(names, part, strict=True):
                    own[name][here] = row
    untold = np.isnan(np.array(list(parts.values()))).any(axis=0)
    return Split(parts, own, values, untold)


def _plan(both: tuple[Scored, Scored], reference: int, weights: int) -> Plan:
    """One period's grading under the other's weights; what one does not know is the other's."""
    known = {i.name: i for i in both[1 - reference].plan.indicators}
    known |= {i.name: i for i in both[reference].plan.indicators}
    nodes = both[weights].plan.nodes
    *inner, goal = nodes
    leaves = dict.fromkeys(c for node in nodes for c in node.children if c in known)
    return Plan(
        both[weights].plan.customer,
        tuple(known[name] for name in leaves),
        (*inner, replace(goal, minimum_coverage=0.0)),
    )


def _columns(
    both: tuple[Scored, Scored],
    rows: tuple[NDArray[np.intp], NDArray[np.intp]],
    plan: Plan,
    own: int,
    missing: int,
) -> dict[str, NDArray[Any]]:
    """Old or new figures under the old or new pattern of what is missing."""
    columns = {}
    for indicator in plan.indicators:
        levels = indicator.categories
        found = [
            _figures(one, at, indicator.name, levels) for one, at in zip(both, rows, strict=True)
        ]
        absent = [np.isnan(one) if levels is None else one < 0 for one in found]
        nothing = np.nan if levels is None else -1
        # A figure that only one period has is that period's, whichever figures are meant.
        figures = np.where(absent[own], found[1 - own], found[own])
        columns[indicator.name] = np.where(absent[missing], nothing, figures).astype(found[0].dtype)
    return columns


def _figures(
    scored: Scored, rows: NDArray[np.intp], name: str, levels: tuple[str, ...] | None
) -> NDArray[Any]:
    """A period's figures, or its categories as positions in `levels`; missing where unknown."""
    customers = scored.customers
    is_coded = name in customers.coded
    if name not in customers.columns or is_coded != (levels is not None):
        return np.full(len(rows), np.nan) if levels is None else np.full(len(rows), -1)
    figures = customers.columns[name][rows]
    if levels is None:
        return figures.astype(np.float64)
    function = next(i.function for i in scored.plan.indicators if i.name == name)
    assert isinstance(function, CategoryScores)
    if function.names == levels:
        return np.asarray(figures)
    places = [levels.index(level) if level in levels else -1 for level in function.names]
    recoded: NDArray[Any] = np.array([*places, -1])[figures]
    return recoded
