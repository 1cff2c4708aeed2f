"""Missing judgments: each way to do without them, held against what it is by definition."""

import numpy as np
import pytest
from scipy.optimize import minimize

import ahpvalue as av
from ahpvalue.judgments.incomplete import COMPLETIONS, completed, least_squares, solve_incomplete
from ahpvalue.judgments.prioritization import METHODS, principal_eigenvector
from ahpvalue.judgments.random_indices import _random_matrices, _with_missing_pairs

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
    assert largest == pytest.approx(3, abs=1e-15 * 4)


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


def full_of(upper, n=4):
    a = np.ones((n, n))
    for (i, j), value in upper.items():
        a[i, j], a[j, i] = value, 1 / value
    return a


def test_weights_and_ratio_move_continuously_where_an_answer_passes_what_the_others_imply():
    """Cut at 9, bd = 9 gave .675 and 9.001 gave .611."""
    found = []
    for bd in (8.9, 9.0, 9.001):
        given = {(0, 1): 3, (0, 2): 9, (1, 2): 3, (2, 3): 3, (1, 3): bd, (0, 3): NAN}
        weights, largest = solve_incomplete(full_of(given))
        found.append(np.append(weights, largest))
    assert np.abs(found[0] - found[1]).max() < 1e-3
    assert np.abs(found[2] - found[1]).max() < 1e-5
    assert found[1] == pytest.approx([0.675, 0.225, 0.075, 0.025, 4.0], abs=1e-12)


@pytest.mark.parametrize(("n", "missing"), [(4, 1), (4, 2), (5, 5), (6, 8), (7, 3), (9, 20)])
def test_completed_judgments_make_lambda_least(n, missing):
    """Against a general minimiser over the missing logarithms, from another start."""
    rng = np.random.default_rng(n * 100 + missing)
    matrices = _with_missing_pairs(_random_matrices(n, 3, rng), missing, rng)
    for matrix in matrices:
        least = principal_eigenvector(completed(matrix))[1]
        rows, columns = np.nonzero(np.triu(np.isnan(matrix)))

        def largest(logs, matrix=matrix, rows=rows, columns=columns):
            full = matrix.copy()
            full[rows, columns], full[columns, rows] = np.exp(logs), np.exp(-logs)
            return float(np.linalg.eigvals(full).real.max())

        other = minimize(largest, rng.normal(size=missing), method="BFGS", options={"gtol": 1e-9})
        assert least <= other.fun + 1e-9
        assert least == pytest.approx(other.fun, abs=1e-5)


def test_a_completion_does_not_depend_on_the_other_matrices_of_a_batch():
    rng = np.random.default_rng(3)
    matrices = _with_missing_pairs(_random_matrices(6, 40, rng), 4, rng)
    together = completed(matrices)
    assert all(
        (completed(one) == whole).all() for one, whole in zip(matrices, together, strict=True)
    )


def test_even_answers_a_billion_apart_are_completed():
    given = {(0, 1): 1e9, (0, 2): NAN, (1, 2): 1e9, (0, 3): 1e-9, (1, 3): NAN, (2, 3): 1e9}
    full = completed(full_of(given))
    value, step = principal_eigenvector(full)[1], 1e-3
    for i, j in ((0, 2), (1, 3)):
        for factor in (1 + step, 1 / (1 + step)):
            other = full.copy()
            other[i, j] *= factor
            other[j, i] /= factor
            assert principal_eigenvector(other)[1] >= value * (1 - 1e-12)


def test_matrices_solved_together_are_solved_as_alone_by_every_way():
    rng = np.random.default_rng(4)
    matrices = _with_missing_pairs(_random_matrices(5, 3, rng), 2, rng)
    for method, ways in COMPLETIONS.items():
        for way in ways:
            weights, lambdas = solve_incomplete(matrices, method, way)
            for k, one in enumerate(matrices):
                alone = solve_incomplete(one, method, way)
                assert weights[k] == pytest.approx(alone[0], abs=1e-14)
                assert lambdas[k] == pytest.approx(float(alone[1]), rel=1e-14)


def test_a_handful_of_steps_is_enough(monkeypatch):
    rng = np.random.default_rng(7)
    matrices = _with_missing_pairs(_random_matrices(6, 40, rng), 5, rng)
    patiently = completed(matrices)
    monkeypatch.setattr("ahpvalue.judgments.incomplete._STEPS", 7)
    assert np.abs(np.log(completed(matrices) / patiently)).max() < 1e-9


def test_least_squares_and_the_least_lambda_are_two_ways():
    rng = np.random.default_rng(8)
    (given,) = _with_missing_pairs(_random_matrices(6, 1, rng), 5, rng)
    by_squares, by_lambda = (
        solve_incomplete(given, "geometric-mean", way)[0] for way in COMPLETIONS["geometric-mean"]
    )
    assert by_squares == pytest.approx(least_squares(given))
    assert by_lambda == pytest.approx(METHODS["geometric-mean"](completed(given))[0])
    assert np.abs(by_squares - by_lambda).max() > 1e-3
