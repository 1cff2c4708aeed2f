"""Searching the ways up of a block of customers: the nearest figures, and the cheapest few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ahpvalue.evaluation.reach import Reach
from ahpvalue.scoring import Customers, Scores
from ahpvalue.scoring.run import node_and_points, shares_and_grades

__all__ = ["Search", "as_figures"]

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

_NEARLY = 1e-10  # points; what rounding leaves open is settled by scoring


def as_figures(customers: Customers, name: str) -> Array:
    """An indicator's figures (categories: positions), NaN where there is none."""
    figures = customers.columns[name].astype(np.float64)
    return np.where(figures < 0, np.nan, figures) if name in customers.coded else figures


class Search:
    """The ways of one block of customers, none of which has enough yet."""

    def __init__(
        self,
        scores: Scores,
        reaches: Mapping[str, Reach],
        on: str,
        rows: Rows,
        needed: Array,
        values: Array,
    ) -> None:
        self.reaches, self.rows, self.needed, self.on = reaches, rows, needed, on
        self.gap = needed - values
        is_node = any(node.name == on for node in scores.plan.nodes)
        self.plan = scores.plan.up_to(on) if is_node else scores.plan
        self.customers = scores.customers.picked(rows)
        shares: Mapping[str, Array] = {}
        if on not in self.customers.columns:
            shares, _ = shares_and_grades(self.plan, self.customers)
        self.start: dict[str, Array] = {}
        self.grade: dict[str, Array] = {}
        self.share: dict[str, Array] = {}
        for name, reach in reaches.items():
            figures = as_figures(self.customers, name)
            known = ~np.isnan(figures)
            self.start[name] = np.where(known, figures, reach.figures[0])
            self.grade[name] = reach.grade(self.start[name])
            share = shares.get(name, np.full(len(rows), float(name == on)))
            # What is missing cannot be changed, and what does not count changes nothing.
            self.share[name] = np.where(known & (share > 0), share, np.nan)

    def alone(self, name: str) -> Array:
        """The figure of one indicator that suffices; NaN where none does."""
        figures = self._fill(name, self.gap)
        enough = self._settle({name: figures})
        further = self._fill(name, self.gap + _NEARLY)
        figures = np.where(enough, figures, further)
        return np.where(self._settle({name: figures}), figures, np.nan)

    def _fill(self, name: str, gap: Array) -> Array:
        """The nearest figure that closes a gap; `gap` may have a further axis."""
        reach = self.reaches[name]
        start, grade, share = (
            np.broadcast_to(values[:, None] if gap.ndim == 2 else values, gap.shape)
            for values in (self.start[name], self.grade[name], self.share[name])
        )
        if self.on == name:
            return _figure_itself(reach, start + gap)
        wanted = np.where(np.isnan(share), np.inf, grade + gap / share)
        most = reach.scores.max()
        wanted = np.where((wanted > most) & (wanted <= most + _NEARLY), most, wanted)
        found = reach.nearest(wanted, start)
        return np.where(np.isnan(share), np.nan, found)

    def _cost(self, name: str, figures: Array) -> Array:
        start, grade = self.start[name], self.grade[name]
        if figures.ndim == 2:
            start, grade = start[:, None], grade[:, None]
        return self.reaches[name].cost(start, grade, figures)

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
        return best, ways

    def _improve(
        self, others: tuple[str, ...], last: str, best: Array, ways: dict[str, Array]
    ) -> None:
        for stops in self._stops(others):
            gap = self.gap.copy()
            paid = np.zeros(len(gap))
            for name, stop in zip(others, stops, strict=True):
                to = np.full(len(gap), stop)
                gap -= self.share[name] * (self.reaches[name].grade(to) - self.grade[name])
                paid += self._cost(name, to)
            filled = self._fill(last, np.maximum(gap, 0.0))
            paid = paid + self._cost(last, filled)
            better = (paid < best) & (gap > 0)
            best[better] = paid[better]
            for figures in ways.values():
                figures[better] = np.nan
            ways[last][better] = filled[better]
            for name, stop in zip(others, stops, strict=True):
                ways[name][better] = stop

    def _stops(self, names: tuple[str, ...]) -> Iterator[tuple[float, ...]]:
        if not names:
            yield ()
            return
        for stop in self.reaches[names[0]].stops.tolist():
            for further in self._stops(names[1:]):
                yield (stop, *further)

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
            self.gap = self.gap + _NEARLY
            further, others = self.cheapest(changes)
            paid = np.where(found, paid, further)
            ways = {name: np.where(found, ways[name], others[name]) for name in ways}
        found = np.isfinite(paid) & self._settle(ways)
        return (
            np.where(found, paid, np.inf),
            {name: np.where(found, figures, np.nan) for name, figures in ways.items()},
        )

    def _settle(self, ways: dict[str, Array]) -> NDArray[np.bool_]:
        reached = self._reaches(ways)
        step = 1e-15
        for _ in range(12):
            if reached.all():
                break
            for name, figures in ways.items():
                reach = self.reaches[name]
                moved = ~reached & ~np.isnan(figures)
                if reach.labels is not None or not moved.any():
                    continue
                away = np.sign(figures - self.start[name])
                size = np.maximum(np.abs(figures), np.abs(self.start[name])) * step
                pushed = np.clip(figures + away * size, reach.figures[0], reach.figures[-1])
                figures[moved] = pushed[moved]
            reached = self._reaches(ways)
            step *= 8
        return reached

    def _reaches(self, ways: Mapping[str, Array]) -> NDArray[np.bool_]:
        """Whether the changed figures do reach what is needed, by scoring them."""
        columns = dict(self.customers.columns)
        any_change = np.zeros(len(self.rows), dtype=bool)
        for name, figures in ways.items():
            changed = ~np.isnan(figures)
            any_change |= changed
            before = columns[name]
            columns[name] = np.where(changed, np.nan_to_num(figures), before).astype(
                before.dtype if name in self.customers.coded else np.float64
            )
        changed_customers = Customers(
            self.customers.customer, (), columns, len(self.rows), None, self.customers.coded
        )
        value, _ = node_and_points(self.plan, changed_customers, self.on)
        with np.errstate(invalid="ignore"):
            return any_change & (value >= self.needed)


def _figure_itself(reach: Reach, wanted: Array) -> Array:
    """Where tiers are drawn on a figure, the figure is what is needed, if it can be reached."""
    low, high = reach.figures[0], reach.figures[-1]
    return np.where(wanted > high, np.nan, np.maximum(wanted, low))
