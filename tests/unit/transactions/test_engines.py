"""One answer from every engine, and nothing read before somebody asks for it."""

from __future__ import annotations

import datetime as dt
import sys

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from ahpvalue import CustomerDataError, MissingExtraError
from ahpvalue.transactions import calendar_periods, from_transactions
from ahpvalue.transactions.per_group import medians

ROLES = {
    "customer": "shop",
    "date": "at",
    "amount": "value",
    "quantity": "pieces",
    "order": "invoice",
    "product": "item",
    "cost": "paid",
    "region": "town",
    "period": calendar_periods("quarter", "2023-10-01", "2024-03-31"),
    "drop_duplicates": True,
}


@pytest.fixture(scope="module")
def lines():
    """Lines of half a year with returns, copies, ties, and gaps where gaps may be."""
    rng = np.random.default_rng(7)
    n = 4_000
    shop = rng.zipf(1.6, n) % 90
    pieces = rng.integers(1, 20, n)
    price = rng.choice([1.5, 2.0, 2.25, 3.1], n)
    back = rng.random(n) < 0.05
    table = pl.DataFrame(
        {
            "shop": [None if k == 13 else f"S{k:02d}" for k in shop],
            "at": np.datetime64("2023-10-01T08:00", "us")
            + rng.integers(0, 183 * 24, n).astype("timedelta64[h]"),
            "pieces": pieces,
            "value": np.round(price * pieces, 2) * np.where(back, -1, 1),
            "invoice": rng.integers(0, 1_500, n).astype(str),
            "item": rng.choice(list("abcdefghijklmnopqrstuvwxyz"), n),
            "paid": np.where(rng.random(n) < 0.02, np.nan, price * pieces * 0.7),
            "town": [None if k % 17 == 0 else f"T{k % 5}" for k in shop],
        }
    ).with_columns(pl.col("paid").fill_nan(None))
    return pl.concat([table, table[:50]])


pytestmark = pytest.mark.filterwarnings("ignore:.*have no customer.*:UserWarning")


def assert_same(one: pl.DataFrame, other: pl.DataFrame) -> None:
    assert one.columns == other.columns
    for name in one.columns:
        here, there = one[name], other[name]
        if not here.dtype.is_numeric():
            assert here.to_list() == there.to_list(), name
            continue
        here, there = here.cast(pl.Float64), there.cast(pl.Float64)
        assert (here.is_null() == there.is_null()).all(), name
        assert here.is_finite().drop_nulls().all(), name
        np.testing.assert_allclose(there, here, rtol=1e-11, atol=1e-9, err_msg=name)


@pytest.fixture(scope="module")
def expected(lines):
    table = from_transactions(lines, **ROLES)
    assert table.height > 120
    assert set(table["status"]) >= {"active", "lapsed"}
    assert table["adoption_lead"].null_count() < table.height / 2
    return table


def test_every_engine_gives_the_same_numbers(kind, lines, expected, made, told):
    answer = from_transactions(made(lines, kind), **ROLES)
    assert type(answer).__module__.partition(".")[0].lstrip("_") == kind.partition("-")[0]
    assert isinstance(answer, pl.LazyFrame) == (kind == "polars-lazy")
    assert_same(expected, told(answer))


@pytest.mark.parametrize("eager", ["pandas", "polars", "pyarrow"])
def test_a_table_in_memory_comes_back_in_the_order_of_period_and_customer(eager, lines, made):
    answer = nw.from_native(from_transactions(made(lines, eager), **ROLES))
    pairs = list(zip(answer["period"].to_list(), answer["shop"].to_list(), strict=True))
    assert pairs == sorted(pairs)


def test_medians_are_right_in_tables_larger_than_an_engines_batch(kind, made):
    # pyarrow joins larger tables in parallel and out of order.
    rng = np.random.default_rng(1)
    n = 150_000
    table = pl.DataFrame(
        {"by": rng.integers(0, 5_000, n).astype(str), "value": rng.integers(0, 50, n), "weight": 1}
    )
    frame = nw.from_native(made(table, kind)).lazy()
    found = pl.from_arrow(medians(frame, "value", "weight", "by").collect("pyarrow").to_native())
    found = found.sort("by").select("by", median=(pl.col("lower") + pl.col("upper")) / 2)
    assert found.equals(table.group_by("by").agg(median=pl.col("value").median()).sort("by"))


# -- nothing is read ---------------------------------------------------------------------------


def test_a_polars_lazy_frame_is_not_collected(lines):
    from polars.io.plugins import register_io_source

    read = []

    def source(*_):
        read.append(1)
        yield lines

    lazy = register_io_source(source, schema=lines.schema)
    answer = from_transactions(lazy, **ROLES)
    assert read == []
    answer.collect()
    assert read


def test_a_duckdb_relation_sees_what_came_after_it_was_asked(lines):
    import duckdb

    with duckdb.connect() as base:
        base.sql('CREATE TABLE sold (shop VARCHAR, "at" TIMESTAMP, value DECIMAL(9, 2))')
        period = ("2024-01-01", "2024-03-31")
        roles = {"customer": "shop", "date": "at", "amount": "value", "period": period}
        answer = from_transactions(base.table("sold"), **roles)
        base.sql("INSERT INTO sold VALUES ('A', '2024-02-01 10:00', 12.5)")
        assert answer.select("shop", "sales").fetchall() == [("A", 12.5)]


@pytest.fixture
def folder(lines, tmp_path):
    for name, part in (("2023/a", lines[:1_500]), ("2024/b", lines[1_500:])):
        place = tmp_path / "sales" / f"{name}.parquet"
        place.parent.mkdir(parents=True)
        part.write_parquet(place)
    return tmp_path / "sales"


def test_a_folder_of_parquet_is_read_through_duckdb_and_only_when_asked(folder, expected, told):
    answer = from_transactions(folder, **ROLES)
    assert type(answer).__name__ == "DuckDBPyRelation"
    assert_same(expected, told(answer))
    pattern = from_transactions(str(folder / "*" / "*.parquet"), **ROLES)
    assert_same(expected, told(pattern))
    unread = from_transactions(folder, **ROLES)
    (folder / "2024" / "b.parquet").unlink()
    assert_same(told(from_transactions(folder, **ROLES)), told(unread))
    assert told(unread)["sales"].sum() < expected["sales"].sum() / 2


def test_a_path_to_nothing_is_refused(tmp_path):
    with pytest.raises(CustomerDataError, match=r"nothing\.parquet: cannot be read as Parquet"):
        from_transactions(str(tmp_path / "nothing.parquet"), **ROLES)
    with pytest.raises(CustomerDataError, match="give a Parquet file, a folder of them, or"):
        from_transactions(tmp_path, **ROLES)


def test_a_path_without_duckdb_names_the_extra(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError, match=r"reading Parquet files needs duckdb.*\[engines\]"):
        from_transactions(folder, **ROLES)


def test_which_quarters_there_are_is_not_asked_of_lines_that_are_not_read(lines):
    with pytest.raises(CustomerDataError, match=r"give period=calendar_periods\('quarter', first"):
        from_transactions(lines.lazy(), **(ROLES | {"period": "quarter"}))


@pytest.mark.dask
@pytest.mark.filterwarnings("ignore")  # Dask's own, and narwhals' about Dask
def test_dask_is_refused_with_what_to_give_instead(lines):
    dask = pytest.importorskip("dask.dataframe", reason="Dask is not installed")
    with pytest.raises(CustomerDataError, match="give the Parquet files it was read from"):
        from_transactions(dask.from_pandas(lines.to_pandas(), npartitions=2), **ROLES)


@pytest.mark.filterwarnings("ignore")  # Spark's and the JVM's own
def test_spark_gives_the_same_numbers(lines, folder, told, spark):
    period = {"2024Q1": (dt.date(2024, 1, 1), dt.date(2024, 3, 31))}
    roles = ROLES | {"period": period}
    read = spark.read.parquet(str(folder / "2023"), str(folder / "2024"))
    answer = from_transactions(read, **roles)
    assert_same(from_transactions(lines, **roles), told(answer.toPandas()))
