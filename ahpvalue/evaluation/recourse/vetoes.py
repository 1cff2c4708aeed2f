"""Vetoes on the way: which changes of a customer's values meet one that bars the next tier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import compile_rule
from ahpvalue.evaluation.tiers import Tiers
from ahpvalue.scoring import CategoryScores, Customers, PlanIndicator, holds, node_scores

__all__ = ["Vetoes", "marks_of"]


class Vetoes:
    """The vetoes of some customers, by the values they have or would have.

    Parameters
    ----------
    tiers : Tiers
    rows : ndarray of int
        Whose vetoes.
    target : ndarray of int
        The tier each of them is on the way to.
    """

    def __init__(self, tiers: Tiers, rows: NDArray[np.intp], target: NDArray[np.int64]) -> None:
        scored = tiers.scored
        self.scored, self.rows, self.target = scored, rows, target
        vetoes = tiers.basis.section.vetoes.values()
        self.vetoes = [(compile_rule(one.when), tiers.names.index(one.at_most)) for one in vetoes]
        self.planned: dict[str, PlanIndicator] = {}
        for indicator in scored.plan.indicators:  # a rule may name the column, too
            self.planned[indicator.column] = indicator
        self.planned |= {indicator.name: indicator for indicator in scored.plan.indicators}

    def bar(self, customers: Customers) -> NDArray[np.bool_]:
        """Who would be barred from the target with these values."""
        known: dict[str, NDArray[Any]] = {}

        def lookup(name: str) -> NDArray[Any]:
            if name not in known:
                known[name] = self._values(name, customers)
            return known[name]

        barred = np.zeros(len(self.rows), dtype=bool)
        for rule, at_most in self.vetoes:
            barred |= holds(rule, lookup, len(self.rows)) & (at_most > self.target)
        return barred

    def _values(self, name: str, customers: Customers) -> NDArray[Any]:
        plan = self.scored.plan
        if name == "total" or name in plan.criteria or name == plan.goal:
            return node_scores(plan, customers, plan.goal if name == "total" else name)
        if name not in self.planned:
            return self.scored.values(name)[self.rows]
        function = self.planned[name].function
        values = customers.columns[self.planned[name].name]
        if not isinstance(function, CategoryScores):
            return values
        return np.array([*function.names, None], dtype=object)[values]


def marks_of(vetoes: Iterable[Any], indicator: PlanIndicator) -> list[float]:
    """The values of one indicator at which a veto just does not hold, by its own limits."""
    found: set[float] = set()
    for veto in vetoes:
        for alternative in compile_rule(veto.when):
            for one in alternative:
                if one.name in (indicator.name, indicator.column):
                    found |= {_free_of(*limit) for limit in one.limits}
                    found |= {float(x) for x in one.differs if not isinstance(x, str)}
                    for x in one.equals:
                        if not isinstance(x, str):
                            found |= {_free_of("at_least", x), _free_of("at_most", x)}
    return sorted(found)


def _free_of(kind: str, limit: float) -> float:
    away = {"at_least": -np.inf, "at_most": np.inf}.get(kind)
    return float(limit if away is None else np.nextafter(limit, away))
