"""Scoring files into a folder: the scores of one go, resumed, bounded, and nothing lost."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import ahpvalue as av
from ahpvalue.scoring.files.files_record import RECORD

FIGURES = {
    "loyalty": {"linear": [[0, 0], [10, 100]], "missing": "renormalise", "range": [0, 10]},
    "profit": {"column": "margin", "linear": [[0, 0], [1, 100]], "missing": "renormalise"},
}
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(av.__file__).parents[1])}
"""A process of its own runs the package that is tested."""


def model_of(loyalty=0.4, **parts):
    return av.Model(
        customer="id",
        hierarchy={"value": ["loyalty", "profit"]},
        judgments={"weights": {"value": {"loyalty": loyalty, "profit": 1 - loyalty}}},
        indicators=FIGURES,
        **parts,
    )


MODEL = model_of()


def table(rows, seed=1):
    rng = np.random.default_rng(seed)
    loyalty = rng.random(rows) * 10
    loyalty[rng.random(rows) < 0.1] = np.nan
    ids = [f"0{seed}{k:05d}" for k in range(rows)]
    figures = {"loyalty": loyalty, "margin": rng.random(rows).round(3)}
    types = {"id": pl.String, "loyalty": pl.Float64, "margin": pl.Float64}
    return pl.DataFrame({"id": ids} | figures, schema=types, nan_to_null=True)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with three tables of customers in a folder."""
    (tmp_path / "big").mkdir()
    for k in range(3):
        table(1000, k).write_parquet(tmp_path / "big" / f"part-{k}.parquet", row_group_size=300)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def in_one_go(model, customers):
    """The scores of a table in memory, without what needs all customers."""
    return model.score(customers).frame.drop("rank", "percentile")


def times(folder):
    return {path.name: path.stat().st_mtime_ns for path in Path(folder).glob("part-*")}


# -- the same scores -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "paths", ["big", "big/*.parquet", [Path(f"big/part-{k}.parquet") for k in range(3)]]
)
def test_files_a_pattern_and_a_folder_are_scored_as_in_one_go(here, paths):
    found = MODEL.score_files(paths, "scored")
    whole = in_one_go(MODEL, pl.read_parquet("big/*.parquet"))
    assert_frame_equal(pl.read_parquet("scored/*.parquet"), whole, check_exact=True)
    assert [one.rows for one in found.files] == [1000, 1000, 1000]
    assert found.statuses["rated"] == whole["total"].is_not_null().sum()
    assert found.mean_total == pytest.approx(whole["total"].mean())
    assert not list(Path("scored").glob(".*"))


def test_scores_as_csv_hold_the_same_numbers(here):
    MODEL.score_files("big/part-1.parquet", "scored", outputs=["total"], format="csv")
    written = pl.read_csv("scored/part-1.csv", schema_overrides={"id": pl.String})
    whole = MODEL.score(table(1000, 1), outputs=["total"]).frame
    assert_frame_equal(written, whole, check_exact=True)


def test_outputs_without_total_and_status_are_counted_all_the_same(here):
    every = MODEL.score_files("big", "all")
    few = MODEL.score_files("big", "few", outputs=["coverage"])
    assert pl.read_parquet("few/part-0.parquet").columns == ["id", "coverage"]
    assert few.statuses == every.statuses
    assert few.mean_total == pytest.approx(every.mean_total)


def test_a_file_without_customers_has_scores_without_rows(here):
    table(0).write_parquet("none.parquet")
    Path("empty.csv").write_text("id,loyalty,margin\n", encoding="utf-8")
    found = MODEL.score_files(["none.parquet", "empty.csv"], "scored")
    assert (found.rows, found.mean_total) == (0, None)
    assert pl.read_parquet("scored/none.parquet").columns[:2] == ["id", "total"]
    assert len(pl.read_parquet("scored/empty.parquet")) == 0


def test_what_the_columns_held_is_what_one_table_says(here):
    found = MODEL.score_files("big", "scored")
    whole = MODEL.score(pl.read_parquet("big/*.parquet"))
    assert str(found.inputs) == str(whole.inputs)


def said_of(work):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        work()
    return [str(one.message) for one in caught]


def odd_files():
    """Values outside the range in one file, and customers of whom the rule cannot tell."""
    row = pl.int_range(1000)
    for k in range(3):
        odd = table(1000, k).with_columns(
            visits=pl.when(row % 300 == 5).then(None).otherwise(row % 4 * 1.0),
            loyalty=pl.when((row % 100 == 7) & (k == 1)).then(row * 1.0).otherwise("loyalty"),
        )
        odd.write_parquet(f"big/part-{k}.parquet")
    return model_of(active={"when": {"visits": {"at_least": 1}}})


def test_warnings_are_said_once_and_as_for_one_table(here):
    model = odd_files()
    whole = said_of(lambda: model.score(pl.read_parquet("big/*.parquet")))
    assert len(whole) == 2
    assert said_of(lambda: model.score_files("big", "scored")) == whole
    assert said_of(lambda: model.score_files("big", "scored")) == whole  # from the record


def test_figures_that_are_warned_of_are_counted_per_file(here):
    model = odd_files()
    with pytest.warns(av.CustomerDataWarning):
        found = model.score_files("big", "scored")
    assert [one.warned for one in found.files] == [4, 4 + 9, 4]


def test_a_refused_customer_has_no_score_and_the_others_have(here):
    strict = av.Model(
        customer="id",
        hierarchy={"value": ["loyalty"]},
        indicators={"loyalty": {"linear": [[0, 0], [10, 100]], "missing": "refuse"}},
    )
    missing = table(1000, 0)["loyalty"].null_count()
    with pytest.warns(av.CustomerDataWarning, match=r"missing for 0000\d+, .* no score and the"):
        found = strict.score_files("big/part-0.parquet", "scored")
    scores = pl.read_parquet("scored/part-0.parquet")
    assert found.refused == found.statuses["refused"] == missing > 50
    assert scores.filter(pl.col("status") == "refused")["total"].null_count() == missing
    assert scores["total"].null_count() == missing


# -- how CSV is read -------------------------------------------------------------------------

CODED = model_of(active={"when": {"channel": {"equals": ["01", "7"]}, "visits": {"at_least": 2}}})
CELLS = {
    "id": ["A", "007", "7", "1e5", '"a, b"', '"x ""y"""', '"two\nlines"', "NULL"],
    "value": ["5", "+5", ".5", "1e1", "", '""', "nan", "NaN", '"3"', " 4", "4 ", "true", "-0"],
    "odd": ['"1,5"', "1_000", "0x10", "1e400", "-1e400", "inf", "-Infinity", "NA", "#N/A", "-"],
    "odder": [
        ".",
        "1e",
        "5%",
        "¥5",
        "1 000",
        "++5",
        "٣",
        "５",
        "1.5.2",
        "None",
        "2025-01-01",
        "1d5",
    ],
    "channel": ["01", "1", "7", "7.0", "", '""', '"01"', "shop"],
    "visits": ["0", "2", "+3", "", '""', "2.5", " 2", "nan"],
}


def random_csv(seed, odd=False):
    """A file of a few customers as people and programmes write them; `odd`: with no numbers."""
    rng = np.random.default_rng(seed)
    columns = ["id", "note", "loyalty", "margin", "channel", "visits"]
    kinds = {"loyalty": "value", "margin": "value", "note": "id"}
    allowed = {name: rng.choice(CELLS[kinds.get(name, name)], size=3).tolist() for name in columns}
    lines, ids = [",".join(columns)], rng.permutation(CELLS["id"])
    for row in range(rng.integers(0, 8)):
        cells = [str(rng.choice(allowed[name])) for name in columns]
        cells[0] = ids[row] if rng.random() < 0.3 else f"C{row}"
        if odd and rng.random() < 0.3:
            cells[int(rng.integers(2, 4))] = str(rng.choice(CELLS["odd"] + CELLS["odder"]))
        lines.append(",".join(cells))
        lines += [""] * int(rng.random() < 0.1)
    end = str(rng.choice(["\n", "\r\n"]))
    text = end.join(lines) + end * int(rng.integers(1, 3))
    return str(rng.choice(["", "\ufeff"])) + text


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")
def test_one_csv_file_and_a_folder_give_the_same_cells(ahpvalue, here, seed):
    Path("in").mkdir()
    Path("in/c.csv").write_bytes(random_csv(seed).encode())
    CODED.save("model.yaml")
    code, _, err = ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.parquet")
    assert code == 0, err
    assert ahpvalue("score", "model.yaml", "in", "-o", "scored")[0] == 0
    whole = pl.read_parquet("one.parquet").drop("rank", "percentile")
    assert_frame_equal(pl.read_parquet("scored/c.parquet"), whole, check_exact=True)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")
def test_what_one_csv_file_is_refused_for_a_folder_refuses_by_customer(ahpvalue, here, seed):
    model = model_of()
    Path("in").mkdir()
    Path("in/c.csv").write_bytes(random_csv(seed, odd=True).encode())
    model.save("model.yaml")
    code, _, err = ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.parquet")
    assert ahpvalue("score", "model.yaml", "in", "-o", "scored")[0] == 0
    scores = pl.read_parquet("scored/c.parquet")
    if code == 0:
        whole = pl.read_parquet("one.parquet").drop("rank", "percentile")
        assert_frame_equal(scores, whole, check_exact=True)
    else:
        refused = scores.filter(status="refused")["id"].to_list()
        assert any(f"customer {one}; " in err or f"infinite for {one}" in err for one in refused)


@pytest.mark.parametrize("cell", [*CELLS["odd"], *CELLS["odder"], *CELLS["value"]])
@pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")
def test_a_cell_is_a_number_missing_or_refused_in_one_file_and_in_a_folder(ahpvalue, here, cell):
    found, scores = cells_of(f"id,loyalty,margin\nA,1,0.5\nB,{cell},0.5\n", MODEL)
    MODEL.save("model.yaml")
    code, _, err = ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.parquet")
    assert (code == 2) == (scores["status"][1] == "refused") == (cell not in CELLS["value"])
    if code == 0:
        assert pl.read_parquet("one.parquet")["total"].to_list() == scores["total"].to_list()
    else:
        assert "B" in err
        assert found.refused == 1


def cells_of(text, model=CODED):
    Path("in").mkdir()
    Path("in/c.csv").write_bytes(text.encode())
    return model.score_files("in", "scored"), pl.read_parquet("scored/c.parquet")


def test_a_figure_is_what_a_number_is_elsewhere(here):
    figures = ["5", "+5", "5.0", '"5"', " 5", "5 ", "5e0", "0.5e1"]
    text = "id,loyalty,margin\n" + "".join(f"C{k},{x},0\n" for k, x in enumerate(figures))
    _, scores = cells_of(text, MODEL)
    assert scores["total"].to_list() == [20.0] * 8


def test_an_empty_cell_is_missing_quoted_or_not(here):
    _, scores = cells_of('id,loyalty,margin\nD,0,0.5\nA,,0.5\nB,"",0.5\nC,nan,0.5\n', MODEL)
    assert scores["total"].to_list() == [30.0] + [50.0] * 3
    assert scores["coverage"].to_list() == [1.0] + [0.6] * 3


def test_true_and_false_are_figures(here):
    _, scores = cells_of("id,loyalty,margin\nA,10,true\nB,0,False\n", MODEL)
    assert scores["total"].to_list() == [100.0, 0.0]


def test_codes_keep_their_zeros_whatever_else_the_column_holds(here):
    text = "id,loyalty,margin,channel,visits\nA,1,1,1,2\nB,1,1,01,2\nC,1,1,7,2\nD,1,1,01,1\n"
    _, scores = cells_of(text)
    assert scores["status"].to_list() == ["inactive", "active", "active", "inactive"]


def test_a_word_instead_of_a_figure_is_refused_with_its_customer(ahpvalue, here):
    text = "id,loyalty,margin\nA,1,0.5\nB,much,0.5\nC,,0.5\n"
    with pytest.warns(av.CustomerDataWarning, match=r"\(loyalty\): holds text for B; convert"):
        found, scores = cells_of(text, MODEL)
    assert scores["status"].to_list() == ["rated", "refused", "rated"]
    assert found.refused == 1
    MODEL.save("model.yaml")
    code, _, err = ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.csv")
    assert code == 2
    assert "column 'loyalty' (loyalty): holds 'much' for customer B" in err


def test_a_word_that_a_rule_compares_with_numbers_is_refused(here):
    text = "id,loyalty,margin,channel,visits\nA,1,1,7,2\nB,1,1,7,often\n"
    said = r"in/c\.csv: column 'visits': holds no number for B, and a rule compares it"
    with pytest.raises(av.CustomerDataError, match=said):
        cells_of(text)
    assert not list(Path("scored").glob("c.*"))


@pytest.mark.parametrize("lost", ["", '""'])
def test_a_line_without_an_id_gets_no_score_and_is_named(ahpvalue, here, lost):
    text = f'id,loyalty,margin\nA,1,0.5\n{lost},2,0.5\n"B\nC",3,0.5\n{lost},4,0.5\n'
    said = r"'id': 2 rows have no id and so no score \(in/c.csv, line 3, in/c.csv, line 6\)"
    with pytest.warns(av.CustomerDataWarning, match=said):
        found, scores = cells_of(text, MODEL)
    assert scores["id"].to_list() == ["A", "B\nC"]
    assert (found.rows, found.refused, found.statuses["rated"]) == (4, 2, 2)
    MODEL.save("model.yaml")
    _, _, err = ahpvalue("score", "model.yaml", "in/c.csv", "-o", "one.csv")
    assert (
        err == "in/c.csv: column 'id': 2 rows have no id (line 3, line 6); give everybody an id\n"
    )


def test_a_row_of_parquet_without_an_id_is_named_by_its_row(here):
    lost = table(50).with_columns(
        id=pl.when(pl.int_range(50) == 7).then(None).otherwise(pl.col("id"))
    )
    lost.write_parquet("c.parquet")
    with pytest.warns(av.CustomerDataWarning, match=r"a row has no id .*c\.parquet, row 8"):
        assert MODEL.score_files("c.parquet", "scored").refused == 1


def test_a_blank_line_is_no_customer(here):
    found, scores = cells_of("id,loyalty,margin\nA,1,0.5\n\nB,2,0.5\n\n\n", MODEL)
    assert scores["id"].to_list() == ["A", "B"]
    assert found.refused == 0


def test_a_line_with_too_many_cells_is_named(ahpvalue, here):
    said = r"in/c\.csv: cannot be read: line 4 has more cells than there are columns"
    with pytest.raises(av.CustomerDataError, match=said):
        cells_of('id,loyalty,margin\n"A\nB",1,0.5\nC,2,0.5,9\n', MODEL)


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_packed_csv_is_scored_as_csv(here, ending):
    text = table(500).write_csv().encode()
    Path(f"c.{ending}").write_bytes(gzip.compress(text) if ending == "csv.gz" else text)
    MODEL.score_files(f"c.{ending}", "scored")
    whole = in_one_go(MODEL, table(500))
    assert_frame_equal(pl.read_parquet("scored/c.parquet"), whole, check_exact=True)


# -- going on --------------------------------------------------------------------------------


def test_a_run_that_was_killed_goes_on_and_leaves_nothing_half_written(ahpvalue, here):
    for k in range(40):
        table(20_000, k).write_parquet(f"big/part-{k}.parquet")
    MODEL.save("model.yaml")
    arguments = ("score", "model.yaml", "big", "-o", "scored")
    process = subprocess.Popen([sys.executable, "-m", "ahpvalue", *arguments], env=ENVIRONMENT)
    while len(times("scored")) < 5:
        assert process.poll() is None
        time.sleep(0.001)
    while not list(Path("scored").glob(".part-*.part")):
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = times("scored")
    assert 5 <= len(before) < 40
    assert all(len(pl.read_parquet(f"scored/{name}")) == 20_000 for name in before)
    code, out, _ = ahpvalue(*arguments)
    assert code == 0
    assert f"{len(before)} of 40 files were there already" in out
    assert {name: when for name, when in times("scored").items() if name in before} == before
    assert len(times("scored")) == 40
    assert not list(Path("scored").glob(".*"))
    whole = in_one_go(MODEL, pl.read_parquet(sorted(Path("big").iterdir())))
    assert_frame_equal(
        pl.read_parquet(sorted(Path("scored").glob("*.parquet"))), whole, check_exact=True
    )


def test_an_error_leaves_the_files_before_it_and_no_other(here):
    Path("in").mkdir()
    Path("in/a.csv").write_text("id,loyalty,margin\nA,1,0.5\n")
    Path("in/b.csv").write_text("id,loyalty,margin\nA,1,0.5,3\n")
    with pytest.raises(av.CustomerDataError, match="more cells"):
        MODEL.score_files("in", "scored")
    assert sorted(p.name for p in Path("scored").iterdir()) == ["a.parquet", RECORD]
    assert json.loads(Path("scored", RECORD).read_text())["unfinished"] == []


@pytest.mark.parametrize("change", ["cut", "removed"])
def test_scores_that_are_not_whole_are_made_again_and_no_others(here, change):
    MODEL.score_files("big", "scored")
    before, target = times("scored"), Path("scored/part-1.parquet")
    if change == "cut":
        target.write_bytes(target.read_bytes()[:-9])
    else:
        target.unlink()
    found = MODEL.score_files("big", "scored")
    assert [one.skipped for one in found.files] == [True, False, True]
    after = times("scored")
    assert [name for name in after if after[name] != before[name]] == ["part-1.parquet"]
    assert_frame_equal(pl.read_parquet(target), in_one_go(MODEL, table(1000, 1)), check_exact=True)


def test_a_file_that_changed_is_scored_again(here):
    MODEL.score_files("big", "scored")
    table(1000, 9).write_parquet("big/part-1.parquet", row_group_size=300)
    found = MODEL.score_files("big", "scored")
    assert [one.skipped for one in found.files] == [True, False, True]
    assert pl.read_parquet("scored/part-1.parquet")["id"][0] == "0900000"


def test_a_file_that_was_only_touched_or_moved_is_not_scored_again(here):
    MODEL.score_files("big", "scored")
    os.utime("big/part-0.parquet", (1, 1))
    shutil.move("big", "elsewhere")
    assert MODEL.score_files("elsewhere", "scored").skipped == 3


def test_another_model_replaces_the_scores_of_the_record(here):
    MODEL.score_files("big", "scored")
    other = model_of(0.5)
    assert other.score_files("big", "scored").skipped == 0
    scores = pl.read_parquet("scored/*.parquet")
    assert set(scores["model"]) == {other.hash}


def test_more_files_join_a_folder(here):
    MODEL.score_files("big/part-0.parquet", "scored")
    assert MODEL.score_files("big", "scored").skipped == 1


def test_two_runs_at_once_leave_whole_files_and_one_record(here):
    for k in range(12):
        table(20_000, k).write_parquet(f"big/part-{k}.parquet")
    MODEL.save("model.yaml")
    command = [sys.executable, "-m", "ahpvalue", "score", "model.yaml", "big", "-o", "scored"]
    runs = [subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL) for _ in "ab"]
    assert [run.wait() for run in runs] == [0, 0]
    assert len(pl.read_parquet("scored/*.parquet")) == 12 * 20_000
    assert not list(Path("scored").glob(".*"))
    assert MODEL.score_files("big", "scored").skipped == 12


# -- nothing is lost -------------------------------------------------------------------------


def test_what_the_record_does_not_list_is_neither_written_over_nor_removed(here):
    Path("scored").mkdir()
    mine = {"part-0.parquet": "is there, and", "part-0.csv": "", ".part-0.parquet.1.part": ""}
    for name in mine:
        Path("scored", name).write_text("mine")
    with pytest.raises(av.AhpValueError, match=r"scored/part-0\.parquet: is there, and ahpvalue"):
        MODEL.score_files("big", "scored")
    Path("scored/part-0.parquet").unlink()
    MODEL.score_files("big", "scored")
    assert Path("scored/part-0.csv").read_text() == "mine"
    assert Path("scored/.part-0.parquet.1.part").read_text() == "mine"


@pytest.mark.parametrize("listed", ["../mine.part", "mine", ".mine"])
def test_a_record_cannot_name_files_of_others(here, listed):
    MODEL.score_files("big", "scored")
    Path("scored", listed).write_text("mine")
    record = json.loads(Path("scored", RECORD).read_text())
    Path("scored", RECORD).write_text(json.dumps(record | {"unfinished": [listed]}))
    MODEL.score_files("big", "scored")
    assert Path("scored", listed).read_text() == "mine"


def test_scores_of_another_file_of_the_same_name_are_kept(here):
    MODEL.score_files("big", "scored")
    Path("other").mkdir()
    table(9, 5).write_parquet("other/part-0.parquet")
    with pytest.raises(av.AhpValueError, match=r"holds the scores of .*big/part-0\.parquet; name"):
        MODEL.score_files("other", "scored")
    assert len(pl.read_parquet("scored/part-0.parquet")) == 1000


@pytest.mark.parametrize("text", ["mine\n", "{}", '{"record": 2}', "[]"])
def test_a_record_that_is_none_is_refused(here, text):
    Path("scored").mkdir()
    Path("scored", RECORD).write_text(text)
    with pytest.raises(av.AhpValueError, match=r"json: is not a record of scored files; name"):
        MODEL.score_files("big", "scored")
    assert Path("scored", RECORD).read_text() == text


# -- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "folder", "said"),
    [
        ("none*.csv", "s", r"none\*\.csv: no file matches; give files that are there"),
        ("empty", "s", r"empty: no file in it ends in \.csv, \.csv\.gz, \.parquet"),
        ("big/part-7.parquet", "s", "big/part-7.parquet: there is no such file"),
        ([], "s", "no file of customers is named"),
        ("big", "s.csv", r"s\.csv: names a file; scores of files go into a folder"),
        ("big", "notes", "notes: names a file"),
        ("big", "big", "big: is read from; name another folder for the scores"),
        (["big", "same"], "s", r"big/part-0\.parquet, same/part-0\.csv: the scores of both"),
        (["big", "broken.parquet"], "s", r"broken\.parquet: cannot be read: "),
        (["big", "fewer.parquet"], "s", r"fewer\.parquet: there is no column 'margin' \(profit\)"),
        (["big", "numbered.parquet"], "s", r"'id' \(the customers' ids\) is Int64, but String in"),
        (["big", "notes"], "s", r"notes: a table is a file ending in \.csv"),
        ("semicolons.csv", "s", r"semicolons\.csv: the columns are not separated by commas"),
        ("twice.csv", "s", r"twice\.csv: two columns are called loyalty; rename one"),
        ("nothing.csv", "s", r"^nothing\.csv: is empty; its first line names the columns"),
        ("notzip.csv.gz", "s", r"notzip\.csv\.gz: "),
    ],
)
def test_a_mistake_is_one_sentence_before_anything_is_scored(here, paths, folder, said):
    for name in ("empty", "same"):
        Path(name).mkdir()
    table(5).write_csv("same/part-0.csv")
    Path("broken.parquet").write_bytes(Path("big/part-0.parquet").read_bytes()[:-100])
    table(5).drop("margin").write_parquet("fewer.parquet")
    table(5).with_columns(id=pl.int_range(5)).write_parquet("numbered.parquet")
    Path("semicolons.csv").write_text("id;loyalty;margin\n1;2;3\n")
    Path("twice.csv").write_text("id,loyalty,loyalty,margin\n1,2,3,4\n")
    Path("nothing.csv").write_text("")
    Path("notzip.csv.gz").write_text("id,loyalty\nmargin\n")
    Path("notes").write_text("")
    with pytest.raises(av.AhpValueError, match=said) as caught:
        MODEL.score_files(paths, folder)
    assert str(caught.value).count("\n") == 0
    assert not Path("s").exists()


def test_what_needs_all_customers_is_refused(here):
    with pytest.raises(av.AhpValueError, match=r"^rank, percentile: needs all customers at once"):
        MODEL.score_files("big", "s", outputs=["total", "rank", "percentile"])
    with pytest.raises(av.AhpValueError, match="no output 'totl'; did you mean 'total'"):
        MODEL.score_files("big", "s", outputs=["totl"])
    with pytest.raises(av.AhpValueError, match="written as parquet or csv, not 'xlsx'"):
        MODEL.score_files("big", "s", format="xlsx")


def test_an_unfitted_model_is_refused(here):
    relative = av.Model(
        customer="id",
        hierarchy={"value": ["loyalty"]},
        indicators={"loyalty": {"percentile": {"better": "high"}}},
    )
    with pytest.raises(av.ModelError, match="fit the model first"):
        relative.score_files("big", "scored")
    assert not Path("scored").exists()


def test_every_file_is_told_when_it_is_done(here):
    told = []
    found = MODEL.score_files("big", "scored", progress=told.append)
    assert tuple(told) == found.files
    assert found.to_dict()["rows"] == [1000] * 3
    assert "3,000 customers" in str(found)


# -- the command -----------------------------------------------------------------------------


def test_the_command_says_it_as_json(ahpvalue, here):
    MODEL.save("model.yaml")
    code, out, _ = ahpvalue("score", "model.yaml", "big/*.parquet", "-o", "scored", "--json")
    found = json.loads(out)
    assert code == 0
    assert (len(found["files"]), found["customers"], found["written"]) == (3, 3000, "scored")
    assert found["mean_total"] == pytest.approx(pl.read_parquet("scored/*.parquet")["total"].mean())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["big"], "several files are scored into a folder; name it: --output FOLDER/"),
        (["big", "-o", "s", "--fit"], "--fit and --contributions need all customers at once"),
        (["big", "-o", "s", "--outputs", "rank"], "rank: needs all customers at once"),
        (["big/part-0.parquet", "-o", "s.csv", "--format", "csv"], "--format is for scores in a"),
    ],
)
def test_the_command_refuses_what_a_folder_cannot_have(ahpvalue, here, arguments, said):
    MODEL.save("model.yaml")
    code, out, err = ahpvalue("score", "model.yaml", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not Path("s").exists()


# -- memory ----------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_of_three_million_customers_is_never_in_memory(here, ending):
    rows = 3_000_000
    rng = np.random.default_rng(3)
    figures = {name: rng.random(rows).round(4) for name in ("loyalty", "margin")}
    held = pl.DataFrame({"id": np.arange(rows)} | figures)
    getattr(held, f"write_{ending}")(f"c.{ending}")
    MODEL.save("model.yaml")
    code = (
        "from ahpvalue.cli.app import run; run(); "
        "print([l for l in open('/proc/self/status') if 'VmHWM' in l][0].split()[1])"
    )
    command = [sys.executable, "-c", code, "score", "model.yaml", f"c.{ending}", "-o", "scored/"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert "3,000,000 customers: 3,000,000 rated" in done.stdout
    assert int(done.stdout.splitlines()[-1]) / 1024 < 400  # MB, of which imports are 150
