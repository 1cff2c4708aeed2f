"""A column of any type any table knows: the right numbers, or one sentence, alike everywhere."""

import datetime as dt
import random
import warnings
from decimal import Decimal
from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import ahpvalue as av

MODEL = av.Model(
    customer="id",
    hierarchy={"value": ["x"]},
    indicators={"x": {"linear": [[0, 0], [10, 100]], "missing": "renormalise", "range": [0, 10]}},
)
IDS = ["A", "B", "C"]
NONE = float("nan")


def totals(table):
    """Every total, NaN where there is none; a lazy table is computed."""
    scores = MODEL.score(table, outputs=["total"])
    if not isinstance(scores, av.LazyScores):
        return np.asarray(scores["total"], dtype=float)
    frame = scores.frame
    rows = frame.collect().rows() if hasattr(frame, "collect") else frame.order("id").fetchall()
    return np.array([NONE if row[1] is None else row[1] for row in rows], dtype=float)


def refusal(table):
    """The one sentence a table is refused with."""
    with pytest.raises(av.CustomerDataError) as caught:
        totals(table)
    said = str(caught.value)
    assert "\n" not in said
    assert len(said) < 300
    return said


# -- Python objects --------------------------------------------------------------------------

NUMBERS = {
    "int": 2, "float": 2.0, "bool": True, "numpy bool": np.True_, "Decimal": Decimal("2.5"),
    "Fraction": Fraction(5, 2), "int8": np.int8(2), "float16": np.float16(2),
    "uint64": np.uint64(2), "longdouble": np.longdouble(2), "None": None,
    "NaN": NONE, "NA": pd.NA, "NaT": pd.NaT,
    "Decimal NaN": Decimal("NaN"),
}  # fmt: skip
OTHERS = {
    "bytes": b"1", "digits as bytes": b"12", "bytearray": bytearray(b"2"),
    "text": "2", "word": "much",
    "memoryview": memoryview(b"2"), "numpy text": np.str_("2"), "numpy bytes": np.bytes_(b"2"),
    "datetime": dt.datetime(2020, 1, 1), "date": dt.date(2020, 1, 1), "timedelta": dt.timedelta(1),
    "Timestamp": pd.Timestamp("2020"), "Timedelta": pd.Timedelta(1), "complex": 2 + 0j,
    "numpy complex": np.complex128(2), "datetime64": np.datetime64("2020-01-01"),
    "timedelta64": np.timedelta64(5, "s"), "huge": 10**400, "very huge": 10**9999, "list": [2],
    "array": np.array([2.0]), "array of nothing": np.array(2.0), "dict": {}, "object": object(),
    "ellipsis": ..., "infinite": float("inf"), "infinite Decimal": Decimal("Infinity"),
    "signalling": Decimal("sNaN"), "period": pd.Period("2020"), "interval": pd.Interval(0, 1),
    "like a float": type("Odd", (), {"__float__": lambda _: 2.0})(), "empty": "",
    "like an int": type("Odd", (), {"__index__": lambda _: 2})(), "masked": np.ma.masked,
}  # fmt: skip


def objects(values):
    """A column of these Python objects, in every kind of table that can hold them."""
    column = np.empty(3, dtype=object)
    for row, value in enumerate(values):
        column[row] = value
    yield {"id": np.array(IDS), "x": column}
    yield pd.DataFrame({"id": IDS, "x": pd.Series(column, dtype=object)})
    yield pl.DataFrame({"id": IDS, "x": pl.Series(list(values), dtype=pl.Object)})


@pytest.mark.parametrize("kind", NUMBERS)
def test_objects_that_are_numbers_are_read_as_such(kind):
    value = NUMBERS[kind]
    missing = kind in ("None", "NaN", "NA", "NaT", "Decimal NaN")
    wanted = [10.0, NONE if missing else 10 * float(value), 30.0]
    for table in objects([1, value, 3]):
        assert np.array_equal(totals(table), wanted, equal_nan=True)


@pytest.mark.parametrize("kind", OTHERS)
def test_objects_that_are_none_are_refused_alike(kind):
    said = [refusal(table) for table in objects([1, OTHERS[kind], 3])]
    assert said[0].startswith("column 'x' (x): ")
    assert len(set(said)) == 1
    assert "B" in said[0] or "text" in said[0]


@pytest.mark.parametrize("seed", range(60))
def test_mixed_objects_are_read_or_refused_alike(seed):
    rng = random.Random(seed)
    known = [*NUMBERS.values()] * 3 + [*OTHERS.values()]
    found = []
    for table in objects(values := [rng.choice(known) for _ in range(3)]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", av.CustomerDataWarning)  # all may be missing
            try:
                found.append(totals(table).tolist())
            except av.CustomerDataError as wrong:
                found.append(str(wrong))
    assert len(set(map(str, found))) == 1, values
    others = [value for value in values if any(value is other for other in OTHERS.values())]
    assert isinstance(found[0], str) == bool(others)


# -- types of the engines --------------------------------------------------------------------

D = [Decimal(1), Decimal("2.5"), None]
NUMBER_COLUMNS = {
    **{f"numpy {t}": np.array([1, 2.5, 0]).astype(t) for t in ("f8", ">f8", ">f4", "f2", "g")},
    **{f"numpy {t}": np.array([1, 0, 1]).astype(t) for t in ("i1", ">i4", "u8", ">u2", "?")},
    "masked": np.ma.array([1.0, 2.5, 9.0], mask=[0, 0, 1]),
    "masked int": np.ma.array([1, 2, 9], mask=[0, 0, 1]),
    **{f"pandas {t}": pd.array([1, 2, None], t) for t in ("Int8", "UInt64", "Float32", "Float64")},
    "pandas boolean": pd.array([True, False, None], "boolean"),
    "pandas category": pd.Categorical([1, 2.5, None]),
    "pandas sparse": pd.arrays.SparseArray([1.0, 0.0, NONE]),
    "pandas sparse int": pd.arrays.SparseArray([1, 0, 2]),
    **{
        f"pandas {t}": pd.array(D, pd.ArrowDtype(t))
        for t in (pa.decimal32(5, 2), pa.decimal64(9, 2), pa.decimal128(9, 2), pa.decimal256(50, 2))
    },
    "pandas dictionary": pd.array([1, None, 2], pd.ArrowDtype(pa.dictionary(pa.int8(), pa.int8()))),
    **{
        f"arrow {t}": pa.array([1, 2, None], t)
        for t in (pa.int8(), pa.uint64(), pa.float16(), pa.float32(), pa.float64())
    },
    **{
        f"arrow {t}": pa.array(D, t)
        for t in (pa.decimal32(5, 2), pa.decimal64(9, 2), pa.decimal128(9, 2), pa.decimal256(50, 2))
    },
    "arrow bool": pa.array([True, False, None]),
    "arrow bool8": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0, None], pa.int8())),
    "arrow dictionary": pa.array([1.0, 2.5, None]).dictionary_encode(),
    "arrow run-end": pc.run_end_encode(pa.array([1.0, 1.0, None])),
    "arrow opaque": pa.ExtensionArray.from_storage(
        pa.opaque(pa.float64(), "t", "v"), pa.array([1.0, 2.5, None])
    ),
    **{
        f"polars {t}": pl.Series([1, 2, None]).cast(t)
        for t in (pl.Int8, pl.Int128, pl.UInt128, pl.UInt64, pl.Float16, pl.Float32)
    },
    "polars Decimal": pl.Series(D, dtype=pl.Decimal(10, 2)),
    "polars Boolean": pl.Series([True, False, None]),
}  # fmt: skip
OTHER_COLUMNS = {
    "numpy complex": np.array([1, 2, 3], complex), "numpy text": np.array(["1", "2", "3"]),
    "numpy bytes": np.array([b"1", b"2", b"3"]), "numpy time": np.array(["2020"] * 3, "M8[D]"),
    "numpy span": np.array([1, 2, 3], "m8[s]"), "numpy struct": np.zeros(3, [("a", int)]),
    "numpy new text": np.array(["1", "2", "3"], np.dtypes.StringDType()),
    "pandas category": pd.Categorical(["1", "2", None]),
    "pandas string": pd.array(["1", "2", None]),
    "pandas period": pd.period_range("2020", periods=3, freq="Y"),
    "pandas interval": pd.interval_range(0, 3), "pandas span": pd.to_timedelta([1, 2, 3], "s"),
    "pandas zone": pd.date_range("2020", periods=3, tz="Asia/Shanghai"),
    "pandas arrow binary": pd.array([b"1", b"2", None], pd.ArrowDtype(pa.binary())),
    **{
        f"arrow {t}": pa.array(["1", "2", None]).cast(t)
        for t in (pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary())
    },
    "arrow binary_view": pa.array([b"1", b"2", None], pa.binary_view()),
    "arrow fixed binary": pa.array([b"1", b"2", None], pa.binary(1)),
    "arrow date": pa.array([1, 2, None], pa.int32()).cast(pa.date32()),
    "arrow time": pa.array([1, 2, None], pa.int32()).cast(pa.time32("s")),
    "arrow zone": pa.array([1, 2, None], pa.timestamp("us", "Asia/Shanghai")),
    "arrow span": pa.array([1, 2, None], pa.duration("s")),
    "arrow list": pa.array([[1], [2], None]), "arrow struct": pa.array([{"a": 1}, None, None]),
    "arrow map": pa.array([[("a", 1)], None, None], pa.map_(pa.string(), pa.int8())),
    "arrow dictionary": pa.array(["1", "2", None]).dictionary_encode(),
    "arrow run-end": pc.run_end_encode(pa.array(["1", "1", None])),
    "arrow union": pa.UnionArray.from_sparse(
        pa.array([0, 0, 1], pa.int8()), [pa.array([1.0, 2.0, 3.0]), pa.array(["a", "b", "c"])]
    ),
    "arrow uuid": pa.ExtensionArray.from_storage(
        pa.uuid(), pa.array([bytes(16)] * 3, pa.binary(16))
    ),
    "polars Categorical": pl.Series(["1", "2", None], dtype=pl.Categorical),
    "polars Enum": pl.Series(["1", "2", None], dtype=pl.Enum(["1", "2"])),
    "polars String": pl.Series(["1", "2", None]), "polars Binary": pl.Series([b"1", b"2", None]),
    **{
        f"polars {t}": pl.Series([1, 2, None]).cast(t)
        for t in (pl.Date, pl.Time, pl.Datetime("us", "Asia/Shanghai"), pl.Duration("us"))
    },
    "polars List": pl.Series([[1], [2], None]), "polars Struct": pl.Series([{"a": 1}, None, None]),
}  # fmt: skip


def table_of(kind, column):
    engine = kind.partition(" ")[0]
    frame = {"arrow": pa.table, "polars": pl.DataFrame, "pandas": pd.DataFrame}.get(engine, dict)
    return frame({"id": IDS, "x": column})


def written(column):
    """A column as the numbers that it holds."""
    values = (
        column.to_pylist()
        if hasattr(column, "to_pylist")
        else column.tolist()
        if hasattr(column, "tolist")
        else list(column)
    )
    return [NONE if value is None or value is pd.NA else float(value) for value in values]


@pytest.mark.parametrize("kind", NUMBER_COLUMNS)
def test_a_column_of_numbers_of_any_type_is_read_as_its_numbers(kind):
    column = NUMBER_COLUMNS[kind]
    wanted = 10 * np.array(written(column))
    assert np.array_equal(totals(table_of(kind, column)), wanted, equal_nan=True)
    if kind.startswith(("numpy", "masked")):  # in a frame, too
        assert np.array_equal(
            totals(pd.DataFrame({"id": IDS, "x": column})), wanted, equal_nan=True
        )
    if kind.startswith("polars"):
        lazy = table_of(kind, column).lazy()
        assert np.array_equal(totals(lazy), wanted, equal_nan=True)


@pytest.mark.parametrize("kind", OTHER_COLUMNS)
@pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")
def test_a_column_of_anything_else_is_refused_in_a_sentence(kind):
    table = table_of(kind, OTHER_COLUMNS[kind])
    said = refusal(table)
    assert said.startswith("column 'x' (x): holds ")
    assert "numbers" in said
    if kind.startswith("polars"):
        try:
            assert np.isnan(totals(table.lazy())[:2]).all()  # texts: refused by customer
        except av.CustomerDataError as wrong:
            assert "not numbers; convert the column" in str(wrong)  # noqa: PT017


DUCKDB = {
    "decimal(38, 2)": "1", "hugeint": "1", "uhugeint": "1", "bignum": "1", "boolean": "true",
    "float": "1", "tinyint": "1", "ubigint": "1", "double": "1",
    "blob": "'1'", "date": "'2020-01-01'", "time": "'10:00'", "timestamptz": "'2020-01-01'",
    "interval": "'1 day'", "uuid": "'5a3b8a00-0000-4000-8000-000000000001'", "bit": "'1'",
    "integer[]": "[1]", "struct(a integer)": "{'a': 1}", "map(integer, integer)": "map {1: 2}",
    "union(a integer)": "1",
}  # fmt: skip


@pytest.mark.parametrize("kind", DUCKDB)
def test_a_column_of_duckdb_is_read_as_its_numbers_or_refused(kind):
    table = duckdb.sql(f"select 'A' id, cast({DUCKDB[kind]} as {kind}) x")
    if list(DUCKDB).index(kind) < list(DUCKDB).index("blob"):
        assert totals(table).tolist() == [10.0]
    else:
        assert "not numbers; convert the column to numbers" in refusal(table)


# -- tables ----------------------------------------------------------------------------------

ARROW = pa.table({"id": IDS, "x": [1.0, 2.5, 3.0]})
STRUCTURED = np.array([("A", 1.0), ("B", 2.5)], dtype=[("id", "U5"), ("x", "f8")])


@pytest.mark.parametrize("table", [STRUCTURED, STRUCTURED.view(np.recarray)])
def test_a_structured_array_is_a_table(table):
    scores = MODEL.score(table)
    assert scores["total"].tolist() == [10.0, 25.0]
    assert scores.frame["id"].tolist() == ["A", "B"]


def test_a_record_batch_is_a_table():
    scores = MODEL.score(ARROW.to_batches()[0])
    assert isinstance(scores.frame, pa.Table)
    assert scores["total"].tolist() == [10.0, 25.0, 30.0]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (ARROW.to_reader(), "RecordBatchReader; it can be read only once: pass its .read_all()"),
        (np.ones((2, 2)), "not as ndarray; its columns have no names: pass {'id': ids, 'sales'"),
        ([{"id": "A", "x": 1}], "not as list; pass pandas.DataFrame(rows) or polars."),
        ("customers.csv", "not as str; read the file first, or score it with Model.score_files"),
        (pd.Series([1]), "not as Series; it is one column: pass the whole frame"),
        (None, "customers come as a data frame or a mapping of arrays, not as NoneType"),
        ({"id": "A", "x": 1}, "columns must be one-dimensional and equally long: id (), x ()"),
        (pd.DataFrame([["A", 1, 2]], columns=["id", "x", "x"]), "the same name: 'x'; rename one"),
        (pa.table([[1], [1], [2]], ["id", "x", "x"]), "two columns have the same name: 'x'"),
        (pd.DataFrame({"x": [1.0]}, index=pd.Index(["A"], name="id")), "'id' is in the index"),
        (pd.DataFrame({"x": [1.0]}, index=["A"]), "rename_axis('id').reset_index()"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_how_to_become_one(table, said):
    assert said in refusal(table)


def test_what_duckdb_calls_arrow_is_told_how_to_become_a_table():
    assert "read_all()" in refusal(duckdb.sql("select 'A' id, 1.0 x").arrow())


def test_bytes_that_a_rule_compares_are_refused():
    model = av.Model(
        customer="id",
        hierarchy={"value": ["x"]},
        indicators={"x": {"linear": [[0, 0], [10, 100]]}},
        active={"when": {"channel": {"equals": "shop"}}},
    )
    for channel in ([b"shop"] * 3, [bytearray(b"shop")] * 3):
        for table in objects(channel):
            both = table | {"channel": table["x"]} if isinstance(table, dict) else None
            if both is not None:
                both["x"] = np.ones(3)
                with pytest.raises(av.CustomerDataError, match="'channel': holds bytes such as b"):
                    model.score(both)


@pytest.mark.parametrize(
    "table",
    [
        "a) ; drop",
        "a; drop table b",
        "a -- x",
        "",
        "a b",
        "(select 1)",
        '"a"b"',
        "x'y",
        "a\nb",
        None,
    ],
)
@pytest.mark.parametrize("dialect", ["duckdb", "spark", "postgres"])
def test_what_is_no_name_of_a_table_is_not_written_into_sql(table, dialect):
    with pytest.raises(av.ModelError, match="is not the name of a table; give a name such as"):
        MODEL.to_sql(dialect, table=table)


@pytest.mark.parametrize(
    ("dialect", "table"),
    [
        ("duckdb", '"my ""own"" table"'), ("duckdb", "'c.parquet'"), ("duckdb", "客户"),
        ("duckdb", "read_parquet('c.parquet')"), ("spark", "`a-b`.c"), ("postgres", "crm.outlets"),
        ("bigquery", '"my-project".crm.outlets'),
    ],
)  # fmt: skip
def test_every_way_to_name_a_table_is_one_in_sql(dialect, table):
    assert MODEL.to_sql(dialect, table=table)


def test_a_word_of_the_database_is_no_name_without_quotation_marks():
    with pytest.raises(av.ModelError, match="cannot be written for postgres; is the table's name"):
        MODEL.to_sql("postgres", table="select")
    assert 'FROM "select"' in MODEL.to_sql("postgres", table='"select"')
