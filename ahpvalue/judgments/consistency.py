"""Indices of consistency: arrays ``(..., n, n)`` in, ``(...)`` out.

All indices are 0 for a consistent matrix, and for one or two items, which cannot
contradict each other. NaN is a missing judgment; indices over triads use those that have
their three judgments, and are NaN where there is none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError
from ahpvalue.judgments.connectivity import compared, directed_cycle
from ahpvalue.judgments.incomplete import least_squares

__all__ = [
    "CR_LIMIT",
    "congruence",
    "consistency_index",
    "dissonance",
    "error_matrix",
    "gci_limit",
    "geometric_consistency_index",
    "harmonic_consistency_index",
    "harmonic_consistency_ratio",
    "koczkodaj",
    "limit_for",
    "ordinal_cycles",
]

Array = NDArray[np.float64]

CR_LIMIT = 0.10
"""Saaty's rule: a consistency ratio up to 0.10 is acceptable."""

_LIMITS_BY_SIZE = {3: 0.05, 4: 0.08}
_GCI_LIMITS = {3: 0.31, 4: 0.35}
_HARMONIC_RANDOM_INDEX = dict(
    enumerate((0.5485, 0.8577, 1.0611, 1.2031, 1.3055, 1.3814, 1.4370, 1.4816), start=3)
)


def limit_for(n: int, limit: float | str = CR_LIMIT) -> float:
    """The largest acceptable CR: a number, or ``"by-size"`` for 0.05 / 0.08 / 0.10.

    ``"by-size"`` is Saaty's stricter rule for three and four items (Saaty 1994).
    """
    if limit == "by-size":
        return _LIMITS_BY_SIZE.get(n, CR_LIMIT)
    if isinstance(limit, str) or not limit > 0:
        raise JudgmentError(f"a limit is a number above 0, such as 0.10, or by-size, not {limit!r}")
    return float(limit)


def gci_limit(n: int) -> float:
    """The GCI that goes with CR = 0.10 (Aguaron and Moreno-Jimenez 2003)."""
    return _GCI_LIMITS.get(n, 0.37)


def consistency_index(lambda_max: Array, n: int) -> Array:
    """Saaty's CI = (lambda_max - n) / (n - 1); 0 for n <= 2."""
    if n <= 2:
        return np.zeros_like(lambda_max)
    return (lambda_max - n) / (n - 1)


def error_matrix(matrices: Array, weights: Array) -> Array:
    """eps_ij = a_ij w_j / w_i: 1 where a judgment agrees with the weights (Saaty 2003)."""
    return matrices * weights[..., None, :] / weights[..., :, None]


def geometric_consistency_index(matrices: Array) -> Array:
    """GCI: the squared ln eps_ij of the judgments over their degrees of freedom N - (n-1).

    N judgments were given, and eps is taken with the logarithmic least squares weights. For
    a complete matrix those are the row geometric means and GCI is 2 / ((n-1)(n-2)) times
    the sum. 0 for a spanning tree, which leaves no freedom.

    Source: Crawford and Williams (1985); Aguaron and Moreno-Jimenez (2003). For limits
    see `gci_limit`.
    """
    n = matrices.shape[-1]
    if n <= 2:
        return np.zeros(matrices.shape[:-2])
    squares = np.log(error_matrix(matrices, least_squares(matrices))) ** 2
    rows, columns = np.triu_indices(n, 1)
    squares = squares[..., rows, columns]
    freedom = (~np.isnan(squares)).sum(axis=-1) - (n - 1)
    return np.where(freedom > 0, np.nansum(squares, axis=-1) / np.maximum(freedom, 1), 0.0)


def harmonic_consistency_index(matrices: Array) -> Array:
    """HCI = (HM - n)(n + 1) / (n (n - 1)), HM the harmonic mean of the column sums.

    Source: Stein and Mizzi (2007), Eur. J. Oper. Res. 177, 488-497.
    """
    n = matrices.shape[-1]
    if n <= 2:
        return np.zeros(matrices.shape[:-2])
    mean = n / (1 / matrices.sum(axis=-2)).sum(axis=-1)
    return np.maximum((mean - n) * (n + 1) / (n * (n - 1)), 0.0)


def harmonic_consistency_ratio(hci: float, n: int) -> float | None:
    """HCI over its random mean; None above n = 10, where no random mean is tabulated."""
    if n <= 2:
        return 0.0
    return hci / _HARMONIC_RANDOM_INDEX[n] if n in _HARMONIC_RANDOM_INDEX else None


def _triads(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """All i < j with every third item k."""
    i, j, k = np.ogrid[:n, :n, :n]
    found = np.nonzero((i < j) & (k != i) & (k != j))
    return found[0], found[1], found[2]


def koczkodaj(matrices: Array) -> Array:
    """The worst triad: max over triads of min(|1 - q|, |1 - 1/q|), q = a_ik / (a_ij a_jk).

    Between 0 and 1; a third is a usual limit (Koczkodaj 1993).
    """
    n = matrices.shape[-1]
    if n <= 2:
        return np.zeros(matrices.shape[:-2])
    i, j, k = _triads(n)
    direct, detour = matrices[..., i, j], matrices[..., i, k] * matrices[..., k, j]
    off = 1 - np.minimum(direct, detour) / np.maximum(direct, detour)
    worst = np.where(np.isnan(off), -1.0, off).max(axis=-1)
    return np.where(worst < 0, np.nan, worst)


def congruence(matrices: Array) -> Array:
    """Mean |ln a_ij - ln a_ik a_kj| over all triads (Siraj, Mikhailov and Keane 2015)."""
    n = matrices.shape[-1]
    if n <= 2:
        return np.zeros(matrices.shape[:-2])
    direct, detour = _both_ways(matrices)
    return _mean_of_known(np.abs(direct - detour))


def dissonance(matrices: Array) -> Array:
    """Share of triads whose detour points the other way (Siraj et al. 2015); 0 is ordinal order."""
    n = matrices.shape[-1]
    if n <= 2:
        return np.zeros(matrices.shape[:-2])
    direct, detour = _both_ways(matrices)
    # A product that is 1 but for rounding points nowhere.
    detour = np.where(np.abs(detour) < 1e-12, 0.0, detour)
    product = direct * detour
    return _mean_of_known(np.where(np.isnan(product), np.nan, product < 0))


def _both_ways(matrices: Array) -> tuple[Array, Array]:
    """Ln a_ij and ln a_ik a_kj of every triad."""
    i, j, k = _triads(matrices.shape[-1])
    logs = np.log(matrices)
    return logs[..., i, j], logs[..., i, k] + logs[..., k, j]


def _mean_of_known(values: Array) -> Array:
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def ordinal_cycles(matrix: Array) -> list[tuple[int, ...]]:
    """Items of which each beats the next and the last the first; one matrix, shape (n, n).

    All such triads; where judgments are missing or equal there may be a longer cycle
    without one, and then a shortest is given.
    """
    beats = compared(matrix) & (np.nan_to_num(matrix) > 1)
    n = len(matrix)
    triads: list[tuple[int, ...]] = [
        (i, j, k)
        for i in range(n)
        for j in range(i + 1, n)
        for k in range(i + 1, n)
        if j != k and beats[i, j] and beats[j, k] and beats[k, i]
    ]
    longer = None if triads else directed_cycle(beats)
    return triads if longer is None else [longer]
