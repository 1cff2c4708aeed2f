"""Judgment scales: what an answer of 1 to 9 is worth as a ratio.

An expert answers 1 to 9 in words ("3, moderately more"); how many times that is, the scale
says. The answer is stored as it was given and the scale applied afterwards, so that another
scale can be tried on the same answers. Formulas as collected by Goepel (2018), Int. J. of
the Analytic Hierarchy Process 10(3), 469-487; x is the answer, n the number of items:

``linear``             x (Saaty 1977)
``logarithmic``        log2(x + 1) (Ishizaka, Balkenborg and Kaplan 2010)
``root``               sqrt(x) (Harker and Vargas 1987)
``inverse-linear``     9 / (10 - x) (Ma and Zheng 1991)
``balanced``           (9 + x) / (11 - x) (Salo and Hamalainen 1997)
``balanced-n``         (9 + (n - 1) x) / (9 + n - x)
``adaptive-balanced``  w (n - 1) / (1 - w), w = 1/n + (0.9 - 1/n)(x - 1)/8
``adaptive``           x^(1 + ln(n - 1) / ln 9)
``power``              x^2 (Harker and Vargas 1987)
``geometric``          2^(x - 1) (Lootsma 1989)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ahpvalue.errors import JudgmentError, Problem, did_you_mean

__all__ = ["ANSWERS", "SCALES", "apply_scale", "nearest_answer", "scale_maximum", "worth"]

Array = NDArray[np.float64]


ANSWERS: Array = np.array([1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)])
"""The 17 answers of the fundamental scale: 1/9, 1/8, ..., 1, ..., 9."""


def _adaptive_balanced(x: Array, n: int) -> Array:
    w = 1 / n + (0.9 - 1 / n) * (x - 1) / 8
    return w * (n - 1) / (1 - w)


def _adaptive(x: Array, n: int) -> Array:
    return x ** (1 + np.log(max(n - 1, 1)) / np.log(9))


SCALES: dict[str, Callable[[Array, int], Array]] = {
    "linear": lambda x, _: x,
    "logarithmic": lambda x, _: np.log2(x + 1),
    "root": lambda x, _: np.sqrt(x),
    "inverse-linear": lambda x, _: 9 / (10 - x),
    "balanced": lambda x, _: (9 + x) / (11 - x),
    "balanced-n": lambda x, n: (9 + (n - 1) * x) / (9 + n - x),
    "adaptive-balanced": _adaptive_balanced,
    "adaptive": _adaptive,
    "power": lambda x, _: x**2,
    "geometric": lambda x, _: 2.0 ** (x - 1),
}
"""Scale name -> function from an answer of 1 to 9 and the number of items to a ratio."""


def apply_scale(matrices: ArrayLike, scale: str) -> Array:
    """Answers on the scale of 1 to 9 as the ratios a scale makes of them.

    Parameters
    ----------
    matrices : array_like, shape (..., n, n)
        Answers: 1 to 9 or their reciprocals, whole or between; NaN where missing.
    scale : str
        A name in `SCALES`.

    Returns
    -------
    ndarray, shape (..., n, n)
        Exactly reciprocal where the answers are; the linear scale changes nothing.

    Raises
    ------
    JudgmentError
        The scale is unknown, or an answer lies beyond 9, where only the linear scale has a
        meaning.

    Examples
    --------
    >>> apply_scale([[1, 3], [1 / 3, 1]], "balanced").round(4)
    array([[1.    , 1.5   ],
           [0.6667, 1.    ]])
    """
    function = _scale(scale)
    try:
        a = np.asarray(matrices, dtype=np.float64)
    except (TypeError, ValueError):
        raise JudgmentError("answers are numbers of shape (..., n, n)") from None
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise JudgmentError(f"answers have the shape (..., n, n), not {a.shape}")
    if (a <= 0).any() or np.isinf(a).any():
        raise JudgmentError("answers are finite numbers above 0, NaN where there is none")
    n = a.shape[-1]
    if scale == "linear" or n == 1:
        return a
    x = np.maximum(a, 1 / a)
    beyond = x > 9 * (1 + 1e-9)
    if beyond.any():
        *_, i, j = (int(k) for k in np.argwhere(beyond)[0])
        raise JudgmentError(
            Problem(
                f"{a[beyond][0]:.4g} lies beyond the answers 1/9 to 9 on which the scale {scale} "
                "is defined; answer within them or use the linear scale",
                (i, j),
            )
        )
    ratios = function(np.minimum(x, 9.0), n)
    return np.where(a < 1, 1 / ratios, ratios)


def scale_maximum(scale: str, n: int) -> float:
    """What an answer of 9 is worth among n items: the end of the scale."""
    return float(_scale(scale)(np.array(9.0), n))


def _scale(name: str) -> Callable[[Array, int], Array]:
    if name not in SCALES:
        raise JudgmentError(f"there is no judgment scale {name!r}{did_you_mean(name, SCALES)}")
    return SCALES[name]


def worth(answer: float, scale: str, n: int) -> float:
    """The ratio that one answer is worth among n items."""
    ratio = float(_scale(scale)(np.array(max(answer, 1 / answer)), n))
    return 1 / ratio if answer < 1 else ratio


def nearest_answer(ratios: ArrayLike, scale: str = "linear", n: int = 9) -> Array:
    """The answer of the 17 (1/9, ..., 1/2, 1, 2, ..., 9) whose worth is nearest to a ratio.

    Counted on the side above 1, halves away from 1, so that a ratio and its reciprocal get
    reciprocal answers.

    Examples
    --------
    >>> nearest_answer([2.5, 0.459, 12.0]).round(3)
    array([3. , 0.5, 9. ])
    """
    r = np.asarray(ratios, dtype=np.float64)
    size = np.maximum(r, 1 / r)
    worths = np.asarray(_scale(scale)(np.arange(9.0, 0.0, -1.0), n))
    distance = np.abs(worths - size[..., None])
    steps = 9.0 - distance.argmin(axis=-1)
    return np.where(r < 1, 1 / steps, steps)
