"""The fewest changes that do, tried against all others, and a compromise over everything."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.repair_search import Measure, repair, xu_wei
from ahpvalue.judgments.scales import ANSWERS

NAN = np.nan


def ratios_of(weights):
    return weights[:, None] / weights


A = ratios_of(np.array([8.0, 4, 2, 1]))
A[0, 3], A[3, 0] = 1 / 5, 5


def put(matrix, changes):
    after = matrix.copy()
    for one in changes:
        after[one.i, one.j], after[one.j, one.i] = one.new, 1 / one.new
    return after


def test_one_planted_slip_is_repaired_by_one_change_and_the_cr_said_is_the_cr_reached():
    found = repair(A)
    assert [{one.i, one.j} for one in found.changes] == [{0, 3}]
    assert found.fewest
    after = put(A, found.changes)
    assert found.cr == pytest.approx(av.consistency_ratio(after))
    assert found.cr <= 0.1 < av.consistency_ratio(A)


def test_of_the_answers_of_the_scale_the_one_with_the_least_cr_is_proposed():
    one = repair(A).changes[0]
    tried = [av.consistency_ratio(put(A, [type(one)(one.i, one.j, one.old, float(x), 0)]))
             for x in ANSWERS]  # fmt: skip
    assert repair(A).cr == pytest.approx(min(tried))


def test_within_the_limit_nothing_is_changed():
    found = repair(ratios_of(np.array([8.0, 4, 2, 1])))
    assert (found.changes, found.fewest, found.alternatives) == ((), True, 0)


def test_a_wider_limit_asks_for_no_more():
    assert repair(A, limit=5).changes == ()


def test_answers_are_given_and_taken_back_on_the_scale_they_were_given_on():
    answers = np.array([[1, 9, 9], [1 / 9, 1, 9], [1 / 9, 1 / 9, 1]])
    measure = Measure(scale="geometric")
    found = repair(answers, measure=measure)
    after = put(answers, found.changes)
    assert float(measure.cr(av.apply_scale(after, "geometric"))) == pytest.approx(found.cr)
    assert found.cr <= 0.1


def test_a_compromise_moves_every_judgment_the_same_way_until_it_is_within():
    found, steps = xu_wei(A)
    assert av.consistency_ratio(found) < 0.1
    again = A
    for _ in range(steps - 1):
        w = av.priorities(again)
        again = again**0.9 * ratios_of(w) ** 0.1
    assert av.consistency_ratio(again) >= 0.1  # one step fewer does not do
    w = av.priorities(again)
    np.testing.assert_allclose(found, again**0.9 * ratios_of(w) ** 0.1, rtol=1e-12)


def test_a_compromise_leaves_gaps_and_what_is_within_alone():
    gap = A.copy()
    gap[1, 2] = gap[2, 1] = NAN
    found, _ = xu_wei(gap)
    assert np.isnan(found[1, 2])
    agreed = ratios_of(np.array([4.0, 2, 1]))
    assert xu_wei(agreed)[1] == 0


@pytest.mark.parametrize("keep", [0, 1, -1])
def test_a_compromise_keeps_a_share(keep):
    with pytest.raises(av.JudgmentError, match="keep lies between 0 and 1"):
        xu_wei(A, keep=keep)
