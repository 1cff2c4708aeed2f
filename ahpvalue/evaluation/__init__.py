"""From scores to decisions: tiers, core customers, movements, reasons, and the record of them."""

from ahpvalue.evaluation.change import Movements, movements_of
from ahpvalue.evaluation.concentration import Concentration, concentration
from ahpvalue.evaluation.core import Core, core_of
from ahpvalue.evaluation.explain import Explanation, WayUp, explanation_of, reasons_of, way_up_of
from ahpvalue.evaluation.record import History, Record, check_history, record_of
from ahpvalue.evaluation.recourse import Paths, paths_of
from ahpvalue.evaluation.robustness import (
    Robustness,
    Sensitivity,
    Stability,
    robustness_of,
    sensitivity_of,
    stability_of,
)
from ahpvalue.evaluation.segments import Segmentation, segments_of
from ahpvalue.evaluation.shift import Shift, shift_of
from ahpvalue.evaluation.tiers import Tiers, published_tiers, refuse_later, tiers_of
from ahpvalue.support.periods import season_of

__all__ = [
    "Concentration",
    "Core",
    "Explanation",
    "History",
    "Movements",
    "Paths",
    "Record",
    "Robustness",
    "Segmentation",
    "Sensitivity",
    "Shift",
    "Stability",
    "Tiers",
    "WayUp",
    "check_history",
    "concentration",
    "core_of",
    "explanation_of",
    "movements_of",
    "paths_of",
    "published_tiers",
    "reasons_of",
    "record_of",
    "refuse_later",
    "robustness_of",
    "season_of",
    "segments_of",
    "sensitivity_of",
    "shift_of",
    "stability_of",
    "tiers_of",
    "way_up_of",
]
