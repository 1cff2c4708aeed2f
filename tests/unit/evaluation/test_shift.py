"""The shift report: what moved against the reference, appeared or died."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.evaluation.shift import stability_index

MODEL = av.Model(
    hierarchy={"value": ["x", "y", "z", "kind"]},
    judgments={"weights": {"value": {"x": 0.25, "y": 0.25, "z": 0.25, "kind": 0.25}}},
    indicators={
        name: {"percentile": {}, "missing": "renormalise", "range": [None, None]} for name in "xyz"
    }
    | {"kind": {"categories": {"A": 100, "B": 50, "C": 0}}},
)


def table(shift=0.0, z=None, rows=400, seed=1):
    rng = np.random.default_rng(seed)
    return {
        "customer": np.arange(rows),
        "x": rng.normal(size=rows) + shift,
        "y": rng.normal(size=rows),
        "z": np.full(rows, np.nan) if z is None else np.full(rows, z),
        "kind": np.array(["A", "B"] * (rows // 2), dtype=object),
    }


@pytest.fixture(scope="module")
def fitted():
    with pytest.warns(av.CustomerDataWarning, match="all 400 reference customers lack it"):
        return MODEL.fit(table())


def rows(shift):
    return {row[0]: row[1:] for row in zip(*shift.to_dict().values(), strict=True)}


def test_the_reference_against_itself_has_not_moved(fitted):
    found = rows(fitted.shift(table()))
    assert found["x"] == (0, 0, 0, 0, "steady")
    assert found["kind"][0] == 0
    assert found["z"][-1] == "never had a value"


def test_another_population_is_told_from_a_steady_one(fitted):
    found = rows(fitted.shift(table(shift=1.5, seed=2)))
    assert found["x"][-1] == "another population"
    assert found["x"][1] > 0.02  # beyond what the reference held
    assert found["y"][-1] == "steady"


def test_what_appeared_or_vanished_is_said(fitted):
    assert rows(fitted.shift(table(z=5.0)))["z"][-1] == "appeared"
    dead = table() | {"y": np.full(400, np.nan)}
    found = rows(fitted.shift(dead))["y"]
    assert found[-1] == "vanished"
    assert found[2:4] == (0, 1)


def test_a_category_the_reference_never_had_is_outside(fitted):
    found = rows(fitted.shift(table() | {"kind": np.array(["A", "C"] * 200, dtype=object)}))
    assert found["kind"][1] == 0.5


def test_a_model_that_was_not_fitted_has_nothing_to_compare_with():
    with pytest.raises(av.ModelError, match="a shift is measured against a reference"):
        MODEL.shift(table())


COUNTS = st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(sum)


@given(COUNTS, COUNTS)
def test_the_index_is_symmetric_and_never_below_0(one, other):
    p, q = np.array(one, dtype=float), np.array(other, dtype=float)
    assert stability_index(p, q) == pytest.approx(stability_index(q, p))
    assert stability_index(p, q) >= 0
    assert stability_index(p, p) == 0
