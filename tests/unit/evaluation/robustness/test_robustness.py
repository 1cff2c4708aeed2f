"""How sure scores and tiers are under other weights."""

import tracemalloc

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.document import plain
from ahpvalue.evaluation.robustness import robustness


@pytest.fixture(scope="module")
def fitted():
    return av.template("retail-terminal").fit(synthetic_customers(400))


@pytest.fixture(scope="module")
def scores(fitted):
    return fitted.score(synthetic_customers(300, seed=11))


def own_weights(model):
    return {n: np.array([list(w.values())]) for n, w in model.weights().local.items()}


def test_the_models_own_weights_give_its_own_scores(fitted, scores):
    """With missing values, too: absent ones pass their share on as the kernel does it."""
    found = scores.robustness([own_weights(fitted)])
    np.testing.assert_allclose(found.mean, scores["total"], atol=1e-9)
    assert (found.certainty == 1).all()


def test_a_draw_gives_what_a_model_with_those_weights_gives(fitted, scores):
    (draws,) = [dict(batch) for batch in fitted.experts.weight_draws(3, seed=5)]
    document = plain(fitted.document)
    section = {
        k: v for k, v in document["judgments"].items() if k not in ("comparisons", "weights")
    }
    for row in range(3):
        weights = {
            node: dict(zip(fitted.hierarchy.children[node], draws[node][row].tolist(), strict=True))
            for node in fitted.hierarchy.criteria
            if len(fitted.hierarchy.children[node]) > 1
        }
        other = fitted.with_sections(judgments=section | {"weights": weights})
        expected = other.score(synthetic_customers(300, seed=11))["total"]
        single = {node: values[row : row + 1] for node, values in draws.items()}
        found = scores.robustness([single])
        np.testing.assert_allclose(found.mean, expected, atol=1e-9)


def test_intervals_hold_the_mean_and_probabilities_sum_to_one(scores):
    found = scores.robustness(300, seed=2)
    assert (found.low <= found.mean + 1e-4).all()
    assert (found.mean <= found.high + 1e-4).all()
    np.testing.assert_allclose(found.probability.sum(axis=1), 1)
    assert (found.rank_low <= found.rank_high).all()
    assert 0.5 < found.robust <= 1
    assert found.draws == 300


def test_a_wider_interval_holds_a_narrower_one(scores):
    narrow, wide = scores.robustness(200, interval=0.5), scores.robustness(200, interval=0.95)
    assert (wide.low <= narrow.low + 1e-9).all()
    assert (wide.high >= narrow.high - 1e-9).all()


def test_the_same_seed_gives_the_same(scores):
    one, two = scores.robustness(50, seed=3), scores.robustness(50, seed=3)
    assert one.low.tobytes() == two.low.tobytes()
    assert str(one) == str(two)


def test_batches_of_draws_are_one_set(fitted, scores):
    (draws,) = [dict(batch) for batch in fitted.experts.weight_draws(40, seed=9)]
    halves = [{n: v[:15] for n, v in draws.items()}, {n: v[15:] for n, v in draws.items()}]
    assert scores.robustness(halves).mean.tobytes() == scores.robustness([draws]).mean.tobytes()


def test_intervals_can_be_left_out(scores):
    found = scores.robustness(50, interval=None)
    assert np.isnan(found.low).all()
    assert found.rank_low is None
    assert not np.isnan(found.probability).any()


@pytest.mark.parametrize(
    ("draws", "said"),
    [([], "no draws of the weights"), ([{"valu": np.ones((1, 2))}], "no weights below value; did")],
)
def test_draws_of_another_shape_are_refused(scores, draws, said):
    with pytest.raises(av.CustomerDataError, match=said):
        scores.robustness(draws)


def test_a_tier_on_a_figure_has_nothing_to_do_with_weights(scores):
    model = av.Model(
        hierarchy={"v": ["x"]},
        indicators={"x": {"linear": [[0, 0], [9, 99]]}},
        tiers={"on": "x", "levels": {"a": {"score": 3}, "b": {}}},
    )
    with pytest.raises(av.CustomerDataError, match="the value x, which no weight changes"):
        model.score({"customer": [1], "x": [3]}).robustness()


def barely_covered(count=300):
    """Every other customer lacks pay; the weights decide whether sales alone are enough."""
    model = av.Model(
        hierarchy={"value": ["sales", "pay"]},
        indicators={
            "sales": {"linear": [[0, 0], [100, 100]]},
            "pay": {"linear": [[0, 0], [100, 100]], "missing": "renormalise"},
        },
        judgments={"weights": {"value": {"sales": 0.6, "pay": 0.4}}},
        missing={"minimum_coverage": {"value": 0.55}},
        tiers={"levels": {"core": {"score": 50}, "general": {}}},
    )
    sales = np.linspace(0, 100, count)
    pay = np.where(np.arange(count) % 2, 40.0, np.nan)
    return model.score({"customer": [f"c{k}" for k in range(count)], "sales": sales, "pay": pay})


def drawn(shares):
    return [{"value": np.column_stack([shares, 1 - np.asarray(shares)])}]


def test_a_customer_rated_in_some_draws_has_shares_and_an_interval_of_those():
    scores = barely_covered()
    found = scores.robustness(drawn([0.6] * 17 + [0.5] * 3))
    placed = found.level >= 0
    assert placed.all()
    np.testing.assert_allclose(found.unrated, np.where(np.arange(300) % 2, 0, 0.15))
    np.testing.assert_allclose(found.probability.sum(axis=1), 1)
    np.testing.assert_allclose(found.mean[::2], scores["total"][::2], atol=1e-9)
    np.testing.assert_allclose(found.low[::2], scores["total"][::2], atol=1e-4)
    np.testing.assert_allclose(found.certainty[::2], 1)
    assert not np.isnan(found.rank_low).any()
    assert found.to_dict()["p_not_rated"][:2] == [pytest.approx(0.15), 0]
    assert "in some draws not rated: 150" in str(found)


def test_the_table_and_the_share_that_holds_count_the_same_customers():
    found = barely_covered().robustness(drawn([0.6] * 17 + [0.5] * 3))
    shown = found.table().to_dict()
    sure = sum(
        count * share
        for count, share in zip(shown["customers"], shown["holds in 9 of 10 draws"], strict=True)
    )
    assert sure / sum(shown["customers"]) == pytest.approx(found.robust)


def test_whoever_no_draw_rates_has_no_mean():
    found = barely_covered(4).robustness(drawn([0.5, 0.4]))
    assert np.isnan(found.mean).tolist() == [True, False, True, False]
    assert np.isnan(found.rank_low).tolist() == [True, False, True, False]
    assert found.unrated.tolist() == [1, 0, 1, 0]


def test_the_ends_of_an_interval_are_draws_at_whole_places():
    """Nine tenths of 101 draws run from the sixth to the sixth last."""
    scores = av.Model(
        hierarchy={"value": ["a", "b"]},
        judgments={"weights": {"value": {"a": 0.5, "b": 0.5}}},
        indicators={name: {"linear": [[0, 0], [100, 100]]} for name in ("a", "b")},
    ).score({"customer": ["x"], "a": [100.0], "b": [0.0]})
    found = scores.robustness(drawn(np.arange(101) / 100))
    assert [found.low[0], found.high[0]] == pytest.approx([5, 95])


def stated():
    model = av.Model(
        hierarchy={"value": ["a", "b"]},
        judgments={"weights": {"value": {"a": 0.5, "b": 0.5}}},
        indicators={name: {"linear": [[0, 0], [100, 100]]} for name in ("a", "b")},
    )
    return model.score({"customer": ["x"], "a": [100.0], "b": [0.0]})


def test_weights_that_nobody_judged_are_not_called_certain():
    with pytest.warns(av.CustomerDataWarning, match="no expert answered for value"):
        stated().robustness(20)


@pytest.mark.parametrize(
    ("draws", "seed", "said"),
    [
        (5.5, 1, "number of draws is a whole number of 1 or more, not 5.5"),
        (True, 1, "number of draws is a whole number of 1 or more, not True"),
        (5, "x", "a seed is a whole number of 0 or more, not 'x'"),
        (None, 1, "draws are a number of draws, or mappings"),
        ("ten", 1, "draws are a number of draws, or mappings"),
    ],
)
def test_what_is_no_number_of_draws_is_refused_in_one_sentence(scores, draws, seed, said):
    with pytest.raises(av.AhpValueError, match=said):
        scores.robustness(draws, seed=seed)


def test_a_number_of_draws_may_be_one_of_numpys(scores):
    assert scores.robustness(np.int64(30)).draws == 30


def twelve_figures(rows, share):
    rng = np.random.default_rng(4)
    names = [f"x{k}" for k in range(12)]
    figures = {name: rng.random(rows) * 100 for name in names}
    for name in names:
        figures[name][rng.random(rows) < share] = np.nan
    indicator = {"linear": [[0, 0], [100, 100]], "missing": "renormalise"}
    model = av.Model(
        hierarchy={"value": names},
        judgments={"weights": {"value": dict.fromkeys(names, 1 / 12)}},
        indicators=dict.fromkeys(names, indicator),
        tiers={"levels": {"core": {"score": 60}, "key": {"score": 45}, "general": {}}},
    )
    return model.score({"customer": np.arange(rows)} | figures)


def test_shares_and_ends_are_those_of_all_the_scores_sorted():
    """Whatever is missing, and for as many draws as fill no whole word or more than one byte."""
    scores = twelve_figures(500, 0.2)
    grades = np.column_stack([scores.values(f"x{k}") for k in range(12)])
    given = ~np.isnan(grades)
    for count in (7, 101, 2_500):
        weights = np.random.default_rng(count).dirichlet(np.ones(12) * 9, count)
        every = np.where(given, grades, 0) @ weights.T / (given @ weights.T)
        found = scores.robustness([{"value": weights}], interval=0.9)
        core, key = (every >= 60).mean(axis=1), (every >= 45).mean(axis=1)
        expected = np.column_stack([core, key - core, 1 - key])
        np.testing.assert_allclose(found.probability, expected, atol=1e-12)
        np.testing.assert_allclose(found.mean, every.mean(axis=1), atol=1e-9)
        first = int(0.05 * (count - 1) + 1e-9)
        ends = np.sort(every, axis=1)[:, [first, count - 1 - first]]
        np.testing.assert_allclose(np.column_stack([found.low, found.high]), ends, rtol=1e-6)


def test_a_draw_without_a_weight_rates_nobody_and_puts_nobody_in_the_lowest_tier():
    scores = twelve_figures(50, 0.0)
    weights = np.random.default_rng(1).dirichlet(np.ones(12) * 20, 40)
    whole = scores.robustness([{"value": weights}])
    weights = np.vstack([weights, np.append(weights[0, :11], np.nan)])
    found = scores.robustness([{"value": weights}])
    np.testing.assert_allclose(found.unrated, 1 / 41)
    np.testing.assert_allclose(found.probability, whole.probability)


def test_what_is_held_on_the_way_does_not_grow_with_the_customers(monkeypatch):
    """Beyond what is kept per customer, and with few values held so that the test is short."""
    monkeypatch.setattr(robustness, "_HELD", 0)  # as few as there are in one block
    weights = np.random.default_rng(1).dirichlet(np.ones(12) * 20, 20)
    taken = []
    for rows in (140_000, 280_000):
        scores = twelve_figures(rows, 0.0)
        scores.robustness([{"value": weights}], interval=None)  # what is kept with the plan
        tracemalloc.start()
        found = scores.robustness([{"value": weights}], interval=None)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        kept = sum(a.nbytes for a in (found.mean, found.low, found.high, found.probability))
        taken.append(peak - 3 * kept)
    assert taken[1] < taken[0] + 5_000_000


# -- stability -------------------------------------------------------------------------------


def test_at_the_end_of_an_interval_the_named_customer_is_on_the_line(fitted, scores):
    found = scores.stability()
    document = plain(fitted.document)
    section = {
        k: v for k, v in document["judgments"].items() if k not in ("comparisons", "weights")
    }
    line = fitted.document.tiers.levels["core"].line
    ends = 0
    for row in found.rows:
        for end, who in ((row["from"], row["first to fall below"]), (row["to"], row["above"])):
            if not who:
                continue
            weights = {n: dict(w) for n, w in fitted.weights().local.items() if len(w) > 1}
            own = weights[row["parent"]]
            others = {c: w * (1 - end) / (1 - row["weight"]) for c, w in own.items()}
            weights[row["parent"]] = others | {row["node"]: end}
            other = fitted.with_sections(judgments=section | {"weights": weights})
            at = [str(one) for one in scores.ids].index(who)
            total = other.score(synthetic_customers(300, seed=11))["total"][at]
            assert total == pytest.approx(line, abs=1e-6), row
            ends += 1
    assert ends > 5


def test_a_weight_stays_within_its_interval(scores):
    for row in scores.stability().rows:
        assert 0 <= row["from"] <= row["weight"] <= row["to"] <= 1


# -- the value function ----------------------------------------------------------------------


def test_value_functions_and_weights_are_told_side_by_side(fitted):
    found = fitted.sensitivity(synthetic_customers(300, seed=11))
    assert set(found.changed) >= {"monthly_order", "gross_margin", "service_cost"}
    assert "resources" not in found.changed  # best in the middle: it has no direction
    assert all(0 <= share <= 1 for share in found.kept.values())
    assert (
        found.kept["weights: at random by up to 25%"]
        > found.kept["weights: at random by up to 50%"] - 0.02
    )
    with pytest.raises(av.CustomerDataError, match="between 0 and 1, not 20"):
        fitted.sensitivity(synthetic_customers(10), share=20)
