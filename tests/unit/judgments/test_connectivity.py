"""The graph of judgments: who is joined to whom."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.connectivity import (
    compared,
    connected,
    directed_cycle,
    is_complete,
    is_tree,
    islands,
    refuse_islands,
    resistances,
)

NAN = np.nan


def of(n, *pairs):
    known = np.eye(n, dtype=bool)
    for i, j in pairs:
        known[i, j] = known[j, i] = True
    return known


def beats(n, *pairs):
    found = np.zeros((n, n), dtype=bool)
    for i, j in pairs:
        found[i, j] = True
    return found


def matrix_of(known):
    return np.where(known, 1.0, NAN)


def test_a_gap_is_no_comparison_and_makes_a_matrix_incomplete():
    gap = matrix_of(of(3, (0, 1), (1, 2)))
    assert compared(gap).tolist() == of(3, (0, 1), (1, 2)).tolist()
    assert not is_complete(gap)
    assert is_complete(np.ones((3, 3)))
    assert not is_complete(np.array([np.ones((3, 3)), gap]))


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 9, 17])
def test_a_long_chain_is_connected_and_without_a_link_it_is_not(n):
    links = [(k, k + 1) for k in range(n - 1)]
    both = np.array([of(n, *links), of(n, *links[:-1])])
    assert connected(both).tolist() == [True, False]
    assert bool(connected(of(1)))


def test_a_tree_has_one_judgment_fewer_than_items():
    assert is_tree(of(4, (0, 1), (0, 2), (0, 3)))
    assert not is_tree(of(4, (0, 1), (1, 2), (2, 3), (3, 0)))


def test_islands_are_named_with_a_bridge_between_the_first_two():
    known = of(5, (0, 3), (1, 4))
    assert islands(known) == [[0, 3], [1, 4], [2]]
    with pytest.raises(
        av.JudgmentError, match=r"3 islands .* \(a, d; b, e; c\); judge a vs b, for one"
    ):
        refuse_islands(matrix_of(known), list("abcde"))
    refuse_islands(np.ones((5, 5)), list("abcde"))


def test_a_shortest_cycle_is_found_whoever_stands_in_it():
    assert directed_cycle(beats(4, (0, 1), (1, 2), (2, 3), (3, 0))) == (0, 1, 2, 3)
    # The one of three is shorter than the one of four.
    assert directed_cycle(beats(5, (0, 1), (1, 2), (2, 3), (3, 0), (3, 1))) == (1, 2, 3)
    assert directed_cycle(beats(4, (0, 1), (0, 2), (1, 2), (2, 3))) is None


def test_judgments_resist_like_wires_one_after_another_and_side_by_side():
    chain = np.eye(4, dtype=bool)
    for i in range(3):
        chain[i, i + 1] = chain[i + 1, i] = True
    assert resistances(chain) == pytest.approx(np.abs(np.subtract.outer(range(4), range(4))))
    ring = chain.copy()
    ring[0, 3] = ring[3, 0] = True
    assert resistances(ring)[0, 3] == pytest.approx(1 * 3 / 4)
    assert resistances(ring)[0, 2] == pytest.approx(2 * 2 / 4)
