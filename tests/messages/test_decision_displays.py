"""What decisions look like, word for word, and what each door says to a mistake.

Written anew with ``AHPVALUE_RENEW=1 pytest tests/messages``, as the other displays are.
"""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.document import plain

HERE = Path(__file__).parent


@cache
def periods():
    """Two periods of synthetic customers, the second with some gone and some new."""
    first = synthetic_customers(200)
    second = {name: values.copy() for name, values in synthetic_customers(210).items()}
    second = {name: values[10:] for name, values in second.items()}
    rng = np.random.default_rng(5)
    second["monthly_order"] = (second["monthly_order"] * rng.lognormal(0, 0.3, 200)).round(0)
    second["integrity"][:3] = 5.0
    fitted = av.template("retail-terminal").fit(first)
    before = fitted.score(first).tiers(period="2022Q1")
    now = fitted.score(second).tiers(before, period="2022Q2")
    return fitted, before, now


@cache
def displays():
    fitted, before, now = periods()
    scores = av.Scores(now.scored)
    moved = scores.compare(av.Scores(before.scored), now, before, value="monthly_order")
    core = scores.core("monthly_order")
    segments = scores.segments(now, before)
    robust = scores.robustness(own_draws(fitted))
    return {
        "tiers.txt": str(now),
        "movements.txt": f"{moved}\n\n{moved.by_value('now')}\n\n{moved.causes}",
        "core.txt": f"{core}\n\n{core.concentration}",
        "segments.txt": f"{segments}\n\n{segments.grid('sides')}",
        "explain_en.txt": told(now, "en"),
        "explain_zh.txt": told(now, "zh"),
        "capped.txt": str(scores.explain("00012", tiers=now)),
        "paths.txt": str(scores.paths_up(now)),
        "shift.txt": str(fitted.shift(synthetic_customers(300, seed=9))),
        "robustness.txt": str(robust),
        "stability.txt": str(scores.stability()),
        "record.txt": str(scores.record("a", "2022Q2", tiers=now, segments=segments)),
        "movements.html": moved._repr_html_(),
        "tiers.html": now._repr_html_(),
    }


def told(tiers, language):
    scores = av.Scores(tiers.scored)
    explained = scores.explain("00017", language=language, tiers=tiers)
    return f"{explained}\n\n{scores.path_up('00017', language=language, tiers=tiers)}"


def own_draws(model):
    """Draws that do not depend on how judgments are drawn: weights moved by a tenth."""
    rng = np.random.default_rng(1)
    local = model.weights().local
    moved = {
        n: np.array(list(w.values())) * rng.uniform(0.9, 1.1, (100, len(w)))
        for n, w in local.items()
    }
    return [{node: values / values.sum(axis=1, keepdims=True) for node, values in moved.items()}]


NAMES = [
    "tiers.txt", "movements.txt", "core.txt", "segments.txt", "explain_en.txt", "explain_zh.txt",
    "capped.txt", "paths.txt", "shift.txt", "robustness.txt", "stability.txt", "record.txt",
    "movements.html", "tiers.html",
]  # fmt: skip


def kept_text(name, shown):
    kept = HERE / "decisions" / name
    if os.environ.get("AHPVALUE_RENEW"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(shown, encoding="utf-8")
    return kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_display_is_what_it_was(name):
    shown = displays()[name] + "\n"
    assert shown == kept_text(name, shown)


def mistakes():
    """One deliberate mistake at each door."""
    fitted, before, now = periods()
    scores, document = av.Scores(now.scored), plain(fitted.document)

    def changed(**sections):
        return lambda: av.Model(**document | sections)

    override = {name: ["cor"] for name in ("tier", "author")}
    override |= {"customer_id": ["00017"], "reason": [""], "expires": ["soon"]}
    tiers = {"levels": {"core": {"top": "20%"}, "key": {"top": 50}, "rest": {}}}
    capped = {"a": {"score": 50}, "b": {}}
    vetoes = {"levels": capped, "vetoes": {"x": {"when": {"a": 1}, "at_most": "c"}}}
    management = document["indicators"]["management"] | {"changeable": {"categories": ["E"]}}
    misspelt = {"active": {"when": {"oders": 1}}}
    other = {"rules": {"x": {"when": {"growth": {"at_leest": 60}}}}}
    return {
        "tiers": changed(tiers=tiers),
        "vetoes": changed(tiers=vetoes),
        "segments": changed(segments=other),
        "active": lambda: av.Model(**document | misspelt).score(synthetic_customers(3)),
        "peers": changed(peers={"by": [], "minimum": 1}),
        "changeable": changed(indicators=document["indicators"] | {"management": management}),
        "previous": lambda: scores.tiers(synthetic_customers(3)),
        "overrides": lambda: scores.tiers(period="2022Q3", overrides=override),
        "compare": lambda: scores.compare(av.Scores(before.scored), now),
        "core": lambda: scores.core("monthly_oder"),
        "explain": lambda: scores.explain("0001"),
        "language": lambda: scores.explain("00017", language="fr"),
        "path": lambda: scores.paths_up(changes=9),
        "shift": lambda: av.template("retail-terminal").shift(synthetic_customers(9)),
        "robustness": lambda: scores.robustness([{"value": np.ones((2, 2))}]),
        "record": lambda: scores.record("a", ""),
        "history": lambda: av.History("scores.xls").read(),
        "period": lambda: av.season_of("Q1 2022"),
    }  # fmt: skip


def test_every_door_says_what_is_wrong_and_what_to_do():
    said = []
    for door, mistake in mistakes().items():
        with pytest.raises(av.AhpValueError) as refused:
            mistake()
        said.append(f"{door}:\n  " + str(refused.value).replace("\n", "\n  "))
    shown = "\n".join(said) + "\n"
    assert shown == kept_text("mistakes.txt", shown)
