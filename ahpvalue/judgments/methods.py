"""Priority vectors of complete matrices: arrays ``(..., n, n)`` in, ``(..., n)`` out.

Three methods, named as in the literature:

``eigenvector``     the principal right eigenvector (Saaty 1977, J. Math. Psychology 15, 234-281)
``geometric-mean``  the row geometric mean, which is the logarithmic least squares solution
                    (Crawford and Williams 1985, J. Math. Psychology 29, 387-405)
``column-mean``     the mean of the normalised columns, an approximation used in many
                    published tables; offered to reproduce them
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean

__all__ = [
    "METHODS",
    "column_mean",
    "dense_eigenvector",
    "geometric_mean",
    "principal_eigenvector",
    "solve",
]

Array = NDArray[np.float64]

_CONVERGED = 2e-15  # largest change of a weight in one step; weights sum to 1
_STEPS = 200
_CHECK_EVERY = 4


def principal_eigenvector(matrices: Array) -> tuple[Array, Array]:
    """Principal eigenvectors (summing to 1) and eigenvalues of positive matrices.

    Power iteration on the whole batch, started at the row geometric mean; the few
    matrices so contradictory that it is slow go to the dense solver. A matrix's result
    does not depend on the others of its batch.

    Parameters
    ----------
    matrices : ndarray, shape (..., n, n)

    Returns
    -------
    weights : ndarray, shape (..., n)
    eigenvalues : ndarray, shape (...)
    """
    n = matrices.shape[-1]
    batch = matrices.reshape(-1, n, n)
    weights = np.empty(batch.shape[:2])
    eigenvalues = np.empty(len(batch))
    waiting = np.arange(len(batch))
    a, w = batch, geometric_mean(batch)
    for step in range(1, _STEPS + 1):
        product = np.matmul(a, w[:, :, None])[:, :, 0]
        eigenvalue = product.sum(axis=1)
        product /= eigenvalue[:, None]
        if step % _CHECK_EVERY:
            w = product
            continue
        done = np.abs(product - w).max(axis=1) <= _CONVERGED
        w = product
        if done.any():
            weights[waiting[done]], eigenvalues[waiting[done]] = w[done], eigenvalue[done]
            left = ~done
            waiting, a, w = waiting[left], a[left], w[left]
            if not len(waiting):
                break
    if len(waiting):
        weights[waiting], eigenvalues[waiting] = dense_eigenvector(a)
    # Two items cannot contradict each other, and no eigenvalue lies below n.
    eigenvalues = np.maximum(eigenvalues, n) if n > 2 else np.full(len(batch), float(n))
    return weights.reshape(matrices.shape[:-1]), eigenvalues.reshape(matrices.shape[:-2])


def dense_eigenvector(matrices: Array) -> tuple[Array, Array]:
    """Principal eigenvectors by the dense solver: slower, and right for any such matrix."""
    values, vectors = np.linalg.eig(matrices)
    best = values.real.argmax(axis=-1)
    every = np.arange(len(matrices))
    w = np.abs(vectors[every, :, best].real)
    return w / w.sum(axis=-1, keepdims=True), values[every, best].real


def geometric_mean(matrices: Array) -> Array:
    """Row geometric means, scaled to sum 1; shape (..., n, n) -> (..., n)."""
    w = np.exp(np.log(matrices).mean(axis=-1))
    result: Array = w / w.sum(axis=-1, keepdims=True)
    return result


def column_mean(matrices: Array) -> Array:
    """Row means of the columns scaled to sum 1; shape (..., n, n) -> (..., n)."""
    result: Array = (matrices / matrices.sum(axis=-2, keepdims=True)).mean(axis=-1)
    return result


def _with_eigenvalue(method: Callable[[Array], Array]) -> Callable[[Array], tuple[Array, Array]]:
    """Pair a vector with the eigenvalue of the matrix itself."""
    return lambda matrices: (method(matrices), principal_eigenvector(matrices)[1])


def _column_mean_with_lambda(matrices: Array) -> tuple[Array, Array]:
    """Column mean, with lambda as those tables take it: the mean of (A w)_i / w_i."""
    w = column_mean(matrices)
    ratios = np.matmul(matrices, w[..., None])[..., 0] / w
    return w, ratios.mean(axis=-1)


METHODS: dict[str, Callable[[Array], tuple[Array, Array]]] = {
    "eigenvector": principal_eigenvector,
    "geometric-mean": _with_eigenvalue(geometric_mean),
    "column-mean": _column_mean_with_lambda,
}
"""Method name -> function from matrices (..., n, n) to weights (..., n) and lambda (...)."""


def solve(matrices: Array, method: str) -> tuple[Array, Array]:
    """Weights and lambda_max by the named method."""
    if method not in METHODS:
        raise JudgmentError(
            f"there is no method {method!r} for priorities{did_you_mean(method, METHODS)}"
        )
    return METHODS[method](matrices)
