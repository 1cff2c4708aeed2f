"""Tables in and out: the same kind, order and index; what cannot be scored is named."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import ahpvalue as av

MODEL = av.Model(
    customer="id",
    hierarchy={"value": {"a": ["x", "grade"], "b": ["x", "y"]}},
    judgments={
        "weights": {
            "value": {"a": 0.5, "b": 0.5},
            "a": {"x": 0.75, "grade": 0.25},
            "b": {"x": 0.5, "y": 0.5},
        }
    },
    indicators={
        "x": {"linear": [[0, 0], [100, 100]], "missing": "renormalise", "range": [None, None]},
        "y": {
            "column": "y_col",
            "bands": {"edges": [10], "scores": [0, 100], "closed": "left"},
            "range": [None, None],
        },
        "grade": {"categories": {"A": 100, "B": 40, "1": 20, "true": 10}, "missing": {"score": 50}},
    },
)
IDS = ["00001", "00002", "00010"]
ROWS = {"id": IDS, "x": [80.0, None, 20.0], "y_col": [10, 9, 30], "grade": ["A", None, "B"]}


def as_numpy():
    columns = {name: np.array(values, dtype=object) for name, values in ROWS.items()}
    return columns | {"x": np.array([80.0, np.nan, 20.0]), "y_col": np.array([10, 9, 30])}


FRAMES = {
    "numpy": as_numpy,
    "pandas": lambda: pd.DataFrame(ROWS),
    "pandas nullable": lambda: pd.DataFrame(ROWS).convert_dtypes(),
    "pandas pyarrow": lambda: pd.DataFrame(ROWS).convert_dtypes(dtype_backend="pyarrow"),
    "pandas objects": lambda: pd.DataFrame(ROWS).astype(object),
    "pandas decimals": lambda: pd.DataFrame(ROWS | {"y_col": [Decimal(v) for v in (10, 9, 30)]}),
    "polars": lambda: pl.DataFrame(ROWS),
    "polars small": lambda: pl.DataFrame(ROWS).with_columns(
        pl.col("x").cast(pl.Float32),
        pl.col("y_col").cast(pl.Int8),
        pl.col("grade").cast(pl.Categorical),
    ),
    "polars decimals": lambda: pl.DataFrame(ROWS).with_columns(
        pl.col("y_col").cast(pl.Decimal(9, 2))
    ),
    "pyarrow": lambda: pa.table(ROWS),
    "pyarrow chunked": lambda: pa.concat_tables(
        [pa.table(ROWS).slice(0, 1), pa.table(ROWS).slice(1)]
    ),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_table_gives_the_same_scores(kind):
    scores = MODEL.score(FRAMES[kind]())
    np.testing.assert_array_equal(scores["total"], MODEL.score(as_numpy())["total"])
    np.testing.assert_allclose(scores["coverage"], [1, 0.25, 1])


def test_the_scores_are_what_a_person_works_out():
    scores = MODEL.score(as_numpy())
    # a = .75 x 80 + .25 x 100 = 85, b = .5 x 80 + .5 x 100 = 90
    # second: x is missing: a is the neutral 50 alone, b is 0 (9 is below the edge) alone
    # third: a = .75 x 20 + .25 x 40 = 25, b = .5 x 20 + .5 x 100 = 60
    assert scores["a"].tolist() == [85, 50, 25]
    assert scores["b"].tolist() == [90, 0, 60]
    assert scores["total"].tolist() == [87.5, 25, 42.5]
    assert scores["rank"].tolist() == [1, 3, 2]
    assert scores["percentile"].tolist() == [100, 0, 50]


@pytest.mark.parametrize("kind", FRAMES)
def test_the_answer_is_the_kind_of_table_that_was_given(kind):
    table = FRAMES[kind]()
    frame = MODEL.score(table).frame
    assert type(frame) is type(table)
    names = (
        list(frame)
        if kind == "numpy"
        else list(getattr(frame, "column_names", frame))
        if kind.startswith("pyarrow")
        else list(frame.columns)
    )
    assert names[:4] == ["id", "total", "a", "b"]
    assert names[-3:] == ["status", "model", "reference"]


def test_order_and_index_of_pandas_are_kept():
    table = pd.DataFrame(ROWS, index=["z", "y", "x"])
    frame = MODEL.score(table).frame
    assert frame.index.tolist() == ["z", "y", "x"]
    assert frame["id"].tolist() == IDS
    assert frame.loc["x", "total"] == 42.5
    doubled = MODEL.score(pd.DataFrame(ROWS, index=[0, 0, 0])).frame
    assert doubled["total"].tolist() == [87.5, 25, 42.5]


UNRATED = {"id": ["1", "2"], "x": [None, 50.0], "y_col": [1, 20], "grade": [None, "A"]}


def strict():
    document = MODEL.document.model_dump(exclude_defaults=True)
    document["indicators"]["grade"]["missing"] = "renormalise"
    return av.Model(**document)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_not_rated_is_missing_and_never_0(kind):
    table = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[kind](UNRATED)
    frame = strict().score(table).frame
    column = frame["a"].to_pylist() if kind == "pyarrow" else frame["a"].to_list()
    assert column[1] == 62.5
    assert np.isnan(column[0]) if kind == "pandas" else column[0] is None
    status = frame["status"].to_pylist() if kind == "pyarrow" else frame["status"].to_list()
    assert status == ["rated", "rated"]  # the total rests on b


def test_a_table_without_rows_gives_scores_without_rows():
    empty = {name: np.array([], dtype=object) for name in ROWS}
    assert MODEL.score(empty)["total"].tolist() == []
    assert len(MODEL.score(pl.DataFrame(ROWS).head(0)).frame) == 0


def refusal(table, **options):
    with pytest.raises(av.CustomerDataError) as refused:
        MODEL.score(table, **options)
    return str(refused.value)


@pytest.mark.parametrize("kind", ["numpy", "pandas", "polars", "pyarrow"])
@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("y_col", [10.0, None, 3.0], "column 'y_col' (y): missing for 00002; complete the column"),
        ("x", [1.0, float("inf"), 3.0], "column 'x' (x): infinite for 00002; give a finite value"),
        ("x", ["1", "abc", "3"], "column 'x' (x): holds 'abc' for customer 00002"),
        (
            "grade",
            ["A", "Z", "B"],
            "column 'grade' (grade): holds 'Z', which the model does not know",
        ),
        ("id", ["00001", None, "00010"], "column 'id': no id in row 2"),
        ("id", ["00001", "00010", "00010"], "column 'id': 00010 in more than one row"),
    ],
)
def test_what_cannot_be_scored_is_named_with_column_and_customer(kind, column, values, said):
    rows = ROWS | {column: values}
    if kind == "numpy":
        table = as_numpy() | {column: np.array(values, dtype=object)}
    else:
        table = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[kind](rows)
    assert said in refusal(table)


def test_all_problems_of_a_table_are_listed_together():
    said = refusal(pd.DataFrame(ROWS | {"y_col": ["a", "b", "c"]}).rename(columns={"x": "X_"}))
    assert "there is no column 'x' (x)" in said
    assert "holds 'a' for customer 00001" in said


def test_a_missing_column_names_the_nearest_one():
    assert "no column 'y_col' (y); did you mean 'y_coll'?" in refusal(
        pd.DataFrame(ROWS).rename(columns={"y_col": "y_coll"})
    )


def test_numbers_written_as_text_are_refused_as_such():
    assert "holds numbers written as text" in refusal(pl.DataFrame(ROWS | {"x": ["1", "2", None]}))


def test_dates_are_no_figures():
    dates = pd.to_datetime(["2020-01-01", "2020-01-02", None])
    assert "this indicator is scored by values" in refusal(pd.DataFrame(ROWS | {"x": dates}))


def test_what_is_no_table_is_refused_with_a_remedy():
    assert "customers come as a data frame or a mapping of arrays" in refusal([1, 2, 3])


def test_arrays_of_unequal_length_are_refused():
    assert "equally long: id (3,)" in refusal(as_numpy() | {"x": np.array([1.0])})


def test_categories_are_told_by_what_people_would_write():
    for value, score in ((1, 20), (1.0, 20), ("1", 20), (True, 10), ("A", 100), (None, 50)):
        table = {
            "id": np.array(["C"]),
            "x": np.array([np.nan]),
            "y_col": np.array([0]),
            "grade": np.array([value], dtype=object),
        }
        assert MODEL.score(table)["a"].tolist() == [score]


def test_outputs_may_be_restricted_to_what_is_wanted():
    scores = MODEL.score(pl.DataFrame(ROWS), outputs=["total", "coverage_a"])
    assert scores.frame.columns == ["id", "total", "coverage_a"]
    assert "there is no output 'totl'; did you mean 'total'?" in refusal(
        pl.DataFrame(ROWS), outputs=["totl"]
    )


def test_without_ranks_ids_may_repeat():
    table = pl.DataFrame(ROWS | {"id": ["1", "1", "1"]})
    assert len(MODEL.score(table, outputs=["total"]).frame) == 3


def test_threads_change_nothing():
    rng = np.random.default_rng(0)
    rows = 600_000
    table = {
        "id": np.arange(rows),
        "x": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(50, 40, rows)),
        "y_col": rng.normal(10, 5, rows).astype(np.float32),
        "grade": rng.choice(np.array(["A", "B"], dtype=object), rows),
    }
    one, four = (MODEL.score(table, threads=n) for n in (1, 4))
    for name in ("total", "a", "b", "coverage"):
        np.testing.assert_array_equal(one[name], four[name])
    seen = []
    MODEL.score(table, progress=seen.append)
    assert sum(seen) == rows


def test_a_narrow_float_is_widened_before_it_meets_an_edge():
    edge = float(np.float32(0.1))  # 0.10000000149: above 0.1 in float64, equal in float32
    model = av.Model(
        hierarchy={"value": ["x"]},
        indicators={"x": {"bands": {"edges": [edge], "scores": [0, 100], "closed": "right"}}},
    )
    table = {"customer": np.arange(1), "x": np.array([0.1], dtype=np.float32)}
    assert model.score(table)["total"].tolist() == [0]


@pytest.mark.parametrize(("closed", "on_the_edge"), [("left", 100), ("right", 0)])
def test_a_figure_on_an_edge_belongs_to_the_stated_side(closed, on_the_edge):
    for edges in ([10.0], [float(k) for k in range(-20, 11)]):  # counted, and searched
        scores = [0.0] * len(edges) + [100.0]
        bands = {"edges": edges, "scores": scores, "closed": closed}
        model = av.Model(hierarchy={"value": ["x"]}, indicators={"x": {"bands": bands}})
        figures = [np.nextafter(10, 0), 10, np.nextafter(10, 11)]
        table = {"customer": np.arange(3), "x": np.array(figures)}
        assert model.score(table)["total"].tolist() == [0, on_the_edge, 100]
