"""Indices of consistency, each from its formula worked out on one contradictory matrix."""

from itertools import combinations
from math import log

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments import consistency as of

NAN = np.nan
A = np.array([[1, 2, 8, 1], [1 / 2, 1, 3, 4], [1 / 8, 1 / 3, 1, 1 / 2], [1, 1 / 4, 2, 1]])
TRIADS = [(i, j, k) for i, j in combinations(range(4), 2) for k in range(4) if k not in (i, j)]


def test_ci_is_the_excess_of_lambda_over_its_degrees_of_freedom():
    assert of.consistency_index(np.array([4.3, 4.0]), 4).tolist() == pytest.approx([0.1, 0])
    assert of.consistency_index(np.array([2.5]), 2).tolist() == [0]


def test_the_limit_is_a_number_or_saatys_by_size():
    assert [of.limit_for(n, "by-size") for n in (3, 4, 5, 9)] == [0.05, 0.08, 0.10, 0.10]
    assert of.limit_for(3) == 0.10
    assert of.limit_for(3, 0.2) == 0.2
    for wrong in ("by size", 0, -1):
        with pytest.raises(av.JudgmentError, match="a limit is a number above 0"):
            of.limit_for(3, wrong)


def test_the_limit_of_the_gci_depends_on_the_size():
    assert [of.gci_limit(n) for n in (3, 4, 5, 12)] == [0.31, 0.35, 0.37, 0.37]


def test_gci_is_the_mean_square_of_the_logarithmic_errors():
    w = A.prod(axis=1) ** (1 / 4)
    squares = [log(A[i, j] * w[j] / w[i]) ** 2 for i, j in combinations(range(4), 2)]
    assert of.geometric_consistency_index(A) == pytest.approx(2 / (3 * 2) * sum(squares))


def test_gci_of_missing_judgments_has_fewer_degrees_of_freedom():
    gap = A.copy()
    gap[0, 3] = gap[3, 0] = NAN
    w = av.priorities(gap, "geometric-mean")  # of what was given, by least squares
    known = [(i, j) for i, j in combinations(range(4), 2) if (i, j) != (0, 3)]
    squares = [log(gap[i, j] * w[j] / w[i]) ** 2 for i, j in known]
    assert of.geometric_consistency_index(gap) == pytest.approx(sum(squares) / (5 - 3))
    tree = np.full((4, 4), NAN)
    np.fill_diagonal(tree, 1)
    for i, j in ((0, 1), (1, 2), (2, 3)):
        tree[i, j], tree[j, i] = A[i, j], A[j, i]
    assert of.geometric_consistency_index(tree) == 0


def test_hci_is_the_harmonic_mean_of_the_column_sums():
    mean = 4 / sum(1 / A.sum(axis=0))
    assert of.harmonic_consistency_index(A) == pytest.approx((mean - 4) * 5 / (4 * 3))
    assert of.harmonic_consistency_ratio(0.8577, 4) == pytest.approx(1)
    assert of.harmonic_consistency_ratio(0.5, 2) == 0
    assert of.harmonic_consistency_ratio(0.5, 11) is None


def test_koczkodajs_index_is_the_worst_triads():
    ratios = [A[i, j] / (A[i, k] * A[k, j]) for i, j, k in TRIADS]
    assert of.koczkodaj(A) == pytest.approx(max(1 - min(q, 1 / q) for q in ratios))


def test_congruence_and_dissonance_look_at_every_detour():
    direct = [log(A[i, j]) for i, j, _ in TRIADS]
    detour = [log(A[i, k] * A[k, j]) for i, j, k in TRIADS]
    pairs = list(zip(direct, detour, strict=True))
    assert of.congruence(A) == pytest.approx(np.mean([abs(a - b) for a, b in pairs]))
    against = [a * b < -1e-12 for a, b in pairs]
    assert 0 < sum(against) < len(pairs)
    assert of.dissonance(A) == pytest.approx(np.mean(against))


def test_indices_over_triads_are_missing_where_no_triad_is_whole():
    star = np.full((4, 4), NAN)
    np.fill_diagonal(star, 1)
    star[0, 1:], star[1:, 0] = 3, 1 / 3
    for index in (of.koczkodaj, of.congruence, of.dissonance):
        assert np.isnan(index(star))


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_items_contradict_nobody(n):
    small = np.array([[1, 7], [1 / 7, 1]])[:n, :n]
    indices = ("geometric_consistency_index", "harmonic_consistency_index", "koczkodaj",
               "congruence", "dissonance")  # fmt: skip
    assert [float(getattr(of, name)(small)) for name in indices] == [0] * 5


def test_every_cycle_of_three_is_named_and_a_longer_one_only_without_them():
    # 0 > 1 > 3 > 0 is the only one of three.
    assert of.ordinal_cycles(
        np.array([[1, 2, 3, 1 / 2], [1 / 2, 1, 2, 3], [1 / 3, 1 / 2, 1, 1], [2, 1 / 3, 1, 1]])
    ) == [(0, 1, 3)]
    ring = np.ones((4, 4))  # each beats the next; across all is equal
    for i in range(4):
        ring[i, (i + 1) % 4], ring[(i + 1) % 4, i] = 3, 1 / 3
    assert of.ordinal_cycles(ring) == [(0, 1, 2, 3)]
    ranked = np.triu(np.full((4, 4), 2.0), 1) + np.eye(4) + np.tril(np.full((4, 4), 0.5), -1)
    assert of.ordinal_cycles(ranked) == []


def test_all_cycles_of_three_are_named_each_once_from_its_first_item():
    two = np.ones((5, 5))
    for i, j in ((0, 1), (1, 2), (2, 0), (2, 4), (4, 3), (3, 2)):
        two[i, j], two[j, i] = 3, 1 / 3
    assert of.ordinal_cycles(two) == [(0, 1, 2), (2, 4, 3)]


def test_one_whole_triad_is_enough_for_a_mean():
    three = np.array([[1, 2, 8], [1 / 2, 1, 3], [1 / 8, 1 / 3, 1]])
    gap = np.full((4, 4), NAN)
    gap[:3, :3], gap[3, 3] = three, 1
    gap[0, 3], gap[3, 0] = 2, 1 / 2
    assert of.congruence(gap) == pytest.approx(float(of.congruence(three)))
    assert of.congruence(three) == pytest.approx(log(8 / 6))


def test_indices_of_many_matrices_at_once_are_those_of_each():
    rng = np.random.default_rng(3)
    for n in (1, 2, 3, 5):
        upper = np.triu(np.exp(rng.normal(size=(4, n, n))), 1)
        many = (
            upper + np.swapaxes(np.triu(1 / np.where(upper > 0, upper, 1), 1), -1, -2) + np.eye(n)
        )
        for name in ("geometric_consistency_index", "harmonic_consistency_index", "koczkodaj",
                     "congruence", "dissonance"):  # fmt: skip
            index = getattr(of, name)
            assert index(many).shape == (4,)
            assert index(many) == pytest.approx([float(index(one)) for one in many])
