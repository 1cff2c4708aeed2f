"""The mathematics of comparison: matrices, priorities, consistency, groups of experts.

Arrays in, arrays or frozen results out; knows nothing of documents, customers or files.
"""

from ahpvalue.judgments.aggregation import (
    Derivation,
    aggregate_judgments,
    aggregate_priorities,
    mean_judgments,
)
from ahpvalue.judgments.agreement import (
    Clusters,
    clusters,
    compatibility,
    consensus,
    consensus_word,
    homogeneity,
    spread,
)
from ahpvalue.judgments.batches import consistency_ratio, priorities
from ahpvalue.judgments.consistency import (
    CR_LIMIT,
    error_matrix,
    geometric_consistency_index,
    limit_for,
)
from ahpvalue.judgments.format import exact_judgment, judgment_text, write_pairs
from ahpvalue.judgments.incomplete import COMPLETIONS, completed, least_squares
from ahpvalue.judgments.matrix import PairwiseMatrix, measure_consistency
from ahpvalue.judgments.pair_choice import Accuracy, choose_pairs, expected_accuracy
from ahpvalue.judgments.parse import pairs_can_be_named, read_fraction
from ahpvalue.judgments.prioritization import METHODS, principal_eigenvector
from ahpvalue.judgments.random_indices import (
    RANDOM_INDICES,
    RandomIndex,
    random_index,
    simulate_random_index,
)
from ahpvalue.judgments.repair_search import Measure, Repair, repair, xu_wei
from ahpvalue.judgments.results import Consistency, Priorities
from ahpvalue.judgments.revision import Influence, influences
from ahpvalue.judgments.sampling import (
    HALF_STEP,
    check_steps,
    draw_answers,
    resample_experts,
    tomashevskii_errors,
)
from ahpvalue.judgments.scales import SCALES, apply_scale, scale_maximum, worth

__all__ = [
    "COMPLETIONS",
    "CR_LIMIT",
    "HALF_STEP",
    "METHODS",
    "RANDOM_INDICES",
    "SCALES",
    "Accuracy",
    "Clusters",
    "Consistency",
    "Derivation",
    "Influence",
    "Measure",
    "PairwiseMatrix",
    "Priorities",
    "RandomIndex",
    "Repair",
    "aggregate_judgments",
    "aggregate_priorities",
    "apply_scale",
    "check_steps",
    "choose_pairs",
    "clusters",
    "compatibility",
    "completed",
    "consensus",
    "consensus_word",
    "consistency_ratio",
    "draw_answers",
    "error_matrix",
    "exact_judgment",
    "expected_accuracy",
    "geometric_consistency_index",
    "homogeneity",
    "influences",
    "judgment_text",
    "least_squares",
    "limit_for",
    "mean_judgments",
    "measure_consistency",
    "pairs_can_be_named",
    "principal_eigenvector",
    "priorities",
    "random_index",
    "read_fraction",
    "repair",
    "resample_experts",
    "scale_maximum",
    "simulate_random_index",
    "spread",
    "tomashevskii_errors",
    "worth",
    "write_pairs",
    "xu_wei",
]
