"""Advice can be followed: it lies on edges and steps, and suffices exactly as printed."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.evaluation.recourse.attainable import Grid

LEFT = {"bands": {"edges": [3, 6, 9], "scores": [0, 30, 60, 100], "closed": "left"}}
RIGHT = {"bands": {"edges": [3, 6, 9], "scores": [0, 30, 60, 100], "closed": "right"}}
FALLING = {"bands": {"edges": [3, 6, 9], "scores": [100, 60, 30, 0], "closed": "left"}}
LONG = {"bands": {"edges": [3.12345, 9.087654321], "scores": [0, 30, 100], "closed": "left"}}
LINEAR = {"linear": [[0, 0], [10, 100]]}
ZIGZAG = {"linear": [[0, 0], [3, 80], [7, 20], [10, 100]]}
LOG = {"log": {"lower": 1, "upper": 10, "offset": 0}}
NARROW = {"target": {"best": [7.3, 7.6], "lower": 6.9, "upper": 8.1}}
TARGET = {"target": {"best": [4, 6], "lower": 1, "upper": 9}}
MINMAX = {"minmax": {"lower": 0.5, "upper": 11, "better": "low"}}
ALL = [LEFT, RIGHT, FALLING, LONG, LINEAR, ZIGZAG, LOG, NARROW, TARGET, MINMAX]


def model_of(x, y=LINEAR, *, line=70, unit="visits", ties="in", **changeable):
    reach = {"changeable": {"lowest": 0, "highest": 12} | changeable, "unit": unit}
    return av.Model(
        hierarchy={"value": ["x", "y"]},
        judgments={"weights": {"value": {"x": 0.5, "y": 0.5}}},
        indicators={"x": x | reach, "y": y | {"changeable": {"lowest": 0, "highest": 9}}},
        tiers={"levels": {"core": {"score": line}, "rest": {}}, "ties": ties},
    )


def customer(x=5.0, y=6.0):
    return {"customer": ["a"], "x": [x], "y": [y]}


@pytest.mark.parametrize(
    ("function", "start", "to"),
    [
        (LEFT, 5, 9),  # nine is enough: not 9.000000000000007, not 9.001
        (LONG, 5, 9.087654321),
        (RIGHT, 5, 9.001),  # nine is not, and this is told with four digits
        (FALLING, 7, 2.999),
        ({"bands": FALLING["bands"] | {"closed": "right"}}, 7, 3),
        (LINEAR, 5, 8),
    ],
)
def test_advice_is_the_edge_itself_or_just_beyond_an_open_one(function, start, to):
    way = model_of(function).score(customer(start)).path_up("a")
    assert way.singles["x"] == to
    assert f"from {start} visits to {to:g} visits." in str(way) or to == 9.087654321
    paths = model_of(function).score(customer(start)).paths_up()
    assert paths.single["x"][0] == pytest.approx(to, rel=2e-4)


@pytest.mark.parametrize(
    ("function", "start", "step", "to"),
    [
        (LINEAR, 5, 3, 9),
        (LEFT, 5, 1, 9),
        (RIGHT, 5, 1, 10),
        (LOG, 5, 1, 7),
        (FALLING, 7, 0.1, 2.9),
        (LINEAR, 5.5, 0.3, 8.1),
        (TARGET, 8.7, 1, 6),
    ],
)
def test_advice_lies_on_the_grid_on_the_side_that_is_enough(function, start, step, to):
    way = model_of(function, step=step).score(customer(start)).path_up("a")
    assert way.singles["x"] == to


def test_what_no_step_reaches_is_not_advised():
    alone = model_of(NARROW, line=75, step=1).score(customer(7.0)).path_up("a", changes=1)
    assert "x" not in alone.singles
    assert "x" in model_of(NARROW, line=75).score(customer(7.0)).path_up("a", changes=1).singles


def test_limits_between_two_steps_and_steps_of_categories_are_refused():
    with pytest.raises(av.ModelError, match=r"no multiple of the step 1 lies from 5\.2 to 5\.8"):
        model_of(LINEAR, step=1, lowest=5.2, highest=5.8)
    model_of(LINEAR, step=0.1, lowest=0.3, highest=0.3)
    with pytest.raises(av.ModelError, match="categories have no step"):
        av.Model(
            hierarchy={"value": ["x"]},
            indicators={"x": {"categories": {"A": 100, "B": 0}, "changeable": {"step": 1}}},
        )


def test_tiers_on_a_count_ask_for_a_whole_number():
    model = model_of(LINEAR, step=1)
    data = model.to_dict()
    data["tiers"] |= {"on": "x", "levels": {"core": {"score": 7.5}, "rest": {}}}
    way = av.Model(**data).score(customer()).path_up("a")
    assert way.singles == {"x": 8}


def test_fit_notes_that_all_values_are_whole_and_says_so_where_ways_are_told():
    model = model_of(LINEAR)
    rows = {"customer": np.arange(40), "x": np.arange(40.0) % 12, "y": np.linspace(0, 9, 40)}
    fitted = model.fit(rows)
    changeable = {n: i.changeable.step for n, i in fitted.document.indicators.items()}
    assert changeable == {"x": 1.0, "y": None}
    paths = fitted.score(rows).paths_up()
    assert "steps: x 1" in paths.table().note
    told = [v for v in paths.to_dict()["x_to"] if v is not None]
    assert told
    assert all(value == round(value) for value in told)
    free = model_of(LINEAR, step=0).fit(rows)
    assert free.document.indicators["x"].changeable.step == 0


def test_a_change_too_small_for_four_digits_is_told_in_full():
    way = model_of(LEFT).score(customer(8.9999)).path_up("a")
    assert "from 8.9999 visits to 9 visits." in str(way)


def read_back(text, unit):
    """The values of a sentence, as whoever reads it would type them."""
    number = float(re.search(r" to ([-\d,.]+)", text).group(1).rstrip(".").replace(",", ""))
    return number / 100 if unit == "share" else number


@given(
    x=st.sampled_from(ALL),
    y=st.sampled_from(ALL),
    start=st.floats(1, 12),
    other=st.floats(0, 9),
    line=st.floats(30, 95),
    step=st.sampled_from([None, 0, 1, 0.25, 0.3]),
    unit=st.sampled_from(["visits", "share"]),
    ties=st.sampled_from(["in", "out"]),
)
@pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")
def test_advice_followed_exactly_as_printed_reaches_the_tier(
    x, y, start, other, line, step, unit, ties
):
    model = model_of(x, y, line=line, step=step, unit=unit, ties=ties)
    scores = model.score(customer(start, other))
    way = scores.path_up("a")
    if way.status != "reachable":
        return
    lines = [text for text in way.sentences if " to " in text and text.startswith("  ")]
    units = {"x": unit, "y": ""}
    read = [(t.strip().removeprefix("or ")[0], t) for t in lines]
    read = [(name, read_back(text, units[name])) for name, text in read]
    ways = [{name: to} for name, to in read[: len(way.singles)]]
    assert [one for each in ways for one in each] == list(way.singles)
    ways += [dict(read[len(way.singles) :]), way.cheapest, scores.paths_up().changes(0)]
    ways += [{name: to} for name, to in way.singles.items()]
    table = scores.paths_up().to_dict()
    ways.append({n: table[f"{n}_to"][0] for n in "xy" if table[f"{n}_to"][0] is not None})
    for changes in filter(None, ways):
        row = {"x": start, "y": other} | changes
        after = model.score({"customer": ["a"]} | {name: [to] for name, to in row.items()})
        assert after.tiers().tier[0] == "core", changes


@given(st.floats(-1e6, 1e6), st.sampled_from([1, 0.1, 0.3, 0.25, 7, 1000, 0.001]))
def test_a_grid_holds_multiples_that_are_written_shortly(value, step):
    first, last = Grid(step).within(np.array([value]), np.array([value + 3 * step]))
    assert value <= first[0] <= last[0] <= value + 3 * step
    assert first[0] - value <= step * (1 + 1e-9)
    assert len(repr(float(first[0])).rstrip("0")) <= 14
