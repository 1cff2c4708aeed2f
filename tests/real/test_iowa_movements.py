"""Iowa's outlets over four quarters, end to end: fit once, carry the state, explain every move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av
from ahpvalue.document import plain

QUARTERS = ("2021Q3", "2021Q4", "2022Q1", "2022Q2")

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")


@pytest.fixture(scope="module")
def quarters(read):
    return {name: read(f"iowa_indicators_{name}", "store_number") for name in QUARTERS}


@pytest.fixture(scope="module")
def fitted(load, quarters):
    document = plain(load("iowa_outlets").document) | {
        "active": {"when": {"status": "active"}, "lapsed": {"status": "lapsed"}},
        "tiers": {
            "levels": {"core": {"top": "20%"}, "key": {"top": "50%"}, "general": {}},
            "band": "5%",
            "confirmation": 2,
        },
    }
    return av.Model(**document).fit(quarters["2021Q3"])


@pytest.fixture(scope="module")
def scores(fitted, quarters):
    return {name: fitted.score(table) for name, table in quarters.items()}


@pytest.fixture(scope="module")
def tiers(scores):
    found, state = {}, None
    for name, scored in scores.items():
        found[name] = scored.tiers(state, period=name)
        state = found[name].frame  # a table, as a database would hold it
    return found


@pytest.fixture(scope="module", params=QUARTERS[1:])
def movement(request, scores, tiers):
    now = request.param
    before = QUARTERS[QUARTERS.index(now) - 1]
    found = scores[now].compare(scores[before], tiers[now], tiers[before], value="sales")
    return before, now, found


def test_the_reference_is_the_active_stores(fitted):
    assert fitted.document.reference.customers == 1852
    levels = fitted.document.tiers.levels
    assert [level.customers for level in levels.values()] == [371, 555, 926]


def test_lapsed_stores_have_a_status_and_no_score(scores, quarters):
    for name, table in quarters.items():
        lapsed = (table["status"] == "lapsed").to_numpy()
        assert (scores[name]["status"][lapsed] == "lapsed").all()
        assert np.isnan(scores[name]["total"][lapsed]).all()
        assert np.isnan(scores[name]["rank"][lapsed]).all()


def test_the_margins_are_both_quarters(movement, quarters):
    before, now, found = movement
    matrix = found.matrix.to_dict()
    places = matrix["from \\ to"]
    assert matrix["all"][-1] == len(
        set(quarters[before]["store_number"]) | set(quarters[now]["store_number"])
    )
    assert sum(
        v for p, v in zip(places, matrix["all"], strict=True) if p not in ("all", "(entered)")
    ) == len(quarters[before])
    assert sum(v[-1] for p, v in matrix.items() if p not in ("from \\ to", "all", "(left)")) == len(
        quarters[now]
    )
    for when, name in (("before", before), ("now", now)):
        whole = found.by_value(when).to_dict()["all"][-1]
        assert whole == pytest.approx(quarters[name]["sales"].sum(), rel=1e-12)


def test_every_change_of_score_and_tier_is_attributed(movement):
    *_, found = movement
    table = found.to_frame("pandas")
    both = table["score_change"].notna()
    parts = table[[name for name in table if name.startswith("score_by_")]]
    assert (parts[both].sum(axis=1) - table["score_change"][both]).abs().max() < 1e-9
    steps = table[[name for name in table if name.startswith("tier_by_")]]
    assert (steps[both].sum(axis=1) - table["tier_change"][both]).abs().max() < 1e-9
    moved = table["before"] != table["now"]
    assert moved.sum() > 50
    assert (table["why"][moved] != "").all()
    assert not table["why"].eq("several causes together").any()


def test_one_model_means_no_part_for_reference_or_weights(movement):
    *_, found = movement
    for cause in ("reference", "weights"):
        assert not np.nan_to_num(found.score_parts[cause]).any()


def test_another_reference_is_told_from_the_stores_own_change(load, fitted, quarters, scores):
    refitted = av.Model(**plain(load("iowa_outlets").document)).fit(
        quarters["2021Q4"][quarters["2021Q4"]["status"] == "active"]
    )
    found = refitted.score(quarters["2021Q4"]).compare(scores["2021Q4"])
    own, reference = (np.nan_to_num(found.score_parts[c]) for c in ("own values", "reference"))
    assert not own.any()
    assert np.abs(reference).mean() > 0.5


def test_who_enters_changes_nobody_elses_score(fitted, quarters, scores):
    now = quarters["2022Q1"]
    stayed = now[now["store_number"].isin(quarters["2021Q4"]["store_number"])]
    assert len(stayed) < len(now)
    alone = fitted.score(stayed)["total"]
    among = scores["2022Q1"]["total"][now["store_number"].isin(stayed["store_number"]).to_numpy()]
    assert alone.tobytes() == among.tobytes()


def test_the_season_is_held_back_by_band_and_confirmation(tiers, scores):
    """After the holidays most stores fall; few leave their tier for it in that quarter."""
    found = scores["2022Q1"].compare(scores["2021Q4"], tiers["2022Q1"], tiers["2021Q4"])
    by_lines = scores["2022Q1"].compare(scores["2021Q4"])
    assert (found.trend == "declining").sum() > 1000
    assert found.downgrades < by_lines.downgrades / 4


def test_the_state_survives_a_file(tiers, scores, tmp_path):
    tiers["2021Q4"].frame.to_csv(tmp_path / "tiers.csv", index=False)
    kept = pd.read_csv(tmp_path / "tiers.csv", dtype={"store_number": str})
    again = scores["2022Q1"].tiers(kept, period="2022Q1")
    assert again.tier.tolist() == tiers["2022Q1"].tier.tolist()
