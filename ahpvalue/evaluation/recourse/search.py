"""Searching the ways up of a block of customers: the nearest values, and the cheapest few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from ahpvalue.evaluation.recourse.attainable import FEW, FULL, shorter
from ahpvalue.evaluation.recourse.reach import Reach
from ahpvalue.evaluation.recourse.vetoes import Vetoes
from ahpvalue.evaluation.tiers import Tiers
from ahpvalue.scoring import Customers, node_and_points, shares_and_scores

__all__ = ["Search", "as_values"]

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

_NEARLY = 1e-10  # points; what rounding leaves open is settled by scoring


def as_values(customers: Customers, name: str) -> Array:
    """An indicator's values (categories: positions), NaN where there is none."""
    values = customers.columns[name].astype(np.float64)
    return np.where(values < 0, np.nan, values) if name in customers.coded else values


class Search:
    """The ways of one block of customers, none of which has enough yet.

    With `vetoes`, a way that meets one of them is none, and a way may be one that lifts a veto
    from a customer who has enough. Without, vetoes are not looked at.
    """

    def __init__(
        self,
        tiers: Tiers,
        reaches: Mapping[str, Reach],
        rows: Rows,
        needed: Array,
        vetoes: Vetoes | None = None,
    ) -> None:
        scored, on = tiers.scored, tiers.basis.node
        self.reaches, self.rows, self.needed, self.on = reaches, rows, needed, on
        self.vetoes = vetoes
        self.needed_gain = needed - tiers.values[rows]
        is_node = any(node.name == on for node in scored.plan.nodes)
        self.plan = scored.plan.up_to(on) if is_node else scored.plan
        self.customers = scored.customers.picked(rows)
        shares: Mapping[str, Array] = {}
        if on not in self.customers.columns:
            shares, _ = shares_and_scores(self.plan, self.customers)
        self.start: dict[str, Array] = {}
        self.score: dict[str, Array] = {}
        self.share: dict[str, Array] = {}
        for name, reach in reaches.items():
            values = as_values(self.customers, name)
            known = ~np.isnan(values)
            self.start[name] = np.where(known, values, reach.values[0])
            self.score[name] = reach.score(self.start[name])
            share = shares.get(name, np.full(len(rows), float(name == on)))
            # What is missing cannot be changed, and what does not count changes nothing.
            # (With vetoes about, what does not count may still lift one.)
            counts = known if vetoes is not None else known & (share > 0)
            self.share[name] = np.where(counts, share, np.nan)

    def alone(self, name: str) -> Array:
        """The value of one indicator that suffices; NaN where none does."""
        values = self._fill(name, self.needed_gain)
        enough = self._settle({name: values})
        further = self._fill(name, self.needed_gain + _NEARLY)
        values = np.where(enough, values, further)
        values = np.where(self._settle({name: values}), values, np.nan)
        if self.vetoes is not None:
            values = self._alone_at_stops(name, values)
        return self.shortened({name: values})[name]

    def _alone_at_stops(self, name: str, values: Array) -> Array:
        """The same where the nearest value is barred, but one beyond it or before it is not."""
        paid = self._cost(name, values)
        missing = np.isnan(self.share[name])
        stops = [np.where(missing, np.nan, stop) for stop in self.reaches[name].stops.tolist()]
        origins = (None, *self.reaches[name].marks)  # from where a veto ends it may go on
        for to in [
            *stops,
            *(
                self._fill(name, self.needed_gain + _NEARLY, s, o)
                for s, o in product((-1, 1), origins)
            ),
        ]:
            cost = self._cost(name, to)
            better = (cost < paid) & self._reaches({name: to})
            values, paid = np.where(better, to, values), np.where(better, cost, paid)
        return values

    def _fill(
        self, name: str, needed_gain: Array, side: int = 0, origin: float | None = None
    ) -> Array:
        """The nearest value that gains what is needed, on one side of where it is or on either.

        With an origin, the nearest to that; past a veto, whoever has enough may have to come
        down to less than enough and up again.
        """
        reach = self.reaches[name]
        start, score, share = (
            np.broadcast_to(values[:, None] if needed_gain.ndim == 2 else values, needed_gain.shape)
            for values in (self.start[name], self.score[name], self.share[name])
        )
        if self.on == name:
            needed = self.needed[:, None] if needed_gain.ndim == 2 else self.needed
            return _value_itself(reach, np.broadcast_to(needed, needed_gain.shape))
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = np.where(share > 0, score + needed_gain / share, np.inf)
        most = reach.scores.max()
        wanted = np.where((wanted > most) & (wanted <= most + _NEARLY), most, wanted)
        found = reach.nearest(
            wanted, start if origin is None else np.full_like(start, origin), side
        )
        return np.where(np.isnan(share), np.nan, found)

    def _cost(self, name: str, values: Array) -> Array:
        start, score = self.start[name], self.score[name]
        if values.ndim == 2:
            start, score = start[:, None], score[:, None]
        return self.reaches[name].cost(start, score, values)

    def cheapest(self, changes: int) -> tuple[Array, dict[str, Array]]:
        """The cheapest way with at most so many changes.

        All indicators but one go to one of their stops: where scores are straight lines between
        two stops, of two indicators both on the way one could always go on at the cost of the
        other until it reaches one. (In a logarithm they are not; there 24 stops come close.)
        """
        size = len(self.rows)
        best = np.full(size, np.inf)
        ways = {name: np.full(size, np.nan) for name in self.reaches}
        names = list(self.reaches)
        for count in range(1, min(changes, len(names)) + 1):
            for chosen in combinations(names, count):
                for last in chosen:
                    others = tuple(name for name in chosen if name != last)
                    self._improve(others, last, best, ways)
                if self.vetoes is not None:
                    self._lift(chosen, best, ways)
        return best, ways

    def _improve(
        self, others: tuple[str, ...], last: str, best: Array, ways: dict[str, Array]
    ) -> None:
        for stops in product(*(self.reaches[name].stops.tolist() for name in others)):
            way = {name: np.full(len(best), s) for name, s in zip(others, stops, strict=True)}
            needed_gain, paid = self._left(way)
            for side in (0,) if self.vetoes is None else (-1, 1):  # one of them may be barred
                way[last] = self._fill(last, np.maximum(needed_gain, 0.0), side)
                whole = paid + self._cost(last, way[last])
                self._take((needed_gain > 0) & (whole < best), way, whole, best, ways)
            for side, mark in product((-1, 1), self.reaches[last].marks):
                way[last] = self._fill(last, needed_gain + _NEARLY, side, mark)
                whole = paid + self._cost(last, way[last])
                self._take(whole < best, way, whole, best, ways)

    def _lift(self, chosen: tuple[str, ...], best: Array, ways: dict[str, Array]) -> None:
        """Ways on which something goes to where a veto ends, beyond what is needed."""
        reaches = [self.reaches[name] for name in chosen]
        few = len(chosen) < 3  # of three changes, only those that all end there
        for marks in product(*((r.stops.tolist() if few else r.marks) for r in reaches)):
            way = {name: np.full(len(best), m) for name, m in zip(chosen, marks, strict=True)}
            needed_gain, paid = self._left(way)
            self._take((needed_gain <= 0) & (paid < best), way, paid, best, ways)

    def _left(self, way: Mapping[str, Array]) -> tuple[Array, Array]:
        """What is still to be gained after some changes, and what they cost."""
        needed_gain, paid = self.needed_gain.copy(), np.zeros(len(self.needed_gain))
        for name, to in way.items():
            gain = to - self.start[name]
            if name != self.on:
                gain = self.reaches[name].score(to) - self.score[name]
            needed_gain -= self.share[name] * gain
            paid += self._cost(name, to)
        return needed_gain, paid

    def _take(
        self,
        better: NDArray[np.bool_],
        way: Mapping[str, Array],
        paid: Array,
        best: Array,
        ways: dict[str, Array],
    ) -> None:
        """Keep a way for those for whom it is better, if no veto bars it."""
        if self.vetoes is not None and better.any():
            tried = {name: np.where(better, to, np.nan) for name, to in way.items()}
            better = better & ~self.vetoes.bar(self.changed(tried))
        best[better] = paid[better]
        for name, values in ways.items():
            values[better] = way[name][better] if name in way else np.nan

    def settled_ways(self, changes: int) -> tuple[Array, dict[str, Array]]:
        """The cheapest ways, moved by last bits until they do suffice when scored.

        Where a way ends on a limit or an edge and misses by a last bit, the cheapest of those
        that reach a hair more is taken.
        """
        paid, ways = self.cheapest(changes)
        for _ in range(2):
            found = np.isfinite(paid) & self._settle(ways)
            if (found | np.isinf(paid)).all():
                break
            self.needed_gain = self.needed_gain + _NEARLY
            further, others = self.cheapest(changes)
            paid = np.where(found, paid, further)
            ways = {name: np.where(found, ways[name], others[name]) for name in ways}
        found = np.isfinite(paid) & self._settle(ways)
        ways = {name: np.where(found, values, np.nan) for name, values in ways.items()}
        return np.where(found, paid, np.inf), self.shortened(ways)

    def shortened(
        self, ways: Mapping[str, Array], digits: Sequence[int] | None = None
    ) -> dict[str, Array]:
        """The same ways with the fewest digits that do suffice when scored (see `shorter`).

        Without `digits`, no more than noise is taken off; beyond an open edge, where nothing says
        how far, a few digits are as good as many.
        """
        found, left = dict(ways), np.zeros(len(self.rows), dtype=bool)
        for values in ways.values():
            left |= ~np.isnan(values)  # who has no way needs no digits
        free = [
            name for name, reach in self.reaches.items() if name in ways and not reach.is_on_grid
        ]
        tries = (
            shorter(
                ways[name],
                self.start[name],
                reach.edges,
                reach.factor,
                digits or (FEW if reach.is_exact else FULL),
            )
            for name, reach in self.reaches.items()
            if name in free
        )
        for several in zip(*tries, strict=True):
            tried = dict(ways) | dict(zip(free, several, strict=True))
            enough = left & self._reaches(tried)
            found = {name: np.where(enough, tried[name], found[name]) for name in found}
            left &= ~enough
            if not left.any():
                break
        return found

    def _settle(self, ways: dict[str, Array]) -> NDArray[np.bool_]:
        reached = self._reaches(ways)
        step = 1e-15
        for _ in range(12):
            if reached.all():
                break
            for name, values in ways.items():
                reach = self.reaches[name]
                moved = ~reached & ~np.isnan(values)
                if reach.is_exact or not moved.any():
                    continue
                away = np.sign(values - self.start[name])
                size = np.maximum(np.abs(values), np.abs(self.start[name])) * step
                pushed = np.clip(values + away * size, reach.values[0], reach.values[-1])
                values[moved] = pushed[moved]
            reached = self._reaches(ways)
            step *= 8
        return reached

    def _reaches(self, ways: Mapping[str, Array]) -> NDArray[np.bool_]:
        """Whether the changed values do reach what is needed, by scoring them."""
        customers = self.changed(ways)
        any_change = np.zeros(len(self.rows), dtype=bool)
        for values in ways.values():
            any_change |= ~np.isnan(values)
        value, _ = node_and_points(self.plan, customers, self.on)
        with np.errstate(invalid="ignore"):
            enough: NDArray[np.bool_] = any_change & (value >= self.needed)
        if self.vetoes is not None and enough.any():
            enough &= ~self.vetoes.bar(customers)
        return enough

    def changed(self, ways: Mapping[str, Array]) -> Customers:
        """The customers with some values changed; NaN where they stay as they are."""
        columns, coded = dict(self.customers.columns), self.customers.coded
        for name, values in ways.items():
            before = columns[name]
            after = np.where(np.isnan(values), before, np.nan_to_num(values))
            columns[name] = after.astype(before.dtype if name in coded else np.float64)
        return Customers(self.customers.customer, (), columns, len(self.rows), None, coded)


def _value_itself(reach: Reach, wanted: Array) -> Array:
    """Where tiers are drawn on a value, the value is what is needed, if it can be reached."""
    low, high = reach.values[0], reach.values[-1]
    first, _ = reach.grid.within(np.maximum(wanted, low), np.full_like(wanted, high))
    return np.where(wanted > high, np.nan, first)
