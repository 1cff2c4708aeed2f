"""Iowa's outlets among their peers, and seasons as references."""

from __future__ import annotations

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.support.periods import season_of

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")

QUARTERS = ("2021Q3", "2021Q4", "2022Q1", "2022Q2")


@pytest.fixture(scope="module")
def quarters(read):
    return {name: read(f"iowa_indicators_{name}", "store_number") for name in QUARTERS}


def sales_model(**sections):
    return av.Model(
        customer="store_number",
        hierarchy={"value": ["sales"]},
        indicators={"sales": {"percentile": {"points": 10_001}}},
        active={"when": {"status": "active"}},
        **sections,
    )


@pytest.fixture(scope="module")
def frame(quarters):
    model = sales_model(peers={"by": ["business_type"], "minimum": 2})
    table = quarters["2022Q2"]
    scores = model.fit(table).score(table)
    found = scores.frame.assign(business_type=table["business_type"].to_numpy())
    return found[found["total"].notna()]


def test_half_of_the_reference_have_the_median_score_or_more(quarters):
    table = quarters["2022Q2"]
    fitted = sales_model().fit(table)
    totals = fitted.score(table)["total"]
    totals = totals[~np.isnan(totals)]
    median = fitted.document.reference.median_score
    assert (totals >= median).mean() >= 0.5
    assert median == pytest.approx(np.median(totals), abs=1e-9)


def top(values):
    return values >= np.quantile(values, 0.8)


def test_the_pooled_core_is_mostly_supermarkets(frame):
    core = frame[top(frame["total"])]
    assert len(core) == 382
    share = core["business_type"].value_counts(normalize=True)
    everywhere = frame["business_type"].value_counts(normalize=True)
    assert (round(share["supermarket"], 2), round(everywhere["supermarket"], 2)) == (0.59, 0.26)
    assert (round(share["convenience"], 2), round(everywhere["convenience"], 2)) == (0.09, 0.51)
    assert "pharmacy" not in share


def test_a_core_within_business_types_is_another_one(frame):
    pooled = set(frame["store_number"][top(frame["total"])])
    among = set()
    for _, part in frame.groupby("business_type"):
        among |= set(part["store_number"][top(part["peer_total"])])
    assert len(pooled & among) == 202


def test_small_types_fall_back_and_are_named(quarters):
    model = sales_model(peers={"by": ["business_type", "market_type"], "minimum": 30})
    with pytest.warns(av.CustomerDataWarning, match="fewer than 30 customers in "):
        fitted = model.fit(quarters["2021Q3"])
    small = [group for group in fitted.document.peers.groups if not group.hash]
    assert small
    assert all(group.customers < 30 for group in small)
    scores = fitted.score(quarters["2021Q4"])
    named = {tuple(group.of) for group in fitted.document.peers.groups if group.hash}
    used = set(scores["peer_group"][~np.isnan(scores["total"])]) - {""}
    assert used <= {" / ".join(group) for group in named}


def test_last_quarters_line_reads_the_season_as_promotion(quarters):
    """With the first quarter's line a quarter of the stores are core in the second."""
    tiers = {"on": "sales", "levels": {"core": {"top": "20%"}, "general": {}}}
    fitted = sales_model(tiers=tiers).fit(quarters["2022Q1"])
    now = fitted.score(quarters["2022Q2"]).tiers().tier
    assert np.mean(now[now != None] == "core") == pytest.approx(0.2496, abs=5e-4)  # noqa: E711


def farthest_from_a_fifth(quarters, reference, periods):
    tiers = {"on": "sales", "levels": {"core": {"top": "20%"}, "general": {}}}
    fitted = sales_model(tiers=tiers).fit(reference, periods=periods)
    assert fitted.document.reference.periods == list(periods)
    levels = [fitted.score(quarters[name]).tiers().level for name in QUARTERS]
    return max(abs(np.mean(level[level >= 0] == 0) - 0.2) for level in levels)


def test_a_reference_of_four_quarters_calms_the_season(quarters):
    names = season_of("2022Q3", "trailing")
    assert tuple(names) == QUARTERS
    single = farthest_from_a_fifth(quarters, [quarters["2022Q1"]], ["2022Q1"])
    trailing = farthest_from_a_fifth(quarters, [quarters[name] for name in names], names)
    assert (round(single, 3), round(trailing, 3)) == (0.078, 0.044)


def test_the_shift_report_sees_the_season_and_the_empty_column(load, quarters):
    model = load("iowa_outlets")
    active = {n: t[t["status"] == "active"] for n, t in quarters.items()}
    fitted = model.fit(active["2021Q3"])
    found = fitted.shift(active["2022Q1"])
    verdicts = dict(zip(found.indicators, found.verdicts, strict=True))
    psi = dict(zip(found.indicators, found.psi, strict=True))
    assert verdicts["return_rate"] == "never had a value"
    assert verdicts["market_type"] == "steady"
    assert verdicts["sales"] == "steady"
    assert psi["growth_quarter"] > 0.25
    assert psi["growth_quarter"] > psi["growth_year"]
