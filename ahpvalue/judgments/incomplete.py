"""Priorities from incomplete judgments: NaN is a pair nobody answered, and stays so.

Three ways, all of which give the exact answer when nothing contradicts itself:

``lambda-minimal``  the missing judgments that contradict the given ones least: those that
                    minimise the principal eigenvalue (Shiraishi, Obata and Daigo 1998, J. Oper.
                    Res. Soc. Japan 41, 406-414; Bozoki, Fulop and Ronyai 2010, Math. Comput.
                    Modelling 52, 318-333), wherever they lie: cut at the ends of a scale, the
                    weights would jump where a given judgment passes what the others imply
``harker``          zeros for the missing judgments and their number in the row added to the
                    diagonal (Harker 1987, Mathematical Modelling 9, 353-360)
``least-squares``   logarithmic least squares over the given judgments (Bozoki et al. 2010)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments.connectivity import compared, is_complete
from ahpvalue.judgments.prioritization import (
    METHODS,
    blocks,
    principal_eigenvector,
    squared_eigenvector,
)

__all__ = ["COMPLETIONS", "completed", "least_squares", "solve_incomplete"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

COMPLETIONS: dict[str, tuple[str, ...]] = {
    "eigenvector": ("lambda-minimal", "harker"),
    "geometric-mean": ("least-squares", "lambda-minimal"),
    "column-mean": ("lambda-minimal",),
}
"""Method -> its ways to do with missing judgments, the default first."""

_CONVERGED = 1e-24  # what a step still gains of log lambda; its length is the root of that
_STEPS = 100  # some six are needed
_FURTHEST = 3.0  # longest step, as a logarithm
_FLAT = 1e-13  # of the steepest curvature


def solve_incomplete(
    matrices: Array,
    method: str = "eigenvector",
    completion: str | None = None,
) -> tuple[Array, Array]:
    """Weights (..., n) and lambda (...) of connected matrices; NaN where nothing was answered.

    A matrix with nothing missing gives what its method gives, to the last bit.
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
    weights[gaps], lambdas[gaps] = _by(way, batch[gaps], method)
    return weights.reshape(matrices.shape[:-1]), lambdas.reshape(matrices.shape[:-2])


def _by(way: str, matrices: Array, method: str) -> tuple[Array, Array]:
    if way == "harker":
        return squared_eigenvector(harker_matrix(matrices))
    weights, lambdas = METHODS[method](completed(matrices))
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


def completed(matrices: Array) -> Array:
    """Connected matrices with their lambda-minimal judgments filled in, shape (..., n, n).

    With u and v the left and right principal vectors, the derivative of lambda by the
    logarithm of a judgment a_ij is proportional to u_i a_ij v_j - u_j a_ji v_i; it vanishes
    at a_ij = r_i / r_j, r = sqrt(v / u). So the least lambda is found among the matrices
    whose missing judgments are ratios of n numbers. log lambda is convex in their logarithms
    and, over a connected graph, has one minimum (Bozoki et al. 2010): Newton's method finds it
    from the logarithmic least squares of the given judgments.
    """
    n = matrices.shape[-1]
    batch = matrices.reshape(-1, n, n)
    known = compared(batch)
    logs = _log_least_squares(batch, known)
    waiting = np.nonzero(~known.all(axis=(1, 2)))[0]
    for part in blocks(len(waiting), n):
        rows = waiting[part]
        logs[rows] = _least_lambda(batch[rows], known[rows], logs[rows])
    return np.where(known, batch, _ratios(logs)).reshape(matrices.shape)


def _least_lambda(matrices: Array, known: Mask, logs: Array) -> Array:
    """The logarithms whose ratios make lambda least, shape (count, n); by Newton's method."""
    logs = logs.copy()
    lambdas = _lambdas(matrices, known, logs)
    waiting = np.arange(len(matrices))
    for _ in range(_STEPS):
        if not len(waiting):
            break
        a, keep, y = matrices[waiting], known[waiting], logs[waiting]
        step, gain = _newton_step(np.where(keep, a, _ratios(y)), keep)
        longest = np.abs(step).max(axis=1, keepdims=True)
        step *= _FURTHEST / np.maximum(longest, _FURTHEST)
        now = _lambdas(a, keep, y + step)
        worse = now > lambdas[waiting] * (1 + 1e-14)
        while worse.any():  # too far: the function is not yet a parabola here
            step[worse] /= 2
            now[worse] = _lambdas(a[worse], keep[worse], (y + step)[worse])
            worse &= (now > lambdas[waiting] * (1 + 1e-14)) & (gain > _CONVERGED)
        logs[waiting], lambdas[waiting] = y + step, now
        waiting = waiting[gain > _CONVERGED]
    return logs


def _lambdas(matrices: Array, known: Mask, logs: Array) -> Array:
    return principal_eigenvector(np.where(known, matrices, _ratios(logs)))[1]


def _newton_step(full: Array, known: Mask) -> tuple[Array, Array]:
    """Newton's step for log lambda, shape (count, n), and twice what it promises to gain.

    Derivatives of a simple eigenvalue: the first is u' dA v, the second
    u' d2A v + 2 u' dA Q dA v with Q the group inverse of lambda I - A (Meyer and Stewart 1988,
    SIAM J. Numer. Anal. 25, 679-691), u' v = 1.
    """
    n = full.shape[-1]
    v, lambdas = principal_eigenvector(full)
    u = principal_eigenvector(np.swapaxes(full, 1, 2))[0]
    u /= (u * v).sum(axis=1, keepdims=True)
    missing = np.where(known, 0.0, full / lambdas[:, None, None])
    pull = u[:, :, None] * missing * v[:, None, :]
    out, back = pull.sum(axis=2), pull.sum(axis=1)
    gradient = out - back
    eye, outer = np.eye(n), v[:, :, None] * u[:, None, :]
    group_inverse = np.linalg.inv(eye - full / lambdas[:, None, None] + outer) - outer
    right = eye * np.matmul(missing, v[:, :, None]) - missing * v[:, None, :]
    left = u[:, :, None] * missing - eye * np.matmul(u[:, None, :], missing)
    detour = left @ group_inverse @ right
    curvature = (
        eye * (out + back)[:, :, None]
        - (pull + np.swapaxes(pull, 1, 2))
        + (detour + np.swapaxes(detour, 1, 2))
        - gradient[:, :, None] * gradient[:, None, :]
    )
    # Logarithms that shift together within a part change nothing: those directions are flat.
    sizes, directions = np.linalg.eigh(curvature)
    along = np.matmul(gradient[:, None, :], directions)[:, 0]
    flat = sizes <= _FLAT * sizes[:, -1:]
    along = np.where(flat, 0.0, along / np.where(flat, 1.0, sizes))
    step = -np.matmul(directions, along[:, :, None])[:, :, 0]
    return step, -(gradient * step).sum(axis=1)


def _ratios(logs: Array) -> Array:
    """exp(y_i - y_j), exactly reciprocal."""
    upper = np.triu(logs[..., :, None] - logs[..., None, :], 1)
    return np.exp(upper - np.swapaxes(upper, -1, -2))
