"""Three ways from a matrix to priorities, each held against what it is by definition."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.prioritization import METHODS, blocks, squared_eigenvector

# Saaty's school example is inconsistent enough that the three ways differ in the third digit.
MATRIX = np.array(
    [
        [1, 4, 3, 1, 3, 4],
        [1 / 4, 1, 7, 3, 1 / 5, 1],
        [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
        [1, 1 / 3, 5, 1, 1, 1 / 3],
        [1 / 3, 5, 5, 1, 1, 3],
        [1 / 4, 1, 6, 3, 1 / 3, 1],
    ]
)


def test_the_eigenvector_is_the_dense_solvers():
    weights, largest = METHODS["eigenvector"](MATRIX)
    values, vectors = np.linalg.eig(MATRIX)
    best = values.real.argmax()
    by_hand = np.abs(vectors[:, best].real)
    assert weights == pytest.approx(by_hand / by_hand.sum(), abs=1e-12)
    assert largest == pytest.approx(values.real.max(), abs=1e-12)


def test_the_geometric_mean_is_that_of_the_rows_and_has_the_matrixs_own_lambda():
    weights, largest = METHODS["geometric-mean"](MATRIX)
    by_hand = MATRIX.prod(axis=1) ** (1 / 6)
    assert weights == pytest.approx(by_hand / by_hand.sum(), abs=1e-14)
    assert largest == METHODS["eigenvector"](MATRIX)[1]


def test_the_column_mean_takes_lambda_as_the_tables_made_with_it_do():
    weights, largest = METHODS["column-mean"](MATRIX)
    by_hand = (MATRIX / MATRIX.sum(axis=0)).mean(axis=1)
    assert weights == pytest.approx(by_hand, abs=1e-14)
    assert largest == pytest.approx(np.mean(MATRIX @ by_hand / by_hand), abs=1e-12)
    assert largest != pytest.approx(METHODS["eigenvector"](MATRIX)[1], abs=1e-3)


def test_the_three_ways_are_three():
    found = [METHODS[method](MATRIX)[0].round(3).tolist() for method in METHODS]
    assert len({tuple(one) for one in found}) == 3


def test_what_power_iteration_cannot_settle_is_squared():
    # A cycle of thousands turns the vector for thousands of steps.
    cycle = np.array([[1, 5e3, 2e-4], [2e-4, 1, 5e3], [5e3, 2e-4, 1]])
    cycle[0, 1], cycle[1, 0] = 4e3, 1 / 4e3
    weights, largest = METHODS["eigenvector"](cycle)
    values, vectors = np.linalg.eig(cycle)
    best = np.abs(vectors[:, values.real.argmax()].real)
    assert weights == pytest.approx(best / best.sum(), rel=1e-9)
    assert largest == pytest.approx(values.real.max(), rel=1e-12)
    assert squared_eigenvector(cycle[None])[0][0] == pytest.approx(weights, rel=1e-14)


@pytest.mark.parametrize("n", [3, 5, 8, 12])
def test_weights_follow_a_change_of_units_to_the_last_digits(n):
    """Judgments from 1e-9 to 1e9: powers of two are exact, so that only the solver can be off."""
    rng = np.random.default_rng(n)
    upper = np.triu(10.0 ** rng.uniform(-9, 9, (60, n, n)), 1)
    matrices = upper + np.triu(1 / np.where(upper > 0, upper, 1), 1).transpose(0, 2, 1) + np.eye(n)
    units = 2.0 ** rng.integers(-20, 20, (60, n))
    weights, largest = METHODS["eigenvector"](matrices)
    others, again = METHODS["eigenvector"](matrices / units[:, :, None] * units[:, None, :])
    back = others * units
    np.testing.assert_allclose(back / back.sum(axis=1, keepdims=True), weights, rtol=1e-11)
    np.testing.assert_allclose(again, largest, rtol=1e-11)


@pytest.mark.parametrize("method", METHODS)
def test_two_items_have_lambda_2_to_the_last_bit(method):
    assert METHODS[method](np.array([[1, 1 / 3], [3, 1]]))[1] == pytest.approx(2, abs=1e-15)
    assert METHODS["eigenvector"](np.array([[1, 1 / 3], [3, 1]]))[1] == 2


def test_blocks_cover_everything_once():
    for count, n in ((1, 3), (4_445, 3), (10_000, 9), (3, 300)):
        parts = list(blocks(count, n))
        assert parts[0].start == 0
        assert [a.stop for a in parts[:-1]] == [b.start for b in parts[1:]]
        assert parts[-1].stop >= count > parts[-1].start


def test_an_unknown_method_is_refused_with_the_nearest():
    with pytest.raises(av.JudgmentError, match="did you mean 'eigenvector'"):
        av.priorities(MATRIX, method="eigenvektor")
