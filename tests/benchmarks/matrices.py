"""Weights and consistency ratios: ten thousand matrices at once, and one from a list of lists.

Beside a batched power iteration without any check, and beside the libraries that take one
matrix at a time. Those that are not installed are named and left out.
"""

from importlib import import_module

import numpy as np

import ahpvalue as av
from tests.benchmarks.measure import QUICK, report, side_by_side

__all__ = ["matrices", "one_matrix"]

COUNT = 10_000
LOOPED = 200 if QUICK else 1_000  # of them by the libraries that take one at a time


def noisy(count, n, seed=0):
    """Answers of the fundamental scale by somebody who has weights in mind and errs."""
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.full(n, 4.0), count)
    ratios = w[:, :, None] / w[:, None, :] * np.exp(rng.normal(0, 0.3, (count, n, n)))
    size = np.clip(np.maximum(ratios, 1 / ratios).round(), 1, 9)
    upper = np.triu(np.where(ratios < 1, 1 / size, size), 1)
    lower = np.swapaxes(upper, 1, 2)
    return upper + np.divide(1, lower, out=np.zeros_like(lower), where=lower > 0) + np.eye(n)


def bare_power_iteration(batch, tolerance=1e-12):
    """Weights and CR of a batch, believed as it is."""
    count, n, _ = batch.shape
    w = np.full((count, n, 1), 1 / n)
    while True:
        product = batch @ w
        eigenvalue = product.sum(axis=1, keepdims=True)
        product /= eigenvalue
        if np.abs(product - w).max() < tolerance:
            return product[:, :, 0], (eigenvalue[:, 0, 0] - n) / (n - 1) / av.random_index(n).value
        w = product


# -- the libraries, each as a function from a list of lists to weights and CR -----------------


def ahpy():
    from ahpy import Compare

    def solve(rows):
        n = len(rows)
        pairs = {(i, j): rows[i][j] for i in range(n) for j in range(i + 1, n)}
        found = Compare("value", pairs, precision=8, random_index="saaty")
        return [found.local_weights[k] for k in range(n)], found.consistency_ratio

    return solve


def pymcdm():
    from pymcdm.weights.subjective import AHP

    def solve(rows):
        found = AHP(matrix=np.array(rows))
        return found(), found.get_cr()

    return solve


def anahiepro():
    from anahiepro.pairwise import PairwiseComparisonMatrix

    def solve(rows):
        found = PairwiseComparisonMatrix(len(rows), rows)
        w = found.calculate_priority_vector()
        return w / w.sum(), found.calculate_consistency_ratio()

    return solve


def ahp_001():
    from AHP.ahp import AHP

    calculate = AHP(np.eye(2), [np.eye(2)]).cal_weights
    return lambda rows: calculate(rows)[:0:-1]


def pyanp():
    from pyanp.priority import incon_std, pri_eigen

    def solve(rows):
        matrix = np.array(rows)
        return pri_eigen(matrix), incon_std(matrix)

    return solve


def pydecision():
    ahp_method = import_module("pyDecision.algorithm").ahp_method
    return lambda rows: ahp_method(np.array(rows), wd="me")


CHECKING = {"ahpy": ahpy, "pymcdm": pymcdm, "AnaHiePro": anahiepro}
CHECKING_LESS = {
    "AHP 0.0.1 (reciprocity alone)": ahp_001,
    "pyanp (no check)": pyanp,
    "pyDecision (no check)": pydecision,
}


def installed(peers):
    """The libraries that are here; the others are named."""
    found = {}
    for name, prepare in peers.items():
        try:
            found[name] = prepare()
        except ImportError as absent:
            print(f"not here, so not measured: {name} ({absent})")
    return found


def agree(solve, rows):
    """Their weights are ours; what their ratios divide by is not the same everywhere."""
    np.testing.assert_allclose(solve(rows)[0], av.priorities(rows), atol=1e-6)


def matrices():
    batch = noisy(COUNT, 9)
    weights, ratios = bare_power_iteration(batch)
    np.testing.assert_allclose(av.priorities(batch), weights, atol=1e-11)
    np.testing.assert_allclose(av.consistency_ratio(batch), ratios, atol=1e-10)

    def both():
        av.priorities(batch)
        av.consistency_ratio(batch)

    base, seconds, one = side_by_side(
        lambda: bare_power_iteration(batch), both, lambda: av.consistency_ratio(batch)
    )
    work, bare = f"{COUNT:,} 9x9 matrices, checked", "bare NumPy, both, unchecked"
    report(f"{work}, weights and CR in two calls", seconds, bare, base, 1.5)
    report(f"{work}, CR alone", one, bare, base, 1.5)
    rows = [matrix.tolist() for matrix in batch[:LOOPED]]
    for name, solve in installed(CHECKING | CHECKING_LESS).items():
        agree(solve, rows[0])
        spent, seconds = side_by_side(lambda s=solve: [s(one) for one in rows], both, repeats=3)
        against = spent * COUNT / LOOPED / 60
        target = 1 if name == "ahpy" else None
        report(f"{work}, weights and CR", seconds, f"a sixtieth of {name}", against, target)


def one_matrix():
    """Weights and CR from a list of lists; the other indices are worked out when asked for."""
    (rows,) = noisy(1, 5).tolist()

    def ours():
        matrix = av.PairwiseMatrix(rows)
        return matrix.priorities(), matrix.consistency().cr

    def arrays():
        return av.priorities(rows), av.consistency_ratio(rows)

    peers = installed(CHECKING | CHECKING_LESS)
    for solve in peers.values():
        agree(solve, rows)
    many = [lambda w=work: [w() for _ in range(200)] for work in (ours, arrays)]
    many += [lambda s=solve: [s(rows) for _ in range(200)] for solve in peers.values()]
    mine, plain, *others = (seconds / 200 for seconds in side_by_side(*many))
    for name, other in zip(peers, others, strict=True):
        target = 1 if name in CHECKING else None
        report("one 5x5 from a list of lists, weights and CR", mine, name, other, target)
    report("one 5x5, the two functions on arrays", plain, "PairwiseMatrix", mine)
