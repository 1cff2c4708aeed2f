"""Answering the questionnaire page in a real browser, with keys only."""

import random
from fractions import Fraction

import pytest

import ahpvalue as av
from ahpvalue.judgments.revision import influences

pytest.importorskip("selenium")

from selenium.webdriver.common.keys import Keys

STEPS = [*map(str, range(9, 0, -1)), *(f"1/{k}" for k in range(2, 10))]
EVIL = "<script>alert(1)</script>"


def letters(n):
    return [f"c{k + 1}" for k in range(n)]


def of_library(n, answers, **options):
    """The library's judgment of the same answers."""
    items = letters(n)
    pairs = [(items[i], items[j]) for i in range(n) for j in range(i + 1, n)]
    given = [(*pair, answer) for pair, answer in zip(pairs, answers, strict=True) if answer]
    return av.PairwiseMatrix.from_judgments(given, labels=items).consistency(**options)


# -- answering -------------------------------------------------------------------------------


def test_answers_given_by_keys_are_saved_and_collected(open_page, questions):
    asked = questions(letters(4))
    page = open_page(av.questionnaire(asked, "ann"))
    answers = ["3", "1/5", "1", "1/7", "2", "9"]
    page.answer(answers)
    assert page.answers() == answers
    assert page.text("#progress-text") == "6 of 6 answered"
    page.element("#save").send_keys(Keys.ENTER)
    path = page.saved()
    assert page.text("#status").startswith("ann.yaml has been saved among your downloads.")
    assert page.run(
        "const box = document.getElementById('status').getBoundingClientRect();"
        "return box.top >= 0 && box.bottom <= innerHeight"
    )
    found = av.collect(path.parent, asked)
    assert found.refused == ()
    matrix = av.PairwiseMatrix.from_triangle(answers, labels=letters(4))
    with pytest.warns(av.ConsistencyWarning):
        assert found.model.comparisons["value"].matrices["ann"] == matrix
    assert f'model: "{asked.hash}"' in path.read_text(encoding="utf-8")
    assert page.said() == []
    assert page.requests() == []


@pytest.mark.parametrize("method", ["eigenvector", "geometric-mean", "column-mean"])
@pytest.mark.parametrize(
    ("n", "answers"),
    [
        (3, ["3", "5", "2"]),
        (3, ["9", "1/9", "9"]),
        (4, ["3", "1/5", "1", "1/7", "2", "9"]),
        (4, ["1", "5", "2", "3", "4", None]),
        (5, ["3", None, "1/5", None, "1/2", "4", None, "6", None, "1/3"]),
    ],
)
def test_the_live_ratio_is_the_librarys(open_page, questions, method, n, answers):
    asked = questions(letters(n), f", method: {method}")
    page = open_page(av.questionnaire(asked, "ann"))
    page.answer(answers)
    assert page.answers() == answers
    expected = of_library(n, answers, method=method)
    assert page.cr() == pytest.approx(expected.cr, rel=0, abs=1e-9)
    verdict = "contradict each other too much" if expected.exceeds else "agree well enough"
    assert verdict in page.text(".cr")


def test_many_live_ratios_are_the_librarys_whatever_is_missing(open_page, questions):
    """The page's own function on answers drawn at random, up to thirteen items."""
    rng = random.Random(20261122)
    for n in (3, 4, 5, 7, 9, 13):
        page = open_page(av.questionnaire(questions(letters(n)), "ann"))
        page.run("window.node = JSON.parse(document.getElementById('form').textContent).nodes[0]")
        for _ in range(12):
            drawn = [
                rng.choice(STEPS) if rng.random() < 0.75 else None for _ in range(n * (n - 1) // 2)
            ]
            pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
            given = [[*p, a] for p, a in zip(pairs, drawn, strict=True) if a]
            found = page.run("return consistency.judge(node, arguments[0], 'eigenvector')", given)
            try:
                expected = of_library(n, drawn)
            except av.JudgmentError:
                assert found["state"] == "islands"
                continue
            if expected.cr is None:
                assert found["state"] == "few"
            else:
                assert found["cr"] == pytest.approx(expected.cr, rel=0, abs=1e-9), drawn
            if found["worst"]:
                assert_worst(found["worst"], n, given)


def test_answers_that_agree_beyond_the_scale_are_no_contradiction_on_the_page_either(
    open_page, questions
):
    """25 : 5 : 1 : 1, with the pair of 25 left out."""
    page = open_page(av.questionnaire(questions(letters(4)), "ann"))
    page.run("window.node = JSON.parse(document.getElementById('form').textContent).nodes[0]")
    given = [[0, 1, "5"], [1, 2, "5"], [2, 3, "1"], [1, 3, "5"]]
    found = page.run("return consistency.judge(node, arguments[0], 'eigenvector')", given)
    assert (found["state"], found["over"]) == ("tested", False)
    assert found["cr"] == pytest.approx(0, abs=1e-9)
    assert of_library(4, ["5", None, None, "5", "5", "1"]).cr == pytest.approx(0, abs=1e-9)


def assert_worst(worst, n, given):
    """The library's review finds that answer as hurtful as any, and the same step to fit."""
    pairs = [(str(i), str(j), answer) for i, j, answer in given]
    matrix = av.PairwiseMatrix.from_judgments(pairs, labels=list(map(str, range(n))))
    every = influences(matrix.values)
    freedom = len(given) - (n - 1)
    assert worst["hurt"] == pytest.approx(every[0].most * freedom, rel=0, abs=1e-9)
    mine = next(one for one in every if {one.i, one.j} == {worst["i"], worst["j"]})
    fits = float(Fraction(worst["fits"]))
    assert (fits if mine.i == worst["i"] else 1 / fits) == pytest.approx(mine.fitting)


def test_too_few_answers_are_not_tested(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(4)), "ann"))
    assert page.text(".cr") == "Not testable yet: the answers do not connect every item"
    page.answer(["3", "5", "2"])
    assert page.text(".cr") == "Not testable yet: too few answers to compare with each other"
    assert page.cr() is None
    page.keys(Keys.ARROW_RIGHT)
    assert page.text(".cr").startswith("✓\nCR") or page.text(".cr").startswith("!\nCR")


def test_the_worst_answer_is_marked_with_the_value_that_would_fit(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(4)), "ann"))
    answers = ["2", "4", "8", "2", "1/4", "2"]  # c2 against c4 should be 4
    page.answer(answers)
    expected = of_library(4, answers)
    assert expected.worst == ("c4", "c2")
    (marked,) = page.elements("li.worst")
    assert marked.get_attribute("id") == "pair-0-4"
    assert marked.find_element("css selector", ".hint").text == (
        "This answer fits the others least. What would fit: c2 is moderately to strongly more "
        "important than c4 (4)."
    )
    assert marked.find_element("css selector", ".fits").text == "4"
    page.element("#pair-0-4 input:checked").send_keys(*[Keys.ARROW_LEFT] * 6)
    assert page.answers()[4] == "4"
    assert page.elements("li.worst") == []
    assert page.cr() == pytest.approx(of_library(4, page.answers()).cr, abs=1e-9)


def test_arrows_stop_at_the_ends_and_delete_takes_an_answer_back(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(2)), "ann"))
    page.element("#next").send_keys(Keys.ENTER)
    page.keys(*[Keys.ARROW_RIGHT] * 12)
    assert page.answers() == ["1/9"]
    page.keys(Keys.HOME)
    assert page.answers() == ["9"]
    page.keys(Keys.ARROW_LEFT)
    assert page.answers() == ["9"]
    assert page.text(".said") == "c1 is extremely more important than c2"
    page.keys(Keys.DELETE)
    assert page.answers() == [None]
    assert page.text(".said") == "How much more important is c1 than c2 for value?"


def test_skipping_is_not_answering_equal(open_page, questions):
    asked = questions(letters(3))
    page = open_page(av.questionnaire(asked, "ann"))
    page.answer(["1", "2"])
    page.element("#pair-0-2 .skip").send_keys(Keys.ENTER)
    assert page.answers() == ["1", "2", None]
    assert page.text("#pair-0-2 .said") == "Skipped"
    page.element("#next").send_keys(Keys.ENTER)
    assert page.text("#status") == "Every pair has an answer or was skipped"
    page.element("#save").send_keys(Keys.ENTER)
    assert "1 of 3 pairs have no answer (1 of them skipped)" in page.text("#confirm-text")
    page.element("#save-anyway").send_keys(Keys.ENTER)
    judgments = av.collect(page.saved().parent, asked).judgments
    assert judgments == {"ann": {"value": {"c1 vs c2": 1, "c1 vs c3": 2}}}


def test_saving_warns_of_what_is_open_and_leads_there(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(4)), "ann"))
    page.answer(["3"])
    page.element("#save").send_keys(Keys.ENTER)
    said = page.text("#confirm-text")
    assert "5 of 6 pairs have no answer (0 of them skipped)" in said
    assert "One answer that would: c1 against c3." in said
    page.element("#confirm .main").send_keys(Keys.ENTER)
    assert page.run("return document.activeElement.closest('li').id") == "pair-0-1"
    assert list(page.downloads.iterdir()) == []


# -- keeping ---------------------------------------------------------------------------------


def test_answers_survive_closing_the_page(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(3)), "ann"))
    page.answer(["3", "1/4"])
    page.element("#pair-0-2 .skip").send_keys(Keys.ENTER)
    page.open()
    assert page.answers() == ["3", "1/4", None]
    assert page.text("#pair-0-2 .said") == "Skipped"
    assert page.text("#status") == "Your earlier answers have been put back."


def test_another_model_or_expert_does_not_see_them(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(3)), "ann"))
    page.answer(["3", "1/4", "2"])
    page = open_page(av.questionnaire(questions(["c1", "c2", "c4"]), "ann"))
    assert page.answers() == [None, None, None]


def test_earlier_answers_are_put_into_the_page(open_page, questions):
    given = ", comparisons: {value: {ann: [[3, 5/2], [2]]}}"
    asked = questions(letters(3), given)
    page = open_page(av.questionnaire(asked, "ann", with_answers=True))
    assert page.answers() == ["3", None, "2"]
    assert page.text("#pair-0-1 .said") == (
        "Your earlier answer, 5/2, lies between the steps; it stays until you choose"
    )
    assert page.cr() == pytest.approx(of_library(3, ["3", "5/2", "2"]).cr, abs=1e-9)
    page.element("#save").send_keys(Keys.ENTER)
    assert av.collect(page.saved().parent, asked).model.questions.hash == asked.hash
    assert "c1 vs c3: 5/2" in page.saved().read_text()


def test_a_browser_that_keeps_nothing_is_no_obstacle(open_page, questions, chromium):
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})"
    added = chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        page = open_page(av.questionnaire(questions(letters(2)), "ann"))
        assert page.text("#status").startswith("This browser does not keep answers.")
        page.answer(["1/3"])
        page.element("#save").send_keys(Keys.ENTER)
        assert "c1 vs c2: 1/3" in page.saved().read_text()
        assert page.said() == []
    finally:
        chromium.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


# -- every label is text ---------------------------------------------------------------------


def evil_questions(questions):
    labels = f"labels: {{c1: {{en: '{EVIL}'}}, value: {{en: '<b>value</b> & more'}}}}\n"
    more = labels + (
        "indicators:\n  c1: {linear: [[0, 0], [1, 100]]}\n  c2: {linear: [[0, 0], [1, 100]]}\n"
        f"  c3: {{categories: {{names: ['{EVIL}', 'red vs white', '\"quoted\": #', ' 1']}}}}\n"
    )
    return questions(letters(3), "", more)


def test_a_label_that_is_a_script_shows_as_such(open_page, questions):
    asked = evil_questions(questions)
    page = open_page(av.questionnaire(asked, "ann"))
    assert page.text(".item") == EVIL
    assert page.text("h2") == "What matters more for <b>value</b> & more?"
    assert page.run("return document.scripts.length") == 4
    answers = ["3", "4", "2", "1/2", "5", None, "1/9", "7", "1"]
    page.answer(answers)
    page.element("#save").send_keys(Keys.ENTER)
    page.element("#save-anyway").send_keys(Keys.ENTER)
    found = av.collect(page.saved().parent, asked)
    assert found.refused == ()
    assert found.judgments["ann"]["c3"][0][:2] == [Fraction(1, 2), 5]
    assert page.said() == []
    assert page.requests() == []


def test_the_policy_stops_what_the_page_did_not_bring(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(2)), "ann"))
    page.run(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1';"
        "document.body.append(s); document.body.setAttribute('style', 'color: red');"
        "document.body.setAttribute('onclick', 'window.broken = 1'); document.body.click();"
    )
    assert page.run("return window.broken ?? null") is None
    assert page.run("return getComputedStyle(document.body).color") == "rgb(29, 39, 48)"
    assert len(page.said()) == 3
