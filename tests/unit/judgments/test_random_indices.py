"""Which random index is taken, and that its name says so."""

from itertools import product

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.random_indices import RANDOM_INDICES, random_index, simulate_random_index
from ahpvalue.judgments.scales import ANSWERS


@pytest.mark.parametrize("table", sorted(RANDOM_INDICES))
def test_a_table_gives_its_own_numbers_and_its_name(table):
    for n, value in RANDOM_INDICES[table].items():
        found = random_index(n, table)
        assert (found.value, found.table) == (value if n > 2 else 0, table)


@pytest.mark.parametrize("table", sorted(RANDOM_INDICES))
def test_above_a_table_the_line_is_used_and_named(table):
    n = max(RANDOM_INDICES[table]) + 1
    found = random_index(n, table)
    assert found.table == f"{table}, extended"
    assert found.value == pytest.approx((1.7699 * n - 4.3513) / (n - 1))


def test_missing_judgments_have_an_index_of_their_own_whatever_the_table():
    assert random_index(4, missing=1).table == "simulated, incomplete"
    assert random_index(4, "saaty-1980", missing=1) == random_index(4, missing=1)
    beyond = random_index(20, missing=19)
    assert beyond.table == "alonso-lamata, extended, reduced"
    assert beyond.value == pytest.approx((1 - 2 * 19 / (19 * 18)) * random_index(20).value)


def test_a_tree_is_not_testable():
    for n in (3, 4, 7):
        found = random_index(n, missing=(n - 1) * (n - 2) // 2)
        assert (found.value, found.table) == (0, "not testable")


def test_another_scale_has_a_simulated_index_and_says_which():
    assert random_index(5, scale="balanced").table == "simulated, balanced scale"
    assert random_index(5, scale="balanced").value != random_index(5).value
    with pytest.raises(av.JudgmentError, match=r"for 16 items on the scale balanced.*of: answers"):
        random_index(16, scale="balanced")


@pytest.mark.parametrize(
    ("n", "table", "missing", "said"),
    [
        (4, "saaty", 0, "did you mean 'saaty-"),
        (0, "saaty-1980", 0, "whole numbers, not 0 and 0"),
        (4.5, "saaty-1980", 0, "whole numbers, not 4.5"),
        (5, "saaty-1980", 1.5, "whole numbers, not 5 and 1.5"),
        (5, "saaty-1980", 7, "of 5 items 7 pairs cannot be missing.*at most 6"),
        (5, "saaty-1980", -1, "of 5 items -1 pairs cannot be missing"),
    ],
)
def test_what_there_cannot_be_is_refused(n, table, missing, said):
    with pytest.raises(av.JudgmentError, match=said):
        random_index(n, table, missing=missing)


def test_a_simulation_is_the_mean_over_random_answers():
    every = np.array([[[1, a, b], [1 / a, 1, c], [1 / b, 1 / c, 1]]
                      for a, b, c in product(ANSWERS, repeat=3)])  # fmt: skip
    exact = ((np.linalg.eigvals(every).real.max(axis=1) - 3) / 2).mean()
    mean, error = simulate_random_index(3, draws=20_000, seed=5)
    assert abs(mean - exact) < 4 * error
    assert 0 < error < 0.01
    assert simulate_random_index(3, draws=500, seed=5) == simulate_random_index(
        3, draws=500, seed=5
    )
    assert simulate_random_index(3, draws=500, seed=5) != simulate_random_index(
        3, draws=500, seed=6
    )


def test_a_missing_judgment_leaves_less_room_in_a_simulation_too():
    whole, _ = simulate_random_index(4, draws=2_000, seed=1)
    gap, error = simulate_random_index(4, draws=2_000, seed=1, missing=1)
    assert gap < whole - 0.2
    assert abs(gap - random_index(4, missing=1).value) < 4 * error


def test_a_simulation_needs_something_to_draw():
    for n, draws, seed in ((2, 100, 1), (3, 1, 1), (3, 100, -1)):
        with pytest.raises(av.JudgmentError, match="at least 3 items, 2 draws and a seed of 0"):
            simulate_random_index(n, draws, seed)


def test_one_item_and_two_contradict_nobody():
    assert [av.random_index(n).value for n in (1, 2)] == [0, 0]
    with pytest.raises(av.JudgmentError, match="whole numbers"):
        av.random_index(0)


def test_a_simulation_leaves_no_more_out_than_a_connected_comparison_can():
    with pytest.raises(av.JudgmentError, match="of 4 items 4 pairs cannot be missing"):
        simulate_random_index(4, 100, missing=4)
