"""How sure scores and tiers are under other weights."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.document import plain


@pytest.fixture(scope="module")
def fitted():
    return av.template("retail-terminal").fit(synthetic_customers(400))


@pytest.fixture(scope="module")
def scores(fitted):
    return fitted.score(synthetic_customers(300, seed=11))


def own_weights(model):
    return {n: np.array([list(w.values())]) for n, w in model.weights().local.items()}


def test_the_models_own_weights_give_its_own_scores(fitted, scores):
    """With missing figures, too: absent ones pass their share on as the kernel does it."""
    found = scores.robustness([own_weights(fitted)])
    np.testing.assert_allclose(found.mean, scores["total"], atol=1e-9)
    assert (found.certainty == 1).all()


def test_a_draw_gives_what_a_model_with_those_weights_gives(fitted, scores):
    (draws,) = [dict(batch) for batch in fitted.weight_draws(3, seed=5)]
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
        other = av.Model(**document | {"judgments": section | {"weights": weights}})
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
    narrow, wide = scores.robustness(200, within=0.5), scores.robustness(200, within=0.95)
    assert (wide.low <= narrow.low + 1e-9).all()
    assert (wide.high >= narrow.high - 1e-9).all()


def test_the_same_seed_gives_the_same(scores):
    one, two = scores.robustness(50, seed=3), scores.robustness(50, seed=3)
    assert one.low.tobytes() == two.low.tobytes()
    assert str(one) == str(two)


def test_batches_of_draws_are_one_set(fitted, scores):
    (draws,) = [dict(batch) for batch in fitted.weight_draws(40, seed=9)]
    halves = [{n: v[:15] for n, v in draws.items()}, {n: v[15:] for n, v in draws.items()}]
    assert scores.robustness(halves).mean.tobytes() == scores.robustness([draws]).mean.tobytes()


def test_intervals_can_be_left_out(scores):
    found = scores.robustness(50, intervals=False)
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
    with pytest.raises(av.CustomerDataError, match="the figure x, which no weight changes"):
        model.score({"customer": [1], "x": [3]}).robustness()


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
            other = av.Model(**document | {"judgments": section | {"weights": weights}})
            at = [str(one) for one in scores.customers.ids].index(who)
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
