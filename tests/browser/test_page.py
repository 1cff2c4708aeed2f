"""The questionnaire page in a real browser: answered with keys only, read back by the library.

With ``AHPVALUE_SCREENSHOTS`` set to a folder, pictures of the page are written there for a
person to look at.
"""

import base64
import os
import random
import time
from fractions import Fraction
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.judgments.scales import nearest_answer

pytest.importorskip("selenium")

from selenium.webdriver.common.keys import Keys

STEPS = [*map(str, range(9, 0, -1)), *(f"1/{k}" for k in range(2, 10))]
EVIL = "<script>alert(1)</script>"
LONG = "A criterion whose label somebody wrote out in full, because nobody told them not to"
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def questions(tmp_path, items, judgments="", more=""):
    """Questions on one node over so many items, asked of ann."""
    path = tmp_path / "asked.yaml"
    path.write_text(
        f"version: 1\nhierarchy: {{value: [{', '.join(items)}]}}\n"
        f"judgments: {{experts: {{ann: {{}}}}{judgments}}}\n{more}",
        encoding="utf-8",
    )
    return av.load_questions(path)


def letters(n):
    return [f"c{k + 1}" for k in range(n)]


def answer_by_keys(page, answers):
    """Go through the pairs in order with Tab and give each its answer with the arrows."""
    page.element("#next").send_keys(Keys.ENTER)
    for answer in answers:
        if answer is None:
            page.keys(Keys.TAB, Keys.TAB)  # over the pair's button to the next pair
            continue
        steps = STEPS.index(answer) - 8
        moves = [Keys.ARROW_RIGHT if steps > 0 else Keys.ARROW_LEFT] * abs(steps)
        page.keys(*(moves or [Keys.SPACE]), Keys.TAB, Keys.TAB)


def saved(page, name="ann.yaml"):
    """The saved file, once the browser has finished writing it."""
    path = page.downloads / name
    for _ in range(100):
        if path.exists() and path.stat().st_size:
            return path
        time.sleep(0.05)
    raise AssertionError(f"{path} was not saved; there is {list(page.downloads.iterdir())}")


def of_library(n, answers, **options):
    """The library's judgment of the same answers."""
    items = letters(n)
    pairs = [(items[i], items[j]) for i in range(n) for j in range(i + 1, n)]
    given = [(*pair, answer) for pair, answer in zip(pairs, answers, strict=True) if answer]
    return av.PairwiseMatrix.from_judgments(given, labels=items).consistency(**options)


# -- answering -------------------------------------------------------------------------------


def test_answers_given_by_keys_are_saved_and_collected(open_page, tmp_path):
    asked = questions(tmp_path, letters(4))
    page = open_page(av.questionnaire(asked, "ann"))
    answers = ["3", "1/5", "1", "1/7", "2", "9"]
    answer_by_keys(page, answers)
    assert page.answers() == answers
    assert page.text("#progress-text") == "6 of 6 answered"
    page.element("#save").send_keys(Keys.ENTER)
    path = saved(page)
    assert page.text("#status").startswith("ann.yaml has been saved among your downloads.")
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
def test_the_live_ratio_is_the_librarys(open_page, tmp_path, method, n, answers):
    asked = questions(tmp_path, letters(n), f", method: {method}")
    page = open_page(av.questionnaire(asked, "ann"))
    answer_by_keys(page, answers)
    assert page.answers() == answers
    expected = of_library(n, answers, method=method)
    assert page.cr() == pytest.approx(expected.cr, rel=0, abs=1e-9)
    verdict = "contradict each other too much" if expected.exceeds else "agree well enough"
    assert verdict in page.text(".cr")


def test_many_live_ratios_are_the_librarys_whatever_is_missing(open_page, tmp_path):
    """The page's own function on answers drawn at random, up to thirteen items."""
    rng = random.Random(20261122)
    for n in (3, 4, 5, 7, 9, 13):
        page = open_page(av.questionnaire(questions(tmp_path, letters(n)), "ann"))
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


def test_too_few_answers_are_not_tested(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(4)), "ann"))
    assert page.text(".cr") == "Not testable yet: the answers do not connect every item"
    answer_by_keys(page, ["3", "5", "2"])
    assert page.text(".cr") == "Not testable yet: too few answers to compare with each other"
    assert page.cr() is None
    page.keys(Keys.ARROW_RIGHT)
    assert page.text(".cr").startswith("✓\nCR") or page.text(".cr").startswith("!\nCR")


def test_the_worst_answer_is_marked_with_the_value_that_would_fit(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(4)), "ann"))
    answers = ["2", "4", "8", "2", "1/4", "2"]  # c2 against c4 should be 4
    answer_by_keys(page, answers)
    expected = of_library(4, answers)
    assert expected.worst == ("c4", "c2")
    (marked,) = page.elements("li.worst")
    assert marked.get_attribute("id") == "pair-0-4"
    weights = av.PairwiseMatrix.from_triangle(answers).priorities().weights
    assert nearest_answer(weights[1] / weights[3]) == 1
    assert marked.find_element("css selector", ".hint").text == (
        "This answer fits the others least. What would fit: c2 and c4 are equally important (1)."
    )
    assert marked.find_element("css selector", ".fits").text == "1"
    page.element("#pair-0-4 input:checked").send_keys(*[Keys.ARROW_LEFT] * 6)
    assert page.answers()[4] == "4"
    assert page.elements("li.worst") == []
    assert page.cr() == pytest.approx(of_library(4, page.answers()).cr, abs=1e-9)


def test_arrows_stop_at_the_ends_and_delete_takes_an_answer_back(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(2)), "ann"))
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


def test_skipping_is_not_answering_equal(open_page, tmp_path):
    asked = questions(tmp_path, letters(3))
    page = open_page(av.questionnaire(asked, "ann"))
    answer_by_keys(page, ["1", "2"])
    page.element("#pair-0-2 .skip").send_keys(Keys.ENTER)
    assert page.answers() == ["1", "2", None]
    assert page.text("#pair-0-2 .said") == "Skipped"
    page.element("#next").send_keys(Keys.ENTER)
    assert page.text("#status") == "Every pair has an answer or was skipped"
    page.element("#save").send_keys(Keys.ENTER)
    assert "1 of 3 pairs have no answer (1 of them skipped)" in page.text("#confirm-text")
    page.element("#save-anyway").send_keys(Keys.ENTER)
    judgments = av.collect(saved(page).parent, asked).judgments
    assert judgments == {"ann": {"value": {"c1 vs c2": 1, "c1 vs c3": 2}}}


def test_saving_warns_of_what_is_open_and_leads_there(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(4)), "ann"))
    answer_by_keys(page, ["3"])
    page.element("#save").send_keys(Keys.ENTER)
    said = page.text("#confirm-text")
    assert "5 of 6 pairs have no answer (0 of them skipped)" in said
    assert "One answer that would: c1 against c3." in said
    page.element("#confirm .main").send_keys(Keys.ENTER)
    assert page.run("return document.activeElement.closest('li').id") == "pair-0-1"
    assert list(page.downloads.iterdir()) == []


# -- keeping ---------------------------------------------------------------------------------


def test_answers_survive_closing_the_page(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(3)), "ann"))
    answer_by_keys(page, ["3", "1/4"])
    page.element("#pair-0-2 .skip").send_keys(Keys.ENTER)
    page.open()
    assert page.answers() == ["3", "1/4", None]
    assert page.text("#pair-0-2 .said") == "Skipped"
    assert page.text("#status") == "Your earlier answers have been put back."


def test_another_model_or_expert_does_not_see_them(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(3)), "ann"))
    answer_by_keys(page, ["3", "1/4", "2"])
    page = open_page(av.questionnaire(questions(tmp_path, ["c1", "c2", "c4"]), "ann"))
    assert page.answers() == [None, None, None]


def test_earlier_answers_are_put_into_the_page(open_page, tmp_path):
    given = ", comparisons: {value: {ann: [[3, 5/2], [2]]}}"
    asked = questions(tmp_path, letters(3), given)
    page = open_page(av.questionnaire(asked, "ann", with_answers=True))
    assert page.answers() == ["3", None, "2"]
    assert page.text("#pair-0-1 .said") == (
        "Your earlier answer, 5/2, lies between the steps; it stays until you choose"
    )
    assert page.cr() == pytest.approx(of_library(3, ["3", "5/2", "2"]).cr, abs=1e-9)
    page.element("#save").send_keys(Keys.ENTER)
    assert av.collect(saved(page).parent, asked).model.questions.hash == asked.hash
    assert "c1 vs c3: 5/2" in saved(page).read_text()


def test_a_browser_that_keeps_nothing_is_no_obstacle(open_page, tmp_path, chromium):
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})"
    added = chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        page = open_page(av.questionnaire(questions(tmp_path, letters(2)), "ann"))
        assert page.text("#status").startswith("This browser does not keep answers.")
        answer_by_keys(page, ["1/3"])
        page.element("#save").send_keys(Keys.ENTER)
        assert "c1 vs c2: 1/3" in saved(page).read_text()
        assert page.said() == []
    finally:
        chromium.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


# -- every label is text ---------------------------------------------------------------------


def evil_questions(tmp_path):
    labels = f"labels: {{c1: {{en: '{EVIL}'}}, value: {{en: '<b>value</b> & more'}}}}\n"
    more = labels + (
        "indicators:\n  c1: {linear: [[0, 0], [1, 100]]}\n  c2: {linear: [[0, 0], [1, 100]]}\n"
        f"  c3: {{categories: {{levels: ['{EVIL}', 'red vs white', '\"quoted\": #', ' 1']}}}}\n"
    )
    return questions(tmp_path, letters(3), "", more)


def test_a_label_that_is_a_script_shows_as_such(open_page, tmp_path):
    asked = evil_questions(tmp_path)
    page = open_page(av.questionnaire(asked, "ann"))
    assert page.text(".item") == EVIL
    assert page.text("h2") == "What matters more for <b>value</b> & more?"
    assert page.run("return document.scripts.length") == 3
    answers = ["3", "4", "2", "1/2", "5", None, "1/9", "7", "1"]
    answer_by_keys(page, answers)
    page.element("#save").send_keys(Keys.ENTER)
    page.element("#save-anyway").send_keys(Keys.ENTER)
    found = av.collect(saved(page).parent, asked)
    assert found.refused == ()
    assert found.judgments["ann"]["c3"][0][:2] == [Fraction(1, 2), 5]
    assert page.said() == []
    assert page.requests() == []


def test_the_policy_stops_what_the_page_did_not_bring(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(2)), "ann"))
    page.run(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1';"
        "document.body.append(s); document.body.setAttribute('style', 'color: red');"
        "document.body.setAttribute('onclick', 'window.broken = 1'); document.body.click();"
    )
    assert page.run("return window.broken ?? null") is None
    assert page.run("return getComputedStyle(document.body).color") == "rgb(29, 39, 48)"
    assert len(page.said()) == 3


# -- for everybody ---------------------------------------------------------------------------

CONTRASTS = """
const rgb = (text) => (text.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const behind = (node) => {
  for (let e = node; e; e = e.parentElement) {
    const colour = rgb(getComputedStyle(e).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const e of document.querySelectorAll("body *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !e.getClientRects().length || e.tagName === "SCRIPT") continue;
  const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5) poor.push([e.className || e.tagName, e.textContent, contrast]);
}
return poor;
"""

NAMES = """
const unnamed = [];
for (const e of document.querySelectorAll("input, button, a, progress, dialog, section, nav")) {
  const by = e.getAttribute("aria-labelledby");
  const name = e.getAttribute("aria-label")
    ?? (by ? document.getElementById(by)?.textContent : null) ?? e.textContent;
  if (!name?.trim()) unnamed.push(e.outerHTML);
}
for (const e of document.querySelectorAll("fieldset")) {
  if (!e.querySelector("legend")?.textContent.trim()) unnamed.push("fieldset");
}
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
return unnamed.concat(ids.filter((id, k) => ids.indexOf(id) !== k));
"""

TARGETS = """
return [...document.querySelectorAll("button, .step, nav a")]
  .map((e) => e.getBoundingClientRect())
  .filter((box) => box.width && (box.width < 24 || box.height < 24))
  .map((box) => [box.width, box.height]);
"""


def contradicting(tmp_path, n=3):
    value = "{en: What an outlet is worth, zh: 门店价值}"
    labels = f"labels: {{c1: {{en: '{LONG}'}}, value: {value}, c2: {{zh: 客户依存度}}}}\n"
    rows = [["5", "1/5"], ["5"]] if n == 3 else [["1/9"] * k for k in range(n - 1, 0, -1)]
    rows[0][-1] = "1/5" if n == 3 else "9"
    text = ", ".join(f"[{', '.join(row)}]" for row in rows)
    return questions(tmp_path, letters(n), f", comparisons: {{value: {{ann: [{text}]}}}}", labels)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800, 360])
def test_the_page_is_readable_and_named_on_every_screen(open_page, tmp_path, width, dark):
    page = open_page(av.questionnaire(contradicting(tmp_path), "ann", with_answers=True))
    page.show(width, 800, touch=width < 500, dark=dark)
    page.open()
    assert page.elements("li.worst")
    assert page.run(CONTRASTS) == []
    page.element("#pair-0-2 .skip").send_keys(Keys.ENTER, Keys.ENTER)  # taken back, then skipped
    page.element("#save").send_keys(Keys.ENTER)
    assert page.run(CONTRASTS) == []
    assert page.run(NAMES) == []
    assert page.run(TARGETS) == []
    assert page.run("return document.documentElement.scrollWidth") <= width


def test_the_page_speaks_its_language_and_announces_consistency(open_page, tmp_path):
    page = open_page(av.questionnaire(contradicting(tmp_path), "ann", language="zh"))
    assert page.run("return document.documentElement.lang") == "zh"
    assert page.element(".cr").get_attribute("aria-live") == "polite"
    assert page.element("#status").get_attribute("role") == "status"
    assert page.text("h2") == "对“门店价值”而言，哪个更重要？"
    labels = [e.get_attribute("aria-label") for e in page.elements("#pair-0-2 input")]
    assert labels[0] == "9: “客户依存度”比“c3”极端重要"
    assert labels[8] == "1: “客户依存度”与“c3”同等重要"


def test_the_focus_is_seen_and_not_hidden_by_what_stays_on_top(open_page, tmp_path):
    page = open_page(av.questionnaire(questions(tmp_path, letters(13)), "ann"))
    answer_by_keys(page, [random.Random(1).choice(STEPS) for _ in range(20)])
    page.keys(*[Keys.SHIFT + Keys.TAB + Keys.NULL] * 24)
    shown = page.run(
        "const e = document.activeElement, box = e.getBoundingClientRect();"
        "const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
        "const ring = e.matches('input') ? e.nextElementSibling : e;"
        "return [e === top || e.parentElement.contains(top), getComputedStyle(ring).outlineStyle]"
    )
    assert shown == [True, "solid"]


# -- pictures for a person -------------------------------------------------------------------


def pictures(tmp_path):
    template = av.template("retail-terminal")
    thirteen = contradicting(tmp_path, 13)
    yield "desktop", template, "regional_manager", {}, {}
    yield "answered", template, "regional_manager", {"with_answers": True}, {}
    yield "chinese", template, "credit_officer", {"with_answers": True, "language": "zh"}, {}
    yield (
        "phone",
        template,
        "regional_manager",
        {"with_answers": True},
        {"width": 360, "touch": True},
    )
    yield "tablet", template, "regional_manager", {"with_answers": True}, {"width": 800}
    yield "thirteen", thirteen, "ann", {"with_answers": True}, {}
    yield "inconsistent", contradicting(tmp_path), "ann", {"with_answers": True}, {}
    small = {"width": 360, "touch": True}
    yield "inconsistent_phone", contradicting(tmp_path), "ann", {"with_answers": True}, small
    yield "dark", contradicting(tmp_path), "ann", {"with_answers": True}, {"dark": True}


@pytest.mark.skipif(
    "AHPVALUE_SCREENSHOTS" not in os.environ, reason="AHPVALUE_SCREENSHOTS names no folder"
)
def test_pictures(open_page, tmp_path):
    folder = Path(os.environ["AHPVALUE_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, model, expert, options, screen in pictures(tmp_path):
        page = open_page(av.questionnaire(model, expert, **options))
        page.show(**screen)
        page.open()
        size = page.chrome.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {
            "x": 0,
            "y": 0,
            "width": size["width"],
            "height": min(size["height"], 1800),
            "scale": 1,
        }
        shot = {"captureBeyondViewport": True, "clip": clip}
        data = page.chrome.execute_cdp_cmd("Page.captureScreenshot", shot)["data"]
        (folder / f"{name}.png").write_bytes(base64.b64decode(data))
        page.run("localStorage.clear()")
