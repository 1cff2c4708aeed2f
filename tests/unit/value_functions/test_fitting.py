"""What a population's values become: bounds, percentile knots, lines and trapezia."""

import numpy as np
import pytest

from ahpvalue.value_functions import bound, line, percentile_knots, trapezium


def test_percentiles_interpolate_as_definition_7_does():
    assert bound("p10", np.array([1.0, 2.0, 4.0])) == pytest.approx(1.2)
    assert bound("p62.5", np.array([1.0, 2.0, 4.0])) == pytest.approx(2.5)


def test_a_zero_inflated_column_gives_its_many_zeros_one_share():
    values = np.array([0.0] * 90 + [float(v) for v in range(1, 11)])
    knots, error = percentile_knots(values, points=5)
    assert len(knots) <= 5
    assert error < 0.5
    assert knots[0] == (0, round(100 * 44.5 / 99, 4))
    assert knots[-1] == (10, 100)


def test_a_bound_on_the_best_figure_keeps_the_best_score():
    assert trapezium(10, (10, 20), 30) == [(10, 100), (20, 100), (30, 0)]
    assert trapezium(5, (5, 5), 5) == [(5, 50)]  # all alike
    assert line(4, 4) == [(4, 50)]


def shares_of(values):
    distinct, counts = np.unique(values, return_counts=True)
    return distinct, (np.cumsum(counts) - counts + (counts - 1) / 2) * 100 / (len(values) - 1)


SHAPES = {
    "lognormal": lambda rng: rng.lognormal(sigma=2, size=5_000),
    "many zeros": lambda rng: np.where(rng.random(3_000) < 0.6, 0.0, rng.pareto(1.1, 3_000)),
    "whole numbers": lambda rng: rng.poisson(4.0, 2_000).astype(float),
    "negative and huge": lambda rng: rng.standard_cauchy(4_000) * 1e12,
    "tiny": lambda rng: rng.random(500) * 1e-300,
    "two": lambda _: np.array([1.0, 2.0]),
    "nearest floats": lambda _: np.nextafter(1.0, 2.0) * np.ones(3) - [0, 2.3e-16, 0],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tolerance", [0.05, 0.25, 3.0])
def test_no_reference_value_is_further_from_its_share_than_the_tolerance(shape, tolerance):
    values = SHAPES[shape](np.random.default_rng(7))
    knots, error = percentile_knots(values, tolerance=tolerance)
    distinct, shares = shares_of(values)
    off = np.abs(np.interp(distinct, *zip(*knots, strict=True)) - shares).max()
    assert off <= tolerance
    assert error == pytest.approx(off)
    assert (knots[0][0], knots[-1][0]) == (values.min(), values.max())
    assert {x for x, _ in knots} <= set(values)


def test_a_tolerance_of_a_quarter_needs_fewer_knots_than_a_hundred():
    values = np.random.default_rng(1).lognormal(size=20_000)
    assert len(percentile_knots(values)[0]) < 50


def test_a_ceiling_of_knots_widens_the_tolerance_no_more_than_it_must():
    values = np.random.default_rng(1).lognormal(size=20_000)
    knots, error = percentile_knots(values, points=8)
    assert len(knots) <= 8
    assert error > 0.25
    assert len(percentile_knots(values, tolerance=error * 0.9)[0]) > 8


def test_low_is_the_mirror_of_high():
    values = np.random.default_rng(2).gamma(2.0, size=900)
    high, low = (percentile_knots(values, better)[0] for better in ("high", "low"))
    assert [(x, 100 - y) for x, y in high] == low
