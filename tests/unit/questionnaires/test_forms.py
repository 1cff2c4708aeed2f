"""What goes out to the experts: what each form holds, and what none of them does."""

import base64
import hashlib
import json
import re
import sys
from io import BytesIO

import openpyxl
import pytest

import ahpvalue as av

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def model():
    return av.template("retail-terminal")


def evil():
    return av.Model(
        name=EVIL,
        hierarchy={"value": ["sales", "credit", "place"]},
        labels={"sales": {"en": EVIL}, "credit": {"en": "]]> & \u2028 '\"\\ =1+1"}},
        judgments={
            "experts": {"ann": {"label": {"en": EVIL}}},
            "comparisons": {"value": {"ann": [[3, 5], [2]]}},
        },
        indicators={name: {"linear": [[0, 0], [9, 100]]} for name in ("sales", "credit")}
        | {"place": {"categories": {"names": ["=1+1", EVIL], "comparisons": {"ann": [[2]]}}}},
    )


def page(*arguments, **options):
    return av.questionnaire(*arguments, **options).decode("utf-8")


def data_of(html):
    return json.loads(re.search(r'id="form">(.*?)</script>', html)[1])


def test_the_same_questions_give_the_same_bytes(model):
    for form in ("html", "csv"):
        assert av.questionnaire(model, "credit_officer", form) == av.questionnaire(
            model, "credit_officer", form
        )


def test_the_page_holds_everything_and_fetches_nothing(model):
    html = page(model, "credit_officer")
    assert "http:" not in html
    assert "https:" not in html
    for needs in (" src=", "<link", "@import", "url(", "fetch(", "import ", " style=", " onclick="):
        assert needs not in html.replace("import { ", "")


def test_the_policy_allows_the_pages_own_scripts_and_style_and_nothing_else(model):
    html = page(model, "credit_officer")
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', html)[1]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == parts["base-uri"] == parts["form-action"] == "'none'"
    assert "unsafe" not in policy
    for tag, key in (("script", "script-src"), ("style", "style-src")):
        hashes = {
            "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
            for text in re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        }
        assert set(parts[key].split()) == hashes


def test_no_label_reaches_the_page_as_markup():
    html = page(evil(), "ann")
    assert EVIL not in html
    assert html.count("<script") == html.count("</script") == 4
    assert "\u2028" not in html
    data = data_of(html)
    assert data["nodes"][0]["labels"][:2] == [EVIL, "]]> & \u2028 '\"\\ =1+1"]
    assert data["nodes"][1]["items"] == ["=1+1", EVIL]


def test_no_cell_becomes_a_formula():
    sheet = openpyxl.load_workbook(BytesIO(av.questionnaire(evil(), "ann", "xlsx"))).worksheets[0]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    table = av.questionnaire(evil(), "ann", "csv").decode("utf-8-sig")
    assert ",place,'=1+1," in table


def test_labels_are_in_the_language_asked_for_and_fall_back_to_names(model):
    data = data_of(page(model, "credit_officer", language="zh"))
    assert data["nodes"][1]["label"] == "客户依存度"
    assert data["addressee"] == "信用专员的问卷"
    assert data["nodes"][-1]["labels"] == ["centre", "business", "residential", "village"]


def test_a_form_is_blank_unless_the_experts_answers_are_asked_for(model):
    blank = data_of(page(model, "credit_officer"))
    assert {answer for node in blank["nodes"] for answer in node["answers"]} == {None}
    given = data_of(page(model, "credit_officer", with_answers=True))
    assert given["nodes"][0]["answers"] == ["1/3"]
    assert given["keep"] != blank["keep"]
    cells = openpyxl.load_workbook(
        BytesIO(av.questionnaire(model, "credit_officer", "xlsx", with_answers=True))
    ).worksheets[0]
    assert cells["F5"].value == "1/3"


def test_no_fraction_goes_out_in_a_table(model):
    table = av.questionnaire(model, "credit_officer", "csv", with_answers=True).decode("utf-8-sig")
    assert ",value,company_side,customer_side,3," in table
    assert not re.search(r",\d+/\d+,", table)


def test_only_the_pairs_asked_for_are_asked(model):
    few = {"growth": ["sales_growth vs resources", ("resources", "management")], "credit": []}
    data = data_of(page(model, "credit_officer", pairs=few))
    nodes = {node["name"]: node for node in data["nodes"]}
    assert nodes["growth"]["pairs"] == [[0, 3], [1, 3]]
    assert "credit" not in nodes
    assert len(nodes["company_side"]["pairs"]) == 6


def test_the_page_gets_its_random_indices_as_numbers(model):
    node = data_of(page(model, "credit_officer"))["nodes"][2]
    assert node["ri"] == [av.random_index(4, missing=m).value for m in range(3)]
    assert node["limit"] == 0.1
    assert node["worth"]["1/3"] == 1 / 3


def test_a_model_that_judges_ratios_gives_the_page_its_scale():
    judgments = {
        "scale": "balanced",
        "consistency": {"of": "ratios"},
        "experts": {"ann": {}},
        "comparisons": {"value": {"ann": [[3, "5/2"], [2]]}},
    }
    model = av.Model(hierarchy={"value": ["a", "b", "c"]}, judgments=judgments)
    (node,) = data_of(page(model, "ann", with_answers=True))["nodes"]
    assert node["worth"]["3"] == 1.5
    assert node["worth"]["5/2"] == pytest.approx(11.5 / 8.5)
    assert node["ri"] == [av.random_index(3, scale="balanced").value]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"expert": "credit_offcer"}, "credit_offcer is not among judgments.experts; did you mean"),
        ({"form": "htm"}, "there is no form 'htm'; did you mean 'html'?"),
        (
            {"language": "de"},
            "in the language 'de'; the languages are en and zh",
        ),
        ({"pairs": {"groth": []}}, "nothing is compared below 'groth'; did you mean 'growth'?"),
        ({"pairs": {"growth": ["management vs sales"]}}, "'sales' is not compared below growth"),
        ({"pairs": {"growth": ["management"]}}, "'management' is not a pair; write two names"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(model, options, said):
    with pytest.raises(av.AhpValueError) as refused:
        av.questionnaire(**{"model": model, "expert": "credit_officer"} | options)
    assert said in str(refused.value)


def test_without_the_extra_a_workbook_says_how_to_get_it(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(av.MissingExtraError) as refused:
        av.questionnaire(model, "credit_officer", "xlsx")
    assert str(refused.value) == (
        'an Excel workbook needs openpyxl, which is not installed: pip install "ahpvalue[xlsx]"'
    )


def test_a_model_with_nothing_to_compare_asks_nothing():
    model = av.Model(
        hierarchy={"value": ["a", "b"]},
        judgments={"experts": {"ann": {}}, "weights": {"value": {"a": 0.5, "b": 0.5}}},
    )
    with pytest.raises(av.ModelError, match="this model compares nothing"):
        av.questionnaire(model, "ann")
