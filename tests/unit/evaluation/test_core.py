"""Core customers: by contribution, by score, and those on whom the two ways disagree."""

import numpy as np
import pytest

import ahpvalue as av

MODEL = av.Model(
    hierarchy={"value": ["profit", "trust"]},
    judgments={"weights": {"value": {"profit": 0.3, "trust": 0.7}}},
    indicators={
        "profit": {"linear": [[-100, 0], [100, 100]], "range": [None, None]},
        "trust": {"linear": [[0, 0], [10, 100]]},
    },
    active={"when": {"sales": {"above": 0}}},
)
TABLE = {
    "customer": ["big", "good", "rich", "poor", "gone"],
    "sales": [900.0, 300.0, 200.0, 100.0, 0.0],
    "profit": [-50.0, 20.0, 90.0, 5.0, 99.0],
    "trust": [2.0, 10.0, 3.0, 5.0, 10.0],
}


@pytest.fixture(scope="module")
def scores():
    return MODEL.fit(TABLE).score(TABLE)


def test_only_active_customers_can_be_core(scores):
    core = scores.core("profit", share=0.25)
    assert core.by_contribution.tolist() == [False, False, True, False, False]
    assert core.by_score.tolist() == [False, True, False, False, False]


def test_those_on_whom_the_two_ways_disagree_are_listed(scores):
    listed = scores.core("profit", share=0.25).disagreements.to_dict()
    assert listed["customer"] == ["rich", "good"]
    assert listed["core by"] == ["contribution only", "score only"]


def test_who_loses_money_is_listed_with_what_makes_it_so(scores):
    listed = scores.core("profit").unprofitable.to_dict()
    assert listed["customer"] == ["big"]
    assert listed["pulled down by"] == ["trust, profit"]  # what costs most comes first


def test_the_biggest_that_is_not_among_the_most_valuable_is_named(scores):
    assert scores.core("profit", share=0.25).largest_outside(TABLE["sales"]) == "big"
    assert scores.core("sales", share=0.25).largest_outside(TABLE["sales"]) is None


@pytest.mark.parametrize("values", ["sales", [1.0], [np.nan] * len(TABLE["sales"])])
def test_the_biggest_needs_a_figure_for_every_customer(scores, values):
    with pytest.raises(av.CustomerDataError, match=r"give scores\.values\('sales'\)"):
        scores.core("profit").largest_outside(values)


def test_the_three_groups_partition_the_union(scores):
    core = scores.core("profit", share=0.5)
    counts = dict(
        zip(core.table().columns["core by"], core.table().columns["customers"], strict=True)
    )
    assert sum(counts.values()) == (core.by_score | core.by_contribution).sum()


@pytest.mark.parametrize(
    ("by", "share", "said"),
    [("profits", 0.2, "did you mean 'profit'"), ("profit", 20, "between 0 and 1, not 20")],
)
def test_a_core_needs_a_figure_and_a_share(scores, by, share, said):
    with pytest.raises(av.CustomerDataError, match=said):
        scores.core(by, share)


def test_one_customer_is_not_one_customers():
    model = av.Model(hierarchy={"v": ["x"]}, indicators={"x": {"linear": [[0, 0], [9, 99]]}})
    table = {"customer": ["a", "b", "c"], "x": [1.0, 2, 3], "profit": [-5.0, 9, 2]}
    core = model.score(table).core("profit")
    assert core.unprofitable.title == "Below 0 in profit: 1 customer"
    assert "1 customer brings -5" in str(core)
