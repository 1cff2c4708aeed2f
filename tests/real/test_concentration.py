"""How concentrated real customers are, and the largest that is worth least."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av
from ahpvalue.evaluation.concentration import concentration


def per_customer(table, customer, column):
    return table.groupby(customer)[column].sum().to_numpy()


@pytest.fixture(scope="module")
def superstore(read):
    orders = read("superstore_orders", "Customer ID")
    return orders.groupby("Customer ID", as_index=False)[["Sales", "Profit"]].sum()


@pytest.mark.parametrize(
    ("name", "top", "gini"),
    [
        ("online_retail", 0.708, 0.676),
        ("iowa", 0.717, 0.676),
        ("cdnow", 0.678, 0.635),
        ("superstore", 0.481, 0.441),
        ("wholesale", 0.429, 0.364),
    ],
)
def test_eighty_twenty_is_measured_and_never_assumed(name, top, gini, read, data, superstore):
    tables = {
        "online_retail": lambda: read("online_retail_indicators_2011-06_2011-11", "customer_id"),
        "iowa": lambda: read("iowa_indicators_2022Q2", "store_number"),
    }
    if name in tables:
        table = tables[name]()
        values = table["sales"][table["status"] == "active"].to_numpy()
    elif name == "cdnow":
        values = per_customer(read("cdnow_master", "customer_id"), "customer_id", "dollar_value")
    elif name == "superstore":
        values = superstore["Sales"].to_numpy()
    else:
        values = pd.read_csv(data / "wholesale_customers.csv").iloc[:, 2:].sum(axis=1).to_numpy()
    found = concentration(values)
    assert found.share_of_top(0.2) == pytest.approx(top, abs=5e-4)
    assert found.gini == pytest.approx(gini, abs=5e-4)


# -- Superstore: the largest by sales loses money --------------------------------------------


@pytest.fixture(scope="module")
def scores(superstore):
    model = av.Model(
        customer="Customer ID",
        hierarchy={"value": ["profit", "margin"]},
        judgments={"weights": {"value": {"profit": 0.6, "margin": 0.4}}},
        indicators={
            "profit": {"column": "Profit", "percentile": {}, "range": [None, None]},
            "margin": {"linear": [[-0.3, 0], [0.3, 100]], "range": [None, None]},
        },
    )
    table = superstore.assign(margin=superstore["Profit"] / superstore["Sales"])
    return model.fit(table).score(table)


def test_the_largest_by_sales_is_named_and_loses_money(scores, superstore):
    core = scores.core("Profit")
    assert core.largest_outside(superstore["Sales"]) == "SM-20320"
    worst = superstore.set_index("Customer ID").loc["SM-20320"]
    assert (round(worst["Sales"]), round(worst["Profit"])) == (25043, -1981)
    assert "SM-20320" in core.unprofitable.to_dict()["customer"]


def test_of_the_159_largest_105_are_most_profitable_and_20_lose_money(superstore):
    by_sales = set(superstore.nlargest(159, "Sales")["Customer ID"])
    by_profit = set(superstore.nlargest(159, "Profit")["Customer ID"])
    losing = set(superstore[superstore["Profit"] < 0]["Customer ID"])
    assert (len(by_sales & by_profit), len(by_sales & losing)) == (105, 20)


def test_losses_survive_into_the_curve_and_the_list(scores):
    core = scores.core("Profit")
    assert core.concentration.losses[0] == 155
    assert core.concentration.peak[1] == pytest.approx(1.249, abs=1e-3)
    listed = core.unprofitable.to_dict()
    assert len(listed["customer"]) == 155
    assert listed["Profit"] == sorted(listed["Profit"])
    assert all(listed["pulled down by"])


def test_a_core_by_sales_and_one_by_score_disagree_on_the_largest(scores):
    core = scores.core("Sales")
    listed = core.disagreements.to_dict()
    assert listed["customer"][0] == "SM-20320"
    assert listed["core by"][0] == "contribution only"
    assert (core.by_score ^ core.by_contribution).sum() == len(listed["customer"])


@pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")
def test_who_sent_everything_back_is_big_by_sales_and_last_by_score(read, load):
    """Online Retail, first half year: customer 12346 bought for 77,184 and returned it all."""
    halves = {
        name: read(f"online_retail_indicators_{name}", "customer_id")
        for name in ("2010-12_2011-05", "2011-06_2011-11")
    }
    second = halves["2011-06_2011-11"]
    fitted = load("online_retail").fit(second[second["status"] == "active"])
    scores = fitted.score(halves["2010-12_2011-05"])
    core = scores.core("sales")
    row = [str(one) for one in scores.ids].index("12346")
    assert round(core.contribution[row]) == 77184
    assert core.by_contribution[row]
    assert not core.by_score[row]
    assert "12346" in core.disagreements.to_dict()["customer"][:2]
    assert scores.values("net_sales")[row] == 0
    assert np.isfinite(core.total[row])
