"""Indicators: from transactions to figures, value functions as knots, fitting them."""

from ahpvalue.indicators.fitting import bound, percentile_knots, reference_hash, spread_of
from ahpvalue.indicators.functions import Knots, line, mirrored, trapezium
from ahpvalue.indicators.objective import (
    COMBINATIONS,
    OBJECTIVE,
    combine_weights,
    critic_weights,
    entropy_weights,
)
from ahpvalue.indicators.transactions import calendar_periods, from_transactions

__all__ = [
    "COMBINATIONS",
    "OBJECTIVE",
    "Knots",
    "bound",
    "calendar_periods",
    "combine_weights",
    "critic_weights",
    "entropy_weights",
    "from_transactions",
    "line",
    "mirrored",
    "percentile_knots",
    "reference_hash",
    "spread_of",
    "trapezium",
]
