"""Indicators: value functions as knots, and fitting them to a reference population."""

from ahpvalue.indicators.fitting import bound, percentile_knots, reference_hash, spread_of
from ahpvalue.indicators.functions import Knots, line, mirrored, trapezium
from ahpvalue.indicators.objective import (
    COMBINATIONS,
    OBJECTIVE,
    combine_weights,
    critic_weights,
    entropy_weights,
)

__all__ = [
    "COMBINATIONS",
    "OBJECTIVE",
    "Knots",
    "bound",
    "combine_weights",
    "critic_weights",
    "entropy_weights",
    "line",
    "mirrored",
    "percentile_knots",
    "reference_hash",
    "spread_of",
    "trapezium",
]
