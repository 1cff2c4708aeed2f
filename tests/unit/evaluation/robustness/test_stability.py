"""How far a weight can move: the customer on the line limits one side, and which is no accident."""

import numpy as np
import pytest

import ahpvalue as av

LEVELS = {
    "top": {"top": "20%"},
    "count": {"count": 10},
    "cumulative": {"cumulative": "60%", "of": "sales"},
    "score": {"score": 55},
}


def scored(level, seed, weights, rows=31):
    """Values from 0 to 100 that are their own scores, and a core by one of the ways."""
    names = list(weights)
    figures = np.random.default_rng(seed).random((rows, len(names))) * 100
    model = av.Model(
        hierarchy={"value": names},
        judgments={"weights": {"value": weights}},
        indicators={name: {"linear": [[0, 0], [100, 100]]} for name in names},
        tiers={"levels": {"core": level, "rest": {}}},
    )
    table = {"customer": np.arange(rows)} | dict(zip(names, figures.T, strict=True))
    return model.fit(table).score(table), figures


def within(figures, weights, core, line, k):
    """The weights of child k, of 20,001 tried, between which all of the core stay in it."""
    own = np.array(list(weights.values()))
    tried = np.union1d(np.linspace(0, 1, 20_001), own[k])
    others = np.delete(np.arange(len(own)), k)
    rest = figures[core][:, others] @ (own[others] / own[others].sum())
    values = tried * figures[core][:, k, None] + (1 - tried) * rest[:, None]
    stays = (values >= line - 1e-9).all(axis=0)
    at = int(np.searchsorted(tried, own[k]))
    gone = np.flatnonzero(~stays)
    low, high = gone[gone < at].max(initial=-1), gone[gone > at].min(initial=len(tried))
    return tried[low + 1], tried[high - 1]


@pytest.mark.parametrize("kind", LEVELS)
@pytest.mark.parametrize("seed", range(12))
def test_an_interval_is_what_trying_every_weight_finds(kind, seed):
    weights = {"sales": 0.5, "pay": 0.3, "mix": 0.2}
    scores, figures = scored(LEVELS[kind], seed, weights)
    tiers = scores.tiers()
    core, line = tiers.level == 0, tiers.rule.lines[0]
    for k, row in enumerate(scores.stability().rows):
        low, high = within(figures, weights, core, line, k)
        assert (row["from"], row["to"]) == (pytest.approx(low, abs=2e-4),
                                            pytest.approx(high, abs=2e-4))  # fmt: skip


@pytest.mark.parametrize("kind", LEVELS)
@pytest.mark.parametrize("seed", range(12))
def test_of_two_siblings_one_gains_what_the_other_loses(kind, seed):
    scores, _ = scored(LEVELS[kind], seed, {"sales": 0.6, "pay": 0.4})
    one, other = scores.stability().rows
    assert one["from"] == pytest.approx(1 - other["to"])
    assert one["to"] == pytest.approx(1 - other["from"])
    assert (one["first to fall below"], one["above"]) == (
        other["above"],
        other["first to fall below"],
    )
