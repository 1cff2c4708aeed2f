"""A weighted sum of one million customers, end to end, against libraries for decision making."""

import numpy as np

import ahpvalue as av
from tests.benchmarks.measure import QUICK, report, side_by_side

__all__ = ["peers"]

COUNT = 100_000 if QUICK else 1_000_000


def scikit_criteria(matrix, weights):
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import MinMaxScaler

    problem = skcriteria.mkdm(matrix, [max] * matrix.shape[1], weights=weights)
    return WeightedSumModel().evaluate(MinMaxScaler("matrix").transform(problem)).e_.score


def pymcdm(matrix, weights):
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    scored = WSM(normalization_function=minmax_normalization)
    totals = scored(matrix, weights, np.ones(len(weights)))
    scored.rank(totals)
    return totals


def peers():
    """Minima and maxima from the customers, scores and ranks; theirs on the ready matrix."""
    rng = np.random.default_rng(3)
    names = [f"x{k}" for k in range(12)]
    matrix, weights = rng.random((COUNT, 12)), rng.dirichlet(np.ones(12))
    table = {"customer": np.arange(COUNT)} | dict(zip(names, matrix.T.copy(), strict=True))
    model = av.Model(
        hierarchy={"value": names},
        judgments={"weights": {"value": dict(zip(names, weights.tolist(), strict=True))}},
        indicators={name: {"minmax": {}} for name in names},
    )

    def ours():
        scores = model.fit(table).score(table, outputs=["total", "rank"])
        return scores["total"], scores["rank"]

    for name, other in (("scikit-criteria", scikit_criteria), ("pymcdm", pymcdm)):
        np.testing.assert_allclose(other(matrix, weights) * 100, ours()[0], atol=1e-9)
        seconds, theirs = side_by_side(ours, lambda: other(matrix, weights), repeats=3)
        report(f"{COUNT:,} x 12, weighted sum, fitted and ranked", seconds, name, theirs, 1)
