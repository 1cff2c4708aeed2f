"""Weights that customers' values help to decide."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.document import plain
from ahpvalue.value_functions import critic_weights


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
    drawn = next(fitted.experts.weight_draws(draws=10, steps=0))["size"]
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
        pytest.raises(av.CustomerDataError, match="two customers with all its values; 1 of 1"),
    ):
        with_objective().fit(one)


@pytest.mark.parametrize(
    ("objective", "said"),
    [
        ({"nodes": ["siz"]}, "did you mean 'size'"),
        ({"nodes": ["value"]}, "below value stand size, which no customer's value measures"),
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
