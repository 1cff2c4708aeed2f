"""What decides tiers: the document's section, the deciding node, its values, and the rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import TierSection
from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.evaluation.tiers.rule import MoveRule
from ahpvalue.scored import Scored

__all__ = ["TierBasis", "tier_basis"]


@dataclass(frozen=True)
class TierBasis:
    """What decides the tiers of one table of customers.

    Attributes
    ----------
    section : TierSection
        The document's tiers, their lines drawn.
    node : str
        The deciding node: the goal, a criterion, or an indicator.
    is_score : bool
        Whether it is a score; False for an indicator's value.
    values : ndarray, shape (customers,)
        The deciding score or value; NaN for customers that are not rated.
    rule : MoveRule
        How customers move between tiers, as plain numbers.
    """

    section: TierSection
    node: str
    is_score: bool
    values: NDArray[np.float64]
    rule: MoveRule

    @property
    def names(self) -> tuple[str, ...]:
        """The tiers, best first."""
        return tuple(self.section.levels)

    def need_score(self) -> None:
        """Refuse tiers that are drawn on an indicator's value: no weight changes it."""
        if not self.is_score:
            raise CustomerDataError(
                f"tiers are drawn on the value {self.node}, which no weight changes"
            )


def tier_basis(scored: Scored) -> TierBasis:
    """What decides the tiers of these customers.

    Raises
    ------
    ModelError
        The model has no tiers, or their lines wait for a reference population.
    """
    document = scored.model.document
    section = document.tiers
    if section is None:
        raise ModelError("this model has no section tiers, which says who is in which tier")
    late = scored.model.unfitted.tiers
    if late:
        raise ModelError(
            f"the lines of {', '.join(late)} depend on a reference population: fit the model first"
        )
    node = section.on or scored.plan.goal
    is_score = node in scored.model.hierarchy.criteria
    values = np.where(np.isnan(scored.total), np.nan, scored.values(node))
    return TierBasis(section, node, is_score, values, _move_rule(section, is_score))


def _move_rule(section: TierSection, is_score: bool) -> MoveRule:
    return MoveRule(
        tuple(level.lowest for level in section.levels.values() if level.lowest is not None),
        section.band,
        section.ties == "in",
        section.confirmation,
        section.grace,
        section.minimum_stay,
        section.steps,
        100.0 if is_score else np.inf,
        section.newcomers == "line",
    )
