"""Tiers: drawn, moved by a rule, published, overridden."""

from ahpvalue.evaluation.tiers.basis import TierBasis, tier_basis
from ahpvalue.evaluation.tiers.published import published_tiers
from ahpvalue.evaluation.tiers.rule import NONE, MoveRule, plain_levels
from ahpvalue.evaluation.tiers.state import OLD_STATE, refuse_later
from ahpvalue.evaluation.tiers.tiers import BY_LINES, Tiers, check_tiers, draw_tiers

__all__ = [
    "BY_LINES",
    "NONE",
    "OLD_STATE",
    "MoveRule",
    "TierBasis",
    "Tiers",
    "check_tiers",
    "draw_tiers",
    "plain_levels",
    "published_tiers",
    "refuse_later",
    "tier_basis",
]
