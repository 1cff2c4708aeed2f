"""Value functions as knots (value, score): what fit and score both work with.

A score is read off the straight line between the two knots around a value, and off the
outer knot beyond them.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Knots", "line", "mirrored", "trapezium"]

Knots = list[tuple[float, float]]

BEST, WORST, UNDECIDED = 100.0, 0.0, 50.0


def line(lower: float, upper: float, better: str = "high") -> Knots:
    """From the worst score at one bound to the best at the other.

    Equal bounds come from a column in which all reference customers are alike; such a
    column tells nobody apart, and everybody gets 50.

    Examples
    --------
    >>> line(10, 30)
    [(10.0, 0.0), (30.0, 100.0)]
    >>> line(10, 30, better="low")
    [(10.0, 100.0), (30.0, 0.0)]
    """
    if lower == upper:
        return [(float(lower), UNDECIDED)]
    return mirrored([(float(lower), WORST), (float(upper), BEST)], better)


def mirrored(knots: Sequence[tuple[float, float]], better: str) -> Knots:
    """The knots as they are when high values are better, else with scores turned round."""
    if better == "high":
        return list(knots)
    return [(x, BEST - y) for x, y in knots]


def trapezium(lower: float, best: tuple[float, float], upper: float) -> Knots:
    """The best score on `best`, falling to the worst at both bounds.

    Where a bound is on the best value itself, values beyond it keep the best score.
    Equal bounds tell nobody apart (see `line`).

    Examples
    --------
    >>> trapezium(0, (20, 40), 50)
    [(0.0, 0.0), (20.0, 100.0), (40.0, 100.0), (50.0, 0.0)]
    """
    if lower == upper:
        return [(float(lower), UNDECIDED)]
    knots: dict[float, float] = {}
    for x, y in ((lower, WORST), (upper, WORST), (best[0], BEST), (best[1], BEST)):
        knots[float(x)] = y
    return sorted(knots.items())
