"""Fitting: turning "the 5th percentile" or "where most customers are" into numbers.

Values are the values of the reference population without the missing ones, ascending or
not; nothing here depends on their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ahpvalue.value_functions.knots import Knots, mirrored

__all__ = ["bound", "measure_spread", "percentile_knots", "reference_hash"]

Array = NDArray[np.float64]


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


def percentile_knots(values: Array, points: int, better: str = "high") -> Knots:
    """At most `points` knots of the share (0 to 100) of other customers that a value beats.

    A value beats those below it and half of those who have the same:
    ``(below + (same - 1) / 2) / (customers - 1)``. All distinct values become knots if
    they are few enough; else those nearest to evenly spaced shares, so that between knots a
    score is off by less than three steps of ``100 / (points - 1)``. Shares are rounded to
    four digits.

    Examples
    --------
    >>> import numpy as np
    >>> percentile_knots(np.array([0.0, 0.0, 0.0, 5.0, 9.0]), points=101)
    [(0.0, 25.0), (5.0, 75.0), (9.0, 100.0)]
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(values) == 1:
        return [(float(distinct[0]), 50.0)]
    below = np.cumsum(counts) - counts
    shares = (below + (counts - 1) / 2) * (100 / (len(values) - 1))
    if len(distinct) > points:
        chosen = _nearest(shares, np.linspace(shares[0], shares[-1], points))
        distinct, shares = distinct[chosen], shares[chosen]
    knots = zip(distinct.tolist(), shares.round(4).tolist(), strict=True)
    return mirrored(list(knots), better)


def _nearest(rising: Array, wanted: Array) -> NDArray[np.intp]:
    right = np.clip(np.searchsorted(rising, wanted), 1, len(rising) - 1)
    nearer_left = wanted - rising[right - 1] <= rising[right] - wanted
    return np.unique(np.where(nearer_left, right - 1, right))


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
