"""The record: one long table, written without doubles, and enough to go on from."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.evaluation.record import stores


@pytest.fixture(scope="module")
def fitted():
    return av.template("retail-terminal").fit(synthetic_customers(60))


@pytest.fixture(scope="module")
def scores(fitted):
    return fitted.score(synthetic_customers(40, seed=3))


@pytest.fixture(scope="module")
def tiers(scores):
    return scores.tiers(period="2022Q1")


def place(kind, folder):
    if kind == "sqlite connection":
        return sqlite3.connect(":memory:")
    if kind == "duckdb connection":
        return pytest.importorskip("duckdb").connect()
    if kind == "sqlalchemy":
        return pytest.importorskip("sqlalchemy").create_engine(f"sqlite:///{folder}/x.db")
    if kind == "adbc":
        return pytest.importorskip("adbc_driver_sqlite.dbapi").connect()
    return folder / f"record{kind}"


PLACES = [
    "", ".db", ".sqlite", ".duckdb",
    "sqlite connection", "duckdb connection", "sqlalchemy", "adbc",
]  # fmt: skip


@pytest.mark.parametrize("kind", PLACES)
def test_writing_twice_is_writing_once(kind, scores, tiers, tmp_path):
    where = place(kind, tmp_path)
    history = av.History(where)
    record = scores.record("a", "2022Q1", tiers=tiers)
    rows = history.write(record)
    assert rows == history.write(record) == len(history.read()["run"])
    assert history.write(scores.record("a", "2022Q2")) < rows
    assert history.periods() == ["2022Q1", "2022Q2"]
    totals = history.read(period="2022Q1", level="total")
    np.testing.assert_array_equal(np.array(totals["score"], dtype=float), scores["total"])
    assert totals["customer"][0] == "00001"  # its zeros are there still
    for end in ("close", "dispose"):
        if hasattr(where, end):
            getattr(where, end)()


@pytest.mark.parametrize("kind", ["", ".sqlite", ".duckdb"])
def test_the_history_read_back_goes_on_where_it_stopped(kind, fitted, scores, tiers, tmp_path):
    history = av.History(place(kind, tmp_path))
    history.write(scores.record("a", "2022Q1", tiers=tiers, segments=scores.segments()))
    kept = history.tiers("2022Q1", fitted)
    later = fitted.score(synthetic_customers(45, seed=4))
    expected = later.tiers(tiers, period="2022Q2")
    again = later.tiers(kept, period="2022Q2")
    assert again.tier.tolist() == expected.tier.tolist()
    assert again.standing.pending_periods.tolist() == expected.standing.pending_periods.tolist()
    back = fitted.score(history.customers("2022Q1", fitted))
    assert back["total"].tobytes() == scores["total"].tobytes()
    moved, same = later.compare(back), later.compare(scores)
    assert str(moved) == str(same)
    segments = history.read(level="segment")["text"]
    assert segments == scores.segments(tiers).segment.tolist()


def test_points_of_the_indicators_add_up_to_the_total(scores):
    table = pd.DataFrame(scores.record("a", "2022Q1").to_dict())
    points = table[table["level"] == "indicator"].groupby("customer")["contribution"].sum()
    totals = table[table["level"] == "total"].set_index("customer")["score"]
    assert (points - totals).abs().max() < 1e-9
    weights = table[table["level"] == "indicator"].groupby("customer")["weight"].sum()
    assert (weights - 1).abs().max() < 1e-9


def test_every_row_names_its_run_model_and_reference(fitted, scores):
    record = scores.record("a", "2022Q1").to_dict()
    assert set(record["model"]) == {fitted.hash}
    assert set(record["reference"]) == {fitted.reference_hash}
    missing = [
        s for s, i in zip(record["status"], record["item"], strict=True) if i == "sales_growth"
    ]
    assert missing.count("missing") == np.isnan(scores.values("sales_growth")).sum()
    assert all(record["reason"][:40])


def test_a_write_that_fails_leaves_what_was_there(scores, tmp_path):
    class Broken:
        run, period = "a", "2022Q1"

        def blocks(self):
            yield next(scores.record("a", "2022Q1").blocks())
            raise RuntimeError("power cut")

    for kind in ("", ".sqlite", ".duckdb"):
        history = av.History(tmp_path / f"r{kind}")
        history.write(scores.record("a", "2022Q1"))
        before = len(history.read()["run"])
        with pytest.raises(RuntimeError, match="power cut"):
            history.write(Broken())
        assert len(history.read()["run"]) == before


def test_columns_that_rules_ask_for_are_kept(tmp_path):
    model = av.Model(
        hierarchy={"v": ["x"]},
        indicators={"x": {"linear": [[0, 0], [9, 99]]}},
        active={"when": {"status": "active"}},
    )
    table = {"customer": ["a", "b"], "x": [3.0, 4.0], "status": ["active", "gone"]}
    scores = model.score(table)
    history = av.History(tmp_path / "r.sqlite")
    history.write(scores.record("a", "2022"))
    back = model.score(history.customers("2022", model))
    assert back["status"].tolist() == scores["status"].tolist() == ["active", "inactive"]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda h, s, p: av.History(p / "x.txt").read(), "x.txt: a history is a database ending"),
        (lambda h, s, p: av.History(p / "x.csv").read(), "or a folder for Parquet files; name one"),
        (lambda h, s, p: av.History(p / "x.parquet").read(), "x.parquet: a history is a database"),
        (lambda h, s, p: av.History(p / "no" / "x").read(), "there is no folder"),
        (lambda h, s, p: av.History(3).read(), "not to a builtins.int"),
        (lambda h, s, p: av.History(p / "x.db", "a; b"), "is no name of a table"),
        (lambda h, s, p: h.tiers("1999", s.scored.model), "no tiers of 1999"),
        (
            lambda h, s, p: h.tiers("2022Q1", s.scored.model),
            r"several runs hold tiers of 2022Q1 \(a, b\); name one",
        ),
        (lambda h, s, p: s.record("", "2022Q1"), "named by its run and its period"),
    ],
)
def test_a_history_that_cannot_be_used_says_so(act, said, scores, tiers, tmp_path):
    history = av.History(tmp_path / "h.sqlite")
    for run in ("a", "b"):
        history.write(scores.record(run, "2022Q1", tiers=tiers))
    with pytest.raises(av.AhpValueError, match=said):
        act(history, scores, tmp_path)


def test_another_table_in_the_folder_is_refused_and_kept(scores, tmp_path):
    other = pd.DataFrame({"a": [1]})
    other.to_parquet(tmp_path / "a@2022Q1.parquet")
    history = av.History(tmp_path)
    with pytest.raises(av.AhpValueError, match=r"a@2022Q1\.parquet: holds another table"):
        history.read()
    with pytest.raises(av.AhpValueError, match=r"a@2022Q1\.parquet: holds another table"):
        history.write(scores.record("a", "2022Q1"))
    assert pd.read_parquet(tmp_path / "a@2022Q1.parquet").equals(other)


def test_a_folder_has_one_file_per_run_and_period_whatever_they_are_called(scores, tmp_path):
    history = av.History(tmp_path / "kept")
    names = [("a", "b@c"), ("a@b", "c"), ("../a", "2022/Q1"), ("*", "b@c"), (".", "年")]
    for run, period in names:
        history.write(scores.record(run, period))
    assert len(list((tmp_path / "kept").iterdir())) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    for run, period in names:
        found = history.read(run=run, level="total")
        assert (set(found["run"]), set(found["period"])) == ({run}, {period})
        assert len(found["run"]) == 40


def test_writing_a_period_leaves_the_files_of_the_others(scores, tmp_path):
    history = av.History(tmp_path)
    history.write(scores.record("a", "2022Q1"))
    (first,) = tmp_path.iterdir()
    before = first.stat()
    history.write(scores.record("a", "2022Q2"))
    assert first.stat() == before


@pytest.mark.parametrize("kind", ["", ".sqlite", ".duckdb"])
def test_two_processes_write_into_one_place_and_nothing_is_lost(kind, fitted, tmp_path):
    fitted.save(tmp_path / "model.yaml")
    where = tmp_path / f"kept{kind}"
    code = (
        "import sys, ahpvalue as av\n"
        "from ahpvalue.demo import synthetic_customers\n"
        "model, place, run = sys.argv[1:]\n"
        "scores = av.load_model(model).score(synthetic_customers(40, seed=3))\n"
        "for period in '1234': av.History(place).write(scores.record(run, period))\n"
    )
    command = [sys.executable, "-c", code, tmp_path / "model.yaml", where]
    environment = os.environ | {"PYTHONPATH": str(Path(av.__file__).parents[1])}
    writers = [subprocess.Popen([*command, run], env=environment) for run in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    found = av.History(where).read(level="total")
    written = list(zip(found["run"], found["period"], strict=True))
    assert {one: written.count(one) for one in written} == {
        (run, period): 40 for run in "ab" for period in "1234"
    }


WRITERS = """
import sqlite3, sys, threading
import numpy as np
import ahpvalue as av

kind, place, who = sys.argv[1:]
model = av.Model(hierarchy={"v": ["x"]}, indicators={"x": {"linear": [[0, 0], [1, 100]]}})
scores = model.score({"customer": np.arange(200), "x": np.full(200, 0.5)})


def opened():
    if kind == "sqlalchemy":
        import sqlalchemy
        return sqlalchemy.create_engine(f"sqlite:///{place}")
    if kind == "sqlite connection":  # which commits every statement, and waits for nobody
        return sqlite3.connect(
            place, check_same_thread=False, isolation_level=None, timeout=0
        )
    if kind == "duckdb connection":
        import duckdb
        return duckdb.connect(place)
    return place


history = av.History(opened())  # one of all threads
failed = []


def write(thread):
    try:
        for period in ("2022Q1", "2022Q2"):
            history.write(scores.record(f"{who}{thread}", period))
            history.write(scores.record("the same", period))
            assert history.periods(f"{who}{thread}")[-1] == period
    except BaseException as wrong:
        failed.append(wrong)
        raise


threads = [threading.Thread(target=write, args=(k,)) for k in range(3)]
for one in threads:
    one.start()
for one in threads:
    one.join()
sys.exit(len(failed))
"""


@pytest.mark.parametrize(
    ("kind", "processes"),
    [("", 2), (".sqlite", 2), (".duckdb", 2), ("sqlalchemy", 2), ("sqlite connection", 2),
     ("duckdb connection", 1)],
)  # fmt: skip
def test_threads_of_processes_write_into_one_place(kind, processes, tmp_path):
    """Nothing is lost, nothing is there twice, and whoever said "written" has written."""
    where = tmp_path / f"kept{'.db' if 'q' in kind else '.duckdb' if 'duck' in kind else ''}"
    environment = os.environ | {"PYTHONPATH": str(Path(av.__file__).parents[1])}
    command = [sys.executable, "-c", WRITERS, kind, str(where)]
    writers = [subprocess.Popen([*command, who], env=environment) for who in "ab"[:processes]]
    assert [writer.wait() for writer in writers] == [0] * processes
    found = av.History(where).read(level="total")
    written = list(zip(found["run"], found["period"], strict=True))
    runs = [f"{who}{thread}" for who in "ab"[:processes] for thread in range(3)]
    assert {one: written.count(one) for one in set(written)} == {
        (run, period): 200 for run in [*runs, "the same"] for period in ("2022Q1", "2022Q2")
    }
    assert not list(tmp_path.glob("**/*.part"))


def test_a_database_that_stays_locked_is_an_error_in_words(scores, tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "_PATIENCE", 0.3)
    where = tmp_path / "x.sqlite"
    av.History(where).write(scores.record("a", "2022Q1"))
    other = sqlite3.connect(where)
    other.execute("begin exclusive")
    with pytest.raises(av.AhpValueError, match=r"x\.sqlite: cannot be used .*: database is locked"):
        av.History(where).write(scores.record("b", "2022Q1"))
    other.close()
    assert av.History(where).write(scores.record("b", "2022Q1"))


def test_tiers_of_other_scores_are_refused(fitted, scores):
    others = fitted.score(synthetic_customers(5)).tiers()
    with pytest.raises(av.CustomerDataError, match="those of other scores"):
        scores.record("a", "2022Q1", tiers=others)


@pytest.mark.parametrize("ending", [".sqlite", ".duckdb"])
def test_a_file_of_something_else_is_refused_by_its_name(ending, scores, tmp_path):
    path = tmp_path / f"junk{ending}"
    path.write_text("this is no database, whatever it is called" * 300)
    with pytest.raises(av.AhpValueError, match=f"junk{ending}: cannot be used as a history"):
        av.History(path).read()


def test_what_cannot_be_a_history_is_refused_in_one_sentence(scores, tmp_path):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE other (a TEXT)")
    with pytest.raises(av.AhpValueError, match="table other: cannot be used as a history"):
        av.History(connection, "other").read()
    with pytest.raises(av.AhpValueError, match="table select: cannot be used"):
        av.History(connection, "select").read()
    connection.close()
    with pytest.raises(av.AhpValueError, match="'1a' is no name of a table"):
        av.History(tmp_path / "x.sqlite", "1a")
    with pytest.raises(av.AhpValueError, match=r"not Scores; write scores\.record"):
        av.History(tmp_path / "x.sqlite").write(scores)


def test_a_connection_of_sqlalchemy_is_not_taken_for_an_engine(tmp_path):
    engine = pytest.importorskip("sqlalchemy").create_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection, pytest.raises(av.AhpValueError, match="SQLAlchemy engine"):
        av.History(connection).read()
    engine.dispose()


def test_a_transaction_of_the_callers_stays_open(scores):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE mine (a TEXT)")
    connection.commit()
    connection.execute("INSERT INTO mine VALUES ('undone')")
    av.History(connection).write(scores.record("a", "2022Q1"))
    assert connection.in_transaction
    assert av.History(connection).periods() == ["2022Q1"]
    connection.rollback()
    assert connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)
    connection.close()
