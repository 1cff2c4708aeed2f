"""Fitting: turning "the 5th percentile" or "where most customers are" into numbers.

Values are the values of the reference population without the missing ones, ascending or
not; nothing here depends on their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ahpvalue.value_functions.knots import UNDECIDED, Knots, mirrored

__all__ = ["bound", "measure_spread", "percentile_knots", "reference_hash", "thin"]

Array = NDArray[np.float64]

_ROUNDING = 1e-4  # of the shares, which are written with four digits
_HALVINGS = 20


def bound(wanted: float | str, values: Array) -> float:
    """A bound as a number: itself, or ``min``, ``max``, ``median``, ``p5`` of the values.

    Percentiles interpolate linearly between the two nearest values (definition 7 of
    Hyndman and Fan 1996, The American Statistician 50, 361-365).

    Examples
    --------
    >>> import numpy as np
    >>> bound("p25", np.array([1.0, 2.0, 3.0, 4.0, 5.0])), bound(7, np.array([1.0]))
    (2.0, 7.0)
    """
    if not isinstance(wanted, str):
        return float(wanted)
    share = {"min": 0.0, "median": 50.0, "max": 100.0}.get(wanted)
    found = np.percentile(values, float(wanted[1:]) if share is None else share)
    return float(f"{found:.12g}")  # 19.95, not 19.950000000000003: people read fitted models


def percentile_knots(
    values: Array, better: str = "high", tolerance: float = 0.25, points: int | None = None
) -> tuple[Knots, float]:
    """Knots of the share (0 to 100) of other customers that a value beats, and their error.

    A value beats those below it and half of those who have the same:
    ``(below + (same - 1) / 2) / (customers - 1)``; `thin` says which values become knots.

    Examples
    --------
    >>> import numpy as np
    >>> percentile_knots(np.array([0.0, 0.0, 0.0, 5.0, 9.0]))
    ([(0.0, 25.0), (5.0, 75.0), (9.0, 100.0)], 0.0)
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(values) == 1:
        return [(float(distinct[0]), UNDECIDED)], 0.0
    below = np.cumsum(counts) - counts
    shares = (below + (counts - 1) / 2) * (100 / (len(values) - 1))
    knots, error = thin(distinct, shares, tolerance, points)
    return mirrored(knots, better), error


def thin(
    values: Array, shares: Array, tolerance: float, points: int | None = None
) -> tuple[Knots, float]:
    """As few of the points as a line through them needs, and the greatest error at any point.

    From each knot to the furthest point from which every point between lies within the
    tolerance. Where that takes more than `points` knots, the tolerance is widened until it does
    not. Shares are rounded to four digits.

    Parameters
    ----------
    values, shares : ndarray, shape (n,)
        Rising.
    tolerance : float
        In points of the score.
    points : int, optional
        The most knots there may be, 2 or more.

    Examples
    --------
    >>> import numpy as np
    >>> thin(np.arange(5.0), np.array([0.0, 25.1, 50.0, 74.9, 100.0]), tolerance=0.25)
    ([(0.0, 0.0), (4.0, 100.0)], 0.1000...)
    """
    rounded = shares.round(4)
    if len(values) == 1:
        return [(float(values[0]), float(rounded[0]))], 0.0
    chosen = _walk(values, rounded, tolerance - _ROUNDING)
    if points is not None and len(chosen) > points:
        chosen = _walk_in(values, rounded, tolerance, points)
    knots = list(zip(values[chosen].tolist(), rounded[chosen].tolist(), strict=True))
    error = float(np.abs(_between(values, values[chosen], rounded[chosen]) - shares).max())
    return knots, error


def _between(x: Array, at: Array, y: Array) -> Array:
    """Read off the straight lines between points; no slope is made, which could overflow."""
    right = np.clip(np.searchsorted(at, x), 1, len(at) - 1)
    share = (x - at[right - 1]) / (at[right] - at[right - 1])
    return y[right - 1] + share * (y[right] - y[right - 1])


def _walk(x: Array, y: Array, tolerance: float) -> list[int]:
    """The points a line needs to pass every other point within the tolerance."""
    chosen = [0]
    while chosen[-1] < len(x) - 1:
        chosen.append(_furthest(x, y, chosen[-1], tolerance))
    return chosen


def _walk_in(x: Array, y: Array, tolerance: float, points: int) -> list[int]:
    """The same with at most so many points: by the narrowest tolerance that allows it."""
    chosen, narrow, wide = [0, len(x) - 1], tolerance, 100.0
    for _ in range(_HALVINGS):
        middle = (narrow + wide) / 2
        found = _walk(x, y, middle)
        if len(found) > points:
            narrow = middle
        else:
            chosen, wide = found, middle
    return chosen


def _furthest(x: Array, y: Array, start: int, tolerance: float) -> int:
    """The last point that a line from `start` reaches within the tolerance of all between.

    Slopes that pass within the tolerance of every point so far form a cone that narrows.
    """
    low, high, found = -np.inf, np.inf, start + 1
    first, size = start + 1, 64
    while first < len(x) and low <= high:
        here = slice(first, first + size)
        run, rise = x[here] - x[start], y[here] - y[start]
        with np.errstate(over="ignore"):  # values may be as near as floats can be
            slopes = rise / run
            lows = np.maximum.accumulate(np.append(low, (rise - tolerance) / run))
            highs = np.minimum.accumulate(np.append(high, (rise + tolerance) / run))
        inside = np.nonzero((slopes >= lows[:-1]) & (slopes <= highs[:-1]))[0]
        if len(inside):
            found = first + int(inside[-1])
        low, high = lows[-1], highs[-1]
        first, size = first + size, size * 2
    return found


def measure_spread(values: Array) -> tuple[list[float], list[int]]:
    """Deciles of the values without repetition, and how many values lie in each bin.

    A value on an edge is in the bin above it. Kept with a fitted model, so that a later
    population can be set against the reference.

    Examples
    --------
    >>> import numpy as np
    >>> measure_spread(np.array([0.0] * 8 + [1.0, 2.0]))
    ([0.0, 0.2, 1.1], [0, 8, 1, 1])
    """
    deciles = np.quantile(values, np.arange(1, 10) / 10)
    edges = list(dict.fromkeys(float(f"{decile:.12g}") for decile in deciles))
    bins = np.searchsorted(np.array(edges), values, side="right")
    return edges, np.bincount(bins, minlength=len(edges) + 1).tolist()


def reference_hash(columns: Iterable[tuple[str, Array | list[str], int]]) -> str:
    """Sixteen hexadecimal digits for what a fit saw: (indicator, values, missing) each.

    The same customers give the same hash in any order and from any kind of frame.
    """
    digest = hashlib.sha256()
    for name, values, missing in columns:
        digest.update(f"{name}\0{missing}\0".encode())
        if isinstance(values, list):
            digest.update("\0".join(sorted(values)).encode())
        else:
            digest.update((np.sort(values) + 0.0).astype("<f8").tobytes())  # + 0.0: no -0.0
    return digest.hexdigest()[:16]
