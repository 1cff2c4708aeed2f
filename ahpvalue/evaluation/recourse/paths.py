"""Ways up: the smallest change, and the cheapest few changes, that reach the next tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.evaluation.recourse.attainable import FEW
from ahpvalue.evaluation.recourse.reach import Reach, reach_of
from ahpvalue.evaluation.recourse.search import Search, as_values
from ahpvalue.evaluation.recourse.vetoes import Vetoes, marks_of
from ahpvalue.evaluation.tiers import NONE, Tiers, check_tiers, draw_tiers
from ahpvalue.scored import Scored
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["Paths", "find_paths"]

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

REACHABLE, BEST, HOLD = "reachable", "in the best tier", "wait"
NOT_RATED, VETO, DECIDED, UNREACHABLE = (
    "no tier now", "not reachable: veto", "not reachable: override", "not reachable"
)  # fmt: skip
_BLOCK = 4096


@dataclass(frozen=True, repr=False)
class Paths(Result):
    """What each customer would have to change to reach the next tier.

    Attributes
    ----------
    tiers : Tiers
        Where the customers stand.
    status : ndarray of str
        ``reachable``; ``in the best tier``; ``wait`` (the values suffice already, the rule
        wants them held); ``not reachable``, by these indicators within their limits, or
        because of a veto or an override; ``no tier now``.
    target : ndarray of int
        The next tier, -1 where there is none.
    needed : ndarray
        The score (or value) to reach: the tier's entry line, band included.
    periods : ndarray of int
        In how many periods from now on it must be held until the move is made: what is left
        of confirmation and minimum stay; 0 where there is no next tier.
    reaches : dict of str to Reach
        The changeable indicators.
    now : dict of str to ndarray
        Their values now (categories: positions).
    single : dict of str to ndarray
        Indicator to the value that suffices when nothing else changes; NaN where none does.
    cheapest : dict of str to ndarray
        Indicator to its value in the cheapest of all ways; NaN where it stays as it is.
    effort : ndarray
        What the cheapest way costs; NaN where there is none.
    """

    tiers: Tiers
    status: NDArray[Any]
    target: NDArray[np.int64]
    needed: Array
    periods: NDArray[np.int64]
    reaches: Mapping[str, Reach]
    now: Mapping[str, Array]
    single: Mapping[str, Array]
    cheapest: Mapping[str, Array]
    effort: Array

    def shown(self, name: str, value: float) -> Any:
        """A value as it stands in the customers' table: categories by name."""
        labels = self.reaches[name].labels
        return value if labels is None else labels[int(value)]

    def changes(self, row: int) -> dict[str, Any]:
        """The cheapest way of one customer: indicator to the value to reach.

        Written into the customer's row of the table, they reach the next tier.
        """
        return {
            name: self.shown(name, float(values[row]))
            for name, values in self.cheapest.items()
            if not np.isnan(values[row])
        }

    def singles(self, row: int) -> dict[str, Any]:
        """The changes of one indicator alone that suffice, the smallest effort first."""
        found = []
        for name, values in self.single.items():
            if not np.isnan(values[row]):
                reach, start = self.reaches[name], self.now[name][row : row + 1]
                paid = reach.cost(start, reach.score(start), values[row : row + 1])
                found.append((float(paid[0]), name, self.shown(name, float(values[row]))))
        return {name: value for _, name, value in sorted(found, key=lambda one: one[:2])}

    def told(self, row: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """`singles` and `changes` of one customer with few digits that suffice just as well."""
        rows = np.array([row])
        vetoes = Vetoes(self.tiers, rows, self.target[rows])
        barring = vetoes if self.tiers.basis.section.vetoes else None
        search = Search(self.tiers, self.reaches, rows, self.needed[rows], barring)

        def shortened(ways: Mapping[str, Array]) -> dict[str, Any]:
            short = search.shortened({name: to[rows] for name, to in ways.items()}, FEW)
            return {name: self.shown(name, float(to[0])) for name, to in short.items()}

        singles = {name: self.single[name] for name in self.singles(row)}
        alone: dict[str, Any] = {}
        for name, to in singles.items():
            alone |= shortened({name: to})
        return alone, shortened({name: self.cheapest[name] for name in self.changes(row)})

    def to_dict(self) -> dict[str, Any]:
        """One row per customer: status, tiers, and the values of the cheapest way."""
        scored = self.tiers.scored
        columns: dict[str, Any] = {
            "customer": [str(one) for one in scored.customers.ids],
            "status": self.status.tolist(),
            "tier": self.tiers.tier.tolist(),
            "next_tier": self.tiers.named(self.target).tolist(),
            "value": self.tiers.values.tolist(),
            "needed": self.needed.tolist(),
            "effort": self.effort.tolist(),
        }
        for name, values in self.cheapest.items():
            columns[f"{name}_to"] = [
                None if np.isnan(value) else self.shown(name, value) for value in values.tolist()
            ]
        return as_data(columns)

    def table(self) -> Table:
        """How many can reach the next tier, and by which indicators."""
        rows = list(dict.fromkeys(sorted(self.status.tolist())))
        counts = [int((self.status == status).sum()) for status in rows]
        used = {
            name: int((~np.isnan(values)).sum())
            for name, values in self.cheapest.items()
            if not np.isnan(values).all()
        }
        order = sorted(used, key=lambda name: -used[name])
        note = "; ".join(f"{name}: {used[name]:,}" for name in order)
        steps = [f"{r.name} {r.grid.step:g}" for r in self.reaches.values() if r.grid.step]
        return Table(
            "Ways to the next tier",
            {"status": rows, "customers": counts},
            {"customers": ",d"},
            note="; ".join(
                [f"in the cheapest way changes {note}"] * bool(note)
                + [f"steps: {', '.join(steps)}"] * bool(steps)
            ),
        )


def find_paths(
    scored: Scored, tiers: Tiers | None = None, changes: int = 2, only: Rows | None = None
) -> Paths:
    """Find every customer's ways up, or those of some rows; see `Scores.paths_up`."""
    if changes not in (1, 2, 3):
        raise CustomerDataError(f"a way up has one, two or three changes, not {changes}")
    check_tiers(scored, tiers)
    document = scored.model.document
    late = scored.model.unfitted.limits
    if late:
        raise ModelError(
            f"the limits of {', '.join(late)} wait for a reference: fit the model first"
        )
    tiers = draw_tiers(scored) if tiers is None else tiers
    vetoes = tiers.basis.section.vetoes.values()
    planned = {indicator.name: indicator for indicator in scored.plan.indicators}
    reaches = {
        name: reach
        for name, written in document.indicators.items()
        if (reach := reach_of(written, planned[name], marks_of(vetoes, planned[name]))) is not None
    }
    status, target, needed = _aims(tiers)
    size = len(scored)
    now = {name: as_values(scored.customers, name) for name in reaches}
    found = _Ways.none(reaches, size)
    rows = np.flatnonzero(np.isin(status, [UNREACHABLE, VETO]))  # until a way is found
    if only is not None:
        rows = np.intersect1d(rows, only)
    for start in range(0, len(rows), _BLOCK):
        here = rows[start : start + _BLOCK]
        block = _searched(tiers, reaches, here, needed, target, changes)
        block.write(found, here)
        status[here[block.barred]] = VETO
        status[here[~np.isnan(block.effort)]] = REACHABLE
    return Paths(
        tiers, status, target, needed, _periods(tiers, target), reaches, now, found.single,
        found.cheapest, found.effort,
    )  # fmt: skip


def _periods(tiers: Tiers, target: NDArray[np.int64]) -> NDArray[np.int64]:
    """In how many periods from now on a customer with enough is moved (see `stepping.step`)."""
    stands, rule = tiers.standing, tiers.rule
    on_the_way = (stands.pending != NONE) & (stands.pending < stands.level)
    confirmed = rule.confirmation - np.where(on_the_way, stands.pending_periods, 0)
    settled = rule.minimum_stay - stands.tier_periods + 1
    left = np.maximum(np.maximum(confirmed, settled), 1)
    # Where the rule has moved already, a veto alone is lifted at once.
    return np.where(target == NONE, 0, np.where(stands.level <= target, 1, left))


@dataclass
class _Ways:
    """The ways of some customers, and for whom there would be one but for a veto."""

    single: dict[str, Array]
    cheapest: dict[str, Array]
    effort: Array
    barred: NDArray[np.bool_]

    @classmethod
    def none(cls, names: Iterable[str], size: int) -> _Ways:
        single, cheapest = ({name: np.full(size, np.nan) for name in names} for _ in range(2))
        return cls(single, cheapest, np.full(size, np.nan), np.zeros(size, dtype=bool))

    @classmethod
    def by(cls, search: Search, changes: int) -> _Ways:
        single = {name: search.alone(name) for name in search.reaches}
        paid, cheapest = search.settled_ways(changes)
        effort = np.where(np.isfinite(paid), paid, np.nan)
        return cls(single, cheapest, effort, np.zeros(len(effort), dtype=bool))

    def write(self, into: _Ways, rows: Rows) -> None:
        for name in self.single:
            into.single[name][rows] = self.single[name]
            into.cheapest[name][rows] = self.cheapest[name]
        into.effort[rows] = self.effort


def _searched(
    tiers: Tiers,
    reaches: Mapping[str, Reach],
    rows: Rows,
    needed: Array,
    target: NDArray[np.int64],
    changes: int,
) -> _Ways:
    """The ways of a block; where a veto stands in one of them, those it lets through."""

    def search(at: Rows, vetoes: Vetoes | None = None) -> Search:
        return Search(tiers, reaches, at, needed[at], vetoes)

    plain = search(rows)
    found = _Ways.by(plain, changes)
    if not tiers.basis.section.vetoes:
        return found
    vetoes = Vetoes(tiers, rows, target[rows])
    at_start = vetoes.bar(plain.changed({}))
    met = at_start | vetoes.bar(plain.changed(found.cheapest))
    for name, values in found.single.items():
        met |= vetoes.bar(plain.changed({name: values}))
    again = np.flatnonzero(met)
    if len(again):
        within = Vetoes(tiers, rows[again], target[rows[again]])
        better = _Ways.by(search(rows[again], within), changes)
        had = ~np.isnan(found.effort[again]) | (tiers.values[rows[again]] >= needed[rows[again]])
        better.write(found, again)
        found.barred[again] = had & np.isnan(better.effort)
    return found


def _aims(tiers: Tiers) -> tuple[NDArray[Any], NDArray[np.int64], Array]:
    """Everybody's status before the search, the next tier, and what it takes."""
    level, by_rule = tiers.level, tiers.standing.level
    entry = tiers.rule.entry if tiers.rule.ties_in else np.nextafter(tiers.rule.entry, np.inf)
    target = np.where(level > 0, level - 1, NONE)
    at = np.clip(target, 0, None)
    needed = np.where(target == NONE, np.nan, entry[at])
    # Whom only a veto keeps from the tier has to stay in it, not to enter it.
    leave = tiers.rule.exit if tiers.rule.ties_in else np.nextafter(tiers.rule.exit, np.inf)
    kept = (tiers.after_vetoes > by_rule) & (tiers.after_vetoes > target) & (by_rule <= target)
    needed = np.where(kept & (target != NONE), leave[at], needed)
    status = np.select(
        [
            level == NONE,
            level == 0,
            (tiers.overrides.levels != NONE) & (by_rule <= target),
            (tiers.after_vetoes > by_rule) & (tiers.after_vetoes > target),
            tiers.values >= needed,
        ],
        [NOT_RATED, BEST, DECIDED, VETO, HOLD],
        UNREACHABLE,
    ).astype(object)
    return status, target, needed
