"""Laws of questionnaires: whatever was answered comes back as it was answered."""

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.document import list_questions, make_draft
from ahpvalue.judgments import write_pairs
from ahpvalue.questionnaires.answers import read_answer

NINE_DIGITS, STRIPPED = "{:.9f}".format, " {} ".format
STEPS = [Fraction(1, k) for k in range(9, 1, -1)] + [Fraction(k) for k in range(1, 10)]
names = st.from_regex(r"[a-zа-я客户][a-z0-9_客-]{0,5}", fullmatch=True).filter(
    lambda name: name not in ("total", "value", "status", "model", "rank", "tier", "customer")
)
printable = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=8
) | st.sampled_from(["=1+1", "'x", "red vs white", "a;b", "#", "- x", "null", "1", " a", "@", "😀"])


@st.composite
def answered(draw):
    """A document of one node and one compared indicator, with anything answered or left out."""
    items = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    levels = draw(st.lists(printable, min_size=2, max_size=4, unique=True))
    blank = {
        "hierarchy": {"value": items},
        "judgments": {"experts": {"ann": {}}},
        "indicators": {item: {"linear": [[0, 0], [1, 100]]} for item in items[1:]}
        | {items[0]: {"categories": {"names": levels}}},
    }
    answers = {}
    for size, node in ((len(items), "value"), (len(levels), items[0])):
        count = size * (size - 1) // 2
        one = st.none() | st.sampled_from(STEPS)
        answers[node] = draw(st.lists(one, min_size=count, max_size=count))
    return blank, answers


def asked_by(sections):
    draft = make_draft(sections, answered=False)
    return list_questions(draft.refuse_problems(), draft.children)


def questions_with(blank, answers):
    """The questions of the document, blank or with answers, as a file would give them."""
    asked = asked_by(blank)
    if answers is None:
        return asked
    given = {
        question.node: write_pairs(
            {
                pair: answer
                for pair, answer in zip(question.pairs, answers[question.node], strict=True)
                if answer is not None
            },
            question.items,
        )
        for question in asked.asked
        if any(answers[question.node])
    }
    sections = {**blank, "judgments": {**blank["judgments"], "comparisons": {}}}
    item = next(name for name in answers if name != "value")
    if "value" in given:
        sections["judgments"]["comparisons"]["value"] = {"ann": given["value"]}
    if item in given:
        levels = blank["indicators"][item]["categories"]["names"]
        compared = {"names": levels, "comparisons": {"ann": given[item]}}
        sections["indicators"] = {**blank["indicators"], item: {"categories": compared}}
    return asked_by(sections)


def exact(judgments):
    """Named pairs, or rows of a triangle, as they may be compared."""
    return judgments if isinstance(judgments, dict) else [list(row) for row in judgments]


@pytest.mark.parametrize("form", ["csv", "xlsx", "yaml"])
@settings(max_examples=25)
@given(document=answered())
@example(
    document=(
        {
            "hierarchy": {"value": ["a", "b"]},
            "judgments": {"experts": {"ann": {}}},
            "indicators": {
                "a": {"categories": {"names": ["red vs white", " a", "=1"]}},
                "b": {"linear": [[0, 0], [1, 100]]},
            },
        },
        {"value": [Fraction(1, 9)], "a": [None, Fraction(1, 2), Fraction(7)]},
    )
)
def test_any_set_of_answers_survives_out_and_in(form, document):
    blank, answers = document
    asked = questions_with(blank, None)
    full = questions_with(blank, answers)
    assert full.hash == asked.hash
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        path = where / f"ann.{'csv' if form == 'yaml' else form}"
        path.write_bytes(av.questionnaire(full, "ann", path.suffix[1:], with_answers=True))
        found = av.collect(where, asked)
        if form == "yaml":
            path.unlink()
            found.save_experts(where)
            found = av.collect(where, asked)
        if not any(any(given) for given in answers.values()):
            assert found.judgments == {}
            return
        assert found.refused == ()
        back = {node: exact(judgments) for node, judgments in found.judgments["ann"].items()}
        assert back == {node: exact(given) for node, given in full.answers_of("ann").items()}


@given(st.sampled_from(STEPS), st.sampled_from([str, float, NINE_DIGITS, STRIPPED]))
def test_an_answer_is_read_however_a_spreadsheet_writes_it(answer, written):
    shown = written(answer if written in (str, STRIPPED) else float(answer))
    assert read_answer(shown) == answer
