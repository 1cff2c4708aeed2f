"""Checking a lazy table: what an eager one is refused or warned for, asked of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from sys import float_info
from typing import Any

import numpy as np

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, warn
from ahpvalue.scoring.customers import (
    alive_remark,
    empty_remark,
    infinite_problem,
    missing_problem,
    outside_remark,
)
from ahpvalue.scoring.inputs import inputs_table
from ahpvalue.scoring.lazy.dialect import look_up
from ahpvalue.scoring.lazy.expressions import Narwhals
from ahpvalue.scoring.lazy.lazy_customers import LazyCustomers
from ahpvalue.scoring.lazy.outputs import checked_stages
from ahpvalue.scoring.plan import Levels, Plan, PlanIndicator
from ahpvalue.support.display import Table

__all__ = ["LazyCheck", "check_inputs", "tally"]

_SHOWN = 3


def check_inputs(plan: Plan, customers: LazyCustomers, ids: bool) -> Table:
    """Count on the engine what the columns hold; refuse and warn as for an eager table.

    Parameters
    ----------
    plan : Plan
    customers : LazyCustomers
    ids : bool
        Whether every customer must have an id of its own, as ranks need it.
    """
    check = LazyCheck(plan, customers, ids)
    check.refuse()
    for one in plan.indicators:
        for remark in check.remarks(one):
            warn(f"column {one.column!r} ({one.name}): {remark}", CustomerDataWarning)
    return inputs_table((one, check.summary(one)) for one in plan.indicators)


class LazyCheck:
    """What a lazy table holds, counted by its engine in one query.

    Attributes
    ----------
    frame : narwhals.LazyFrame
        ``row_id`` and ``figure_NAME`` of those who are active.
    rows : int
        How many they are.
    """

    def __init__(self, plan: Plan, customers: LazyCustomers, ids: bool) -> None:
        import narwhals as nw

        self.nw, self.plan, self.customers = nw, plan, customers
        stages = checked_stages(plan, customers.kinds, customers.language)
        frame = nw.from_native(customers.with_stages(stages))
        self.frame = frame.filter(nw.col("row_active")) if plan.active is not None else frame
        self._found = self._counts(ids)
        self.rows = int(self._found["rows"])

    def refuse(self) -> None:
        """Raise for all that an eager table is refused for."""
        problems: list[Problem] = []
        if self._found.get("distinct", self.rows) != self.rows:
            problems.append(self._doubtful_ids())
        for one in self.plan.indicators:
            problems += self._problems(one)
        if problems:
            raise CustomerDataError(problems)

    def held(self, name: str) -> int:
        """How many customers have a figure or category."""
        return int(self._found[f"held {name}"])

    def ends(self, name: str) -> tuple[float, float]:
        """The lowest and the highest figure."""
        return float(self._found[f"low {name}"]), float(self._found[f"high {name}"])

    def remarks(self, one: PlanIndicator) -> list[str]:
        """What an eager table is warned of."""
        remarks, held = self.outside(one), self.held(one.name)
        if one.graded and not held and self.rows > 1:
            remarks.append(empty_remark(self.rows))
        if held and not one.graded:
            remarks.append(alive_remark())
        return remarks

    def outside(self, one: PlanIndicator) -> list[str]:
        """Figures outside the expected range."""
        name, remarks = one.name, []
        for word, limit in zip(("below", "above"), one.expected, strict=True):
            count = int(self._found.get(f"expected {word} {name}", 0))
            if count:
                far = self.ends(name)[0 if word == "below" else 1]
                outside = self._beyond(self.nw.col(f"figure_{name}"), word, limit)
                who = self._who(outside, count)
                remarks.append(outside_remark(name, (count, self.rows), (word, limit, far), who))
        return remarks

    def summary(self, one: PlanIndicator) -> tuple[Any, ...]:
        """Values, missing ones, the ends, and how many lie beyond the function's ends."""
        held = self.held(one.name)
        if isinstance(one.function, Levels):
            return held, self.rows - held, None, None, None, None
        ends = self.ends(one.name) if held else (None, None)
        beyond = (int(self._found.get(f"{word} {one.name}", 0)) for word in ("below", "above"))
        return held, self.rows - held, *ends, *beyond

    def _counts(self, ids: bool) -> dict[str, Any]:
        """Everything that is counted, in one query."""
        nw = self.nw
        terms = {"rows": nw.len()}
        if ids:
            terms["distinct"] = nw.col("row_id").n_unique() - nw.col("row_id").null_count().clip(
                upper_bound=1
            )
        for one in self.plan.indicators:
            terms |= self._terms(one)
        row = self.frame.select(**terms).collect().to_dict(as_series=False)
        return {name: values[0] or 0 for name, values in row.items()} | {
            name: values[0] for name, values in row.items() if name.startswith(("low ", "high "))
        }

    def _terms(self, one: PlanIndicator) -> dict[str, Any]:
        name, figure = one.name, self.nw.col(f"figure_{one.name}")
        terms = {f"held {name}": figure.count()}
        if isinstance(one.function, Levels):
            return terms | {f"unknown {name}": self._count(~self.nw.col(f"known_{name}"))}
        terms |= {f"low {name}": figure.min(), f"high {name}": figure.max()}
        for word, limit in _sides(one):
            terms[f"{word} {name}"] = self._count(self._beyond(figure, word, limit))
        terms[f"infinite {name}"] = self._count(self._infinite(figure))
        return terms

    def _count(self, condition: Any) -> Any:
        nw = self.nw
        return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()

    def _beyond(self, figure: Any, word: str, limit: float) -> Any:
        bound = self.customers.number(limit)
        return figure < bound if word.endswith("below") else figure > bound

    def _infinite(self, figure: Any) -> Any:
        largest = float_info.max
        return self._beyond(figure, "below", -largest) | self._beyond(figure, "above", largest)

    def _who(self, condition: Any, count: int) -> str:
        """The first of the customers for whom a condition holds, and how many more."""
        found = self.frame.filter(condition).select("row_id").sort("row_id").head(_SHOWN).collect()
        shown = ", ".join(map(str, found["row_id"].to_list()))
        return shown + (f" and {count - _SHOWN:,} more" if count > _SHOWN else "")

    def _doubtful_ids(self) -> Problem:
        more = self.rows - int(self._found["distinct"])
        text = f"{more:,} rows have no id, or one that stands in another row; keep one row each"
        return Problem(f"column {self.plan.customer!r}: {text}")

    def _problems(self, one: PlanIndicator) -> list[Problem]:
        name, column = one.name, one.column
        figure = self.nw.col(f"figure_{name}")
        problems = []
        infinite = int(self._found.get(f"infinite {name}", 0))
        if infinite:
            who = self._who(self._infinite(figure), infinite)
            is_text = self.customers.kinds[column] == "text"
            text = (
                f"column {column!r} ({name}): holds text for {who}; convert the column to numbers"
            )
            problems.append(Problem(text) if is_text else infinite_problem(name, column, who))
        unknown = int(self._found.get(f"unknown {name}", 0))
        if unknown:
            assert isinstance(one.function, Levels)
            who = self._who(~self.nw.col(f"known_{name}"), unknown)
            problems.append(
                Problem(
                    f"column {column!r} ({name}): holds what the model does not know for {who}; "
                    f"the model's categories are {', '.join(one.function.names)}"
                )
            )
        missing = self.rows - self.held(name)
        if missing and one.missing == "refuse":
            who = self._who(figure.is_null(), missing)
            problems.append(missing_problem(name, column, who))
        return problems


def _sides(one: PlanIndicator) -> list[tuple[str, float]]:
    """What is counted on both sides: beyond the value function's ends, and the expected range."""
    assert not isinstance(one.function, Levels)
    sides = [("below", one.function.low), ("above", one.function.high)]
    sides += [("expected below", one.expected[0]), ("expected above", one.expected[1])]
    return [(word, limit) for word, limit in sides if isfinite(limit)]


def tally(frame: Any, column: str, figures: Sequence[float]) -> tuple[list[int], list[int]]:
    """How many rows of a lazy frame are below each of some rising figures, and how many have it.

    One look-up and one group-by, however many figures there are.
    """
    import narwhals as nw

    customers = LazyCustomers(frame)
    language = Narwhals(spelled=customers.engine == "ibis")
    value = language.column(column)
    conditions = [
        condition
        for limit in map(language.number, figures)
        for condition in (value < limit, value <= limit)
    ]
    places = [language.number(float(place)) for place in range(len(conditions) + 1)]
    place = look_up(language, conditions, places).alias("place")
    held = frame.filter(~nw.col(column).is_null()).select(place)
    found = held.group_by("place").agg(row_count=nw.len()).collect().to_dict(as_series=False)
    counts = np.zeros(len(places), dtype=np.int64)
    for at, count in zip(found["place"], found["row_count"], strict=True):
        counts[int(at)] = int(count)
    return np.cumsum(counts)[:-1:2].tolist(), counts[1::2].tolist()
