"""What a run over a table hands back, and what it says of the table's columns."""

import numpy as np
import pytest

import ahpvalue as av

FREE = {"linear": [[0, 0], [100, 100]], "missing": "renormalise"}
STRICT = {"linear": [[0, 0], [100, 100]], "range": [0, 100]}
MODEL = av.Model(
    hierarchy={"value": {"size": ["sales", "visits"], "trust": ["years"]}},
    judgments={
        "weights": {"value": {"size": 0.6, "trust": 0.4}, "size": {"sales": 0.5, "visits": 0.5}}
    },
    indicators={"sales": FREE, "visits": FREE, "years": STRICT | {"column": "yrs"}},
)
TABLE = {
    "customer": ["a", "b", "c"],
    "sales": [10.0, np.nan, 90.0],
    "visits": [20.0, 60.0, np.nan],
    "yrs": [30.0, 40.0, 50.0],
}
ALL = ("total", "size", "trust", "coverage", "coverage_size", "coverage_trust", "rank",
       "percentile", "status", "model", "reference")  # fmt: skip


def test_every_output_asked_for_alone_is_the_one_among_all():
    together = MODEL.score(TABLE, outputs=ALL)
    assert together.outputs == MODEL.score(TABLE).outputs == ALL
    assert together["coverage_size"].tolist() == [1, 0.5, 0.5]
    assert together["total"].tolist() == pytest.approx([21, 52, 74])
    assert together["rank"].tolist() == [3, 2, 1]
    for name in ALL:
        alone = MODEL.score(TABLE, outputs=[name])
        assert alone.outputs == (name,)
        assert np.asarray(alone[name]).tolist() == np.asarray(together[name]).tolist()


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([30.0, np.nan, 50.0], r"column 'yrs' \(years\): missing for b"),
        ([30.0, 40.0, np.inf], r"column 'yrs' \(years\): infinite for c"),
    ],
)
def test_a_column_at_fault_is_named_with_its_indicator_and_customer(years, said):
    with pytest.raises(av.CustomerDataError, match=said):
        MODEL.score(TABLE | {"yrs": years})


def test_values_outside_the_range_are_told_with_their_column():
    with pytest.warns(av.CustomerDataWarning, match=r"column 'yrs' \(years\): .*above 100"):
        MODEL.score(TABLE | {"yrs": [30.0, 40.0, 150.0]})


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (["totl"], "no output 'totl'; did you mean 'total'"),
        ("total", r"outputs is a list of names, such as \['total'\]"),
    ],
)
def test_other_outputs_are_refused(outputs, said):
    with pytest.raises(av.CustomerDataError, match=said):
        MODEL.score(TABLE, outputs=outputs)
