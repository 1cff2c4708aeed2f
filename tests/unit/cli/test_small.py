"""A small CSV file read without a frame engine is what the engine would have read."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import ahpvalue as av
from ahpvalue.cli.files import read_table
from ahpvalue.cli.small import read_small, write_small

MODEL = av.Model(
    customer="id",
    hierarchy={"value": ["sales", "kind"]},
    judgments={"weights": {"value": {"sales": 0.5, "kind": 0.5}}},
    indicators={
        "sales": {"linear": [[-1, 0], [50, 100]], "missing": "renormalise", "range": [-100, 1e9]},
        "kind": {"categories": {"1": 100, "01": 50, "A": 0}, "missing": "worst"},
    },
)

figures = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False).map(str),
    st.sampled_from(["", "-", ".5", "5.", "007", "1-2", "1e3", "nan", " 5", "true", "1_0", "much"]),
)
kinds = st.sampled_from(["1", "01", "A", "", "1.0", "B", " A"])
ids = st.text(st.sampled_from('0019aé".'), max_size=4)
quiet = pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")


def outcome(customers):
    """The scores and the points, or what is said instead."""
    try:
        scores = MODEL.score(customers)
    except av.CustomerDataError as wrong:
        return str(wrong)
    return scores.to_dict(), scores.inputs.to_dict()


@quiet
@given(st.lists(st.tuples(ids, figures, kinds, st.text("ab,", max_size=2)), max_size=6))
def test_what_is_read_without_an_engine_gives_the_same_scores_or_the_same_words(
    tmp_path_factory, rows
):
    path = tmp_path_factory.mktemp("small") / "c.csv"
    lines = ["id,sales,kind,note", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_small(path, MODEL)
    if found is None:
        return
    assert outcome(found) == outcome(read_table(path, MODEL))


PLAIN = "id,sales,kind\n001,5,A\n002,,1\n003,-2.5,\n"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (PLAIN, True),
        (PLAIN.rstrip("\n"), True),
        (PLAIN.replace("001", "客户"), True),
        (PLAIN.replace("\n", "\r\n"), False),
        (PLAIN.replace("001", '"001"'), False),
        (PLAIN.replace("001", ""), False),
        (PLAIN.replace("5,A", "5,A,7"), False),
        (PLAIN.replace("-2.5", "1e3"), False),
        (PLAIN.replace("sales", "id"), False),
        (PLAIN.replace("sales", "sale"), False),
        (PLAIN + "\n", False),
        ("\ufeff" + PLAIN, False),
        ("id,sales,kind\n", False),
        ("", False),
    ],
)
def test_only_what_has_one_reading_is_read_without_an_engine(tmp_path, text, plain):
    path = tmp_path / "c.csv"
    path.write_bytes(text.encode())
    assert (read_small(path, MODEL) is not None) is plain
    path.write_bytes(text.encode() + b"\xff")  # not UTF-8
    assert read_small(path, MODEL) is None


def test_rules_over_other_columns_are_left_to_the_engine(tmp_path):
    (tmp_path / "c.csv").write_text(PLAIN)
    sections = {
        "hierarchy": {"value": ["sales"]},
        "indicators": {"sales": {"linear": [[0, 0], [9, 9]]}},
    }
    active = av.Model(customer="id", **sections, active={"when": {"kind": {"equals": "A"}}})
    assert read_small(tmp_path / "c.csv", active) is None
    assert read_small(tmp_path / "c.parquet", MODEL) is None


@given(st.lists(st.floats(allow_infinity=False), min_size=1, max_size=9))
def test_every_bit_of_a_figure_is_written(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("written") / "scores.csv"
    names = np.array([f"0{k}" for k in range(len(values))])
    columns = {"id": names, "total": np.array(values), "rank": np.arange(len(values)) * 1.0}
    write_small(columns, path)
    types = {"id": pl.String, "total": pl.Float64, "rank": pl.Int64}
    back = pl.read_csv(path, schema=types)
    assert_frame_equal(
        back, pl.DataFrame(columns, schema=types, strict=False, nan_to_null=True), check_exact=True
    )


def test_scoring_a_small_file_loads_no_frame_engine(tmp_path):
    (tmp_path / "c.csv").write_text(PLAIN)
    MODEL.save(tmp_path / "m.yaml")
    code = (
        "import sys; from ahpvalue.cli.app import run; assert run() == 0; "
        "heavy = {'polars', 'narwhals', 'rich.console', 'ahpvalue.evaluation'}; "
        "sys.exit(bool(heavy & {*sys.modules}))"
    )
    command = [sys.executable, "-c", code, "score", "m.yaml", "c.csv", "-o", "s.csv"]
    root = str(Path(av.__file__).parents[1])
    subprocess.run(command, check=True, cwd=tmp_path, env={"PYTHONPATH": root}, capture_output=True)
    assert pl.read_csv(tmp_path / "s.csv", schema_overrides={"id": pl.String})["id"][0] == "001"
