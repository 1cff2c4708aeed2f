"""Columns of every memory layout read as the same values, whole and block by block."""

from itertools import pairwise

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ahpvalue.scoring import Wanted, read_customers
from ahpvalue.scoring.customers.arrow import Pieces
from ahpvalue.scoring.customers.columns import Deferred

FIGURES = st.lists(st.one_of(st.none(), st.floats(width=32), st.just(-0.0)), max_size=40)
CUTS = st.lists(st.integers(0, 40), max_size=3)


def read(table):
    return read_customers(table, "id", [Wanted("x", "x")]).columns


def expected(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def in_pieces(values, cuts, dtype):
    edges = [0, *sorted(cuts), len(values)]
    chunks = [values[a:b] for a, b in pairwise(edges)]
    return pa.chunked_array([pa.array(chunk, dtype) for chunk in chunks], dtype)


@given(FIGURES, CUTS, st.sampled_from([pa.float64(), pa.float32()]), st.integers(0, 9))
def test_arrow_memory_reads_as_its_figures_wherever_it_is_cut(values, cuts, dtype, skipped):
    column = in_pieces(values, cuts, dtype).slice(skipped)
    table = pa.table({"id": list(range(len(column))), "x": column})
    wanted = expected(values)[skipped:]
    for one in (table, pl.from_arrow(table, rechunk=False)):
        ends = np.minimum([(0, 40), (3, 17), (8, 9)], len(wanted))
        for start, stop in ends.tolist():
            found = read(one).block(start, stop)["x"]
            np.testing.assert_array_equal(found, wanted[start:stop])
        np.testing.assert_array_equal(read(one)["x"], wanted)


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=30))
def test_whole_numbers_with_nulls_are_widened_as_without(values):
    table = pa.table({"id": list(range(len(values))), "x": pa.array(values, pa.int64())})
    for one in (table, pl.from_arrow(table), pa.concat_tables([table.slice(0, 1), table.slice(1)])):
        found = read(one)
        np.testing.assert_array_equal(found["x"].astype(float), expected(values))
        np.testing.assert_array_equal(found.block(0, len(values))["x"], expected(values))


def test_memory_that_looks_like_an_array_is_not_copied():
    figures = np.arange(5.0)
    for table in (
        pd.DataFrame({"id": range(5), "x": figures}, copy=False),
        pl.DataFrame({"id": range(5), "x": figures}),
        pa.table({"id": range(5), "x": figures}),
    ):
        columns = read(table)
        assert columns.copied == 0
        assert np.shares_memory(columns["x"], columns.block(1, 3)["x"])
        assert np.shares_memory(columns["x"], read(table)["x"])


LAYOUTS = {
    "polars booleans": pl.DataFrame({"id": [1, 2, 3], "x": [True, None, False]}),
    "pyarrow booleans": pa.table({"id": [1, 2, 3], "x": [True, None, False]}),
    "pandas nullable": pd.DataFrame({"id": [1, 2, 3], "x": pd.array([1, None, 0], dtype="Int64")}),
    "pandas of arrow": pd.DataFrame(
        {"id": [1, 2, 3], "x": pd.array([1, None, 0], dtype="double[pyarrow]")}
    ),
    "polars wide": pl.DataFrame({"id": [1, 2, 3], "x": [1, None, 0]}, {"id": int, "x": pl.Int128}),
}


@pytest.mark.parametrize("kind", LAYOUTS)
def test_what_only_the_frames_engine_can_read_is_read_in_blocks_too(kind):
    columns = read(LAYOUTS[kind])
    assert columns.copied == 1
    np.testing.assert_array_equal(columns.block(0, 3)["x"], [1, np.nan, 0])
    np.testing.assert_array_equal(columns.block(1, 3)["x"], [np.nan, 0])
    np.testing.assert_array_equal(columns["x"], [1, np.nan, 0])


def test_polars_needs_no_pyarrow(monkeypatch):
    monkeypatch.setattr(Pieces, "of", classmethod(lambda cls, native: None))
    columns = read(pl.DataFrame({"id": [1, 2, 3], "x": [1.5, None, 0.0]}))
    assert isinstance(columns._deferred["x"], Deferred)
    np.testing.assert_array_equal(columns.block(1, 3)["x"], [np.nan, 0])
