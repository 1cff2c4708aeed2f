"""Tiers, segments and vetoes on other real customers: half years, and who pays late."""

from __future__ import annotations

import numpy as np
import pytest

import ahpvalue as av

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")

FIRST, SECOND = "2010-12_2011-05", "2011-06_2011-11"


@pytest.fixture(scope="module")
def halves(read):
    return {n: read(f"online_retail_indicators_{n}", "customer_id") for n in (FIRST, SECOND)}


@pytest.fixture(scope="module")
def by_sales(halves):
    model = av.Model(
        customer="customer_id",
        hierarchy={"value": ["sales"]},
        indicators={"sales": {"log": {"lower": 1, "upper": "max"}}},
        active={
            "when": {"status": "active"},
            "lapsed": {"status": "lapsed"},
            "returns_only": {"status": "returns_only"},
        },
        tiers={
            "on": "sales",
            "levels": {"core": {"top": "20%"}, "key": {"top": "50%"}, "general": {}},
        },
        segments={
            "rules": {
                "lost": {"when": {"status": "lapsed", "best_tier": "core"}},
                "gone": {"when": {"status": "lapsed"}},
                "high_value": {"when": {"tier": "core"}},
                "new": {"when": {"periods": 0, "tier": ["key", "general"]}},
            }
        },
    ).fit(halves[FIRST])
    return {
        name: by.tiers(period=name)
        for name, by in ((n, by_sales_of(model, t)) for n, t in halves.items())
    }


def by_sales_of(model, table):
    return model.score(table)


@pytest.fixture(scope="module")
def moved(by_sales):
    now, before = by_sales[SECOND], by_sales[FIRST]
    return av.Scores(now.scored).compare(av.Scores(before.scored), now, before, value="sales")


def cells(moved):
    matrix = moved.matrix.to_dict()
    rows = matrix.pop("from \\ to")
    return {
        (row, to): v for to, values in matrix.items() for row, v in zip(rows, values, strict=True)
    }


def test_most_of_the_movement_is_coming_and_going(moved):
    found = cells(moved)
    assert found["general", "all"] == 1358
    assert found["general", "lapsed"] == 611
    came = sum(
        v
        for (row, to), v in found.items()
        if row in ("(entered)", "returns only") and to in ("core", "key", "general")
    )
    assert came == 1577
    assert found["all", "all"] == len(moved)


def test_everybody_is_in_one_segment_and_lost_ones_were_core(by_sales, halves):
    found = av.Scores(by_sales[SECOND].scored).segments(by_sales[SECOND], by_sales[FIRST])
    table = found.table().columns
    assert sum(table["customers"]) == len(halves[SECOND]) == 4297
    counts = dict(zip(table["segment"], table["customers"], strict=True))
    assert counts["lost"] + counts["gone"] == 828
    assert counts["lost"] == cells_lost(by_sales)
    ids = np.array([str(one) for one in av.Scores(found.scored).ids])
    # Who bought for 77,184 and returned everything was core by sales, and is lost.
    assert found.segment[ids == "12346"].tolist() == ["lost"]


def cells_lost(by_sales):
    now, before = by_sales[SECOND], by_sales[FIRST]
    return cells(av.Scores(now.scored).compare(av.Scores(before.scored), now, before))[
        "core", "lapsed"
    ]


def test_returns_only_customers_have_a_status_of_their_own(by_sales):
    statuses, counts = np.unique(by_sales[SECOND].scored.status, return_counts=True)
    assert dict(zip(statuses.tolist(), counts.tolist(), strict=True)) == {
        "active": 3465,
        "lapsed": 828,
        "returns only": 4,
    }


def test_missing_growth_has_its_own_part_in_a_change(load, halves):
    """1,557 customers have no growth value; for who was there before, it came or went."""
    second = halves[SECOND]
    fitted = load("online_retail").fit(second[second["status"] == "active"])
    scores = {name: fitted.score(table) for name, table in halves.items()}
    assert int(second["growth_prev"][second["status"] == "active"].isna().sum()) == 1557
    found = scores[SECOND].compare(scores[FIRST])
    change = found.total_now - found.total_before
    whole = np.sum(list(found.score_parts.values()), axis=0)
    assert np.nanmax(np.abs(whole - change)) < 1e-9
    assert np.nanmean(np.abs(found.score_parts["missing data"])) > 0.5


# -- receivables: a true credit criterion ----------------------------------------------------


@pytest.fixture(scope="module")
def accounts(read):
    invoices = read("ibm_accounts_receivable", "customerID")
    invoices["disputed"] = invoices["Disputed"].eq("Yes")
    invoices["late"] = invoices["DaysLate"].gt(0)
    grouped = invoices.groupby("customerID")
    return grouped.agg(
        billed=("InvoiceAmount", "sum"),
        days_late=("DaysLate", "mean"),
        late_share=("late", "mean"),
        disputed_share=("disputed", "mean"),
    ).reset_index()


@pytest.fixture(scope="module")
def credit_model(accounts):
    model = av.Model(
        customer="customerID",
        hierarchy={
            "value": {"contribution": ["billed"], "credit": ["days_late", "disputed_share"]}
        },
        judgments={
            "weights": {
                "value": {"contribution": 0.7, "credit": 0.3},
                "credit": {"days_late": 0.6, "disputed_share": 0.4},
            }
        },
        indicators={
            "billed": {"percentile": {}},
            "days_late": {
                "unit": "days",
                "linear": [[0, 100], [15, 0]],
                "changeable": {"lowest": 0, "highest": 60},
            },
            "disputed_share": {"unit": "share", "linear": [[0, 100], [0.5, 0]]},
        },
        tiers={
            "levels": {"core": {"top": "20%"}, "key": {"top": "50%"}, "general": {}},
            "vetoes": {
                "disputes": {
                    "when": {"disputed_share": {"above": 0.4}},
                    "at_most": "general",
                    "reason": {
                        "en": "more than 40 % of the invoices are disputed",
                        "zh": "争议发票超过四成",
                    },
                },
            },
        },
    )
    return model.fit(accounts)


@pytest.fixture(scope="module")
def credit(credit_model, accounts):
    return credit_model.score(accounts)


def test_one_hundred_accounts_pay_from_punctual_to_late(credit, accounts):
    assert len(accounts) == 100
    scored = credit["credit"]
    assert scored.min() < 25
    assert scored.max() > 95
    assert np.corrcoef(scored, accounts["days_late"])[0, 1] < -0.8


def test_a_credit_failure_caps_the_tier_and_both_tiers_are_kept(credit, accounts):
    tiers = credit.tiers(period="2013")
    capped = tiers.after_vetoes != tiers.standing.level
    assert capped.sum() > 0
    assert (accounts["disputed_share"].to_numpy()[capped] > 0.4).all()
    assert (tiers.tier[capped] == "general").all()
    assert set(tiers.named(tiers.standing.level)[capped]) <= {"core", "key"}
    who = accounts["customerID"][capped].iloc[0]
    told = str(credit.explain(who, tiers=tiers))
    assert "It is limited to general: more than 40 % of the invoices are disputed." in told
    assert "争议发票超过四成" in str(credit.path_up(who, language="zh", tiers=tiers))


def test_paying_earlier_takes_an_account_up_and_doing_so_does_reach_the_tier(
    credit_model, credit, accounts
):
    paths = credit.paths_up(credit.tiers())
    rows = np.flatnonzero(paths.status == "reachable")
    assert len(rows) > 5
    for row in rows:
        (to,) = paths.changes(row).values()
        assert to < accounts["days_late"][row]
        after = accounts.copy()
        after.loc[row, "days_late"] = to
        level = credit_model.score(after).tiers().level[row]
        assert level <= paths.target[row]
