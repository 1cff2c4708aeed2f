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


def published(before, now, **more):
    """A core of those at 55 or more with a band, a period later."""
    names = ["sales", "pay"]
    model = av.Model(
        hierarchy={"value": names},
        judgments={"weights": {"value": {"sales": 0.5, "pay": 0.5}}},
        indicators={name: {"linear": [[0, 0], [100, 100]]} for name in names},
        tiers={"levels": {"core": {"score": 60}, "rest": {}}, "band": "10%", **more},
    )
    tables = [
        {"customer": [*"abc"], "sales": np.array(one), "pay": np.array([50.0, 70, 20])}
        for one in (before, now)
    ]
    scores = model.score(tables[1])
    return scores, scores.tiers(model.score(tables[0]).tiers(period="2022Q1"), period="2022Q2")


def test_stability_speaks_of_the_tiers_it_is_given():
    scores, tiers = published([90.0, 90, 20], [62.0, 90, 20])  # a: 56, kept by the band
    assert tiers.tier.tolist() == ["core", "core", "rest"]
    alone, given = scores.stability(), scores.stability(tiers)
    assert (alone.customers, given.customers) == (1, 2)
    assert (alone.line, given.line) == (60, pytest.approx(54))
    assert "tiers by the lines alone; core is left below 60.00" in str(alone)
    assert "tiers of 2022Q2 by the rule for moving; core is left below 54.00" in str(given)
    sales = next(row for row in given.rows if row["node"] == "sales")
    assert sales["from"] == pytest.approx(1 / 3)  # 62 w + 50 (1 - w) = 54
    assert sales["first to fall below"] == "a"


def test_who_is_held_below_the_line_already_is_counted_apart():
    scores, tiers = published(
        [90.0, 90, 20], [30.0, 90, 20], confirmation=2
    )  # a: 40, confirmed later
    assert tiers.tier.tolist() == ["core", "core", "rest"]
    found = scores.stability(tiers)
    assert (found.customers, found.below) == (1, 1)
    assert "in it and below that line already, not counted: 1" in str(found)


def test_robustness_speaks_of_the_tiers_it_is_given():
    scores, tiers = published([90.0, 90, 20], [62.0, 90, 20])
    draws = [{"value": np.array([[0.5, 0.5], [0.4, 0.6]])}]
    alone, given = scores.robustness(draws), scores.robustness(draws, tiers=tiers)
    assert alone.level.tolist() == [1, 0, 1]
    assert given.level.tolist() == [0, 0, 1]
    assert given.certainty.tolist() == [0, 1, 1]
    assert np.array_equal(given.probability, alone.probability)
    assert "tiers by the lines alone" in str(alone)
    said = "tiers of 2022Q2 by the rule for moving, of which 1 of 3 are not where the lines alone"
    assert said in str(given)


def test_tiers_read_back_are_called_published_and_those_of_others_are_refused():
    scores, tiers = published([90.0, 90, 20], [62.0, 90, 20])
    back = scores.published_tiers(tiers.frame)
    assert "tiers of 2022Q2 as published" in str(scores.stability(back))
    other, _ = published([90.0, 90, 20], [62.0, 90, 20])
    draws = [{"value": np.array([[0.5, 0.5]])}]
    for verb in (other.stability, lambda given: other.robustness(draws, tiers=given)):
        with pytest.raises(av.CustomerDataError, match="drawn from other scores"):
            verb(tiers)
