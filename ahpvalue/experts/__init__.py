"""The experts' room: how far they agree, what they should reconsider, how sure the weights are."""

from ahpvalue.experts.consensus import ModelConsensus, consensus_of

__all__ = ["ModelConsensus", "consensus_of"]
