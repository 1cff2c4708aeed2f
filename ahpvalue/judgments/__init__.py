"""The mathematics of comparison: matrices, priorities, consistency, groups of experts.

Arrays in, arrays or frozen results out; knows nothing of documents, customers or files.
"""

from ahpvalue.judgments.arrays import consistency_ratio, priorities
from ahpvalue.judgments.consistency import CR_LIMIT, limit_for
from ahpvalue.judgments.group import (
    Derivation,
    aggregate_judgments,
    aggregate_priorities,
    mean_judgments,
)
from ahpvalue.judgments.matrix import PairwiseMatrix, consistency_of
from ahpvalue.judgments.methods import METHODS
from ahpvalue.judgments.random_indices import (
    RANDOM_INDICES,
    RandomIndex,
    random_index,
    simulate_random_index,
)
from ahpvalue.judgments.results import Consistency, Priorities
from ahpvalue.judgments.scales import SCALES, apply_scale

__all__ = [
    "CR_LIMIT",
    "METHODS",
    "RANDOM_INDICES",
    "SCALES",
    "Consistency",
    "Derivation",
    "PairwiseMatrix",
    "Priorities",
    "RandomIndex",
    "aggregate_judgments",
    "aggregate_priorities",
    "apply_scale",
    "consistency_of",
    "consistency_ratio",
    "limit_for",
    "mean_judgments",
    "priorities",
    "random_index",
    "simulate_random_index",
]
