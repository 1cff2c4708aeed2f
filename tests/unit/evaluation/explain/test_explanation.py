"""Reasons: they add up, are told in the customer's own values, and name nobody else."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.evaluation.explain.reasons import measure_effects
from ahpvalue.evaluation.explain.words import rounded_outwards, value_text


@pytest.fixture(scope="module")
def fitted():
    return av.template("retail-terminal").fit(synthetic_customers(300))


@pytest.fixture(scope="module")
def scores(fitted):
    return fitted.score(synthetic_customers(300))


def test_the_effects_add_up_to_the_total(scores):
    effects = measure_effects(scores.scored)
    whole = effects.baseline + np.sum(list(effects.points.values()), axis=0)
    np.testing.assert_allclose(whole, scores["total"], atol=1e-9)


def test_an_explanations_points_add_up_to_the_distance_from_the_middle(scores):
    found = scores.explain("00017")
    points = sum(reason["points"] for reason in found.reasons)
    assert points == pytest.approx(found.total - found.baseline, abs=1e-9)
    assert [abs(r["points"]) for r in found.reasons] == sorted(
        (abs(r["points"]) for r in found.reasons), reverse=True
    )
    assert all(r["points"] > 0 for r in found.up)
    assert all(r["points"] < 0 for r in found.down)


def test_the_median_score_is_that_of_the_reference_and_half_reach_it(fitted, scores):
    reference = fitted.document.reference
    totals = scores["total"][~np.isnan(scores["total"])]
    assert reference.median_score == pytest.approx(np.median(totals), abs=1e-9)
    assert (totals >= reference.median_score).mean() >= 0.5
    assert (totals > reference.median_score).mean() <= 0.5
    found = scores.explain("00017")
    assert found.median_score == reference.median_score != pytest.approx(found.baseline)
    assert f"The median score is {reference.median_score:.1f}: half of the reference" in str(found)


def test_tomorrow_with_one_customer_the_same_is_said(fitted, scores):
    row = {name: values[16:17] for name, values in synthetic_customers(300).items()}
    alone = fitted.score(row).explain("00017")
    assert alone.median_score == scores.explain("00017").median_score
    for language, said in (("en", "median score is"), ("zh", "得分的中位数为")):
        assert said in str(fitted.score(row).explain("00017", language=language))


def test_a_model_fitted_before_the_median_was_kept_says_nothing_of_it(fitted):
    data = fitted.to_dict()
    data["reference"] = {k: v for k, v in data["reference"].items() if k != "median_score"}
    told = str(av.Model(**data).score(synthetic_customers(300)).explain("00017"))
    assert told.startswith("Your score is ")
    assert "median score" not in told


def test_of_categories_the_most_frequent_is_told(scores):
    told = [str(scores.explain(who, most=12)) for who in ("00017", "00018", "00019")]
    assert any("Standard of management: " in one for one in told)
    for line in "\n".join(told).splitlines():
        assert ("(most frequent: " in line) == ("Standard of management: " in line)


def test_a_reference_in_an_engine_has_the_same_median_score():
    pl = pytest.importorskip("polars")
    customers = synthetic_customers(301)
    fitted = av.template("retail-terminal").fit(pl.DataFrame(customers).lazy())
    here = av.template("retail-terminal").fit(customers)
    found = fitted.document.reference.median_score
    assert found == pytest.approx(here.document.reference.median_score, abs=1e-9)


def test_at_most_four_reasons_each_way_are_told(scores):
    told = str(scores.explain("00017")).splitlines()
    up, down = told.index("What raises it:"), told.index("What lowers it:")
    assert 1 <= down - up - 1 <= 4


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_customer_reads_its_own_figures_and_units(scores, language):
    told = str(scores.explain("00017", language=language))
    row = 16
    order = scores.values("monthly_order")[row]
    assert f"{order:,.0f} cartons" in told
    for other in scores.ids:
        assert str(other) not in told


def test_what_is_not_known_is_said_and_not_held_against_the_customer(scores):
    row = int(np.flatnonzero(np.isnan(scores.values("sales_growth")))[0])
    found = scores.explain(scores.ids[row])
    assert "Not known to us, so not counted: Sales growth" in str(found)
    assert "sales_growth" not in {reason["indicator"] for reason in found.reasons}


def test_the_table_of_reasons_agrees_with_the_explanations(scores):
    table = scores.reasons(most=2).to_dict()
    rows = [k for k, one in enumerate(table["customer"]) if one == "00017"]
    found = scores.explain("00017")
    told = [(r["indicator"], r["points"]) for r in [*found.up[:2], *found.down[:2]]]
    assert [(table["indicator"][k], table["points"][k]) for k in rows] == told


def test_without_a_reference_there_is_no_middle():
    model = av.Model(hierarchy={"v": ["x"]}, indicators={"x": {"linear": [[0, 0], [9, 99]]}})
    scores = model.score({"customer": [1], "x": [3]})
    with pytest.raises(av.ModelError, match="reasons are given against a reference population"):
        scores.explain(1)


@pytest.mark.parametrize(
    ("who", "language", "said"),
    [
        ("00o17", "en", "no customer 00o17 in this table; did you mean"),
        ("00017", "de", "the languages are en and zh"),
    ],
)
def test_an_unknown_customer_or_language_is_refused(scores, who, language, said):
    with pytest.raises(av.AhpValueError, match=said):
        scores.explain(who, language=language)


@pytest.mark.parametrize("value", [142.3871, 0.07, 0.1235, 1_234_567.25, 9.0, 1e-7, -12.5, 8e15])
def test_an_exact_text_read_back_is_the_value(value):
    assert float(value_text(value, exact=True).replace(",", "")) == value
    per_cent = float(value_text(value, "share", exact=True).removesuffix(" %").replace(",", ""))
    assert per_cent / 100 == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "needed", "held"),
    [(75.0, 75.0, 75.0), (74.998, 75.0, 74.99), (75.000_01, 75.01, 75.0), (1.1, 1.1, 1.1)],
)
def test_what_is_needed_is_never_told_too_low_nor_what_there_is_too_high(value, needed, held):
    assert (rounded_outwards(value, 1), rounded_outwards(value, -1)) == (needed, held)


# -- the tier, as told -----------------------------------------------------------------------

TOLD = {
    "hierarchy": {"value": ["sales"]},
    "indicators": {
        "sales": {"linear": [[0, 0], [100, 100]], "changeable": {"lowest": 0, "highest": 100}}
    },
}
THREE = {"customer": ["a", "b", "c"], "sales": [90.0, 53.0, 10.0]}
LEVELS = {"core": {"score": 70}, "key": {"score": 50}, "general": {}}


def fitted_with(**tiers):
    return av.Model(**TOLD, tiers={"levels": LEVELS} | tiers).fit(THREE)


def by_hand(tier):
    return {"customer": ["b"], "tier": [tier], "reason": ["owes us a lot"], "author": ["me"],
            "expires": ["2022Q4"]}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_why_people_decided_is_not_told_to_the_customer(language):
    scores = fitted_with().score(THREE)
    tiers = scores.tiers(period="2022Q1", overrides=by_hand("general"))
    assert tiers.frame["override"][1] == "owes us a lot"
    told = str(scores.explain("b", language=language, tiers=tiers))
    told += str(scores.path_up("b", language=language, tiers=tiers))
    assert "owes" not in told
    assert told.count("2022Q4") == 2


def test_whoever_is_held_down_by_decision_is_told_so_and_not_to_earn_more():
    scores = fitted_with().score(THREE)
    tiers = scores.tiers(period="2022Q1", overrides=by_hand("general"))
    assert str(scores.path_up("b", tiers=tiers)) == (
        "key cannot be reached for now: your tier is set by decision, until 2022Q4."
    )


def test_who_has_a_score_and_no_tier_is_told_that():
    customers = THREE | {"visits": [5.0, np.nan, 1.0]}
    model = av.Model(
        **TOLD | {"indicators": TOLD["indicators"] | {
            "visits": {"linear": [[0, 0], [9, 100]], "missing": "renormalise"}},
            "hierarchy": {"value": ["sales", "visits"]}},
        judgments={"weights": {"value": {"sales": 0.5, "visits": 0.5}}},
        tiers={"on": "visits", "levels": {"core": {"score": 4}, "general": {}}},
    )  # fmt: skip
    scores = model.fit(customers).score(customers)
    said = "There is no tier for this period: the value that decides it is missing."
    assert str(scores.path_up("b")) == said
    assert said in str(scores.explain("b"))


@pytest.mark.parametrize("rule", [{"band": "10%"}, {"confirmation": 2}, {"grace": 1}])
def test_without_the_tiers_that_count_the_lines_tier_is_not_called_the_customers(rule):
    scores = fitted_with(**rule).score(THREE)
    alone = "By this period's values alone your tier is key."
    assert alone in str(scores.explain("b"))
    assert "Your tier is key." in str(scores.explain("b", tiers=scores.tiers()))
    assert "Your tier is key." in str(fitted_with().score(THREE).explain("b"))
