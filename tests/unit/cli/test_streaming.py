"""Scoring in pieces into a folder: the same scores, resumed, bounded, and nothing half done."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import ahpvalue as av
from ahpvalue.cli import streaming
from ahpvalue.cli.manifest import MANIFEST
from ahpvalue.cli.pieces import pieces_of
from ahpvalue.demo import synthetic_customers

MODEL = """\
version: 2
customer: id
hierarchy: {value: [loyalty, profit]}
judgments: {weights: {value: {loyalty: 0.4, profit: 0.6}}}
indicators:
  loyalty: {linear: [[0, 0], [10, 100]], missing: renormalise, range: [0, 10]}
  profit: {column: margin, linear: [[0, 0], [1, 100]], missing: renormalise}
"""


ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(av.__file__).parents[1])}
"""A process of its own runs the package that is tested."""


def table(rows, seed=1):
    rng = np.random.default_rng(seed)
    loyalty = rng.random(rows) * 10
    loyalty[rng.random(rows) < 0.1] = np.nan
    ids = [f"0{seed}{k:05d}" for k in range(rows)]
    figures = {"loyalty": loyalty, "margin": rng.random(rows).round(3)}
    return pl.DataFrame({"id": ids} | figures, nan_to_null=True)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a model, and one with three tables of customers."""
    (tmp_path / "model.yaml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "big").mkdir()
    for k in range(3):
        table(1000, k).write_parquet(tmp_path / "big" / f"part-{k}.parquet", row_group_size=300)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def read_csv(path):
    """Scores as they were written, whatever a piece without any would look like."""
    names = pl.read_csv(path, n_rows=0).columns
    texts = {names[0], "status", "model", "reference"}
    types = {name: pl.String if name in texts else pl.Float64 for name in names}
    return pl.read_csv(path, schema_overrides=types)


def read(folder, ending="parquet"):
    """All pieces of a folder, in order."""
    reader = pl.read_parquet if ending == "parquet" else read_csv
    return pl.concat([reader(file) for file in sorted(Path(folder).glob(f"*.{ending}"))])


def in_one_go(model, customers):
    """The scores of a table in memory, without what needs all customers."""
    found = model.score(customers)
    return found.frame.drop("rank", "percentile"), found.contributions


# -- the same scores -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inputs", [["big"], ["big/*.parquet"], sorted(f"big/part-{k}.parquet" for k in range(3))]
)
def test_files_a_pattern_and_a_folder_are_scored_as_in_one_go(ahpvalue, here, inputs):
    code, out, _ = ahpvalue(
        "score",
        "model.yaml",
        *inputs,
        "-o",
        "scored",
        "--batch",
        "170",
        "--contributions",
        "points",
    )
    assert code == 0
    scores, points = in_one_go(av.load_model("model.yaml"), pl.read_parquet("big/*.parquet"))
    assert_frame_equal(read("scored"), scores, check_exact=True)
    assert_frame_equal(read("points"), points, check_exact=True)
    assert (
        "3 files, 3,000 customers: 2,999 rated" in out
        or "3 files, 3,000 customers: 3,000 rated" in out
    )
    assert f"mean total {scores['total'].mean():.1f}" in out
    assert len(list(Path("scored").glob("part-1.0000?.parquet"))) == 6


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_csv_is_scored_in_pieces_as_in_one_go(ahpvalue, here, ending):
    customers = pl.DataFrame(synthetic_customers(400), nan_to_null=True)
    av.template("retail-terminal").fit(customers).save("fitted.yaml")
    text = customers.write_csv().encode()
    Path(f"c.{ending}").write_bytes(gzip.compress(text) if ending == "csv.gz" else text)
    assert ahpvalue("score", "fitted.yaml", f"c.{ending}", "-o", "one.csv")[0] == 0
    assert ahpvalue("score", "fitted.yaml", f"c.{ending}", "-o", "scored/", "--batch", "60")[0] == 0
    assert len(list(Path("scored").glob(f"c.*.{ending}"))) > 5
    whole = read_csv("one.csv").drop("rank", "percentile")
    assert_frame_equal(read("scored", ending), whole, check_exact=True)


def test_a_batch_that_looks_like_integers_changes_no_type(ahpvalue, here):
    rows = ["id,loyalty,margin", *(f"{k},{k % 9},1" for k in range(50))]
    rows += [*(f"00{k},{k % 9}.5,0.25" for k in range(50)), *(f"C{k},,0" for k in range(50))]
    Path("c.csv").write_text("\n".join(rows), encoding="utf-8")
    code, _, err = ahpvalue("score", "model.yaml", "c.csv", "-o", "scored/", "--batch", "10")
    assert (code, err) == (0, "")
    ids = read("scored", "csv")["id"].to_list()
    assert ids == [row.partition(",")[0] for row in rows[1:]]


def test_figures_written_as_true_and_false_are_taken_as_in_one_go(ahpvalue, here):
    rows = [
        "id,loyalty,margin",
        *(f"C{k},{k % 9},{'true' if k % 3 else 'false'}" for k in range(90)),
    ]
    Path("c.csv").write_text("\n".join(rows), encoding="utf-8")
    assert ahpvalue("score", "model.yaml", "c.csv", "-o", "one.csv")[0] == 0
    assert ahpvalue("score", "model.yaml", "c.csv", "-o", "scored/", "--batch", "10")[0] == 0
    whole = read_csv("one.csv").drop("rank", "percentile")
    assert_frame_equal(read("scored", "csv"), whole, check_exact=True)


CODED = (
    MODEL
    + """\
active: {when: {channel: {equals: ["01", "7"]}, visits: {at_least: 2}}}
"""
)


def test_codes_and_figures_that_rules_ask_for_have_the_whole_files_type(ahpvalue, here):
    (here / "coded.yaml").write_text(CODED, encoding="utf-8")
    customers = table(300).with_columns(
        channel=pl.Series(["7"] * 100 + ["1"] * 100 + ["01"] * 100),
        visits=pl.Series([str(k % 4) for k in range(200)] + ["2.5"] * 50 + [None] * 50),
    )
    customers.write_csv("c.csv")
    assert ahpvalue("score", "coded.yaml", "c.csv", "-o", "one.csv")[0] == 0
    _, out, err = ahpvalue("score", "coded.yaml", "c.csv", "-o", "scored/", "--batch", "20")
    whole = read_csv("one.csv").drop("rank", "percentile")
    assert_frame_equal(read("scored", "csv"), whole, check_exact=True)
    assert "100 active, 200 inactive" in out or "200 inactive, 100 active" in out
    assert err == (
        "warning: active: visits is missing for 0100250, 0100251, 0100252 and 47 more; they "
        "count as inactive; state what a missing one means, as in {missing: true}\n"
    )


quoted = st.text(st.sampled_from('ab,"\n01 '), max_size=8)


@given(st.lists(st.tuples(quoted, st.floats(0, 10)), min_size=1, max_size=40), st.integers(1, 9))
def test_a_csv_file_is_never_cut_inside_quotation_marks(tmp_path_factory, customers, rows):
    path = tmp_path_factory.mktemp("cut") / "c.csv"
    ids, loyalty = zip(*customers, strict=True)
    held = pl.DataFrame({"id": ids, "note": ids, "loyalty": loyalty, "margin": loyalty})
    held.write_csv(path, quote_style="always")
    pieces = [
        p.table
        for p in pieces_of(path, ["id", "loyalty", "margin"], rows, TWO_FIGURES.document).pieces(
            never
        )
    ]
    assert_frame_equal(pl.concat(pieces), held.drop("note"), check_exact=True)


TWO_FIGURES = av.Model(
    customer="id",
    hierarchy={"value": ["loyalty", "margin"]},
    judgments={"weights": {"value": {"loyalty": 0.5, "margin": 0.5}}},
    indicators={name: {"linear": [[0, 0], [10, 100]]} for name in ("loyalty", "margin")},
)


def never(number, start):
    return None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.rstrip(b"\n"),
        lambda text: text.replace(b"note", b'"a ""note""\nof, two lines"', 1),
    ],
)  # fmt: skip
def test_marks_and_ends_of_lines_are_read_as_in_one_go(ahpvalue, here, change):
    noted = table(90).select("id", pl.lit('x\n"y"').alias("note"), "loyalty", "margin")
    Path("c.csv").write_bytes(change(noted.write_csv().encode()))
    assert ahpvalue("score", "model.yaml", "c.csv", "-o", "one.csv")[0] == 0
    assert ahpvalue("score", "model.yaml", "c.csv", "-o", "scored/", "--batch", "8")[0] == 0
    whole = read_csv("one.csv").drop("rank", "percentile")
    assert_frame_equal(read("scored", "csv"), whole, check_exact=True)


def test_a_file_without_customers_is_one_piece_without_rows(ahpvalue, here):
    table(0).write_parquet("none.parquet")
    Path("none.csv").write_text("id,loyalty,margin\n", encoding="utf-8")
    code, out, _ = ahpvalue("score", "model.yaml", "none.parquet", "none.csv", "-o", "scored")
    assert code == 0
    assert out.count("2 files, 0 customers") == 1
    assert len(pl.read_parquet("scored/none.00001.parquet")) == 0
    assert pl.read_csv("scored/none.00001.csv").columns[:2] == ["id", "total"]


def test_what_is_said_of_the_columns_is_said_once_and_as_for_one_table(ahpvalue, here):
    odd = table(1000, 1).with_columns(
        loyalty=pl.when(pl.int_range(1000) % 100 == 7)
        .then(pl.int_range(1000) * 1.0)
        .otherwise(pl.col("loyalty"))
    )
    odd.write_parquet("big/part-1.parquet", row_group_size=300)
    pl.read_parquet("big/*.parquet").write_parquet("all.parquet")
    _, one, said = ahpvalue("score", "model.yaml", "all.parquet", "-o", "one.csv")
    _, out, err = ahpvalue("score", "model.yaml", "big", "-o", "scored", "--batch", "90")
    assert err == said
    assert err.count("warning:") == 1
    assert "are above 10, the farthest 907" in err
    inputs = one[one.index("What the columns held") : one.index("wrote")]
    assert inputs in out
    again = ahpvalue("score", "model.yaml", "big", "-o", "scored", "--batch", "90")
    assert again[2] == said  # though nothing was scored now
    assert "nothing was left to score" in again[1]


def test_the_summary_as_json(ahpvalue, here):
    code, out, _ = ahpvalue("score", "model.yaml", "big", "-o", "scored", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["files"], found["customers"], found["written"]) == (3, 3000, ["scored"])
    assert sum(found["statuses"].values()) == 3000
    assert found["mean_total"] == pytest.approx(read("scored")["total"].mean())
    assert {row["indicator"] for row in found["inputs"]} == {"loyalty", "profit"}


# -- going on ---------------------------------------------------------------------------------


def finished(folder):
    """The pieces that count as done, after checking that they are whole."""
    lines = (Path(folder) / MANIFEST).read_bytes().split(b"\n")[1:-1]
    done = []
    for entry in map(json.loads, lines):
        name = f"{Path(entry['input']).stem}.{entry['number']:05d}.parquet"
        assert len(pl.read_parquet(Path(folder) / name)) == entry["tally"]["customers"]
        done.append(name)
    return done


def test_a_run_that_was_killed_goes_on_and_counts_nothing_half_written(ahpvalue, here):
    arguments = ("score", "model.yaml", "big", "-o", "scored", "--batch", "20")
    process = subprocess.Popen([sys.executable, "-m", "ahpvalue", *arguments], env=ENVIRONMENT)
    while len(list(Path("scored").glob("part-*.parquet"))) < 20:
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = finished("scored")
    assert 19 <= len(done) < 150
    (Path("scored") / ".part-2.00003.parquet.123.part").write_text("half")
    times = {name: (Path("scored") / name).stat().st_mtime_ns for name in done}
    code, out, _ = ahpvalue(*arguments)
    assert code == 0
    assert f"{len(done)} of 150 pieces there already" in out
    assert {name: (Path("scored") / name).stat().st_mtime_ns for name in done} == times
    assert len(finished("scored")) == 150
    assert not list(Path("scored").glob(".*"))
    assert ahpvalue(*arguments[:4], "whole", "--batch", "20")[0] == 0
    for path in Path("whole").glob("*.parquet"):
        assert (Path("scored") / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_a_piece_that_is_not_whole_is_scored_again_and_no_other(ahpvalue, here, ending):
    customers = table(400)
    if ending == "parquet":
        customers.write_parquet("c.parquet")
    else:
        text = customers.write_csv().encode()
        Path(f"c.{ending}").write_bytes(gzip.compress(text) if ending == "csv.gz" else text)
    arguments = ("score", "model.yaml", f"c.{ending}", "-o", "scored/", "--batch", "50")
    assert ahpvalue(*arguments)[0] == 0
    before = {path.name: path.read_bytes() for path in Path("scored").glob("c.*")}
    cut, gone = (Path("scored") / f"c.0000{k}.{ending}" for k in (2, 5))
    cut.write_bytes(cut.read_bytes()[:-9])
    gone.unlink()
    manifest = Path("scored") / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:-20])  # the last line was cut off
    code, out, _ = ahpvalue(*arguments)
    assert code == 0
    assert f"{len(before) - 3} of {len(before)} pieces there already" in out
    after = {path.name: path.read_bytes() for path in Path("scored").glob("c.*")}
    assert after.keys() == before.keys()
    if ending != "csv.gz":  # which carries the time it was packed
        assert after == before


def test_a_coarser_cut_leaves_no_piece_of_a_finer_one(ahpvalue, here):
    arguments = ("score", "model.yaml", "big", "-o", "scored", "--contributions", "points")
    ahpvalue(*arguments, "--batch", "100")
    (Path("scored") / "part-1.00002.parquet").unlink()
    code, out, _ = ahpvalue(*arguments, "--batch", "400")
    assert code == 0
    assert "21 of 24 pieces there already" in out
    scores, points = in_one_go(av.load_model("model.yaml"), pl.read_parquet("big/*.parquet"))
    assert_frame_equal(read("scored"), scores, check_exact=True)
    assert_frame_equal(read("points"), points, check_exact=True)
    assert "nothing was left to score" in ahpvalue(*arguments)[1]


def test_ctrl_c_leaves_whole_files_and_says_how_to_go_on(ahpvalue, here, monkeypatch):
    written = []

    def interrupted(frame, path, write=streaming.write_table):
        if len(written) == 4:
            path.with_name(f".{path.name}.1.part").write_text("half")
            raise KeyboardInterrupt
        written.append(path)
        write(frame, path)

    arguments = ("score", "model.yaml", "big", "-o", "scored", "--batch", "300")
    with monkeypatch.context() as patched:
        patched.setattr(streaming, "write_table", interrupted)
        code, out, err = ahpvalue(*arguments)
    assert (code, out) == (2, "")
    assert err == "scored: stopped; what is there is whole, and the same command goes on from it\n"
    assert len(finished("scored")) == 4
    code, out, _ = ahpvalue(*arguments)
    assert "4 of 12 pieces there already" in out
    assert not list(Path("scored").glob(".*"))


def test_a_file_that_changed_is_scored_again_and_leaves_no_old_piece(ahpvalue, here):
    arguments = ("score", "model.yaml", "big", "-o", "scored", "--batch", "300")
    ahpvalue(*arguments)
    table(500, 9).write_parquet("big/part-1.parquet")
    code, _, err = ahpvalue(*arguments)
    assert code == 0
    assert err == "big/part-1.parquet: has changed since it was scored; it is scored again\n"
    assert len(list(Path("scored").glob("part-1.*"))) == 2
    whole, _ = in_one_go(av.load_model("model.yaml"), pl.read_parquet("big/*.parquet"))
    assert_frame_equal(read("scored"), whole, check_exact=True)


def test_scores_of_something_else_are_written_over_only_by_force(ahpvalue, here):
    arguments = ("score", "model.yaml", "big", "-o", "scored", "--batch", "300")
    ahpvalue(*arguments)
    was = av.load_model("model.yaml").hash
    (here / "model.yaml").write_text(MODEL.replace("0.4, profit: 0.6", "0.5, profit: 0.5"))
    remedy = "name another folder, or --force to write over them"
    assert ahpvalue(*arguments)[2] == f"scored: holds scores with another model ({was}); {remedy}\n"
    assert ahpvalue(*arguments, "--force", "--batch", "500")[0] == 0
    assert len(list(Path("scored").glob("*.parquet"))) == 6
    whole, _ = in_one_go(av.load_model("model.yaml"), pl.read_parquet("big/*.parquet"))
    assert_frame_equal(read("scored"), whole, check_exact=True)
    err = ahpvalue(*arguments, "--outputs", "total")[2]
    assert err.startswith("scored: holds scores with other columns (total,")
    shutil.copytree("big", "other")
    err = ahpvalue("score", "model.yaml", "other", "-o", "scored")[2]
    there = f"{here.resolve()}/big/part-0.parquet"
    assert err == f"scored: holds the scores of another part-0.parquet ({there}); {remedy}\n"


def test_more_files_join_a_folder(ahpvalue, here):
    ahpvalue("score", "model.yaml", "big/part-0.parquet", "-o", "scored/")
    code, out, _ = ahpvalue("score", "model.yaml", "big", "-o", "scored/")
    assert code == 0
    assert "1 of 3 pieces there already" in out


# -- mistakes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none*.csv", "-o", "s/"], "none*.csv: no file matches; give files that are there"),
        (["empty", "-o", "s/"], "empty: no file in it ends in .csv, .csv.gz, .parquet"),
        (["big/part-7.parquet", "-o", "s/"], "big/part-7.parquet: there is no such file"),
        (["big"], "several files are scored into a folder; name it: --output FOLDER/"),
        (["big", "-o", "s.csv"], "s.csv: is a file's name; scores in pieces are several files"),
        (["big", "-o", "model.yaml"], "model.yaml: is a file; scores in pieces are several files"),
        (["big", "-o", "big"], "big: is read from; name another folder for what is written"),
        (["big", "-o", "s", "--contributions", "s/"], "s: scores and contributions need a folder"),
        (["big", "-o", "s", "--fit"], "--fit: needs all customers at once"),
        (["big", "-o", "s", "--outputs", "total,rank"], "--outputs: rank: needs all customers"),
        (
            ["big", "-o", "s", "--outputs", "totl"],
            "there is no output 'totl'; did you mean 'total'?",
        ),
        (
            ["big/part-0.parquet", "-o", "s.csv", "--batch", "9"],
            "--batch and --force are for scores",
        ),
        (["big", "same/part-0.parquet", "-o", "s"], "files of one name would have their scores in"),
        (["big", "broken.parquet", "-o", "s"], "broken.parquet: cannot be read: "),
        (
            ["big", "fewer.parquet", "-o", "s"],
            "fewer.parquet: there is no column 'margin' (profit)",
        ),
        (
            ["big", "numbered.parquet", "-o", "s"],
            "numbered.parquet: column 'id' (the customers' ids) is Int64, but String in big",
        ),
        (["big", "model.yaml", "-o", "s"], "model.yaml: a table is a file ending in .csv"),
        (["semicolons.csv", "-o", "s/"], "semicolons.csv: the columns are not separated by commas"),
        (["nothing.csv", "-o", "s/"], "nothing.csv: cannot be read: "),
        (["notes.csv", "-o", "s/"], "notes.csv: cannot be read: "),
        (["notzip.csv.gz", "-o", "s/"], "notzip.csv.gz: cannot be read: "),
    ],
)
def test_a_mistake_is_one_sentence_before_anything_is_scored(ahpvalue, here, arguments, said):
    (here / "empty").mkdir()
    (here / "same").mkdir()
    shutil.copy("big/part-1.parquet", "same/part-0.parquet")
    Path("broken.parquet").write_bytes(Path("big/part-0.parquet").read_bytes()[:-100])
    table(5).drop("margin").write_parquet("fewer.parquet")
    table(5).with_columns(id=pl.int_range(5)).write_parquet("numbered.parquet")
    Path("semicolons.csv").write_text("id;loyalty;margin\n1;2;3\n")
    Path("nothing.csv").write_text("")
    Path("notzip.csv.gz").write_text("id,loyalty,margin\n")
    Path("notes.csv").write_text("id,loyalty,margin\nC1,1,0.5\nC2,1,0.5,7,8\n")
    code, out, err = ahpvalue("score", "model.yaml", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not list(Path().glob("s/*.parquet"))


def test_an_unfitted_model_is_refused(ahpvalue, here):
    relative = MODEL.replace("linear: [[0, 0], [1, 100]]", "percentile: {better: high}")
    (here / "relative.yaml").write_text(relative, encoding="utf-8")
    code, _, err = ahpvalue("score", "relative.yaml", "big", "-o", "scored")
    assert code == 2
    assert "profit depend on a reference population: fit the model first" in err
    assert not Path("scored").exists()


def test_files_without_a_record_are_not_written_over(ahpvalue, here):
    Path("scored").mkdir()
    Path("scored/part-0.00001.parquet").write_text("mine")
    code, _, err = ahpvalue("score", "model.yaml", "big", "-o", "scored")
    assert code == 2
    assert err.startswith("scored/part-0.00001.parquet: there already, with no record of how")
    Path("scored").joinpath(MANIFEST).write_text("mine\n")
    err = ahpvalue("score", "model.yaml", "big", "-o", "scored")[2]
    assert err.startswith("scored/manifest.jsonl: is not a record of scores; name another folder")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_figure_that_is_none_is_refused_with_file_rows_and_customer(ahpvalue, here, ending):
    text = table(100).with_columns(
        margin=pl.when(pl.int_range(100) == 77).then(pl.lit("much")).otherwise(pl.lit("0.5"))
    )
    text.write_parquet("c.parquet")
    text.write_csv("c.csv")
    code, _, err = ahpvalue("score", "model.yaml", f"c.{ending}", "-o", "scored/", "--batch", "20")
    assert code == 2
    if ending == "csv":
        assert err.startswith("c.csv, rows ")
        assert "column 'margin' (profit): holds 'much' for customer 0100077; this" in err
        assert len(list(Path("scored").glob("*.csv"))) >= 3  # whole pieces before it
    else:
        assert err.startswith("c.parquet, rows 1 to 20: column 'margin' (profit): holds numbers")


# -- memory -----------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_three_million_customers_need_no_more_memory_than_one_piece(here, ending):
    rows = 3_000_000
    rng = np.random.default_rng(3)
    figures = {name: rng.random(rows).round(4) for name in ("loyalty", "margin")}
    held = pl.DataFrame({"id": np.arange(rows)} | figures)
    getattr(held, f"write_{ending}")(f"c.{ending}")
    code = (
        "from ahpvalue.cli.app import run; run(); "
        "print([l for l in open('/proc/self/status') if 'VmHWM' in l][0].split()[1])"
    )
    arguments = ("score", "model.yaml", f"c.{ending}", "-o", "scored/", "--batch", "100000")
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert "3,000,000 customers: 3,000,000 rated" in done.stdout
    assert int(done.stdout.splitlines()[-1]) / 1024 < 400  # MB, of which imports are 150
