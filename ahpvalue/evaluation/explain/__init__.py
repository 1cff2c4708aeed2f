"""Reasons and explanations fit for the customer."""

from ahpvalue.evaluation.explain.explanation import (
    Explanation,
    PathUp,
    explain_customer,
    find_path_up,
    list_reasons,
)
from ahpvalue.evaluation.explain.reasons import measure_effects
from ahpvalue.evaluation.explain.words import customers_in_words

__all__ = [
    "Explanation",
    "PathUp",
    "customers_in_words",
    "explain_customer",
    "find_path_up",
    "list_reasons",
    "measure_effects",
]
