"""Tiers: who is in which, why, and the state that the next period starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import compile_rule
from ahpvalue.errors import CustomerDataError
from ahpvalue.evaluation.tiers.basis import TierBasis, tier_basis
from ahpvalue.evaluation.tiers.overrides import Overrides, read_overrides
from ahpvalue.evaluation.tiers.rule import NONE, MoveRule, Standing, plain_levels, step
from ahpvalue.evaluation.tiers.state import read_state
from ahpvalue.scored import Scored
from ahpvalue.scoring import Match, holds
from ahpvalue.support.display import Result, Table, as_data
from ahpvalue.support.periods import period_name

__all__ = ["BY_LINES", "PUBLISHED", "Tiers", "check_tiers", "draw_tiers"]

Array = NDArray[np.float64]
Levels = NDArray[np.int64]

BY_LINES, BY_RULE, PUBLISHED = "by the lines alone", "by the rule for moving", "as published"


@dataclass(frozen=True, repr=False)
class Tiers(Result):
    """Every customer's tier in one period, and how it came about.

    Attributes
    ----------
    scored : Scored
        What the tiers were drawn from.
    period : str
    basis : TierBasis
        What decides: the document's section, the node, its values, the rule.
    by_lines : ndarray of int
        Where the lines alone would put each customer: a position in `names`, -1 for no tier.
    standing : Standing
        Where the rule for moving puts it (`standing.level`), and on the way to what.
    after_vetoes : ndarray of int
        The same after vetoes.
    level : ndarray of int
        The tier that counts: after vetoes and overrides.
    held : ndarray of str
        Why the rule kept a customer from where the lines would put it.
    vetoes : ndarray of str
        The vetoes a customer meets, by name.
    overrides : Overrides
        The decisions of people that were given, and which of them counted.
    origin : str
        What made them: ``"by the lines alone"`` (without previous tiers), ``"by the rule for
        moving"`` (from previous tiers), ``"as published"`` (read back).
    match : Match or None
        Where the customers stand in the previous (or the published) tiers; None without any.
    """

    scored: Scored
    period: str
    basis: TierBasis
    by_lines: Levels
    standing: Standing
    after_vetoes: Levels
    level: Levels
    held: NDArray[Any]
    vetoes: NDArray[Any]
    overrides: Overrides
    origin: str = BY_LINES
    match: Match | None = None

    def __len__(self) -> int:
        return len(self.level)

    @property
    def names(self) -> tuple[str, ...]:
        """The tiers, best first."""
        return self.basis.names

    @property
    def values(self) -> Array:
        """The score or value that decides; NaN for customers without a tier."""
        return self.basis.values

    @property
    def rule(self) -> MoveRule:
        """How customers move between tiers, as plain numbers."""
        return self.basis.rule

    @property
    def called(self) -> str:
        """``"tiers of 2022Q1 by the rule for moving"``: which tiers these are, in words."""
        return f"tiers of {self.period} {self.origin}" if self.period else f"tiers {self.origin}"

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
        return self.scored.customers.answer(self.columns)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of `frame`, without the customers' ids."""
        given = self.overrides
        return {
            "period": self.period,
            "status": self.scored.status,
            "value": self.values,
            "tier": self.tier,
            "tier_by_rule": self.named(self.standing.level),
            "tier_by_lines": self.named(self.by_lines),
            "held_by": _or_none(self.held),
            "vetoed_by": _or_none(self.vetoes),
            "override": given.column("reason"),
            "override_author": given.column("author"),
            "override_expires": given.column("expires"),
            "pending": self.named(self.standing.pending),
            "pending_periods": self.standing.pending_periods,
            "tier_periods": self.standing.tier_periods,
            "model": self.scored.model_hash,
            "reference": self.scored.reference_hash,
        }

    def to_dict(self) -> dict[str, Any]:
        """Ids and `columns`: a row per customer."""
        ids = {self.scored.customers.customer: list(self.scored.customers.ids)}
        rows = {name: self._spelt_out(column) for name, column in self.columns.items()}
        return as_data(ids | rows)

    def _spelt_out(self, column: Any) -> list[Any]:
        return [column] * len(self) if isinstance(column, str) else list(column)

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
            "vetoed": int((self.after_vetoes != self.standing.level).sum()),
            "by override": int((self.level != self.after_vetoes).sum()),
            "overrides expired": self.overrides.expired,
            "overrides for unknown customers": self.overrides.unknown,
        }
        if self.origin == PUBLISHED and self.match is not None:
            counted["published of customers who are not here"] = len(self.match.gone)
        parts = [f"{what}: {count:,}" for what, count in counted.items() if count]
        if self.origin == BY_RULE and self.match is not None:
            parts.append(self.match.counts)
        return "; ".join(parts)


def _or_none(texts: NDArray[Any]) -> NDArray[Any]:
    return np.array([text or None for text in texts], dtype=object)


def check_tiers(scored: Scored, tiers: Tiers | None, argument: str = "tiers") -> None:
    """Refuse the tiers of another table: they are matched to customers by the row.

    Raises
    ------
    CustomerDataError
        They were drawn from other scores than these.
    """
    if tiers is not None and tiers.scored is not scored:
        of = f" of {tiers.period}" if tiers.period else ""
        raise CustomerDataError(
            f"{argument}: the tiers{of} were drawn from other scores; give those drawn from the "
            "scores they are used with, by tiers()"
        )


def draw_tiers(
    scored: Scored, previous: Any = None, period: str = "", overrides: Any = None
) -> Tiers:
    """Draw the tiers of one period; see `Scores.tiers`."""
    basis = tier_basis(scored)
    scored.customers.refuse_doubtful_ids()
    period = period_name(period)
    before, match = None, None
    if previous is not None:
        before, match = read_state(previous, scored, basis.names, period)
    standing, held = step(basis.rule, basis.values, before)
    vetoed, vetoes = _apply_vetoes(scored, basis, standing.level)
    given = read_overrides(overrides, scored, basis, period)
    decided = (given.levels != NONE) & (vetoed != NONE)
    level = np.where(decided, given.levels, vetoed)
    return Tiers(
        scored, period, basis, plain_levels(basis.rule, basis.values), standing, vetoed, level,
        held, vetoes, given, BY_LINES if match is None else BY_RULE, match,
    )  # fmt: skip


def _apply_vetoes(scored: Scored, basis: TierBasis, levels: Levels) -> tuple[Levels, NDArray[Any]]:
    """Levels after vetoes, and the vetoes each customer meets."""
    vetoes = np.full(len(levels), "", dtype=object)
    for name, veto in basis.section.vetoes.items():
        met = holds(compile_rule(veto.when), scored.values, len(levels)) & (levels != NONE)
        vetoes[met] = np.where(vetoes[met] == "", name, vetoes[met] + ", " + name)
        levels = np.where(met, np.maximum(levels, basis.names.index(veto.at_most)), levels)
    return levels, vetoes
