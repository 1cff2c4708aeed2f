"""The commands questionnaire and collect: files, words and exit codes."""

import json
import shutil
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.templates.bundled import template_folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the template, to work in."""
    shutil.copytree(template_folder("retail-terminal"), tmp_path / "retail")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_every_expert_gets_a_file_when_none_is_named(ahpvalue):
    code, out, _ = ahpvalue("questionnaire", "retail/model.yaml", "-o", "out")
    assert code == 0
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "credit_officer.html",
        "field_representative.html",
        "regional_manager.html",
    ]
    assert "32 pairs each, questions e004a950ecf2d7e3." in out


def test_one_expert_in_a_chosen_form_and_language(ahpvalue):
    one = ("questionnaire", "retail/model.yaml", "--expert", "credit_officer", "--language", "zh")
    assert ahpvalue(*one)[0] == 0
    assert "信用专员的问卷" in Path("credit_officer.html").read_text(encoding="utf-8")
    assert ahpvalue(*one, "--form", "csv", "--with-answers")[0] == 0
    assert "company_side,customer_side,3," in Path("credit_officer.csv").read_text("utf-8-sig")
    assert ahpvalue(*one, "-o", "asked.xlsx")[0] == 0
    assert Path("asked.xlsx").read_bytes()[:2] == b"PK"


def test_a_questionnaire_is_never_written_over_a_file(ahpvalue):
    one = ("questionnaire", "retail/model.yaml", "--expert", "credit_officer")
    Path("credit_officer.html").write_text("answers")
    assert ahpvalue(*one) == (2, "", "credit_officer.html: there already; --force overwrites\n")
    assert ahpvalue(*one, "--force")[0] == 0


def test_a_document_without_answers_is_asked(ahpvalue):
    shutil.rmtree("retail/experts")
    assert ahpvalue("check", "retail/model.yaml")[0] == 2
    assert ahpvalue("questionnaire", "retail/model.yaml")[0] == 0


def test_answers_come_back_and_make_a_model(ahpvalue):
    code, out, err = ahpvalue(
        "collect", "retail/experts", "--model", "retail/model.yaml", "-o", "answered.yaml",
        "--experts", "experts",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "Answers that came back" in out
    assert "wrote answered.yaml" in out
    assert av.load_model("answered.yaml").weights().to_dict() == (
        av.template("retail-terminal").weights().to_dict()
    )
    assert len(list(Path("experts").iterdir())) == 3


def test_answers_that_do_not_suffice_are_written_and_said_not_to(ahpvalue):
    Path("back").mkdir()
    Path("back/a.yaml").write_text("expert: credit_officer\njudgments: {value: [[1/2]]}\n")
    shutil.rmtree("retail/experts")
    code, out, _ = ahpvalue("collect", "back", "--model", "retail/model.yaml", "-o", "b.yaml")
    assert code == 0
    assert "not a model yet: judgments.comparisons: nothing says how the 3 nodes below" in out
    assert "nothing has come back from regional_manager, field_representative" in out
    assert av.load_questions("b.yaml").answers_of("credit_officer").keys() == {"value"}


def test_what_is_refused_is_a_line_each_and_exit_code_1(ahpvalue):
    Path("retail/experts/notes.txt").write_text("x")
    code, out, err = ahpvalue("collect", "retail/experts", "--model", "retail/model.yaml")
    assert code == 1
    assert err == (
        "retail/experts/notes.txt: answers are in a file ending in .yaml, .yml, .xlsx, .csv\n"
    )
    assert "refused: 1" in out
    code, out, _ = ahpvalue("collect", "retail/experts", "--model", "retail/model.yaml", "--json")
    assert code == 1
    told = json.loads(out)
    assert told["refused"] == [err.strip()]
    assert told["missing"] == told["waiting"] == []
    assert sum(told["answered"]) == 96


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("collect", "empty", "--model", "retail/model.yaml"),
            "empty: holds no answers that could",
        ),
        (("collect", "nowhere", "--model", "retail/model.yaml"), "nowhere: is no folder"),
        (("collect", "empty", "--model", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("collect", "empty", "--model", "retail/model.yaml", "-o", "a.txt"), "ending in .yaml"),
        (("questionnaire", "retail/model.yaml", "--expert", "x"), "x is not among judgments"),
        (("questionnaire", "retail/model.yaml", "--form", "pdf"), "there is no form 'pdf'"),
        (
            ("questionnaire", "retail/model.yaml", "--language", "de"),
            "no texts in the language",
        ),
        (
            ("questionnaire", "retail/model.yaml", "--expert", "credit_officer", "-o", "a.pdf"),
            "a.pdf: a questionnaire in html is a file ending in .html",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(ahpvalue, arguments, said):
    Path("empty").mkdir()
    code, out, err = ahpvalue(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
