"""How sure scores and tiers are, when the weights are drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError
from ahpvalue.evaluation.draws import drawn_weights
from ahpvalue.evaluation.stepping import NONE, plain_levels
from ahpvalue.evaluation.tiers import move_rule, tier_section
from ahpvalue.scoring import Plan, Scores
from ahpvalue.scoring.run import indicator_blocks
from ahpvalue.tables import Result, Table

__all__ = ["Robustness", "effective_weights", "patterns", "robustness_of"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_CELLS = 1_000_000  # of one block of customers x draws: 8 MB
_MOST_RANKED = 50_000_000  # customers x draws, as whole numbers of four bytes
_ENOUGH = 0.9
_MOST_PATTERNS = 512
_NEARLY = 1e-12


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
    within : float
        How much of the draws the interval holds.
    names : tuple of str
        The tiers, best first; empty when the model has none.
    probability : ndarray, shape (customers, tiers)
        In what share of the draws a customer is in each tier (by the lines alone).
    unrated : ndarray, shape (customers,)
        In what share of the draws a customer has too little data for a score: where a minimum
        coverage is asked, the weights decide that, too. Mean, interval and probabilities are
        those of the draws in which it has one.
    level : ndarray of int
        The tier by the model's own weights; -1 where there is none.
    rank_low, rank_high : ndarray, or None
        The interval of the rank; None where there are too many customers to keep them.
    """

    ids: Any
    draws: int
    mean: Array
    low: Array
    high: Array
    within: float
    names: tuple[str, ...]
    probability: Array
    unrated: Array
    level: NDArray[np.int64]
    rank_low: Array | None
    rank_high: Array | None

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
        found: Mask = (self.unrated > 0) & ((self.unrated < 1) | (self.level != NONE))
        return found

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
        return Table("", columns).to_dict()

    def to_frame(self, backend: str | None = None) -> Any:
        """The columns of `to_dict` as a frame."""
        return Table("", self.to_dict()).to_frame(backend)

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
        note = ""
        if not np.isnan(self.high).all():
            width = float(np.nanmean(self.high - self.low))
            note = f"{self.within:.0%} of the draws lie within {width:.1f} points on average"
        if self._partly_rated.any():
            count = int(self._partly_rated.sum())
            note += f"{'; ' if note else ''}in some draws not rated: {count:,}"
        formats = {
            "customers": ",d",
            "holds in 9 of 10 draws": ".1%",
            "mean probability": ".1%",
        }
        return Table(f"Scores over {self.draws:,} draws of the weights", rows, formats, note=note)


def robustness_of(
    scores: Scores,
    draws: int | Iterable[Mapping[str, Array]] = 1000,
    seed: int = 1,
    within: float = 0.9,
    intervals: bool = True,
) -> Robustness:
    """Score every customer under every draw; see `Scores.robustness`."""
    if not 0 < within < 1:
        raise CustomerDataError(f"within is a share of the draws between 0 and 1, not {within}")
    local = drawn_weights(draws, seed, scores.model)
    count = len(next(iter(local.values())))
    document, on = scores.model.document, scores.plan.goal
    names: tuple[str, ...] = ()
    lines = np.empty(0)
    ties_in = True
    level = np.full(len(scores), NONE)
    if document.tiers is not None:
        section = tier_section(scores)
        rule = move_rule(section, is_score=True)
        names, lines, ties_in = tuple(section.levels), np.array(rule.lines), rule.ties_in
        on = section.on or on
        if on not in scores.model.hierarchy.criteria:
            raise CustomerDataError(f"tiers are drawn on the figure {on}, which no weight changes")
        values = np.where(np.isnan(scores.figures("total")), np.nan, scores.figures(on))
        level = plain_levels(rule, values)
    rows = scores.active.customers.rows
    found = _Found(rows, lines, ties_in, count, within if intervals else None)
    weights = _Weights(scores.plan, local, on)

    def take(start: int, grades: Array, absent: Mask) -> None:
        step = max(_CELLS // count, 1)
        scratch = np.empty((step, count))
        for pattern, members in patterns(absent):
            effective = weights.of(pattern)
            for at in range(0, len(members), step):
                chosen = members[at : at + step]
                found.add(start + chosen, grades[chosen], effective, scratch)

    # The matrix product has threads of its own; ours beside them make it slower.
    indicator_blocks(scores.plan, scores.active.customers, take, threads=1)
    spread = scores.active.spread
    shares = found.probability if names else np.empty((rows, 0))
    ranks = found.rank_interval()
    return Robustness(
        scores.customers.ids,
        count,
        spread(found.mean),
        spread(found.low),
        spread(found.high),
        within,
        names,
        np.array([spread(row) for row in shares.T]).T.reshape(len(scores), len(names)),
        spread(found.unrated),
        level,
        None if ranks is None else spread(ranks[0]),
        None if ranks is None else spread(ranks[1]),
    )


class _Found:
    """What is kept of the scores of each block before they are forgotten."""

    def __init__(
        self, rows: int, lines: Array, ties_in: bool, draws: int, within: float | None
    ) -> None:
        self.mean = np.full(rows, np.nan)
        self.low, self.high = np.full(rows, np.nan), np.full(rows, np.nan)
        self.above = np.zeros((rows, len(lines)))
        self.unrated = np.zeros(rows)
        self.lines, self.compare = lines, np.greater_equal if ties_in else np.greater
        self.within = within or 0.0
        self.intervals = within is not None
        ranked = self.intervals and rows * draws <= _MOST_RANKED
        self.values = np.full((draws, rows), np.nan, dtype=np.float32) if ranked else None

    def add(self, rows: NDArray[np.intp], grades: Array, weights: Array, scratch: Array) -> None:
        """Reduce the scores of some customers (rows) under all draws (columns).

        They lack the same figures, so that a draw rates all of them or none.
        """
        draws = len(weights)
        rated = ~np.isnan(weights).any(axis=1)
        self.unrated[rows] = 1 - rated.sum() / draws
        if not rated.any():
            return
        weights = weights if rated.all() else weights[rated]
        self.mean[rows] = grades @ weights.mean(axis=0)
        values = np.matmul(grades, weights.T, out=scratch[: len(rows), : len(weights)])
        passed = np.empty(values.shape, dtype=bool)
        for k, line in enumerate(self.lines):
            self.compare(values, line, out=passed)
            count = passed.view(np.uint8).sum(axis=1, dtype=np.uint32)
            self.above[rows, k] = count / values.shape[1]
        if self.values is not None:
            self.values[np.ix_(rated, rows)] = values.T
        if self.intervals:
            self.low[rows], self.high[rows] = self._ends_of(values)

    def _ends_of(self, values: Array) -> tuple[Array, Array]:
        """The ends of the interval; single precision is enough and takes half the time."""
        single = values.astype(np.float32)
        low, high = _ends(self.within, values.shape[1])
        single.partition(low, axis=1)
        if high > low:
            above = np.ascontiguousarray(single[:, low + 1 :])
            above.partition(high - low - 1, axis=1)
            return single[:, low].astype(float), above[:, high - low - 1].astype(float)
        return single[:, low].astype(float), single[:, high].astype(float)

    @property
    def probability(self) -> Array:
        """Share of the draws with a score in each tier, shape (customers, lines + 1)."""
        ends = np.zeros((len(self.above), 1)), np.ones((len(self.above), 1))
        found: Array = np.diff(np.hstack([ends[0], self.above, ends[1]]), axis=1)
        found[self.unrated == 1] = np.nan
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


def _ends(within: float, count: int) -> tuple[int, int]:
    """The places, in rising order, between which so much of the draws lies.

    Rounded first: (1 - 0.9) / 2 is a last bit below 0.05, and 0.05 of 100 steps are five.
    """
    first = int(np.floor(round((1 - within) / 2 * (count - 1), 9)))
    return first, count - 1 - first


def patterns(absent: Mask) -> list[tuple[tuple[bool, ...], NDArray[np.intp]]]:
    """Groups of rows that lack the same indicators: what is missing, and the rows."""
    if not absent.any():
        return [((False,) * absent.shape[1], np.arange(len(absent)))]
    if absent.shape[1] < 63:  # as one whole number: ten times as fast as comparing rows
        codes = absent @ (1 << np.arange(absent.shape[1], dtype=np.int64))
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        kinds = absent[first]
    else:
        kinds, inverse = np.unique(absent, axis=0, return_inverse=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(inverse.ravel()))[:-1])
    return [(tuple(kind.tolist()), group) for kind, group in zip(kinds, groups, strict=True)]


class _Weights:
    """Effective weights under every draw, per pattern of what is missing."""

    def __init__(self, plan: Plan, local: Mapping[str, Array], on: str) -> None:
        self.plan, self.local, self.on = plan, local, on
        self.known: dict[tuple[bool, ...], Array] = {}

    def of(self, pattern: tuple[bool, ...]) -> Array:
        """Shape (draws, indicators); NaN where the node is not rated."""
        if pattern not in self.known:
            if len(self.known) >= _MOST_PATTERNS:
                self.known.clear()
            self.known[pattern] = effective_weights(self.plan, self.local, self.on, pattern)
        return self.known[pattern]


def effective_weights(
    plan: Plan, local: Mapping[str, Array], on: str, pattern: tuple[bool, ...]
) -> Array:
    """Weights of the indicators on a node, where some figures are missing.

    What the kernel does to scores, done once to the weights: absent children pass their
    share on, and criteria with too little data are left out.

    Parameters
    ----------
    plan : Plan
    local : mapping of str to ndarray, shape (draws, children)
    on : str
        The node.
    pattern : tuple of bool
        Which indicators lack a figure, in the order of the plan.

    Returns
    -------
    ndarray, shape (draws, indicators)
        Rows sum to 1; NaN where the node is not rated.
    """
    draws, names = len(next(iter(local.values()))), [i.name for i in plan.indicators]
    weights: dict[str, Array] = {}
    absent: dict[str, Mask] = {}
    lost: dict[str, Array] = {}
    for k, (indicator, missing) in enumerate(zip(plan.indicators, pattern, strict=True)):
        weights[indicator.name] = np.zeros((draws, len(names)))
        weights[indicator.name][:, k] = 1.0
        left_out = (missing and indicator.missing != "score") or not indicator.graded
        absent[indicator.name] = np.full(draws, left_out)
        lost[indicator.name] = np.full(draws, float(missing or not indicator.graded))
    for node in plan.nodes:
        own = local[node.name]
        counts = np.array([~absent[child] for child in node.children]).T
        left = (own * counts).sum(axis=1)
        coverage = 1 - (own * np.array([lost[child] for child in node.children]).T).sum(axis=1)
        unrated = (coverage < node.minimum_coverage - _NEARLY) | (left <= 0)
        shares = own * counts / np.where(left > 0, left, 1.0)[:, None]
        weights[node.name] = np.add.reduce(
            [shares[:, k, None] * weights[child] for k, child in enumerate(node.children)]
        )
        weights[node.name][unrated] = 0.0
        absent[node.name] = unrated
        lost[node.name] = np.where(unrated, 1.0, 1 - coverage)
    found = weights[on]
    found[absent[on]] = np.nan
    return found
