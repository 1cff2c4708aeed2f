"""The reference population, column by column: what `fit` asks of it.

A column is asked for bounds, quantiles and counts, never for its values, so that an engine can
answer as well as an array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.build_plan import expected_range
from ahpvalue.compiling.rules import compile_activity
from ahpvalue.compiling.unfitted import missing_policy
from ahpvalue.document import Indicator, ModelDocument, Percentile
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, some_of, warn
from ahpvalue.scoring import (
    Customers,
    ValueFunction,
    Wanted,
    active_customers,
    peer_values,
    read_customers,
    score_values,
    unsure_message,
)
from ahpvalue.value_functions import Knots, bound, measure_spread, percentile_knots

__all__ = ["Column", "Population", "known_categories", "population_in_memory"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One indicator's column of the reference population, in memory.

    Attributes
    ----------
    name : str
    indicator : Indicator
    values : ndarray, or list of str
        Values or categories, without the missing ones.
    missing : int
        How many of the customers have none.
    present : ndarray of bool
        Which of the customers have one; empty where nobody asks for parts.
    """

    name: str
    indicator: Indicator
    values: Array | list[str]
    missing: int
    present: NDArray[np.bool_]

    @property
    def place(self) -> str:
        """The column and the indicator, as messages name them."""
        return f"column {self.indicator.column or self.name!r} ({self.name})"

    @property
    def size(self) -> int:
        """How many customers have a value or category."""
        return len(self.values)

    @property
    def numbers(self) -> Array:
        """The values, which are values."""
        assert not isinstance(self.values, list)
        return self.values

    def of(self, rows: NDArray[np.intp]) -> Column:
        """The same column of some of the customers."""
        present = self.present[rows]
        at = np.cumsum(self.present)[rows][present] - 1
        values = [self.values[k] for k in at] if isinstance(self.values, list) else self.values[at]
        return replace(
            self, values=values, missing=int((~present).sum()), present=np.ones(0, dtype=bool)
        )

    def bound(self, wanted: float | str) -> float:
        """A bound as a number: itself, or ``min``, ``max``, ``median``, ``p5`` of the values."""
        return bound(wanted, self.numbers)

    def knots(self, function: Percentile) -> tuple[Knots, float]:
        """Knots of the share of other customers that a value beats, and their error."""
        return percentile_knots(self.numbers, function.better, function.tolerance, function.points)

    def scores(self, function: ValueFunction) -> list[float]:
        """The different scores that a value function gives them."""
        return np.unique(score_values(function, np.unique(self.numbers))).tolist()

    def median(self) -> float:
        """The median."""
        return float(np.median(self.numbers))

    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return float(self.numbers.min()), float(self.numbers.max())

    def is_whole(self) -> bool:
        """Whether every value is a whole number, as counts are."""
        return bool((self.numbers == np.floor(self.numbers)).all())

    def spread(self) -> tuple[list[float], list[int]]:
        """Deciles without repetition, and how many values lie in each bin."""
        return measure_spread(self.numbers)

    def categories(self) -> dict[str, int]:
        """How often each category occurs, by name."""
        return dict(Counter(sorted(map(str, self.values))))

    def digest(self) -> Any:
        """What the hash of the reference is made of."""
        return self.values

    def summary(self) -> dict[str, Any]:
        """What a fitted model keeps of it."""
        counts = {"values": self.size, "missing": self.missing}
        if not self.size:
            return counts
        if self.indicator.categories is not None:
            often = Counter(self.categories())
            return counts | {"commonest": often.most_common(1)[0][0], "categories": dict(often)}
        edges, inside = self.spread()
        low, high = self.ends()
        middle = {"minimum": low, "median": self.median(), "maximum": high}
        return counts | {"edges": edges, "counts": inside} | middle

    def sameness(self) -> list[str]:
        """That customers are all alike, or nearly, under a function that measures by them."""
        measured = self.indicator.kind in ("minmax", "percentile", "log")
        held = "the one customer" if self.size == 1 else f"all {self.size:,} customers"
        if self.indicator.categories is not None:
            alike = list(self.categories())
            if len(alike) > 1:
                return []
            return [f"{held} with a value have {alike[0]}, so that it tells nobody apart"]
        low, high = self.ends()
        if low == high:
            effect = "; everybody gets 50" if measured else ""
            return [f"{held} with a value have {low:g}, so that it tells nobody apart{effect}"]
        if measured and high - low < 0.01 * max(abs(low), abs(high)):
            return [
                f"all values lie between {low:g} and {high:g}, less than 1 % apart, and "
                f"{self.indicator.kind} stretches that over the whole scale; a fixed line would not"
            ]
        return []


@dataclass(frozen=True)
class Population:
    """The active customers a model is fitted to.

    Attributes
    ----------
    rows : int
    columns : list of Column
    groups : list of tuple
        Whose peer every customer is; empty when nobody asks.
    outside : dict of str to list of str
        Per indicator, what is said of values outside the expected range.
    """

    rows: int
    columns: Sequence[Column]
    groups: Sequence[tuple[str | None, ...]]
    outside: dict[str, list[str]]

    def warn(self) -> None:
        """Say what is odd about the columns."""
        for column in self.columns:
            for text in self._remarks(column):
                warn(f"{column.place}: {text}", CustomerDataWarning)

    def _remarks(self, column: Column) -> list[str]:
        if not column.size:
            return [
                f"all {self.rows:,} reference customers lack it, so that it scores nobody; later "
                "values count as missing until the model is fitted to some"
            ]
        return column.sameness() + self.outside.get(column.name, [])


def known_categories(indicator: Indicator) -> tuple[str, ...]:
    """The categories an indicator knows."""
    assert indicator.categories is not None
    return tuple(indicator.categories.scores or indicator.categories.names)


def population_in_memory(document: ModelDocument, tables: Sequence[Any]) -> Population:
    """The active customers of one table, or of one per period.

    Raises
    ------
    CustomerDataError
        Lists what of the population cannot be used.
    """
    wanted = [
        Wanted(
            name,
            indicator.column or name,
            known_categories(indicator) if indicator.categories is not None else None,
        )
        for name, indicator in document.indicators.items()
    ]
    by = document.peers.by if document.peers is not None else []
    several: list[Customers] = []
    groups: list[tuple[str | None, ...]] = []
    unsure: dict[str, list[str]] = {}
    for table in tables:
        customers = read_customers(table, document.customer, wanted)
        if not customers.rows:
            raise CustomerDataError("the reference population is empty; fit needs customers")
        customers.refuse_doubtful_ids()
        active = active_customers(compile_activity(document), customers, tell=False)
        for name, unknown in active.unsure.items():
            unsure.setdefault(name, []).extend(
                str(customers.ids[int(row)]) for row in np.flatnonzero(unknown)
            )
        several.append(active.customers)
        values = [peer_values(active.pick(customers.values_or_texts(name))) for name in by]
        groups += list(zip(*(column.tolist() for column in values), strict=True))
    for name, who in unsure.items():  # once for all periods
        warn(unsure_message(name, some_of(who)), CustomerDataWarning)
    joined = Customers.joined(several)
    if not joined.rows:
        raise CustomerDataError("nobody of the reference is active; see the rule under active")
    columns = _columns(document, joined)
    outside = {
        column.name: joined.range_messages(column.name, expected_range(column.indicator))
        for column in columns
        if column.size and not isinstance(column.values, list)
    }
    return Population(joined.rows, columns, groups, outside)


def _columns(document: ModelDocument, customers: Customers) -> list[Column]:
    """The columns without their missing values; refused ones and infinities raise."""
    problems: list[Problem] = []
    columns = []
    for name, indicator in document.indicators.items():
        column = indicator.column or name
        raw, absent = customers.columns[name], customers.absent(name)
        if absent.any() and missing_policy(document, indicator) == "refuse":
            problems.append(customers.missing_problem(name, column))
        values: Array | list[str]
        if indicator.categories is not None:
            names = known_categories(indicator)
            values = [names[code] for code in raw[~absent]]
        else:
            if np.isinf(raw).any():
                problems.append(customers.infinite_problem(name, column))
            values = raw[~absent].astype(np.float64)
        columns.append(Column(name, indicator, values, int(absent.sum()), ~absent))
    if problems:
        raise CustomerDataError(problems)
    return columns
