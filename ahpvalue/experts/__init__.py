"""The experts' room: how far they agree, what they should reconsider, how sure the weights are."""

from ahpvalue.experts.accept import accepted, expert_data
from ahpvalue.experts.consensus import ModelConsensus, consensus_of
from ahpvalue.experts.matrix_review import MatrixReview
from ahpvalue.experts.review import ModelReview, review_judgments
from ahpvalue.experts.uncertainty import Sources, WeightUncertainty, uncertainty_of, weight_draws

__all__ = [
    "MatrixReview",
    "ModelConsensus",
    "ModelReview",
    "Sources",
    "WeightUncertainty",
    "accepted",
    "consensus_of",
    "expert_data",
    "review_judgments",
    "uncertainty_of",
    "weight_draws",
]
