"""Weights of the indicators on a node, under every draw, where some values are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring import NEARLY, Plan

__all__ = ["Drawn", "EffectiveWeights", "effective_weights", "patterns"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_KNOWN = 4_000_000  # values of the weights that are kept: 32 MB


def patterns(absent: Mask) -> list[tuple[tuple[bool, ...], NDArray[np.intp]]]:
    """Groups of rows that lack the same indicators: what is missing, and the rows."""
    if not absent.any():
        return [((False,) * absent.shape[1], np.arange(len(absent)))]
    codes = _codes(absent)
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    first = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    kinds = absent[order[first]].tolist()
    return [
        (tuple(kind), group) for kind, group in zip(kinds, np.split(order, first[1:]), strict=True)
    ]


def _codes(absent: Mask) -> NDArray[Any]:
    """A whole number per row, the same for rows that lack the same; 16 bits sort fastest."""
    count = absent.shape[1]
    if count > 62:
        return np.unique(absent, axis=0, return_inverse=True)[1].ravel()
    kind = np.uint16 if count <= 16 else np.int64
    return absent @ (1 << np.arange(count, dtype=np.int64)).astype(kind)


@dataclass(frozen=True)
class Drawn:
    """The draws that rate whoever lacks the same values.

    Attributes
    ----------
    weights : ndarray, shape (indicators, rated draws)
    mean : ndarray, shape (indicators,)
    rated : ndarray of bool, shape (draws,)
    never_negative : bool
        Whether no weight is below 0.
    """

    weights: Array
    mean: Array
    rated: Mask
    never_negative: bool


class EffectiveWeights:
    """Effective weights under every draw, per pattern of what is missing."""

    def __init__(self, plan: Plan, local: Mapping[str, Array], on: str) -> None:
        self.plan, self.on = plan, on
        self.local = {node: np.asfortranarray(drawn) for node, drawn in local.items()}
        values = len(plan.indicators) * len(next(iter(local.values())))
        self.most = max(_KNOWN // values, 1)
        self.lock = Lock()
        self.known: dict[tuple[bool, ...], Drawn] = {}

    def of(self, pattern: tuple[bool, ...]) -> Drawn:
        """The draws for whoever lacks these indicators."""
        with self.lock:
            if pattern not in self.known:
                if len(self.known) >= self.most:
                    self.known.clear()
                self.known[pattern] = self._work_out(pattern)
            return self.known[pattern]

    def _work_out(self, pattern: tuple[bool, ...]) -> Drawn:
        weights = effective_weights(self.plan, self.local, self.on, pattern).T
        rated: Mask = ~np.isnan(weights.sum(axis=0))
        weights = weights if rated.all() else np.ascontiguousarray(weights[:, rated])
        mean = weights.mean(axis=1) if rated.any() else np.full(len(weights), np.nan)
        return Drawn(weights, mean, rated, bool((weights >= 0).all()))


def effective_weights(
    plan: Plan, local: Mapping[str, Array], on: str, pattern: tuple[bool, ...]
) -> Array:
    """Weights of the indicators on a node, where some values are missing.

    What the kernel does to scores, done once to the weights: absent children pass their
    share on, and criteria with too little data are left out.

    Parameters
    ----------
    plan : Plan
    local : mapping of str to ndarray, shape (draws, children)
    on : str
        The node.
    pattern : tuple of bool
        Which indicators lack a value, in the order of the plan.

    Returns
    -------
    ndarray, shape (draws, indicators)
        Rows sum to 1; NaN where the node is not rated.
    """
    draws = len(next(iter(local.values())))
    place = {indicator.name: k for k, indicator in enumerate(plan.indicators)}
    weights: dict[str, Array] = {}
    absent: dict[str, bool | Mask] = {}  # the same in all draws, or one by one
    lost: dict[str, float | Array] = {}
    for indicator, missing in zip(plan.indicators, pattern, strict=True):
        left_out = missing and indicator.missing != "score"
        absent[indicator.name] = left_out or not indicator.scored
        lost[indicator.name] = float(missing or not indicator.scored)
    for node in plan.nodes:
        own = local[node.name].T
        shares, gone = np.empty(own.shape), np.empty(own.shape)
        for k, child in enumerate(node.children):
            np.multiply(own[k], np.logical_not(absent[child]), out=shares[k])
            np.multiply(own[k], lost[child], out=gone[k])
        left, coverage = shares.sum(axis=0), 1 - gone.sum(axis=0)
        unrated = (coverage < node.minimum_coverage - NEARLY) | (left <= 0)
        shares /= np.where(left > 0, left, 1.0)
        below = np.zeros((len(place), draws))
        for k, child in enumerate(node.children):
            if child in place:
                below[place[child]] += shares[k]
            else:
                below += shares[k] * weights[child]
        below[:, unrated] = 0.0
        weights[node.name], absent[node.name] = below, unrated
        lost[node.name] = np.where(unrated, 1.0, 1 - coverage)
    found = weights[on]
    found[:, absent[on]] = np.nan
    return found.T
