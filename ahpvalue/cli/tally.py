"""What pieces of a large table held, added up: counts, and what is to be said of the columns.

A tally of a piece is kept as plain data, so that a run that goes on later says the truth of all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scores import Scores
from ahpvalue.scoring import (
    NOT_RATED,
    RATED,
    Plan,
    PlanIndicator,
    alive_remark,
    empty_remark,
    inputs_table,
    outside_remark,
    unsure_remark,
)
from ahpvalue.support.display import Table

__all__ = ["Some", "Tally"]

_SHOWN = 3


@dataclass
class Some:
    """Customers of whom something is said: how many, the first three, and the farthest figure."""

    count: int = 0
    first: list[str] = field(default_factory=list)
    far: float | None = None

    @classmethod
    def of(cls, ids: Any, rows: NDArray[np.bool_], far: float | None = None) -> Some:
        """The customers of these rows."""
        chosen = np.flatnonzero(rows)
        return cls(len(chosen), [str(ids[int(row)]) for row in chosen[:_SHOWN]], far)

    def add(self, other: Some, farther: Any) -> None:
        """Those of a later piece."""
        self.count += other.count
        self.first = (self.first + other.first)[:_SHOWN]
        self.far = _either(farther, self.far, other.far)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more:,} more" if more else "")


@dataclass
class Column:
    """What the column of an indicator held: as `Scores.inputs`, and outside the expected range."""

    values: int = 0
    missing: int = 0
    lowest: float | None = None
    highest: float | None = None
    below: int | None = None
    above: int | None = None
    under: Some = field(default_factory=Some)
    over: Some = field(default_factory=Some)

    def add(self, other: Column) -> None:
        """What a later piece held."""
        for name, either in (
            ("values", sum), ("missing", sum), ("below", sum), ("above", sum),
            ("lowest", min), ("highest", max),
        ):  # fmt: skip
            both = (getattr(self, name), getattr(other, name))
            setattr(self, name, _either(either, *both))
        self.under.add(other.under, min)
        self.over.add(other.over, max)

    def remarks(self, one: PlanIndicator) -> list[str]:
        """What a table in memory is warned of, in the same words."""
        rows, found = self.values + self.missing, []
        for word, limit, some in zip(
            ("below", "above"), one.expected, (self.under, self.over), strict=True
        ):
            if some.count and some.far is not None:
                counts, side = (some.count, rows), (word, limit, some.far)
                found.append(outside_remark(one.name, counts, side, str(some)))
        if one.graded and not self.values and rows > 1:
            found.append(empty_remark(rows))
        if self.values and not one.graded:
            found.append(alive_remark())
        return [f"column {one.column!r} ({one.name}): {text}" for text in found]


@dataclass
class Tally:
    """What customers held and got.

    Attributes
    ----------
    customers : int
    total : float
        The sum of the totals of those who are rated.
    rated : int
        How many have a total.
    statuses : dict of str to int
    columns : dict of str to Column
        Per indicator.
    unsure : dict of str to Some
        Of whom the rule for who is active cannot tell.
    """

    customers: int = 0
    total: float = 0.0
    rated: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    unsure: dict[str, Some] = field(default_factory=dict)

    @classmethod
    def of(cls, scores: Scores) -> Tally:
        """Of a scored piece, whose outputs hold the total and the status."""
        totals = scores["total"]
        rated = int((~np.isnan(totals)).sum())
        ids, held = scores.scored.customers.ids, scores.inputs.to_dict()
        columns = {}
        for k, one in enumerate(scores.scored.plan.indicators):
            row = {name: held[name][k] for name in _HELD}
            columns[one.name] = Column(**row)
            _add_outside(columns[one.name], one, scores)
        unsure = {name: Some.of(ids, rows) for name, rows in scores.scored.active.unsure.items()}
        total, statuses = float(np.nansum(totals)), _counts(scores, rated)
        return cls(len(scores), total, rated, statuses, columns, unsure)

    def add(self, other: Tally) -> None:
        """A later piece's."""
        self.customers += other.customers
        self.total += other.total
        self.rated += other.rated
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        for name, column in other.columns.items():
            self.columns.setdefault(name, Column()).add(column)
        for name, some in other.unsure.items():
            self.unsure.setdefault(name, Some()).add(some, min)

    def remarks(self, plan: Plan) -> list[str]:
        """What is to be warned of, once for all pieces."""
        found = [unsure_remark(name, str(some)) for name, some in sorted(self.unsure.items())]
        for one in plan.indicators:
            found += self.columns[one.name].remarks(one) if one.name in self.columns else []
        return found

    def inputs(self, plan: Plan) -> Table:
        """What the columns held."""
        held = [(one, self.columns.get(one.name, Column())) for one in plan.indicators]
        return inputs_table((one, tuple(getattr(c, name) for name in _HELD)) for one, c in held)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Tally:
        """What `to_dict` gave."""
        columns = {
            name: Column(**{**one, "under": Some(**one["under"]), "over": Some(**one["over"])})
            for name, one in data["columns"].items()
        }
        unsure = {name: Some(**one) for name, one in data["unsure"].items()}
        return cls(**{**data, "columns": columns, "unsure": unsure})


_HELD = ("values", "missing", "lowest", "highest", "below", "above")


def _add_outside(column: Column, one: PlanIndicator, scores: Scores) -> None:
    """Who of a piece lies outside the expected range."""
    active = scores.scored.active.customers
    low, high = one.expected
    if column.lowest is not None and column.lowest < low:
        column.under = Some.of(active.ids, active.columns[one.name] < low, column.lowest)
    if column.highest is not None and column.highest > high:
        column.over = Some.of(active.ids, active.columns[one.name] > high, column.highest)


def _counts(scores: Scores, rated: int) -> dict[str, int]:
    """How many customers have which status."""
    if scores.scored.active.rows is None:
        found = {RATED: rated, NOT_RATED: len(scores) - rated}
        return {status: count for status, count in found.items() if count}
    return dict(Counter(scores.status.tolist()))


def _either(choose: Any, one: Any, other: Any) -> Any:
    """Of two figures of which one may be missing."""
    held = [value for value in (one, other) if value is not None]
    return choose(held) if held else None
