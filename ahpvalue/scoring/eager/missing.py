"""What missing values mean further up: which nodes are rated, and over which weights.

None of it depends on the values that are there, so it is worked out once for every pattern of
missing ones, and looked up for the customers who have that pattern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.plan import NEARLY, Plan, PlanNode

__all__ = [
    "MOST_PATTERNS",
    "MissingData",
    "PartMissing",
    "ScoredPart",
    "all_patterns",
    "node_missing",
    "patterns_of",
    "renormalise",
    "weighted_sum",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_PATTERNS = 13
"""Columns with missing values up to which every pattern of them is worked out beforehand."""


@dataclass(frozen=True)
class PartMissing:
    """What is missing in an indicator or below a node, by row or by pattern.

    None stands for an array without anything to say.

    Attributes
    ----------
    absent : ndarray of bool, or None
        Where it does not count: not rated.
    lost : ndarray
        What its parent loses: the share of its weight without data, 1 where it is absent.
    coverage : ndarray
        The share of the node's own weight that had data.
    left : ndarray or None
        The weights that count where some child is absent, 1 elsewhere.
    divisor : ndarray or None
        What its sum is divided by: `left`, and infinity where it is not rated.
    """

    absent: Mask | None
    lost: Array | Mask
    coverage: Array | None = None
    left: Array | None = None
    divisor: Array | None = None


@dataclass(frozen=True)
class MissingData:
    """The nodes below which something is missing.

    Attributes
    ----------
    nodes : dict of str to PartMissing
    patterns : ndarray of int, or None
        Per row its place in the nodes' arrays; None when they are by row.
    """

    nodes: Mapping[str, PartMissing]
    patterns: NDArray[np.intp] | None

    def rows(self, values: NDArray[Any] | None, out: Array | None = None) -> Any:
        """A node's values by row."""
        if values is None or self.patterns is None:
            return values
        return np.take(values, self.patterns, out=out, mode="clip")


class ScoredPart:
    """An indicator or node over one block; None stands for an array without anything to say.

    Parameters
    ----------
    scores : ndarray
    own : PartMissing or None
    missing : MissingData
        Where `own` comes from; its arrays are looked up when somebody asks for them.
    """

    def __init__(self, scores: Array, own: PartMissing | None, missing: MissingData) -> None:
        self.scores, self._own, self._missing_data = scores, own, missing

    @cached_property
    def absent(self) -> Mask | None:
        """Rows in which it does not count: no value to renormalise over, or not rated."""
        return None if self._own is None else self._missing_data.rows(self._own.absent)

    @cached_property
    def lost(self) -> Array | Mask | None:
        """What its parent loses: the share of its weight without data, 1 where it is absent."""
        return None if self._own is None else self._missing_data.rows(self._own.lost)

    @cached_property
    def coverage(self) -> Array | None:
        """The share of a node's own weight that had data."""
        return None if self._own is None else self._missing_data.rows(self._own.coverage)

    @cached_property
    def left(self) -> Array | None:
        """The weights that count in a node where some child is absent, 1 elsewhere."""
        return None if self._own is None else self._missing_data.rows(self._own.left)


def weighted_sum(node: PlanNode, scores: Sequence[Array], total: Array, product: Array) -> None:
    """Write the children's scores times their weights, summed from left to right."""
    np.multiply(scores[0], node.weights[0], out=total)
    for weight, child in zip(node.weights[1:], scores[1:], strict=True):
        np.multiply(child, weight, out=product)
        np.add(total, product, out=total)


def renormalise(total: Array, divisor: Array, own: PartMissing) -> None:
    """Divide a node's sum by the weights that are left; 0 where it is not rated."""
    np.divide(total, divisor, out=total)
    if own.left is not None:
        np.minimum(total, 100.0, out=total)


def node_missing(plan: Plan, missing: Mapping[str, Mask]) -> dict[str, PartMissing]:
    """What is missing below each node, from the masks of the indicators that miss something."""
    below: dict[str, tuple[Mask | None, Any]] = {}  # absent, lost
    for indicator in plan.indicators:
        if indicator.name in missing:
            mask = missing[indicator.name]
            below[indicator.name] = (None if indicator.missing == "score" else mask, mask)
    found: dict[str, PartMissing] = {}
    for node in plan.nodes:
        if not any(child in below for child in node.children):
            continue
        found[node.name] = one = _one_node(node, [below.get(name) for name in node.children])
        below[node.name] = (one.absent, one.lost)
    return found


def _one_node(node: PlanNode, children: Sequence[tuple[Mask | None, Any] | None]) -> PartMissing:
    losts = [None if child is None else child[1] for child in children]
    absents = [None if child is None else child[0] for child in children]
    lost = _weighted(node, losts)
    coverage = 1 - lost
    coverage[coverage < NEARLY] = 0.0  # the last bits of weights that sum to nearly 1
    unrated = coverage < node.minimum_coverage - NEARLY
    left = None
    given = [mask for mask in absents if mask is not None]
    if given:
        some_absent = np.logical_or.reduce(given)
        left = _weights_left(node, absents)
        unrated |= left <= 0
        # Where nothing is absent the sum stands as it is, to the last bit.
        np.copyto(left, 1.0, where=~some_absent | unrated)
    if not unrated.any():
        return PartMissing(None, lost, coverage, left, left)
    lost[unrated] = 1.0
    divisor = np.where(unrated, np.inf, 1.0 if left is None else left)
    return PartMissing(unrated, lost, coverage, left, divisor)


def _weighted(node: PlanNode, values: list[Any]) -> Array:
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


def all_patterns(names: Sequence[str]) -> dict[str, Mask]:
    """Every combination of missing and there: the k-th bit of a row's number is the k-th name."""
    numbers = np.arange(1 << len(names))
    return {name: (numbers >> k & 1).astype(bool) for k, name in enumerate(names)}


def patterns_of(masks: Sequence[Mask], out: NDArray[np.intp], spare: Mask) -> NDArray[np.intp]:
    """Each row's pattern: the number whose k-th bit says whether the k-th mask holds."""
    eight = spare[: len(out)].view(np.uint8)
    shifted = np.empty_like(eight)
    for start in reversed(range(0, len(masks), 8)):
        eight[:] = masks[start].view(np.uint8)
        for k, mask in enumerate(masks[start + 1 : start + 8], 1):
            np.left_shift(mask.view(np.uint8), k, out=shifted)
            np.bitwise_or(eight, shifted, out=eight)
        if start + 8 >= len(masks):
            out[:] = eight
        else:
            out <<= 8
            out |= eight
    return out
