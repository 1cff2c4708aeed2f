"""Checking a lazy table: what an eager one is refused or warned for, asked of the engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from sys import float_info
from typing import Any

import numpy as np

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, warn
from ahpvalue.scoring.conditions import INACTIVE
from ahpvalue.scoring.inputs import inputs_table
from ahpvalue.scoring.lazy.column_counts import SHOWN, ColumnCounts, sides
from ahpvalue.scoring.lazy.dialect import look_up
from ahpvalue.scoring.lazy.expressions import Narwhals
from ahpvalue.scoring.lazy.lazy_customers import LazyCustomers
from ahpvalue.scoring.lazy.outputs import checked_stages, doubted
from ahpvalue.scoring.plan import CategoryScores, Plan, PlanIndicator
from ahpvalue.support.display import Table

__all__ = ["LazyCheck", "check_inputs", "tally"]


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
    for text in check.warnings(plan):
        warn(text, CustomerDataWarning)
    return inputs_table((one, check.summary(one)) for one in plan.indicators)


class LazyCheck(ColumnCounts):
    """What a lazy table holds, counted by its engine in one query or two.

    Customers of whom something is said are asked for by a query each.

    Parameters
    ----------
    plan : Plan
    customers : LazyCustomers
    ids : bool
        Whether ids are counted, too.
    words : collection of str
        Columns whose infinite values stand for words.

    Attributes
    ----------
    frame : narwhals.LazyFrame
        ``row_id`` and ``number_NAME`` of those who are active.
    """

    def __init__(
        self, plan: Plan, customers: LazyCustomers, ids: bool, words: Collection[str] = ()
    ) -> None:
        import narwhals as nw

        super().__init__()
        self.nw, self.plan, self.customers = nw, plan, customers
        texts = {name for name, kind in customers.kinds.items() if kind == "text"}
        self._words = texts | {*words}
        stages = checked_stages(plan, customers.kinds, customers.language)
        everybody = nw.from_native(customers.with_stages(stages))
        self.frame = everybody
        if plan.active is not None:
            self.frame = everybody.filter(nw.col("row_active"))
        self._count_columns(ids)
        if plan.active is not None:
            self._count_unsure(everybody)

    def refuse(self) -> None:
        """Raise for all that an eager table is refused for."""
        problems: list[Problem] = []
        if "distinct" in self.found and self.count("distinct") != self.rows:
            problems.append(self._doubtful_ids())
        for one in self.plan.indicators:
            problems += self.problems(one)
        if problems:
            raise CustomerDataError(problems)

    def _count_columns(self, ids: bool) -> None:
        """Count what there is, then what lies outside, then name the first who are odd."""
        nw = self.nw
        terms = {"rows": nw.len()}
        if ids:
            terms["distinct"] = nw.col("row_id").n_unique() - nw.col("row_id").null_count().clip(
                upper_bound=1
            )
        for one in self.plan.indicators:
            terms |= self._terms(one)
        self._ask(self.frame, terms)
        beyond: dict[str, Any] = {}
        for one in self.plan.indicators:
            beyond |= self._beyond_ends(one)
        if beyond:
            self._ask(self.frame, {name: self._count(rows) for name, rows in beyond.items()})
        self._leave_out_infinite(beyond)
        self._name(self.frame, {n: rows for n, rows in beyond.items() if _is_odd(n)})
        self._name(self.frame, self._missing())

    def _missing(self) -> dict[str, Any]:
        """Who lacks a value that the model asks of everybody, or has an unknown category."""
        odd = {}
        for one in self.plan.indicators:
            name = one.name
            if isinstance(one.function, CategoryScores):
                odd[f"unknown {name}"] = ~self.nw.col(f"known_{name}")
            if one.missing == "refuse" and self.missing(name):
                odd[f"missing {name}"] = self.nw.col(f"number_{name}").is_null()
                self.found[f"missing {name}"] = self.missing(name)
        return odd

    def _leave_out_infinite(self, beyond: dict[str, Any]) -> None:
        """Count again without values that are refused: of those nothing else is said."""
        for one in self.plan.indicators:
            name, number = one.name, self.nw.col(f"number_{one.name}")
            if not (self.count(f"infinite {name}") or self.count(f"words {name}")):
                continue
            terms = {f"low {name}": number.min(), f"high {name}": number.max()}
            for expected in (f"expected below {name}", f"expected above {name}"):
                if expected in beyond:
                    beyond[expected] &= ~self._infinite(number)
                    terms[expected] = self._count(beyond[expected])
            self._ask(self.frame.filter(~self._infinite(number)), terms)

    def _count_unsure(self, everybody: Any) -> None:
        """Count those of whom the rule for who is active cannot tell."""
        nw = self.nw
        inactive = ~nw.col("row_active") & (nw.col("row_label") == INACTIVE)
        unsure = {
            f"unsure {name}": inactive & nw.col(f"value_{name}").is_null()
            for name in doubted(self.plan)
        }
        if unsure:
            self._ask(everybody, {name: self._count(odd) for name, odd in unsure.items()})
            self._name(everybody, unsure)

    def _ask(self, frame: Any, terms: dict[str, Any]) -> None:
        row = self.customers.collected(frame.select(**terms)).to_dict(as_series=False)
        for name, (value,) in row.items():
            if name.startswith(("low ", "high ")):
                self.found[name] = None if value is None else float(value)
            else:
                self.found[name] = int(value or 0)  # a sum of no rows is missing

    def _name(self, frame: Any, odd: dict[str, Any]) -> None:
        for name, condition in odd.items():
            if self.count(name):
                first = frame.filter(condition).select("row_id").sort("row_id").head(SHOWN)
                ids = self.customers.collected(first)["row_id"].to_list()
                self.first[name] = [str(one) for one in ids]

    def _terms(self, one: PlanIndicator) -> dict[str, Any]:
        name, number = one.name, self.nw.col(f"number_{one.name}")
        terms = {f"held {name}": number.count()}
        if isinstance(one.function, CategoryScores):
            return terms | {f"unknown {name}": self._count(~self.nw.col(f"known_{name}"))}
        return terms | {f"low {name}": number.min(), f"high {name}": number.max()}

    def _beyond_ends(self, one: PlanIndicator) -> dict[str, Any]:
        """What lies outside of something; only where the lowest or highest value does."""
        name, number = one.name, self.nw.col(f"number_{one.name}")
        if isinstance(one.function, CategoryScores) or not self.held(name):
            return {}
        low, high = self.ends(name)
        found = {
            f"{word} {name}": self._beyond(number, word, limit)
            for word, limit in sides(one)
            if (low < limit if word.endswith("below") else high > limit)
        }
        if low < -float_info.max or high > float_info.max:
            word = "words" if one.column in self._words else "infinite"
            found[f"{word} {name}"] = self._infinite(number)
        return found

    def _count(self, condition: Any) -> Any:
        nw = self.nw
        return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()

    def _beyond(self, number: Any, word: str, limit: float) -> Any:
        bound = self.customers.number(limit)
        return number < bound if word.endswith("below") else number > bound

    def _infinite(self, number: Any) -> Any:
        largest = float_info.max
        return self._beyond(number, "below", -largest) | self._beyond(number, "above", largest)

    def _doubtful_ids(self) -> Problem:
        more = self.rows - self.count("distinct")
        text = f"{more:,} rows have no id, or one that stands in another row; keep one row each"
        return Problem(f"column {self.plan.customer!r}: {text}")


def _is_odd(name: str) -> bool:
    """Whether something is said of the customers of a count."""
    return name.startswith(("expected ", "infinite ", "words "))


def tally(frame: Any, column: str, numbers: Sequence[float]) -> tuple[list[int], list[int]]:
    """How many rows of a lazy frame are below each of some rising values, and how many have it.

    One look-up and one group-by, however many values there are.
    """
    import narwhals as nw

    customers = LazyCustomers(frame)
    language = Narwhals(spelled=customers.engine == "ibis")
    value = language.column(column)
    conditions = [
        condition
        for limit in map(language.number, numbers)
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
