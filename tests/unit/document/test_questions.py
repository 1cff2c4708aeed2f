"""What a document asks, before and after anybody has answered."""

from pathlib import Path

import pytest

import ahpvalue as av

BLANK = """\
version: 2
hierarchy:
  value:
    profit: [sales, margin, cost]
    loyalty: [tenure]
    place: [area]
judgments:
  experts:
    ann: {}
    bo: {file: experts/bo.yaml}
indicators:
  sales: {linear: [[0, 0], [9, 100]]}
  margin: {linear: [[0, 0], [9, 100]]}
  cost: {linear: [[0, 0], [9, 100]]}
  tenure: {linear: [[0, 0], [9, 100]]}
  area: {categories: {names: [street, village]}}
"""


@pytest.fixture
def blank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.yaml").write_text(BLANK)
    return Path("model.yaml")


def test_a_document_that_nobody_answered_is_no_model_but_asks_its_questions(blank):
    with pytest.raises(av.ModelError, match="cannot be read: No such file"):
        av.load_model(blank)
    asked = av.load_questions(blank).asked
    assert [(q.node, len(q.pairs), q.are_categories) for q in asked] == [
        ("value", 3, False),
        ("profit", 3, False),
        ("area", 1, True),
    ]
    assert asked[1].pairs == (("sales", "margin"), ("sales", "cost"), ("margin", "cost"))


def test_every_other_problem_is_reported_as_load_model_does(blank):
    wrong = BLANK.replace("tenure: {linear", "tenur: {linear").replace(
        "  experts:",
        "  comparisons: {value: {an: [[1, 2], [3]]}, profit: {ann: [[1, 2, 3]]}}\n  experts:",
    )
    blank.write_text(wrong)
    with pytest.raises(av.ModelError) as refused:
        av.load_questions(blank)
    said = str(refused.value).splitlines()
    assert [line.partition(": ")[0] for line in said] == [
        "model.yaml:8",
        "model.yaml:8",
        "model.yaml:13",
        "model.yaml:16",
    ]
    assert "did you mean 'ann'?" in str(refused.value)
    assert "3 items (sales, margin, cost) are compared by 3 rows" in str(refused.value)


def test_directly_weighted_nodes_are_not_asked_about(blank):
    text = BLANK.replace(
        "  experts:", "  weights: {value: {profit: 1, loyalty: 0, place: 0}}\n  experts:"
    )
    blank.write_text(text)
    assert [q.node for q in av.load_questions(blank).asked] == ["profit", "area"]


def test_the_hash_sees_nodes_and_items_in_order_and_nothing_else(blank):
    before = av.load_questions(blank).hash
    for old, new in [
        ("    ann: {}", "    ann: {weight: 3}\n    cy: {}"),
        ("[[0, 0], [9, 100]]", "[[0, 0], [5, 100]]"),
        ("version: 2", "version: 2\nname: Other\nlabels: {sales: {en: Turnover}}"),
        ("judgments:", "judgments:\n  comparisons: {value: {ann: [[1, 2], [3]]}}"),
        ("  sales: {linear: [[0, 0], [9, 100]]}\n", ""),
    ]:
        blank.write_text(
            BLANK.replace(old, new, 1)
            + ("  sales: {linear: [[0, 0], [9, 100]]}\n" if not new else "")
        )
        assert av.load_questions(blank).hash == before
    for old, new in [
        ("[sales, margin, cost]", "[margin, sales, cost]"),
        ("    place: [area]\n", "    place: [area, cost]\n"),
        ("[street, village]", "[street, Village]"),
        ("[street, village]", "[street, village, kiosk]"),
    ]:
        blank.write_text(BLANK.replace(old, new, 1))
        assert av.load_questions(blank).hash != before


def test_a_model_knows_its_questions():
    model = av.template("retail-terminal")
    assert isinstance(model.questions, av.Questions)
    assert model.questions["credit"].items == ("integrity", "cooperation")
    assert list(model.questions.answers_of("credit_officer")) == [
        q.node for q in model.questions.asked
    ]
    with pytest.raises(av.ModelError, match="nothing is compared below 'credt'; did you mean"):
        model.questions["credt"]


def test_an_experts_file_says_which_questions_it_answers(blank):
    asked = av.load_questions(blank).hash
    Path("experts").mkdir()
    profit = "{sales vs margin: 3, margin vs cost: 2}"
    answers = f"judgments:\n  value: [[1, 2], [3]]\n  profit: {profit}\n  area: [[5]]\n"
    Path("experts/bo.yaml").write_text(f"expert: bo\nmodel: {asked}\n{answers}")
    assert av.load_model(blank).weights()["sales"] > 0
    Path("experts/bo.yaml").write_text(f"expert: bo\nmodel: 0123456789abcdef\n{answers}")
    with pytest.raises(av.ModelError) as refused:
        av.load_model(blank)
    assert str(refused.value) == (
        "experts/bo.yaml:2: model: these answers were asked for another model: questions "
        f"0123456789abcdef, here {asked}; ask the expert again, or leave the key out if nodes and "
        "items are the same"
    )
    questions = av.load_questions(blank)  # or nobody could be asked again
    assert questions.answers_of("bo") == {}
    assert [str(problem) for problem in questions.outdated] == [str(refused.value)]
