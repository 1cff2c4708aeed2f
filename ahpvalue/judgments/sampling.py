"""How sure priorities are: judgments drawn at random around those given, and closed-form errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError

__all__ = ["HALF_STEP", "check_steps", "draw_answers", "resample_experts", "tomashevskii_errors"]

Array = NDArray[np.float64]

HALF_STEP = 0.5
"""An answer of 3 stands for anything an expert would round to 3."""


def check_steps(steps: object) -> None:
    """Refuse what is no number of steps of the scale."""
    if isinstance(steps, bool) or not isinstance(steps, (int, float)) or not 0 <= steps <= 8:
        raise JudgmentError(f"judgments are drawn within 0 to 8 steps of the scale, not {steps!r}")


def draw_answers(
    answers: Array, draws: int, rng: np.random.Generator, steps: float = HALF_STEP
) -> Array:
    """Answers drawn uniformly within so many steps of those given.

    Counted on the scale that runs 1/9, ..., 1/2, 1, 2, ..., 9 in equal steps, so that an
    answer near 1 may change sides; never beyond its ends, unless the answer itself is (as
    Goepel 2018 varies judgments, with a continuous draw for his three values).

    Parameters
    ----------
    answers : ndarray, shape (..., n, n)
        NaN where not answered; stays so.
    draws : int
    rng : numpy.random.Generator
    steps : float
        Half the width of the draw in steps of the scale.

    Returns
    -------
    ndarray, shape (draws, ..., n, n)
        Reciprocal.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> drawn = draw_answers(np.array([[1, 3], [1 / 3, 1]]), 1000, rng)[:, 0, 1]
    >>> float(drawn.min().round(2)), float(drawn.max().round(2))
    (2.5, 3.5)
    """
    check_steps(steps)
    rows, columns = np.triu_indices(answers.shape[-1], 1)
    upper = answers[..., rows, columns]
    place = np.where(upper >= 1, upper - 1, 1 - 1 / upper)
    end = np.maximum(8.0, np.abs(place))
    low, high = np.maximum(place - steps, -end), np.minimum(place + steps, end)
    drawn = low + (high - low) * rng.random((draws, *place.shape))
    above = 1 + np.abs(drawn)
    ratios = np.where(drawn < 0, 1 / above, above)
    result = np.ones((draws, *answers.shape))
    result[..., rows, columns] = ratios
    result[..., columns, rows] = 1 / ratios
    return result


def resample_experts(experts: int, draws: int, rng: np.random.Generator) -> Array:
    """Factors on the experts' shares, as if others of their kind had been asked.

    The weights of the Bayesian bootstrap, uniform on the simplex and scaled to mean 1 (Rubin
    1981, Annals of Statistics 9, 130-134): the smooth form of drawing experts with
    replacement. Every expert keeps a share above 0, so that a node that one or two experts
    answered keeps an answer.

    Returns
    -------
    ndarray, shape (draws, experts)
    """
    weights = rng.standard_exponential((draws, experts))
    return weights * (experts / weights.sum(axis=1, keepdims=True))


def tomashevskii_errors(matrices: Array, weights: Array, lambdas: Array) -> Array:
    """Standard errors of eigenvector priorities from the matrix's own contradictions.

    err_i = sqrt(sum_k (a_ik w_k n / lambda - w_i)^2 / (n - 1)): each judgment of an item gives
    its priority once, and this is the spread of those (Tomashevskii 2015, Eur. J. Oper. Res.
    240, 774-780).

    Parameters
    ----------
    matrices : ndarray, shape (..., n, n)
        Complete (see `completed`).
    weights : ndarray, shape (..., n)
    lambdas : ndarray, shape (...)

    Returns
    -------
    ndarray, shape (..., n)
        0 for a consistent matrix.
    """
    n = matrices.shape[-1]
    if n == 1:
        return np.zeros_like(weights)
    estimates = matrices * weights[..., None, :] * (n / lambdas)[..., None, None]
    squares = ((estimates - weights[..., :, None]) ** 2).sum(axis=-1)
    return np.sqrt(squares / (n - 1))
