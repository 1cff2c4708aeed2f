"""Two proposals that bring CR within the limit: the fewest changes, and a compromise over all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError
from ahpvalue.judgments.connectivity import compared, connected
from ahpvalue.judgments.consistency import CR_LIMIT, consistency_index
from ahpvalue.judgments.incomplete import completed, solve_incomplete
from ahpvalue.judgments.prioritization import principal_eigenvector
from ahpvalue.judgments.random_indices import random_index
from ahpvalue.judgments.revision import influences, judged_pairs, weight_ratios, worst_pair
from ahpvalue.judgments.scales import ANSWERS, apply_scale, scale_maximum, worth

__all__ = ["Change", "Measure", "Repair", "repair", "xu_wei"]

Array = NDArray[np.float64]

_MOST_CHANGES = 3
_MOST_SETS = 3_500  # every set of three judgments of eight items is one of 3,276
_MOST_ROUNDED = 200


@dataclass(frozen=True)
class Measure:
    """How CR is taken: the same way as the model that is to be repaired.

    Attributes
    ----------
    random_index, method, scale : str
        As in `PairwiseMatrix.consistency`.
    """

    random_index: str = "alonso-lamata"
    method: str = "eigenvector"
    scale: str = "linear"

    def cr(self, ratios: Array) -> Array:
        """CR of connected matrices of ratios with as many missing pairs each, shape (...)."""
        n = ratios.shape[-1]
        missing = int((~compared(ratios.reshape(-1, n, n)[0])).sum()) // 2
        reference = random_index(n, self.random_index, missing=missing, scale=self.scale).value
        if not reference:
            return np.zeros(ratios.shape[:-2])
        lambdas = solve_incomplete(ratios, self.method, "lambda-minimal")[1]
        return consistency_index(lambdas, n) / reference


_PLAIN = Measure()


@dataclass(frozen=True)
class Change:
    """One changed answer: of the pair (i, j) from `old` to `new`.

    `exact` is the ratio that would make lambda least.
    """

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


def repair(matrix: Array, limit: float = CR_LIMIT, measure: Measure = _PLAIN) -> Repair | None:
    """The fewest judgments whose change brings CR within the limit, and their new answers.

    Every set of one, two and three judgments is tried (Bozoki, Fulop and Poesz 2011, Central
    European J. Oper. Res. 19, 157-175): set free, they take the ratios that make lambda
    least within the scale, and then the answers next to those that make CR least. Of several
    sets that suffice, one with the most inconsistent judgment is proposed. Where there would be
    more than 3,500 sets (three judgments of nine items, two of fourteen) or three changes do
    not suffice, judgments are changed one by one.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Connected answers; NaN where a pair was not answered.
    limit : float
    measure : Measure
        How CR is taken.

    Returns
    -------
    Repair or None
        None where no way was found.
    """
    search = _Search(matrix, apply_scale(matrix, measure.scale), limit, measure)
    now = float(measure.cr(search.ratios))
    if now <= limit:
        return Repair((), now, True, 0)
    judged = list(judged_pairs(matrix))
    refuted = 0  # so many changes are certain not to do
    for count in range(1, _MOST_CHANGES + 1):
        if comb(len(judged), count) > _MOST_SETS:
            break
        tried = search.sets(list(combinations(judged, count)))
        if tried.within:
            best = min(tried.within, key=search.preference)
            return replace(best, fewest=refuted == count - 1, alternatives=len(tried.within) - 1)
        if tried.refuted and refuted == count - 1:
            refuted = count
    found = search.one_by_one()
    return None if found is None else replace(found, fewest=len(found.changes) == refuted + 1)


class _Tried(NamedTuple):
    """The sets that suffice, and whether it is certain that no other of that size does."""

    within: list[Repair]
    refuted: bool


@dataclass(frozen=True)
class _Search:
    """What the search for a repair starts from and has to reach."""

    answers: Array
    ratios: Array
    limit: float
    measure: Measure

    def sets(self, sets: list[tuple[tuple[int, int], ...]]) -> _Tried:
        """Set free every set of judgments, and round what suffices.

        A set without which the items fall apart is not tried. But for the ends of the scale
        it would do no more than a smaller one: what falls off can be held by one of its
        judgments.
        """
        freed = np.repeat(self.ratios[None], len(sets), axis=0)
        for row, pairs in zip(freed, sets, strict=True):
            for i, j in pairs:
                row[i, j] = row[j, i] = np.nan
        joined = connected(compared(freed))
        chosen = [pairs for pairs, fine in zip(sets, joined, strict=True) if fine]
        whole = len(chosen) == len(sets) or len(sets[0]) == 1  # a lone bridge never contradicts
        if not chosen:
            return _Tried([], whole)
        end = scale_maximum(self.measure.scale, len(self.ratios))
        full = completed(freed[joined])
        # The least lambda may lie beyond the scale; an answer does not.
        within_scale = np.clip(full, 1 / end, end)
        beyond = np.isnan(freed[joined]) & (full != within_scale)
        full = np.where(beyond, within_scale, full)
        whole &= len(sets[0]) == 1 or not beyond.any()
        # The sets' judgments stay as completed; the others that are missing are missing still.
        ratios = self.measure.cr(np.where(np.isnan(self.ratios), np.nan, full))
        order = np.argsort(ratios, kind="stable")
        hopeful = order[ratios[order] <= self.limit]
        rounded = [self._rounded(chosen[k], full[k]) for k in hopeful[:_MOST_ROUNDED]]
        within = [one for one in rounded if one.cr <= self.limit]
        return _Tried(within, whole and not len(hopeful))

    def _rounded(self, pairs: tuple[tuple[int, int], ...], full: Array) -> Repair:
        """The answers next to the freed ratios that make CR least; of equal ones the nearest."""
        trials = list(product(*(self._neighbours(float(full[i, j])) for i, j in pairs)))
        batch = np.repeat(self.ratios[None], len(trials), axis=0)
        for row, answers in zip(batch, trials, strict=True):
            for (i, j), answer in zip(pairs, answers, strict=True):
                row[i, j] = self._worth(answer)
                row[j, i] = 1 / row[i, j]
        found = [
            Repair(
                tuple(
                    Change(i, j, float(self.answers[i, j]), answer, float(full[i, j]))
                    for (i, j), answer in zip(pairs, answers, strict=True)
                ),
                float(cr),
                True,
                0,
            )
            for answers, cr in zip(trials, self.measure.cr(batch), strict=True)
        ]
        return min(found, key=lambda one: (round(one.cr, 9), _distance(one)))

    def preference(self, one: Repair) -> tuple[bool, float, float]:
        """First sets with the most inconsistent judgment, then least CR, then least change."""
        worst = worst_pair(self.ratios)
        named = {(change.i, change.j) for change in one.changes}
        return worst not in named, round(one.cr, 9), _distance(one)

    def _worth(self, answer: float) -> float:
        return worth(answer, self.measure.scale, len(self.ratios))

    def _neighbours(self, ratio: float) -> list[float]:
        """The answers whose worth is next below and above a ratio; one if it is exact."""
        worths = np.array([self._worth(float(answer)) for answer in ANSWERS])
        above = int(np.searchsorted(worths, ratio * (1 - 1e-9)))
        if above == len(worths) or abs(worths[above] / ratio - 1) < 1e-9:
            return [float(ANSWERS[min(above, len(worths) - 1)])]
        return [float(ANSWERS[k]) for k in (above - 1, above) if k >= 0]

    def one_by_one(self) -> Repair | None:
        """Change the judgment that helps most, one by one, until CR is within the limit."""
        answers = self.answers.copy()
        changed: dict[tuple[int, int], Change] = {}
        while True:
            candidates = [
                one
                for one in influences(answers, self.measure.scale)
                if one.gain > 1e-12 and not {(one.i, one.j), (one.j, one.i)} & changed.keys()
            ]
            if not candidates:
                return None
            one = max(candidates, key=lambda candidate: candidate.gain)
            i, j = one.i, one.j
            changed[i, j] = Change(i, j, float(self.answers[i, j]), one.fitting, one.best)
            answers[i, j], answers[j, i] = one.fitting, 1 / one.fitting
            cr = float(self.measure.cr(apply_scale(answers, self.measure.scale)))
            if cr <= self.limit:
                return Repair(tuple(changed.values()), cr, False, 0)


def _distance(one: Repair) -> float:
    """How far the answers move, in logarithms; rounded, so that equal ways are equal."""
    return round(float(sum(abs(np.log(change.new / change.old)) for change in one.changes)), 9)


def xu_wei(
    matrix: Array,
    limit: float = CR_LIMIT,
    measure: Measure = _PLAIN,
    keep: float = 0.9,
) -> tuple[Array, int]:
    """A compromise over all judgments: a_ij <- a_ij^keep (w_i / w_j)^(1 - keep), step by step.

    Xu and Wei (1999), Eur. J. Oper. Res. 116, 443-449; w is the principal eigenvector, and
    lambda falls in every step.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Ratios (on the linear scale the answers); NaN where a pair was not answered, and it
        stays so.
    limit : float
        Steps are taken while CR is not below it.
    measure : Measure
        How CR is taken.
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
    while measure.cr(now) >= limit:
        w = principal_eigenvector(completed(now))[0]
        upper = np.triu(keep * np.log(now) + (1 - keep) * np.log(weight_ratios(w)), 1)
        now = np.exp(upper - upper.T)
        steps += 1
    return now, steps
