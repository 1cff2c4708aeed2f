"""How sure scores and tiers are under other weights."""

from ahpvalue.evaluation.robustness.robustness import Robustness, robustness_of
from ahpvalue.evaluation.robustness.sensitivity import Sensitivity, sensitivity_of
from ahpvalue.evaluation.robustness.stability import Stability, stability_of

__all__ = [
    "Robustness",
    "Sensitivity",
    "Stability",
    "robustness_of",
    "sensitivity_of",
    "stability_of",
]
