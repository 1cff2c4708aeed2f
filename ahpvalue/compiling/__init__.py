"""From a document to what runs: matrices, weights, the plan, rules, and fitting to a population."""

from ahpvalue.compiling.build_plan import build_plan, unfitted
from ahpvalue.compiling.column_types import column_types
from ahpvalue.compiling.comparisons import (
    GROUP,
    Comparison,
    Judged,
    comparisons_of,
    local_priorities,
    matrix_of,
    with_objective,
)
from ahpvalue.compiling.fit import fitted_data
from ahpvalue.compiling.objective_weights import objective_table
from ahpvalue.compiling.rules import activity_of, line_of_top, lines_to_draw, rule_of, waiting
from ahpvalue.compiling.summary import ModelConsistency, Weights

__all__ = [
    "GROUP",
    "Comparison",
    "Judged",
    "ModelConsistency",
    "Weights",
    "activity_of",
    "build_plan",
    "column_types",
    "comparisons_of",
    "fitted_data",
    "line_of_top",
    "lines_to_draw",
    "local_priorities",
    "matrix_of",
    "objective_table",
    "rule_of",
    "unfitted",
    "waiting",
    "with_objective",
]
