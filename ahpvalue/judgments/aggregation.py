"""Several experts, one answer: aggregating judgments (AIJ) or priorities (AIP).

Source: Forman and Peniwati (1998), Eur. J. Oper. Res. 108, 165-169; the geometric mean is
the one that keeps a matrix reciprocal (Aczel and Saaty 1983, J. Math. Psychology 27, 93-102).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments.batches import checked
from ahpvalue.judgments.incomplete import solve_incomplete
from ahpvalue.judgments.scales import apply_scale

__all__ = ["AGGREGATIONS", "Derivation", "aggregate_judgments", "aggregate_priorities"]

Array = NDArray[np.float64]

_SUM = 1e-6

AGGREGATIONS = ("judgments", "priorities", "priorities-arithmetic")
"""AIJ, AIP by the geometric mean, AIP by the arithmetic mean."""


@dataclass(frozen=True)
class Derivation:
    """How weights follow from the experts' answers: one procedure for one matrix or millions.

    Attributes
    ----------
    method, completion, scale : str
        As in `PairwiseMatrix.priorities`.
    aggregation : {"judgments", "priorities", "priorities-arithmetic"}
    """

    method: str = "eigenvector"
    completion: str | None = None
    scale: str = "linear"
    aggregation: str = "judgments"

    def priorities(self, answers: Array, shares: Array) -> Array:
        """The experts' common priorities.

        Parameters
        ----------
        answers : ndarray, shape (..., experts, n, n)
            Checked answers; NaN where a pair was not answered.
        shares : ndarray, shape (..., experts)
            How much each expert counts; need not sum to 1.

        Returns
        -------
        ndarray, shape (..., n)
        """
        ratios = apply_scale(answers, self.scale)
        if ratios.shape[-3] == 1:
            return self.own_priorities(ratios[..., 0, :, :])
        if self.aggregation == "judgments":
            return self.own_priorities(mean_judgments(ratios, shares))
        vectors = self.own_priorities(ratios)
        return mean_priorities(vectors, shares, arithmetic=self.aggregation.endswith("arithmetic"))

    def own_priorities(self, ratios: Array) -> Array:
        """Priorities of each matrix of ratios, shape (..., n, n) -> (..., n)."""
        return self.solve(ratios)[0]

    def solve(self, ratios: Array) -> tuple[Array, Array]:
        """Priorities and lambda of matrices of ratios; NaN where nothing was answered."""
        return solve_incomplete(ratios, self.method, self.completion)


def mean_judgments(ratios: Array, shares: Array) -> Array:
    """Weighted geometric mean over experts, each pair over those who answered it.

    Shape (..., experts, n, n) and (..., experts) -> (..., n, n); NaN where nobody with a
    share answered. Summed from the first expert to the last.
    """
    upper = np.triu(np.ones(ratios.shape[-2:], dtype=bool), 1)
    answered = ~np.isnan(ratios) & upper
    each = np.where(answered, shares[..., None, None], 0.0)
    logs = np.where(answered, np.log(np.where(answered, ratios, 1.0)), 0.0)
    weight = each.sum(axis=-3)
    mean = (each * logs).sum(axis=-3) / np.where(weight > 0, weight, 1.0)
    mean = np.where(upper & (weight == 0), np.nan, mean)
    return np.exp(mean - np.swapaxes(mean, -1, -2))


def mean_priorities(vectors: Array, shares: Array, *, arithmetic: bool = False) -> Array:
    """Weighted mean over experts, (..., experts, n) and (..., experts) -> (..., n), sum 1."""
    each = shares[..., None]
    if arithmetic:
        w = (each * vectors).sum(axis=-2)
    else:
        w = np.exp((each * np.log(vectors)).sum(axis=-2) / each.sum(axis=-2))
    return w / w.sum(axis=-1, keepdims=True)


def _shares(weights: Sequence[float] | None, experts: int) -> Array:
    try:
        shares = np.ones(experts) if weights is None else np.asarray(weights, dtype=float)
    except (TypeError, ValueError):
        raise JudgmentError(f"experts' weights are numbers, not {weights!r}") from None
    if shares.shape != (experts,):
        raise JudgmentError(f"{experts} experts need {experts} weights, not {shares.size}")
    if not (np.isfinite(shares).all() and (shares > 0).all()):
        raise JudgmentError("an expert's weight is a finite number above 0")
    return shares / shares.sum()


def _refuse_other_items(values: object) -> None:
    """All experts judge the same items, where matrices and priorities name theirs."""
    given = values if isinstance(values, Sequence) else ()
    found = dict.fromkeys(one.labels for one in given if hasattr(one, "labels"))
    if len(found) > 1:
        shown = " against ".join(", ".join(labels) for labels in list(found)[:2])
        raise JudgmentError(f"all experts judge the same items in the same order, not {shown}")


def _checked_priorities(priorities: ArrayLike) -> Array:
    try:
        vectors = np.asarray(priorities, dtype=np.float64)
    except (TypeError, ValueError):
        raise JudgmentError("priorities are numbers of shape (experts, n)") from None
    if vectors.ndim != 2 or not vectors.size:
        raise JudgmentError(f"experts' priorities have the shape (experts, n), not {vectors.shape}")
    if not (np.isfinite(vectors) & (vectors > 0)).all():
        raise JudgmentError("priorities are finite numbers above 0")
    if np.abs(vectors.sum(axis=-1) - 1).max() > _SUM:
        raise JudgmentError("every expert's priorities sum to 1; these do not")
    return vectors


def aggregate_judgments(matrices: ArrayLike, weights: Sequence[float] | None = None) -> Array:
    """AIJ: the weighted geometric mean of every judgment; stays reciprocal.

    Parameters
    ----------
    matrices : array_like, shape (experts, n, n), or list of `PairwiseMatrix`
        NaN on both sides where an expert did not answer: the pair's mean is taken over those
        who did, their weights scaled to sum 1, and stays NaN where nobody did.
    weights : sequence of float, shape (experts,), optional
        How much each expert counts; any positive numbers. Left out: all alike.

    Returns
    -------
    ndarray, shape (n, n)

    Raises
    ------
    JudgmentError
        Names the expert's matrix and the cell that is not positive or not reciprocal, or
        the experts compare other items.

    Examples
    --------
    >>> import numpy as np
    >>> aggregate_judgments(np.array([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]]))[0, 1].round(12)
    np.float64(4.0)
    >>> from ahpvalue import PairwiseMatrix
    >>> ann, bo = (PairwiseMatrix.from_judgments({"sales vs credit": k}) for k in (2, 8))
    >>> aggregate_judgments([ann, bo])[0, 1].round(12)
    np.float64(4.0)
    """
    _refuse_other_items(matrices)
    stacked = checked(matrices)
    if stacked.ndim != 3:
        raise JudgmentError(
            f"experts' matrices have the shape (experts, n, n), not {stacked.shape}"
        )
    return mean_judgments(stacked, _shares(weights, len(stacked)))


def aggregate_priorities(
    priorities: ArrayLike, weights: Sequence[float] | None = None, mean: str = "geometric"
) -> Array:
    """AIP: the weighted geometric (or arithmetic) mean of the experts' priorities, summing to 1.

    Parameters
    ----------
    priorities : array_like, shape (experts, n), or list of `Priorities`
    weights : sequence of float, shape (experts,), optional
    mean : {"geometric", "arithmetic"}

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> aggregate_priorities([[0.8, 0.2], [0.5, 0.5]], mean="arithmetic")
    array([0.65, 0.35])
    """
    _refuse_other_items(priorities)
    vectors = _checked_priorities(priorities)
    known = ("geometric", "arithmetic")
    if mean not in known:
        raise JudgmentError(f"there is no mean {mean!r} of priorities{did_you_mean(mean, known)}")
    return mean_priorities(vectors, _shares(weights, len(vectors)), arithmetic=mean == "arithmetic")
