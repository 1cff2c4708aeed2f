"""Weights, lambda and completions against fifty digits: ``python -m tests.reliability.digits``.

Every matrix is solved again in fifty digits by Noda's iteration (1971, Numer. Math. 17,
382-386), which converges quadratically to the principal eigenvector of a positive matrix from
above. Completed matrices are brought to the least lambda by the fixed point r = sqrt(v / u) in
fifty digits. The errors printed are the worst of the run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from ahpvalue.judgments import completed, priorities
from ahpvalue.judgments.connectivity import compared, connected
from ahpvalue.judgments.prioritization import principal_eigenvector

Array = NDArray[np.float64]

DIGITS = 50
SIZES = (3, 4, 5, 7, 9, 12, 15, 20, 40)
KINDS = ("answers", "consistent", "nearly consistent", "1e-9 to 1e9", "one extreme")


def matrix_of(kind: str, n: int, rng: np.random.Generator) -> Array:
    """A positive reciprocal matrix of one of `KINDS`."""
    if kind == "answers":
        upper = rng.choice([*range(1, 10), *(1 / k for k in range(2, 10))], size=(n, n))
    elif kind == "1e-9 to 1e9":
        upper = 10.0 ** rng.uniform(-9, 9, (n, n))
    else:
        w = 10.0 ** rng.uniform(-3, 3, n)
        noise = 0.0 if kind == "consistent" else 0.05
        upper = w[:, None] / w[None, :] * np.exp(noise * rng.normal(size=(n, n)))
        if kind == "one extreme":
            upper[0, n - 1] = 1e9
    a = np.triu(upper, 1)
    return a + np.triu(1 / np.where(a > 0, a, 1.0), 1).T + np.eye(n)


def exactly(matrix: Array) -> mp.matrix:
    """The matrix in fifty digits: what stands above the diagonal, and its exact reciprocals."""
    n = len(matrix)
    a = mp.eye(n)
    for i in range(n):
        for j in range(i + 1, n):
            a[i, j] = mp.mpf(float(matrix[i, j]))
            a[j, i] = 1 / a[i, j]
    return a


def noda(a: mp.matrix, start: Array) -> tuple[mp.matrix, mp.mpf]:
    """Principal eigenvector (summing to 1) and eigenvalue in fifty digits."""
    n = a.rows
    v = mp.matrix([mp.mpf(float(x)) for x in start])
    for _ in range(60):
        product = a * v
        ratios = [product[i] / v[i] for i in range(n)]
        high, low = max(ratios), min(ratios)
        if high - low < mp.mpf(10) ** (-DIGITS + 12) * high:
            break
        shift = high * (1 + mp.mpf(10) ** (-DIGITS + 8))
        v = mp.lu_solve(shift * mp.eye(n) - a, v)
        total = sum(v)
        v = v / total
    return v / sum(v), high


def worst(ours: Iterable[float], theirs: Iterable[mp.mpf]) -> float:
    """The largest relative error."""
    return max(abs(float(mp.mpf(float(w)) / t - 1)) for w, t in zip(ours, theirs, strict=True))


def worst_of_weights(count: int, seed: int) -> dict[str, tuple[int, float, float]]:
    """Kind -> matrices, worst relative error of a weight, worst relative error of lambda."""
    rng = np.random.default_rng(seed)
    found = {}
    for kind in KINDS:
        weights_off = lambda_off = 0.0
        done = 0
        while done < count:
            n = int(rng.choice(SIZES[: 6 + 3 * (done % 10 == 0)]))
            matrix = matrix_of(kind, n, rng)
            ours, lambdas = priorities(matrix), principal_eigenvector(matrix)[1]
            theirs, largest = noda(exactly(matrix), np.asarray(ours))
            weights_off = max(weights_off, worst(ours, theirs))
            lambda_off = max(lambda_off, worst([lambdas], [largest]))
            done += 1
        found[kind] = done, weights_off, lambda_off
    return found


def incomplete(count: int, seed: int) -> Iterator[Array]:
    """Connected matrices of answers with missing ones."""
    rng = np.random.default_rng(seed)
    while count:
        n = int(rng.choice((4, 5, 6, 7)))
        matrix = matrix_of("answers", n, rng)
        rows, columns = np.triu_indices(n, 1)
        left_out = rng.permutation(len(rows))[: int(rng.integers(1, (n - 1) * (n - 2) // 2 + 1))]
        matrix[rows[left_out], columns[left_out]] = np.nan
        matrix[columns[left_out], rows[left_out]] = np.nan
        if connected(compared(matrix[None]))[0]:
            count -= 1
            yield matrix


def worst_of_completions(count: int, seed: int) -> tuple[int, float]:
    """Matrices, and the worst relative error of a weight of the least lambda."""
    found = 0.0
    for matrix in incomplete(count, seed):
        full = completed(matrix)
        ours = principal_eigenvector(full)[0]
        a, missing = exactly(full), np.argwhere(np.triu(np.isnan(matrix)))
        right, left = ours, principal_eigenvector(full.T)[0]
        for _ in range(400):
            v, _ = noda(a, np.array([float(x) for x in right]))
            u, _ = noda(a.T, np.array([float(x) for x in left]))
            right, left = v, u
            r = [mp.sqrt(v[k] / u[k]) for k in range(len(full))]
            moved = mp.mpf(0)
            for i, j in missing:
                new = r[i] / r[j]
                moved = max(moved, abs(new / a[int(i), int(j)] - 1))
                a[int(i), int(j)], a[int(j), int(i)] = new, 1 / new
            if moved < mp.mpf(10) ** -25:
                break
        found = max(found, worst(ours, right))
    return count, found


def main() -> None:
    """Print the worst errors."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=500, help="matrices of each kind")
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    mp.mp.dps = DIGITS
    start = time.perf_counter()
    print(f"{'matrices':<20}{'number':>8}{'weights off by':>18}{'lambda off by':>16}")
    for kind, (number, weights, lambdas) in worst_of_weights(asked.count, asked.seed).items():
        print(f"{kind:<20}{number:>8}{weights:>18.1e}{lambdas:>16.1e}")
    number, weights = worst_of_completions(max(asked.count // 5, 1), asked.seed)
    print(f"{'with missing ones':<20}{number:>8}{weights:>18.1e}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
