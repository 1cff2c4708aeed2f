"""What a population's values become: bounds, percentile knots, lines and trapezia."""

import numpy as np
import pytest

from ahpvalue.value_functions import bound, line, percentile_knots, trapezium


def test_percentiles_interpolate_as_definition_7_does():
    assert bound("p10", np.array([1.0, 2.0, 4.0])) == pytest.approx(1.2)
    assert bound("p62.5", np.array([1.0, 2.0, 4.0])) == pytest.approx(2.5)


def test_a_zero_inflated_column_gives_its_many_zeros_one_share():
    knots = percentile_knots(np.array([0.0] * 90 + [float(v) for v in range(1, 11)]), points=5)
    assert knots[0] == (0, round(100 * 44.5 / 99, 4))
    assert knots[-1] == (10, 100)


def test_a_bound_on_the_best_figure_keeps_the_best_score():
    assert trapezium(10, (10, 20), 30) == [(10, 100), (20, 100), (30, 0)]
    assert trapezium(5, (5, 5), 5) == [(5, 50)]  # all alike
    assert line(4, 4) == [(4, 50)]
