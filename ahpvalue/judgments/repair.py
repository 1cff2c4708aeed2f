"""The fewest judgments whose change would do, and a compromise over all: proposals, both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError
from ahpvalue.judgments.completion import LARGEST, completed
from ahpvalue.judgments.consistency import CR_LIMIT, consistency_index
from ahpvalue.judgments.graph import compared, connected
from ahpvalue.judgments.methods import principal_eigenvector
from ahpvalue.judgments.random_indices import random_index
from ahpvalue.judgments.review import influences, judged_pairs, ratios_of
from ahpvalue.judgments.scales import ANSWERS

__all__ = ["Change", "Repair", "ratio_of_consistency", "repair", "xu_wei"]

Array = NDArray[np.float64]

_MOST_CHANGES = 3
_MOST_SETS = 3_500  # every set of three judgments of eight items is one of 3,276
_MOST_ROUNDED = 200


@dataclass(frozen=True)
class Change:
    """One judgment to take back: of the pair (i, j) from `old` to `new`, `exact` unrounded."""

    i: int
    j: int
    old: float
    new: float
    exact: float


@dataclass(frozen=True)
class Repair:
    """The fewest changes that bring CR within the limit.

    Attributes
    ----------
    changes : tuple of Change
        Empty where the matrix is within the limit already.
    cr : float
        CR after them, every new judgment one of the 17 answers.
    fewest : bool
        Whether it is certain that no smaller number of changes would do; otherwise the
        changes were found one by one, each the most helpful next.
    alternatives : int
        How many other sets of as many judgments would do as well (of the 200 best).
    """

    changes: tuple[Change, ...]
    cr: float
    fewest: bool
    alternatives: int


def ratio_of_consistency(matrices: Array, table: str) -> Array:
    """CR of connected matrices with the same number of missing pairs, shape (...)."""
    n = matrices.shape[-1]
    missing = int((~compared(matrices.reshape(-1, n, n)[0])).sum()) // 2
    reference = random_index(n, table, missing=missing).value
    if not reference:
        return np.zeros(matrices.shape[:-2])
    full = completed(matrices) if missing else matrices
    result: Array = consistency_index(principal_eigenvector(full)[1], n) / reference
    return result


def repair(matrix: Array, limit: float = CR_LIMIT, table: str = "alonso-lamata") -> Repair | None:
    """The fewest judgments whose change brings CR within the limit, and to what.

    Every set of one, two and three judgments is tried (Bozoki, Fulop and Poesz 2011, Central
    European J. Oper. Res. 19, 157-175): set free, they take the values that make lambda
    least within 1/9 to 9, and then the neighbouring answers of the scale that make CR least.
    Where that would be more than 3,500 sets (three judgments of nine items, two of fourteen)
    or three changes do not suffice, judgments are changed one by one.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Connected; NaN where a pair was not answered.
    limit : float
    table : str
        Random index table.

    Returns
    -------
    Repair or None
        None where no way was found.
    """
    now = float(ratio_of_consistency(matrix, table))
    if now <= limit:
        return Repair((), now, True, 0)
    judged = list(judged_pairs(matrix))
    refuted = 0  # so many changes are certain not to do
    for count in range(1, _MOST_CHANGES + 1):
        if comb(len(judged), count) > _MOST_SETS:
            break
        tried = _sufficient(matrix, list(combinations(judged, count)), limit, table)
        if tried.within:
            best = min(tried.within, key=lambda one: one.cr)
            return replace(best, fewest=refuted == count - 1, alternatives=len(tried.within) - 1)
        if tried.refuted and refuted == count - 1:
            refuted = count
    found = _one_by_one(matrix, limit, table)
    return found and replace(found, fewest=len(found.changes) == refuted + 1)


class _Tried(NamedTuple):
    """The sets that suffice, and whether it is certain that no other of that size does."""

    within: list[Repair]
    refuted: bool


def _sufficient(
    matrix: Array, sets: list[tuple[tuple[int, int], ...]], limit: float, table: str
) -> _Tried:
    """Set free every set of judgments, and round what suffices.

    A set without which the items fall apart is not tried. But for the ends of the scale it
    would do no more than a smaller one: what falls off can be held by one of its judgments.
    """
    freed = np.repeat(matrix[None], len(sets), axis=0)
    for row, pairs in zip(freed, sets, strict=True):
        for i, j in pairs:
            row[i, j] = row[j, i] = np.nan
    joined = connected(compared(freed))
    chosen = [pairs for pairs, fine in zip(sets, joined, strict=True) if fine]
    whole = len(chosen) == len(sets) or len(sets[0]) == 1  # a lone bridge never contradicts
    if not chosen:
        return _Tried([], whole)
    full = completed(freed[joined])
    # What is left of a tree is completed exactly, beyond the scale perhaps; an answer is not.
    within_scale = np.clip(full, 1 / LARGEST, LARGEST)
    beyond = np.isnan(freed[joined]) & (full != within_scale)
    full = np.where(beyond, within_scale, full)
    whole &= len(sets[0]) == 1 or not beyond.any()
    # The sets' judgments stay as completed; the others that are missing are missing still.
    ratios = ratio_of_consistency(np.where(np.isnan(matrix), np.nan, full), table)
    order = np.argsort(ratios, kind="stable")
    hopeful = order[ratios[order] <= limit]
    rounded = [_rounded(matrix, chosen[k], full[k], table) for k in hopeful[:_MOST_ROUNDED]]
    within = [one for one in rounded if one.cr <= limit]
    return _Tried(within, whole and not len(hopeful))


def _rounded(matrix: Array, pairs: tuple[tuple[int, int], ...], full: Array, table: str) -> Repair:
    """The neighbouring answers of the scale that make CR least."""
    neighbours = [_neighbours(float(full[i, j])) for i, j in pairs]
    trials = list(product(*neighbours))
    batch = np.repeat(matrix[None], len(trials), axis=0)
    for row, values in zip(batch, trials, strict=True):
        for (i, j), value in zip(pairs, values, strict=True):
            row[i, j], row[j, i] = value, 1 / value
    ratios = ratio_of_consistency(batch, table)
    best = int(ratios.argmin())
    changes = tuple(
        Change(i, j, float(matrix[i, j]), value, float(full[i, j]))
        for (i, j), value in zip(pairs, trials[best], strict=True)
    )
    return Repair(changes, float(ratios[best]), True, 0)


def _neighbours(ratio: float) -> list[float]:
    """The answers of the scale next to a ratio, below and above; one where it is an answer."""
    above = int(np.searchsorted(ANSWERS, ratio * (1 - 1e-9)))
    if above == len(ANSWERS) or abs(ANSWERS[above] / ratio - 1) < 1e-9:
        return [float(ANSWERS[min(above, len(ANSWERS) - 1)])]
    return [float(ANSWERS[k]) for k in (above - 1, above) if k >= 0]


def _one_by_one(matrix: Array, limit: float, table: str) -> Repair | None:
    """Change the judgment that helps most, again and again."""
    trial = matrix.copy()
    changed: dict[tuple[int, int], Change] = {}
    while len(changed) < len(list(judged_pairs(matrix))):
        candidates = [
            one
            for one in influences(trial)
            if one.gain > 1e-12 and not {(one.i, one.j), (one.j, one.i)} & changed.keys()
        ]
        if not candidates:
            return None
        one = max(candidates, key=lambda candidate: candidate.gain)
        i, j = one.i, one.j
        changed[i, j] = Change(i, j, float(matrix[i, j]), one.fitting, one.best)
        trial[i, j], trial[j, i] = one.fitting, 1 / one.fitting
        ratio = float(ratio_of_consistency(trial, table))
        if ratio <= limit:
            return Repair(tuple(changed.values()), ratio, False, 0)
    return None


def xu_wei(
    matrix: Array,
    limit: float = CR_LIMIT,
    table: str = "alonso-lamata",
    keep: float = 0.9,
) -> tuple[Array, int]:
    """A compromise over all judgments: a_ij <- a_ij^keep (w_i / w_j)^(1 - keep), again and again.

    Xu and Wei (1999), Eur. J. Oper. Res. 116, 443-449; w is the principal eigenvector, and
    lambda falls in every step.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        NaN where a pair was not answered; it stays so.
    limit : float
        Steps are taken while CR is not below it.
    table : str
        Random index table.
    keep : float
        How much of each judgment is kept in a step, between 0 and 1.

    Returns
    -------
    matrix : ndarray, shape (n, n)
    steps : int
    """
    if not 0 < keep < 1:
        raise JudgmentError(f"keep lies between 0 and 1, not {keep:g}")
    now, steps = matrix, 0
    while ratio_of_consistency(now, table) >= limit:
        w = principal_eigenvector(completed(now))[0]
        upper = np.triu(keep * np.log(now) + (1 - keep) * np.log(ratios_of(w)), 1)
        now = np.exp(upper - upper.T)
        steps += 1
    return now, steps
