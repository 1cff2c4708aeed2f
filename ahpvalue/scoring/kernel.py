"""The NumPy engine: a plan executed in blocks that stay in the processor's cache.

Every step works element by element, so a customer's score depends on nothing but that
customer's row: the same bits alone, in any order and in any batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.plan import Levels, Plan, PlanIndicator, PlanNode, Segments

__all__ = ["BLOCK", "Block", "execute", "score_figures"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BLOCK = 131_072
"""Rows at a time. Threads hand each other the interpreter between two steps, so short steps cost
more than a cache saves: of 16, 32, 64 and 128 thousand rows the last was the fastest, on one
thread and on two (a column of it is 1 MB)."""

_MOST_COUNTED = 16  # edges; above, a binary search is faster than counting them
_NEARLY = 1e-12  # a coverage this close to the minimum reaches it


@dataclass
class Graded:
    """An indicator or node over one block; None stands for an array without anything to say.

    Attributes
    ----------
    scores : ndarray
    absent : ndarray of bool, or None
        Rows in which it does not count: no figure to renormalise over, or not rated.
    lost : ndarray or None
        What its parent loses: the share of its weight without data, 1 where it is absent.
    coverage : ndarray or None
        The share of a node's own weight that had data.
    left : ndarray or None
        The weights that count in a node where some child is absent, 1 elsewhere.
    """

    scores: Array
    absent: Mask | None = None
    lost: Array | None = None
    coverage: Array | None = None
    left: Array | None = None


@dataclass
class Block:
    """The parts of one block of rows, and what was noticed of the indicators' columns.

    `missing` and `infinite` name indicators that are refused, `came_alive` those with values
    that cannot be graded, `outside` those with figures beyond the expected range, and `held`
    those with any value at all.
    """

    start: int
    stop: int
    parts: dict[str, Graded] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    infinite: set[str] = field(default_factory=set)
    came_alive: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)


def execute(
    plan: Plan,
    columns: Mapping[str, NDArray[Any]],
    rows: int,
    take: Callable[[Block], None],
    threads: int | None = None,
) -> None:
    """Score every block and hand it to `take`, on several threads when there is enough to do.

    Columns are keyed by indicator: float, int or bool figures (missing: NaN) or category
    codes (missing: -1).
    `take` writes a block's results where they belong, before it returns: the block's arrays are
    used again. Blocks come in any order and at the same time, but never overlap.
    """
    starts = range(0, rows, BLOCK)
    workers = min(threads or min(os.cpu_count() or 1, 8), len(starts))

    def work(first: int) -> None:
        scratch = _Scratch(plan, min(BLOCK, rows))
        for start in starts[first :: max(workers, 1)]:
            take(_score(plan, columns, start, min(start + BLOCK, rows), scratch))

    if workers <= 1:
        work(0)
        return
    from concurrent.futures import ThreadPoolExecutor  # 15 ms that small tables need not pay

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, range(workers)):
            pass


class _Scratch:
    """One worker's arrays, used again for every block.

    Fresh arrays of this size cost more than the arithmetic in them: taking scores from a
    table into a fresh array takes nine times as long as into one that is there.
    """

    def __init__(self, plan: Plan | None, rows: int) -> None:
        names = (
            [] if plan is None else [i.name for i in plan.indicators] + [n.name for n in plan.nodes]
        )
        self._scores = {name: np.empty(rows) for name in names}
        self._work = {"figures": np.empty(rows), "factor": np.empty(rows)}
        self._passed = np.empty(rows, dtype=bool)
        self._count = np.empty(rows, dtype=np.uint8)

    def scores(self, name: str, size: int) -> Array:
        return self._scores[name][:size]

    def work(self, name: str, size: int) -> Array:
        return self._work[name][:size]

    def passed(self, size: int) -> Mask:
        return self._passed[:size]

    def count(self, size: int) -> NDArray[np.uint8]:
        count = self._count[:size]
        count[:] = 0
        return count


def score_figures(function: Segments, figures: Array) -> Array:
    """Scores of plain figures, none missing; shape (rows,) -> (rows,)."""
    scores = np.empty(len(figures))
    _segment_scores(function, figures, scores, _Scratch(None, len(figures)))
    return scores


def _score(
    plan: Plan, columns: Mapping[str, NDArray[Any]], start: int, stop: int, scratch: _Scratch
) -> Block:
    block = Block(start, stop)
    size = stop - start
    for indicator in plan.indicators:
        values = columns[indicator.name][start:stop]
        scores = scratch.scores(indicator.name, size)
        block.parts[indicator.name] = _indicator(indicator, values, block, scores, scratch)
    for node in plan.nodes:
        children = [block.parts[name] for name in node.children]
        scores = scratch.scores(node.name, size)
        block.parts[node.name] = _node(node, children, scores, scratch)
    return block


# -- indicators ------------------------------------------------------------------------------


def _indicator(
    indicator: PlanIndicator,
    values: NDArray[Any],
    block: Block,
    scores: Array,
    scratch: _Scratch,
) -> Graded:
    if isinstance(indicator.function, Levels):
        missing = values < 0
        np.take(np.array(indicator.function.scores), values, out=scores, mode="clip")
        absent = missing if missing.any() else None
        if absent is None or not absent.all():
            block.held.add(indicator.name)
    else:
        figures = values
        if values.dtype != np.float64:
            figures = scratch.work("figures", len(values))
            figures[:] = values  # widened here, block by block
        absent = _missing(figures, indicator, block, scratch)
        _segment_scores(indicator.function, figures, scores, scratch)
    if not indicator.graded:
        if indicator.name in block.held:
            block.came_alive.add(indicator.name)
        absent = np.ones(len(values), dtype=bool)
    if absent is None:
        return Graded(scores)
    lost = absent.astype(np.float64)
    if indicator.missing == "score":
        scores[absent] = indicator.missing_score
        return Graded(scores, None, lost)
    if indicator.missing == "refuse":
        block.missing.add(indicator.name)
    scores[absent] = 0.0
    return Graded(scores, absent, lost)


def _missing(
    figures: Array, indicator: PlanIndicator, block: Block, scratch: _Scratch
) -> Mask | None:
    """Where figures are missing; notes what is infinite or outside the expected range."""
    low, high = figures.min(), figures.max()  # NaN when any is missing
    absent: Mask | None = None
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = np.isfinite(figures, out=scratch.passed(len(figures)))
        missing: Mask = np.isnan(figures)
        if not (finite | missing).all():
            block.infinite.add(indicator.name)
        absent = missing if missing.any() else None
        held = figures[finite]
        if not len(held):
            return absent
        low, high = held.min(), held.max()
    block.held.add(indicator.name)
    if low < indicator.expected[0] or high > indicator.expected[1]:
        block.outside.add(indicator.name)
    return absent


def _segment_scores(function: Segments, figures: Array, scores: Array, scratch: _Scratch) -> None:
    size = len(figures)
    x = figures
    if function.low > -np.inf:
        x = np.clip(figures, function.low, function.high, out=scratch.work("figures", size))
    if function.log_offset is not None:
        np.log(np.add(x, function.log_offset, out=x), out=x)
        np.clip(x, function.x0[0], function.x0[-1], out=x)
    passed = _edges_passed(function, x, scratch)
    np.take(np.array(function.y0), passed, out=scores, mode="clip")
    if not function.is_flat:
        factor = scratch.work("factor", size)
        x -= np.take(np.array(function.x0), passed, out=factor, mode="clip")
        x *= np.take(np.array(function.slope), passed, out=factor, mode="clip")
        scores += x


def _edges_passed(function: Segments, x: Array, scratch: _Scratch) -> NDArray[Any]:
    if len(function.edges) > _MOST_COUNTED:
        found: NDArray[np.intp] = np.searchsorted(
            np.array(function.edges), x, "right" if function.closed == "left" else "left"
        )
        return found
    compare = np.greater_equal if function.closed == "left" else np.greater
    count, passed = scratch.count(len(x)), scratch.passed(len(x))
    for edge in function.edges:
        compare(x, edge, out=passed)
        count += passed.view(np.uint8)
    return count


# -- nodes -----------------------------------------------------------------------------------


def _node(node: PlanNode, children: list[Graded], total: Array, scratch: _Scratch) -> Graded:
    np.multiply(children[0].scores, node.weights[0], out=total)
    product = scratch.work("factor", len(total))
    for weight, child in zip(node.weights[1:], children[1:], strict=True):
        total += np.multiply(child.scores, weight, out=product)
    if all(child.lost is None for child in children):
        return Graded(total)
    lost = _weighted(node, [child.lost for child in children])
    coverage = 1 - lost
    coverage[coverage < _NEARLY] = 0.0  # the last bits of weights that sum to nearly 1
    unrated = coverage < node.minimum_coverage - _NEARLY
    left = None
    absents = [child.absent for child in children]
    some_absent = _any_of(absents)
    if some_absent is not None:
        left = _weights_left(node, absents)
        unrated |= left <= 0
        np.copyto(left, 1.0, where=~some_absent | unrated)
        # Where nothing is absent the sum stands as it is, to the last bit.
        np.divide(total, left, out=total, where=some_absent)
        np.minimum(total, 100.0, out=total)
    if not unrated.any():
        return Graded(total, None, lost, coverage, left)
    total[unrated] = 0.0
    lost[unrated] = 1.0
    return Graded(total, unrated, lost, coverage, left)


def _any_of(masks: list[Mask | None]) -> Mask | None:
    given = [mask for mask in masks if mask is not None]
    return np.logical_or.reduce(given) if given else None


def _weighted(node: PlanNode, values: list[Array | None]) -> Array:
    total: Array | None = None
    for weight, value in zip(node.weights, values, strict=True):
        if value is not None:
            total = value * weight if total is None else total + value * weight
    assert total is not None  # the caller has seen one
    return total


def _weights_left(node: PlanNode, absents: list[Mask | None]) -> Array:
    left = np.zeros(next(len(absent) for absent in absents if absent is not None))
    for weight, absent in zip(node.weights, absents, strict=True):
        left += weight if absent is None else np.where(absent, 0.0, weight)
    return left
