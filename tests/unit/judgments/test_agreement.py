"""How far experts agree, from the formulas."""

from math import exp, log, sqrt

import numpy as np
import pytest

from ahpvalue.judgments.agreement import (
    clusters,
    compatibility,
    consensus,
    consensus_word,
    homogeneity,
    spread,
)

NAN = np.nan
TWO = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]])


def entropy(weights):
    return -sum(w * log(w) for w in weights if w > 0)


BETA = entropy(TWO.mean(axis=0)) - (entropy(TWO[0]) + entropy(TWO[1])) / 2


def test_homogeneity_is_what_the_entropy_between_experts_leaves():
    assert homogeneity(TWO) == pytest.approx((exp(-BETA) - 1 / 3) / (2 / 3))
    assert homogeneity(np.array([TWO[0], TWO[0]])) == pytest.approx(1)
    assert homogeneity(np.eye(3)) == pytest.approx(0)


def test_consensus_is_0_where_each_puts_another_item_first_by_nines():
    opposed = (np.ones((3, 3)) + 8 * np.eye(3)) / 11
    assert consensus(opposed) == pytest.approx(0, abs=1e-12)
    assert consensus(TWO[[0, 0]]) == pytest.approx(1)
    least = -(9 / 11 * log(9 / 11) + 2 / 11 * log(1 / 11))
    c = exp(least) / 3
    assert consensus(TWO) == pytest.approx((exp(-BETA) - c) / (1 - c))
    assert consensus(TWO, 256.0) != pytest.approx(consensus(TWO))


def test_one_item_is_agreed_upon():
    assert consensus(np.ones((4, 1))) == 1
    assert homogeneity(np.ones((4, 1))) == 1


def test_an_end_belongs_to_the_word_below_it():
    ends = [0.5, 0.625, 0.75, 0.875, 1.0]
    words = ["very low", "low", "moderate", "high", "very high"]
    assert [consensus_word(end) for end in ends] == words
    assert [consensus_word(end + 1e-9) for end in ends] == [*words[1:], words[-1]]


def test_spread_is_the_geometric_standard_deviation_of_those_who_answered():
    three = np.array([[[1, x], [1 / x if x == x else NAN, 1]] for x in (2.0, 8.0, NAN)])  # noqa: PLR0124
    deviation = sqrt((log(2) - log(4)) ** 2 + (log(8) - log(4)) ** 2)  # over 2 - 1
    assert spread(three)[0, 1] == pytest.approx(exp(deviation))
    assert spread(three)[0, 0] == 1
    assert np.isnan(spread(three[1:])[0, 1])


def test_an_experts_distance_from_the_group_is_the_mean_squared_logarithm():
    w = np.array([0.5, 0.3, 0.2])
    fits = w[:, None] / w
    off = fits.copy()
    off[0, 1] *= 2
    off[1, 0] /= 2
    gap = off.copy()
    gap[0, 2] = gap[2, 0] = NAN
    found = compatibility(np.array([fits, off, gap]), w)
    # n / (n - 2) times the mean over the expert's own judgments
    assert found == pytest.approx([0, 3 * log(2) ** 2 / 3, 3 * log(2) ** 2 / 2], abs=1e-12)
    assert np.isnan(compatibility(np.array([[[1, 2], [0.5, 1]]]), np.array([0.6, 0.4])))


def test_two_camps_and_a_loner_are_told_apart_and_the_largest_comes_first():
    camps = np.array(
        [[0.1, 0.1, 0.8], [0.8, 0.1, 0.1], [0.78, 0.12, 0.1], [0.1, 0.12, 0.78], [0.79, 0.1, 0.11],
         [0.05, 0.9, 0.05]]
    )  # fmt: skip
    found = clusters(camps, 9.0)
    assert found.groups == ((1, 2, 4), (0, 3))
    assert found.left_out == (5,)
    assert found.threshold == 0.975
    for i in range(6):
        for j in range(6):
            assert found.similarity[i, j] == pytest.approx(float(consensus(camps[[i, j]], 9.0)))
    assert clusters(camps).similarity[0, 1] == pytest.approx(float(homogeneity(camps[:2])))


def test_nobody_is_grouped_where_no_threshold_gives_two_groups():
    same = np.tile([0.5, 0.3, 0.2], (4, 1))
    found = clusters(same, 9.0)
    assert (found.groups, found.left_out, found.threshold) == ((), (0, 1, 2, 3), None)


def test_agreement_of_many_groups_at_once_is_that_of_each():
    groups = np.random.default_rng(1).dirichlet(np.ones(4), (5, 3))
    for index in (homogeneity, consensus):
        assert index(groups) == pytest.approx([float(index(one)) for one in groups])
