"""How far an indicator's figure must go to score enough, within what can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import Indicator
from ahpvalue.scoring import CategoryScores, PlanIndicator, ValueFunction, score_values

__all__ = ["Reach", "reach_of"]

Array = NDArray[np.float64]

_MOST_STOPS = 24


@dataclass(frozen=True)
class Reach:
    """The figures of one indicator that a customer can bring about, and what they score.

    Attributes
    ----------
    name : str
    figures, scores : ndarray, shape (stops,)
        Rising figures with their scores: the knots within the limits, and the limits. Between
        two stops the score is a straight line (in the logarithm where `offset` is given). For
        categories the figures are positions in the list of categories.
    effort : float
        What the whole way costs.
    offset : float or None
    labels : tuple of str, or None
        The categories' names.
    function : ValueFunction or CategoryScores
    marks : tuple of float
        Figures within the limits at which a veto begins or ends (of categories: all).
    """

    name: str
    figures: Array
    scores: Array
    effort: float
    offset: float | None
    labels: tuple[str, ...] | None
    function: ValueFunction | CategoryScores
    marks: tuple[float, ...] = ()

    def cost(self, start: Array, grade: Array, stop: Array) -> Array:
        """Effort of going from one figure to another; infinite where there is no way."""
        if self.labels is not None:
            reached = self.grade(np.where(np.isnan(stop), 0, stop))
            paid: Array = np.abs(reached - grade) / 100 * self.effort
        else:
            whole = self.figures[-1] - self.figures[0]
            paid = np.abs(stop - start) / (whole if whole > 0 else 1.0) * self.effort
        return np.where(np.isnan(stop), np.inf, paid)

    def grade(self, figures: Array) -> Array:
        """Scores of figures, none missing."""
        if isinstance(self.function, CategoryScores):
            return np.array(self.function.scores)[figures.astype(np.intp)]
        flat: Array = score_values(self.function, np.ascontiguousarray(figures).ravel())
        return flat.reshape(figures.shape)

    def nearest(self, wanted: Array, start: Array, side: int = 0) -> Array:
        """The nearest figure to `start` that scores at least `wanted`; NaN where there is none.

        Both arrays have the same shape. With side 1 only figures from `start` upwards are
        looked at, with -1 only those downwards.
        """
        best = np.full(wanted.shape, np.nan)
        distance = np.full(wanted.shape, np.inf)
        for low, high in self._pieces(wanted):
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
            away = np.abs(self.grade(np.nan_to_num(point)) - self.grade(start))
        return np.where(np.isnan(point), np.inf, away)

    def _pieces(self, wanted: Array) -> list[tuple[Array, Array]]:
        """Where between (or on) the stops the score is enough: intervals, NaN where nowhere."""
        x, y = self.figures, self.scores
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
        """Of a monotone function the outermost figure that is still enough."""
        if rising:
            at = np.searchsorted(self.scores, wanted, side="left")
            nowhere, whole = at == len(self.scores), at == 0
            end, before = self.figures[0], np.clip(at - 1, 0, len(self.scores) - 2)
        else:
            falling = self.scores[::-1]
            at = np.searchsorted(falling, wanted, side="left")
            nowhere, whole = at == len(falling), at == 0
            end = self.figures[-1]
            before = np.clip(len(falling) - 1 - at, 0, len(falling) - 2)
        found = np.where(whole, end, self._between(before, wanted))
        return np.where(nowhere, np.nan, found)

    def _between(self, at: NDArray[np.intp], wanted: Array) -> Array:
        """Where the line from stop `at` to the next passes a score."""
        x = self.figures if self.offset is None else np.log(self.figures + self.offset)
        x0, x1, y0, y1 = x[at], x[at + 1], self.scores[at], self.scores[at + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(y1 == y0, 1.0, (wanted - y0) / (y1 - y0))
        found = x0 + np.clip(np.nan_to_num(share), 0, 1) * (x1 - x0)
        if self.offset is not None:
            found = np.exp(found) - self.offset
        return np.clip(found, self.figures[at], self.figures[at + 1])

    @property
    def stops(self) -> Array:
        """The stops to try for an indicator that is not the last one to be moved.

        In a logarithm the score bends between the knots, so that there are stops between.
        """
        if self.offset is not None:
            first, last = np.log(self.figures[[0, -1]] + self.offset).tolist()
            between = np.exp(np.linspace(first, last, _MOST_STOPS)) - self.offset
            stops: Array = np.clip(between, self.figures[0], self.figures[-1])
        else:
            count = min(len(self.figures), _MOST_STOPS)
            chosen = np.linspace(0, len(self.figures) - 1, count).round().astype(np.intp)
            stops = self.figures[chosen]
        return np.union1d(stops, self.marks) if self.marks else stops


def reach_of(
    written: Indicator, planned: PlanIndicator, marks: Sequence[float] = ()
) -> Reach | None:
    """What can be reached of an indicator; None for one that is not changeable.

    `marks` are further figures at which to stop, such as those where a veto ends.
    """
    change = written.changeable
    if change is None or not planned.graded:
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
    low, high = float(change.lowest), float(change.highest)
    inner = np.array([x for x in _knots(function) if low < x < high])
    figures = np.unique(np.concatenate([[low], inner, [high]]))
    scores = score_values(function, figures)
    offset = function.log_offset
    if offset is not None and low + offset <= 0:
        figures = figures[figures + offset > 0]
        scores = score_values(function, figures)
    within = tuple(mark for mark in marks if figures[0] <= mark <= figures[-1])
    return Reach(planned.name, figures, scores, change.effort, offset, None, function, within)


def _knots(function: ValueFunction) -> list[float]:
    """Figures at which a value function bends or steps, with the last one before a step."""
    edges = [
        float(np.exp(edge)) - function.log_offset if function.log_offset is not None else edge
        for edge in function.edges
    ]
    if function.is_flat:
        side = -np.inf if function.closed == "left" else np.inf
        edges += [float(np.nextafter(edge, side)) for edge in edges]
    ends = [end for end in (function.low, function.high) if np.isfinite(end)]
    return [*edges, *ends]
