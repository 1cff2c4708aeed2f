"""Several experts' judgments or priorities as one, worked out by hand."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.aggregation import (
    Derivation,
    aggregate_judgments,
    aggregate_priorities,
    mean_judgments,
    mean_priorities,
)

NAN = np.nan


def pair(answer):
    return [[1, answer], [1 / answer, 1]]


def test_a_groups_judgment_is_the_weighted_geometric_mean():
    assert aggregate_judgments([pair(2), pair(8)])[0, 1] == pytest.approx(4)
    assert aggregate_judgments([pair(2), pair(8)], [2, 1])[0, 1] == pytest.approx(32 ** (1 / 3))


def test_who_did_not_answer_a_pair_does_not_count_there():
    ann = [[1, 2, NAN], [1 / 2, 1, 3], [NAN, 1 / 3, 1]]
    bo = [[1, 8, 5], [1 / 8, 1, NAN], [1 / 5, NAN, 1]]
    group = aggregate_judgments([ann, bo], [3, 1])
    assert group[0, 1] == pytest.approx((2**3 * 8) ** (1 / 4))
    assert group[0, 2] == pytest.approx(5)
    assert group[1, 2] == pytest.approx(3)
    assert group[2, 0] * group[0, 2] == pytest.approx(1)


def test_what_nobody_with_a_share_answered_stays_missing():
    both = np.array([pair(2.0), pair(8.0)])
    both[1] = [[1, NAN], [NAN, 1]]
    group = mean_judgments(both, np.array([0.0, 1.0]))
    assert np.isnan(group[0, 1])
    assert np.isnan(group[1, 0])
    assert (np.diagonal(group) == 1).all()


def test_the_two_means_of_priorities_differ():
    each = [[0.8, 0.2], [0.2, 0.8]]
    assert aggregate_priorities(each, [3, 1], "arithmetic") == pytest.approx([0.65, 0.35])
    geometric = np.array([0.8**0.75 * 0.2**0.25, 0.2**0.75 * 0.8**0.25])
    assert aggregate_priorities(each, [3, 1]) == pytest.approx(geometric / geometric.sum())


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("judgments", 2 ** ((1 + 3) / 2)),  # the square root of 2 times 8
        ("priorities", 2 ** ((1 + 3) / 2)),  # two items: the same
        ("priorities-arithmetic", (2 / 3 + 8 / 9) / (1 / 3 + 1 / 9)),
    ],
)
def test_a_derivation_does_what_its_aggregation_says(aggregation, expected):
    answers = np.array([pair(2), pair(8)])
    w = Derivation(aggregation=aggregation).priorities(answers, np.ones(2))
    assert w[0] / w[1] == pytest.approx(expected)


def test_a_derivation_puts_answers_through_its_scale_first():
    answers = np.array([pair(3.0), pair(3.0)])
    w = Derivation(scale="geometric").priorities(answers, np.ones(2))
    assert w[0] / w[1] == pytest.approx(4)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: aggregate_judgments([pair(2)], [1, 2]), "1 experts need 1 weights, not 2"),
        (lambda: aggregate_judgments([pair(2)], [0]), "finite number above 0"),
        (lambda: aggregate_judgments([pair(2)], ["a"]), "experts' weights are numbers"),
        (lambda: aggregate_judgments(pair(2)), r"have the shape \(experts, n, n\)"),
        (lambda: aggregate_judgments([pair(2), [[1, 3], [3, 1]]]), "matrix 1: .*not reciprocal"),
        (lambda: aggregate_priorities([[0.5, 0.6]]), "sum to 1; these do not"),
        (lambda: aggregate_priorities([[1.0, 0.0]]), "finite numbers above 0"),
        (lambda: aggregate_priorities([[0.5, 0.5]], mean="harmonic"), "no mean 'harmonic'"),
    ],
)
def test_what_cannot_be_aggregated_is_refused(call, said):
    with pytest.raises(av.JudgmentError, match=said):
        call()


def test_a_derivation_completes_as_it_says():
    gap = np.array([[1, 3, NAN, 1], [1 / 3, 1, 4, 1 / 2], [NAN, 1 / 4, 1, 1 / 9], [1, 2, 9, 1]])
    found = {
        way: Derivation("eigenvector", way).solve(gap)[0] for way in ("lambda-minimal", "harker")
    }
    for way, weights in found.items():
        assert weights.tolist() == av.priorities(gap, completion=way).tolist()
    assert not np.allclose(found["lambda-minimal"], found["harker"], atol=1e-4)


@pytest.mark.parametrize("arithmetic", [True, False])
def test_means_of_many_groups_at_once_are_those_of_each(arithmetic):
    vectors = np.random.default_rng(1).dirichlet(np.ones(4), (5, 3))
    shares = np.array([0.5, 0.3, 0.2])
    together = mean_priorities(vectors, shares, arithmetic=arithmetic)
    assert together.sum(axis=-1) == pytest.approx(np.ones(5))
    for one, mean in zip(vectors, together, strict=True):
        assert mean_priorities(one, shares, arithmetic=arithmetic) == pytest.approx(mean)
