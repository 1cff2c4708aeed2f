"""Why a score or a tier changed: an exact split into causes that does not depend on their order.

Between two periods four things may have changed about a score: the customer's own values, how
values are scored (value functions, reference, lines), the weights, and which values are missing.
Each subset of the four is tried with its new state and the others with their old one; a cause's
part is its mean effect over all orders in which the four could have changed (Shapley 1953, A
value for n-person games). The parts add up to the whole change. Between models of two methods
(see `ahpvalue.compiling.method`), what changed without another reference or other judgments is
called the method. For given weights and data at hand
a total is a sum over indicators, so that every part is a sum over indicators, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import CompiledModel, judgments_hash
from ahpvalue.document import ModelDocument, plain
from ahpvalue.scored import Scored
from ahpvalue.scoring import Customers, Plan, node_and_points

__all__ = [
    "CAUSES",
    "METHOD",
    "OWN",
    "REFERENCE",
    "WEIGHTS",
    "Coalition",
    "Split",
    "hybrids",
    "shapley",
]

Array = NDArray[np.float64]

OWN, REFERENCE, WEIGHTS, MISSING = "own values", "reference", "weights", "missing data"
CAUSES = (OWN, REFERENCE, WEIGHTS, MISSING)
METHOD = "method"

_BLOCK = 8_192  # rows; every mixture of own values and missing ones is scored with them
Coalition = tuple[int, ...]  # of each cause: its old (0) or new (1) state
_COALITIONS: tuple[Coalition, ...] = tuple(product((0, 1), repeat=len(CAUSES)))
_MIXTURES = tuple(product((0, 1), repeat=2))  # own values and missing ones, old or new


@dataclass(frozen=True)
class Split:
    """What each cause did, over customers that have a total in both periods.

    Attributes
    ----------
    parts : dict of str to ndarray, shape (customers,)
        Cause to points; NaN in every one of them for customers of whom some mixture of old and
        new has no score at all, so that the causes cannot be told apart.
    own : dict of str to ndarray
        The part of the customers' own values, per indicator.
    values : dict of tuple to ndarray
        The value that tiers are drawn on, for every mixture of old and new.
    names : tuple of str
        What each of `CAUSES` is between these two models: itself, or the method.
    """

    parts: Mapping[str, Array]
    own: Mapping[str, Array]
    values: Mapping[Coalition, Array]
    names: tuple[str, ...]

    def by_cause(self, worth: Mapping[Coalition, Array]) -> dict[str, Array]:
        """Each cause's part of what the mixtures of old and new are worth, by its name."""
        found: dict[str, Array] = {}
        for k, name in enumerate(self.names):
            part = shapley(worth, k)
            found[name] = found[name] + part if name in found else part
        return found


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
    before, now : Scored
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
    causes = name_causes(before.model, now.model)
    parts = {cause: np.zeros(size) for cause in causes}
    own = {name: np.zeros(size) for name in names}
    values = {c: np.full(size, np.nan) for c in _COALITIONS}
    for start in range(0, size, _BLOCK):
        here = slice(start, min(start + _BLOCK, size))
        both = _BothPeriods((before, now), (rows[0][here], rows[1][here]))
        worth: dict[Coalition, Array] = {}
        for (reference, weights), plan in plans.items():
            node = plan.goal if is_goal[reference] else on[reference]
            customers = both.mixtures(plan)
            value, points = node_and_points(plan, customers, node)
            nothing = np.zeros(customers.rows)
            stacked = np.array([points.get(name, nothing) for name in names])
            for k, (own_new, missing) in enumerate(_MIXTURES):
                coalition, part = (own_new, reference, weights, missing), both.rows_of(k)
                values[coalition][here] = value[part]
                worth[coalition] = stacked[:, part]
        for k, cause in enumerate(causes):
            part = shapley(worth, k)
            parts[cause][here] += part.sum(axis=0)
            if cause == OWN:
                for name, row in zip(names, part, strict=True):
                    own[name][here] = row
    return Split(parts, own, values, causes)


def name_causes(before: CompiledModel, now: CompiledModel) -> tuple[str, ...]:
    """The four causes between two models; what only the method can have changed is the method's.

    Of two models of different methods, the weights are the method's where the judgments are the
    same, and value functions and lines where population and statements are.
    """
    if before.method == now.method:
        return CAUSES
    old, new = before.document, now.document
    same_judgments = judgments_hash(old) == judgments_hash(new)
    same_reference = before.reference_hash == now.reference_hash and _stated(old) == _stated(new)
    return (
        OWN,
        METHOD if same_reference else REFERENCE,
        METHOD if same_judgments else WEIGHTS,
        MISSING,
    )


def _stated(document: ModelDocument) -> tuple[Any, ...]:
    """Value functions and tiers without the numbers that the method finds for them."""
    data = plain(document)
    functions = {
        name: {key: value for key, value in one.items() if key != "percentile"}
        | {"better": one.get("percentile", {}).get("better")}
        for name, one in data.get("indicators", {}).items()
    }
    levels = {
        name: {key: value for key, value in level.items() if key not in ("line", "customers")}
        for name, level in data.get("tiers", {}).get("levels", {}).items()
    }
    return functions, levels, data.get("peers", {}).get("by")


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


class _BothPeriods:
    """The values of the same customers in both periods, and every mixture of old and new."""

    def __init__(
        self, both: tuple[Scored, Scored], rows: tuple[NDArray[np.intp], NDArray[np.intp]]
    ) -> None:
        self._both, self._rows, self._size = both, rows, len(rows[0])
        self._read: dict[tuple[str, tuple[str, ...] | None], list[NDArray[Any]]] = {}

    def rows_of(self, mixture: int) -> slice:
        """Where the customers of one of the mixtures stand."""
        return slice(mixture * self._size, (mixture + 1) * self._size)

    def mixtures(self, plan: Plan) -> Customers:
        """The customers four times under each other, one mixture of `_MIXTURES` after another.

        Rows are scored one by one, so that one run gives the bits of four.
        """
        columns = {one.name: self._column(one.name, one.categories) for one in plan.indicators}
        return Customers(plan.customer, (), columns, len(_MIXTURES) * self._size)

    def _column(self, name: str, categories: tuple[str, ...] | None) -> NDArray[Any]:
        """Old or new values under the old or new pattern of what is missing."""
        if (name, categories) not in self._read:
            self._read[name, categories] = [
                _values(one, at, name, categories)
                for one, at in zip(self._both, self._rows, strict=True)
            ]
        found = self._read[name, categories]
        nothing = np.nan if categories is None else -1
        absent = [np.isnan(one) if categories is None else one < 0 for one in found]
        # A value that only one period has is that period's, whichever values are meant.
        filled = [np.where(absent[k], found[1 - k], found[k]) for k in (0, 1)]
        mixed = [np.where(absent[missing], nothing, filled[own]) for own, missing in _MIXTURES]
        return np.concatenate(mixed).astype(found[0].dtype)


def _values(
    scored: Scored, rows: NDArray[np.intp], name: str, categories: tuple[str, ...] | None
) -> NDArray[Any]:
    """A period's values, or positions in `categories`; missing where they are unknown."""
    customers = scored.customers
    is_coded = name in customers.coded
    if name not in customers.columns or is_coded != (categories is not None):
        return np.full(len(rows), np.nan) if categories is None else np.full(len(rows), -1)
    values = customers.columns[name][rows]
    if categories is None:
        return values.astype(np.float64)
    names = next(one.categories for one in scored.plan.indicators if one.name == name)
    assert names is not None
    if names == categories:
        return np.asarray(values)
    places = [categories.index(one) if one in categories else -1 for one in names]
    return np.array([*places, -1])[values]
