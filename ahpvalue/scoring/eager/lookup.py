"""Value functions made ready for many values: a value's segment, and its score from there.

A value's *state* is the number of edges it has passed, or one more than the last where it is
missing; whatever depends on the state alone is looked up. Every way of finding the state
compares the value with the edges themselves, so all of them agree at every edge.
"""

from __future__ import annotations

from math import inf, nextafter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.plan import ValueFunction

__all__ = ["LookUp", "Scorer", "Workspace", "worth_building_for"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MOST_COUNTED = 16  # edges; above, looking up a bucket is faster than counting them
_MOST_BUCKETS = 1 << 14  # the tables of more than these push each other out of the cache
_MOST_AHEAD = 12  # edges in one bucket; above, a binary search is faster
_WIDEST = 1e300  # a span whose distances are numbers
_TABLES_PAY = 8_192  # rows from which building larger tables is repaid


def worth_building_for(rows: int) -> bool:
    """Whether larger tables are repaid by so many rows."""
    return rows >= _TABLES_PAY


class Workspace:
    """One worker's arrays, used again for every block.

    Fresh arrays of this size cost more than the arithmetic in them.
    """

    def __init__(self, rows: int) -> None:
        self.numbers, self.factor = np.empty(rows), np.empty(rows)
        self.index = np.empty(rows, dtype=np.intp)
        self.passed = np.empty(rows, dtype=bool)
        self.states = np.empty(rows, dtype=np.uint8)
        self.joint = np.empty(rows, dtype=np.uint8)


class LookUp:
    """A value for every state.

    Parameters
    ----------
    values : ndarray
    pairs : bool
        Whether to look up two rows at a time, which takes half as long: two states are one
        index, and two values one entry of a table that is larger by so much.
    """

    def __init__(self, values: Array, *, pairs: bool) -> None:
        self._values, self._pairs = values, None
        if pairs:
            both = np.arange(257 * len(values), dtype=np.uint16).view(np.uint8).reshape(-1, 2)
            entries = values[np.minimum(both, len(values) - 1)].view(np.complex128)
            self._pairs = entries[:, 0].copy()

    def write(self, states: NDArray[Any], out: Array) -> None:
        """Write every row's value; states of one byte if there are pairs, else any integer."""
        if self._pairs is None:
            self._values.take(states, out=out, mode="clip")
            return
        size = len(states)
        even = size - size % 2
        pairs = states[:even].view(np.uint16)
        self._pairs.take(pairs, out=out[:even].view(np.complex128), mode="clip")
        if even < size:
            out[even] = self._values[states[even]]


class Scorer:
    """A value function over many values.

    Parameters
    ----------
    function : ValueFunction
    absent : float
        The score where a value is missing.
    large : bool
        Whether to build larger tables, for many values.
    """

    def __init__(
        self, function: ValueFunction, absent: float = 0.0, *, large: bool = False
    ) -> None:
        self.function = function
        self._edges = np.array(function.edges)
        self._compare = np.greater_equal if function.closed == "left" else np.greater
        count = len(function.edges)
        self._count_edges = count <= _MOST_COUNTED
        self._absent_state = count + 1
        # The lowest end passes no edge, and stands for a value that is not there.
        if function.low > -np.inf:
            self._ends = (function.x0[0], function.x0[-1])
        elif not self._count_edges:
            self._ends = _just_around(self._edges)
        else:
            self._ends = (0.0, 0.0)
        tables = [np.array([*function.y0, absent])]
        if not function.is_flat:
            tables.append(np.array([*function.x0, self._ends[0]]))
            tables.append(np.array([*function.slope, 0.0]))
        self.scores = tables[0]
        self._pairs = large and self._count_edges
        self._tables = [LookUp(table, pairs=self._pairs) for table in tables]
        self._buckets = None
        if large and not self._count_edges:
            self._buckets = _Buckets.of(self._edges, self._ends)

    def score(self, numbers: Array, absent: Mask | None, scores: Array, work: Workspace) -> None:
        """Write the scores of values."""
        size = len(numbers)
        x = self._within_ends(numbers, absent, work)
        states = self._states(x, absent, work)
        if not self._pairs and states.dtype != np.intp:
            index = work.index[:size]
            index[:] = states
            states = index
        self._tables[0].write(states, scores)
        if len(self._tables) > 1:
            factor = work.factor[:size]
            self._tables[1].write(states, factor)
            np.subtract(x, factor, out=x)
            self._tables[2].write(states, factor)
            np.multiply(x, factor, out=x)
            np.add(scores, x, out=scores)

    @property
    def is_counted(self) -> bool:
        """Whether states are all there is to it, and counting edges gives them."""
        return len(self._tables) == 1 and self.function.low == -inf and self._count_edges

    def states(self, numbers: Array, absent: Mask | None, work: Workspace) -> NDArray[Any]:
        """The states of values, in `work.states` if they are counted."""
        return self._states(self._within_ends(numbers, absent, work), absent, work)

    def _within_ends(self, numbers: Array, absent: Mask | None, work: Workspace) -> Array:
        function, x = self.function, work.numbers[: len(numbers)]
        if function.low > -np.inf:
            np.clip(numbers, function.low, function.high, out=x)
            if function.log_offset is not None:
                np.log(np.add(x, function.log_offset, out=x), out=x)
                np.clip(x, *self._ends, out=x)
        elif not self._count_edges:
            np.clip(numbers, *self._ends, out=x)
        else:
            return numbers  # no edge is passed by NaN
        if absent is not None:
            np.copyto(x, self._ends[0], where=absent)
        return x

    def _states(self, x: Array, absent: Mask | None, work: Workspace) -> NDArray[Any]:
        size = len(x)
        states: NDArray[Any]
        if self._count_edges:
            states = self._counted(x, work)
        elif self._buckets is not None:
            states = self._buckets.states(x, self._compare, work)
        else:
            side = "right" if self.function.closed == "left" else "left"
            states = np.searchsorted(self._edges, x, side)  # type: ignore[call-overload]
        if absent is not None:
            if states.dtype == np.uint8:
                marks, state = work.passed[:size].view(np.uint8), np.uint8(self._absent_state)
                np.multiply(absent.view(np.uint8), state, out=marks)
                np.maximum(states, marks, out=states)
            else:
                np.copyto(states, self._absent_state, where=absent)
        return states

    def _counted(self, x: Array, work: Workspace) -> NDArray[np.uint8]:
        states, passed = work.states[: len(x)], work.passed[: len(x)]
        if not len(self._edges):
            states[:] = 0
            return states
        first, *others = self.function.edges
        self._compare(x, first, out=states.view(bool))
        for edge in others:
            self._compare(x, edge, out=passed)
            np.add(states, passed.view(np.uint8), out=states)
        return states


def _just_around(edges: Array) -> tuple[float, float]:
    return nextafter(edges[0], -inf), nextafter(edges[-1], inf)


class _Buckets:
    """Many edges: a value's bucket says how many edges lie below it, and which to compare with.

    A bucket is the leading bits of the value's distance from a point below all edges: wide
    buckets where values are large, narrow ones where they are small, as reference values are
    spread. Bits, and with them buckets, rise with the value; so edges in lower buckets
    are passed, those in higher ones are not, and the value meets those of its own one by one.
    """

    def __init__(self, edges: Array, start: float, shift: int, offset: int) -> None:
        self._start, self._shift, self._offset = start, shift, offset
        own = (edges - start).view(np.int64) >> shift
        counts = np.bincount(own - offset)
        below = np.concatenate([[0], np.cumsum(counts)])[:-1]
        small = len(edges) < np.iinfo(np.uint8).max
        self._below = below.astype(np.uint8 if small else np.intp)
        padded = np.concatenate([edges, np.full(counts.max(), np.inf)])
        self._ahead = [
            np.where(counts > k, padded[np.minimum(below + k, len(edges))], np.inf)
            for k in range(counts.max())
        ]

    @classmethod
    def of(cls, edges: Array, ends: tuple[float, float]) -> _Buckets | None:
        """The fewest buckets with the fewest edges each; None if too many share one."""
        if ends[1] - ends[0] > _WIDEST:
            return None
        start = ends[0] - float(np.diff(edges).min())
        distances = np.array([ends[0], *edges, ends[1]]) - start
        if distances[0] <= 0:
            return None  # the closest edges are nearer than such values can be told apart
        bits, best = distances.view(np.int64), None
        for shift in range(52, 30, -1):
            own = bits >> shift
            if own[-1] - own[0] >= _MOST_BUCKETS:
                break
            most = int(np.bincount(own[1:-1] - own[0]).max())
            if best is None or most < best[0]:
                best = (most, shift, int(own[0]))
            if most == 1:
                break
        if best is None or best[0] > _MOST_AHEAD:
            return None
        return cls(edges, start, best[1], best[2])

    def states(self, x: Array, passes: Any, work: Workspace) -> NDArray[Any]:
        """Of values within the ends, how many edges each has passed."""
        size = len(x)
        distance, bucket, passed = work.factor[:size], work.index[:size], work.passed[:size]
        np.subtract(x, self._start, out=distance)
        np.right_shift(distance.view(np.int64), self._shift, out=bucket)
        np.subtract(bucket, self._offset, out=bucket)
        small = self._below.dtype == np.uint8
        states = work.states[:size] if small else np.empty(size, dtype=np.intp)
        self._below.take(bucket, out=states, mode="clip")
        for ahead in self._ahead:
            ahead.take(bucket, out=distance, mode="clip")
            passes(x, distance, out=passed)
            states += passed
        return states
