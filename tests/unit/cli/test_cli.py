"""The command line as a person meets it: what is printed, written, and which exit code."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.templates.bundled import template_folder

INCONSISTENT = """\
version: 2
hierarchy: {value: [a, b, c]}
judgments:
  experts: {ann: {}}
  comparisons: {value: {ann: [[9, 1/9], [9]]}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the template and some synthetic customers, to work in."""
    shutil.copytree(template_folder("retail-terminal"), tmp_path / "retail")
    pl.DataFrame(synthetic_customers(60), nan_to_null=True).write_csv(tmp_path / "customers.csv")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_demo_shows_the_whole_way_and_says_what_is_made_up(ahpvalue, here):
    code, out, _ = ahpvalue("demo")
    assert code == 0
    for part in (
        "The customers are SYNTHETIC (500 made up from seed 7)",
        "the experts' judgments are INVENTED",
        "Consistency of the judgments",
        "Weights (distributive)",
        "Scores of 500 customers, best first",
        "Written to ahpvalue-demo/:",
    ):
        assert part in out
    scores = pl.read_csv("ahpvalue-demo/scores.csv", schema_overrides={"customer_id": pl.String})
    assert scores["customer_id"][0] == "00001"
    assert scores["model"].unique().to_list() == [
        av.load_model("ahpvalue-demo/model.fitted.yaml").hash
    ]
    assert ahpvalue("demo")[0] == 0


def test_demo_writes_over_nothing_but_a_demo(ahpvalue, here):
    assert ahpvalue("demo", ".") == (
        2,
        "",
        ".: holds other files; name a new folder for the demo\n",
    )


def test_init_writes_a_model_and_never_over_one(ahpvalue):
    code, out, _ = ahpvalue("init", "mine")
    assert code == 0
    assert "wrote mine/experts/credit_officer.yaml" in out
    assert av.load_model("mine/model.yaml") == av.template("retail-terminal")
    code, _, err = ahpvalue("init", "mine")
    assert code == 2
    assert "there already; --force overwrites" in err
    assert ahpvalue("init", "mine", "--force")[0] == 0
    assert (
        "did you mean 'retail-terminal'?"
        in ahpvalue("init", "x", "--template", "retail-termnal")[2]
    )


def test_check_prints_consistency_and_finds_under_strict(ahpvalue, here):
    (here / "bad.yaml").write_text(INCONSISTENT)
    assert ahpvalue("check", "retail/model.yaml", "--strict")[0] == 0
    code, out, err = ahpvalue("check", "bad.yaml")
    assert code == 0
    assert "over the limit" in out
    assert err.startswith("warning: bad.yaml:5: judgments.comparisons.value.ann: CR ")
    assert ahpvalue("check", "bad.yaml", "--strict")[0] == 1


def test_a_model_that_refuses_inconsistency_is_bad_input(ahpvalue, here):
    rule = "judgments:\n  consistency: {on_exceed: refuse}\n"
    (here / "bad.yaml").write_text(INCONSISTENT.replace("judgments:\n", rule))
    code, _, err = ahpvalue("check", "bad.yaml")
    assert code == 2
    assert "is over the limit 0.1; the most inconsistent judgment is" in err


def test_every_problem_of_a_model_is_a_line(ahpvalue, here):
    (here / "bad.yaml").write_text(INCONSISTENT.replace("ann: [[", "anne: [[") + "nme: x\n")
    code, out, err = ahpvalue("check", "bad.yaml")
    assert (code, out) == (2, "")
    assert [line.partition(": ")[0] for line in err.splitlines()] == ["bad.yaml:5", "bad.yaml:6"]


def test_weights_in_the_readers_language(ahpvalue):
    code, out, _ = ahpvalue("weights", "retail/model.yaml", "--language", "zh")
    assert code == 0
    assert "客户依存度" in out
    rows = json.loads(ahpvalue("weights", "retail/model.yaml", "--json")[1])["weights"]
    leaves = {row["node"]: row["total"] for row in rows if row["depth"] == 3}
    assert len(leaves) == 12
    assert sum(leaves.values()) == pytest.approx(1)


def test_fit_then_score_is_score_fit(ahpvalue):
    assert ahpvalue("fit", "retail/model.yaml", "customers.csv", "-o", "fitted.yaml")[0] == 0
    assert ahpvalue("score", "fitted.yaml", "customers.csv", "-o", "two.csv")[0] == 0
    code, out, _ = ahpvalue("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "one.csv")
    assert code == 0
    assert out.endswith("wrote one.csv\nwrote one.model.yaml\n")
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()
    assert Path("one.model.yaml").read_bytes() == Path("fitted.yaml").read_bytes()


def test_names_of_outputs_left_out_are_made_from_the_inputs(ahpvalue):
    ahpvalue("fit", "retail/model.yaml", "customers.csv")
    assert ahpvalue("score", "model.fitted.yaml", "customers.csv")[0] == 0
    assert Path("customers.scores.csv").exists()


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".parquet"])
def test_every_kind_of_file_holds_the_same(ahpvalue, ending):
    table = pl.read_csv("customers.csv", schema_overrides={"customer_id": pl.String})
    if ending == ".csv.gz":
        Path("in.csv.gz").write_bytes(gzip.compress(Path("customers.csv").read_bytes()))
    elif ending == ".parquet":
        table.write_parquet("in.parquet")
    else:
        shutil.copy("customers.csv", "in.csv")
    done = ahpvalue(
        "score", "--fit", "retail/model.yaml", f"in{ending}", "-o", f"out{ending}",
        "--contributions", f"points{ending}",
    )  # fmt: skip
    assert done[0] == 0
    read = pl.read_parquet if ending == ".parquet" else pl.read_csv
    options = {} if ending == ".parquet" else {"schema_overrides": {"customer_id": pl.String}}
    scores, points = read(f"out{ending}", **options), read(f"points{ending}", **options)
    assert scores["customer_id"].to_list() == table["customer_id"].to_list()
    model = av.load_model("out.model.yaml")
    assert scores["total"].to_list() == model.score(table)["total"].tolist()
    added = points.select(pl.sum_horizontal(*model.hierarchy.leaves)).to_series()
    assert (added - scores["total"]).abs().max() < 1e-12


def test_json_is_for_machines(ahpvalue):
    _, out, _ = ahpvalue("score", "--fit", "retail/model.yaml", "customers.csv", "--json")
    result = json.loads(out)
    assert result["customers"] == 60
    assert len(result["best"]) == 10
    assert result["best"][0]["rank"] == 1
    assert {row["indicator"] for row in result["inputs"]} >= {"sales_growth", "integrity"}
    checked = json.loads(ahpvalue("check", "retail/model.yaml", "--json")[1])
    assert checked["acceptable"] is True
    assert checked["fitted"] is False
    assert len(checked["consistency"]) == 32
    assert json.loads(ahpvalue("fit", "retail/model.yaml", "customers.csv", "--json")[1])["fitted"]


def test_only_the_wanted_columns(ahpvalue):
    arguments = ("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "o.csv")
    assert ahpvalue(*arguments, "--outputs", "total, credit")[0] == 0
    assert pl.read_csv("o.csv").columns == ["customer_id", "total", "credit"]
    assert "did you mean 'credit'?" in ahpvalue(*arguments, "--outputs", "credt", "--force")[2]


def replace_in_customers(old, new):
    path = Path("customers.csv")
    path.write_text(path.read_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere.yaml"), "nowhere.yaml: cannot be read: No such file"),
        (("score", "retail/model.yaml", "customers.csv"), "fit the model first"),
        (("score", "retail/model.yaml", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (("score", "retail/model.yaml", "retail/model.yaml"), "a table is a file ending in .csv"),
        (("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "a/b.csv"), "no folder a"),
        (("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "o.xls"), "ending in .csv"),
        (
            ("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "customers.csv"),
            "would overwrite what is read",
        ),
        (
            ("fit", "retail/model.yaml", "customers.csv", "-o", "retail/model.yaml"),
            "would overwrite",
        ),
        (("weights", "retail/model.yaml", "--synthesis", "idal"), "did you mean 'ideal'?"),
        (("scor",), "No such command 'scor'"),
        (("score",), "Missing argument"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(ahpvalue, arguments, said):
    code, out, err = ahpvalue(*arguments)
    assert code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("00003,", "00002,", "customers.csv: column 'customer_id': 00002 in more than one row"),
        ("service_cost", "servicecost", "no column 'service_cost' (service_cost); did you mean"),
        ("centre", "downtown", "column 'trade_area' (trade_area): holds 'downtown'"),
    ],
)
def test_a_mistake_in_the_table_names_file_column_and_customer(ahpvalue, old, new, said):
    replace_in_customers(old, new)
    code, _, err = ahpvalue("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "o.csv")
    assert code == 2
    assert said in err
    assert not list(Path().glob("*o.csv*"))


def test_a_table_that_is_not_utf_8_is_refused_with_a_remedy(ahpvalue):
    text = Path("customers.csv").read_text().replace("centre", "市中心")
    Path("customers.csv").write_bytes(text.encode("gbk"))
    code, _, err = ahpvalue("score", "--fit", "retail/model.yaml", "customers.csv")
    assert code == 2
    assert "customers.csv: cannot be read" in err
    assert "save the file with the encoding UTF-8" in err


def test_nothing_half_written_is_left_behind(ahpvalue, monkeypatch):
    def fail(self, target):
        Path(target).write_text("half")
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(pl.DataFrame, "write_csv", fail)
    before = sorted(path.name for path in Path().iterdir())
    code, _, err = ahpvalue("score", "--fit", "retail/model.yaml", "customers.csv", "-o", "o.csv")
    assert code == 2
    assert "No space left on device" in err
    assert sorted(path.name for path in Path().iterdir()) in (
        before,
        sorted([*before, "o.model.yaml"]),
    )


def test_warnings_are_lines_on_standard_error(ahpvalue):
    table = pl.read_csv("customers.csv", schema_overrides={"customer_id": pl.String})
    table.with_columns(service_cost=pl.lit(3.0)).write_csv("customers.csv")
    _, out, err = ahpvalue("fit", "retail/model.yaml", "customers.csv")
    assert err.startswith(
        "warning: column 'service_cost' (service_cost): all 60 customers with a value"
    )
    assert "warning" not in out


def test_python_m_ahpvalue_is_the_same_command(here):
    command = [sys.executable, "-m", "ahpvalue", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"ahpvalue {av.__version__}\n"


def test_without_the_extra_the_command_says_how_to_get_it(here):
    code = "import sys; sys.modules['typer'] = None; from ahpvalue.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        'the ahpvalue command needs typer, which is not installed: pip install "ahpvalue[cli]"\n'
    )


# -- the experts' room -----------------------------------------------------------------------


@pytest.fixture
def contradiction(here):
    (here / "bad.yaml").write_text(INCONSISTENT, encoding="utf-8")
    return "bad.yaml"


def test_review_says_what_to_take_back_and_whether_there_is_anything(ahpvalue, contradiction):
    code, out, err = ahpvalue("review", contradiction)
    assert code == 0
    assert "Review of the judgments" in out
    assert "To ann:\n" in out
    assert "No single change is enough. These 2 together would bring CR to" in out
    assert "over the limit" in err
    assert ahpvalue("review", contradiction, "--strict")[0] == 1
    assert ahpvalue("review", "retail/model.yaml", "--strict")[0] == 0
    assert "一致" in ahpvalue("review", "retail/model.yaml", "--all", "--language", "zh")[1]
    data = json.loads(ahpvalue("review", contradiction, "--json")[1])
    (row,) = data["review"]
    assert row["changes"][0].keys() == {"pair", "old", "new"}
    assert data["sentences"]["ann"]


def test_accept_shows_and_writes_the_file_that_holds_the_answers(ahpvalue, here, contradiction):
    file, command = here / contradiction, ("accept", contradiction, "ann", "value")
    before = file.read_text(encoding="utf-8")
    code, out, _ = ahpvalue(*command, "--proposal", "--by", "Ann", "--dry-run")
    assert code == 0
    assert f"--- {contradiction}\n+++ {contradiction}\n" in out
    assert "nothing is written: --dry-run" in out
    assert file.read_text(encoding="utf-8") == before
    code, again, _ = ahpvalue(*command, "--proposal", "--by", "Ann")
    assert code == 0
    assert f"wrote {contradiction}" in again
    assert out.partition("nothing is")[0] == again.partition("wrote")[0]
    assert "by: Ann" in file.read_text(encoding="utf-8")
    assert ahpvalue("check", contradiction, "--strict")[0] == 0


def test_accept_writes_an_experts_file_and_keeps_its_comments(ahpvalue, here):
    officer = here / "retail" / "experts" / "credit_officer.yaml"
    before = officer.read_text(encoding="utf-8")
    model = (here / "retail" / "model.yaml").read_text(encoding="utf-8")
    code, out, _ = ahpvalue(
        "accept", "retail/model.yaml", "credit_officer", "credit",
        "integrity vs cooperation=4", "--by", "Credit officer",
    )  # fmt: skip
    assert code == 0
    assert "wrote retail/experts/credit_officer.yaml" in out
    assert "-  credit: [[5]]\n+  credit: [[4]]\n" in out
    after = officer.read_text(encoding="utf-8")
    assert after.startswith(before.replace("credit: [[5]]", "credit: [[4]]"))
    assert (here / "retail" / "model.yaml").read_text(encoding="utf-8") == model


def test_accept_writes_an_experts_file_that_a_model_can_name(ahpvalue, here, contradiction):
    code, out, _ = ahpvalue(
        "accept", contradiction, "ann", "value", "--proposal", "--by", "Ann", "-o", "ann.yaml"
    )
    assert code == 0
    assert "wrote ann.yaml" in out
    assert "CR of ann on value: " in out
    text = (here / "ann.yaml").read_text(encoding="utf-8")
    assert "by: Ann" in text
    (here / "new.yaml").write_text(
        "version: 2\nhierarchy: {value: [a, b, c]}\n"
        "judgments: {experts: {ann: {file: ann.yaml}}}\n",
        encoding="utf-8",
    )
    assert ahpvalue("check", "new.yaml", "--strict")[0] == 0
    code, out, _ = ahpvalue(
        "accept", "new.yaml", "ann", "value", "a vs b=4", "b vs c = 1/2",
        "--by", "Ann", "--day", "2026-03-31", "--note", "asked again", "-o", "ann2.yaml",
    )  # fmt: skip
    assert code == 0
    assert (here / "ann2.yaml").read_text(encoding="utf-8").count("note: asked again") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["an", "value", "a vs b=2", "--by", "x"],
            "an has not answered value; did you mean 'ann'?",
        ),
        (["ann", "value", "a vs b", "--by", "x"], "is no answer; write 'sales vs credit=1/2'"),
        (["ann", "value", "a vs b=2", "a vs b=3", "--by", "x"], "a vs b is answered twice"),
        (["ann", "value", "a vs b=2"], "name who agreed to the change"),
        (["ann", "value", "a vs b=2", "--proposal", "--by", "x"], "not both"),
        (["ann", "value", "a vs b=2", "--by", "x", "-o", "bad.yaml"], "bad.yaml: there already"),
        (["ann", "value", "a vs d=2", "--by", "x"], "'d' is not compared here"),
    ],
)
def test_accept_refuses_in_one_sentence_and_writes_nothing(
    ahpvalue, here, contradiction, arguments, said
):
    code, _, err = ahpvalue("accept", contradiction, *arguments)
    assert code == 2
    assert said in err
    assert not (here / "ann.yaml").exists()


# -- upgrade ---------------------------------------------------------------------------------

OLD = """\
version: 1            # the first one
hierarchy: {value: [sales]}
indicators:
  sales: {linear: [[0, 0], [9, 100]], changeable: {highest: 9}}
tiers:
  levels: {core: {score: 60}, rest: {}}
  caps:               # vetoes
    small: {when: {sales: {below: 1}}, at_most: rest}
"""
NEW = OLD.replace("version: 1 ", "version: 2 ").replace("caps:", "vetoes:")


def test_upgrade_shows_the_difference_and_keeps_the_comments(ahpvalue, here):
    (here / "old.yaml").write_text(OLD, encoding="utf-8")
    before = ahpvalue("check", "old.yaml")
    assert "tiers.caps is now vetoes; run 'ahpvalue upgrade old.yaml'" in before[2]
    code, out, err = ahpvalue("upgrade", "old.yaml", "--dry-run")
    assert (code, err) == (0, "")
    assert "-version: 1            # the first one\n" in out
    assert "+  vetoes:               # vetoes\n" in out
    assert (here / "old.yaml").read_text(encoding="utf-8") == OLD
    assert ahpvalue("upgrade", "old.yaml", "-o", "new.yaml")[0] == 0
    assert (here / "old.yaml").read_text(encoding="utf-8") == OLD
    assert (here / "new.yaml").read_text(encoding="utf-8") == NEW
    assert ahpvalue("upgrade", "old.yaml")[0] == 0
    assert (here / "old.yaml").read_text(encoding="utf-8") == NEW
    code, out, err = ahpvalue("check", "old.yaml")
    assert (code, err) == (0, "")
    assert out == before[1]  # the same model, hash and all
    assert "nothing to upgrade" in ahpvalue("upgrade", "old.yaml")[1]


def test_upgrade_takes_old_keys_without_a_version_for_version_1(ahpvalue, here):
    (here / "old.yaml").write_text(OLD.partition("\n")[2], encoding="utf-8")
    assert "did you mean 'vetoes'" in ahpvalue("check", "old.yaml")[2]
    assert ahpvalue("upgrade", "old.yaml")[0] == 0
    assert (here / "old.yaml").read_text(encoding="utf-8") == NEW.partition("\n")[2]


def test_upgrade_refuses_what_is_no_document(ahpvalue, here):
    (here / "twice.yaml").write_text("a: 1\na: 2\n", encoding="utf-8")
    code, _, err = ahpvalue("upgrade", "twice.yaml")
    assert code == 2
    assert "twice.yaml:2: a: 'a' stands here twice" in err


def test_consensus_and_uncertainty_show_tables_or_json(ahpvalue):
    out = ahpvalue("consensus", "retail/model.yaml")[1]
    for title in ("Consensus of the experts", "Like-minded experts", "Weights without each expert"):
        assert title in out
    data = json.loads(ahpvalue("consensus", "retail/model.yaml", "--json")[1])
    assert data["overall"] > 0.8
    assert len(data["leave_one_out"]) == 12
    out = ahpvalue("uncertainty", "retail/model.yaml", "--draws", "100")[1]
    assert "100 draws, seed 1" in out
    data = json.loads(ahpvalue("uncertainty", "retail/model.yaml", "--draws", "50", "--json")[1])
    assert len(data["weights"]) == 20  # every node of the hierarchy
    assert data["draws"] == 50
