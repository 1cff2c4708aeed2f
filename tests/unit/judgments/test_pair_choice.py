"""Which pairs are asked when all would be too many."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.connectivity import connected
from ahpvalue.judgments.pair_choice import choose_pairs, expected_accuracy


def graph(n, pairs):
    known = np.eye(n, dtype=bool)
    for i, j in pairs:
        known[i, j] = known[j, i] = True
    return known


def test_as_few_as_can_be_are_a_chain_and_one_more_closes_the_ring():
    assert choose_pairs(5, 4) == ((0, 1), (1, 2), (2, 3), (3, 4))
    assert choose_pairs(5, 5) == ((0, 1), (0, 4), (1, 2), (2, 3), (3, 4))
    assert choose_pairs(2, 1) == ((0, 1),)


def test_every_number_of_questions_joins_all_items_about_equally_often():
    for n in range(3, 9):
        for questions in range(n, n * (n - 1) // 2 + 1):
            pairs = choose_pairs(n, questions)
            assert len(set(pairs)) == questions
            assert connected(graph(n, pairs))
            often = graph(n, pairs).sum(axis=1)
            assert often.max() - often.min() <= 2


def test_the_next_question_is_between_the_farthest_of_the_least_asked():
    # On a ring of six the opposite item is the farthest.
    assert set(choose_pairs(6, 7)) - set(choose_pairs(6, 6)) == {(0, 3)}


@pytest.mark.parametrize(("n", "questions"), [(1, 0), (4, 2), (4, 7)])
def test_a_number_that_cannot_be_is_refused(n, questions):
    with pytest.raises(av.JudgmentError, match=f"{n} items are compared by"):
        choose_pairs(n, questions)


def test_more_questions_and_less_noise_find_out_more():
    few, many = (expected_accuracy(6, choose_pairs(6, q), draws=400) for q in (5, 15))
    assert many.error < few.error
    assert many.order > few.order
    exact = expected_accuracy(6, choose_pairs(6, 15), noise=0.0, draws=400)
    assert exact.error < many.error
    assert (few.questions, many.questions) == (5, 15)
