"""What fit says, once per column and cause: flat functions, few customers, odd ranges."""

import warnings

import numpy as np
import polars as pl
import pytest

import ahpvalue as av

ROWS = 200


def table(**columns):
    rows = len(next(iter(columns.values())))
    return {"customer": np.arange(rows)} | columns


def model_of(*indicators, **sections):
    names = [f"x{k}" for k in range(len(indicators))]
    weights = dict.fromkeys(names, 1 / len(names))
    return av.Model(
        hierarchy={"value": names},
        judgments={"weights": {"value": weights}} if len(names) > 1 else {},
        indicators=dict(zip(names, indicators, strict=True)),
        **sections,
    )


def said(act):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        act()
    return [str(one.message) for one in caught]


COIN = np.arange(float(ROWS)) % 2
RISING = np.linspace(1, 9, ROWS)
SKEWED = np.concatenate([np.zeros(ROWS - 4), [1.0, 2.0, 3.0, 4.0]])
FLAT = {
    "target on a column of 0 and 1": ({"target": {"best": ["p40", "p60"]}}, COIN, 100),
    "bounds between which nobody lies": ({"minmax": {"lower": "p5", "upper": "p95"}}, SKEWED, 50),
    "a logarithm of the same": (
        {"log": {"lower": "p5", "upper": "p95", "offset": 1}}, SKEWED, 50
    ),
    "one band for all": (
        {"bands": {"edges": [50], "scores": [20, 80], "closed": "left"}}, RISING, 20
    ),
    "knots beyond everybody": ({"linear": [[20, 0], [30, 100]]}, RISING, 0),
    "a target nobody reaches": ({"target": {"best": 50, "lower": 40, "upper": 60}}, RISING, 0),
}  # fmt: skip


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("case", FLAT)
def test_a_function_that_tells_nobody_apart_is_said_once(case, lazy, monkeypatch):
    function, values, score = FLAT[case]
    customers = table(x0=values)
    if lazy:
        monkeypatch.setattr("ahpvalue.compiling.reference_lazy._MOST_DISTINCT", 1)
        customers = pl.DataFrame(customers).lazy()
    found = said(lambda: model_of(function).fit(customers))
    assert len(found) == 1, found
    assert f"gives every value of the reference the score {score}, so that it tells" in found[0]
    assert found[0].startswith("column 'x0' (x0): ")


def test_categories_that_score_alike_are_said():
    kinds = np.array(["a", "b"] * 20, dtype=object)
    model = model_of({"categories": {"a": 40, "b": 40, "c": 0}})
    (found,) = said(lambda: model.fit(table(x0=kinds)))
    assert "categories gives every value of the reference the score 40" in found


def test_a_constant_column_is_said_once():
    found = said(lambda: model_of({"minmax": {}}).fit(table(x0=np.full(ROWS, 3.0))))
    assert len(found) == 1
    assert "tells nobody apart; everybody gets 50" in found[0]


def test_best_values_that_reach_to_a_bound_are_said():
    target = {"target": {"best": ["p5", "p60"], "lower": "min", "upper": "max"}}
    values = np.concatenate([np.zeros(30), np.linspace(1, 9, ROWS - 30)])
    (found,) = said(lambda: model_of(target).fit(table(x0=values)))
    assert "nothing below 0 scores less than the best; state the bound" in found


@pytest.mark.parametrize(
    "function",
    [
        {"minmax": {}}, {"percentile": {}}, {"target": {"best": ["p40", "p60"]}},
        {"target": {"best": [1, 4], "lower": 1, "upper": 9}}, {"linear": [[0, 0], [9, 100]]},
    ],
)  # fmt: skip
def test_of_a_function_that_tells_customers_apart_nothing_is_said(function):
    assert said(lambda: model_of(function).fit(table(x0=RISING))) == []


# -- ranges ----------------------------------------------------------------------------------

AROUND_0 = np.linspace(-2, 2, ROWS)


@pytest.mark.parametrize(
    "function",
    [
        {"minmax": {"lower": -2, "upper": 2}},
        {"linear": [[-2, 0], [2, 100]]},
        {"log": {"lower": -2, "upper": 2, "offset": 3}},
        {"target": {"best": 0, "lower": -2, "upper": 2}},
        {"bands": {"edges": [-1, 1], "scores": [0, 50, 100], "closed": "left"}},
        {"bands": {"edges": [0, 1], "scores": [0, 50, 100], "closed": "left"}},
    ],
)
def test_a_range_that_a_function_states_is_stated(function):
    model = model_of(function)
    assert said(lambda: model.fit(table(x0=AROUND_0))) == []
    assert said(lambda: model.score(table(x0=AROUND_0))) == []


def test_a_share_above_one_is_stated_by_its_function_too():
    model = model_of({"linear": [[0, 0], [1.5, 100]], "unit": "share"})
    assert said(lambda: model.score(table(x0=np.array([0.5, 1.2])))) == []
    assert len(said(lambda: model.score(table(x0=np.array([0.5, 1.6]))))) == 1


def test_score_says_only_what_is_new_against_the_reference():
    model = model_of({"minmax": {}})
    assert len(said(lambda: model.fit(table(x0=AROUND_0)))) == 1
    with pytest.warns(av.CustomerDataWarning):
        fitted = model.fit(table(x0=AROUND_0))
    assert said(lambda: fitted.score(table(x0=AROUND_0))) == []
    (found,) = said(lambda: fitted.score(table(x0=AROUND_0 * 2)))
    assert "are below -2, the farthest -4" in found
    assert said(lambda: fitted.sensitivity(table(x0=AROUND_0))) == []
    scores = fitted.score(table(x0=AROUND_0))
    assert said(lambda: scores.compare(scores)) == []


@pytest.mark.parametrize("lazy", [False, True])
def test_over_several_periods_a_thing_is_said_once(lazy):
    later = table(x0=AROUND_0) | {"customer": np.arange(ROWS) + ROWS, "s": np.arange(float(ROWS))}
    first = table(x0=AROUND_0) | {"s": np.where(np.arange(ROWS) < 9, np.nan, 1.0)}
    second = later | {"s": first["s"]}
    tables = [pl.DataFrame(t, nan_to_null=True).lazy() if lazy else t for t in (first, second)]
    active = {"when": {"s": {"above": 0}}}
    found = said(lambda: model_of({"minmax": {}}, active=active).fit(tables))
    assert len(found) == 2, found
    assert sum("are below 0" in one for one in found) == 1
    assert sum("active: s is missing for " in one and "and 15 more" in one for one in found) == 1


GRID = {"rows": "value", "columns": "x0", "row_lines": ["p10"]}

# -- too few ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "sections", "rows", "text"),
    [
        ({"percentile": {}}, {}, 8, "percentile of x0 from 8 (20 wanted)"),
        ({"minmax": {"lower": "p5"}}, {}, 12, "p5 of x0 from 12 (20 wanted)"),
        ({"minmax": {"upper": "p99"}}, {}, 60, "p99 of x0 from 60 (100 wanted)"),
        ({"target": {"best": "p20"}}, {}, 4, "p20 of x0 from 4 (5 wanted)"),
        (
            {"minmax": {}},
            {"tiers": {"levels": {"a": {"top": "5%"}, "b": {}}}},
            12,
            "tier a, the top 5% of 12, less than one customer",
        ),
        (
            {"minmax": {}},
            {"tiers": {"levels": {"a": {"count": 99}, "b": {}}}},
            12,
            "tier a, whose count of 99 takes in all 12",
        ),
        (
            {"percentile": {}},
            {"peers": {"by": ["g"], "minimum": 4}},
            30,
            "groups of peers from 4 (20 wanted)",
        ),
        (
            {"minmax": {}},
            {"segments": {"grids": {"g": GRID}}},
            5,
            "p10 of grid g from 5 (10 wanted)",
        ),
    ],
)  # fmt: skip
def test_too_few_customers_for_what_is_drawn_are_said_in_one_sentence(
    indicator, sections, rows, text
):
    customers = table(x0=np.linspace(1, 9, rows)) | {"g": np.array(["u"] * rows, dtype=object)}
    with pytest.warns(av.FewCustomersWarning) as caught:
        model_of(indicator, **sections).fit(customers)
    few = [str(one.message) for one in caught if one.category is av.FewCustomersWarning]
    assert len(few) == 1
    assert few[0].startswith("the reference has few customers for what is drawn from it: ")
    assert text in few[0]


def test_enough_customers_are_not_spoken_of():
    model = model_of({"percentile": {}}, {"minmax": {"lower": "p5", "upper": "p95"}})
    assert said(lambda: model.fit(table(x0=RISING[:20], x1=RISING[:20]))) == []


def test_a_group_in_which_nobody_is_told_apart_is_said_once():
    kinds = np.array(["bar", "kiosk", "store", "stall"] * 50, dtype=object)
    values = np.where(kinds == "store", 3.0, np.where(kinds == "bar", 5.0, RISING))
    peers = {"peers": {"by": ["g"], "minimum": 30}}
    found = said(lambda: model_of({"percentile": {}}, **peers).fit(table(x0=values) | {"g": kinds}))
    assert found == ["peers: x0 tells nobody apart in bar, store"]
