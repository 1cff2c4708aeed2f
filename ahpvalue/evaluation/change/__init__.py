"""What changed between two periods, split into causes."""

from ahpvalue.evaluation.change.movements import Movements, movements_of

__all__ = [
    "Movements",
    "movements_of",
]
