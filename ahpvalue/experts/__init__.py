"""The experts' room: how far they agree, what they should reconsider, how sure the weights are."""

from ahpvalue.experts.accept import accept_answers, expert_data
from ahpvalue.experts.consensus import ModelConsensus, measure_consensus
from ahpvalue.experts.matrix_review import MatrixReview
from ahpvalue.experts.review import ModelReview, review_judgments
from ahpvalue.experts.uncertainty import (
    Sources,
    WeightUncertainty,
    measure_uncertainty,
    weight_draws,
)

__all__ = [
    "MatrixReview",
    "ModelConsensus",
    "ModelReview",
    "Sources",
    "WeightUncertainty",
    "accept_answers",
    "expert_data",
    "measure_consensus",
    "measure_uncertainty",
    "review_judgments",
    "weight_draws",
]
