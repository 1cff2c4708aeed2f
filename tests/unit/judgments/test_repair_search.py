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


THREE_SLIPS = {(0, 8): 1 / 9, (1, 6): 1 / 9, (2, 7): 1 / 9}


def test_where_the_sets_are_too_many_judgments_are_changed_one_by_one():
    """Of nine items there are 7,140 sets of three judgments."""
    nine = ratios_of(np.array([8.0, 8, 8, 4, 4, 2, 2, 2, 1]))
    for (i, j), slip in THREE_SLIPS.items():
        nine[i, j], nine[j, i] = slip, 1 / slip
    found = repair(nine, limit=0.02)
    assert len(found.changes) == 3
    assert {(one.j, one.i) for one in found.changes} == set(THREE_SLIPS)  # stronger first
    for one in found.changes:
        assert one.old == nine[one.i, one.j]
        assert float(one.new) in ANSWERS
        assert one.exact == pytest.approx(one.new)  # without the slips all agree
    assert found.cr == pytest.approx(av.consistency_ratio(put(nine, found.changes)))
    assert found.cr <= 0.02 < av.consistency_ratio(put(nine, found.changes[:2]))
    assert not found.fewest  # some pair of changes would have gone beyond the scale


def test_the_change_that_helps_most_comes_first_and_no_judgment_is_changed_twice():
    nine = ratios_of(np.array([8.0, 8, 8, 4, 4, 2, 2, 2, 1]))
    for (i, j), slip in {(0, 8): 1 / 9, (1, 6): 1, (2, 7): 1 / 4}.items():
        nine[i, j], nine[j, i] = slip, 1 / slip
    found = repair(nine, limit=0.002)
    pairs = [(one.i, one.j) for one in found.changes]
    assert pairs[0] == (8, 0)
    assert len(set(map(frozenset, pairs))) == len(pairs)
    first = put(nine, found.changes[:1])
    for i in range(9):
        for j in range(i + 1, 9):
            best = min(
                av.consistency_ratio(put(nine, [type(found.changes[0])(i, j, 0, float(x), 0)]))
                for x in ANSWERS
            )
            assert av.consistency_ratio(first) <= best + 1e-12


def test_no_way_is_none():
    assert repair(np.ones((3, 3)), limit=-1.0) is None


def test_what_would_fit_exactly_lies_within_the_scale():
    """The detours say 81; an answer says at most 9."""
    slip = ratios_of(np.array([81.0, 9, 1]))
    slip[0, 2], slip[2, 0] = 1 / 9, 9
    (one,) = repair(slip, limit=0.6).changes
    assert sorted((one.exact, 1 / one.exact)) == pytest.approx([1 / 9, 9])


def test_of_the_sets_that_do_the_one_with_the_least_cr_is_proposed():
    """All of them with the most inconsistent judgment, if any has it."""
    one = repair(A)
    named = one.changes[0]
    for x in ANSWERS:
        other = put(A, [type(named)(named.i, named.j, named.old, float(x), 0)])
        assert one.cr <= av.consistency_ratio(other) + 1e-12


@pytest.mark.parametrize("scale", ["linear", "balanced-n", "adaptive"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_single_answer_of_the_scale_brings_cr_lower_than_the_one_proposed(scale, seed):
    """Each of the six judgments with each of the 17 answers, tried."""
    rng = np.random.default_rng(seed)
    given = np.ones((4, 4))
    for i in range(4):
        for j in range(i + 1, 4):
            given[i, j] = rng.choice(ANSWERS)
            given[j, i] = 1 / given[i, j]
    measure = Measure(scale=scale)

    def cr(matrix):
        return float(measure.cr(av.apply_scale(matrix, scale)))

    changed = {}
    for i in range(4):
        for j in range(i + 1, 4):
            for x in ANSWERS:
                other = given.copy()
                other[i, j], other[j, i] = x, 1 / x
                changed[i, j, float(x)] = cr(other)
    least = min(changed.values())
    found = repair(given, limit=least * 1.05 + 1e-9, measure=measure)
    (one,) = found.changes
    assert found.cr == pytest.approx(cr(put(given, found.changes)))
    assert found.cr <= least * 1.05 + 1e-9
    pair = min(one.i, one.j), max(one.i, one.j)
    of_that_pair = min(value for key, value in changed.items() if key[:2] == pair)
    assert found.cr == pytest.approx(of_that_pair, abs=1e-9)


def test_two_changes_are_the_fewest_where_every_single_one_was_tried():
    five = ratios_of(np.array([3.0, 3, 2, 1, 1]))
    for i, j in ((0, 3), (1, 4)):
        five[i, j], five[j, i] = 1 / 2, 2
    found = repair(five, limit=0.005)
    assert {frozenset((one.i, one.j)) for one in found.changes} == {
        frozenset((0, 3)),
        frozenset((1, 4)),
    }
    assert found.fewest
