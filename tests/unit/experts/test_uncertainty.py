"""How sure the weights are."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.sampling import tomashevskii_errors


@pytest.fixture(scope="module")
def model():
    return av.template("retail-terminal")


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(model):
    first, again, other = (model.experts.uncertainty(draws=60, seed=s) for s in (1, 1, 2))
    assert all((first[name] == again[name]).all() for name in first.total)
    assert (first["integrity"] != other["integrity"]).any()


def test_draws_are_shares_below_every_criterion_and_come_in_batches(model):
    batches = list(model.experts.weight_draws(draws=600))
    assert [len(batch["value"]) for batch in batches] == [250, 250, 100]
    for batch in batches:
        assert set(batch) == set(model.hierarchy.criteria)
        for node, drawn in batch.items():
            assert drawn.shape[1] == len(model.hierarchy.children[node])
            assert drawn.sum(axis=1) == pytest.approx(np.ones(len(drawn)))


def test_fewer_draws_are_the_first_of_more(model):
    few, many = (next(iter(model.experts.weight_draws(draws=n, seed=3))) for n in (250, 500))
    assert (few["credit"] == many["credit"]).all()


def test_without_anything_to_draw_the_weights_are_certain(model):
    found = model.experts.uncertainty(draws=20, within=0, experts=False)
    for name, weight in found.weights.items():
        assert found[name] == pytest.approx(np.full(3, weight), rel=1e-9)
    assert "nothing drawn" in found.table().note


def test_experts_who_differ_make_weights_less_certain_than_judgments_alone(model):
    alone = model.experts.uncertainty(draws=400, experts=False)
    both = model.experts.uncertainty(draws=400)
    wider = [np.ptp(both[name]) > np.ptp(alone[name]) for name in both.indicators]
    assert sum(wider) >= 10  # of 12


def test_closed_form_errors_are_those_of_the_groups_matrix(model):
    found = model.experts.uncertainty(draws=20)
    matrix = model.comparisons["contribution"].group
    priorities = matrix.priorities()
    expected = tomashevskii_errors(
        matrix.values, priorities.weights, np.float64(priorities.lambda_max)
    )
    children = model.hierarchy.children["contribution"]
    assert [found.errors["contribution", c] for c in children] == pytest.approx(expected)
    assert found.errors["customer_side", "dependence"] is None


@pytest.mark.parametrize("scale", ["balanced", "geometric", "inverse-linear"])
def test_on_a_scale_the_group_is_judged_by_the_ratios_its_weights_come_from(scale):
    rows = {"ann": [[3, 9], [2]], "bo": [["1/4", 2], [7]], "cy": [[5, 5], ["1/2"]]}
    found = av.Model(
        hierarchy={"value": ["a", "b", "c"]},
        judgments={
            "scale": scale,
            "consistency": {"of": "ratios", "limit": 9},
            "experts": {who: {} for who in rows},
            "comparisons": {"value": rows},
        },
    )
    matrices = [av.PairwiseMatrix.from_triangle(r, list("abc")).values for r in rows.values()]
    ratios = av.aggregate_judgments([av.apply_scale(m, scale) for m in matrices])
    group = {who: one for _, who, one in found.consistency().rows}["(group)"]
    assert group.lambda_max == pytest.approx(np.linalg.eigvals(ratios).real.max(), rel=1e-9)
    weights = av.priorities(ratios)
    assert [found.weights()[x] for x in "abc"] == pytest.approx(weights)
    errors = tomashevskii_errors(ratios, weights, np.float64(group.lambda_max))
    assert [found.experts.uncertainty(draws=2).errors["value", x] for x in "abc"] == pytest.approx(
        errors
    )


def test_a_single_expert_is_not_resampled():
    single = av.Model(
        hierarchy={"value": ["a", "b"]},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [[3]]}}},
    )
    found = single.experts.uncertainty(draws=2_000, quantiles=(0, 1))
    assert found["a"] == pytest.approx([2.5 / 3.5, 3.5 / 4.5], abs=1e-3)
    assert "experts" not in found.table().note


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"draws": 0}, "number of draws is a whole number of 1 or more, not 0"),
        ({"draws": 2.5}, "a whole number of 1 or more, not 2.5"),
        ({"seed": -1}, "a seed is a whole number of 0 or more, not -1"),
        ({"steps": 9}, "within 0 to 8 steps"),
        ({"steps": "a"}, "within 0 to 8 steps"),
        ({"quantiles": 0.5}, "quantiles are a list of shares"),
        ({"quantiles": (5, 95)}, "quantiles are a list of shares from 0 to 1"),
    ],
)
def test_draws_that_cannot_be_are_refused(model, how, said):
    with pytest.raises(av.JudgmentError, match=said):
        model.experts.uncertainty(**{"draws": 10} | how)
