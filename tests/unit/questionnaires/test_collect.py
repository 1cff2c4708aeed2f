"""What comes back from the experts: taken in where it fits, refused with its place where not."""

import csv
import io
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

import ahpvalue as av
from ahpvalue.questionnaires.answers import read_answer

BLANK = """\
version: 2
hierarchy:
  value:
    profit: [sales, margin, cost]
    place: [area, cost]
judgments:
  experts: {ann: {}, bo: {}, cy: {}}
indicators:
  sales: {linear: [[0, 0], [9, 100]]}
  margin: {linear: [[0, 0], [9, 100]]}
  cost: {linear: [[0, 0], [9, 100]]}
  area: {categories: {names: [street, village, red vs white]}}
"""
ANSWERS = {
    "value": {"profit vs place": 2},
    "profit": {"sales vs margin": "1/3", "sales vs cost": 2, "margin vs cost": 5},
    "place": {"area vs cost": 9},
    "area": [[3, None], ["1/7"]],
}


VALUE = "judgments: {value: [[2]]}"
HEADER = "expert,model,node,first,second,judgment\n"
A_DATE = (
    "is a date, which spreadsheets make of a fraction such as 1/3; write 0 1/3, or exchange the "
    "two items and write 3"
)


@pytest.fixture
def blank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.yaml").write_text(BLANK)
    Path("back").mkdir()
    return av.load_questions("model.yaml")


def answered(*experts):
    """The questions of the same document with ANSWERS given by some experts."""
    comparisons = {
        node: dict.fromkeys(experts, ANSWERS[node]) for node in ("value", "profit", "place")
    }
    linear = {"linear": [[0, 0], [9, 100]]}
    return av.Model(
        hierarchy={"value": {"profit": ["sales", "margin", "cost"], "place": ["area", "cost"]}},
        judgments={"experts": {"ann": {}, "bo": {}, "cy": {}}, "comparisons": comparisons},
        indicators=dict.fromkeys(("sales", "margin", "cost"), linear)
        | {
            "area": {
                "categories": {
                    "names": ["street", "village", "red vs white"],
                    "comparisons": dict.fromkeys(experts, ANSWERS["area"]),
                }
            }
        },
    )


def send_back(form, expert="ann", change=lambda text: text, name=None):
    content = av.questionnaire(answered(expert), expert, form, with_answers=True)
    if form == "csv":
        content = change(content.decode("utf-8-sig")).encode("utf-8-sig")
    Path("back", name or f"{expert}.{form}").write_bytes(content)


def refused(questions):
    return [str(problem) for problem in av.collect("back", questions).refused]


@pytest.mark.parametrize("form", ["csv", "xlsx", "yaml"])
def test_answers_make_the_same_model_whatever_form_they_come_back_in(blank, form):
    if form == "yaml":
        send_back("csv")
        av.collect("back", blank).save_experts("back")
        Path("back/ann.csv").unlink()
    else:
        send_back(form)
    found = av.collect("back", blank)
    assert found.refused == ()
    assert found.waiting == ("bo", "cy")
    assert found.model == av.collect("back", "model.yaml").model
    assert found.model.comparisons["profit"].matrices["ann"]["sales", "margin"] == 1 / 3
    assert found.model.comparisons["area"].matrices["ann"].missing == (("street", "red vs white"),)
    assert found.model.weights().to_dict() == answered("ann").weights().to_dict()
    found.save("answered.yaml")
    assert av.load_model("answered.yaml") == found.model


def test_every_form_leads_to_the_same_hash(blank):
    hashes = set()
    for form in ("csv", "xlsx"):
        send_back(form)
        found = av.collect("back", blank)
        hashes.add(found.model.hash)
        Path(f"back/ann.{form}").unlink()
    found.save_experts("back")
    hashes.add(av.collect("back", blank).model.hash)
    assert len(hashes) == 1


def test_who_answered_what_is_counted_and_tested(blank):
    send_back(
        "csv", change=lambda text: text.replace(",area,street,village,3,", ",area,street,village,,")
    )
    send_back("xlsx", "bo")
    rows = {(row.expert, row.node): row for row in av.collect("back", blank).rows}
    assert len(rows) == 8
    profit = rows["bo", "profit"]
    assert (profit.answered, profit.asked, profit.message) == (3, 3, "")
    assert profit.cr == answered("bo").comparisons["profit"].matrices["bo"].consistency().cr
    assert "islands" in rows["ann", "area"].message
    assert rows["bo", "area"].message.startswith("not testable: too few answers")
    assert rows["bo", "area"].cr is None


def test_counts_are_against_the_pairs_that_were_asked(blank):
    send_back("csv")
    few = {"profit": ["sales vs margin", ("cost", "margin")]}
    rows = {row.node: row for row in av.collect("back", blank, few).rows}
    assert (rows["profit"].answered, rows["profit"].asked) == (3, 3)
    Path("back/ann.csv").write_bytes(
        av.questionnaire(answered("ann"), "ann", "csv", pairs=few, with_answers=True)
    )
    rows = {row.node: row for row in av.collect("back", blank, few).rows}
    assert (rows["profit"].answered, rows["profit"].asked) == (2, 2)


def test_what_came_back_replaces_what_was_known_and_says_so(blank):
    send_back(
        "csv",
        change=lambda text: text.replace(",place,area,cost,9,", ",place,area,cost,8,"),
    )
    found = av.collect("back", answered("ann"))
    assert [row.node for row in found.rows if row.replaces] == ["place"]
    assert found.model.comparisons["place"].matrices["ann"]["area", "cost"] == 8
    assert "earlier answers replaced: place of ann" in str(found)


def test_answers_that_do_not_suffice_are_saved_and_are_no_model(blank):
    send_back(
        "csv",
        change=lambda text: "\n".join(r for r in text.splitlines() if ",place,area," not in r),
    )
    found = av.collect("back", blank)
    found.save("answered.yaml")
    with pytest.raises(av.ModelError, match="nothing says how the 2 nodes below place weigh"):
        _ = found.model
    assert av.load_questions("answered.yaml").answers_of("ann").keys() == {
        "value",
        "profit",
        "area",
    }


def test_the_record_of_answers_taken_back_comes_along(blank):
    send_back("csv")
    av.collect("back", blank).save_experts("back")
    Path("back/ann.csv").unlink()
    record = "{node: place, pair: area vs cost, old: 7, new: 9, by: Ann, day: 2026-11-20}"
    with Path("back/ann.yaml").open("a") as own:
        own.write(f"changes:\n- {record}\n")
    found = av.collect("back", blank)
    (change,) = found.model.document.judgments.changes
    assert (change.expert, change.old, change.new) == ("ann", 7, 9)
    found.save("answered.yaml")
    assert len(av.collect("back", "answered.yaml").model.document.judgments.changes) == 1
    found.save_experts("again")
    assert av.collect("again", blank).model == found.model


# -- what is refused -------------------------------------------------------------------------


def test_a_pair_that_does_not_fit_is_refused_and_the_rest_is_taken(blank):
    Path("back/ann.yaml").write_text(
        "expert: ann\n"
        f"model: {blank.hash}\n"
        "judgments:\n"
        "  value: {profit vs place: 2}\n"
        "  profit:\n"
        "    sales vs margin: 12\n"
        "    sales vs margn: 3\n"
        "    sales vs cost: 2\n"
        "    margin vs cost: 5\n"
        "    cost vs margin: 4\n"
        "    sales: 3\n"
        "  plce: {area vs cost: 3}\n"
        "  area: [[3, 1, 2], [5]]\n"
    )
    found = av.collect("back", blank)
    file = "back/ann.yaml"
    assert [str(problem).removeprefix(file) for problem in found.refused] == [
        ":6: judgments.profit.sales vs margin: a judgment lies between 1/9 and 9, not 12",
        ":7: judgments.profit.sales vs margn: 'margn' is not compared below profit; did you mean "
        "'margin'?",
        ":10: judgments.profit.cost vs margin: margin vs cost is answered twice, 5 and 1/4; "
        "neither is taken, keep one of the two",
        ":11: judgments.profit.sales: 'sales' is not a pair; write two names, such as 'sales vs "
        "credit'",
        ":12: judgments.plce: nothing is compared below 'plce'; did you mean 'place'?",
        ":13: judgments.area: 2 rows over 3 items (street, village, red vs white) are an upper "
        "triangle; its first row has 2 judgments, not 3; a full matrix has 3 rows",
    ]
    assert found.judgments["ann"] == {
        "value": {"profit vs place": Fraction(2)},
        "profit": {"sales vs cost": Fraction(2)},
    }


def test_two_files_of_one_expert_are_both_left_out(blank):
    send_back("csv")
    send_back("xlsx")
    send_back("csv", "bo")
    assert refused(blank) == ["back/ann.xlsx: ann has answered in ann.csv too; keep one of the two"]
    assert set(av.collect("back", blank).judgments) == {"bo"}


def test_a_blank_form_beside_the_answers_is_not_a_second_answer(blank):
    send_back("csv")
    Path("back/blank.xlsx").write_bytes(av.questionnaire(blank, "ann", "xlsx"))
    found = av.collect("back", blank)
    assert set(found.judgments) == {"ann"}
    assert [str(problem) for problem in found.refused] == ["back/blank.xlsx: holds no answers"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.yaml", f"expert: ann\nmodel: {'0' * 16}\n{VALUE}", "was asked for another model"),
        ("a.yaml", f"expert: an\n{VALUE}", "an is not among judgments.experts; did you mean"),
        ("a.yaml", VALUE, "does not say which expert answered"),
        ("a.yaml", "- 3", "a.yaml:1: is no expert's file"),
        ("a.yaml", "expert: ann\njudgments: {}", "holds no answers"),
        ("a.yaml", "a: [", "is not valid YAML here"),
        ("a.html", "<!doctype html>", "is a questionnaire, not its answers: these are in"),
        ("a.docx", "x", "answers are in a file ending in .yaml, .yml, .xlsx, .csv"),
        ("a.xlsx", "x", "cannot be read as an Excel workbook"),
        ("a.csv", "", "is empty"),
        ("a.csv", HEADER.replace("judgment", "answer"), "has no column 'judgment'"),
        ("a.csv", f"{HEADER}\xe9,,,,,", "is not UTF-8 text; save it as 'CSV UTF-8'"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_as_a_whole(blank, name, content, said):
    Path("back", name).write_bytes(content.encode("latin-1"))
    (line,) = refused(blank)
    assert line.startswith(f"back/{name}")
    assert said in line


def test_a_folder_that_is_not_there_is_refused(blank):
    with pytest.raises(av.ModelError, match="nowhere: is no folder"):
        av.collect("nowhere", blank)


def test_files_of_the_system_are_not_looked_at(blank):
    for name in (".DS_Store", "~$ann.xlsx"):
        Path("back", name).write_text("x")
    assert refused(blank) == []


# -- what spreadsheets do to answers ---------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_may_come_back_with_other_marks(blank, encoding, mark):
    rows = list(csv.reader(io.StringIO(av.questionnaire(blank, "ann", "csv").decode("utf-8-sig"))))
    rows[1][5], rows[2][5] = "3", "0,333333333" if mark == ";" else "0.333333333"
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([row[::-1] for row in rows])
    Path("back/ann.csv").write_text(text.getvalue(), encoding=encoding, newline="")
    assert av.collect("back", blank).judgments["ann"] == {
        "value": {"profit vs place": 3},
        "profit": {"sales vs margin": Fraction(1, 3)},
    }


@pytest.mark.parametrize("date", ["3-Jan", "Jan-03", "1月3日", "2026/1/3", "03.01.2026", "1-3"])
def test_a_fraction_that_became_a_date_is_refused_with_row_and_column(blank, date):
    send_back("csv", change=lambda text: text.replace(",area,cost,9,", f",area,cost,{date},"))
    assert refused(blank) == [f"back/ann.csv:6: column judgment: {date!r} {A_DATE}"]


def test_a_date_in_a_workbook_is_refused_with_its_cell(blank):
    send_back("xlsx")
    book = openpyxl.load_workbook("back/ann.xlsx")
    book.worksheets[0]["F6"] = datetime(2026, 1, 3)
    book.save("back/ann.xlsx")
    assert refused(blank) == [f"back/ann.xlsx: sheet Answers, cell F6: '2026-01-03' {A_DATE}"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3", 3), (" 3 ", 3), (3, 3), (3.0, 3), ("1/3", Fraction(1, 3)), ("0 1/3", Fraction(1, 3)),
        ("１／３", Fraction(1, 3)), (1 / 3, Fraction(1, 3)), ("0.142857143", Fraction(1, 7)),
        ("'1/3", Fraction(1, 3)), ("", None), (None, None), ("?", None), (float("nan"), None),
        (0.4, Fraction(2, 5)), (2.5, Fraction(5, 2)),
    ],
)  # fmt: skip
def test_an_answer_is_the_exact_fraction_that_was_meant(written, meant):
    assert read_answer(written) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (0.33, "looks like 1/3 rounded; write the fraction 1/3"),
        (12, "a judgment lies between 1/9 and 9, not 12"),
        ("1/12", "a judgment lies between 1/9 and 9, not 1/12"),
        (0, "a judgment lies between 1/9 and 9, not 0"),
        (-3, "a judgment lies between 1/9 and 9, not -3"),
        ("much", "'much' is not a judgment; write 3, or 1/3 for the other way round"),
        ("1/0", "'1/0' is not a judgment"),
        (True, "True is not a judgment"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(written, said):
    with pytest.raises(ValueError, match=r"judgment|rounded") as refusal:
        read_answer(written)
    assert said in str(refusal.value)


@pytest.mark.parametrize("value", ["3", "null", "true", "[3]", "[null]", "[[]]"])
def test_one_odd_file_does_not_keep_the_others_from_being_taken(tmp_path, value):
    (tmp_path / "model.yaml").write_text(
        "version: 2\nhierarchy: {value: [a, b, c]}\njudgments: {experts: {ann: {}, bo: {}}}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "returned"
    folder.mkdir()
    (folder / "ann.yaml").write_text(f"expert: ann\njudgments:\n  value: {value}\n", "utf-8")
    (folder / "bo.yaml").write_text("expert: bo\njudgments:\n  value: [[2, 4], [2]]\n", "utf-8")
    found = av.collect(folder, tmp_path / "model.yaml")
    assert found.model.weights()["a"] == pytest.approx(4 / 7)
    (problem,) = found.refused
    assert "ann.yaml:3" in str(problem)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("changes: [{foo: 1}]", "changes"),
        ("changes: 3", "changes are a list"),
        ("judgement: {}", "unknown key; did you mean 'judgments'?"),
    ],
)
def test_what_would_spoil_the_model_is_refused_with_its_place(tmp_path, more, said):
    (tmp_path / "model.yaml").write_text(
        "version: 2\nhierarchy: {value: [a, b]}\njudgments: {experts: {ann: {}}}\n", "utf-8"
    )
    folder = tmp_path / "returned"
    folder.mkdir()
    (folder / "ann.yaml").write_text(
        f"expert: ann\njudgments:\n  value: {{a vs b: 3}}\n{more}\n", "utf-8"
    )
    found = av.collect(folder, tmp_path / "model.yaml")
    assert any(said in str(problem) and ":4" in str(problem) for problem in found.refused)
    found.save(tmp_path / "new.yaml")
    assert av.load_model(tmp_path / "new.yaml").weights()["a"] == pytest.approx(0.75)
