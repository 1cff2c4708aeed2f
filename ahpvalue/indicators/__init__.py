"""Indicators: value functions as knots, and fitting them to a reference population."""

from ahpvalue.indicators.fitting import bound, percentile_knots, reference_hash, spread_of
from ahpvalue.indicators.functions import Knots, line, mirrored, trapezium

__all__ = [
    "Knots",
    "bound",
    "line",
    "mirrored",
    "percentile_knots",
    "reference_hash",
    "spread_of",
    "trapezium",
]
