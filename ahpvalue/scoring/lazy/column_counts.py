"""What columns of customers hold, as counts: of one table, or of many files added up.

The counts are plain data with a name each, such as ``"held sales"``, so that they can be kept in
a file and added to others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ahpvalue.errors import Problem
from ahpvalue.scoring.customers import (
    appeared_message,
    empty_message,
    infinite_problem,
    missing_problem,
    outside_message,
    unsure_message,
)
from ahpvalue.scoring.plan import CategoryScores, Plan, PlanIndicator

__all__ = ["SHOWN", "ColumnCounts", "sides"]

SHOWN = 3
"""How many customers are named."""

_LOW, _HIGH = "low ", "high "


@dataclass
class ColumnCounts:
    """Counts of the active customers' columns.

    Attributes
    ----------
    found : dict of str to number or None
        ``rows``; per indicator how many values are ``held``, the ``low`` and the ``high`` one,
        how many lie ``below`` and ``above`` the value function's ends, ``expected below`` and
        ``expected above`` the expected range, are ``infinite`` or ``words`` or ``unknown``; per
        name of the rule for who is active, of how many customers it cannot tell (``unsure``).
    first : dict of str to list of str
        The first customers of a count that something is said of.
    """

    found: dict[str, Any] = field(default_factory=dict)
    first: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many active customers there are."""
        return self.count("rows")

    def count(self, name: str) -> int:
        """A count; 0 for what was not counted."""
        return int(self.found.get(name) or 0)

    def held(self, name: str) -> int:
        """How many customers have a value or category."""
        return self.count(f"held {name}")

    def missing(self, name: str) -> int:
        """How many customers have none."""
        return self.rows - self.held(name)

    def ends(self, name: str) -> tuple[float, float]:
        """The lowest and the highest value."""
        return float(self.found[f"{_LOW}{name}"]), float(self.found[f"{_HIGH}{name}"])

    def add(self, other: ColumnCounts) -> None:
        """Count another table's customers, too."""
        for name, value in other.found.items():
            both = [one for one in (self.found.get(name), value) if one is not None]
            join = min if name.startswith(_LOW) else max if name.startswith(_HIGH) else sum
            self.found[name] = join(both) if both else None
        for name, some in other.first.items():
            self.first[name] = (self.first.get(name, []) + some)[:SHOWN]

    def who(self, name: str, count: int) -> str:
        """The first of the customers that are counted, and how many more there are."""
        some = self.first.get(name, [])
        more = count - len(some)
        return ", ".join(some) + (f" and {more:,} more" if more > 0 else "")

    # -- what is said ------------------------------------------------------------------------

    def messages(self, one: PlanIndicator) -> list[str]:
        """What an eager table is warned of."""
        messages, held = self.outside(one), self.held(one.name)
        if one.scored and not held and self.rows > 1:
            messages.append(empty_message(self.rows))
        if held and not one.scored:
            messages.append(appeared_message())
        return messages

    def outside(self, one: PlanIndicator) -> list[str]:
        """Values outside the expected range."""
        name, messages = one.name, []
        for at, (word, limit) in enumerate(zip(("below", "above"), one.expected, strict=True)):
            count = self.count(f"expected {word} {name}")
            if count:
                side = (word, limit, self.ends(name)[at])
                who = self.who(f"expected {word} {name}", count)
                messages.append(outside_message(name, (count, self.rows), side, who))
        return messages

    def unsure(self) -> list[str]:
        """Of whom the rule for who is active cannot tell."""
        names = sorted(name for name, count in self.found.items() if "unsure " in name and count)
        return [
            unsure_message(name.removeprefix("unsure "), self.who(name, self.count(name)))
            for name in names
        ]

    def warnings(self, plan: Plan) -> list[str]:
        """Everything an eager table is warned of, a sentence each."""
        return self.unsure() + [
            f"column {one.column!r} ({one.name}): {message}"
            for one in plan.indicators
            for message in self.messages(one)
        ]

    def problems(self, one: PlanIndicator) -> list[Problem]:
        """What an eager table is refused for."""
        name, column = one.name, one.column
        start, problems = f"column {column!r} ({name}): ", []
        if infinite := self.count(f"infinite {name}"):
            problems.append(infinite_problem(name, column, self.who(f"infinite {name}", infinite)))
        if words := self.count(f"words {name}"):
            who = self.who(f"words {name}", words)
            text = f"holds text for {who}; convert the column to numbers"
            problems.append(Problem(start + text))
        if unknown := self.count(f"unknown {name}"):
            assert isinstance(one.function, CategoryScores)
            who, names = self.who(f"unknown {name}", unknown), ", ".join(one.function.names)
            text = f"holds what the model does not know for {who}; the model's categories are "
            problems.append(Problem(start + text + names))
        if one.missing == "refuse" and (missing := self.missing(name)):
            who = self.who(f"missing {name}", missing)
            problems.append(missing_problem(name, column, who))
        return problems

    def summary(self, one: PlanIndicator) -> tuple[Any, ...]:
        """Values, missing ones, the ends, and how many lie beyond the function's ends."""
        held = self.held(one.name)
        if isinstance(one.function, CategoryScores):
            return held, self.missing(one.name), None, None, None, None
        has_ends = self.found.get(f"{_LOW}{one.name}") is not None  # not where all are refused
        ends = self.ends(one.name) if has_ends else (None, None)
        beyond = (self.count(f"{word} {one.name}") for word in ("below", "above"))
        return held, self.missing(one.name), *ends, *beyond


def sides(one: PlanIndicator) -> list[tuple[str, float]]:
    """What is counted on both sides: beyond the value function's ends, and the expected range."""
    assert not isinstance(one.function, CategoryScores)
    found = [("below", one.function.low), ("above", one.function.high)]
    found += [("expected below", one.expected[0]), ("expected above", one.expected[1])]
    return [(word, limit) for word, limit in found if isfinite(limit)]
