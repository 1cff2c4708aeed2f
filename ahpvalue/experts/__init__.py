"""The experts' room: how far they agree, what they should reconsider, how sure the weights are."""

from ahpvalue.experts.accept import accepted, expert_data
from ahpvalue.experts.consensus import ModelConsensus, consensus_of
from ahpvalue.experts.review import MatrixReview, ModelReview, review_of
from ahpvalue.experts.sentences import as_answer
from ahpvalue.experts.uncertainty import Sources, WeightUncertainty, uncertainty_of, weight_draws

__all__ = [
    "MatrixReview",
    "ModelConsensus",
    "ModelReview",
    "Sources",
    "WeightUncertainty",
    "accepted",
    "as_answer",
    "consensus_of",
    "expert_data",
    "review_of",
    "uncertainty_of",
    "weight_draws",
]
