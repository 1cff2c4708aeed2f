"""Segments: every customer in exactly one, or unassigned and counted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av

MODEL = {
    "hierarchy": {"value": {"now": ["sales"], "later": ["growth"]}},
    "judgments": {"weights": {"value": {"now": 0.8, "later": 0.2}}},
    "indicators": {
        "sales": {"linear": [[0, 0], [100, 100]]},
        "growth": {"linear": [[-1, 0], [1, 100]], "range": [-1, 1], "missing": "renormalise"},
    },
    "active": {
        "when": {"sales": {"above": 0}},
        "new": {"first_seen": True},
        "lapsed": {"sales": 0},
    },
    "tiers": {"levels": {"core": {"score": 70}, "general": {}}},
    "segments": {
        "rules": {
            "lost": {
                "when": {"status": "lapsed", "best_tier": "core"},
                "label": {"zh": "流失客户"},
            },
            "gone": {"when": {"status": "lapsed"}},
            "new": {"when": {"status": "new"}},
            "high_value": {"when": {"tier": "core"}},
            "potential": {"when": {"later": {"at_least": 60}}},
        },
        "grids": {
            "value_potential": {"rows": "now", "columns": "later"},
            "thirds": {
                "rows": "now",
                "columns": "later",
                "row_lines": [30, 60],
                "column_lines": [50],
            },
        },
    },
}
NOW = {
    "customer": ["a", "b", "c", "d", "e", "f"],
    "sales": [90.0, 0.0, 0.0, 40.0, 30.0, 95.0],
    "growth": [0.9, np.nan, np.nan, 0.5, np.nan, 0.1],
    "first_seen": [False, False, False, False, False, True],
}
BEFORE = NOW | {"sales": [80.0, 95.0, 20.0, 40.0, 30.0, 0.0]}


def test_everybody_is_in_exactly_one_segment_or_unassigned():
    model = av.Model(**MODEL)
    before = model.score(BEFORE).tiers(period="2021")
    found = model.score(NOW).segments(history=[before])
    assert found.segment.tolist() == [
        "high_value",
        "lost",
        "gone",
        "potential",
        "unassigned",
        "new",
    ]
    assert found.to_dict()["segment"] == found.segment.tolist()
    table = found.table().columns
    assert sum(table["customers"]) == 6
    assert table["segment"][-1] == "unassigned"
    assert "3 meet several rules; the first counts" in str(found)


def test_a_lost_customer_was_of_high_value_once():
    model = av.Model(**MODEL)
    first = model.score(BEFORE).tiers(period="2020").frame
    second = model.score(BEFORE | {"sales": [9.0, 10.0, 20.0, 40.0, 30.0, 1.0]}).tiers(
        period="2021"
    )
    found = model.score(NOW).segments(history=[first, second])
    assert found.segment[1] == "lost"  # core in 2020, no longer in 2021
    assert model.score(NOW).segments(history=second).segment[1] == "gone"


def test_without_history_nobody_is_lost_and_it_is_said():
    found = av.Model(**MODEL).score(NOW).segments()
    assert "lost" not in found.segment
    assert "no history was given" in str(found)


def test_the_order_of_rules_decides_and_is_part_of_the_hash():
    rules = MODEL["segments"]["rules"]
    turned = dict(reversed(rules.items()))
    other = av.Model(**MODEL | {"segments": {"rules": turned}})
    assert other.hash != av.Model(**MODEL | {"segments": {"rules": rules}}).hash
    assert other.score(NOW).segments().segment[0] == "potential"


def test_a_grid_counts_everybody_with_both_scores():
    found = av.Model(**MODEL).score(pd.DataFrame(NOW)).segments()
    grid = found.grid("value_potential").to_dict()
    assert grid["all"] == [2, 1, 3]
    assert grid["high"] == [2, 1, 3]
    assert "without one of the scores: 3" in str(found.grid("value_potential"))
    assert found.frame["thirds"].iloc[3] == "middle / high"


def test_lines_of_a_grid_may_come_from_the_reference():
    grids = {
        "g": {
            "rows": "now",
            "columns": "later",
            "row_lines": ["median"],
            "column_lines": [10, "p90"],
        }
    }
    model = av.Model(**MODEL | {"segments": {"grids": grids}})
    assert not model.is_fitted
    with pytest.raises(av.ModelError, match="the lines of g wait for a reference"):
        model.score(NOW).segments()
    fitted = model.fit(NOW)
    assert fitted.is_fitted
    grid = fitted.document.segments.grids["g"]
    assert grid.row_lines == [65]
    assert grid.column_lines[0] == 10
    assert av.Model(**{k: v for k, v in MODEL.items() if k != "segments"}).is_fitted


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ({"grids": {"g": {"rows": "nwo", "columns": "later"}}}, "did you mean 'now'?"),
        ({"grids": {"g": {"rows": "now", "columns": "later", "row_lines": [60, 30]}}}, "must rise"),
        ({"rules": {"x": {"when": {"a": {"at_leest": 3}}}}}, "did you mean 'at_least'?"),
        ({"rules": {"x": {}}}, "when is missing"),
    ],
)
def test_segments_that_do_not_hold_together_are_refused(segments, said):
    with pytest.raises(av.ModelError) as refused:
        av.Model(**MODEL | {"segments": segments})
    assert said in str(refused.value)


def test_a_model_without_segments_says_so():
    model = av.Model(**{k: v for k, v in MODEL.items() if k != "segments"})
    with pytest.raises(av.ModelError, match="has no section segments"):
        model.score(NOW).segments()


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.randoms())
def test_segments_partition_whatever_the_customers(sales, random):
    table = {
        "customer": np.arange(len(sales)),
        "sales": np.array(sales),
        "growth": np.array([random.choice([np.nan, -1, 0.3, 1]) for _ in sales]),
        "first_seen": np.array([random.random() < 0.3 for _ in sales]),
    }
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", av.CustomerDataWarning)
        found = av.Model(**MODEL).score(table).segments()
    assert sum(found.table().columns["customers"]) == len(sales)
    assert ((found.met == 0) == (found.segment == "unassigned")).all()


@pytest.mark.parametrize(
    ("name", "when", "said"),
    [
        ("lost", {"tier": "gold"}, "tier: gold is not a tier; known here: core, general"),
        ("lost", {"best_tier": ["core", "gold"]}, "best_tier: gold is not a tier"),
        ("lost", {"status": "laped"}, "status: laped is not a status; did you mean 'lapsed'?"),
        ("unassigned", {"status": "lapsed"}, "call the segment otherwise"),
    ],
)
def test_a_rule_that_can_never_hold_is_a_problem_of_the_document(name, when, said):
    with pytest.raises(av.ModelError) as refused:
        av.Model(**MODEL | {"segments": {"rules": {name: {"when": when}}}})
    assert said in str(refused.value)
