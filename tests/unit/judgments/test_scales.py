"""What an answer is worth on each scale, and where a scale ends."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.scales import (
    ANSWERS,
    SCALES,
    apply_scale,
    nearest_answer,
    scale_maximum,
    worth,
)

WORTH_OF_5 = {  # among four items, from the formulas in Goepel (2018)
    "linear": 5,
    "logarithmic": np.log2(6),
    "root": np.sqrt(5),
    "inverse-linear": 9 / 5,
    "balanced": 14 / 6,
    "balanced-n": 24 / 8,
    "adaptive-balanced": 0.575 * 3 / 0.425,
    "adaptive": 5**1.5,
    "power": 25,
    "geometric": 16,
}


def pair(answer):
    return np.array([[1, answer], [1 / answer, 1]])


def of_four(answer):
    matrix = np.ones((4, 4))
    matrix[0, 1], matrix[1, 0] = answer, 1 / answer
    return matrix


@pytest.mark.parametrize("scale", SCALES)
def test_a_five_among_four_items_is_worth_what_the_formula_says(scale):
    assert set(WORTH_OF_5) == set(SCALES)
    assert worth(5, scale, 4) == pytest.approx(WORTH_OF_5[scale])
    ratios = apply_scale(of_four(5.0), scale)
    assert ratios[0, 1] == pytest.approx(WORTH_OF_5[scale])
    assert ratios[1, 0] == 1 / ratios[0, 1]


@pytest.mark.parametrize("scale", [*SCALES])
def test_equal_is_worth_1_and_the_end_of_a_scale_is_a_nine(scale):
    assert worth(1, scale, 4) == pytest.approx(1)
    assert scale_maximum(scale, 4) == worth(9, scale, 4) == apply_scale(of_four(9.0), scale)[0, 1]


def test_a_nine_but_for_rounding_is_a_nine_and_what_lies_beyond_is_refused():
    nearly = 9 * (1 + 5e-10)
    for scale in ("inverse-linear", "balanced", "geometric"):
        # To the last bit: beyond 9 the inverse-linear scale would leave its end behind.
        assert apply_scale(pair(nearly), scale)[0, 1] == scale_maximum(scale, 2)
        with pytest.raises(av.JudgmentError, match=r"9\.5 lies beyond the answers 1/9 to 9"):
            apply_scale(pair(9.5), scale)
        with pytest.raises(av.JudgmentError, match="lies beyond"):
            apply_scale(pair(9 * (1 + 1e-8)), scale)
        end = 9 * (1 + 1e-9)
        at_the_end = np.array([[1, end], [1 / 9, 1]])
        assert apply_scale(at_the_end, scale)[0, 1] == scale_maximum(scale, 2)
    assert apply_scale(pair(33.0), "linear")[0, 1] == 33


def test_an_answer_below_1_beyond_the_scale_is_named_with_its_cell():
    with pytest.raises(av.JudgmentError, match=r"row 1, column 2: 0\.1 lies beyond"):
        apply_scale(pair(0.1), "balanced")


def test_what_is_missing_stays_missing():
    gap = np.array([[1, np.nan], [np.nan, 1]])
    assert np.isnan(apply_scale(gap, "geometric")[[0, 1], [1, 0]]).all()


def test_the_nearest_answer_is_nearest_in_worth_not_in_number():
    assert nearest_answer(2.5).tolist() == 3  # halves go away from 1
    assert nearest_answer(1 / 2.5).tolist() == pytest.approx(1 / 3)
    assert nearest_answer([100.0, 0.001]).tolist() == pytest.approx([9, 1 / 9])
    # On the geometric scale 2, 3 and 4 are worth 2, 4 and 8.
    assert nearest_answer([5.9, 6.1], "geometric").tolist() == [3, 4]


def test_every_answer_is_the_nearest_to_its_own_worth():
    for scale in SCALES:
        worths = [worth(float(answer), scale, 5) for answer in ANSWERS]
        assert nearest_answer(worths, scale, 5) == pytest.approx(ANSWERS)


@pytest.mark.parametrize(
    ("matrices", "scale", "said"),
    [
        ([[1, 3]], "linear", "have the shape"),
        ([["x"]], "linear", "answers are numbers"),
        ([[1, -3], [3, 1]], "linear", "finite numbers above 0"),
        ([[1, 0], [3, 1]], "linear", "finite numbers above 0"),
        ([[1, np.inf], [3, 1]], "linear", "finite numbers above 0"),
        ([[1, 3], [1 / 3, 1]], "geometrical", "did you mean 'geometric'"),
    ],
)
def test_what_is_no_answer_is_refused(matrices, scale, said):
    with pytest.raises(av.JudgmentError, match=said):
        apply_scale(matrices, scale)
