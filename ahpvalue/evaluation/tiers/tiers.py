"""Tiers: who is in which, why, and the state that the next period starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import compile_rule, lines_to_draw
from ahpvalue.document import Tiers as TierSection
from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.evaluation.tiers.overrides import Overrides, read_overrides
from ahpvalue.evaluation.tiers.rule import NONE, MoveRule, Standing, plain_levels, step
from ahpvalue.evaluation.tiers.state import read_state
from ahpvalue.scoring import Scores, holds, refuse_doubtful_ids
from ahpvalue.support.display import Result, Table

__all__ = ["Tiers", "check_tiers", "move_rule", "tier_section", "tiers_of"]

Array = NDArray[np.float64]
Levels = NDArray[np.int64]


@dataclass(frozen=True, repr=False)
class Tiers(Result):
    """Every customer's tier in one period, and how it came about.

    Attributes
    ----------
    scores : Scores
        What the tiers were drawn from.
    period : str
    names : tuple of str
        The tiers, best first; the arrays below hold positions in it, -1 for no tier.
    values : ndarray
        The score or figure that decides; NaN for customers without a tier.
    by_lines : ndarray of int
        Where the lines alone would put each customer.
    standing : Standing
        Where the rule for moving puts it (`standing.level`), and on the way to what.
    capped : ndarray of int
        The same after vetoes.
    level : ndarray of int
        The tier that counts: after vetoes and overrides.
    held : ndarray of str
        Why the rule kept a customer from where the lines would put it.
    caps : ndarray of str
        The vetoes a customer meets, by name.
    overrides : Overrides
        The decisions of people that were given, and which of them counted.
    rule : MoveRule
    """

    scores: Scores
    period: str
    names: tuple[str, ...]
    values: Array
    by_lines: Levels
    standing: Standing
    capped: Levels
    level: Levels
    held: NDArray[Any]
    caps: NDArray[Any]
    overrides: Overrides
    rule: MoveRule

    def __len__(self) -> int:
        return len(self.level)

    @cached_property
    def tier(self) -> NDArray[Any]:
        """Every customer's tier by name; None for those without."""
        return self.named(self.level)

    def named(self, levels: Levels) -> NDArray[Any]:
        """Positions as names; None for -1."""
        return np.array([*self.names, None], dtype=object)[levels]

    @cached_property
    def frame(self) -> Any:
        """One row per customer, as the kind of table that was scored.

        The table is the state: give it (or `self`) as `previous` when the next period's tiers
        are drawn. ``tier`` counts; ``tier_by_rule`` is what it would be without vetoes and
        overrides, ``tier_by_lines`` without band and confirmation either.
        """
        return self.scores.answer(self.columns)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of `frame`, without the customers' ids."""
        given = self.overrides
        return {
            "period": self.period,
            "status": self.scores.status,
            "value": self.values,
            "tier": self.tier,
            "tier_by_rule": self.named(self.standing.level),
            "tier_by_lines": self.named(self.by_lines),
            "held_by": _or_none(self.held),
            "capped_by": _or_none(self.caps),
            "override": given.column("reason"),
            "override_author": given.column("author"),
            "override_expires": given.column("expires"),
            "wish": self.named(self.standing.wish),
            "seen": self.standing.seen,
            "stay": self.standing.stay,
            "model": self.scores.model_hash,
            "reference": self.scores.reference_hash,
        }

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        counts = np.array([(self.level == k).sum() for k in range(len(self.names))])
        placed = counts.sum()
        lines = [*self.rule.lines, None]
        columns = {
            "tier": list(self.names),
            "line": lines,
            "enter": [*self.rule.entry.tolist(), None],
            "leave below": [*self.rule.exit.tolist(), None],
            "customers": counts.tolist(),
            "share": [count / placed if placed else None for count in counts.tolist()],
        }
        formats = dict.fromkeys(("line", "enter", "leave below"), ",.2f")
        return Table(
            f"Tiers{' of ' + self.period if self.period else ''}",
            columns,
            formats | {"customers": ",d", "share": ".1%"},
            {"share": 1.0},
            note=self._note(int(placed)),
        )

    def _note(self, placed: int) -> str:
        counted = {
            "without a tier": len(self) - placed,
            "held by the rule": int((self.held != "").sum()),
            "capped": int((self.capped != self.standing.level).sum()),
            "by override": int((self.level != self.capped).sum()),
            "overrides expired": self.overrides.expired,
            "overrides for unknown customers": self.overrides.unknown,
        }
        return "; ".join(f"{what}: {count:,}" for what, count in counted.items() if count)


def _or_none(texts: NDArray[Any]) -> NDArray[Any]:
    return np.array([text or None for text in texts], dtype=object)


def check_tiers(scores: Scores, tiers: Tiers | None, argument: str = "tiers") -> None:
    """Refuse the tiers of another table: they are matched to customers by the row.

    Raises
    ------
    CustomerDataError
        They were drawn from other scores than these.
    """
    if tiers is not None and tiers.scores is not scores:
        of = f" of {tiers.period}" if tiers.period else ""
        raise CustomerDataError(
            f"{argument}: the tiers{of} were drawn from other scores; give those drawn from the "
            "scores they are used with, by tiers()"
        )


def tier_section(scores: Scores) -> TierSection:
    """The document's tiers, their lines drawn.

    Raises
    ------
    ModelError
        There are none, or they wait for a reference population.
    """
    document = scores.model.document
    if document.tiers is None:
        raise ModelError("this model has no section tiers, which says who is in which tier")
    if lines_to_draw(document):
        raise ModelError(
            f"the lines of {', '.join(lines_to_draw(document))} depend on a reference population: "
            "fit the model first"
        )
    found: TierSection = document.tiers
    return found


def move_rule(section: TierSection, is_score: bool) -> MoveRule:
    """The document's rule for moving between tiers, as plain numbers."""
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


def tiers_of(
    scores: Scores, previous: Any = None, period: str = "", overrides: Any = None
) -> Tiers:
    """Draw the tiers of one period; see `Scores.tiers`."""
    section = tier_section(scores)
    refuse_doubtful_ids(scores.customers)
    on = section.on or scores.model.hierarchy.goal
    is_score = on in scores.model.hierarchy.criteria
    rule = move_rule(section, is_score)
    values = np.where(np.isnan(scores.figures("total")), np.nan, scores.figures(on))
    names = tuple(section.levels)
    before = None
    if previous is not None:
        before = read_state(previous, scores, names, period)
    standing, held = step(rule, values, before)
    capped, caps = _capped(scores, section, standing.level)
    given = read_overrides(overrides, scores, names, period)
    decided = (given.levels != NONE) & (capped != NONE)
    level = np.where(decided, given.levels, capped)
    return Tiers(
        scores, period, names, values, plain_levels(rule, values), standing, capped, level,
        held, caps, given, rule,
    )  # fmt: skip


def _capped(scores: Scores, section: TierSection, levels: Levels) -> tuple[Levels, NDArray[Any]]:
    """Levels after vetoes, and the vetoes each customer meets."""
    names = list(section.levels)
    caps = np.full(len(levels), "", dtype=object)
    for name, cap in section.caps.items():
        met = holds(compile_rule(cap.when), scores.figures, len(levels)) & (levels != NONE)
        caps[met] = np.where(caps[met] == "", name, caps[met] + ", " + name)
        levels = np.where(met, np.maximum(levels, names.index(cap.at_most)), levels)
    return levels, caps
