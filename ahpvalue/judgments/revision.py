"""How inconsistent each judgment is with the others, and what would fit instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.judgments.connectivity import compared, resistances
from ahpvalue.judgments.incomplete import least_squares
from ahpvalue.judgments.scales import apply_scale, nearest_answer, worth

__all__ = ["Influence", "influences", "judged_pairs", "weight_ratios", "worst_pair"]

Array = NDArray[np.float64]

_AGREES = 1e-18  # squared logarithmic error
_BRIDGE = 1e-9  # one minus the leverage of a judgment that nothing else backs


@dataclass(frozen=True)
class Influence:
    """One judgment: how far it is from the others, and what would fit them.

    Attributes
    ----------
    i, j : int
        The pair, the item that was judged stronger first.
    given : float
        The answer, 1 or more.
    error : float
        a_ij w_j / w_i with logarithmic least squares weights; 1 where it agrees.
    best : float
        The ratio that the other judgments give when this one is left out; the GCI is least
        there. NaN where the others do not join the two items.
    fitting : float
        The answer of the 17 that is worth nearest to `best`.
    gain : float
        How much the GCI falls, exactly, when the judgment becomes `fitting`; below 0 where
        rounding makes it worse.
    most : float
        How much it falls when the judgment becomes `best`.
    """

    i: int
    j: int
    given: float
    error: float
    best: float
    fitting: float
    gain: float
    most: float


def influences(matrix: Array, scale: str = "linear") -> list[Influence]:
    """Every judgment of a connected matrix, the most inconsistent first.

    The GCI is a sum of squares over a linear fit, so the effect of changing one judgment by
    a factor e^tau is exact: with e its logarithmic error and h its leverage (the effective
    resistance between the two items in the graph of judgments, 2/n when complete) the sum
    changes by (1 - h) tau^2 + 2 tau e, and is least at tau = -e / (1 - h). For complete
    matrices this is equation 3 of Escobar, Aguaron and Moreno-Jimenez (2015).

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Answers; NaN where a pair was not answered, and those are not judged.
    scale : str
        The judgment scale; error, best and gain are those of the ratios it makes.
    """
    n = len(matrix)
    freedom = int(compared(matrix).sum() - n) // 2 - (n - 1)
    found = []
    ratios = apply_scale(matrix, scale)
    errors = np.log(ratios) - np.log(weight_ratios(least_squares(ratios)))
    leverage = resistances(compared(ratios))
    for i, j in judged_pairs(matrix):
        e, free = float(errors[i, j]), 1 - float(leverage[i, j])
        given = float(matrix[i, j])
        if free < _BRIDGE:  # the only bridge between two parts: nothing to compare it with
            found.append(Influence(i, j, given, float(np.exp(e)), np.nan, given, 0.0, 0.0))
            continue
        best = float(ratios[i, j]) * float(np.exp(-e / free))
        most = e**2 / free / freedom
        fitting = float(nearest_answer(best, scale, n)) if most > _AGREES else given
        tau = float(np.log(worth(fitting, scale, n) / ratios[i, j]))
        gain = -(free * tau**2 + 2 * tau * e) / freedom + 0.0  # no -0.0
        found.append(Influence(i, j, given, float(np.exp(e)), best, fitting, gain, most))
    return sorted(
        found, key=lambda one: (-round(one.most, 12), min(one.i, one.j), max(one.i, one.j))
    )


def weight_ratios(weights: Array) -> Array:
    """The matrix w_i / w_j."""
    return weights[:, None] / weights[None, :]


def worst_pair(matrix: Array) -> tuple[int, int] | None:
    """The most inconsistent judgment, stronger item first; None when all agree.

    The first of `influences`, without the others.
    """
    errors = np.log(matrix) - np.log(weight_ratios(least_squares(matrix)))
    off = np.triu(np.nan_to_num(errors) ** 2, 1)
    if not off.max(initial=0.0) > _AGREES:
        return None
    if not compared(matrix).all():
        off = off / np.maximum(1 - resistances(compared(matrix)), _BRIDGE)
    i, j = (int(k) for k in np.unravel_index(int(off.round(12).argmax()), off.shape))
    return (i, j) if matrix[i, j] >= 1 else (j, i)


def judged_pairs(matrix: Array) -> Iterator[tuple[int, int]]:
    """Every answered pair, the stronger item first."""
    for i, j in zip(*np.triu_indices(len(matrix), 1), strict=True):
        if not np.isnan(matrix[i, j]):
            yield (int(i), int(j)) if matrix[i, j] >= 1 else (int(j), int(i))
