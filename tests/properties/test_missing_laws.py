"""What missing values mean further up: one rule, whichever execution carries it upwards."""

from __future__ import annotations

from math import nan

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.scoring.eager.plain import score_customer

from .test_engine_laws import models

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")

VALUES = st.one_of(st.none(), st.floats(-50, 150))


@given(st.data())
def test_who_is_rated_and_at_what_is_the_same_in_every_execution(data):
    """The plain formula, the kernel, the expressions of engines, and the weights of draws."""
    model = data.draw(models())
    rows = data.draw(st.integers(1, 8))
    columns = {
        one.name: data.draw(st.lists(VALUES, min_size=rows, max_size=rows))
        for one in model.plan.indicators
    }
    frame = pl.DataFrame(
        {"customer": list(range(rows)), **columns},
        schema_overrides=dict.fromkeys(columns, pl.Float64),
    )
    plainly = [
        score_customer(
            model.plan, {n: nan if v[row] is None else v[row] for n, v in columns.items()}
        )[model.plan.goal]
        for row in range(rows)
    ]
    wanted = [nan if part.absent else part.score for part in plainly]

    kernel = model.score(frame)
    np.testing.assert_array_equal(kernel["total"], wanted)
    np.testing.assert_array_equal(kernel["coverage"], [part.coverage for part in plainly])

    engine = model.score(frame.lazy()).frame.sort("customer").collect()
    np.testing.assert_array_equal(engine["total"].to_numpy(), wanted)
    np.testing.assert_array_equal(engine["coverage"].to_numpy(), kernel["coverage"])

    own = {node: weights[None] for node, weights in model.local_priorities.items()}
    drawn = kernel.robustness([own], interval=None)
    np.testing.assert_allclose(drawn.mean, wanted, atol=1e-9)


def test_a_coverage_on_the_minimum_reaches_it_in_every_execution():
    """0.1 + 0.2 is a last bit more than 0.3; one tolerance says what that means."""
    model = av.Model(
        hierarchy={"value": ["a", "b", "c"]},
        judgments={"weights": {"value": {"a": 0.1, "b": 0.2, "c": 0.7}}},
        indicators={
            name: {"linear": [[0, 0], [100, 100]], "missing": "renormalise"} for name in "abc"
        },
        missing={"minimum_coverage": 0.3},
    )
    table = {"customer": ["C1"], "a": [50.0], "b": [50.0], "c": [nan]}
    scores = model.score(table)
    assert scores["total"] == pytest.approx([50.0])
    assert (
        model.score(pl.LazyFrame(table)).frame.collect()["total"].to_list()
        == scores["total"].tolist()
    )
    own = {"value": np.array([[0.1, 0.2, 0.7]])}
    assert scores.robustness([own], interval=None).mean == pytest.approx([50.0])
