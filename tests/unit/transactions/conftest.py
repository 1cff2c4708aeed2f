"""The same lines as every kind of table, and any answer as a polars frame in one order."""

from __future__ import annotations

import polars as pl
import pytest

KINDS = ["pandas", "pandas-arrow", "polars", "polars-lazy", "pyarrow", "duckdb", "ibis"]


def as_kind(lines: pl.DataFrame, kind: str):
    if kind == "duckdb":
        import duckdb

        return duckdb.from_arrow(lines.to_arrow())
    if kind == "ibis":
        return pytest.importorskip("ibis", reason="Ibis is not installed").memtable(
            lines.to_arrow()
        )
    makers = {
        "pandas": lines.to_pandas,
        "pandas-arrow": lambda: lines.to_pandas(use_pyarrow_extension_array=True),
        "polars": lambda: lines,
        "polars-lazy": lines.lazy,
        "pyarrow": lines.to_arrow,
    }
    return makers[kind]()


def as_polars(table) -> pl.DataFrame:
    """Any answer, in the order of period and customer, NaN of pandas as missing."""
    kind = type(table).__module__.partition(".")[0]
    if kind == "pandas":
        table = pl.from_pandas(table.reset_index(drop=True))
    elif kind == "pyarrow":
        table = pl.from_arrow(table)
    elif kind in ("duckdb", "_duckdb"):
        table = table.pl()
    elif kind == "ibis":
        table = pl.from_arrow(table.to_pyarrow())
    elif isinstance(table, pl.LazyFrame):
        table = table.collect()
    return table.sort("period", table.columns[0])


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def made():
    return as_kind


@pytest.fixture
def told():
    return as_polars
