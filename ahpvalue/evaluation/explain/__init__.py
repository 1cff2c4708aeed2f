"""Reasons and explanations fit for the customer."""

from ahpvalue.evaluation.explain.explanation import (
    Explanation,
    WayUp,
    explanation_of,
    reasons_of,
    way_up_of,
)
from ahpvalue.evaluation.explain.reasons import effects_of
from ahpvalue.evaluation.explain.words import customers_in_words

__all__ = [
    "Explanation",
    "WayUp",
    "customers_in_words",
    "effects_of",
    "explanation_of",
    "reasons_of",
    "way_up_of",
]
