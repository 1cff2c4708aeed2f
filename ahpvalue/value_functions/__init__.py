"""Value functions: knots between which scores are read, and how a population sets them."""

from ahpvalue.value_functions.entropy_critic import (
    COMBINATIONS,
    OBJECTIVE,
    combine_weights,
    critic_weights,
    entropy_weights,
)
from ahpvalue.value_functions.fitting import (
    bound,
    measure_spread,
    percentile_knots,
    reference_hash,
    thin,
)
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
    "measure_spread",
    "mirrored",
    "percentile_knots",
    "reference_hash",
    "thin",
    "trapezium",
]
