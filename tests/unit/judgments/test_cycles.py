"""Cycles of judgments and of hierarchies are named, each in its own direction."""

from itertools import pairwise

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.connectivity import directed_cycle


def beats(n, *pairs):
    found = np.zeros((n, n), dtype=bool)
    for i, j in pairs:
        found[i, j] = True
    return found


RING = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]


def test_a_ring_is_one_cycle_from_its_first_item():
    assert directed_cycle(beats(5, *RING)) == (0, 1, 2, 3, 4)


def test_the_shortest_of_several_cycles_is_found():
    assert directed_cycle(beats(5, *RING, (4, 1))) == (1, 2, 3, 4)
    assert directed_cycle(beats(7, *RING, (4, 5), (5, 6), (6, 4))) == (4, 5, 6)


def test_an_order_has_no_cycle():
    assert directed_cycle(beats(4, (0, 1), (0, 2), (1, 3), (2, 3))) is None


def test_a_hierarchy_with_a_cycle_is_refused_with_the_cycle_downwards():
    below = {"value": ["a"], "a": ["b"], "b": ["c"], "c": ["a", "d"]}
    with pytest.raises(av.ModelError, match="a node cannot be below itself") as refused:
        av.Hierarchy(below)
    cycle = str(refused.value).split(": ")[-1].split(" > ")
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"a", "b", "c"}
    assert all(child in below[node] for node, child in pairwise(cycle))
