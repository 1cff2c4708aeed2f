"""The fast kernel: a plan executed in blocks that stay in the processor's cache.

It gives the bits of `plain`, where the formula is to be read. What it does differently, and why:

* Blocks of rows instead of customers: NumPy works on columns, and a block stays in the cache.
* Edges passed are counted in bytes, then one look-up gives x0, y0 and slope (`lookup`).
* Bands of one criterion share a look-up, and arrays are used again as soon as nobody reads
  them (`order`).
* What missing values mean further up is worked out once per pattern of missing values
  (`missing`), not per customer.

Every step works element by element, so a customer's score depends on nothing but that
customer's row: the same bits alone, in any order and in any batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.customers import block_of, copied
from ahpvalue.scoring.eager.lookup import Scorer, Workspace, worth_building_for
from ahpvalue.scoring.eager.missing import (
    MOST_PATTERNS,
    MissingData,
    PartMissing,
    ScoredPart,
    all_patterns,
    node_missing,
    patterns_of,
    renormalise,
    weighted_sum,
)
from ahpvalue.scoring.eager.order import Joint, prepared_scorers, prepared_steps
from ahpvalue.scoring.plan import CategoryScores, Plan, PlanIndicator, PlanNode, ValueFunction

__all__ = ["BLOCK", "Block", "ScoredPart", "execute", "score_values"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BLOCK = 65_536
"""Rows at a time, at most: half a megabyte a column."""

_SCRATCH = 40 << 20  # bytes that all workers' arrays together may take


@dataclass
class Block:
    """The parts of one block of rows, and what was noticed of the indicators' columns.

    `missing` and `infinite` name indicators that are refused, `appeared` those with values
    that cannot be scored, `outside` those with values beyond the expected range, and `held`
    those with any value at all.
    """

    start: int
    stop: int
    parts: dict[str, ScoredPart] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    infinite: set[str] = field(default_factory=set)
    appeared: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)


def execute(
    plan: Plan,
    columns: Mapping[str, NDArray[Any]],
    rows: int,
    take: Callable[[Block], None],
    threads: int | None = None,
    *,
    parts: Collection[str] | None = None,
    into: Mapping[str, Array] | None = None,
) -> None:
    """Score every block and hand it to `take`, on several threads when there is enough to do.

    Columns are keyed by indicator: float, int or bool values (missing: NaN) or category
    codes (missing: -1).
    `take` writes a block's results where they belong, before it returns: the block's arrays are
    used again. Blocks come in any order and at the same time, but never overlap.

    Parameters
    ----------
    parts : collection of str, optional
        The indicators and nodes `take` looks at; all of them when not given. The columns of
        the others are looked through for missing and odd values all the same.
    into : dict of str to ndarray, optional
        Whole-length arrays for the scores of some of these nodes, written where they belong
        straight away (0 where a node is not rated).
    """
    engine = _Run(plan, columns, rows, parts, into or {}, threads)

    def work(first: int) -> None:
        worker = _Worker(engine)
        for start in engine.starts[first :: max(engine.workers, 1)]:
            take(worker.block(start, min(start + engine.size, rows)))

    if engine.workers <= 1:
        work(0)
        return
    from concurrent.futures import ThreadPoolExecutor  # 15 ms that small tables need not pay

    with ThreadPoolExecutor(engine.workers) as pool:
        for _ in pool.map(work, range(engine.workers)):
            pass


def score_values(function: ValueFunction, numbers: Array) -> Array:
    """Scores of plain values, none missing; shape (rows,) -> (rows,)."""
    size = len(numbers)
    scores = np.empty(size)
    Scorer(function, large=worth_building_for(size)).score(numbers, None, scores, Workspace(size))
    return scores


class _Run:
    """What the workers share: the plan made ready for these columns."""

    def __init__(
        self,
        plan: Plan,
        columns: Mapping[str, NDArray[Any]],
        rows: int,
        parts: Collection[str] | None,
        into: Mapping[str, Array],
        threads: int | None,
    ) -> None:
        self.plan, self.columns, self.into = plan, columns, into
        self.steps, arrays = prepared_steps(plan, rows, parts, into)
        workers = threads or min(os.cpu_count() or 1, 8)
        arrays += 4 + len(plan.indicators) // 8 + copied(columns)
        fitting = _SCRATCH // workers // arrays // 8
        self.size = max(min(BLOCK, fitting, rows), 1)
        self.starts = range(0, rows, self.size)
        self.workers = min(workers, len(self.starts))
        self.scorers = prepared_scorers(plan, rows)
        self._patterns: dict[tuple[str, ...], dict[str, PartMissing]] = {}

    def patterns(self, names: tuple[str, ...]) -> dict[str, PartMissing]:
        """What every combination of missing ones among these indicators means for the nodes."""
        if names not in self._patterns:
            self._patterns[names] = node_missing(self.plan, all_patterns(names))
        return self._patterns[names]


_NOTHING_MISSING = MissingData({}, None)


class _Worker:
    """One thread's arrays, used again for every block."""

    def __init__(self, engine: _Run) -> None:
        self.engine = engine
        self._work = Workspace(engine.size)
        self._masks: dict[str, Mask] = {}
        self._patterns: NDArray[np.intp] | None = None
        self._free: list[Array] = []
        self._spare: dict[str, NDArray[Any]] = {}

    def block(self, start: int, stop: int) -> Block:
        block, engine, size = Block(start, stop), self.engine, stop - start
        values, missing = block_of(engine.columns, start, stop, self._spare), {}
        for indicator in engine.plan.indicators:
            mask = self._noticed(indicator, values[indicator.name], block)
            if mask is not None:
                missing[indicator.name] = mask
        data = self._missing_data(missing, size)
        taken: dict[str, Array] = {}
        for step in engine.steps:
            name = step.part.name
            scores = self._array(name, start, stop, taken)
            mask, own = missing.get(name), data.nodes.get(name)
            if step.joint is not None:
                self._jointly(step.joint, values, missing, scores)
                block.parts[name] = ScoredPart(scores, own, data)
            elif isinstance(step.part, PlanNode):
                self._node(step.part, block, own, data, scores)
                block.parts[name] = ScoredPart(scores, own, data)
            else:
                self._score(step.part, values[name], mask, scores)
                if mask is not None:
                    own = PartMissing(None if step.part.missing == "score" else mask, mask)
                block.parts[name] = ScoredPart(scores, own, _NOTHING_MISSING)
            for freed in step.freed:
                del block.parts[freed]
                self._free.append(taken.pop(freed))
        self._free.extend(taken.values())
        return block

    def _array(self, name: str, start: int, stop: int, taken: dict[str, Array]) -> Array:
        """Where a part's scores go."""
        if name in self.engine.into:
            return self.engine.into[name][start:stop]
        taken[name] = self._free.pop() if self._free else np.empty(self.engine.size)
        return taken[name][: stop - start]

    # -- indicators --------------------------------------------------------------------------

    def _noticed(self, indicator: PlanIndicator, values: NDArray[Any], block: Block) -> Mask | None:
        """Where an indicator has nothing to be scored; notes what is odd about its column."""
        name = indicator.name
        if isinstance(indicator.function, CategoryScores):
            mask: Mask | None = np.less(values, 0, out=self._mask(name, len(values)))
            assert mask is not None
            mask = mask if mask.any() else None
            if mask is None or not mask.all():
                block.held.add(name)
        else:
            mask = self._missing(indicator, values, block)
        if not indicator.scored:
            if name in block.held:
                block.appeared.add(name)
            mask = self._mask(name, len(values))
            mask[:] = True
        if mask is not None and indicator.missing == "refuse":
            block.missing.add(name)
        return mask

    def _missing(self, indicator: PlanIndicator, values: NDArray[Any], block: Block) -> Mask | None:
        """Where values are missing; notes what is infinite or outside the expected range."""
        name, mask = indicator.name, None
        low, high = np.minimum.reduce(values), np.maximum.reduce(values)  # NaN if any is missing
        if not (np.isfinite(low) and np.isfinite(high)):
            missing = np.isnan(values, out=self._mask(name, len(values)))
            mask = missing if missing.any() else None
            low, high = np.fmin.reduce(values), np.fmax.reduce(values)  # NaN if all are missing
            if np.isinf(low) or np.isinf(high):
                block.infinite.add(name)
                held = values[np.isfinite(values)]
                low, high = (held.min(), held.max()) if len(held) else (np.nan, np.nan)
            if np.isnan(low):
                return mask
        block.held.add(name)
        if low < indicator.expected[0] or high > indicator.expected[1]:
            block.outside.add(name)
        return mask

    def _mask(self, name: str, size: int) -> Mask:
        if name not in self._masks:
            self._masks[name] = np.empty(self.engine.size, dtype=bool)
        return self._masks[name][:size]

    def _score(
        self, indicator: PlanIndicator, values: NDArray[Any], mask: Mask | None, scores: Array
    ) -> None:
        scorer = self.engine.scorers[indicator.name]
        if isinstance(scorer, Scorer):
            scorer.score(self._widened(values), mask, scores, self._work)
            return
        scorer.take(values, out=scores, mode="clip")
        if mask is not None:
            np.copyto(scores, scorer[-1], where=mask)

    def _widened(self, values: NDArray[Any]) -> Array:
        if values.dtype == np.float64:
            return values
        numbers = self._work.numbers[: len(values)]
        numbers[:] = values
        return numbers

    # -- nodes -------------------------------------------------------------------------------

    def _missing_data(self, missing: dict[str, Mask], size: int) -> MissingData:
        """What the missing values of a block mean for the nodes."""
        if not missing:
            return _NOTHING_MISSING
        if len(missing) > MOST_PATTERNS:
            return MissingData(node_missing(self.engine.plan, missing), None)
        if self._patterns is None:
            self._patterns = np.empty(self.engine.size, dtype=np.intp)
        patterns = patterns_of(list(missing.values()), self._patterns[:size], self._work.passed)
        return MissingData(self.engine.patterns(tuple(missing)), patterns)

    def _node(
        self, node: PlanNode, block: Block, own: PartMissing | None, data: MissingData, total: Array
    ) -> None:
        children = [block.parts[name].scores for name in node.children]
        product = self._work.factor[: len(total)]
        weighted_sum(node, children, total, product)
        if own is not None and own.divisor is not None:
            renormalise(total, data.rows(own.divisor, product), own)

    def _jointly(
        self,
        joint: Joint,
        values: Mapping[str, NDArray[Any]],
        missing: Mapping[str, Mask],
        total: Array,
    ) -> None:
        states = self._work.joint[: len(total)]
        for k, (name, scorer) in enumerate(joint.scorers.items()):
            own = scorer.states(self._widened(values[name]), missing.get(name), self._work)
            if k:
                np.multiply(states, np.uint8(joint.sizes[k]), out=states)
                np.add(states, own, out=states)
            else:
                states[:] = own
        joint.table.write(states, total)
