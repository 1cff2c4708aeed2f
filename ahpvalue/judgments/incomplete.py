"""Priorities from incomplete judgments: NaN is a pair nobody answered, and stays so.

Three ways, all of which give the exact answer when nothing contradicts itself:

``lambda-minimal``  the missing judgments that contradict the given ones least: those that
                    minimise the principal eigenvalue (Shiraishi, Obata and Daigo 1998, J. Oper.
                    Res. Soc. Japan 41, 406-414; Bozoki, Fulop and Ronyai 2010, Math. Comput.
                    Modelling 52, 318-333), within 1/9 to 9, as an expert could have answered
``harker``          zeros for the missing judgments and their number in the row added to the
                    diagonal (Harker 1987, Mathematical Modelling 9, 353-360)
``least-squares``   logarithmic least squares over the given judgments (Bozoki et al. 2010)

Judgments that agree with each other exactly, as the n - 1 of a spanning tree always do, leave
nothing to minimise: their only answer is given by every way, whatever the ratios it implies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments.connectivity import compared, is_complete
from ahpvalue.judgments.prioritization import METHODS, dense_eigenvector

__all__ = ["COMPLETIONS", "LARGEST", "completed", "least_squares", "solve_incomplete"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

LARGEST = 9.0
"""Missing judgments are sought from 1/9 to 9, the ends of the fundamental scale. The random
indices for incomplete matrices hold for this range only."""

COMPLETIONS: dict[str, tuple[str, ...]] = {
    "eigenvector": ("lambda-minimal", "harker"),
    "geometric-mean": ("least-squares", "lambda-minimal"),
    "column-mean": ("lambda-minimal",),
}
"""Method -> its ways to do with missing judgments, the default first."""

_CONVERGED = 1e-14  # largest relative change of a component in one step
_STEPS = 5_000
_EXACT = 1e-9  # of a logarithm: what rounding leaves of judgments that agree


def solve_incomplete(
    matrices: Array,
    method: str = "eigenvector",
    completion: str | None = None,
    largest: float = LARGEST,
) -> tuple[Array, Array]:
    """Weights (..., n) and lambda (...) of connected matrices; NaN where nothing was answered.

    A matrix with nothing missing gives what its method gives, to the last bit. `largest` is
    the end of the scale within which missing judgments are sought.
    """
    if method not in METHODS:
        raise JudgmentError(
            f"there is no method {method!r} for priorities{did_you_mean(method, METHODS)}"
        )
    way = COMPLETIONS[method][0] if completion is None else completion
    if way not in COMPLETIONS[method]:
        raise JudgmentError(
            f"missing judgments are dealt with by {' or '.join(COMPLETIONS[method])} for the "
            f"method {method}, not by {way!r}"
        )
    if is_complete(matrices):
        return METHODS[method](matrices)
    n = matrices.shape[-1]
    batch = matrices.reshape(-1, n, n)
    known = compared(batch)
    gaps = ~known.all(axis=(1, 2))
    weights, lambdas = np.empty(batch.shape[:2]), np.empty(len(batch))
    weights[~gaps], lambdas[~gaps] = METHODS[method](batch[~gaps])
    exact = gaps & _agree(batch, known, _log_least_squares(batch, known))
    weights[exact], lambdas[exact] = least_squares(batch[exact]), n
    rest = gaps & ~exact
    weights[rest], lambdas[rest] = _by(way, batch[rest], method, largest)
    return weights.reshape(matrices.shape[:-1]), lambdas.reshape(matrices.shape[:-2])


def _by(way: str, matrices: Array, method: str, largest: float) -> tuple[Array, Array]:
    if way == "harker":
        return dense_eigenvector(harker_matrix(matrices))
    weights, lambdas = METHODS[method](completed(matrices, largest))
    return (least_squares(matrices) if way == "least-squares" else weights), lambdas


def harker_matrix(matrices: Array) -> Array:
    """Zeros for missing judgments, and on the diagonal 1 + the number missing in the row."""
    known = compared(matrices)
    missing = (~known).sum(axis=-1)
    return np.where(known, matrices, 0.0) + missing[..., None] * np.eye(known.shape[-1])


def least_squares(matrices: Array) -> Array:
    """Logarithmic least squares weights, summing to 1, shape (..., n, n) -> (..., n)."""
    logs = _log_least_squares(matrices, compared(matrices))
    w = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return w / w.sum(axis=-1, keepdims=True)


def _log_least_squares(matrices: Array, known: Mask) -> Array:
    """Solves L y = b, L the graph's Laplacian and b the row sums of the logarithms."""
    sums = np.log(np.where(known, matrices, 1.0)).sum(axis=-1)
    # With the matrix of ones added, L is invertible and the logarithms sum to 0.
    laplacian = 1.0 - known + known.sum(axis=-1)[..., None] * np.eye(known.shape[-1])
    return np.linalg.solve(laplacian, sums[..., None])[..., 0]


def _agree(matrices: Array, known: Mask, logs: Array) -> Mask:
    """Whether all judgments agree: the fit goes through every one."""
    given = np.log(np.where(known, matrices, 1.0))
    off = np.where(known, np.abs(given - (logs[:, :, None] - logs[:, None, :])), 0.0)
    return off.max(axis=(1, 2)) < _EXACT


def completed(matrices: Array, largest: float = LARGEST) -> Array:
    """Connected matrices with their lambda-minimal judgments filled in, shape (..., n, n).

    With u and v the left and right principal vectors, the derivative of lambda by the
    logarithm of a judgment a_ij is proportional to u_i a_ij v_j - u_j a_ji v_i; it vanishes
    at a_ij = r_i / r_j, r = sqrt(v / u). lambda is convex in the logarithms (Bozoki et al.
    2010), so the iteration that sets missing judgments to those ratios, cut at the ends of
    the scale, has one limit. Judgments that agree exactly are completed by what they imply,
    even beyond the scale.
    """
    n = matrices.shape[-1]
    batch = matrices.reshape(-1, n, n)
    known = compared(batch)
    start = _log_least_squares(batch, known)
    full = np.where(known, batch, _ratios(start))
    waiting = np.nonzero(~(_agree(batch, known, start) | known.all(axis=(1, 2))))[0]
    a, keep, start = batch[waiting], known[waiting], start[waiting]
    now = np.where(keep, a, _within(largest, _ratios(start)))
    right, left = np.exp(start), np.exp(-start)
    for _ in range(_STEPS):
        if not len(waiting):
            break
        before = right, left
        right, left = _step(now, right), _step(np.swapaxes(now, -1, -2), left)
        # Both vectors have to settle: their quotient may do so earlier.
        moved = [np.abs(v / w - 1).max(axis=-1) for v, w in zip((right, left), before, strict=True)]
        done = np.maximum(*moved) <= _CONVERGED
        now = np.where(keep, a, _within(largest, _ratios((np.log(right) - np.log(left)) / 2)))
        if done.any():
            full[waiting[done]] = now[done]
            on = ~done
            waiting, a, keep = waiting[on], a[on], keep[on]
            now, right, left = now[on], right[on], left[on]
    full[waiting] = now
    return full.reshape(matrices.shape)


def _step(matrices: Array, vectors: Array) -> Array:
    product = np.matmul(matrices, vectors[..., None])[..., 0]
    return product / product.sum(axis=-1, keepdims=True)


def _ratios(logs: Array) -> Array:
    """exp(y_i - y_j), exactly reciprocal."""
    upper = np.triu(logs[..., :, None] - logs[..., None, :], 1)
    return np.exp(upper - np.swapaxes(upper, -1, -2))


def _within(largest: float, ratios: Array) -> Array:
    return np.clip(ratios, 1 / largest, largest)
