"""The questionnaire page for everybody: contrast, names, targets, focus, small screens, languages.

With ``AHPVALUE_SCREENSHOTS`` set to a folder, pictures of the page are written there for a
person to look at.
"""

import base64
import os
import random
from pathlib import Path

import pytest

import ahpvalue as av

pytest.importorskip("selenium")

from selenium.webdriver.common.keys import Keys

LONG = "A criterion whose label somebody wrote out in full, because nobody told them not to"


def letters(n):
    return [f"c{k + 1}" for k in range(n)]


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


def contradicting(questions, n=3):
    value = "{en: What an outlet is worth, zh: 门店价值}"
    labels = f"labels: {{c1: {{en: '{LONG}'}}, value: {value}, c2: {{zh: 客户依存度}}}}\n"
    rows = [["5", "1/5"], ["5"]] if n == 3 else [["1/9"] * k for k in range(n - 1, 0, -1)]
    rows[0][-1] = "1/5" if n == 3 else "9"
    text = ", ".join(f"[{', '.join(row)}]" for row in rows)
    return questions(letters(n), f", comparisons: {{value: {{ann: [{text}]}}}}", labels)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800, 360])
def test_the_page_is_readable_and_named_on_every_screen(open_page, questions, width, dark):
    page = open_page(av.questionnaire(contradicting(questions), "ann", with_answers=True))
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


def test_the_page_speaks_its_language_and_announces_consistency(open_page, questions):
    page = open_page(av.questionnaire(contradicting(questions), "ann", language="zh"))
    assert page.run("return document.documentElement.lang") == "zh"
    assert page.element(".cr").get_attribute("aria-live") == "polite"
    assert page.element("#status").get_attribute("role") == "status"
    assert page.text("h2") == "对“门店价值”而言，哪个更重要？"
    labels = [e.get_attribute("aria-label") for e in page.elements("#pair-0-2 input")]
    assert labels[0] == "9: “客户依存度”比“c3”极端重要"
    assert labels[8] == "1: “客户依存度”与“c3”同等重要"


def test_the_focus_is_seen_and_not_hidden_by_what_stays_on_top(open_page, questions):
    page = open_page(av.questionnaire(questions(letters(13)), "ann"))
    rng = random.Random(1)
    page.answer([rng.choice(["1/5", "3", "1", "1/2"]) for _ in range(20)])
    page.keys(*[Keys.SHIFT + Keys.TAB + Keys.NULL] * 24)
    shown = page.run(
        "const e = document.activeElement, box = e.getBoundingClientRect();"
        "const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
        "const ring = e.matches('input') ? e.nextElementSibling : e;"
        "return [e === top || e.parentElement.contains(top), getComputedStyle(ring).outlineStyle]"
    )
    assert shown == [True, "solid"]


# -- pictures for a person -------------------------------------------------------------------


def pictures(questions):
    template = av.template("retail-terminal")
    thirteen = contradicting(questions, 13)
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
    yield "inconsistent", contradicting(questions), "ann", {"with_answers": True}, {}
    small = {"width": 360, "touch": True}
    yield "inconsistent_phone", contradicting(questions), "ann", {"with_answers": True}, small
    yield "dark", contradicting(questions), "ann", {"with_answers": True}, {"dark": True}


@pytest.mark.skipif(
    "AHPVALUE_SCREENSHOTS" not in os.environ, reason="AHPVALUE_SCREENSHOTS names no folder"
)
def test_pictures(open_page, questions):
    folder = Path(os.environ["AHPVALUE_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, model, expert, options, screen in pictures(questions):
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
