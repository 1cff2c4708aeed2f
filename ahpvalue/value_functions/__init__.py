"""Value functions: knots between which scores are read, and how a population sets them."""

from ahpvalue.value_functions.entropy_critic import (
    COMBINATIONS,
    OBJECTIVE,
    combine_weights,
    critic_weights,
    entropy_weights,
)
from ahpvalue.value_functions.fitting import bound, percentile_knots, reference_hash, spread_of
from ahpvalue.value_functions.knots import Knots, line, mirrored, trapezium

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
