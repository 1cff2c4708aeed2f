"""How sure the weights are, and weights that customers' figures help to decide."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.document import plain
from ahpvalue.judgments.sampling import tomashevskii_errors
from ahpvalue.value_functions import critic_weights

# -- uncertainty -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    return av.template("retail-terminal")


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(model):
    first, again, other = (model.uncertainty(draws=60, seed=s) for s in (1, 1, 2))
    assert all((first[name] == again[name]).all() for name in first.total)
    assert (first["integrity"] != other["integrity"]).any()


def test_draws_are_shares_below_every_criterion_and_come_in_batches(model):
    batches = list(model.weight_draws(draws=600))
    assert [len(batch["value"]) for batch in batches] == [250, 250, 100]
    for batch in batches:
        assert set(batch) == set(model.hierarchy.criteria)
        for node, drawn in batch.items():
            assert drawn.shape[1] == len(model.hierarchy.children[node])
            assert drawn.sum(axis=1) == pytest.approx(np.ones(len(drawn)))


def test_fewer_draws_are_the_first_of_more(model):
    few, many = (next(iter(model.weight_draws(draws=n, seed=3))) for n in (250, 500))
    assert (few["credit"] == many["credit"]).all()


def test_without_anything_to_draw_the_weights_are_certain(model):
    found = model.uncertainty(draws=20, steps=0, experts=False)
    for name, weight in found.weights.items():
        assert found[name] == pytest.approx(np.full(3, weight), rel=1e-9)
    assert "nothing drawn" in found.table().note


def test_experts_who_differ_make_weights_less_certain_than_judgments_alone(model):
    alone = model.uncertainty(draws=400, experts=False)
    both = model.uncertainty(draws=400)
    wider = [np.ptp(both[name]) > np.ptp(alone[name]) for name in both.indicators]
    assert sum(wider) >= 10  # of 12


def test_closed_form_errors_are_those_of_the_groups_matrix(model):
    found = model.uncertainty(draws=20)
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
    assert [found.uncertainty(draws=2).errors["value", x] for x in "abc"] == pytest.approx(errors)


def test_a_single_expert_is_not_resampled():
    single = av.Model(
        hierarchy={"value": ["a", "b"]},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [[3]]}}},
    )
    found = single.uncertainty(draws=2_000, quantiles=(0, 1))
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
        model.uncertainty(**{"draws": 10} | how)


# -- objective weights -----------------------------------------------------------------------


def with_objective(**objective):
    return av.Model(
        hierarchy={"value": {"size": ["sales", "orders"], "trust": None}},
        judgments={
            "experts": {"ann": {}},
            "comparisons": {"value": {"ann": [[1]]}, "size": {"ann": [[3]]}},
            "objective": {"nodes": ["size"], "method": "critic", **objective},
        },
        indicators={
            "sales": {"minmax": {}, "missing": "worst"},
            "orders": {"minmax": {}},
            "trust": {"categories": {"yes": 100, "no": 0}},
        },
    )


CUSTOMERS = {
    "customer": list("abcd"),
    "sales": [0, 1, 9, 10],
    "orders": [1, 2, 3, 4],
    "trust": ["yes", "no", "yes", "no"],
}


def test_fit_freezes_what_the_figures_say_and_joins_it_with_the_experts():
    draft = with_objective(share=0.4)
    assert not draft.is_fitted
    assert draft.weights().local["size"]["sales"] == pytest.approx(0.75)  # the experts alone
    fitted = draft.fit(CUSTOMERS)
    scores = np.column_stack([[0, 10, 90, 100], [0, 100 / 3, 200 / 3, 100]])
    figures = critic_weights(scores)
    assert list(fitted.document.judgments.objective.weights["size"].values()) == pytest.approx(
        figures
    )
    together = 0.6 * np.array([0.75, 0.25]) + 0.4 * figures
    assert list(fitted.weights().local["size"].values()) == pytest.approx(together)
    table = fitted.objective()
    assert table.columns["experts"] == pytest.approx([0.75, 0.25])
    assert table.columns["together"] == pytest.approx(together)
    assert "share 0.4" in table.note
    drawn = next(fitted.weight_draws(draws=10, steps=0))["size"]
    assert drawn == pytest.approx(np.tile(together, (10, 1)))


def test_customers_who_lack_a_figure_are_left_out_and_that_is_said():
    with pytest.warns(av.CustomerDataWarning, match=r"size come from 4 of 5 customers"):
        with_objective().fit(
            {
                k: [*v, extra]
                for (k, v), extra in zip(CUSTOMERS.items(), ["e", None, 2, "no"], strict=True)
            }
        )


def test_too_few_customers_are_refused():
    one = {name: values[:1] for name, values in CUSTOMERS.items()}
    with (
        pytest.warns(av.CustomerDataWarning),
        pytest.raises(av.CustomerDataError, match="two customers with all its figures; 1 of 1"),
    ):
        with_objective().fit(one)


@pytest.mark.parametrize(
    ("objective", "said"),
    [
        ({"nodes": ["siz"]}, "did you mean 'size'"),
        ({"nodes": ["value"]}, "below value stand size, which no customer's figure measures"),
        ({"share": 2}, "share"),
        ({"weights": {"trust": {"a": 1}}}, "trust is not among judgments.objective.nodes"),
        ({"weights": {"size": {"sales": 1}}}, "are not those of its children; fit the model again"),
    ],
)
def test_mistakes_in_objective_weights_are_named(objective, said):
    with pytest.raises(av.ModelError, match=said):
        with_objective(**objective)


def test_a_model_with_unfitted_objective_weights_does_not_score():
    with pytest.raises(av.ModelError, match=r"judgments\.objective.*fit the model first"):
        with_objective().score(CUSTOMERS)


def test_the_template_can_be_scored_with_objective_weights():
    sections = plain(av.template("retail-terminal").document)
    sections["judgments"]["objective"] = {"nodes": ["contribution"], "method": "entropy"}
    model = av.Model(**sections)
    customers = synthetic_customers(200)
    fitted = model.fit(customers)
    scores = fitted.score(customers)
    assert fitted.reference_hash
    assert np.nanmax(scores["total"]) <= 100
