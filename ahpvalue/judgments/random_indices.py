"""Random indices: the mean consistency index of judgments made at random.

A consistency ratio says how a matrix compares with such noise, so it depends on whose
noise: published tables differ by up to 18 % at n = 3. Every ratio here carries the name
of its table.

Sources, by name:

``alonso-lamata``   Alonso and Lamata (2006), Int. J. Uncertainty Fuzziness 14(4), 445-459
``saaty-1980``      Saaty (1980), The Analytic Hierarchy Process
``saaty-2005``      Saaty (2005/2007), the table used by later software of Saaty's school
``aguaron-moreno``  Aguaron and Moreno-Jimenez (2003), Eur. J. Oper. Res. 147, 137-145
``tummala-ling``    Tummala and Ling (1998), J. Multi-Criteria Decision Analysis 7, 221-230
``donegan-dodd``    Donegan and Dodd (1991), Mathematical and Computer Modelling 15(11), 135-138
``simulated``       `simulate_random_index` with its default draws and ``seed=20261122``
``simulated, incomplete``  the same for matrices with missing judgments, completed so that
                    lambda is least. Agoston and Csato (2022), Omega 107, 102576, publish such
                    indices for completions within 1/9 to 9; theirs are a little larger
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments.connectivity import compared, connected
from ahpvalue.judgments.incomplete import completed
from ahpvalue.judgments.prioritization import principal_eigenvector
from ahpvalue.judgments.random_index_tables import (
    INCOMPLETE,
    RANDOM_INDICES,
    SIMULATED_SCALES,
)
from ahpvalue.judgments.scales import ANSWERS, apply_scale
from ahpvalue.support.defaults import SEED

__all__ = ["RANDOM_INDICES", "RandomIndex", "random_index", "simulate_random_index"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RandomIndex:
    """A random index and where it comes from.

    Attributes
    ----------
    value : float
        The index; 0 for one or two items, which cannot be inconsistent.
    table : str
        Name of the table, with ``", extended"`` where the line above the table was used.
    """

    value: float
    table: str


def random_index(
    n: int, table: str = "alonso-lamata", *, missing: int = 0, scale: str = "linear"
) -> RandomIndex:
    """The random index for `n` items.

    Parameters
    ----------
    n : int
    table : str
        Name of a table in `RANDOM_INDICES`.
    missing : int
        How many pairs have no judgment. Such matrices have less room for contradiction, and
        an index of their own: a simulated one (n = 4 to 10), else
        ``(1 - 2 m / ((n-1)(n-2))) RI(n)`` (Agoston and Csato 2022). The name says which.
    scale : str
        The judgment scale. Tables hold for the linear one; for others the index is simulated
        (n = 3 to 15).

    Notes
    -----
    Above the table's last n, the line of Alonso and Lamata (2006) through the mean
    principal eigenvalue is used, ``RI(n) = (1.7699 n - 4.3513) / (n - 1)``, and the name
    says so. (At n = 3 the line is 9 % off, so it is never used inside a table.)

    Examples
    --------
    >>> random_index(4)
    RandomIndex(value=0.8816, table='alonso-lamata')
    >>> random_index(4, missing=1)
    RandomIndex(value=0.5749, table='simulated, incomplete')
    >>> random_index(20, "saaty-1980").table
    'saaty-1980, extended'
    """
    _refuse(n, table, missing)
    if n <= 2:
        return RandomIndex(0.0, table)  # nothing can contradict itself
    if missing == (n - 1) * (n - 2) // 2:
        return RandomIndex(0.0, "not testable")  # a spanning tree: nothing is left to do so
    if missing:
        return _with_missing(n, table, missing, scale)
    if scale != "linear":
        return _scaled(n, scale)
    if n in RANDOM_INDICES[table]:
        return RandomIndex(RANDOM_INDICES[table][n], table)
    return RandomIndex((1.7699 * n - 4.3513) / (n - 1), f"{table}, extended")


def _refuse(n: int, table: str, missing: int) -> None:
    if table not in RANDOM_INDICES:
        raise JudgmentError(
            f"there is no random index table {table!r}{did_you_mean(table, RANDOM_INDICES)}"
        )
    if n != int(n) or n < 1 or missing != int(missing):
        raise JudgmentError(f"items and missing pairs are whole numbers, not {n} and {missing}")
    most = (n - 1) * (n - 2) // 2
    if not 0 <= missing <= most:
        raise JudgmentError(
            f"of {n} items {missing} pairs cannot be missing; a connected comparison lacks at "
            f"most {most}"
        )


def _with_missing(n: int, table: str, missing: int, scale: str) -> RandomIndex:
    if scale == "linear" and (n, missing) in INCOMPLETE:
        return RandomIndex(INCOMPLETE[n, missing], "simulated, incomplete")
    whole = random_index(n, table, scale=scale)
    share = 1 - 2 * missing / ((n - 1) * (n - 2))
    return RandomIndex(share * whole.value, f"{whole.table}, reduced")


def _scaled(n: int, scale: str) -> RandomIndex:
    if scale not in SIMULATED_SCALES:
        raise JudgmentError(
            f"there is no judgment scale {scale!r}{did_you_mean(scale, SIMULATED_SCALES)}"
        )
    if n not in SIMULATED_SCALES[scale]:
        raise JudgmentError(
            f"no random index was simulated for {n} items on the scale {scale}; judge the "
            "consistency of the answers (consistency: {of: answers})"
        )
    return RandomIndex(SIMULATED_SCALES[scale][n], f"simulated, {scale} scale")


def simulate_random_index(
    n: int,
    draws: int = 500_000,
    seed: int = SEED,
    *,
    missing: int = 0,
    scale: str = "linear",
) -> tuple[float, float]:
    """Mean consistency index of random matrices, and the standard error of that mean.

    The judgments above the diagonal are drawn independently and uniformly from the 17
    values 1/9, 1/8, ..., 1, ..., 9 of the fundamental scale. Missing pairs are drawn
    uniformly among those that leave the comparison connected, as Agoston and Csato (2022) do,
    and completed so that lambda is least, wherever the completed judgments lie.

    Parameters
    ----------
    n : int
        Number of items, at least 3.
    draws : int
        Number of random matrices.
    seed : int
        Seed of `numpy.random.default_rng`; the same seed gives the same table.
    missing : int
        How many pairs have no judgment.
    scale : str
        The judgment scale the 17 answers are put through.

    Examples
    --------
    >>> mean, error = simulate_random_index(4, draws=20_000)
    >>> abs(mean - 0.8845) < 4 * error
    True
    """
    if n < 3 or draws < 2 or seed < 0:
        raise JudgmentError(
            f"a random index needs at least 3 items, 2 draws and a seed of 0 or more, not {n}, "
            f"{draws} and {seed}"
        )
    random_index(n, missing=missing, scale=scale)  # refuses what there cannot be
    rng = np.random.default_rng(seed)
    total = squares = 0.0
    done = 0
    while done < draws:
        count = min(20_000, draws - done)  # keeps a batch within some 40 MB at n = 15
        matrices = apply_scale(_random_matrices(n, count, rng), scale)
        if missing:
            matrices = completed(_with_missing_pairs(matrices, missing, rng))
        indices = (principal_eigenvector(matrices)[1] - n) / (n - 1)
        total += float(indices.sum())
        squares += float((indices**2).sum())
        done += count
    mean = total / draws
    return mean, ((squares / draws - mean**2) / draws) ** 0.5


def _random_matrices(n: int, count: int, rng: np.random.Generator) -> Array:
    rows, columns = np.triu_indices(n, 1)
    upper = rng.choice(ANSWERS, size=(count, len(rows)))
    matrices = np.ones((count, n, n))
    matrices[:, rows, columns] = upper
    matrices[:, columns, rows] = 1 / upper
    return matrices


def _with_missing_pairs(matrices: Array, missing: int, rng: np.random.Generator) -> Array:
    """The matrices with so many judgments removed at random, each still connected."""
    n = matrices.shape[-1]
    rows, columns = np.triu_indices(n, 1)
    result = matrices.copy()
    waiting = np.arange(len(matrices))
    while len(waiting):
        left_out = rng.random((len(waiting), len(rows))).argsort(axis=1)[:, :missing]
        drawn = matrices[waiting]
        each = np.arange(len(waiting))[:, None]
        drawn[each, rows[left_out], columns[left_out]] = np.nan
        drawn[each, columns[left_out], rows[left_out]] = np.nan
        fine = connected(compared(drawn))
        result[waiting[fine]] = drawn[fine]
        waiting = waiting[~fine]
    return result
