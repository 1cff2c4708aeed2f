"""On real customers the value function decides more of the core than the weights do."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")


def test_the_value_function_decides_more_than_the_weights(read, load):
    table = read("online_retail_indicators_2011-06_2011-11", "customer_id")
    active = table[table["status"] == "active"]
    kept = load("online_retail").fit(active).sensitivity(active).kept
    functions = [share for name, share in kept.items() if name.startswith("value functions")]
    assert len(functions) == 5
    assert kept["weights: at random by up to 25%"] > max(functions)
    assert 0.67 < min(functions) < kept["weights: all equal"]


def test_most_stores_keep_their_tier_under_the_experts_uncertainty(read, load):
    from ahpvalue import Model
    from ahpvalue.document import plain

    tiers = {"levels": {"core": {"top": "20%"}, "key": {"top": "50%"}, "general": {}}}
    table = read("iowa_indicators_2021Q3", "store_number")
    active = {"when": {"status": "active"}}
    document = plain(load("iowa_outlets").document) | {"tiers": tiers, "active": active}
    found = Model(**document).fit(table).score(table).robustness(500)
    assert 0.8 < found.robust < 1
    shown = found.to_dict()
    assert len(shown["customer"]) == 1957
    assert sum(one is not None for one in shown["low"]) == 1852
