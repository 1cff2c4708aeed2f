"""Priority vectors of complete matrices: arrays ``(..., n, n)`` in, ``(..., n)`` out.

Three methods, named as in the literature:

``eigenvector``     the principal right eigenvector (Saaty 1977, J. Math. Psychology 15, 234-281)
``geometric-mean``  the row geometric mean, which is the logarithmic least squares solution
                    (Crawford and Williams 1985, J. Math. Psychology 29, 387-405)
``column-mean``     the mean of the normalised columns, an approximation used in many
                    published tables; offered to reproduce them
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "METHODS",
    "blocks",
    "column_mean",
    "geometric_mean",
    "principal_eigenvector",
    "squared_eigenvector",
]

Array = NDArray[np.float64]

_CONVERGED = 2e-15  # largest change of a weight in one step; weights sum to 1
_SETTLED = 1e-13  # largest relative change, so that small weights are right, too
_LOOKS = 10  # after twenty-two steps each
_SQUARINGS = 64
_ALIKE = 1e-14  # relative, of every entry
_CACHED = 40_000  # values: 320 kB


def principal_eigenvector(matrices: Array) -> tuple[Array, Array]:
    """Principal eigenvectors (summing to 1) and eigenvalues of positive matrices.

    Power iteration on as many matrices at a time as stay
    in the processor's cache; the few so contradictory that it is slow are squared.
    A matrix's result does not depend on the others of its batch.

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
    parts = [_power_iteration(batch[here]) for here in blocks(len(batch), n)]
    weights, eigenvalues = (
        parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
    )
    # Two items cannot contradict each other, and no eigenvalue lies below n.
    eigenvalues = np.maximum(eigenvalues, n) if n > 2 else np.full(len(batch), float(n))
    return weights.reshape(matrices.shape[:-1]), eigenvalues.reshape(matrices.shape[:-2])


def blocks(count: int, n: int) -> Iterator[slice]:
    """Parts of so many n x n matrices that stay in the processor's cache while worked on."""
    step = max(_CACHED // n**2, 1)
    return (slice(start, start + step) for start in range(0, max(count, 1), step))


def _power_iteration(a: Array) -> tuple[Array, Array]:
    """Power iteration, shape (count, n, n): twenty steps by the fourth power, two plain ones.

    The two wipe out the rounding of the power, and the last tells whether anything moves.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # no convergence without a fourth power
        square = np.matmul(a, a)
        power = np.matmul(square, square)
        w, eigenvalue, rests = _steps(a, power, np.ones((len(a), a.shape[-1], 1)))
        if rests.all():
            return w, eigenvalue
        weights, eigenvalues = w, eigenvalue
        waiting = np.arange(len(a))
        for _ in range(_LOOKS):
            left = ~rests
            waiting, a, power, w = waiting[left], a[left], power[left], w[left]
            w, eigenvalue, rests = _steps(a, power, w[:, :, None])
            weights[waiting], eigenvalues[waiting] = w, eigenvalue
            if rests.all():
                return weights, eigenvalues
    weights[waiting[~rests]], eigenvalues[waiting[~rests]] = squared_eigenvector(a[~rests])
    return weights, eigenvalues


def _steps(a: Array, power: Array, vectors: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Vectors summing to 1 and eigenvalues after the steps, and which vectors rest."""
    for factor in (power, power, power, power, power, a):
        vectors = np.matmul(factor, vectors)
    before = vectors[:, :, 0]
    before /= np.add.reduce(before, axis=1, keepdims=True)
    w: Array = np.matmul(a, before[:, :, None])[:, :, 0]
    eigenvalue: Array = np.add.reduce(w, axis=1)
    w /= eigenvalue[:, None]
    np.abs(np.subtract(before, w, out=before), out=before)
    rests = np.maximum.reduce(before, axis=1) <= _CONVERGED
    before /= w
    return w, eigenvalue, rests & (np.maximum.reduce(before, axis=1) <= _SETTLED)


def squared_eigenvector(matrices: Array) -> tuple[Array, Array]:
    """Principal eigenvectors by squaring, shape (count, n, n): slower, right for any such matrix.

    The columns of the squared matrix, of its square and so on become the eigenvector, in some
    twenty steps where plain ones take a million. Sums and products of positive numbers lose no
    digits, so that small weights are as exact as large ones; a dense solver, which is exact
    to the largest entry, had errors of 4e-9 in lambda where judgments reach from 1e-9 to 1e9.
    """
    columns = np.empty_like(matrices)
    waiting, power = np.arange(len(matrices)), matrices
    for _ in range(_SQUARINGS):
        power = power / power.max(axis=(1, 2), keepdims=True)
        power = np.matmul(power, power)
        alike = power / power.sum(axis=1, keepdims=True)
        columns[waiting] = alike
        first = alike[:, :, :1]
        rests = (np.abs(alike - first) <= _ALIKE * first).all(axis=(1, 2))
        waiting, power = waiting[~rests], power[~rests]
        if not len(waiting):
            break
    w = columns.mean(axis=2)
    for _ in range(2):
        w = np.matmul(matrices, w[:, :, None])[:, :, 0]
        eigenvalues = w.sum(axis=1)
        w /= eigenvalues[:, None]
    return w, eigenvalues


def geometric_mean(matrices: Array) -> Array:
    """Row geometric means, scaled to sum 1; shape (..., n, n) -> (..., n)."""
    n = matrices.shape[-1]
    w = np.exp(np.matmul(np.log(matrices), np.full(n, 1 / n)))  # three times as fast as mean
    return w / w.sum(axis=-1, keepdims=True)


def column_mean(matrices: Array) -> Array:
    """Row means of the columns scaled to sum 1; shape (..., n, n) -> (..., n)."""
    return (matrices / matrices.sum(axis=-2, keepdims=True)).mean(axis=-1)


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
