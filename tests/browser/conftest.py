"""A browser to open questionnaires in: Debian's chromium, driven by selenium."""

import json
import shutil
import time
import warnings
from pathlib import Path

import pytest

selenium = pytest.importorskip("selenium", reason="selenium (extra [test]) drives the browser")

from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

import ahpvalue as av  # noqa: E402

STEPS = [*map(str, range(9, 0, -1)), *(f"1/{k}" for k in range(2, 10))]

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,900",
)


def found(*names):
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """One browser for all tests, with a profile and a download folder of its own."""
    browser = found("chromium", "chromium-browser")
    driver = found("chromedriver")
    if browser is None or driver is None:
        absent = "chromium" if browser is None else "chromium-driver"
        pytest.skip(f"{absent} is not installed (Debian: apt-get install chromium chromium-driver)")
    place = tmp_path_factory.mktemp("browser")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*QUIET, f"--user-data-dir={place / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other packages' making
        chrome = webdriver.Chrome(options=options, service=Service(executable_path=driver))
    yield chrome
    chrome.quit()


class Page:
    """A questionnaire opened in the browser, used as a person without a mouse would."""

    def __init__(self, chrome, path, downloads):
        self.chrome, self.path, self.downloads = chrome, path, downloads
        allow = {"behavior": "allow", "downloadPath": str(downloads)}
        chrome.execute_cdp_cmd("Browser.setDownloadBehavior", allow)
        self.show()
        self.open()

    def show(self, width=1280, height=900, touch=False, dark=False):
        """Give the page the screen of a certain device."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": touch}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        touching = {"enabled": touch, "maxTouchPoints": 5 if touch else 1}
        self.chrome.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", touching)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        media = {"features": [scheme, still]}
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def open(self):
        for kind in ("browser", "performance"):
            self.chrome.get_log(kind)
        self.chrome.get(self.path.as_uri())

    def run(self, script, *arguments):
        return self.chrome.execute_script(script, *arguments)

    def keys(self, *keys):
        """Press keys, wherever the focus is."""
        chain = ActionChains(self.chrome, duration=0)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def answer(self, answers):
        """Go through the pairs in order with Tab and give each its answer with the arrows."""
        self.element("#next").send_keys(Keys.ENTER)
        for answer in answers:
            if answer is None:
                self.keys(Keys.TAB, Keys.TAB)  # over the pair's button to the next pair
                continue
            steps = STEPS.index(answer) - 8
            moves = [Keys.ARROW_RIGHT if steps > 0 else Keys.ARROW_LEFT] * abs(steps)
            self.keys(*(moves or [Keys.SPACE]), Keys.TAB, Keys.TAB)

    def saved(self, name="ann.yaml"):
        """The saved file, once the browser has finished writing it."""
        path = self.downloads / name
        for _ in range(100):
            if path.exists() and path.stat().st_size:
                return path
            time.sleep(0.05)
        raise AssertionError(f"{path} was not saved; there is {list(self.downloads.iterdir())}")

    def element(self, selector):
        return self.chrome.find_element("css selector", selector)

    def elements(self, selector):
        return self.chrome.find_elements("css selector", selector)

    def text(self, selector):
        return self.element(selector).text

    def cr(self, node=0):
        """CR as the page has it, at full precision; None where it is not tested."""
        shown = self.elements(".cr")[node].get_attribute("data-cr")
        return float(shown) if shown else None

    def answers(self):
        """What is chosen, pair by pair."""
        return self.run(
            "return [...document.querySelectorAll('.pairs li')].map("
            "(li) => li.querySelector(':checked')?.value ?? null)"
        )

    def said(self):
        """Everything the browser complained of."""
        return [entry["message"] for entry in self.chrome.get_log("browser")]

    def requests(self):
        """Every address the page asked for, but its own."""
        entries = (json.loads(e["message"])["message"] for e in self.chrome.get_log("performance"))
        asked = [
            entry["params"]["request"]["url"]
            for entry in entries
            if entry["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in asked if url != self.path.as_uri()]


@pytest.fixture
def open_page(chromium, tmp_path):
    """Open a questionnaire: its content as bytes -> `Page`."""

    def opened(content):
        path = tmp_path / "questionnaire.html"
        path.write_bytes(content)
        downloads = tmp_path / "downloads"
        downloads.mkdir(exist_ok=True)
        return Page(chromium, Path(path), downloads)

    chromium.get_log("browser")
    yield opened
    chromium.execute_script("try { localStorage.clear() } catch {}")
    complaints = [entry["message"] for entry in chromium.get_log("browser")]
    assert complaints == [], "the browser's console"


@pytest.fixture
def questions(tmp_path):
    """Questions on one node over some items, asked of ann: items, more keys -> `Questions`."""

    def written(items, judgments="", more=""):
        path = tmp_path / "asked.yaml"
        path.write_text(
            f"version: 2\nhierarchy: {{value: [{', '.join(items)}]}}\n"
            f"judgments: {{experts: {{ann: {{}}}}{judgments}}}\n{more}",
            encoding="utf-8",
        )
        return av.load_questions(path)

    return written
