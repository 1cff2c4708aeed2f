"""One table of customers in every kind of frame, and the answers as plain columns again."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

EAGER = ("numpy", "pandas", "pandas nullable", "pandas arrow", "polars", "pyarrow")
LAZY = ("polars lazy", "duckdb", "dask", "ibis", "pyspark")

_NEEDS = {"dask": "dask", "ibis": "ibis", "pyspark": "pyspark"}


def _numpy(table: pa.Table) -> dict[str, Any]:
    columns = {}
    for name in table.column_names:
        column = table[name]
        values = column.to_pylist()
        is_number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        columns[name] = (
            column.to_numpy(zero_copy_only=False) if is_number else np.array(values, dtype=object)
        )
    return columns


def _pandas(kind: str | None) -> Callable[[pa.Table], Any]:
    def made(table: pa.Table) -> Any:
        import pandas as pd

        if kind == "arrow":
            return table.to_pandas(types_mapper=pd.ArrowDtype)
        frame = table.to_pandas()
        return frame.convert_dtypes(dtype_backend="numpy_nullable") if kind else frame

    return made


def _polars(table: pa.Table) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _duckdb(table: pa.Table) -> Any:
    import duckdb

    return duckdb.from_arrow(table)


def _dask(table: pa.Table) -> Any:
    import dask.dataframe as dd
    import pandas as pd

    frame = table.to_pandas()
    for name in table.column_names:  # Dask makes text of other objects: decimals, None and True
        if frame[name].dtype == object:
            frame[name] = frame[name].astype(pd.ArrowDtype(table[name].type))
    return dd.from_pandas(frame, npartitions=3)


def _ibis(table: pa.Table) -> Any:
    import duckdb
    import ibis

    connection = duckdb.connect()
    connection.from_arrow(table).create("customers")
    return ibis.duckdb.from_connection(connection).table("customers")


@pytest.fixture(autouse=True)
def from_the_start(request: pytest.FixtureRequest) -> None:
    """Every test draws the same values, whichever ran before it in its process."""
    generator = getattr(request.module, "RNG", None)
    if generator is not None:
        generator.bit_generator.state = np.random.default_rng(3).bit_generator.state


@pytest.fixture
def in_engine(request: pytest.FixtureRequest, tmp_path: Any) -> Callable[[str, pa.Table], Any]:
    """Put a table into an engine by the engine's name."""
    makers: dict[str, Callable[[pa.Table], Any]] = {
        "numpy": _numpy,
        "pandas": _pandas(None),
        "pandas nullable": _pandas("nullable"),
        "pandas arrow": _pandas("arrow"),
        "polars": _polars,
        "pyarrow": lambda table: table,
        "polars lazy": lambda table: _polars(table).lazy(),
        "duckdb": _duckdb,
        "dask": _dask,
        "ibis": _ibis,
    }

    def put(engine: str, table: pa.Table) -> Any:
        if engine == "pyspark":
            import pyarrow.parquet as pq

            session = request.getfixturevalue("spark")
            pq.write_table(table, tmp_path / "customers.parquet")
            return session.read.parquet(str(tmp_path / "customers.parquet"))
        needed = _NEEDS.get(engine)
        if needed is not None and importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
        return makers[engine](table)

    return put


def collected(engine: str, frame: Any) -> dict[str, np.ndarray]:
    """An answer's columns in the order of the ids: numbers with NaN, texts with None."""
    if engine == "numpy":
        columns = {name: list(values) for name, values in frame.items()}
    elif engine == "polars lazy":
        columns = frame.collect().to_dict(as_series=False)
    elif engine == "duckdb":
        columns = frame.to_arrow_table().to_pydict()
    elif engine == "dask":
        columns = pa.Table.from_pandas(frame.compute(), preserve_index=False).to_pydict()
    elif engine == "ibis":
        columns = frame.to_pyarrow().to_pydict()
    elif engine == "pyspark":
        columns = frame.toArrow().to_pydict()
    elif engine == "polars":
        columns = frame.to_dict(as_series=False)
    elif engine == "pyarrow":
        columns = frame.to_pydict()
    else:
        columns = pa.Table.from_pandas(frame, preserve_index=False).to_pydict()
    order = np.argsort([str(one) for one in columns["customer"]])
    return {name: _plain(values)[order] for name, values in columns.items()}


def _plain(values: list[Any]) -> np.ndarray:
    if any(isinstance(value, str) for value in values):
        return np.array(values, dtype=object)
    return np.array([np.nan if value is None else float(value) for value in values])
