"""The experts' room: matrices, gaps, repairs, uncertainty."""

import numpy as np

import ahpvalue as av
from tests.benchmarks.measure import median_seconds, report

__all__ = ["experts", "matrices"]


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
