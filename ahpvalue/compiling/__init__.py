"""From a document to what runs: matrices, weights, the plan, rules, and fitting to a population."""

from ahpvalue.compiling.build_plan import build_plan
from ahpvalue.compiling.comparisons import (
    GROUP,
    Comparison,
    compile_comparisons,
    consistency_scale,
    judge_answers,
    local_priorities,
    read_matrix,
    with_objective,
)
from ahpvalue.compiling.compiled import CompiledModel, check_consistency, compile_model
from ahpvalue.compiling.file_columns import column_types
from ahpvalue.compiling.fit import fitted_data
from ahpvalue.compiling.frozen_weights import DECIDE_WEIGHTS, judgments_hash, thaw_weights
from ahpvalue.compiling.objective_weights import objective_table
from ahpvalue.compiling.rules import (
    compile_activity,
    compile_rule,
    line_of_top,
)
from ahpvalue.compiling.summary import ModelConsistency, Weights

__all__ = [
    "DECIDE_WEIGHTS",
    "GROUP",
    "Comparison",
    "CompiledModel",
    "ModelConsistency",
    "Weights",
    "build_plan",
    "check_consistency",
    "column_types",
    "compile_activity",
    "compile_comparisons",
    "compile_model",
    "compile_rule",
    "consistency_scale",
    "fitted_data",
    "judge_answers",
    "judgments_hash",
    "line_of_top",
    "local_priorities",
    "objective_table",
    "read_matrix",
    "thaw_weights",
    "with_objective",
]
