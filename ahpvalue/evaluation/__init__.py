"""From scores to decisions: tiers, core customers, movements, reasons, and the record of them."""

from ahpvalue.evaluation.concentration import concentration
from ahpvalue.evaluation.history import History
from ahpvalue.evaluation.periods import season_of

__all__ = ["History", "concentration", "season_of"]
