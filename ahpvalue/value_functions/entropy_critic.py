"""Objective weights: what customers' values themselves say about how much indicators tell apart.

No expert is asked: an indicator in which customers differ more (entropy), and differ in
another way than in the others (CRITIC), gets more weight. What matters is another question
than what varies, so these stand beside the experts' weights, never in their place unsaid.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ahpvalue.errors import AhpValueError, CustomerDataError, did_you_mean

__all__ = ["COMBINATIONS", "OBJECTIVE", "combine_weights", "critic_weights", "entropy_weights"]

Array = NDArray[np.float64]


def _checked(values: ArrayLike) -> Array:
    a = np.asarray(values, dtype=np.float64)
    if a.ndim != 2 or a.shape[0] < 2 or not a.shape[1]:
        raise CustomerDataError(
            "objective weights need values of at least two customers in shape "
            f"(customers, indicators), not {a.shape}"
        )
    if not np.isfinite(a).all():
        raise CustomerDataError(
            "objective weights need finite values; leave out customers with missing ones"
        )
    return a


def entropy_weights(values: ArrayLike) -> Array:
    """Entropy weights w_j ~ 1 - e_j, e_j the entropy of the customers' shares in indicator j.

    e_j = -sum_i p_ij ln p_ij / ln m, p_ij = x_ij / sum_i x_ij over m customers (Shannon 1948;
    Zeleny 1982).

    Parameters
    ----------
    values : array_like, shape (customers, indicators)
        Not below 0.

    Returns
    -------
    ndarray, shape (indicators,)
        Sums to 1; equal where no indicator tells customers apart.

    Raises
    ------
    CustomerDataError
        A value is below 0 or missing, or there are fewer than two customers.

    Examples
    --------
    >>> entropy_weights([[1, 5], [9, 5]]).round(3)
    array([1., 0.])
    """
    a = _checked(values)
    if (a < 0).any():
        raise CustomerDataError("entropy weights need values of 0 and above; shares have no sign")
    total = a.sum(axis=0)
    p = np.divide(a, total, out=np.full_like(a, 1 / len(a)), where=total > 0)
    logs = np.log(np.where(p > 0, p, 1.0))
    told = np.maximum(1 + (p * logs).sum(axis=0) / np.log(len(a)), 0.0)
    told[told < 1e-12] = 0.0  # equal values, but for rounding
    return _scaled(told)


def critic_weights(values: ArrayLike) -> Array:
    """CRITIC weights w_j ~ sigma_j sum_k (1 - r_jk), after scaling each indicator to 0..1.

    sigma is the standard deviation and r the correlation between indicators (Diakoulaki,
    Mavrotas and Papayannakis 1995, Computers and Operations Research 22, 763-770).

    Parameters
    ----------
    values : array_like, shape (customers, indicators)
        More is better; turn cost indicators round first (scores are).

    Returns
    -------
    ndarray, shape (indicators,)
        Sums to 1. An indicator with one value only gets 0; equal where all are such.

    Examples
    --------
    >>> critic_weights([[0, 0, 1], [1, 1, 0], [2, 2, 1]]).round(3)
    array([0.232, 0.232, 0.536])
    """
    a = _checked(values)
    low, reach = a.min(axis=0), np.ptp(a, axis=0)
    varied = reach > 0
    weights = np.zeros(a.shape[1])
    if varied.any():
        scaled = (a[:, varied] - low[varied]) / reach[varied]
        deviation = scaled.std(axis=0, ddof=1)
        correlation = np.atleast_2d(np.corrcoef(scaled, rowvar=False))
        conflict = (1 - correlation).sum(axis=0)
        told = deviation * np.maximum(conflict, 0.0)
        weights[varied] = told if told.any() else deviation
    return _scaled(weights)


def _scaled(told: Array) -> Array:
    total = told.sum()
    return told / total if total > 0 else np.full(len(told), 1 / len(told))


OBJECTIVE: dict[str, Callable[[ArrayLike], Array]] = {
    "entropy": entropy_weights,
    "critic": critic_weights,
}
"""Method name -> function from values (customers, indicators) to weights."""

COMBINATIONS = ("linear", "multiplicative", "least-entropy")
"""How experts' and objective weights become one."""


def combine_weights(
    experts: ArrayLike, objective: ArrayLike, share: float = 0.5, combination: str = "linear"
) -> Array:
    """Experts' and objective weights as one.

    Parameters
    ----------
    experts, objective : array_like, shape (..., n)
        Each sums to 1; leading axes (draws) are kept.
    share : float
        How much the objective weights count, 0 to 1.
    combination : {"linear", "multiplicative", "least-entropy"}
        ``(1 - share) e + share o``; ``e o``; or ``e^(1 - share) o^share``, which at one half
        is the vector of least relative entropy to both, ``sqrt(e o)``. The latter two are
        scaled to sum 1; the multiplicative one knows no share.

    Examples
    --------
    >>> combine_weights([0.8, 0.2], [0.5, 0.5], share=0.5)
    array([0.65, 0.35])
    """
    e, o = np.asarray(experts, dtype=float), np.asarray(objective, dtype=float)
    if not 0 <= share <= 1:
        raise AhpValueError(f"the objective weights' share lies between 0 and 1, not {share:g}")
    if combination == "linear":
        w = (1 - share) * e + share * o
    elif combination == "multiplicative":
        w = e * o
    elif combination == "least-entropy":
        w = e ** (1 - share) * o**share
    else:
        raise AhpValueError(
            f"there is no combination {combination!r}{did_you_mean(combination, COMBINATIONS)}"
        )
    whole = w.sum(axis=-1, keepdims=True)
    if not (whole > 0).all():
        raise AhpValueError("the two weights have no item in common that weighs anything")
    return w / whole
