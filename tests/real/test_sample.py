"""The whole way on real stores, in a fresh clone: load, fit, score, tier, compare, explain, record.

The values stored here were read off once. What changes them changes published scores.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av
from ahpvalue.document import plain

SAMPLE = Path(__file__).parent / "sample"
FIRST, SECOND = "2021Q4", "2022Q1"
BEST = "2642"  # the store with the highest total in the second quarter

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")


@pytest.fixture(scope="module")
def quarters():
    return {
        name: pd.read_csv(SAMPLE / f"iowa_sample_{name}.csv.gz", dtype={"store_number": str})
        for name in (FIRST, SECOND)
    }


@pytest.fixture(scope="module")
def fitted(load, quarters):
    document = plain(load("iowa_outlets").document) | {
        "active": {"when": {"status": "active"}, "lapsed": {"status": "lapsed"}},
        "tiers": {
            "levels": {"core": {"top": "20%"}, "key": {"top": "50%"}, "general": {}},
            "band": "5%",
        },
    }
    return av.Model(**document).fit(quarters[FIRST])


@pytest.fixture(scope="module")
def scores(fitted, quarters):
    return {name: fitted.score(table) for name, table in quarters.items()}


@pytest.fixture(scope="module")
def tiers(scores):
    first = scores[FIRST].tiers(period=FIRST)
    return {FIRST: first, SECOND: scores[SECOND].tiers(first.frame, period=SECOND)}


@pytest.fixture(scope="module")
def moved(scores, tiers):
    return scores[SECOND].compare(scores[FIRST], tiers[SECOND], tiers[FIRST], value="sales")


def test_the_sample_is_two_quarters_of_300_stores(quarters):
    first, second = (set(quarters[name]["store_number"]) for name in (FIRST, SECOND))
    assert (len(first | second), len(first & second)) == (300, 292)
    assert round(quarters[FIRST]["sales"].sum(), 2) == 16_749_244.60
    assert round(quarters[SECOND]["sales"].sum(), 2) == 12_344_669.72
    assert sum(path.stat().st_size for path in SAMPLE.iterdir() if path.is_file()) < 100_000


def test_the_sample_can_be_drawn_again(data, tmp_path):
    """With the whole quarters at hand, the script gives these very bytes."""
    import runpy

    runpy.run_path(str(SAMPLE / "make_sample.py"))["draw"](data, tmp_path)
    for name in (FIRST, SECOND):
        again, stored = (
            hashlib.sha256((place / f"iowa_sample_{name}.csv.gz").read_bytes()).hexdigest()
            for place in (tmp_path, SAMPLE)
        )
        assert again == stored


def test_the_reference_is_the_active_stores(fitted):
    assert fitted.document.reference.customers == 282
    levels = fitted.document.tiers.levels.values()
    assert [level.customers for level in levels] == [57, 84, 141]


def test_the_fitted_document_is_read_back_and_scores_alike(fitted, scores, quarters, tmp_path):
    fitted.save(tmp_path / "model.yaml")
    again = av.load_model(tmp_path / "model.yaml").score(quarters[SECOND])
    assert again["total"].tobytes() == scores[SECOND]["total"].tobytes()


@pytest.mark.parametrize(
    ("quarter", "lapsed", "least", "mean", "most"),
    [(FIRST, 14, 13.69, 55.38, 84.11), (SECOND, 17, 10.60, 51.10, 82.24)],
)
def test_scores_are_what_they_were(scores, quarter, lapsed, least, mean, most):
    total = scores[quarter]["total"]
    assert np.isnan(total).sum() == (scores[quarter]["status"] == "lapsed").sum() == lapsed
    found = [np.nanmin(total), np.nanmean(total), np.nanmax(total)]
    assert found == pytest.approx([least, mean, most], abs=0.005)


def test_contributions_add_up_to_each_stores_total(scores):
    for scored in scores.values():
        points = scored.contributions.drop(columns=["store_number", "total"])
        sums = points.sum(axis=1, min_count=1)
        np.testing.assert_allclose(sums, scored["total"], atol=1e-9)


def test_tiers_are_what_they_were(tiers):
    assert Counter(tiers[FIRST].tier) == {"core": 57, "key": 84, "general": 141, None: 14}
    assert Counter(tiers[SECOND].tier) == {"core": 46, "key": 70, "general": 163, None: 17}


def test_after_the_holidays_more_fall_than_rise_and_by_their_own_figures(moved):
    assert (moved.upgrades, moved.downgrades) == (8, 48)
    means = {
        cause: float(np.nansum(part)) / np.isfinite(part).sum()
        for cause, part in moved.score_parts.items()
    }
    assert means["own values"] == pytest.approx(-4.88, abs=0.005)
    assert means["missing data"] == pytest.approx(-0.04, abs=0.005)
    assert means["reference"] == means["weights"] == 0
    change = moved.total_now - moved.total_before
    np.testing.assert_allclose(
        np.sum(list(moved.score_parts.values()), axis=0), change, atol=1e-9, equal_nan=True
    )


def test_the_best_store_is_told_why(scores, tiers, quarters):
    best = quarters[SECOND]["store_number"][int(np.nanargmax(scores[SECOND]["total"]))]
    assert best == BEST
    told = str(scores[SECOND].explain(BEST, tiers=tiers[SECOND]))
    assert "Your score is 82.2 of 100" in told
    assert "Your tier is core." in told
    assert "Sales in the quarter: 238,685 dollars" in told
    assert "Not known to us, so not counted: Returned share of sales." in told


def test_the_core_brings_most(scores):
    core = scores[SECOND].core("sales")
    assert int((core.by_score & core.by_contribution).sum()) == 47
    assert int(core.by_score.sum()) == int(core.by_contribution.sum()) == 56


def test_a_record_holds_every_store_and_its_tier(scores, tiers):
    record = scores[SECOND].record("sample", SECOND, tiers=tiers[SECOND])
    table = pd.DataFrame(record.to_dict())
    assert set(table["customer"]) == set(tiers[SECOND].frame["store_number"])
    goal = table[table["level"] == "total"].set_index("customer")["score"].astype(float)
    totals = pd.Series(scores[SECOND]["total"], tiers[SECOND].frame["store_number"])
    np.testing.assert_array_equal(goal[totals.index], totals)
    decided = table[(table["level"] == "tier") & (table["item"] == "tier")].set_index("customer")[
        "text"
    ]
    assert Counter(decided.dropna()) == {"core": 46, "key": 70, "general": 163}
    assert decided[BEST] == "core"
