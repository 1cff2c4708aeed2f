"""Missing judgments: each way to do without them, held against what it is by definition."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.incomplete import COMPLETIONS, completed, least_squares, solve_incomplete
from ahpvalue.judgments.prioritization import METHODS, principal_eigenvector

NAN = np.nan


def test_each_missing_judgment_is_the_ratio_that_makes_lambda_least():
    # Left and right vectors move alike here for a step, so that their ratio stands still.
    given = np.array(
        [
            [1, 1 / 7, 1 / 9, 1, 9],
            [7, 1, NAN, NAN, 1 / 6],
            [9, NAN, 1, 1 / 3, NAN],
            [1, NAN, 3, 1, NAN],
            [1 / 9, 6, NAN, NAN, 1],
        ]
    )
    full = completed(given)
    right, least = principal_eigenvector(full)
    left, _ = principal_eigenvector(full.T)
    r = np.sqrt(right / left)
    wanted = np.clip(r[:, None] / r, 1 / 9, 9)
    assert np.abs(np.log(full / np.where(np.isnan(given), wanted, given))).max() < 1e-10
    assert abs(least - 9.62227342384758) < 1e-12


CHAIN = np.array([[1, 3, NAN], [1 / 3, 1, 4], [NAN, 1 / 4, 1]])


@pytest.mark.parametrize(
    ("method", "way"), [(method, way) for method, ways in COMPLETIONS.items() for way in ways]
)
def test_a_chain_has_one_answer_by_every_way(method, way):
    weights, largest = solve_incomplete(CHAIN, method, way)
    assert weights == pytest.approx(np.array([12, 4, 1]) / 17, abs=1e-12)
    assert largest == 3


def test_a_chain_is_completed_by_its_product_be_it_beyond_the_scale():
    assert completed(CHAIN)[0, 2] == pytest.approx(12)


CONTRADICTORY = np.array(
    [[1, 3, NAN, 1], [1 / 3, 1, 4, 1 / 2], [NAN, 1 / 4, 1, 1 / 9], [1, 2, 9, 1]]
)


def test_harkers_matrix_counts_the_missing_on_the_diagonal():
    weights, largest = solve_incomplete(CONTRADICTORY, "eigenvector", "harker")
    by_hand = np.nan_to_num(CONTRADICTORY, nan=0.0)
    by_hand[0, 0] = by_hand[2, 2] = 2.0
    values, vectors = np.linalg.eig(by_hand)
    best = np.abs(vectors[:, values.real.argmax()].real)
    assert weights == pytest.approx(best / best.sum(), abs=1e-12)
    assert largest == pytest.approx(values.real.max(), abs=1e-12)


def test_least_squares_solves_the_normal_equations():
    rows, right = [], []
    for i in range(4):
        for j in range(i + 1, 4):
            if not np.isnan(CONTRADICTORY[i, j]):
                rows.append(np.eye(4)[i] - np.eye(4)[j])
                right.append(np.log(CONTRADICTORY[i, j]))
    logs = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    by_hand = np.exp(logs) / np.exp(logs).sum()
    assert least_squares(CONTRADICTORY) == pytest.approx(by_hand, abs=1e-12)
    found, _ = solve_incomplete(CONTRADICTORY, "geometric-mean", "least-squares")
    assert found == pytest.approx(by_hand, abs=1e-12)


def test_complete_matrices_of_a_batch_have_the_bits_they_have_alone():
    whole = completed(CONTRADICTORY)
    together = solve_incomplete(np.array([whole, CONTRADICTORY, whole]))[0]
    assert (
        together[0].tobytes() == together[2].tobytes() == METHODS["eigenvector"](whole)[0].tobytes()
    )


def test_a_way_that_does_not_go_with_the_method_is_refused():
    with pytest.raises(av.JudgmentError, match="by lambda-minimal for the method column-mean"):
        solve_incomplete(CONTRADICTORY, "column-mean", "harker")
