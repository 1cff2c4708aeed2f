"""How far experts agree: consensus, compatibility with the group, like-minded clusters.

Consensus after Goepel (2013, ISAHP; 2018, Int. J. of the Analytic Hierarchy Process 10(3),
469-487): Shannon's entropy of the experts' priorities split into what lies within each of
them (alpha) and between them (beta).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CONSENSUS_WORDS",
    "Clusters",
    "clusters",
    "compatibility",
    "consensus",
    "consensus_word",
    "homogeneity",
    "spread",
]

Array = NDArray[np.float64]

CONSENSUS_WORDS = (
    (0.5, "very low"),
    (0.625, "low"),
    (0.75, "moderate"),
    (0.875, "high"),
    (1.0, "very high"),
)
"""Upper end and word. As in Goepel's software; his article of 2018 prints 65 and 85 % for
the second and fourth."""


def consensus_word(value: float) -> str:
    """The word for a consensus or homogeneity; an end belongs to the word below it."""
    for end, word in CONSENSUS_WORDS:
        if value <= end:
            return word
    return CONSENSUS_WORDS[-1][1]


def _beta(priorities: Array) -> Array:
    """H_gamma - H_alpha: the entropy that lies between the experts."""
    from scipy.special import entr

    gamma = entr(priorities.mean(axis=-2)).sum(axis=-1)
    alpha = entr(priorities).sum(axis=-1).mean(axis=-1)
    return np.maximum(gamma - alpha, 0.0)


def homogeneity(priorities: Array) -> Array:
    """Relative homogeneity S = (exp(-H_beta) - 1/n) / (1 - 1/n), every expert alike.

    For priorities of any origin, global ones included.

    Parameters
    ----------
    priorities : ndarray, shape (..., experts, n)

    Returns
    -------
    ndarray, shape (...)
        1 for equal priorities.
    """
    n = priorities.shape[-1]
    if n == 1:
        return np.ones(priorities.shape[:-2])
    return (np.exp(-_beta(priorities)) - 1 / n) / (1 - 1 / n)


def consensus(priorities: Array, largest: float = 9.0) -> Array:
    """AHP consensus S* = (exp(-H_beta) - c) / (1 - c), every expert alike.

    1 for equal priorities, 0 for experts each of whom puts another item first by the
    largest answer of the scale. For local priorities only: c stands for the least entropy
    within an expert that answers on the scale allow, and there is no such bound for global
    priorities. Slightly below 0 when an expert is more extreme than that; left so here.

    Parameters
    ----------
    priorities : ndarray, shape (..., experts, n)
    largest : float
        What an answer of 9 is worth on the judgment scale (`scale_maximum`).

    Returns
    -------
    ndarray, shape (...)
    """
    n = priorities.shape[-1]
    if n == 1:
        return np.ones(priorities.shape[:-2])
    whole = n + largest - 1
    least = -(largest / whole) * np.log(largest / whole) - ((n - 1) / whole) * np.log(1 / whole)
    # exp(H_beta) is at most exp(ln n - least).
    c = np.exp(least) / n
    return (np.exp(-_beta(priorities)) - c) / (1 - c)


def spread(ratios: Array) -> Array:
    """Geometric standard deviation of the experts' ratios per pair, 1 where they agree.

    Parameters
    ----------
    ratios : ndarray, shape (experts, n, n)
        NaN where an expert did not answer.

    Returns
    -------
    ndarray, shape (n, n)
        NaN where fewer than two experts answered.
    """
    logs = np.log(ratios)
    several = (~np.isnan(logs)).sum(axis=0) > 1
    freedom_lost = min(len(ratios) - 1, 1)
    deviation = np.nanstd(np.where(several, logs, 0.0), axis=0, ddof=freedom_lost)
    return np.where(several, np.exp(deviation), np.nan)


def compatibility(ratios: Array, group: Array) -> Array:
    """GCOMPI: how far each expert's judgments lie from the group's priorities.

    n / (n - 2) times the mean of ln^2(a_ij w_j / w_i) over the expert's judgments, w the
    group's; for a complete matrix 2 / ((n-1)(n-2)) times their sum (Escobar, Aguaron and
    Moreno-Jimenez 2015, Decision Support Systems). Comparable with a GCI: an expert's GCI is
    what even the own priorities cannot represent, and the rest is what the group does not.

    Parameters
    ----------
    ratios : ndarray, shape (experts, n, n)
    group : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (experts,)
        NaN for two items, where no degree of freedom is left to divide by.
    """
    n = ratios.shape[-1]
    rows, columns = np.triu_indices(n, 1)
    squares = np.log(ratios[:, rows, columns] * (group[columns] / group[rows])) ** 2
    known = ~np.isnan(squares)
    mean = np.where(known, squares, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return mean * n / (n - 2) if n > 2 else np.full(len(ratios), np.nan)


@dataclass(frozen=True)
class Clusters:
    """Experts who think alike.

    Attributes
    ----------
    groups : tuple of tuple of int
        Positions of the experts, largest group first.
    left_out : tuple of int
        Who is like nobody.
    threshold : float or None
        The similarity from which two experts count as alike; None where no threshold gives
        a sound grouping, and then nobody is grouped.
    similarity : ndarray, shape (experts, experts)
    """

    groups: tuple[tuple[int, ...], ...]
    left_out: tuple[int, ...]
    threshold: float | None
    similarity: Array

    @property
    def linkage(self) -> Array:
        """How the experts join into larger and larger groups, shape (experts - 1, 4).

        Average linkage over 1 - similarity, in the form that
        `scipy.cluster.hierarchy.dendrogram` draws.
        """
        from scipy.cluster.hierarchy import linkage
        from scipy.spatial.distance import squareform

        apart = squareform(np.maximum(1 - self.similarity, 0), checks=False)
        return linkage(apart, "average", optimal_ordering=True)


_THRESHOLDS = tuple(0.975 - 0.025 * step for step in range(12))
_FIRST_GROUP = 0.6875
_MOST_LEFT_OUT = 2


def clusters(priorities: Array, largest: float | None = None) -> Clusters:
    """Group experts by pairwise agreement, after Goepel's group analysis of 2022.

    For thresholds from 0.975 down to 0.70, the expert with most others above the threshold
    takes them into a group, until nobody has any. Of the thresholds with at least two
    groups, at most two experts left out, and a first group whose own agreement is above
    0.6875, the one with fewest groups and left-out experts is taken, the highest of equals.

    Parameters
    ----------
    priorities : ndarray, shape (experts, n)
    largest : float, optional
        The scale's largest ratio: agreement is then `consensus`. Left out: `homogeneity`,
        for global priorities.
    """
    count = len(priorities)
    pairs = np.stack(np.broadcast_arrays(priorities[:, None, :], priorities[None, :, :]), axis=-2)
    similarity = _agreement(pairs, largest)
    best: Clusters | None = None
    for threshold in _THRESHOLDS:
        groups, left_out = _grouped(similarity >= threshold)
        if len(groups) < 2 or len(left_out) > _MOST_LEFT_OUT:
            continue
        if float(_agreement(priorities[list(groups[0])], largest)) <= _FIRST_GROUP:
            continue
        if best is None or len(groups) + len(left_out) < len(best.groups) + len(best.left_out):
            best = Clusters(groups, left_out, round(threshold, 3), similarity)
    return best or Clusters((), tuple(range(count)), None, similarity)


def _agreement(priorities: Array, largest: float | None) -> Array:
    return homogeneity(priorities) if largest is None else consensus(priorities, largest)


def _grouped(alike: NDArray[np.bool_]) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    left = list(range(len(alike)))
    groups: list[tuple[int, ...]] = []
    while left:
        members: Sequence[int] = max(
            ([other for other in left if alike[one, other]] for one in left), key=len
        )
        if len(members) < 2:
            break
        groups.append(tuple(members))
        left = [one for one in left if one not in members]
    return tuple(groups), tuple(left)
