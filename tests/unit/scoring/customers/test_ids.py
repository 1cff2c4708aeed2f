"""Which ids are missing or repeated is said the same way whatever holds them."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.scoring.customers.ids import _row_by_row, doubtful_ids
from ahpvalue.scoring.peers import standing

IDS = st.one_of(
    st.lists(st.integers(-3, 30), max_size=12),
    st.lists(st.sampled_from([1.5, 2.0, -0.0, 0.0, float("nan"), 7.0]), max_size=6),
    st.lists(st.sampled_from(["a", "b", "c", "", "00017", "17"]), max_size=5),
)


def same(found, wanted):
    return (found.absent == wanted.absent).all() and (found.doubles == wanted.doubles).all()


@given(IDS)
def test_the_quick_look_at_ids_agrees_with_a_dictionary(ids):
    wanted = _row_by_row(ids)
    for array in (np.array(ids), np.array(ids, dtype=object)):
        assert same(doubtful_ids(array), wanted)


@given(IDS)
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_frames_ids_are_judged_like_an_arrays(kind, ids):
    table = {"customer": ids, "x": [1.0] * len(ids)}
    model = av.Model(hierarchy={"v": ["x"]}, indicators={"x": {"linear": [[0, 0], [2, 100]]}})
    found = _row_by_row(ids)
    if found.absent.any() or found.doubles.any():
        with pytest.raises(av.CustomerDataError, match=r"no id in row|in more than one row"):
            model.score(kind(table))
    else:
        assert len(model.score(kind(table))) == len(ids)


def test_ids_of_several_kinds_are_told_apart_as_they_are_written():
    day = dt.date(2020, 1, 1)
    for ids, twice in (([1, "1"], 1), ([day, day], 1), ([None, 1], 0), ([1, 1.0], 1), ([1, "a"], 0),
                       (["a", pd.NA], 0)):  # fmt: skip
        array = np.empty(2, dtype=object)
        array[:] = ids
        assert doubtful_ids(array).doubles.sum() == twice, ids
        assert same(doubtful_ids(array), _row_by_row(ids)), ids


@given(st.lists(st.one_of(st.integers(0, 8).map(float), st.just(float("nan"))), max_size=30))
def test_a_rank_is_one_more_than_the_number_of_better_ones(totals):
    rated = [one for one in totals if not np.isnan(one)]
    rank, percentile = standing(np.array(totals))
    for k, one in enumerate(totals):
        if np.isnan(one):
            assert np.isnan(rank[k])
            assert np.isnan(percentile[k])
            continue
        assert rank[k] == 1 + sum(other > one for other in rated)
        if len(rated) > 1:
            beaten = sum(other < one for other in rated) + (rated.count(one) - 1) / 2
            assert percentile[k] == beaten * (100 / (len(rated) - 1))
        else:
            assert np.isnan(percentile[k])
