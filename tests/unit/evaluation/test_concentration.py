"""Concentration: what share of the whole how many customers bring, losses kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.evaluation.concentration import concentration

FIGURES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60).filter(lambda v: sum(v) > 1)
GAINS = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).filter(lambda v: sum(v) > 1)


@given(FIGURES)
def test_both_curves_start_at_nothing_and_end_at_the_whole(values):
    found = concentration(values)
    for curve in (found.whale_curve, found.lorenz_curve):
        assert curve[0] == 0
        assert curve[-1] == pytest.approx(1)
    assert found.peak[1] >= 1 - 1e-12
    assert found.share_of_top(1.0) == pytest.approx(1)


@given(GAINS, st.floats(0.01, 0.99))
def test_without_losses_a_share_of_the_whole_is_found_and_found_again(values, share):
    found = concentration(values)
    assert 0 <= found.gini < 1
    assert found.share_of_top(found.share_for(share)) == pytest.approx(share, abs=1e-9)
    assert found.share_of_top(share) >= share - 1e-9


@given(GAINS)
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    v = np.array(values)
    expected = np.abs(v[:, None] - v).mean() / (2 * v.mean())
    assert concentration(values).gini == pytest.approx(expected, abs=1e-9)


@given(FIGURES, st.randoms())
def test_the_order_of_customers_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))
    assert (
        concentration(values).whale_curve.tolist() == concentration(shuffled).whale_curve.tolist()
    )


def test_losses_survive_as_the_whale_curve():
    found = concentration([100, 50, -30, -20])
    assert found.losses == (2, -50)
    assert found.peak == (0.5, 1.5)
    assert found.whale_curve.tolist() == [0, 1, 1.5, 1.3, 1]
    assert "2 customers lose 50; without them 150.0% of the whole" in str(found)


def test_missing_figures_are_counted():
    assert "1 customers without a value are left out" in str(concentration([1, np.nan]))


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf], ["a"]])
def test_without_figures_there_is_nothing_to_measure(values):
    with pytest.raises(av.CustomerDataError, match="values"):
        concentration(values)


def test_a_sum_below_0_has_no_shares():
    with pytest.raises(av.CustomerDataError, match="the sum of profit is -1; shares need a sum"):
        _ = concentration([1, -2], "profit").gini


def test_the_plot_needs_its_extra_or_is_drawn():
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        with pytest.raises(av.MissingExtraError, match=r"ahpvalue\[plot\]"):
            concentration([1, 2]).plot()
    else:
        assert concentration([1, 2]).plot().axes
