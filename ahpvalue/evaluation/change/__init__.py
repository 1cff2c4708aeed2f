"""What changed between two periods, split into causes."""

from ahpvalue.evaluation.change.movements import Movements, compare_scores

__all__ = [
    "Movements",
    "compare_scores",
]
