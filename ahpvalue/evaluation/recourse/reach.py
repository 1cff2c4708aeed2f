"""How far an indicator's value must go to score enough, within what can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import Indicator
from ahpvalue.evaluation.recourse.attainable import ANY_VALUE, Grid
from ahpvalue.scoring import CategoryScores, PlanIndicator, ValueFunction, score_values

__all__ = ["Reach", "reach_of"]

Array = NDArray[np.float64]

_MOST_STOPS = 24


@dataclass(frozen=True)
class Reach:
    """The values of one indicator that a customer can bring about, and what they score.

    Attributes
    ----------
    name : str
    values, scores : ndarray, shape (stops,)
        Rising values with their scores: the knots within the limits, and the limits. Between
        two stops the score is a straight line (in the logarithm where `offset` is given). For
        categories the values are positions in the list of categories.
    effort : float
        What the whole way costs.
    offset : float or None
    labels : tuple of str, or None
        The categories' names.
    function : ValueFunction or CategoryScores
    marks : tuple of float
        Values within the limits at which a veto begins or ends (of categories: all).
    grid : Grid
        The values that can be attained: multiples of a step, or any.
    factor : int
        100 where values are told as per cent.
    """

    name: str
    values: Array
    scores: Array
    effort: float
    offset: float | None
    labels: tuple[str, ...] | None
    function: ValueFunction | CategoryScores
    marks: tuple[float, ...] = ()
    grid: Grid = ANY_VALUE
    factor: int = 1

    @property
    def is_on_grid(self) -> bool:
        """Whether only certain values can be attained: categories, or multiples of a step."""
        return self.labels is not None or self.grid.step > 0

    @property
    def is_exact(self) -> bool:
        """Whether values need no last bit added to be enough: on a grid, or between two edges."""
        return self.is_on_grid or (
            isinstance(self.function, ValueFunction) and self.function.is_flat
        )

    @property
    def edges(self) -> Array:
        """The stops and marks, rising; the first and the last are the limits."""
        return np.union1d(self.values, self.marks)

    def cost(self, start: Array, score: Array, stop: Array) -> Array:
        """Effort of going from one value to another; infinite where there is no way."""
        if self.labels is not None:
            reached = self.score(np.where(np.isnan(stop), 0, stop))
            paid: Array = np.abs(reached - score) / 100 * self.effort
        else:
            whole = self.values[-1] - self.values[0]
            paid = np.abs(stop - start) / (whole if whole > 0 else 1.0) * self.effort
        return np.where(np.isnan(stop), np.inf, paid)

    def score(self, values: Array) -> Array:
        """Scores of values, none missing."""
        if isinstance(self.function, CategoryScores):
            return np.array(self.function.scores)[values.astype(np.intp)]
        flat: Array = score_values(self.function, np.ascontiguousarray(values).ravel())
        return flat.reshape(values.shape)

    def nearest(self, wanted: Array, start: Array, side: int = 0) -> Array:
        """The nearest value to `start` that scores at least `wanted`; NaN where there is none.

        Both arrays have the same shape. With side 1 only values from `start` upwards are
        looked at, with -1 only those downwards.
        """
        best = np.full(wanted.shape, np.nan)
        distance = np.full(wanted.shape, np.inf)
        for piece in self._pieces(wanted):
            low, high = self.grid.within(*piece)
            point = np.clip(start, low, high)
            away = self._distance(start, point)
            nearer = (away < distance) & (side * (point - start) >= 0)
            best = np.where(nearer, point, best)
            distance = np.where(nearer, away, distance)
        return best

    def _distance(self, start: Array, point: Array) -> Array:
        if self.labels is None:
            away: Array = np.abs(point - start)
        else:
            away = np.abs(self.score(np.nan_to_num(point)) - self.score(start))
        return np.where(np.isnan(point), np.inf, away)

    def _pieces(self, wanted: Array) -> list[tuple[Array, Array]]:
        """Where between (or on) the stops the score is enough: intervals, NaN where nowhere."""
        x, y = self.values, self.scores
        if self.labels is not None or len(x) == 1:
            return [(np.where(b >= wanted, a, np.nan),) * 2 for a, b in zip(x, y, strict=True)]
        if (np.diff(y) >= 0).all():
            return [(self._crossing(wanted, rising=True), np.full(wanted.shape, x[-1]))]
        if (np.diff(y) <= 0).all():
            return [(np.full(wanted.shape, x[0]), self._crossing(wanted, rising=False))]
        pieces = []
        for k in range(len(x) - 1):
            ends, at = y[k : k + 2], np.full(wanted.shape, k)
            cross = self._between(at, wanted)
            low = np.where(ends[0] >= wanted, x[k], np.where(ends[1] >= wanted, cross, np.nan))
            high = np.where(ends[1] >= wanted, x[k + 1], np.where(ends[0] >= wanted, cross, np.nan))
            pieces.append((low, high))
        return pieces

    def _crossing(self, wanted: Array, rising: bool) -> Array:
        """Of a monotone function the outermost value that is still enough."""
        if rising:
            at = np.searchsorted(self.scores, wanted, side="left")
            nowhere, whole = at == len(self.scores), at == 0
            end, before = self.values[0], np.clip(at - 1, 0, len(self.scores) - 2)
        else:
            falling = self.scores[::-1]
            at = np.searchsorted(falling, wanted, side="left")
            nowhere, whole = at == len(falling), at == 0
            end = self.values[-1]
            before = np.clip(len(falling) - 1 - at, 0, len(falling) - 2)
        found = np.where(whole, end, self._between(before, wanted))
        return np.where(nowhere, np.nan, found)

    def _between(self, at: NDArray[np.intp], wanted: Array) -> Array:
        """Where the line from stop `at` to the next passes a score."""
        if self.function.is_flat:
            # On a step there is nothing between: the edge itself is enough, or its neighbour.
            return np.where(self.scores[at] >= wanted, self.values[at], self.values[at + 1])
        x = self.values if self.offset is None else np.log(self.values + self.offset)
        x0, x1, y0, y1 = x[at], x[at + 1], self.scores[at], self.scores[at + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(y1 == y0, 1.0, (wanted - y0) / (y1 - y0))
        found = x0 + np.clip(np.nan_to_num(share), 0, 1) * (x1 - x0)
        if self.offset is not None:
            found = np.exp(found) - self.offset
        return np.clip(found, self.values[at], self.values[at + 1])

    @property
    def stops(self) -> Array:
        """The stops to try for an indicator that is not the last one to be moved.

        In a logarithm the score bends between the knots, so that there are stops between.
        """
        if self.offset is not None:
            first, last = np.log(self.values[[0, -1]] + self.offset).tolist()
            between = np.exp(np.linspace(first, last, _MOST_STOPS)) - self.offset
            stops: Array = np.clip(between, self.values[0], self.values[-1])
        else:
            count = min(len(self.values), _MOST_STOPS)
            chosen = np.linspace(0, len(self.values) - 1, count).round().astype(np.intp)
            stops = self.values[chosen]
        stops = np.union1d(stops, self.marks) if self.marks else stops
        return self.grid.around(stops, self.values[0], self.values[-1])


def reach_of(
    written: Indicator, planned: PlanIndicator, marks: Sequence[float] = ()
) -> Reach | None:
    """What can be reached of an indicator; None for one that is not changeable.

    `marks` are further values at which to stop, such as those where a veto ends.
    """
    change = written.changeable
    if change is None or not planned.scored:
        return None
    function = planned.function
    if isinstance(function, CategoryScores):
        wanted = change.categories or list(function.names)
        codes = np.array([function.names.index(level) for level in wanted], dtype=np.float64)
        codes.sort()
        scores = np.array(function.scores)[codes.astype(np.intp)]
        return Reach(
            planned.name, codes, scores, change.effort, None, function.names, function,
            tuple(codes.tolist()),
        )  # fmt: skip
    grid = Grid(change.step or 0.0)
    low, high = grid.limits(float(change.lowest), float(change.highest))
    if low > high:
        return None  # no attainable value lies within the limits
    inner = np.array([x for x in _knots(function) if low < x < high])
    values = np.unique(np.concatenate([[low], inner, [high]]))
    scores = score_values(function, values)
    offset = function.log_offset
    if offset is not None and low + offset <= 0:
        values = values[values + offset > 0]
        scores = score_values(function, values)
    within = np.array([mark for mark in marks if values[0] <= mark <= values[-1]])
    within = grid.around(within, values[0], values[-1])
    return Reach(
        planned.name, values, scores, change.effort, offset, None, function,
        tuple(within.tolist()), grid, 100 if written.unit == "share" else 1,
    )  # fmt: skip


def _knots(function: ValueFunction) -> list[float]:
    """Values at which a value function bends or steps, with the last one before a step."""
    edges = [
        float(np.exp(edge)) - function.log_offset if function.log_offset is not None else edge
        for edge in function.edges
    ]
    if function.is_flat:
        side = -np.inf if function.closed == "left" else np.inf
        edges += [float(np.nextafter(edge, side)) for edge in edges]
    ends = [end for end in (function.low, function.high) if np.isfinite(end)]
    return [*edges, *ends]
