"""Laws of decisions, on random models and customers: partition, additivity, idempotence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.evaluation.change.causes import CAUSES

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")

NAMES = ["x", "y", "z"]
FIGURE = st.one_of(st.floats(0, 100), st.sampled_from([0.0, 50.0, 100.0]), st.just(float("nan")))


@st.composite
def models(draw):
    raw = np.array(draw(st.lists(st.integers(1, 50), min_size=3, max_size=3)), dtype=float)
    inner = draw(st.floats(0.1, 0.9))
    indicators = {}
    for name in NAMES:
        top = draw(st.floats(10, 200))
        policy = draw(st.sampled_from(["renormalise", "worst", {"score": 40}]))
        function = draw(
            st.sampled_from(
                [
                    {"linear": [[0, 0], [top, 100]]},
                    {"linear": [[0, 100], [top, 0]]},
                    {"bands": {"edges": [20, top + 21], "scores": [0, 60, 100], "closed": "left"}},
                    {"target": {"best": 50, "lower": 0, "upper": top + 60}},
                ]
            )
        )
        indicators[name] = function | {"missing": policy}
    share = (raw[:2] / raw[:2].sum()).tolist()
    return av.Model(
        hierarchy={"value": {"a": ["x", "y"], "b": ["z", "x"]}},
        judgments={
            "weights": {
                "value": {"a": inner, "b": 1 - inner},
                "a": {"x": share[0], "y": share[1]},
                "b": {"z": share[1], "x": share[0]},
            }
        },
        indicators=indicators,
        missing={"minimum_coverage": {"a": draw(st.sampled_from([0, 0.5])), "b": 0}},
        tiers={
            "levels": {
                "core": {"score": draw(st.floats(50, 90))},
                "key": {"score": 30},
                "rest": {},
            },
            "band": draw(st.sampled_from([0, "10%"])),
            "confirmation": draw(st.integers(1, 2)),
        },
    )


@st.composite
def tables(draw, rows=6):
    first = draw(st.integers(0, 3))
    return {"customer": np.array([f"C{k}" for k in range(first, first + rows)])} | {
        name: np.array(draw(st.lists(FIGURE, min_size=rows, max_size=rows))) for name in NAMES
    }


@given(models(), models(), tables(), tables())
def test_every_change_of_score_and_tier_is_the_sum_of_its_causes(before, after, first, second):
    old, new = before.score(first), after.score(second)
    found = new.compare(old)
    change = found.total_now - found.total_before
    told = ~np.isnan(np.array(list(found.score_parts.values()))).any(axis=0)
    total = np.sum(list(found.score_parts.values()), axis=0)
    np.testing.assert_allclose(total[told], change[told], atol=1e-9)
    own = np.sum(list(found.own.values()), axis=0)
    np.testing.assert_allclose(own[told], found.score_parts[CAUSES[0]][told], atol=1e-9)
    steps = np.sum(list(found.tier_parts.values()), axis=0)
    known = ~np.isnan(steps)
    np.testing.assert_allclose(steps[known], found.tier_change[known], atol=1e-9)


@given(models(), tables(), tables())
def test_the_matrix_counts_everybody_once(model, first, second):
    found = model.score(second).compare(model.score(first))
    everybody = set(first["customer"]) | set(second["customer"])
    assert len(found) == len(everybody) == found.matrix.to_dict()["all"][-1]
    left = (found.now == "(left)").sum()
    entered = (found.before == "(entered)").sum()
    assert len(found) - left == len(second["customer"])
    assert len(found) - entered == len(first["customer"])


@given(models(), tables())
def test_a_period_compared_with_itself_has_not_moved(model, table):
    scores = model.score(table)
    found = scores.compare(scores)
    assert not np.nan_to_num(found.tier_change).any()
    for part in [*found.score_parts.values(), *found.tier_parts.values()]:
        assert not np.nan_to_num(part).any()


@given(models(), tables())
def test_everybody_has_one_tier_or_none_and_the_tiers_fall_with_the_score(model, table):
    scores = model.score(table)
    tiers = scores.tiers()
    rated = ~np.isnan(scores["total"])
    assert ((tiers.level >= 0) == rated).all()
    order = np.argsort(-scores["total"][rated], kind="stable")
    assert (np.diff(tiers.level[rated][order]) >= 0).all()


@given(models(), tables())
def test_drawing_tiers_twice_from_the_same_state_gives_the_same(model, table):
    scores = model.score(table)
    state = scores.tiers()
    once, twice = scores.tiers(state), scores.tiers(state.frame)
    assert once.tier.tolist() == twice.tier.tolist()
    assert once.standing.pending_periods.tolist() == twice.standing.pending_periods.tolist()
