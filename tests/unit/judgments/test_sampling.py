"""Judgments drawn around those given: how wide, how often, and never beyond the scale."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.sampling import draw_answers, resample_experts, tomashevskii_errors


def pair(answer):
    return np.array([[1, answer], [1 / answer, 1]])


def drawn(answer, within=0.5, draws=4_000):
    return draw_answers(pair(answer), draws, np.random.default_rng(1), within)


def test_draws_are_uniform_within_half_a_step_and_reciprocal():
    found = drawn(3.0)
    upper = found[:, 0, 1]
    assert (upper.min(), upper.max()) == (
        pytest.approx(2.5, abs=1e-2),
        pytest.approx(3.5, abs=1e-2),
    )
    counts, _ = np.histogram(upper, 4, (2.5, 3.5))
    assert counts.min() > 900
    assert (found[:, 1, 0] == 1 / upper).all()
    assert (found[:, [0, 1], [0, 1]] == 1).all()


def test_a_draw_near_1_may_change_sides_by_equal_steps():
    upper = drawn(1.0)[:, 0, 1]
    assert upper.min() == pytest.approx(1 / 1.5, abs=1e-2)
    assert upper.max() == pytest.approx(1.5, abs=1e-2)
    assert abs((upper < 1).mean() - 0.5) < 0.05
    third = drawn(1 / 3)[:, 0, 1]
    assert (1 / third.max(), 1 / third.min()) == (
        pytest.approx(2.5, abs=1e-2), pytest.approx(3.5, abs=1e-2)
    )  # fmt: skip


def test_no_draw_lies_beyond_the_scale_unless_the_answer_does():
    assert drawn(9.0)[:, 0, 1].max() <= 9
    assert drawn(9.0)[:, 0, 1].min() < 8.6
    assert drawn(12.0)[:, 0, 1].max() <= 12


def test_a_gap_stays_and_no_width_draws_the_answer():
    gap = np.array([[1, np.nan], [np.nan, 1]])
    assert np.isnan(draw_answers(gap, 3, np.random.default_rng(1))[:, 0, 1]).all()
    assert (drawn(3.0, within=0)[:, 0, 1] == 3).all()
    for within in (-0.1, 8.1):
        with pytest.raises(av.JudgmentError, match="within 0 to 8 steps"):
            drawn(3.0, within)


def test_resampled_shares_are_the_bayesian_bootstraps():
    shares = resample_experts(4, 20_000, np.random.default_rng(2))
    assert shares.sum(axis=1) == pytest.approx(np.full(20_000, 4))
    assert shares.min() > 0
    # A flat Dirichlet over four has variance (1/4)(3/4)/5, here times 16.
    assert shares.var(axis=0) == pytest.approx(np.full(4, 0.6), abs=0.03)


def test_errors_are_the_spread_of_what_each_judgment_says():
    a = np.array([[1, 2, 8], [1 / 2, 1, 3], [1 / 8, 1 / 3, 1]])
    w = av.priorities(a)
    largest = np.linalg.eigvals(a).real.max()
    by_hand = [
        np.sqrt(sum((a[i, k] * w[k] * 3 / largest - w[i]) ** 2 for k in range(3)) / 2)
        for i in range(3)
    ]
    assert tomashevskii_errors(a, w, np.float64(largest)) == pytest.approx(by_hand)
    assert tomashevskii_errors(np.ones((1, 1)), np.ones(1), np.float64(1)).tolist() == [0]


def test_all_eight_steps_of_the_scale_may_be_drawn_and_no_more():
    answers = np.array([[1, 3.0], [1 / 3, 1]])
    drawn = draw_answers(answers, 500, np.random.default_rng(1), 8)
    assert drawn[:, 0, 1].min() < 1 / 5
    for wrong in (8.001, -0.1, True, "2"):
        with pytest.raises(av.JudgmentError, match="within 0 to 8 steps"):
            draw_answers(answers, 5, np.random.default_rng(1), wrong)
