"""What importing, weighing, scoring and drawing weights cost, as ratios measured in one run.

``python -m tests.benchmarks [--quick]``. Medians; the floor is copying the bytes of input and
output once, on one thread, in the same run.
"""

import statistics
import subprocess
import sys
import time

import numpy as np

import ahpvalue as av

QUICK = "--quick" in sys.argv
ROWS = 500_000 if QUICK else 5_000_000
REPEATS = 3 if QUICK else 7


def median_seconds(work, repeats=REPEATS):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process(code):
    command = [sys.executable, "-c", code]
    return median_seconds(lambda: subprocess.run(command, check=True), 2 * REPEATS + 1)


def report(work, seconds, against, base):
    print(f"{work:<52}{seconds * 1e3:>10,.1f} ms   {seconds / base:>7.2f} x {against}")


def imports():
    base = process("import numpy, pydantic, yaml") - process("pass")
    bare = process("pass")
    for name in ("ahpvalue", "ahpvalue; ahpvalue.PairwiseMatrix", "ahpvalue; ahpvalue.Model"):
        report(f"import {name}", process(f"import {name}") - bare, "numpy + pydantic + yaml", base)


def matrices():
    rng = np.random.default_rng(0)
    w = rng.dirichlet(np.ones(9), 10_000)
    logs = np.log(w[:, :, None] / w[:, None, :]) + rng.normal(0, 0.3, (10_000, 9, 9))
    upper = np.triu(logs, 1)
    batch = np.exp(upper - upper.swapaxes(1, 2))

    def bare_power_iteration():
        v = np.full((10_000, 9, 1), 1 / 9)
        for _ in range(30):
            v = batch @ v
            v /= v.sum(axis=1, keepdims=True)

    base = median_seconds(bare_power_iteration)
    ours = median_seconds(lambda: av.consistency_ratio(batch))
    report("10,000 9x9 matrices, checked, weights and CR", ours, "30 bare power steps", base)


def experts():
    """The experts' room, in milliseconds a piece beside the eigenvector of a whole matrix."""
    from ahpvalue.judgments.completion import completed
    from ahpvalue.judgments.design import choose_pairs
    from ahpvalue.judgments.repair import repair

    rng = np.random.default_rng(2)
    count = 1_000
    w = rng.dirichlet(np.ones(9), count)
    upper = np.triu(np.log(w[:, :, None] / w[:, None, :]) + rng.normal(0, 0.3, (count, 9, 9)), 1)
    whole = np.clip(np.exp(upper - upper.swapaxes(1, 2)), 1 / 9, 9)
    asked = np.eye(9, dtype=bool)
    for i, j in choose_pairs(9, 16):
        asked[i, j] = asked[j, i] = True
    gaps = np.where(asked, whole, np.nan)
    base = median_seconds(lambda: av.priorities(whole)) / count
    each = median_seconds(lambda: completed(gaps)) / count
    report("9x9 with 20 missing, completed, each of 1,000", each, "one whole 9x9", base)
    contradictory = np.clip(whole[0] ** rng.choice([-1, 1], (9, 9)), 1 / 9, 9)[:8, :8]
    contradictory = np.triu(contradictory, 1) + np.eye(8)
    contradictory = contradictory + np.tril(1 / np.where(contradictory.T, contradictory.T, 1), -1)
    seconds = median_seconds(lambda: repair(contradictory))
    report("8 items, every set of up to three judgments tried", seconds, "one whole 9x9", base)
    model = av.template("retail-terminal")
    seconds = median_seconds(model.uncertainty)
    report("1,000 draws over the template's tree and experts", seconds, "one whole 9x9", base)


BANDS = {"edges": [20, 40, 60, 80], "scores": [0, 25, 50, 75, 100], "closed": "left"}
FUNCTIONS = {
    "bands": {"bands": BANDS},
    "piecewise linear": {"linear": [[0, 0], [20, 10], [50, 60], [80, 90], [100, 100]]},
    "percentile, 101 knots": {"percentile": {"knots": [[k + k % 3 / 9, k] for k in range(101)]}},
}


def scoring():
    rng = np.random.default_rng(1)
    figures = {f"x{k}": rng.random(ROWS) * 100 for k in range(12)}
    table = {"customer": np.arange(ROWS)} | figures
    groups = {"a": [0, 1, 2], "b": [3, 4, 5], "c": [6, 7], "d": [8, 9], "e": [10, 11]}
    hierarchy = {
        "value": {
            "customer_side": {"a": [f"x{k}" for k in groups["a"]]},
            "company_side": {g: [f"x{k}" for k in groups[g]] for g in "bcde"},
        }
    }
    weights = {g: {f"x{k}": 1 / len(ks) for k in ks} for g, ks in groups.items()}
    weights |= {"value": {"customer_side": 0.4, "company_side": 0.6}}
    weights |= {"company_side": dict.fromkeys("bcde", 0.25)}
    outputs = ["total", "customer_side", "company_side", *groups]
    source, target = np.ones(ROWS * 20), np.empty(ROWS * 20)
    floor = median_seconds(lambda: np.copyto(target, source))
    for name, function in FUNCTIONS.items():
        model = av.Model(
            hierarchy=hierarchy,
            judgments={"weights": weights},
            indicators=dict.fromkeys(figures, function),
        )
        for threads in (1, 2):
            seconds = median_seconds(
                lambda model=model, n=threads: model.score(table, outputs=outputs, threads=n)
            )
            work = f"{ROWS:,} x 12, {name}, {threads} thread{'s' * (threads > 1)}"
            report(work, seconds, "copying the bytes", floor)


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


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}\n")
    imports()
    matrices()
    experts()
    scoring()
    draws()
