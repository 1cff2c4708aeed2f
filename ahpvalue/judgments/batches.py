"""Many matrices at once: checked, in one batch, arrays in and arrays out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ahpvalue.errors import JudgmentError, Problem
from ahpvalue.judgments.connectivity import compared, connected, is_complete, islands
from ahpvalue.judgments.consistency import consistency_index
from ahpvalue.judgments.incomplete import solve_incomplete
from ahpvalue.judgments.parse import RECIPROCITY
from ahpvalue.judgments.prioritization import blocks
from ahpvalue.judgments.random_indices import random_index as look_up

__all__ = ["checked", "consistency_ratio", "priorities"]

Array = NDArray[np.float64]


def priorities(
    matrices: ArrayLike, method: str = "eigenvector", completion: str | None = None
) -> Array:
    """Priority vectors of one or many pairwise comparison matrices.

    Parameters
    ----------
    matrices : array_like, shape (..., n, n), `PairwiseMatrix` or a list of them
        Positive, reciprocal, with a unit diagonal. NaN on both sides of the diagonal is a
        pair without a judgment.
    method : {"eigenvector", "geometric-mean", "column-mean"}
        Principal eigenvector (Saaty 1977), row geometric mean (Crawford and Williams
        1985), or mean of the normalised columns (to reproduce tables made with it).
    completion : {"lambda-minimal", "harker", "least-squares"}, optional
        What is done about missing judgments; see `PairwiseMatrix.priorities`.

    Returns
    -------
    ndarray, shape (..., n)
        Each vector sums to 1.

    Raises
    ------
    JudgmentError
        Names the matrix and the cell that is not as described, or the islands of items
        that no judgment joins.

    Examples
    --------
    >>> priorities([[1, 6, 3], [1/6, 1, 1/2], [1/3, 2, 1]]).round(4)
    array([0.6667, 0.1111, 0.2222])
    >>> nan = float("nan")
    >>> priorities([[1, 6, nan], [1/6, 1, 1/2], [nan, 2, 1]]).round(4)
    array([0.6667, 0.1111, 0.2222])
    >>> from ahpvalue import PairwiseMatrix
    >>> ann = PairwiseMatrix([[1, 6, 3], ["1/6", 1, "1/2"], ["1/3", 2, 1]])
    >>> priorities([ann, ann]).shape
    (2, 3)
    """
    return solve_incomplete(joined(matrices), method, completion)[0]


def consistency_ratio(
    matrices: ArrayLike, random_index: str = "alonso-lamata", method: str = "eigenvector"
) -> Array:
    """Saaty's consistency ratio CR = CI / RI of one or many matrices.

    Parameters
    ----------
    matrices : array_like, shape (..., n, n), `PairwiseMatrix` or a list of them
        Positive, reciprocal, with a unit diagonal; NaN on both sides where a pair has no
        judgment. Those are set to what contradicts the others least, and
        RI is the one for so many missing pairs.
    random_index : str
        Name of a table in `RANDOM_INDICES`; a CR means nothing without it.
    method : str
        Whose lambda is used: the eigenvalue, except for ``"column-mean"``, which takes
        the mean of (A w)_i / w_i as the tables made with it do.

    Returns
    -------
    ndarray, shape (...)
        0 for n <= 2; NaN where a pair is missing and nothing could contradict the others
        (n - 1 judgments): not testable.

    Examples
    --------
    >>> consistency_ratio([[1, 3, 5], [1/3, 1, 3], [1/5, 1/3, 1]], "saaty-1980").round(4)
    np.float64(0.0332)
    >>> from ahpvalue import PairwiseMatrix
    >>> consistency_ratio(PairwiseMatrix([[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]])).round(4)
    np.float64(0.0367)
    """
    a = joined(matrices)
    n = a.shape[-1]
    index = consistency_index(solve_incomplete(a, method, "lambda-minimal")[1], n)
    if n <= 2:
        look_up(n, random_index)
        return index
    if is_complete(a):
        return (index / look_up(n, random_index).value)[()]
    missing = np.isnan(a).sum(axis=(-2, -1)) // 2
    result = np.empty_like(index)
    for count in np.unique(missing):
        reference = look_up(n, random_index, missing=int(count)).value
        alike = missing == count
        result[alike] = index[alike] / reference if reference else np.nan
    return result[()]


def joined(matrices: ArrayLike) -> Array:
    """The matrices as float64, each connected, or a `JudgmentError` naming what is not."""
    a = checked(matrices)
    if is_complete(a):
        return a
    parted = ~connected(compared(a))
    if parted.any():
        where = tuple(int(k) for k in np.argwhere(parted)[0])
        found = islands(compared(a[where]))
        shown = "; ".join(", ".join(map(str, island)) for island in found)
        raise JudgmentError(
            f"{_batch(where)}the judgments leave {len(found)} islands of items with nothing "
            f"between them ({shown}, counted from 0); judge a pair that joins them"
        )
    return a


def checked(matrices: ArrayLike) -> Array:
    """The matrices as float64, or a `JudgmentError` naming the first cell at fault."""
    try:
        a = np.ascontiguousarray(matrices, dtype=np.float64)  # one order of summation
    except (TypeError, ValueError):
        raise JudgmentError(
            "matrices are numbers of shape (..., n, n), all of one size; for fractions as text, "
            "missing judgments as None or labels use PairwiseMatrix"
        ) from None
    if a.ndim < 2 or a.shape[-1] != a.shape[-2] or a.shape[-1] == 0:
        raise JudgmentError(f"matrices have the shape (..., n, n), not {a.shape}")
    if all(_is_plain(part) for part in _parts(a)):
        return a
    for is_fault, text in _FAULTS:
        fault = is_fault(a)
        if fault.any():
            *where, i, j = (int(k) for k in np.argwhere(fault)[0])
            value = a[(*where, i, j)]
            raise JudgmentError(Problem(f"{_batch(tuple(where))}{value:.6g} {text}", (i, j)))
    return a


def _parts(a: Array) -> Iterator[Array]:
    """Flat batches of the matrices that stay in the processor's cache."""
    n = a.shape[-1]
    batch = a.reshape(-1, n, n)
    return (batch[here] for here in blocks(len(batch), n))


def _is_plain(batch: Array) -> bool:
    """Whether every matrix is complete and without fault, in four passes; not where a fault is.

    A number that is not finite has no finite reciprocal, and what is missing passes no test.
    """
    if not (np.einsum("kii->ki", batch) == 1).all():
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        off = batch * batch.swapaxes(1, 2)
        off -= 1
    least, most = off.min(initial=0.0), off.max(initial=0.0)
    return bool(batch.min(initial=1.0) > 0 and least >= -RECIPROCITY and most <= RECIPROCITY)


def _batch(where: tuple[int, ...]) -> str:
    return f"matrix {', '.join(map(str, where))}: " if where else ""


# In this order: each test may rely on the ones before it.
_FAULTS: tuple[tuple[Callable[[Array], NDArray[np.bool_]], str], ...] = (
    (np.isinf, "is not finite"),
    (lambda a: a <= 0, "is not above 0"),
    (
        lambda a: (a != 1) & np.eye(a.shape[-1], dtype=bool),
        "stands on the diagonal, where an item is compared with itself: 1",
    ),
    (
        lambda a: np.isnan(a) & ~np.isnan(np.swapaxes(a, -1, -2)),
        "(missing) has its reciprocal across the diagonal; give both or neither",
    ),
    (
        lambda a: np.abs(a * np.swapaxes(a, -1, -2) - 1) > RECIPROCITY,
        "and the entry across the diagonal are not reciprocal",
    ),
)
