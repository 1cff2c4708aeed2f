"""Movements between two periods: margins, and changes that add up to their causes."""

from types import SimpleNamespace

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.evaluation.change.causes import (
    CAUSES,
    METHOD,
    MISSING,
    OWN,
    REFERENCE,
    WEIGHTS,
    name_causes,
)

BASE = {
    "hierarchy": {"value": ["sales", "trust", "growth"]},
    "judgments": {"weights": {"value": {"sales": 0.5, "trust": 0.3, "growth": 0.2}}},
    "indicators": {
        "sales": {"linear": [[0, 0], [100, 100]]},
        "trust": {"categories": {"A": 100, "B": 50, "C": 0}},
        "growth": {"linear": [[-1, 0], [1, 100]], "range": [-1, 1], "missing": "renormalise"},
    },
    "active": {"when": {"sales": {"above": 0}}, "lapsed": {"trust": ["A", "B", "C"]}},
    "tiers": {"levels": {"core": {"score": 70}, "key": {"score": 40}, "general": {}}},
}
FIRST = {
    "customer": ["a", "b", "c", "d", "e"],
    "sales": [90.0, 50.0, 10.0, 80.0, 30.0],
    "trust": ["A", "B", "C", "A", "B"],
    "growth": [0.5, np.nan, -0.5, 0.0, 0.2],
}
SECOND = {
    "customer": ["e", "a", "b", "d", "f"],
    "sales": [95.0, 20.0, 55.0, 0.0, 70.0],
    "trust": ["A", "A", "B", "A", "B"],
    "growth": [0.9, 0.5, 0.1, np.nan, np.nan],
}


def compared(first=FIRST, second=SECOND, model=BASE, later=None, **options):
    before = av.Model(**model).score(first)
    now = av.Model(**(later or model)).score(second)
    return now.compare(before, **options)


def parts(found, customer):
    row = found.ids.index(customer)
    return {cause: float(part[row]) for cause, part in found.score_parts.items()}


def test_everybody_of_both_periods_is_in_the_matrix_once():
    found = compared(value="sales")
    matrix = found.matrix.to_dict()
    assert matrix["all"][-1] == 6
    rows = dict(zip(matrix["from \\ to"], matrix["all"], strict=True))
    assert rows["(entered)"] == 1
    assert sum(v for name, v in rows.items() if name not in ("all", "(entered)")) == 5
    columns = {name: values[-1] for name, values in matrix.items() if name != "from \\ to"}
    assert columns["(left)"] == 1
    assert columns["lapsed"] == 1
    assert sum(v for name, v in columns.items() if name not in ("all", "(left)")) == 5


def test_the_margins_by_value_are_both_populations():
    found = compared(value="sales")
    assert found.by_value("before").to_dict()["all"][-1] == sum(FIRST["sales"])
    assert found.by_value("now").to_dict()["all"][-1] == sum(SECOND["sales"])
    with pytest.raises(av.CustomerDataError, match="value='sales'"):
        compared().by_value()


def test_places_trends_and_the_ratio_of_ups_and_downs():
    found = compared()
    where = dict(
        zip(found.ids, zip(found.before, found.now, found.trend, strict=True), strict=True)
    )
    assert where["e"] == ("key", "core", "improving")
    assert where["a"] == ("core", "key", "declining")
    assert where["d"] == ("core", "lapsed", "not enough information")
    assert where["f"] == ("(entered)", "key", "not enough information")
    assert where["c"] == ("general", "(left)", "not enough information")
    assert (found.upgrades, found.downgrades) == (1, 1)
    assert "1 up, 1 down (1.00 : 1)" in str(found)


def test_a_change_of_score_is_the_sum_of_its_causes():
    found = compared()
    change = found.total_now - found.total_before
    total = np.sum(list(found.score_parts.values()), axis=0)
    np.testing.assert_allclose(total, change, atol=1e-9, equal_nan=True)
    own = np.sum(list(found.own.values()), axis=0)
    np.testing.assert_allclose(own, found.score_parts[OWN], atol=1e-9, equal_nan=True)


def test_own_figures_alone_are_own_figures():
    same = SECOND | {"growth": FIRST["growth"][:1] * 5}
    found = compared(first=same | {"sales": [9.0] * 5}, second=same)
    for customer in same["customer"]:
        if customer != "d":
            told = parts(found, customer)
            assert [told[cause] for cause in (REFERENCE, WEIGHTS, MISSING)] == [0, 0, 0]


def test_other_weights_alone_are_weights():
    later = BASE | {
        "judgments": {"weights": {"value": {"sales": 0.1, "trust": 0.1, "growth": 0.8}}}
    }
    told = parts(compared(FIRST, FIRST, later=later), "a")
    assert [told[cause] for cause in (OWN, REFERENCE, MISSING)] == [0, 0, 0]
    assert told[WEIGHTS] != 0


def test_other_lines_and_functions_alone_are_the_reference():
    later = BASE | {"indicators": BASE["indicators"] | {"sales": {"linear": [[0, 0], [200, 100]]}}}
    found = compared(FIRST, FIRST, later=later)
    told = parts(found, "a")
    assert told == {OWN: 0, REFERENCE: pytest.approx(-22.5), WEIGHTS: 0, MISSING: 0}
    lines = BASE | {
        "tiers": {"levels": {"core": {"score": 95}, "key": {"score": 40}, "general": {}}}
    }
    moved = compared(FIRST, FIRST, later=lines)
    assert moved.tier_parts[REFERENCE][0] == moved.tier_change[0] == -1
    assert moved.why[0] == REFERENCE


def test_a_figure_that_came_or_went_is_missing_data():
    gone = FIRST | {"growth": [np.nan] * 4 + [0.2]}
    told = parts(compared(FIRST, gone), "a")
    assert [told[cause] for cause in (OWN, REFERENCE, WEIGHTS)] == [0, 0, 0]
    assert told[MISSING] != 0


def test_the_way_back_is_the_opposite():
    there, back = compared(FIRST, SECOND), compared(SECOND, FIRST)
    for cause in CAUSES:
        forth = dict(zip(there.ids, there.score_parts[cause], strict=True))
        returned = dict(zip(back.ids, back.score_parts[cause], strict=True))
        for customer in ("a", "b", "e"):
            assert forth[customer] == pytest.approx(-returned[customer], abs=1e-12)


def test_an_indicator_only_one_model_has_is_taken_in_both_ways():
    later = {
        **BASE,
        "hierarchy": {"value": ["sales", "trust", "growth", "visits"]},
        "judgments": {
            "weights": {"value": {"sales": 0.4, "trust": 0.2, "growth": 0.2, "visits": 0.2}}
        },
        "indicators": BASE["indicators"] | {"visits": {"linear": [[0, 0], [5, 100]]}},
    }
    second = SECOND | {"visits": [5.0, 4.0, 3.0, 2.0, 1.0]}
    found = compared(FIRST, second, later=later)
    change = found.total_now - found.total_before
    np.testing.assert_allclose(
        np.sum(list(found.score_parts.values()), axis=0), change, atol=1e-9, equal_nan=True
    )


def test_rules_have_their_own_part_of_a_change_of_tier():
    model = av.Model(**BASE | {"tiers": BASE["tiers"] | {"confirmation": 2}})
    quarters = [
        {"customer": ["a"], "sales": [s], "trust": ["A"], "growth": [0.0]} for s in (40, 90, 90)
    ]
    scores = [model.score(q) for q in quarters]
    tiers = [scores[0].tiers(period="2022Q1")]
    for s, name in zip(scores[1:], ("2022Q2", "2022Q3"), strict=True):
        tiers.append(s.tiers(tiers[-1], period=name))
    waiting = scores[1].compare(scores[0], tiers[1], tiers[0])
    assert waiting.tier_change[0] == 0
    assert (waiting.tier_parts[OWN][0], waiting.tier_parts["moving rule"][0]) == (1, -1)
    confirmed = scores[2].compare(scores[1], tiers[2], tiers[1])
    assert confirmed.tier_change[0] == confirmed.tier_parts["moving rule"][0] == 1
    assert confirmed.why[0] == "moving rule"


def test_a_veto_and_an_override_are_told_apart():
    vetoes = {"distrusted": {"when": {"late": True}, "at_most": "general"}}
    model = av.Model(**BASE | {"tiers": BASE["tiers"] | {"vetoes": vetoes}})
    rows = {"customer": ["a", "b"], "sales": [99, 99], "growth": [1, 1], "trust": ["A", "A"]}
    before = model.score(rows | {"late": [False, False]})
    now = model.score(rows | {"late": [True, False]})
    by_hand = {
        "customer": ["b"],
        "tier": ["key"],
        "reason": ["x"],
        "author": ["y"],
        "expires": ["2030"],
    }
    found = now.compare(
        before, now.tiers(period="2022Q1", overrides=by_hand), before.tiers(period="2021Q4")
    )
    assert found.tier_parts["veto"].tolist() == [-2, 0]
    assert found.tier_parts["override"].tolist() == [0, -1]
    assert found.why.tolist() == ["veto", "override"]


@pytest.mark.parametrize(
    ("give", "said"),
    [
        (lambda s: {"tiers": s.tiers()}, "give the tiers of both periods, or of none"),
        (lambda s: {"value": "sale"}, "no column 'sale'; did you mean 'sales'"),
    ],
)
def test_half_a_comparison_is_refused(give, said):
    scores = av.Model(**BASE).score(FIRST)
    with pytest.raises(av.CustomerDataError, match=said):
        scores.compare(scores, **give(scores))


def test_tiers_of_other_names_cannot_be_compared():
    scores = av.Model(**BASE).score(FIRST)
    other = av.Model(**BASE | {"tiers": {"levels": {"gold": {"score": 50}, "tin": {}}}}).score(
        FIRST
    )
    with pytest.raises(av.CustomerDataError, match="the tiers were gold, tin and are core, key"):
        scores.compare(other)


def test_without_tiers_places_are_statuses():
    model = {key: value for key, value in BASE.items() if key not in ("tiers", "active")}
    found = compared(FIRST, FIRST, model=model)
    assert set(found.now) == {"rated"}
    assert found.tier_parts == {}
    assert "tier_change" not in found.to_dict()


def replaced(indicators, rows):
    """The old model scores a and z, the new one b and z."""
    models = [
        av.Model(
            hierarchy={"value": [first, *indicators]},
            indicators={
                name: {"linear": [[0, 0], [100, 100]], "missing": "renormalise"}
                for name in (first, *indicators)
            },
            judgments={"weights": {"value": dict.fromkeys([first, *indicators], 0.5)}}
            if indicators
            else {},
        )
        for first in ("a", "b")
    ]
    size = len(rows["z"])
    ids = {"customer": [f"c{k}" for k in range(size)]}
    before = models[0].score(ids | {"z": rows["z"], "a": [20.0] * size})
    return models[1].score(ids | {"z": rows["z"], "b": [80.0] * size}).compare(before)


def test_changes_that_no_mixture_explains_are_counted_and_not_called_joint():
    found = replaced(["z"], {"z": [50.0, 50.0, np.nan]})
    assert found.undetermined.tolist() == [False, False, True]
    assert found.why.tolist()[2] == "cannot be told"
    assert "of 1 of 3 customers it cannot be told" in str(found.causes)
    told = np.array(found.ids)[~found.undetermined].tolist()
    means = found.causes.to_dict()["points, mean"]
    change = (found.total_now - found.total_before)[: len(told)].mean()
    assert sum(means) == pytest.approx(change)


def test_a_model_of_wholly_other_indicators_explains_nobody():
    found = replaced([], {"z": [1.0, 2.0]})
    assert found.undetermined.all()
    assert "of 2 of 2 customers it cannot be told" in str(found.causes)
    assert found.causes.to_dict()["points, mean"] == [None] * 4


def test_a_goal_of_another_name_is_the_goal_still():
    renamed = BASE | {
        "hierarchy": {"worth": BASE["hierarchy"]["value"]},
        "judgments": {"weights": {"worth": BASE["judgments"]["weights"]["value"]}},
    }
    there, same = compared(later=renamed), compared()
    for cause in CAUSES:
        np.testing.assert_array_equal(there.score_parts[cause], same.score_parts[cause])


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda s: s.compare(s, steady=-1), "steady is a number of points, 0 or more, not -1"),
        (lambda s: s.compare("x"), "compare takes the scores of the period before, not str"),
        (lambda s: s.compare(s, s, s.tiers()), "takes tiers as Scores.tiers gives them"),
        (lambda s: s.compare(s, value="trust").by_value(), "trust holds texts; weigh by a value"),
    ],
)
def test_other_things_than_scores_and_figures_are_refused_in_one_sentence(act, said):
    with pytest.raises(av.CustomerDataError, match=said):
        act(av.Model(**BASE).score(FIRST))


def test_tiers_on_a_node_only_one_model_has_are_not_compared():
    later = BASE | {"tiers": BASE["tiers"] | {"on": "sales"}}
    gone = {
        "hierarchy": {"value": ["trust", "growth"]},
        "judgments": {"weights": {"value": {"trust": 0.6, "growth": 0.4}}},
        "indicators": {name: BASE["indicators"][name] for name in ("trust", "growth")},
        "tiers": BASE["tiers"],
    }
    with pytest.raises(av.CustomerDataError, match="tiers are drawn on sales, which the other"):
        compared(model=later, later=gone)


# -- what two models call differently ----------------------------------------------------------


def test_categories_in_another_order_are_the_same_categories():
    """Each model numbers its categories in its own order; a name is what it was."""
    reordered = BASE | {
        "indicators": BASE["indicators"] | {"trust": {"categories": {"C": 0, "A": 100, "B": 50}}}
    }
    found = compared(FIRST, FIRST, later=reordered)
    for cause, part in found.score_parts.items():
        assert np.abs(part).max() == 0, cause
    # With other scores the whole change is the reference's, as in the names' own order.
    scored = {"C": 40, "A": 60, "B": 50}
    for order in ("CAB", "ABC", "BCA"):
        trust = {"categories": {name: scored[name] for name in order}}
        later = BASE | {"indicators": BASE["indicators"] | {"trust": trust}}
        told = compared(FIRST, FIRST, later=later)
        assert parts(told, "a")[REFERENCE] == pytest.approx(0.3 * (60 - 100))
        assert parts(told, "c")[REFERENCE] == pytest.approx(0.3 * (40 - 0))
        assert not told.score_parts[OWN].any()


def test_a_category_only_the_later_model_knows_is_scored_by_that_one():
    """Under the old grading such a customer keeps its old category, so that the parts add up."""
    trust = {"categories": {"D": 80, "A": 100, "B": 50, "C": 0}}
    later = BASE | {"indicators": BASE["indicators"] | {"trust": trust}}
    found = compared(FIRST, FIRST | {"trust": ["A", "D", "C", "A", "B"]}, later=later)
    change = found.total_now - found.total_before
    np.testing.assert_allclose(np.sum(list(found.score_parts.values()), axis=0), change, atol=1e-9)
    told = parts(found, "b")
    # Trust is three of eight parts; between the old grading and the new one the 30 are halved.
    assert change[found.ids.index("b")] == pytest.approx(30 * 3 / 8)
    assert told == {
        OWN: pytest.approx(15 * 3 / 8),
        REFERENCE: pytest.approx(15 * 3 / 8),
        WEIGHTS: 0,
        MISSING: 0,
    }
    assert set(parts(found, "a").values()) == {0}


def test_mixtures_are_scored_whatever_coverage_the_goal_asks_for():
    """A total with less data than the goal wants is no published score, and still a mixture."""
    lenient = BASE | {
        "indicators": BASE["indicators"]
        | {
            "sales": {"linear": [[0, 0], [100, 100]], "missing": "renormalise"},
            "growth": BASE["indicators"]["growth"],
        },
        "missing": {"minimum_coverage": {"value": 0.6}},
        "active": None,
    }
    lenient = {name: part for name, part in lenient.items() if part is not None}
    # First without sales (coverage .5 of the weights is too little), then without growth.
    light = lenient | {
        "judgments": {"weights": {"value": {"sales": 0.2, "trust": 0.3, "growth": 0.5}}}
    }
    one = {"customer": ["a"], "sales": [np.nan], "trust": ["A"], "growth": [0.5]}
    other = {"customer": ["a"], "sales": [90.0], "trust": ["A"], "growth": [np.nan]}
    before, now = av.Model(**light).score(one), av.Model(**lenient).score(other)
    assert not np.isnan([before["total"][0], now["total"][0]]).any()
    found = now.compare(before)
    told = [float(part[0]) for part in found.score_parts.values()]
    assert not np.isnan(told).any()
    assert sum(told) == pytest.approx(now["total"][0] - before["total"][0])


def test_whoever_has_one_mixture_without_a_score_has_no_causes_and_the_others_have():
    """One of sixteen is enough to leave a customer undetermined, and one customer's is its own."""
    free = {"linear": [[0, 0], [100, 100]], "missing": "renormalise"}
    model = {
        "hierarchy": {"value": ["sales", "trust"]},
        "judgments": {"weights": {"value": {"sales": 1.0, "trust": 0.0}}},
        "indicators": {"sales": free, "trust": free},
    }
    later = model | {"judgments": {"weights": {"value": {"sales": 0.0, "trust": 1.0}}}}
    first = {"customer": ["a", "b"], "sales": [50.0, 50.0], "trust": [np.nan, 20.0]}
    second = {"customer": ["a", "b"], "sales": [50.0, 60.0], "trust": [40.0, 30.0]}
    found = compared(first, second, model=model, later=later)
    change = found.total_now - found.total_before
    for row, is_known in ((0, False), (1, True)):
        told = [float(part[row]) for part in found.score_parts.values()]
        assert np.isnan(told).all() != is_known
        assert not np.isnan(change[row])
    assert sum(float(part[1]) for part in found.score_parts.values()) == pytest.approx(change[1])


def test_a_category_nobody_knows_stays_unknown_in_another_order():
    """What is missing is at no place in the names, and at none in the other model's."""
    indicators = [
        BASE["indicators"] | {"trust": {"categories": names, "missing": "renormalise"}}
        for names in ({"A": 100, "B": 50, "C": 0}, {"C": 0, "A": 100, "B": 50})
    ]
    rows = FIRST | {"trust": [None, "B", "C", "A", "B"], "growth": [0.5] * 5}
    first, later = (
        {key: value for key, value in BASE.items() if key != "active"} | {"indicators": one}
        for one in indicators
    )
    found = compared(rows, rows, model=first, later=later)
    for cause, part in found.score_parts.items():
        assert not part.any(), cause


def test_who_has_a_total_and_no_tier_has_no_change_of_tier_and_no_part_of_it():
    on_growth = BASE | {"tiers": {"on": "growth", "levels": {"up": {"score": 0}, "down": {}}}}
    found = compared(model=on_growth)
    for customer, is_placed in (("a", True), ("b", False), ("e", True)):
        row = found.ids.index(customer)
        assert np.isnan(found.tier_change[row]) != is_placed
        for cause, part in found.tier_parts.items():
            assert np.isnan(part[row]) != is_placed, (customer, cause)


FITTED = {
    "hierarchy": {"value": ["sales", "trust"]},
    "judgments": {"weights": {"value": {"sales": 0.5, "trust": 0.5}}},
    "indicators": {
        "sales": {"percentile": {"knots": [[0, 0], [9, 100]]}},
        "trust": {"linear": [[0, 0], [100, 100]]},
    },
    "tiers": {"levels": {"core": {"top": "20%", "line": 60, "customers": 2}, "general": {}}},
}


def with_indicator(name, function):
    return {"indicators": FITTED["indicators"] | {name: function}}


def with_core(**level):
    return {"tiers": {"levels": {"core": level, "general": {}}}}


@pytest.mark.parametrize(
    ("other", "functions", "weights"),
    [
        ({}, METHOD, METHOD),
        (with_indicator("sales", {"percentile": {"knots": [[1, 0], [7, 100]]}}), METHOD, METHOD),
        (with_core(top="20%", line=55, customers=3), METHOD, METHOD),
        (
            with_indicator("sales", {"percentile": {"knots": [[0, 0], [9, 100]], "better": "low"}}),
            REFERENCE,
            METHOD,
        ),
        (with_indicator("trust", {"linear": [[0, 0], [90, 100]]}), REFERENCE, METHOD),
        (with_core(top="30%", line=60, customers=2), REFERENCE, METHOD),
        ({"peers": {"by": ["region"]}}, REFERENCE, METHOD),
        (
            {"judgments": {"weights": {"value": {"sales": 0.6, "trust": 0.4}}}},
            METHOD,
            WEIGHTS,
        ),
    ],
)
def test_between_two_methods_only_what_somebody_stated_otherwise_has_its_own_name(
    other, functions, weights
):
    """What a fit finds (knots, lines, how many customers) is the method's."""

    def compiled(method, changes):
        document = av.Model(**FITTED | changes).document
        return SimpleNamespace(method=method, document=document, reference_hash="one population")

    assert name_causes(compiled(1, {}), compiled(2, other)) == (OWN, functions, weights, MISSING)
    assert name_causes(compiled(2, {}), compiled(2, other)) == CAUSES
