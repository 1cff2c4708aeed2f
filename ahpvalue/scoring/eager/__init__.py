"""The plan over arrays in memory. Start with `plain`: the formula, customer by customer."""

from ahpvalue.scoring.eager.kernel import BLOCK, score_values
from ahpvalue.scoring.eager.run import (
    PEER_OUTPUTS,
    chosen_outputs,
    contributions,
    indicator_blocks,
    node_and_points,
    node_parts,
    node_scores,
    output_names,
    run_plan,
    shares_and_scores,
    wanted_columns,
)

__all__ = [
    "BLOCK",
    "PEER_OUTPUTS",
    "chosen_outputs",
    "contributions",
    "indicator_blocks",
    "node_and_points",
    "node_parts",
    "node_scores",
    "output_names",
    "run_plan",
    "score_values",
    "shares_and_scores",
    "wanted_columns",
]
