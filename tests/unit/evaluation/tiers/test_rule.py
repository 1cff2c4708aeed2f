"""The rule for moving between tiers, one period at a time, on arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ahpvalue.evaluation.tiers.rule import NONE, MoveRule, Standing, plain_levels, step

LINES = (80.0, 50.0)


def walk(rule, *values):
    """The levels of one customer over periods, and why it was held in each."""
    standing, levels, reasons = None, [], []
    for value in values:
        standing, held = step(rule, np.array([value], dtype=float), standing)
        levels.append(int(standing.level[0]))
        reasons.append(held[0])
    return levels, reasons


def test_the_first_period_knows_no_band_and_no_confirmation():
    rule = MoveRule(LINES, band=0.5, confirmation=3)
    standing, _ = step(rule, np.array([80.0, 79.9, 50.0, 0.0, np.nan]), None)
    assert standing.level.tolist() == [0, 1, 1, 2, NONE]


@pytest.mark.parametrize(("ties_in", "level"), [(True, 0), (False, 1)])
def test_a_figure_exactly_on_a_line_is_in_or_out_as_stated(ties_in, level):
    assert plain_levels(MoveRule(LINES, ties_in=ties_in), np.array([80.0])).tolist() == [level]


def test_between_entry_and_exit_line_nobody_moves():
    rule = MoveRule((50.0,), band=0.1)
    assert walk(rule, 40, 54.9, 55, 45, 44.9, 54.9) == (
        [1, 1, 0, 0, 1, 1],
        ["", "band", "", "band", "", "band"],
    )


def test_entry_and_exit_lines_of_a_loss_lie_on_the_right_sides():
    rule = MoveRule((-100.0,), band=0.1)
    assert (rule.entry[0], rule.exit[0]) == (-90, -110)


def test_no_score_is_asked_for_above_100():
    rule = MoveRule((98.0,), band=0.1, ceiling=100.0)
    assert rule.entry.tolist() == [100]
    assert walk(rule, 90, 100)[0] == [1, 0]


def test_a_move_is_made_when_it_was_wished_often_enough_in_a_row():
    rule = MoveRule((50.0,), confirmation=2)
    assert walk(rule, 40, 60, 60) == ([1, 1, 0], ["", "confirmation", ""])
    assert walk(rule, 40, 60, 40, 60, 60)[0] == [1, 1, 1, 1, 0]


def test_of_several_confirmed_periods_the_least_move_counts():
    rule = MoveRule(LINES, confirmation=2)
    assert walk(rule, 10, 60, 90)[0] == [2, 2, 1]
    assert walk(rule, 10, 90, 60)[0] == [2, 2, 1]
    assert walk(rule, 90, 10, 60)[0] == [0, 0, 1]


def test_grace_delays_a_fall_and_no_rise():
    rule = MoveRule((50.0,), grace=1)
    assert walk(rule, 60, 40, 40) == ([0, 0, 1], ["", "grace", ""])
    assert walk(rule, 40, 60)[0] == [1, 0]


def test_who_has_just_moved_stays_for_the_stated_time():
    rule = MoveRule((50.0,), minimum_stay=3)
    assert walk(rule, 60, 60, 60, 40, 60, 60, 60)[0] == [0, 0, 0, 1, 1, 1, 0]
    assert walk(rule, 60, 40)[1] == ["", "minimum stay"]


def test_one_step_per_period():
    rule = MoveRule(LINES, steps=1)
    assert walk(rule, 10, 90, 90) == ([2, 1, 0], ["", "steps", ""])
    assert walk(rule, 90, 10, 10)[0] == [0, 1, 2]


def test_who_was_away_comes_back_as_a_newcomer():
    rule = MoveRule((50.0,), confirmation=2)
    assert walk(rule, 60, np.nan, 60, 60)[0] == [0, NONE, 1, 0]
    by_line = MoveRule((50.0,), confirmation=2, newcomers_by_line=True)
    assert walk(by_line, 60, np.nan, 60)[0] == [0, NONE, 0]


# -- at the border -----------------------------------------------------------------------------


def test_a_stay_of_exactly_the_minimum_is_long_enough():
    rule = MoveRule((50.0,), minimum_stay=2)
    assert walk(rule, 60, 40) == ([0, 0], ["", "minimum stay"])
    assert walk(rule, 60, 60, 40) == ([0, 0, 1], ["", "", ""])


def test_a_move_asked_for_exactly_often_enough_is_made():
    rule = MoveRule((50.0,), confirmation=2, grace=1)
    assert walk(rule, 40, 60, 60)[0] == [1, 1, 0]
    assert walk(rule, 60, 40, 40, 40) == ([0, 0, 0, 1], ["", "confirmation", "grace", ""])


@pytest.mark.parametrize(("ties_in", "enters", "leaves"), [(True, 0, 0), (False, 1, 1)])
def test_a_figure_exactly_on_the_entry_or_exit_line_follows_the_ties(ties_in, enters, leaves):
    rule = MoveRule((50.0,), band=0.1, ties_in=ties_in)  # entry 55, exit 45
    assert walk(rule, 10, rule.entry[0])[0] == [1, enters]
    assert walk(rule, 90, rule.exit[0])[0] == [0, leaves]


def test_moves_of_one_and_of_two_levels_are_held_to_one_step_each_way():
    rule = MoveRule((80.0, 60.0, 40.0), steps=2)
    assert walk(rule, 10, 90) == ([3, 1], ["", "steps"])
    assert walk(rule, 10, 70) == ([3, 1], ["", ""])
    assert walk(rule, 90, 10) == ([0, 2], ["", "steps"])
    assert walk(rule, 90, 50) == ([0, 2], ["", ""])


def test_the_best_and_the_last_level_are_levels_like_the_others():
    """A wish for level 0 is a wish, and so is one from it or from the last."""
    rule = MoveRule(LINES, confirmation=2)
    assert walk(rule, 60, 90, 90)[0] == [1, 1, 0]
    assert walk(rule, 90, 60, 60)[0] == [0, 0, 1]
    assert walk(rule, 60, 10, 10)[0] == [1, 1, 2]
    # What was wished upwards does not count for a wish downwards, nor the other way round.
    assert walk(rule, 60, 90, 10, 90, 10)[0] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(("value", "asked"), [(90.0, 0), (10.0, 2)])
def test_a_pending_move_to_the_level_one_is_in_is_no_move_begun(value, asked):
    """A table written by hand may say so; the first real wish counts as the first."""
    one = np.ones(1, dtype=np.int64)
    now, _ = step(MoveRule(LINES, confirmation=2), np.array([value]), Standing(one, one, one, one))
    assert (now.level[0], now.pending[0], now.pending_periods[0]) == (1, asked, 1)


def test_an_entry_line_exactly_at_the_ceiling_stays_and_a_line_above_it_is_kept():
    assert MoveRule((80.0,), band=0.25, ceiling=100.0).entry.tolist() == [100]
    assert MoveRule((80.0,), band=0.5, ceiling=100.0).entry.tolist() == [100]
    assert MoveRule((120.0,), band=0.5, ceiling=100.0).entry.tolist() == [120]


VALUES = st.lists(
    st.one_of(st.floats(0, 100), st.just(float("nan")), st.sampled_from([50.0, 80.0, 84.0])),
    min_size=1,
    max_size=8,
)
RULES = st.builds(
    MoveRule,
    st.just(LINES),
    st.sampled_from([0.0, 0.05, 0.3]),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(0, 3),
    st.sampled_from([None, 1]),
    st.just(100.0),
    st.booleans(),
)


@given(RULES, VALUES)
def test_everybody_with_a_figure_has_exactly_one_tier_and_nobody_else_has(rule, values):
    levels, _ = walk(rule, *values)
    assert [level == NONE for level in levels] == np.isnan(values).tolist()
    assert all(level in (NONE, 0, 1, 2) for level in levels)


@given(RULES, VALUES)
def test_whoever_is_not_where_the_lines_say_is_told_why(rule, values):
    levels, reasons = walk(rule, *values)
    plain = plain_levels(rule, np.array(values)).tolist()
    for level, by_lines, reason in zip(levels, plain, reasons, strict=True):
        assert bool(reason) == (level != by_lines)


@given(RULES, VALUES, st.floats(0, 60))
def test_a_better_figure_never_gives_a_worse_tier(rule, values, more):
    standing = None
    for value in values[:-1]:
        standing, _ = step(rule, np.array([value, value]), standing)
    after, _ = step(rule, np.array([values[-1], values[-1] + more]), standing)
    if not np.isnan(values[-1]):
        assert after.level[1] <= after.level[0]


@given(RULES, VALUES)
def test_a_steady_figure_leaves_everybody_in_peace(rule, values):
    """After enough equal periods nothing moves any more."""
    levels, _ = walk(rule, *values, *[values[-1]] * 12)
    assert len(set(levels[-3:])) == 1


@given(RULES, VALUES)
def test_customers_do_not_touch_each_other(rule, values):
    together = alone = None
    others = np.linspace(0, 100, 7)
    for value in values:
        together, _ = step(rule, np.array([value, *others]), together)
        alone, _ = step(rule, np.array([value]), alone)
        assert together.level[0] == alone.level[0]


def test_nobody_known_is_a_newcomer_everywhere():
    standing, _ = step(MoveRule(LINES), np.array([90.0]), Standing.nowhere(1))
    assert standing.level.tolist() == [0]
    assert standing.tier_periods.tolist() == [1]


def test_whoever_is_nowhere_has_whole_numbers_of_nothing():
    nowhere = Standing.nowhere(2)
    for part, value in ((nowhere.level, NONE), (nowhere.pending, NONE),
                        (nowhere.pending_periods, 0), (nowhere.tier_periods, 0)):  # fmt: skip
        assert part.dtype == np.int64
        assert part.tolist() == [value, value]
