"""Values that can be attained and told: multiples of a step, and numbers with few digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

__all__ = ["ANY_VALUE", "FEW", "FULL", "Grid", "shorter"]

Array = NDArray[np.float64]

FEW, FULL = (4, 6, 9, 12), (12, 12, 12, 12)
"""Significant digits to try when a value is told, and when it is kept as data."""

_LIMIT = 6  # digits of a limit that a population set


@dataclass(frozen=True)
class Grid:
    """The multiples of a step; with step 0 every number.

    Examples
    --------
    >>> Grid(0.1).limits(0.25, 0.7), Grid(1).limits(2.1, 2.9)
    ((0.3, 0.7), (3.0, 2.0))
    """

    step: float = 0.0

    def _multiple(self, places: Array) -> Array:
        """Multiples as they are written: 3 times 0.3 is 0.9."""
        exponent = int(Decimal(repr(self.step)).normalize().as_tuple().exponent)
        return np.round(places * self.step, max(0, -exponent))

    def _up(self, values: Array) -> Array:
        """The nearest multiple at or above."""
        places = np.floor(values / self.step) - 1  # a quotient may be off by a bit either way
        for _ in range(3):
            places = np.where(self._multiple(places) < values, places + 1, places)
        return self._multiple(places)

    def within(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The first and last attainable value of intervals; NaN where one holds none."""
        if not self.step:
            return low, high
        first, last = self._up(low), -self._up(-high)
        none = ~(first <= last)
        return np.where(none, np.nan, first), np.where(none, np.nan, last)

    def limits(self, low: float, high: float) -> tuple[float, float]:
        """Limits that can be attained and told, not beyond those given; crossed if none can."""
        ends = np.array([low]), np.array([high])
        if self.step:
            return float(self._up(ends[0])[0]), float(-self._up(-ends[1])[0])
        inner = _rounded(ends[0], np.ones(1), _LIMIT), _rounded(ends[1], -np.ones(1), _LIMIT)
        return (float(inner[0][0]), float(inner[1][0])) if inner[0] <= inner[1] else (low, high)

    def around(self, values: Array, low: float, high: float) -> Array:
        """The attainable values next to some, on either side and within limits; rising."""
        if not self.step or not len(values):
            return values
        both = np.concatenate([self._up(values), -self._up(-values)])
        return np.unique(both[(both >= low) & (both <= high)])


ANY_VALUE = Grid()


def _rounded(values: Array, side: Array, digits: int, factor: int = 1) -> Array:
    """Values to so many significant digits: to the nearest (side 0), or not below (1) or above."""
    shown = values * factor
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        places = np.maximum(0, digits - 1 - np.floor(np.log10(np.abs(shown))))
        scale = 10.0**places
        whole = np.round(shown * scale)
        for _ in range(2):
            whole = np.where(side * (whole / scale / factor - values) < 0, whole + side, whole)
        short = whole / scale / factor
    return np.where(np.isfinite(short) & (shown != 0), short, values)


def shorter(
    values: Array, start: Array, edges: Array, factor: int, digits: Sequence[int]
) -> Iterator[Array]:
    """The values with more and more digits: rounded to the nearest, then away from the start.

    An edge of twelve digits or fewer, as somebody wrote it, stays as it is in the first try.

    Parameters
    ----------
    values, start : ndarray, shape (customers,)
        NaN where nothing changes.
    edges : ndarray
        Rising; the first and the last are the limits.
    factor : int
        100 where values are told as per cent.
    digits : sequence of int
    """
    side, limits = np.sign(values - start), (edges[0], edges[-1])
    first = _rounded(values, np.zeros(len(values)), FULL[0], factor)
    written = np.isin(values, edges) & (np.abs(first - values) <= np.abs(values) * 2e-16)
    for count in digits:
        for way in (side * 0, side):
            short = np.where(written, first, _rounded(values, way, count, factor))
            yield np.where((short >= limits[0]) & (short <= limits[1]), short, values)
            written = np.zeros(len(values), dtype=bool)
