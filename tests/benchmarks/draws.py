"""What weights drawn many times cost."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

import ahpvalue as av
from tests.benchmarks.measure import QUICK, report, side_by_side
from tests.benchmarks.models import FUNCTIONS

__all__ = ["draws"]


def draws():
    """Customers under 1,000 draws, against the bare matrix product in blocks of 250 of them."""
    rows, count = 100_000 if QUICK else 1_000_000, 1_000
    rng = np.random.default_rng(2)
    names = [f"x{k}" for k in range(12)]
    table = {"customer": np.arange(rows)} | {name: rng.random(rows) * 100 for name in names}
    model = av.Model(
        hierarchy={"value": names},
        judgments={"weights": {"value": dict.fromkeys(names, 1 / 12)}},
        indicators=dict.fromkeys(names, FUNCTIONS["piecewise linear"] | {"missing": "renormalise"}),
        tiers={"levels": {"core": {"score": 60}, "key": {"score": 50}, "general": {}}},
    )
    drawn = [{"value": rng.dirichlet(np.ones(12) * 20, count)}]
    grades, weights = np.array([table[name] for name in names]).T.copy(), drawn[0]["value"].T.copy()

    def bare_product(first=0, last=rows, step=250):
        for start in range(first, last, step):
            grades[start : min(start + step, last)] @ weights

    def on_two_threads():
        """In pieces for which BLAS starts no threads: faster where other work is going on."""
        with ThreadPoolExecutor(2) as pool:
            halves = (0, rows // 2), (rows // 2, rows)
            list(pool.map(lambda half: bare_product(*half, 20), halves))

    gaps = table | {name: np.where(rng.random(rows) < 0.05, np.nan, table[name]) for name in names}
    for words, customers in (("nothing missing", table), ("5 % of each missing", gaps)):
        scores = model.score(customers)
        *products, shares, ends = side_by_side(
            bare_product,
            on_two_threads,
            lambda s=scores: s.robustness(drawn, interval=None),
            lambda s=scores: s.robustness(drawn),
            repeats=3,
        )
        base, against = min(products), "the bare product, the faster of two forms"
        work = f"{rows:,} x 1,000 draws, {words}, tier probabilities"
        report(work, shares, against, base, 2)
        report(f"{work} and intervals", ends, against, base, 2)
