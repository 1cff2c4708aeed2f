"""Many matrices at once: what is refused is named by matrix and cell."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.batches import checked, consistency_ratio, priorities

NAN = np.nan
A = np.array([[1, 2, 8], [1 / 2, 1, 3], [1 / 8, 1 / 3, 1]])


def with_cell(i, j, value, twin=None):
    batch = np.array([A, A])
    batch[1, i, j] = value
    if twin is not None:
        batch[1, j, i] = twin
    return batch


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (with_cell(0, 1, np.inf), "row 1, column 2: matrix 1: inf is not finite"),
        (with_cell(0, 1, -2), "row 1, column 2: matrix 1: -2 is not above 0"),
        (with_cell(2, 2, 3), "row 3, column 3: matrix 1: 3 stands on the diagonal"),
        (with_cell(0, 2, NAN), r"row 1, column 3: matrix 1: nan \(missing\) has its reciprocal"),
        (with_cell(0, 2, 7.9), "row 1, column 3: matrix 1: 7.9 and the entry across"),
        (np.ones((2, 3)), r"have the shape \(..., n, n\), not \(2, 3\)"),
        ([["1/3"]], "for fractions as text"),
    ],
)
def test_the_first_fault_is_named(batch, said):
    with pytest.raises(av.JudgmentError, match=said):
        checked(batch)


def test_a_third_written_with_seven_digits_passes_and_with_five_does_not():
    assert checked([[1, 3], [0.3333333, 1]]) is not None
    with pytest.raises(av.JudgmentError, match="not reciprocal"):
        checked([[1, 3], [0.33333, 1]])


def test_islands_are_named_by_matrix():
    parted = np.array([A, A])
    parted[1, 0, 1:] = parted[1, 1:, 0] = NAN
    with pytest.raises(av.JudgmentError, match=r"matrix 1: .* 2 islands .*\(0; 1, 2, counted"):
        priorities(parted)


def test_a_ratio_is_the_index_over_the_named_table():
    ci = (np.linalg.eigvals(A).real.max() - 3) / 2
    for table in ("saaty-1980", "alonso-lamata"):
        assert consistency_ratio(A, table) == pytest.approx(ci / av.RANDOM_INDICES[table][3])


def test_each_matrix_of_a_batch_has_the_index_for_what_it_lacks():
    four = np.array([[1, 2, 4, 1], [1 / 2, 1, 3, 2], [1 / 4, 1 / 3, 1, 2], [1, 1 / 2, 1 / 2, 1]])
    gap = four.copy()
    gap[0, 1] = gap[1, 0] = NAN
    tree = np.full((4, 4), NAN)
    np.fill_diagonal(tree, 1)
    for k in range(3):
        tree[k, k + 1], tree[k + 1, k] = 2, 1 / 2
    found = consistency_ratio(np.array([four, gap, tree]))
    assert found[0] == consistency_ratio(four)
    assert found[1] == consistency_ratio(gap)
    assert np.isnan(found[2])  # nothing could contradict anything: not testable


def test_two_items_have_a_ratio_of_0_and_an_unknown_table_is_refused_even_so():
    assert consistency_ratio([[1, 9], [1 / 9, 1]]) == 0
    with pytest.raises(av.JudgmentError, match="no random index table"):
        consistency_ratio([[1, 9], [1 / 9, 1]], "saaty")
