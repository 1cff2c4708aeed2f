"""The experts' room: gaps, repairs, uncertainty."""

import numpy as np

import ahpvalue as av
from tests.benchmarks.measure import median_seconds, report

__all__ = ["experts"]


def experts():
    """The experts' room, in milliseconds a piece beside the eigenvector of a whole matrix."""
    from ahpvalue.judgments.incomplete import completed
    from ahpvalue.judgments.pair_choice import choose_pairs
    from ahpvalue.judgments.repair_search import repair

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
