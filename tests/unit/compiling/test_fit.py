"""Fitting: explicit numbers, a frozen model, and a word on every odd column."""

import warnings

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av
from ahpvalue.value_functions import reference_hash


def model_of(**indicator):
    return av.Model(hierarchy={"value": ["x"]}, indicators={"x": indicator})


def table(values):
    return {"customer": np.arange(len(values)), "x": np.array(values, dtype=float)}


def fitted_part(values, **indicator):
    return model_of(**indicator).fit(table(values)).document.indicators["x"]


def test_bounds_become_numbers():
    values = [float(v) for v in range(101)]
    minmax = fitted_part(values, minmax={"lower": "p5", "upper": "p97.5", "better": "low"}).minmax
    assert (minmax.lower, minmax.upper, minmax.better) == (5, 97.5, "low")
    log = fitted_part(values, log={"lower": 2, "offset": 1}).log
    assert (log.lower, log.upper, log.offset) == (2, 100, 1)
    target = fitted_part(values, target={"best": ["p40", "median"], "upper": 200}).target
    assert (target.lower, target.best, target.upper) == (0, (40, 50), 200)
    assert fitted_part(values, linear=[[0, 0], [9, 100]], missing="median").missing == {
        "median": 50
    }


def test_the_default_median_policy_is_written_for_every_indicator():
    model = av.Model(
        hierarchy={"value": ["x"]},
        indicators={"x": {"linear": [[0, 0], [10, 100]]}},
        missing={"policy": "median"},
    )
    assert not model.is_fitted
    fitted = model.fit(table([1, 2, 6, np.nan]))
    assert fitted.document.indicators["x"].missing == {"median": 2}
    assert fitted.score(table([np.nan, 5]))["total"].tolist() == [20, 50]
    assert fitted.score(table([np.nan, 5]))["coverage"].tolist() == [0, 1]


def test_a_model_is_fitted_once():
    fitted = model_of(percentile={}).fit(table([1, 2, 3]))
    with pytest.raises(av.ModelError, match="is fitted already"):
        fitted.fit(table([1, 2, 3]))


def test_an_unfitted_model_says_to_fit_first():
    with pytest.raises(
        av.ModelError, match="x depend on a reference population: fit the model first"
    ):
        model_of(percentile={}).score(table([1]))


def test_a_fitted_model_remembers_what_it_saw():
    model = model_of(percentile={}, missing="worst")
    fitted = model.fit(table([3, 1, np.nan, 2]))
    reference = fitted.document.reference
    assert (reference.customers, reference.model) == (4, model.hash)
    column = reference.indicators["x"]
    assert (column.values, column.missing) == (3, 1)
    assert (column.minimum, column.median, column.maximum) == (1, 2, 3)
    assert fitted.score(table([1]))["reference"][0] == reference.hash == fitted.reference_hash


def test_the_reference_hash_does_not_see_order_or_kind_of_table():
    model = model_of(percentile={}, missing="worst")
    values = [3.0, 1.0, np.nan, 2.0]
    expected = model.fit(table(values)).reference_hash
    frame = pd.DataFrame(table(values[::-1]))
    assert model.fit(frame).reference_hash == expected
    assert model.fit(table([3.0, 1.0, np.nan, 2.5])).reference_hash != expected
    assert reference_hash([("x", np.array([-0.0]), 0)]) == reference_hash(
        [("x", np.array([0.0]), 0)]
    )


def test_fit_does_not_touch_the_model_it_came_from():
    model = model_of(percentile={})
    before = model.hash
    model.fit(table([1, 2, 3]))
    assert model.hash == before
    assert not model.is_fitted


WITHOUT_A_VALUE = "all 3 reference customers lack it, so that it scores nobody"


@pytest.mark.parametrize(
    ("values", "function", "said", "total"),
    [
        ([5, 5, 5], {"percentile": {}}, "all 3 customers with a value have 5", 50),
        ([5, 5, 5], {"minmax": {}}, "so that it tells nobody apart; everybody gets 50", 50),
        ([5, 5, 5], {"log": {}}, "so that it tells nobody apart; everybody gets 50", 50),
        ([5, 5, 5], {"linear": [[0, 0], [10, 100]]}, "so that it tells nobody apart", 50),
        ([np.nan, 7, np.nan], {"percentile": {}}, "the one customer with a value have 7", 50),
        ([0.3333, 0.3334, 0.3335], {"minmax": {}}, "less than 1 % apart, and minmax stretches", 50),
        (
            [-141, 5, 10],
            {"minmax": {}},
            "1 of 3 values are below 0, the farthest -141 (0)",
            100 * 146 / 151,
        ),
        (
            [0.2, 0.5, 4.1],
            {"minmax": {}, "unit": "share"},
            "1 of 3 values are above 1",
            100 * 0.3 / 3.9,
        ),
        ([1, 5, 9], {"minmax": {}, "range": [2, 8]}, "1 of 3 values are above 8", 50),
    ],
)
def test_an_odd_column_has_a_defined_result_and_a_named_warning(values, function, said, total):
    model = model_of(**function, missing={"score": 50})
    with pytest.warns(av.CustomerDataWarning) as caught:
        fitted = model.fit(table(values))
    assert any(
        f"column 'x' (x): {said}" in str(w.message) or said in str(w.message) for w in caught
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", av.CustomerDataWarning)  # score says it again
        assert fitted.score(table(values))["total"][1] == pytest.approx(total)


@pytest.mark.parametrize("policy", ["renormalise", "worst", "median", {"score": 30}])
def test_a_column_without_a_value_scores_nobody_then_or_later(policy):
    model = av.Model(
        hierarchy={"value": ["x", "y"]},
        judgments={"weights": {"value": {"x": 0.5, "y": 0.5}}},
        indicators={
            "x": {"percentile": {}, "missing": policy},
            "y": {"linear": [[0, 0], [1, 100]]},
        },
    )
    customers = table([np.nan] * 3) | {"y": np.array([0.0, 0.5, 1.0])}
    with pytest.warns(av.CustomerDataWarning, match=WITHOUT_A_VALUE):
        fitted = model.fit(customers)
    filled = {"worst": 0, "renormalise": None, "median": None}.get(
        policy if isinstance(policy, str) else "", 30
    )
    expected = [0, 50, 100] if filled is None else [filled / 2, 25 + filled / 2, 50 + filled / 2]
    assert fitted.score(customers)["total"].tolist() == expected
    with pytest.warns(av.CustomerDataWarning, match="holds values, but the reference had none"):
        later = fitted.score(customers | {"x": np.array([1.0, 2.0, 3.0])})
    assert later["total"].tolist() == expected
    assert later["coverage"].tolist() == [0.5] * 3


def test_a_stated_range_silences_the_warning_it_answers(recwarn):
    model_of(minmax={}, range=[-2, 2]).fit(table([-2, 0, 2]))
    model_of(minmax={}, range=[None, None]).fit(table([-1e9, 0, 1e9]))
    assert not recwarn.list


def test_a_warning_points_at_the_callers_own_line():
    with pytest.warns(av.CustomerDataWarning) as caught:
        model_of(minmax={}).fit(table([-1, 0, 5]))
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("values", "function", "said"),
    [
        ([1, np.nan], {"percentile": {}}, "missing for 1; complete the column"),
        ([1, np.inf], {"percentile": {}}, "infinite for 1; give a finite value"),
        ([0, 5, 9], {"log": {}}, "log needs lower + offset above 0, and this reference gives 0"),
        (
            [1, 2, 3],
            {"minmax": {"lower": 50}},
            "bounds that do not rise from this reference: 50, 3",
        ),
        ([], {"percentile": {}}, "the reference population is empty"),
    ],
)
def test_a_population_that_cannot_be_used_is_refused(values, function, said):
    with pytest.raises(av.CustomerDataError) as refused:
        model_of(**function).fit(table(values))
    assert said in str(refused.value)


def test_a_customer_counts_once_in_a_reference():
    doubled = {"customer": np.array(["a", "a"]), "x": np.array([1.0, 2.0])}
    with pytest.raises(av.CustomerDataError, match="a in more than one row"):
        model_of(percentile={}).fit(doubled)


def test_the_order_of_the_reference_does_not_matter():
    rng = np.random.default_rng(3)
    values = rng.lognormal(size=500)
    model = model_of(percentile={"points": 21})
    assert model.fit(table(values)).hash == model.fit(table(rng.permutation(values))).hash


def test_a_fitted_model_says_how_near_its_percentiles_are():
    values = np.random.default_rng(8).lognormal(size=3_000)
    fitted = model_of(percentile={}).fit(table(values))
    function = fitted.document.indicators["x"].percentile
    assert 0 < function.error <= 0.25
    assert f"percentiles within {function.error:.2g} points" in str(fitted)
    exact = model_of(percentile={}).fit(table([1.0, 2.0, 3.0]))
    assert "percentiles within 0 points" in str(exact)
    assert "percentiles within" not in str(model_of(minmax={}).fit(table(values)))
