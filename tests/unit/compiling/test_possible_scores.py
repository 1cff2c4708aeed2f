"""Lines that nobody can reach, or that everybody has, are refused where it can be known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.compiling.possible_scores import score_ranges

HALF = {"bands": {"edges": [5], "scores": [20, 60], "closed": "left"}}
WHOLE = {"linear": [[0, 0], [10, 100]]}


def model_of(levels=None, **sections):
    tiers = {} if levels is None else {"tiers": {"levels": levels | {"rest": {}}}}
    merged = {
        "hierarchy": {"value": {"a": ["x"], "b": ["y"]}},
        "judgments": {"weights": {"value": {"a": 0.5, "b": 0.5}}},
        "indicators": {"x": HALF, "y": WHOLE},
    }
    return av.Model(**merged | tiers | sections)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (100_000, "nobody can reach a line of 100000: value lies between 10 and 80"),
        (80.5, "nobody can reach a line of 80.5"),
        (-5, "everybody has a line of -5"),
        (0, "everybody has a line of 0"),
        (10, "everybody has a line of 10"),
    ],
)
def test_a_line_beyond_what_can_be_scored_is_refused(line, said):
    with pytest.raises(av.ModelError, match=said) as refused:
        model_of({"core": {"score": line}})
    assert refused.value.problems[0].path == ("tiers", "levels", "core", "score")


@pytest.mark.parametrize("line", [10.5, 45, 80])
def test_a_line_within_it_is_not(line):
    model_of({"core": {"score": line}})


def test_the_line_of_a_criterion_is_held_against_its_own_scores():
    with pytest.raises(av.ModelError, match="line of 70: a lies between 20 and 60"):
        model_of(tiers={"on": "a", "levels": {"core": {"score": 70}, "rest": {}}})
    model_of(tiers={"on": "b", "levels": {"core": {"score": 70}, "rest": {}}})


def test_who_is_on_the_line_decides_at_the_ends():
    out = {"ties": "out"}
    with pytest.raises(av.ModelError, match="nobody can reach a line of 80"):
        model_of(tiers=out | {"levels": {"core": {"score": 80}, "rest": {}}})
    model_of(tiers=out | {"levels": {"core": {"score": 10}, "rest": {}}})


def test_the_value_of_an_indicator_is_held_against_its_stated_range():
    shares = {"x": {"linear": [[0, 0], [1, 100]], "unit": "share"}, "y": WHOLE | {"range": [0, 31]}}
    for on, line in (("x", 5), ("y", 40), ("y", 0)):
        levels = {"core": {"score": line}, "rest": {}}
        with pytest.raises(av.ModelError, match="line"):
            model_of(indicators=shares, tiers={"on": on, "levels": levels})
    model_of(tiers={"on": "y", "levels": {"core": {"score": 40_000}, "rest": {}}})


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ({"core": {"score": 60}, "key": {"score": 60}}, "its line 60 is that of core"),
        ({"core": {"top": 0}}, "0% takes in nobody"),
        ({"core": {"top": "100%"}}, "100% takes in everybody"),
        ({"core": {"cumulative": 0, "of": "y"}}, "0% takes in nobody"),
        ({"core": {"cumulative": "120%", "of": "y"}}, "between 0 and 1"),
    ],
)
def test_lines_that_make_a_tier_of_nobody_or_of_everybody_are_refused(levels, said):
    with pytest.raises(av.ModelError, match=said):
        model_of(levels)


def test_a_line_that_only_the_reference_shows_to_be_unreachable_is_refused_at_fit():
    alike = {"customer": np.arange(30), "x": np.arange(30.0), "y": np.full(30, 7.0)}
    model = model_of({"core": {"score": 78}}, indicators={"x": HALF, "y": {"minmax": {}}})
    with (
        pytest.warns(av.CustomerDataWarning, match="tells nobody apart"),
        pytest.raises(av.ModelError, match="nobody can reach a line of 78"),
    ):
        model.fit(alike)


@pytest.mark.parametrize(
    ("grid", "said"),
    [({"row_lines": [120]}, "line of 120"), ({"row_lines": [60], "rows": "a"}, None)],
)
def test_lines_of_grids_are_held_against_the_scores_too(grid, said):
    sections = {"segments": {"grids": {"g": {"rows": "value", "columns": "b"} | grid}}}
    if said is None:
        model_of(**sections)
        return
    with pytest.raises(av.ModelError, match=said):
        model_of(**sections)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"value": {"at_least": 90}}, "value is never at least 90"),
        ({"a": {"below": 20}}, "a is never below 20"),
        ({"total": {"above": 80}}, "total is never above 80"),
        ({"b": {"at_most": -1}}, "b is never at most -1"),
    ],
)
def test_a_rule_that_asks_for_an_impossible_score_is_refused(wanted, said):
    veto = {"v": {"when": wanted, "at_most": "rest"}}
    levels = {"core": {"score": 50}, "rest": {}}
    with pytest.raises(av.ModelError, match=said):
        model_of(tiers={"levels": levels, "vetoes": veto})
    with pytest.raises(av.ModelError, match=said):
        model_of(segments={"rules": {"s": {"when": wanted}}})


@pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")
@given(data=st.data())
def test_no_customer_scores_beyond_what_is_possible(data):
    """With any values, missing ones handed on or not."""
    names = ["p", "q", "r"]
    shapes = [
        HALF,
        WHOLE,
        {"linear": [[0, 70], [10, 30]]},
        {"target": {"best": 5, "lower": 0, "upper": 9}},
    ]
    policy = st.sampled_from(["renormalise", "worst", {"score": 90}])
    indicators = {
        n: data.draw(st.sampled_from(shapes)) | {"missing": data.draw(policy)} for n in names
    }
    raw = np.array(data.draw(st.lists(st.integers(0, 5), min_size=3, max_size=3))) + 0.1
    model = av.Model(
        hierarchy={"value": {"a": ["p", "q"], "b": ["r"]}},
        judgments={
            "weights": {
                "value": {"a": 0.7, "b": 0.3},
                "a": dict(zip("pq", raw[:2] / raw[:2].sum(), strict=True)),
            }
        },
        indicators=indicators,
        missing={"minimum_coverage": data.draw(st.sampled_from([0, 0.5]))},
    )
    grid = np.array(np.meshgrid(*[[0.0, 4.999, 5.0, 10.0, np.nan]] * 3)).reshape(3, -1)
    scores = model.score(
        {"customer": np.arange(grid.shape[1])} | dict(zip(names, grid, strict=True))
    )
    possible = score_ranges(model.plan)
    for node in ("total", "a", "b"):
        low, high = possible["value" if node == "total" else node]
        held = scores[node][~np.isnan(scores[node])]
        assert low - 1e-9 <= held.min()
        assert held.max() <= high + 1e-9
