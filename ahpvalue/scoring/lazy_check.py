"""Checking a lazy table: what an eager one is refused or warned for, asked of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from sys import float_info
from typing import TYPE_CHECKING, Any

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, warn
from ahpvalue.scoring.answers import checked_stages
from ahpvalue.scoring.plan import Levels, Plan, PlanIndicator
from ahpvalue.scoring.remarks import (
    alive_remark,
    empty_remark,
    infinite_problem,
    missing_problem,
    outside_remark,
)
from ahpvalue.scoring.scores import inputs_table
from ahpvalue.tables import Table

if TYPE_CHECKING:
    from ahpvalue.scoring.lazy import LazyCustomers

__all__ = ["checked_inputs"]

_SHOWN = 3


def checked_inputs(plan: Plan, customers: LazyCustomers, ids: bool) -> Table:
    """Count on the engine what the columns hold; refuse and warn as for an eager table.

    Parameters
    ----------
    plan : Plan
    customers : LazyCustomers
    ids : bool
        Whether every customer must have an id of its own, as ranks need it.
    """
    return _Check(plan, customers).table(ids)


class _Check:
    def __init__(self, plan: Plan, customers: LazyCustomers) -> None:
        import narwhals as nw

        self.nw, self.plan, self.customers = nw, plan, customers
        stages = checked_stages(plan, customers.kinds, customers.language)
        frame = nw.from_native(customers.with_stages(stages))
        self.frame = frame.filter(nw.col("row_active")) if plan.active is not None else frame

    def table(self, ids: bool) -> Table:
        """One row per indicator."""
        found = self._counts(ids)
        problems: list[Problem] = []
        if ids and found["distinct"] != found["rows"]:
            problems.append(self._doubtful_ids(found))
        for one in self.plan.indicators:
            problems += self._problems(one, found)
            for remark in self._remarks(one, found):
                warn(f"column {one.column!r} ({one.name}): {remark}", CustomerDataWarning)
        if problems:
            raise CustomerDataError(problems)
        rows = int(found["rows"])
        return inputs_table(
            (one, _summary(one, found, rows - int(found[f"held {one.name}"])))
            for one in self.plan.indicators
        )

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

    def _doubtful_ids(self, found: Mapping[str, Any]) -> Problem:
        more = int(found["rows"]) - int(found["distinct"])
        text = f"{more:,} rows have no id, or one that stands in another row; keep one row each"
        return Problem(f"column {self.plan.customer!r}: {text}")

    def _problems(self, one: PlanIndicator, found: Mapping[str, Any]) -> list[Problem]:
        name, column = one.name, one.column
        figure = self.nw.col(f"figure_{name}")
        problems = []
        infinite, unknown = (
            int(found.get(f"{kind} {name}", 0)) for kind in ("infinite", "unknown")
        )
        if infinite:
            problems.append(
                infinite_problem(name, column, self._who(self._infinite(figure), infinite))
            )
        if unknown:
            assert isinstance(one.function, Levels)
            who = self._who(~self.nw.col(f"known_{name}"), unknown)
            problems.append(
                Problem(
                    f"column {column!r} ({name}): holds what the model does not know for {who}; "
                    f"the model's categories are {', '.join(one.function.names)}"
                )
            )
        missing = int(found["rows"]) - int(found[f"held {name}"])
        if missing and one.missing == "refuse":
            who = self._who(figure.is_null(), missing)
            problems.append(missing_problem(name, column, who))
        return problems

    def _remarks(self, one: PlanIndicator, found: Mapping[str, Any]) -> list[str]:
        name, rows, held = one.name, int(found["rows"]), int(found[f"held {one.name}"])
        remarks = []
        for word, limit in zip(("below", "above"), one.expected, strict=True):
            count = int(found.get(f"expected {word} {name}", 0))
            if count:
                far = float(found[f"{'low' if word == 'below' else 'high'} {name}"])
                outside = self._beyond(self.nw.col(f"figure_{name}"), word, limit)
                who = self._who(outside, count)
                remarks.append(outside_remark(name, (count, rows), (word, limit, far), who))
        if one.graded and not held and rows > 1:
            remarks.append(empty_remark(rows))
        if held and not one.graded:
            remarks.append(alive_remark())
        return remarks


def _sides(one: PlanIndicator) -> list[tuple[str, float]]:
    """What is counted on both sides: beyond the value function's ends, and the expected range."""
    assert not isinstance(one.function, Levels)
    sides = [("below", one.function.low), ("above", one.function.high)]
    sides += [("expected below", one.expected[0]), ("expected above", one.expected[1])]
    return [(word, limit) for word, limit in sides if isfinite(limit)]


def _summary(one: PlanIndicator, found: Mapping[str, Any], missing: int) -> tuple[Any, ...]:
    name, held = one.name, int(found[f"held {one.name}"])
    if isinstance(one.function, Levels):
        return held, missing, None, None, None, None
    ends = (found[f"low {name}"], found[f"high {name}"]) if held else (None, None)
    beyond = (int(found.get(f"{word} {name}", 0)) for word in ("below", "above"))
    return held, missing, *ends, *beyond
