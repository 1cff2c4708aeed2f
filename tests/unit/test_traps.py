"""Traps that scoring in practice falls into, one by one."""

import numpy as np
import pytest

import ahpvalue as av

SALES = {"sales": {"linear": [[0, 0], [100, 100]], "range": [None, None]}}
TOP = {"levels": {"core": {"top": "20%"}, "general": {}}}


def model_of(**sections):
    return av.Model(**{"hierarchy": {"value": ["sales"]}, "indicators": SALES} | sections)


def table(sales, ids=None, **columns):
    names = [f"C{k}" for k in range(len(sales))] if ids is None else ids
    return {"customer": names, "sales": np.array(sales, dtype=float)} | columns


def test_a_figure_exactly_on_a_line_is_core():
    fitted = model_of(tiers={"levels": {"core": {"score": 50}, "general": {}}})
    tiers = fitted.score(table([50, np.nextafter(50, 0), np.nextafter(50, 99)])).tiers()
    assert tiers.tier.tolist() == ["core", "general", "core"]


@pytest.mark.parametrize(("customers", "core"), [(5, 1), (7, 2), (11, 3), (1907, 382)])
def test_a_fifth_that_is_no_whole_number_is_the_stated_percentile(customers, core):
    values = np.arange(1, customers + 1) / 20
    fitted = model_of(tiers=TOP).fit(table(values))
    assert (fitted.score(table(values)).tiers().level == 0).sum() == core


def test_a_peer_group_of_one_is_scored_with_everybody():
    customers = table([10, 20, 30, 90], kind=np.array(["a", "a", "a", "z"], dtype=object))
    model = model_of(indicators={"sales": {"minmax": {}}}, peers={"by": ["kind"], "minimum": 2})
    with pytest.warns(av.CustomerDataWarning, match=r"fewer than 2 customers in z \(1\)"):
        fitted = model.fit(customers)
    scores = fitted.score(customers)
    assert scores["peer_group"].tolist() == ["a", "a", "a", ""]
    assert scores["peer_total"].tolist() == [0, 50, 100, 100]


def test_a_group_in_which_all_are_alike_gets_50_and_no_division_by_zero():
    customers = table([7, 7, 30, 90], kind=np.array(["a", "a", "z", "z"], dtype=object))
    model = model_of(indicators={"sales": {"minmax": {}}}, peers={"by": ["kind"], "minimum": 2})
    with pytest.warns(av.CustomerDataWarning, match="peers: sales tells nobody apart in a"):
        fitted = model.fit(customers)
    assert fitted.score(customers)["peer_total"].tolist() == [50, 50, 0, 100]


def test_experts_who_all_say_the_same_leave_only_the_scale_uncertain():
    answers = {name: [[3]] for name in ("ann", "bo", "cy")}
    model = av.Model(
        hierarchy={"value": ["sales", "trust"]},
        judgments={
            "experts": {name: {} for name in answers},
            "comparisons": {"value": answers},
        },
        indicators=SALES | {"trust": {"linear": [[0, 0], [100, 100]]}},
    )
    found = model.score(table([80.0], trust=[20.0])).robustness(400)
    assert found.low[0] < 65 < found.high[0]
    assert found.mean[0] == pytest.approx(65, abs=0.5)
    same = model.score(table([40.0], trust=[40.0])).robustness(50)
    assert (same.low[0], same.high[0]) == (pytest.approx(40), pytest.approx(40))


def test_a_customer_in_two_rows_is_named_and_refused():
    with pytest.raises(av.CustomerDataError, match="C1 in more than one row"):
        model_of().score(table([1, 2], ids=["C1", "C1"]))


def test_ids_keep_their_leading_zeros_through_every_step(tmp_path):
    fitted = model_of(tiers=TOP).fit(table([1, 2, 3, 4, 5], ids=[f"0000{k}" for k in range(5)]))
    scores = fitted.score(table([1, 5], ids=["00001", "00002"]))
    history = av.History(tmp_path / "h.sqlite")
    history.write(scores.record("a", "2022Q1", tiers=scores.tiers()))
    assert history.customers("2022Q1", fitted)["customer"].tolist() == ["00001", "00002"]
    assert scores.explain("00001").customer == "00001"
    with pytest.raises(av.CustomerDataError, match="no customer 1 in this table"):
        scores.explain(1)


def test_a_factor_that_comes_alive_later_is_split_off_as_reference_and_data():
    model = av.Model(
        hierarchy={"value": ["sales", "returns"]},
        judgments={"weights": {"value": {"sales": 0.5, "returns": 0.5}}},
        indicators=SALES | {"returns": {"percentile": {"better": "low"}, "missing": "renormalise"}},
    )
    first = table([50, 60, 70], returns=[np.nan] * 3)
    second = table([50, 60, 70], returns=[0.0, 1.0, 2.0])
    with pytest.warns(av.CustomerDataWarning, match="lack it, so that it scores nobody"):
        old = model.fit(first)
    with pytest.warns(av.CustomerDataWarning, match="holds values, but the reference had none"):
        unmoved = old.score(second)
    before = old.score(first)
    assert unmoved["total"].tolist() == before["total"].tolist()
    now = model.fit(second).score(second)
    found = now.compare(before)
    change = found.total_now - found.total_before
    np.testing.assert_allclose(np.sum(list(found.score_parts.values()), axis=0), change, atol=1e-9)
    assert not np.any(found.score_parts["own values"])
    assert np.any(found.score_parts["reference"])


def test_a_customer_with_nothing_but_master_data_has_a_status_and_no_tier():
    model = model_of(
        active={"when": {"sales": {"above": 0}}, "never_bought": {"sales": {"missing": True}}},
        tiers={"levels": {"core": {"score": 50}, "general": {}}},
    )
    scores = model.score(table([80, np.nan]))
    assert scores["status"].tolist() == ["active", "never bought"]
    assert scores.tiers().tier.tolist() == ["core", None]


def test_a_negative_balance_keeps_its_sign_in_tiers_and_concentration():
    model = model_of(
        tiers={"on": "sales", "levels": {"core": {"score": -10}, "general": {}}, "band": 0.1}
    )
    scores = model.score(table([-5, -20, 300]))
    assert scores.tiers().tier.tolist() == ["core", "general", "core"]
    assert scores.concentration("sales").losses == (2, -25)


def test_an_infinite_ratio_is_refused_by_name():
    with pytest.raises(av.CustomerDataError, match="infinite for C1; give a finite value"):
        model_of().score(table([1, np.inf]))


def test_a_lapsed_customer_never_ranks_above_an_active_one():
    """By recency alone the lapsed one is only bad in one value out of two."""
    model = av.Model(
        hierarchy={"value": ["sales", "recency"]},
        judgments={"weights": {"value": {"sales": 0.9, "recency": 0.1}}},
        indicators=SALES | {"recency": {"linear": [[0, 100], [365, 0]]}},
        active={"when": {"recency": {"below": 180}}, "lapsed": {"recency": {"at_least": 180}}},
    )
    scores = model.score(table([90, 10], recency=[300, 3]))
    assert scores["status"].tolist() == ["lapsed", "active"]
    assert np.isnan(scores["rank"][0])
    assert scores["rank"][1] == 1


def test_a_skewed_cost_scored_by_percentile_tells_the_many_apart_not_the_few():
    """Low is better: the dearest by far scores as the last, not the others as nearly free."""
    cost = np.array([1, 2, 3, 4, 1000], dtype=float)
    model = av.Model(
        hierarchy={"v": ["cost"]}, indicators={"cost": {"percentile": {"better": "low"}}}
    )
    customers = {"customer": range(5), "cost": cost}
    assert model.fit(customers).score(customers)["total"].tolist() == [100, 75, 50, 25, 0]


def test_stores_of_one_chain_that_differ_by_their_city_only_are_two_customers():
    names = ["HY-VEE #3 / AMES", "HY-VEE #3 / BOONE"]
    tiers = (
        model_of(tiers={"levels": {"core": {"score": 50}, "general": {}}})
        .score(table([80, 10], ids=names))
        .tiers()
    )
    assert dict(zip(names, tiers.tier, strict=True)) == dict(
        zip(names, ["core", "general"], strict=True)
    )
    again = model_of(tiers={"levels": {"core": {"score": 50}, "general": {}}, "confirmation": 2})
    swapped = again.score(table([10, 80], ids=names[::-1])).tiers(tiers.frame)
    assert swapped.tier.tolist() == ["general", "core"]


@pytest.mark.parametrize("top", range(5, 100, 5))
def test_the_customer_on_the_line_of_a_share_is_in(top):
    """Of 21 different scores every 5 per cent end on a customer, who is in with those above."""
    scores = np.round(np.random.default_rng(top).permutation(21) * 4.7 + 0.1 * 3, 3)
    model = model_of(tiers={"levels": {"core": {"top": f"{top}%"}, "rest": {}}})
    scored = model.fit(table(scores)).score(table(scores))
    inside = top * 20 // 100 + 1
    assert (scored.tiers().tier == "core").sum() == inside
    assert scored.core("sales", share=top / 100).by_score.sum() == inside
