"""Concentration: how much of the whole comes from how few, losses kept.

That a fifth of the customers brings four fifths of the value is a hypothesis. Here it is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import line_of_top
from ahpvalue.errors import CustomerDataError
from ahpvalue.support.display import Result, Table
from ahpvalue.support.extras import need

__all__ = ["Concentration", "concentration", "in_top"]

Array = NDArray[np.float64]

_SHARES = (0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 1.0)


@dataclass(frozen=True, repr=False)
class Concentration(Result):
    """How a sum is spread over customers.

    Attributes
    ----------
    of : str
        What is summed.
    values : ndarray, shape (customers,)
        Falling; customers without a value are not among them.
    missing : int
        How many had none.

    See Also
    --------
    concentration : makes it from plain values.
    """

    of: str
    values: Array
    missing: int = 0

    @property
    def total(self) -> float:
        """The sum over all customers, losses taken off."""
        return float(self.values.sum())

    @property
    def losses(self) -> tuple[int, float]:
        """How many customers are below 0, and their sum."""
        below = self.values < 0
        return int(below.sum()), float(self.values[below].sum())

    @cached_property
    def whale_curve(self) -> Array:
        """Cumulative share of the whole, largest first, shape (customers + 1,).

        Where customers make losses it rises above 1 before it comes back to it (the whale
        curve; Kaplan and Narayanan 2001, Measuring and Managing Customer Profitability).
        """
        self._need_a_sum()
        return np.concatenate([[0.0], np.cumsum(self.values)]) / self.total

    @property
    def lorenz_curve(self) -> Array:
        """Cumulative share of the whole, smallest first, shape (customers + 1,)."""
        self._need_a_sum()
        return np.concatenate([[0.0], np.cumsum(self.values[::-1])]) / self.total

    @property
    def peak(self) -> tuple[float, float]:
        """The share of the customers after which the whale curve is highest, and how high."""
        if not self.losses[0]:
            return 1.0, 1.0
        curve = self.whale_curve
        at = int(np.argmax(curve))
        return at / len(self.values), float(curve[at])

    def share_of_top(self, share: float = 0.2) -> float:
        """What the largest share of the customers brings; part of a customer counts in part.

        Examples
        --------
        >>> round(concentration([50, 30, 10, 5, 5]).share_of_top(0.2), 4)
        0.5
        """
        return float(np.interp(share, self._customers, self.whale_curve))

    def share_for(self, of_the_whole: float = 0.8) -> float:
        """The share of the customers, largest first, that brings this share of the whole."""
        curve = self.whale_curve
        at = int(np.argmax(curve >= of_the_whole - 1e-12))
        if at == 0 or curve[at] == curve[at - 1]:
            return at / len(self.values)
        part = (of_the_whole - curve[at - 1]) / (curve[at] - curve[at - 1])
        return float((at - 1 + min(part, 1.0)) / len(self.values))

    @property
    def gini(self) -> float:
        """Gini coefficient: 0 when all are alike; losses can carry it above 1.

        Half the mean difference of all pairs divided by the mean (Gini 1912), computed from
        the sorted values. With losses it no longer ends at 1 (Chen, Tsaur and Rhai 1982,
        Review of Economics and Statistics 64, 473-478).

        Examples
        --------
        >>> concentration([1, 1, 1, 1]).gini, round(concentration([0, 0, 0, 4]).gini, 2)
        (0.0, 0.75)
        """
        self._need_a_sum()
        n = len(self.values)
        ranks = np.arange(n, 0, -1)  # the smallest has rank 1
        found = 2 * float((ranks * self.values).sum()) / (n * self.total) - (n + 1) / n
        return found + 0.0 if abs(found) > 1e-15 else 0.0

    @property
    def _customers(self) -> Array:
        return np.arange(len(self.values) + 1) / len(self.values)

    def _need_a_sum(self) -> None:
        if not self.total > 0:
            raise CustomerDataError(
                f"the sum of {self.of} is {self.total:g}; shares need a sum above 0"
            )

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        shares = [share for share in _SHARES if share * len(self.values) >= 1]
        brought = [self.share_of_top(share) for share in shares]
        peak_at, peak = self.peak
        count, lost = self.losses
        parts = [
            f"Gini {self.gini:.3f}",
            f"80 % of {self.of} come from {self.share_for():.1%} of the customers",
        ]
        if count:
            parts.append(
                f"{count:,} customers lose {-lost:,.0f}; without them {peak:.1%} of the whole, "
                f"reached at {peak_at:.1%} of the customers"
            )
        if self.missing:
            parts.append(f"{self.missing:,} customers without a value are left out")
        return Table(
            f"Concentration of {self.of}: {len(self.values):,} customers, {self.total:,.0f} in all",
            {"largest customers": shares, "share of the whole": brought},
            {"largest customers": ".0%", "share of the whole": ".1%"},
            {"share of the whole": max(1.0, *brought)},
            note="; ".join(parts),
        )

    def to_dict(self) -> dict[str, Any]:
        """The curves: share of the customers, largest first, and what they bring together."""
        return {
            "customers": self._customers.tolist(),
            "largest_first": self.whale_curve.tolist(),
            "smallest_first": self.lorenz_curve.tolist(),
        }

    def plot(self) -> Any:
        """Draw both curves; needs the extra [plot].

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure_class = need("matplotlib.figure", "plot", "a plot").Figure
        figure = figure_class(figsize=(6.4, 4.8), layout="constrained")
        axes = figure.add_subplot()
        customers = self._customers * 100
        axes.plot(customers, self.whale_curve * 100, color="#3b6ea5", label="largest first")
        axes.plot(customers, self.lorenz_curve * 100, color="#b5651d", label="smallest first")
        axes.plot([0, 100], [0, 100], color="#999999", linewidth=0.8, label="all alike")
        axes.axvline(20, color="#cccccc", linewidth=0.8, zorder=0)
        brought = self.share_of_top() * 100
        axes.plot(20, brought, "o", color="#3b6ea5")
        words = f"the largest 20 % bring {brought:.1f} %"
        axes.text(0.03, 0.97, words, transform=axes.transAxes, va="top")
        axes.set(
            xlabel="share of the customers, %",
            ylabel=f"share of {self.of}, %",
            title=f"Concentration of {self.of} (Gini {self.gini:.2f})",
        )
        axes.legend(frameon=False, loc="lower right")
        axes.spines[["top", "right"]].set_visible(False)
        return figure


def in_top(values: Array, share: float) -> NDArray[np.bool_]:
    """Who is in the top share; customers tied on the line are all in, NaN never is.

    Examples
    --------
    >>> in_top(np.array([5.0, np.nan, 3.0, 4.0]), 0.5)
    array([ True, False, False,  True])
    """
    held = values[~np.isnan(values)]
    if not len(held):
        return np.zeros(len(values), dtype=bool)
    with np.errstate(invalid="ignore"):
        return values >= line_of_top(held, share)


def concentration(values: Any, of: str = "the value") -> Concentration:
    """Measure how a sum is spread over customers.

    Parameters
    ----------
    values : array, shape (customers,)
        One value each; missing ones (NaN) are counted and left out, losses are kept.
    of : str
        What the value is called.

    Raises
    ------
    CustomerDataError
        There is no value at all, or not a number.

    Examples
    --------
    >>> found = concentration([100, 60, 40, 20, -20], of="profit")
    >>> found.share_of_top(0.4), found.losses, found.peak
    (0.8, (1, -20.0), (0.8, 1.1))
    """
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise CustomerDataError(f"{of} holds something else than values") from None
    held = numbers[~np.isnan(numbers)]
    if not len(held) or not np.isfinite(held).all():
        raise CustomerDataError(f"{of}: finite values are needed, and there are none or others")
    return Concentration(of, np.sort(held)[::-1], len(numbers) - len(held))
