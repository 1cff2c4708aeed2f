"""Who is active comes first: the others get a status, not a score."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import ahpvalue as av
from ahpvalue.document import plain

MODEL = {
    "hierarchy": {"value": ["sales", "recency"]},
    "judgments": {"weights": {"value": {"sales": 0.5, "recency": 0.5}}},
    "indicators": {
        "sales": {"percentile": {}, "range": [None, None]},
        "recency": {"column": "days", "linear": [[0, 100], [365, 0]]},
    },
}
ACTIVE = {
    "when": {"orders": {"above": 0}},
    "new": {"first": {"below": 30}},
    "never_bought": {"first": {"missing": True}, "returns": 0},
    "returns_only": {"first": {"missing": True}},
    "lapsed": {"first": {"at_least": 0}},
}
TABLE = {
    "customer": ["a", "b", "c", "d", "e"],
    "sales": [100.0, 50.0, 0.0, np.nan, np.nan],
    "days": [3.0, 9.0, 300.0, np.nan, np.nan],
    "orders": [4, 1, 0, 0, 0],
    "first": [900.0, 20.0, 700.0, np.nan, np.nan],
    "returns": [0, 0, 0, 2, 0],
}
STATUSES = ["active", "new", "lapsed", "returns only", "never bought"]


def model_of(**active):
    return av.Model(**MODEL, active=ACTIVE | active)


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame])
def test_everybody_has_exactly_one_status(kind):
    table = kind(TABLE)
    scores = model_of().fit(table).score(table)
    assert scores["status"].tolist() == STATUSES


def test_only_active_customers_are_fitted_to_scored_and_ranked():
    fitted = model_of().fit(TABLE)
    assert fitted.document.reference.customers == 2
    scores = fitted.score(TABLE)
    assert np.isnan(scores["total"]).tolist() == [False, False, True, True, True]
    assert np.isnan(scores["rank"]).tolist() == [False, False, True, True, True]
    assert scores["percentile"][:2].tolist() == [100, 0]
    assert np.isnan(scores.contributions["sales"][2:]).all()


def test_missing_figures_of_who_is_not_active_are_no_mistake():
    # sales and days are refused where missing, and missing for d and e
    assert len(model_of().fit(TABLE).score(TABLE)) == 5


def test_an_active_customers_score_is_the_same_without_the_others():
    fitted = model_of().fit(TABLE)
    alone = {name: values[:1] for name, values in TABLE.items()}
    assert fitted.score(alone)["total"][0] == fitted.score(TABLE)["total"][0]


def test_an_active_customer_with_too_little_data_is_not_rated():
    model = av.Model(
        **MODEL | {"missing": {"policy": "renormalise", "minimum_coverage": 0.9}}, active=ACTIVE
    )
    table = TABLE | {"days": [3.0, np.nan, 300.0, np.nan, np.nan]}
    scores = model.fit(TABLE).score(table)
    assert scores["status"].tolist() == ["active", "not rated", *STATUSES[2:]]


def test_of_whom_the_rule_cannot_tell_is_said():
    model = av.Model(**MODEL, active={"when": {"orders": {"above": 0}}})
    fitted = model.fit(TABLE)
    with pytest.warns(av.CustomerDataWarning, match="orders is missing for b; they count as inact"):
        scores = fitted.score(TABLE | {"orders": [4, np.nan, 0, 0, 0]})
    assert scores["status"][1] == "inactive"


def test_a_population_of_nobody_is_refused():
    with pytest.raises(av.CustomerDataError, match="nobody of the reference is active"):
        model_of(when={"orders": {"above": 99}}).fit(TABLE)


@pytest.mark.filterwarnings("ignore:active")  # what is missing meets no rule, and is said
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"grade": "A"}, [1, 0, 0]),
        ({"grade": ["A", "B"]}, [1, 1, 0]),
        ({"grade": {"differs": "A"}}, [0, 1, 0]),
        ({"grade": {"missing": True}}, [0, 0, 1]),
        ({"grade": {"missing": False}}, [1, 1, 0]),
        ({"size": 2}, [0, 1, 0]),
        ({"size": {"equals": "2"}}, [0, 1, 0]),
        ({"size": {"above": 1, "at_most": 3}}, [0, 1, 1]),
        ({"size": {"differs": [1, 3]}}, [0, 1, 0]),
        ([{"grade": "A"}, {"size": {"at_least": 3}}], [1, 0, 1]),
        ({"grade": "A", "size": 2}, [0, 0, 0]),
        ({"open": True}, [1, 0, 1]),
    ],
)
@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame])
def test_a_rule_says_what_it_says(when, expected, kind):
    model = av.Model(
        hierarchy={"v": ["x"]},
        indicators={"x": {"linear": [[0, 0], [9, 99]]}},
        active={"when": when},
    )
    table = kind(
        {
            "customer": [1, 2, 3],
            "x": [1, 1, 1],
            "grade": ["A", "B", None],
            "size": [1, 2, 3],
            "open": [True, False, True],
        }
    )
    scores = model.score(table)
    assert (scores["status"] == "active").tolist() == [bool(one) for one in expected]
    again = av.Model(**plain(model.document))
    assert again.hash == model.hash


def test_a_limit_on_texts_is_refused():
    model = av.Model(
        hierarchy={"v": ["x"]},
        indicators={"x": {"linear": [[0, 0], [9, 99]]}},
        active={"when": {"grade": {"above": 3}}},
    )
    with pytest.raises(av.CustomerDataError, match="grade holds texts, which are not above 3"):
        model.score({"customer": [1], "x": [1], "grade": ["A"]})
