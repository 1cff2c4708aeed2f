"""Functions of arrays take `PairwiseMatrix` and `Priorities`, one or a list of them."""

import inspect

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments import expected_accuracy
from ahpvalue.support.defaults import SEED

ANN = av.PairwiseMatrix([[1, 6, 3], ["1/6", 1, "1/2"], ["1/3", 2, 1]], labels=["a", "b", "c"])
BO = av.PairwiseMatrix([[1, 3, 5], ["1/3", 1, None], ["1/5", None, 1]], labels=["a", "b", "c"])


def test_priorities_of_a_matrix_are_those_the_matrix_gives():
    assert np.array_equal(av.priorities(ANN), ANN.priorities().weights)
    both = av.priorities([ANN, BO])
    assert np.array_equal(both, [ANN.priorities().weights, BO.priorities().weights])


def test_the_consistency_ratio_of_a_matrix_is_the_one_the_matrix_gives():
    sure = av.PairwiseMatrix([[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]])
    assert av.consistency_ratio(sure) == sure.consistency().cr
    assert np.array_equal(av.consistency_ratio([sure, ANN]), [sure.consistency().cr, 0.0])


def test_matrices_are_aggregated_as_their_arrays_are():
    stacked = np.array([ANN.values, BO.values])
    assert np.array_equal(av.aggregate_judgments([ANN, BO]), av.aggregate_judgments(stacked))
    own = [ANN.priorities(), BO.priorities()]
    weights = np.array([one.weights for one in own])
    assert np.array_equal(av.aggregate_priorities(own), av.aggregate_priorities(weights))


def test_experts_who_compare_other_items_are_not_aggregated():
    turned = av.PairwiseMatrix(ANN.values, labels=["b", "a", "c"])
    with pytest.raises(av.JudgmentError, match="same items in the same order, not a, b, c against"):
        av.aggregate_judgments([ANN, turned])
    with pytest.raises(av.JudgmentError, match="same items in the same order, not a, b, c against"):
        av.aggregate_priorities([ANN.priorities(), turned.priorities()])


def test_matrices_of_several_sizes_are_refused():
    with pytest.raises(av.JudgmentError, match="all of one size"):
        av.priorities([ANN, av.PairwiseMatrix([[1, 2], ["1/2", 1]])])


def test_what_a_function_does_to_its_array_does_not_reach_the_matrix():
    np.asarray(ANN)[0, 1] = 9
    assert ANN["a", "b"] == 6


def test_everything_drawn_at_random_has_one_default_seed():
    drawn = (
        av.simulate_random_index,
        expected_accuracy,
        av.design_questions,
        av.Model.uncertainty,
        av.Model.weight_draws,
        av.Model.sensitivity,
        av.Scores.robustness,
    )
    assert {inspect.signature(one).parameters["seed"].default for one in drawn} == {SEED}
