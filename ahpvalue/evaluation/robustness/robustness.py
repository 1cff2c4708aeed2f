"""How sure scores and tiers are, when the weights are drawn anew."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError
from ahpvalue.evaluation.robustness.draws import Draws, collect_draws
from ahpvalue.evaluation.robustness.effective_weights import Drawn, EffectiveWeights, patterns
from ahpvalue.evaluation.tiers import BY_LINES, NONE, Tiers, check_tiers, plain_levels, tier_basis
from ahpvalue.scored import Scored
from ahpvalue.scoring import BLOCK, indicator_blocks
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["Robustness", "measure_robustness"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_CELLS = 512_000  # of one block of customers x draws: 4 MB
_MOST_RANKED = 50_000_000  # customers x draws, as whole numbers of four bytes
_ENOUGH = 0.9
_HELD = 8_000_000  # scores: 64 MB
_ALONE = 500_000  # multiplications: so few that BLAS starts no threads beside ours
_MOST_WORKERS = 8
_WORDS = 255  # of eight flags each: what one byte can count


@dataclass(frozen=True, repr=False)
class Robustness(Result):
    """Scores and tiers over many draws of the weights; the lines of the tiers stay.

    Attributes
    ----------
    ids : sequence
    draws : int
    mean, low, high : ndarray, shape (customers,)
        The score tiers are drawn on (else the total): its mean over the draws, and the ends
        of the interval.
    interval : float or None
        How much of the draws the interval holds.
    names : tuple of str
        The tiers, best first; empty when the model has none.
    probability : ndarray, shape (customers, tiers)
        In what share of the draws the lines alone put a customer into each tier.
    unrated : ndarray, shape (customers,)
        In what share of the draws a customer has too little data for a score: where a minimum
        coverage is asked, the weights decide that, too. Mean, interval and probabilities are
        those of the draws in which it has one.
    level : ndarray of int
        The tier a customer has: the one given, else that by the lines alone and the model's own
        weights; -1 where there is none.
    tiers_are : str
        Which tiers these are, in words; empty without any.
    moved : int
        How many of them are not where the lines alone put the customer.
    rank_low, rank_high : ndarray, or None
        The interval of the rank; None where there are too many customers to keep them.
    """

    ids: Any
    draws: int
    mean: Array
    low: Array
    high: Array
    interval: float | None
    names: tuple[str, ...]
    probability: Array
    unrated: Array
    level: NDArray[np.int64]
    rank_low: Array | None
    rank_high: Array | None
    tiers_are: str = ""
    moved: int = 0

    @property
    def certainty(self) -> Array:
        """How probable each customer's own tier is; NaN for those without one."""
        own = np.full(len(self.level), np.nan)
        placed = np.flatnonzero(self.level != NONE)
        own[placed] = self.probability[placed, self.level[placed]]
        return own

    @property
    def robust(self) -> float:
        """Share of the customers whose tier holds in at least nine of ten draws."""
        certain = self.certainty[~np.isnan(self.certainty)]
        return float((certain >= _ENOUGH).mean()) if len(certain) else float("nan")

    @property
    def _partly_rated(self) -> Mask:
        """Who has a score in some of the draws only, or by the model's own weights only."""
        return (self.unrated > 0) & ((self.unrated < 1) | (self.level != NONE))

    def to_dict(self) -> dict[str, Any]:
        """One row per customer: mean, interval, rank interval, probabilities of the tiers."""
        columns: dict[str, Any] = {
            "customer": [str(one) for one in self.ids],
            "mean": self.mean.tolist(),
            "low": self.low.tolist(),
            "high": self.high.tolist(),
        }
        if self.rank_low is not None and self.rank_high is not None:
            columns |= {"rank_low": self.rank_low.tolist(), "rank_high": self.rank_high.tolist()}
        for k, name in enumerate(self.names):
            columns[f"p_{name}"] = self.probability[:, k].tolist()
        if self._partly_rated.any():
            columns["p_not_rated"] = self.unrated.tolist()
        return as_data(columns)

    def table(self) -> Table:
        """Per tier: how many customers are sure of it."""
        certain = self.certainty
        rows: dict[str, list[Any]] = {
            "tier": [], "customers": [], "holds in 9 of 10 draws": [], "mean probability": [],
        }  # fmt: skip
        for k, name in enumerate(self.names):
            inside = certain[(self.level == k) & ~np.isnan(certain)]
            rows["tier"].append(name)
            rows["customers"].append(len(inside))
            share = float((inside >= _ENOUGH).mean()) if len(inside) else None
            rows["holds in 9 of 10 draws"].append(share)
            rows["mean probability"].append(float(inside.mean()) if len(inside) else None)
        notes = [self._tiers_note()]
        if not np.isnan(self.high).all():
            width = float(np.nanmean(self.high - self.low))
            notes += [f"{self.interval:.0%} of the draws lie within {width:.1f} points on average"]
        if self._partly_rated.any():
            notes += [f"in some draws not rated: {int(self._partly_rated.sum()):,}"]
        formats = {
            "customers": ",d",
            "holds in 9 of 10 draws": ".1%",
            "mean probability": ".1%",
        }
        return Table(
            f"Scores over {self.draws:,} draws of the weights",
            rows,
            formats,
            note="; ".join(filter(None, notes)),
        )

    def _tiers_note(self) -> str:
        """Which tiers are spoken of, and how far they are from what the draws can tell."""
        if not self.moved:
            return self.tiers_are
        placed = int((self.level != NONE).sum())
        return (
            f"{self.tiers_are}, of which {self.moved:,} of {placed:,} are not where the lines "
            "alone put them"
        )


def measure_robustness(
    scored: Scored,
    draws: Iterable[Draws],
    interval: float | None,
    tiers: Tiers | None = None,
) -> Robustness:
    """Score every customer under every draw; see `Scores.robustness`."""
    if interval is not None and not 0 < interval < 1:
        raise CustomerDataError(
            f"interval is a share of the draws between 0 and 1, or None, not {interval}"
        )
    check_tiers(scored, tiers)
    local = collect_draws(draws, scored.model)
    count = len(next(iter(local.values())))
    names: tuple[str, ...] = ()
    on, lines, ties_in = scored.plan.goal, np.empty(0), True
    by_lines = np.full(len(scored), NONE)
    if scored.model.document.tiers is not None:
        basis = tier_basis(scored)
        basis.need_score()
        on, names, rule = basis.node, basis.names, basis.rule
        lines, ties_in = np.array(rule.lines), rule.ties_in
        by_lines = plain_levels(rule, basis.values)
    level = by_lines if tiers is None else tiers.level
    rows = scored.active.customers.rows
    found = _Summary(rows, lines, ties_in, count, interval)
    held = _Held(rows, EffectiveWeights(scored.plan, local, on), found)
    indicator_blocks(scored.plan, scored.active.customers, held.take, threads=1)
    held.reduce()
    spread = scored.active.spread
    shares = found.probability if names else np.empty((0, rows))
    ranks = found.rank_interval()
    return Robustness(
        scored.customers.ids,
        count,
        spread(found.mean),
        spread(found.low),
        spread(found.high),
        interval,
        names,
        np.array([spread(row) for row in shares]).T.reshape(len(scored), len(names)),
        spread(found.unrated),
        level,
        None if ranks is None else spread(ranks[0]),
        None if ranks is None else spread(ranks[1]),
        (f"tiers {BY_LINES}" if names else "") if tiers is None else tiers.called,
        int((level != by_lines).sum()),
    )


class _Held:
    """Customers held until many lack the same values: one product for all of those."""

    def __init__(self, rows: int, weights: EffectiveWeights, found: _Summary) -> None:
        indicators = len(weights.plan.indicators)
        shape = min(rows, max(_HELD // indicators, BLOCK)), indicators
        self.weights, self.found = weights, found
        self.scores, self.absent = np.empty(shape), np.empty(shape, dtype=bool)
        self.start = self.count = 0
        self.step = min(max(_CELLS // found.draws, 1), max(rows, 1))

    def take(self, start: int, scores: Array, absent: Mask) -> None:
        """The next customers, in order."""
        if self.count + len(scores) > len(self.scores):
            self.reduce()
        here = slice(self.count, self.count + len(scores))
        self.scores[here], self.absent[here] = scores, absent
        self.start, self.count = start - self.count, here.stop

    def reduce(self) -> None:
        """Hand on whoever is held, and forget them."""
        work = iter(
            [
                (pattern, members[at : at + self.step])
                for pattern, members in patterns(self.absent[: self.count])
                for at in range(0, len(members), self.step)
            ]
        )
        workers = min(os.cpu_count() or 1, _MOST_WORKERS)
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(self._work, work) for _ in range(workers)]:
                done.result()
        self.start, self.count = self.start + self.count, 0

    def _work(self, work: Iterator[tuple[tuple[bool, ...], NDArray[np.intp]]]) -> None:
        """What one thread does: of all there is to do, the next, in arrays of its own."""
        size = self.step * (self.found.draws + 7)
        scratch = np.empty(size), np.empty(size, dtype=bool)
        for pattern, chosen in work:
            drawn = self.weights.of(pattern)
            self.found.add(self.start + chosen, self.scores[chosen], drawn, scratch)


class _Summary:
    """What is kept of the scores of each block before they are forgotten."""

    def __init__(
        self, rows: int, lines: Array, ties_in: bool, draws: int, within: float | None
    ) -> None:
        self.mean = np.full(rows, np.nan)
        self.low, self.high = np.full(rows, np.nan), np.full(rows, np.nan)
        self.above = np.zeros((len(lines), rows))
        self.unrated = np.zeros(rows)
        self.lines, self.compare = lines, np.greater_equal if ties_in else np.greater
        self.draws, self.within = draws, within or 0.0
        self.intervals = within is not None
        ranked = self.intervals and rows * draws <= _MOST_RANKED
        self.values = np.full((draws, rows), np.nan, dtype=np.float32) if ranked else None

    def add(
        self,
        rows: NDArray[np.intp],
        scores: Array,
        drawn: Drawn,
        scratch: tuple[Array, Mask],
    ) -> None:
        """Reduce the scores of some customers (rows) under all draws (columns).

        They lack the same values, so that a draw rates all of them or none.
        """
        count = drawn.weights.shape[1]
        self.unrated[rows] = 1 - count / self.draws
        if not count:
            return
        self.mean[rows] = scores @ drawn.mean
        values = scratch[0][: len(rows) * count].reshape(len(rows), count)
        step = max(_ALONE // drawn.weights.size, 1)
        for at in range(0, len(rows), step):
            here = slice(at, at + step)
            np.matmul(scores[here], drawn.weights, out=values[here])
        width = -(-count // 8) * 8  # whole words
        passed = scratch[1][: len(rows) * width].reshape(len(rows), width)
        passed[:, count:] = False
        for k, line in enumerate(self.lines):
            self.compare(values, line, out=passed[:, :count])
            self.above[k, rows] = _counted(passed) / count
        if self.values is not None:
            self.values[np.ix_(drawn.rated, rows)] = values.T
        if self.intervals:
            never_negative = drawn.never_negative and bool(scores.min() >= 0)
            self.low[rows], self.high[rows] = _ends_of(values, self.within, never_negative)

    @property
    def probability(self) -> Array:
        """Share of the draws with a score in each tier, shape (lines + 1, customers)."""
        rows = self.above.shape[1]
        found: Array = np.diff(np.vstack([np.zeros(rows), self.above, np.ones(rows)]), axis=0)
        found[:, self.unrated == 1] = np.nan
        return found

    def rank_interval(self) -> tuple[Array, Array] | None:
        """The ends of every customer's rank over the draws."""
        if self.values is None:
            return None
        ranks = self.values
        for row in ranks:
            rated = ~np.isnan(row)
            ascending = np.sort(row[rated])
            row[rated] = len(ascending) - np.searchsorted(ascending, row[rated], side="right") + 1
        counts = (~np.isnan(ranks)).sum(axis=0)
        ranks.sort(axis=0)  # the draws that do not rate a customer come last
        low, high = np.full(ranks.shape[1], np.nan), np.full(ranks.shape[1], np.nan)
        for count in np.unique(counts[counts > 0]).tolist():
            rows = np.flatnonzero(counts == count)
            first, last = _ends(self.within, count)
            low[rows], high[rows] = ranks[first, rows], ranks[last, rows]
        return low, high


def _counted(flags: Mask) -> NDArray[np.int64]:
    """How many of each row are set; eight are added at a time, in the bytes of one word."""
    words = flags.view(np.uint64)
    count = np.zeros(len(flags), dtype=np.int64)
    for at in range(0, words.shape[1], _WORDS):
        bytes_of = np.add.reduce(words[:, at : at + _WORDS], axis=1).view(np.uint8)
        count += bytes_of.reshape(-1, 8).sum(axis=1, dtype=np.int64)
    return count


def _ends_of(values: Array, within: float, never_negative: bool) -> tuple[Array, Array]:
    """The ends of the interval; single precision is enough and takes half the time."""
    single = values.astype(np.float32)
    # From 0 on, floats are in the order of their bits, and whole numbers part twice as fast.
    sorting = single.view(np.int32) if never_negative else single
    low, high = _ends(within, values.shape[1])
    sorting.partition(low, axis=1)
    first = single[:, low].astype(float)
    if high > low:
        sorting[:, low + 1 :].partition(high - low - 1, axis=1)
    return first, single[:, high].astype(float)


def _ends(within: float, count: int) -> tuple[int, int]:
    """The places, in rising order, between which so much of the draws lies.

    Rounded first: (1 - 0.9) / 2 is a last bit below 0.05, and 0.05 of 100 steps are five.
    """
    first = int(np.floor(round((1 - within) / 2 * (count - 1), 9)))
    return first, count - 1 - first
