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
``simulated``       `simulate_random_index` with its default draws and seed
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, did_you_mean
from ahpvalue.judgments.methods import principal_eigenvector

__all__ = ["RANDOM_INDICES", "RandomIndex", "random_index", "simulate_random_index"]


def _from_three(*values: float) -> dict[int, float]:
    return dict(enumerate(values, start=3))


RANDOM_INDICES: dict[str, dict[int, float]] = {
    "alonso-lamata": _from_three(
        0.5247, 0.8816, 1.1086, 1.2479, 1.3417, 1.4057, 1.4499,
        1.4854, 1.5140, 1.5365, 1.5551, 1.5713, 1.5838,
    ),
    "saaty-1980": _from_three(0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51),
    "saaty-2005": _from_three(
        0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59
    ),
    "aguaron-moreno": _from_three(
        0.525, 0.882, 1.115, 1.252, 1.341, 1.404, 1.452,
        1.484, 1.513, 1.535, 1.555, 1.570, 1.583,
    ),
    "tummala-ling": _from_three(
        0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537,
        1.4882, 1.5117, 1.5356, 1.5571, 1.5714, 1.5831,
    ),
    "donegan-dodd": _from_three(
        0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733,
        1.4055, 1.4213, 1.4497, 1.4643, 1.4822, 1.4969,
    ),
    "simulated": _from_three(
        0.5230, 0.8833, 1.1096, 1.2489, 1.3410, 1.4045, 1.4508,
        1.4867, 1.5142, 1.5368, 1.5555, 1.5712, 1.5842,
    ),
}  # fmt: skip
"""Random index by table name and number of items; nothing is needed below three items."""


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


def random_index(n: int, table: str = "alonso-lamata") -> RandomIndex:
    """The random index for `n` items.

    Above the table's last n, the line of Alonso and Lamata (2006) through the mean
    principal eigenvalue is used, ``RI(n) = (1.7699 n - 4.3513) / (n - 1)``, and the name
    says so. (At n = 3 the line is 9 % off, so it is never used inside a table.)

    Examples
    --------
    >>> random_index(4)
    RandomIndex(value=0.8816, table='alonso-lamata')
    >>> random_index(20, "saaty-1980").table
    'saaty-1980, extended'
    """
    if table not in RANDOM_INDICES:
        raise JudgmentError(
            f"there is no random index table {table!r}{did_you_mean(table, RANDOM_INDICES)}"
        )
    if n <= 2:
        return RandomIndex(0.0, table)
    values = RANDOM_INDICES[table]
    if n in values:
        return RandomIndex(values[n], table)
    return RandomIndex((1.7699 * n - 4.3513) / (n - 1), f"{table}, extended")


def simulate_random_index(
    n: int, draws: int = 500_000, seed: int = 20261122
) -> tuple[float, float]:
    """Mean consistency index of random matrices, and the standard error of that mean.

    The judgments above the diagonal are drawn independently and uniformly from the 17
    values 1/9, 1/8, ..., 1, ..., 9 of the fundamental scale.

    Parameters
    ----------
    n : int
        Number of items, at least 3.
    draws : int
        Number of random matrices.
    seed : int
        Seed of `numpy.random.default_rng`; the same seed gives the same table.

    Examples
    --------
    >>> mean, error = simulate_random_index(4, draws=20_000)
    >>> abs(mean - 0.8845) < 4 * error
    True
    """
    if n < 3 or draws < 2:
        raise JudgmentError(
            f"a random index needs at least 3 items and 2 draws, not {n} and {draws}"
        )
    rng = np.random.default_rng(seed)
    scale = np.array([1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)])
    total = squares = 0.0
    done = 0
    while done < draws:
        count = min(20_000, draws - done)  # keeps a batch within some 40 MB at n = 15
        indices = _random_consistency_indices(n, count, scale, rng)
        total += float(indices.sum())
        squares += float((indices**2).sum())
        done += count
    mean = total / draws
    return mean, ((squares / draws - mean**2) / draws) ** 0.5


def _random_consistency_indices(
    n: int, count: int, scale: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    rows, columns = np.triu_indices(n, 1)
    upper = rng.choice(scale, size=(count, len(rows)))
    matrices = np.ones((count, n, n))
    matrices[:, rows, columns] = upper
    matrices[:, columns, rows] = 1 / upper
    _, eigenvalues = principal_eigenvector(matrices)
    result: NDArray[np.float64] = (eigenvalues - n) / (n - 1)
    return result
