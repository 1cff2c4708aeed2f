"""Which judgment hurts most, and what would fit: each promise is tried by changing it."""

import numpy as np
import pytest

from ahpvalue.judgments.consistency import geometric_consistency_index as gci
from ahpvalue.judgments.revision import influences, judged_pairs, worst_pair

NAN = np.nan


def ratios_of(weights):
    return weights[:, None] / weights


# 2, 3 and 6 but for one judgment: 0 over 3 should be 12, not 1/2.
W = np.array([12, 6, 2, 1]) / 21
A = ratios_of(W).copy()
A[0, 3], A[3, 0] = 1 / 2, 2


def changed(matrix, i, j, value):
    after = matrix.copy()
    after[i, j], after[j, i] = value, 1 / value
    return after


def test_the_planted_contradiction_comes_first_with_what_the_others_say():
    first = influences(A)[0]
    assert (first.i, first.j, first.given) == (3, 0, 2)  # the stronger item first
    assert first.best == pytest.approx(1 / 12)
    assert first.fitting == pytest.approx(1 / 9)  # the nearest answer of the scale
    assert worst_pair(A) == (3, 0)


@pytest.mark.parametrize("gap", [False, True])
def test_the_gains_are_what_changing_the_judgment_brings(gap):
    matrix = A.copy()
    if gap:
        matrix[1, 2] = matrix[2, 1] = NAN
    for one in influences(matrix):
        now = gci(matrix)
        assert now - gci(changed(matrix, one.i, one.j, one.fitting)) == pytest.approx(one.gain)
        assert now - gci(changed(matrix, one.i, one.j, one.best)) == pytest.approx(one.most)


def test_a_bridge_is_not_judged_by_anything():
    chain = np.array([[1, 3, NAN], [1 / 3, 1, 4], [NAN, 1 / 4, 1]])
    joined = np.full((4, 4), NAN)
    joined[:3, :3] = A[:3, :3]
    joined[0, 1], joined[1, 0] = 5, 1 / 5
    joined[3, 3], joined[2, 3], joined[3, 2] = 1, 7, 1 / 7
    bridge = next(one for one in influences(joined) if 3 in (one.i, one.j))
    assert np.isnan(bridge.best)
    assert (bridge.fitting, bridge.gain, bridge.most) == (7, 0, 0)
    assert worst_pair(joined) != (2, 3)
    assert worst_pair(chain) is None


def test_where_all_agree_nothing_is_worst_and_nothing_gains():
    agreed = ratios_of(np.array([4, 2, 1]) / 7)
    assert worst_pair(agreed) is None
    assert [one.gain for one in influences(agreed)] == [0, 0, 0]
    assert [one.fitting for one in influences(agreed)] == pytest.approx([2, 4, 2])


def test_judged_pairs_have_the_stronger_item_first_and_leave_out_gaps():
    matrix = np.array([[1, 1 / 3, NAN], [3, 1, 1], [NAN, 1, 1]])
    assert list(judged_pairs(matrix)) == [(1, 0), (1, 2)]
