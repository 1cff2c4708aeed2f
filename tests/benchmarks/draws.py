"""What weights drawn many times cost."""

import numpy as np

import ahpvalue as av
from tests.benchmarks.measure import ROWS, median_seconds, report
from tests.benchmarks.models import FUNCTIONS

__all__ = ["draws"]


def draws():
    """Scores of all customers under 1,000 draws, against the bare matrix product in blocks."""
    rows, count = ROWS // 5, 1_000
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

    def bare_product():
        for start in range(0, rows, 250):
            grades[start : start + 250] @ weights

    floor = median_seconds(bare_product, 3)
    gaps = table | {name: np.where(rng.random(rows) < 0.05, np.nan, table[name]) for name in names}
    for words, customers in (("nothing missing", table), ("5 % of each missing", gaps)):
        scores = model.score(customers)
        for intervals in (False, True):
            seconds = median_seconds(
                lambda s=scores, i=intervals: s.robustness(drawn, intervals=i), 3
            )
            what = f"{rows:,} x 1,000 draws, {words}{', intervals' * intervals}"
            report(what, seconds, "the bare product", floor)
