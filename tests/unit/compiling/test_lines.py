"""Drawn lines lie between two customers; tied ones fall on one side together."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.compiling.rules import line_below, line_of_top


def model(ties="in", **level):
    return av.Model(
        hierarchy={"value": ["x"]},
        indicators={"x": {"linear": [[0, 0], [100, 100]]}},
        tiers={"levels": {"core": level, "general": {}}, "ties": ties},
    )


def table(values):
    return {"customer": np.array([f"c{k}" for k in range(len(values))]), "x": np.array(values)}


def core(fitted, customers):
    tiers = fitted.score(customers).tiers()
    return [name == "core" for name in tiers.to_dict()["tier"]]


@pytest.mark.parametrize(
    ("level", "values", "line", "inside"),
    [
        ({"count": 2}, [10.0, 20.0, 40.0, 80.0], 30.0, 2),
        ({"top": "25%"}, [10.0, 20.0, 40.0, 80.0, 90.0], 60.0, 2),
        ({"cumulative": "50%", "of": "x"}, [10.0, 20.0, 40.0, 80.0], 60.0, 1),
        ({"count": 9}, [10.0, 20.0], 10.0 - 5e-9, 2),
    ],
)
def test_a_drawn_line_lies_in_the_middle(level, values, line, inside):
    fitted = model(**level).fit(table(values))
    level = fitted.document.tiers.levels["core"]
    assert level.line == pytest.approx(line, abs=1e-8)
    assert level.customers == inside
    assert sum(core(fitted, table(values))) == inside


@pytest.mark.parametrize("level", [{"count": 2}, {"top": "30%"}])
@pytest.mark.parametrize(("ties", "inside"), [("in", 4), ("out", 1)])
def test_customers_tied_across_the_place_fall_on_the_side_that_ties_says(level, ties, inside):
    near = 50.0 + np.array([0.0, 3e-10, 6e-10])
    values = np.concatenate([[90.0], near, [10.0, 5.0]])
    fitted = model(ties, **level).fit(table(values))
    assert sum(core(fitted, table(values))) == inside
    shaken = values + np.random.default_rng(1).uniform(-4e-10, 4e-10, len(values))
    assert core(fitted, table(shaken)) == core(fitted, table(values))


def test_where_all_are_tied_everybody_or_nobody_is_in():
    with pytest.warns(av.CustomerDataWarning):
        everybody = model("in", count=1).fit(table([50.0, 50.0, 50.0]))
    assert core(everybody, table([50.0])) == [True]
    with pytest.warns(av.CustomerDataWarning):
        nobody = model("out", count=1).fit(table([50.0, 50.0, 50.0]))
    assert core(nobody, table([50.0])) == [False]


def test_a_given_line_stays_as_it_is():
    values = [10.0, 60.0, 60.0 - 1e-12, 80.0]
    assert core(model(score=60), table(values)) == [False, True, False, True]
    assert core(model("out", score=60), table(values)) == [False, False, False, True]


def test_the_line_of_a_grid_does_not_lie_on_a_score_either():
    sections = {
        "hierarchy": {"value": {"now": ["x"], "later": ["y"]}},
        "judgments": {"weights": {"value": {"now": 0.5, "later": 0.5}}},
        "indicators": {name: {"linear": [[0, 0], [100, 100]]} for name in ("x", "y")},
        "segments": {"grids": {"g": {"rows": "now", "columns": "x", "row_lines": ["median"],
                                     "column_lines": ["median"]}}},
    }  # fmt: skip
    values = table([10.0, 30.0, 50.0])
    fitted = av.Model(**sections).fit(values | {"y": values["x"]})
    grid = fitted.document.segments.grids["g"]
    assert grid.row_lines == [20.0]  # a score: in the middle below those it would lie on
    assert grid.column_lines == [30.0]  # a value is exact


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("ties_in", [True, False])
def test_a_line_parts_the_best_from_the_rest_clear_of_both(seed, ties_in):
    rng = np.random.default_rng(seed)
    values = rng.choice([rng.normal(50, 20, 30).round(1), rng.normal(0, 1e7, 30)])
    for inside in (1, 7, 29, 30):
        line = line_below(values, inside, ties_in=ties_in)
        assert np.abs(values - line).min() > 4e-10
        wanted = np.sort(values)[::-1][inside - 1]
        above = (values > line).sum()
        assert above >= inside if ties_in else above <= inside
        assert (values >= wanted).sum() == above if ties_in else True


def test_the_top_share_takes_in_whom_the_linear_percentile_took_in():
    rng = np.random.default_rng(4)
    for count in (1, 2, 3, 11, 250):
        values = rng.random(count)
        for share in (0.01, 0.2, 0.5, 0.7, 1.0):
            line = line_of_top(values, share)
            by_percentile = values >= np.quantile(values, 1 - share) - 1e-12
            assert ((values > line) == by_percentile).all()
