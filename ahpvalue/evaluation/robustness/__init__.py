"""How sure scores and tiers are under other weights."""

from ahpvalue.evaluation.robustness.draws import warn_of_stated_weights
from ahpvalue.evaluation.robustness.robustness import Robustness, measure_robustness
from ahpvalue.evaluation.robustness.sensitivity import Sensitivity, measure_sensitivity
from ahpvalue.evaluation.robustness.stability import Stability, measure_stability

__all__ = [
    "Robustness",
    "Sensitivity",
    "Stability",
    "measure_robustness",
    "measure_sensitivity",
    "measure_stability",
    "warn_of_stated_weights",
]
