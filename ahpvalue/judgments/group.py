"""Several experts, one answer: aggregating judgments (AIJ) or priorities (AIP).

Source: Forman and Peniwati (1998), Eur. J. Oper. Res. 108, 165-169; the geometric mean is
the one that keeps a matrix reciprocal (Aczel and Saaty 1983, J. Math. Psychology 27, 93-102).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments.arrays import checked

__all__ = ["aggregate_judgments", "aggregate_priorities"]

Array = NDArray[np.float64]


def _shares(weights: Sequence[float] | None, experts: int) -> Array:
    shares = np.ones(experts) if weights is None else np.asarray(weights, dtype=float)
    if shares.shape != (experts,):
        raise JudgmentError(f"{experts} experts need {experts} weights, not {shares.size}")
    if not (np.isfinite(shares).all() and (shares > 0).all()):
        raise JudgmentError("an expert's weight is a finite number above 0")
    result: Array = shares / shares.sum()
    return result


def _stacked(values: ArrayLike, axes: int, what: str, shape: str) -> Array:
    a = np.asarray(values, dtype=np.float64)
    if a.ndim != axes or not a.size:
        raise JudgmentError(f"the experts' {what} have the shape {shape}, not {a.shape}")
    if axes == 3:
        return checked(a)
    if not (np.isfinite(a) & (a > 0)).all():
        raise JudgmentError("priorities are finite numbers above 0")
    return a


def aggregate_judgments(matrices: ArrayLike, weights: Sequence[float] | None = None) -> Array:
    """AIJ: the weighted geometric mean of every judgment; stays reciprocal.

    Parameters
    ----------
    matrices : ndarray, shape (experts, n, n)
    weights : sequence of float, shape (experts,), optional
        How much each expert counts; any positive numbers. Left out: all alike.

    Returns
    -------
    ndarray, shape (n, n)

    Raises
    ------
    JudgmentError
        Names the expert's matrix and the cell that is not positive or not reciprocal.

    Examples
    --------
    >>> import numpy as np
    >>> aggregate_judgments(np.array([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]]))[0, 1].round(12)
    np.float64(4.0)
    """
    logs = np.log(_stacked(matrices, 3, "matrices", "(experts, n, n)"))
    mean = np.tensordot(_shares(weights, len(logs)), logs, axes=1)
    upper = np.triu(mean, 1)
    result: Array = np.exp(upper - upper.T)
    return result


def aggregate_priorities(
    priorities: ArrayLike, weights: Sequence[float] | None = None, mean: str = "geometric"
) -> Array:
    """AIP: the weighted geometric (or arithmetic) mean of the experts' priorities, summing to 1.

    Parameters
    ----------
    priorities : ndarray, shape (experts, n)
    weights : sequence of float, shape (experts,), optional
    mean : {"geometric", "arithmetic"}

    Returns
    -------
    ndarray, shape (n,)
    """
    priorities = _stacked(priorities, 2, "priorities", "(experts, n)")
    shares = _shares(weights, len(priorities))
    if mean == "geometric":
        w = np.exp(shares @ np.log(priorities))
    elif mean == "arithmetic":
        w = shares @ priorities
    else:
        known = ("geometric", "arithmetic")
        raise JudgmentError(f"there is no mean {mean!r} of priorities{did_you_mean(mean, known)}")
    result: Array = w / w.sum()
    return result
