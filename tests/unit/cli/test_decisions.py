"""The commands tiers, compare and explain as a person meets them."""

import json
import shutil

import polars as pl
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.templates.bundled import template_folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A fitted template and two periods of synthetic customers, to work in."""
    shutil.copytree(template_folder("retail-terminal"), tmp_path / "retail")
    first = pl.DataFrame(synthetic_customers(60), nan_to_null=True)
    first.write_csv(tmp_path / "q1.csv")
    second = pl.DataFrame(synthetic_customers(60, seed=8), nan_to_null=True)
    second.slice(2).write_csv(tmp_path / "q2.csv")
    av.load_model(tmp_path / "retail" / "model.yaml").fit(first).save(tmp_path / "fitted.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_tiers_are_carried_from_file_to_file(ahpvalue, here):
    code, out, _ = ahpvalue("tiers", "fitted.yaml", "q1.csv", "--period", "2022Q1", "-o", "t1.csv")
    assert code == 0
    assert "Tiers of 2022Q1" in out
    assert "wrote t1.csv" in out
    second = ("tiers", "fitted.yaml", "q2.csv", "--previous", "t1.csv", "--period", "2022Q2")
    code, out, _ = ahpvalue(*second, "-o", "t2.csv", "--history", "h.sqlite")
    assert code == 0
    assert "held by the rule" in out
    kept = pl.read_csv(here / "t2.csv", schema_overrides={"customer_id": pl.String})
    assert len(kept) == 58
    assert kept["customer_id"][0] == "00003"
    assert av.History(here / "h.sqlite").periods() == ["2022Q2"]


def test_compare_shows_the_matrix_and_the_causes(ahpvalue, here):
    code, out, _ = ahpvalue(
        "compare", "fitted.yaml", "q2.csv", "q1.csv", "--value", "monthly_order", "-o", "m.csv"
    )
    assert code == 0
    for part in ("Movements, number of customers", "(left)", "own values", "by value before"):
        assert part in out
    moved = pl.read_csv(here / "m.csv", schema_overrides={"customer": pl.String})
    assert len(moved) == 60
    code, out, _ = ahpvalue("compare", "fitted.yaml", "q2.csv", "q1.csv", "--json")
    assert json.loads(out)["Why scores and tiers changed"]["cause"][0] == "own values"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "What raises it:"), ("zh", "提高得分的因素：")]
)
def test_explain_tells_one_customer(ahpvalue, language, said):
    code, out, _ = ahpvalue("explain", "fitted.yaml", "q1.csv", "00017", "--language", language)
    assert code == 0
    assert said in out


def test_explain_gives_json_to_machines(ahpvalue):
    code, out, _ = ahpvalue("explain", "fitted.yaml", "q1.csv", "00017", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["customer"] == "00017"
    assert told["reasons"][0]["points"]
    assert "status" in told["way_up"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "fitted.yaml", "q1.csv", "00o17"), "there is no customer 00o17"),
        (("tiers", "retail/model.yaml", "q1.csv"), "fit the model first"),
        (
            ("tiers", "fitted.yaml", "q1.csv", "--previous", "q1.csv"),
            "there is no column 'tier_by_rule'",
        ),
        (("compare", "fitted.yaml", "q2.csv", "q1.csv", "--value", "sale"), "no column 'sale'"),
        (("tiers", "fitted.yaml", "q1.csv", "--history", "h.sqlite"), "give --period"),
    ],
)
def test_input_that_cannot_be_used_is_one_line_and_exit_code_2(ahpvalue, arguments, said):
    code, _, err = ahpvalue(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


CODED = {
    "hierarchy": {"value": ["sales"]},
    "indicators": {"sales": {"minmax": {}}},
    "peers": {"by": ["region"], "minimum": 2},
    "segments": {"rules": {"north": {"when": {"area": "007"}}}},
}


@pytest.mark.parametrize(
    ("regions", "area"), [(["01", "01", "02", "02"], "007"), (["1", "1", "2", "2"], "007")]
)
def test_codes_mean_the_same_in_a_file_and_in_python(ahpvalue, here, regions, area):
    table = {
        "customer": ["a", "b", "c", "d"], "sales": [1.0, 2.0, 3.0, 4.0],
        "region": regions, "area": [area] * 4,
    }  # fmt: skip
    fitted = av.Model(**CODED).fit(table)
    fitted.save(here / "coded.yaml")
    pl.DataFrame(table).write_csv(here / "coded.csv")
    assert ahpvalue("score", "coded.yaml", "coded.csv", "-o", "coded.scores.csv")[0] == 0
    kept = pl.read_csv(here / "coded.scores.csv", infer_schema=False)
    assert kept["peer_group"].to_list() == fitted.score(table)["peer_group"].tolist() == regions
    from ahpvalue.cli.table_files import read_table

    read = read_table(here / "coded.csv", fitted.document)
    assert set(fitted.score(read).segments().segment) == {"north"}


@pytest.fixture
def published(ahpvalue, here):
    """Two periods of tiers with an override, published in files."""
    (here / "by_hand.csv").write_text(
        "customer_id,tier,reason,author,expires\n00003,core,second shop,ann,2023\n"
    )
    first = ("tiers", "fitted.yaml", "q1.csv", "--period", "2022Q1", "-o", "t1.csv")
    second = ("tiers", "fitted.yaml", "q2.csv", "--period", "2022Q2", "-o", "t2.csv")
    assert ahpvalue(*first)[0] == 0
    assert ahpvalue(*second, "--previous", "t1.csv", "--overrides", "by_hand.csv")[0] == 0
    return here


def test_compare_and_explain_say_what_was_published(ahpvalue, published):
    files = ("fitted.yaml", "q2.csv", "q1.csv")
    tiers = ("--tiers", "t2.csv", "--previous-tiers", "t1.csv", "--period", "2022Q2")
    code, _, err = ahpvalue("compare", *files, *tiers, "-o", "m.csv")
    assert (code, err) == (0, "")
    moved = pl.read_csv(published / "m.csv", infer_schema=False).head(58)
    kept = pl.read_csv(published / "t2.csv", infer_schema=False)
    assert moved["customer"].to_list() == kept["customer_id"].to_list()
    assert moved["now"].to_list() == kept["tier"].fill_null(kept["status"]).to_list()
    assert float(moved["tier_by_override"][0]) > 0
    code, out, _ = ahpvalue(
        "explain", "fitted.yaml", "q2.csv", "00003", "--tiers", "t2.csv", "--json"
    )
    assert (code, json.loads(out)["tier"]) == (0, "core")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "q2.csv", "q1.csv", "--tiers", "t2.csv"), "give --tiers and --previous-tiers"),
        (
            ("compare", "q2.csv", "q1.csv", "--tiers", "t1.csv", "--previous-tiers", "t1.csv"),
            "other values",
        ),
        (
            ("compare", "q1.csv", "q2.csv", "--tiers", "t1.csv", "--previous-tiers", "t2.csv"),
            "t2.csv: the previous tiers are those of 2022Q2, which is later than 2022Q1",
        ),
        (("explain", "q1.csv", "00001", "--tiers", "t2.csv"), "do not know 00001"),
        (
            ("compare", "q2.csv", "q1.csv", "--state", "t2.csv", "--period", "2021Q4"),
            "t2.csv: the previous tiers are those of 2022Q2, which is later than 2021Q4",
        ),
        (
            ("explain", "q2.csv", "00003", "--previous", "t2.csv", "--period", "2022Q1"),
            "t2.csv: the previous tiers are those of 2022Q2, which is later than 2022Q1",
        ),
        (
            ("explain", "q2.csv", "00003", "--tiers", "t2.csv", "--period", "2022Q3"),
            "those of 2022Q2, not of 2022Q3",
        ),
    ],
)
def test_tiers_of_other_periods_and_customers_are_refused(ahpvalue, published, arguments, said):
    command, *rest = arguments
    code, _, err = ahpvalue(command, "fitted.yaml", *rest)
    assert (code, said in err) == (2, True), err


@pytest.mark.parametrize(
    ("history", "said"),
    [("h.txt --period 2022Q1", "h.txt: a history is a database"), ("h.sqlite", "give --period")],
)
def test_a_history_that_cannot_be_written_is_refused_before_the_tiers_are(
    ahpvalue, here, history, said
):
    words = ("tiers", "fitted.yaml", "q1.csv", "-o", "none.csv", "--history", *history.split())
    code, _, err = ahpvalue(*words)
    assert (code, said in err) == (2, True), err
    assert not (here / "none.csv").exists()


@pytest.mark.parametrize(
    "line",
    [
        "tiers m.yaml c.csv -o c.csv",
        "tiers m.yaml c.csv --previous q.csv -o q.csv",
        "tiers m.yaml c.csv --overrides q.csv -o q.csv",
        "compare m.yaml c.csv q.csv -o c.csv",
        "compare m.yaml c.csv q.csv -o q.csv",
        "compare m.yaml c.csv c.csv --tiers q.csv -o q.csv",
    ],
)
def test_no_command_writes_over_a_table_that_it_reads(ahpvalue, here, line):
    for name in ("c.csv", "q.csv", "m.yaml"):
        (here / name).write_text("mine")
    code, _, err = ahpvalue(*line.split())
    target = line.split()[-1]
    assert (code, err) == (2, f"{target}: would overwrite what is read; name another output\n")
    assert (here / target).read_text() == "mine"
