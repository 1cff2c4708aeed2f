"""Tiers: drawn, moved by a rule, published, overridden."""

from ahpvalue.evaluation.tiers.published import published_tiers
from ahpvalue.evaluation.tiers.rule import NONE, MoveRule, plain_levels
from ahpvalue.evaluation.tiers.state import positions_of, refuse_later
from ahpvalue.evaluation.tiers.tiers import Tiers, check_tiers, move_rule, tier_section, tiers_of

__all__ = [
    "NONE",
    "MoveRule",
    "Tiers",
    "check_tiers",
    "move_rule",
    "plain_levels",
    "positions_of",
    "published_tiers",
    "refuse_later",
    "tier_section",
    "tiers_of",
]
