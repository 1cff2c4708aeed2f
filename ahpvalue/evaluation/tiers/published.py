"""Tiers as they were published: read back from their table, not drawn anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError
from ahpvalue.evaluation.tiers.overrides import Overrides
from ahpvalue.evaluation.tiers.rule import NONE
from ahpvalue.evaluation.tiers.state import read_state
from ahpvalue.evaluation.tiers.tiers import PUBLISHED, Tiers, draw_tiers
from ahpvalue.scored import Scored
from ahpvalue.scoring import NOT_THERE, Customers, Wanted, read_customers
from ahpvalue.support.periods import period_name

__all__ = ["published_tiers"]

Levels = NDArray[np.int64]
_TEXTS = {"reason": "override", "author": "override_author", "expires": "override_expires"}


def published_tiers(table: Any, scored: Scored, period: str = "") -> Tiers:
    """The tiers that `Tiers.frame` gave for these scores.

    Drawing them anew needs the state they started from and every override of that time; what
    counts is what was published.

    Raises
    ------
    CustomerDataError
        The table is no such table, is of another period, or of other scores.
    """
    drawn = draw_tiers(scored)
    standing, match = read_state(table, scored, drawn.names)
    at = match.rows
    wanted = [Wanted(name, name, drawn.names) for name in ("tier", "tier_by_lines")]
    kept = read_customers(table, scored.customers.customer, [*wanted, Wanted("value", "value")])
    _refuse_other_scores(kept, at, drawn)
    level = kept.columns["tier"][at].astype(np.int64)
    names = _texts(kept, "vetoed_by", at)
    vetoes = np.array([one or "" for one in names], dtype=object)
    held = np.array([one or "" for one in _texts(kept, "held_by", at)], dtype=object)
    decided = np.array([one is not None for one in _texts(kept, "override", at)], dtype=bool)
    texts = {name: _texts(kept, column, at) for name, column in _TEXTS.items()}
    by_hand = Overrides(np.where(decided, level, NONE), texts)
    return replace(
        drawn,
        period=_one_period(kept, period),
        by_lines=kept.columns["tier_by_lines"][at].astype(np.int64),
        standing=standing,
        after_vetoes=np.where(decided, _after_vetoes(vetoes, standing.level, drawn), level),
        level=level,
        held=held,
        vetoes=vetoes,
        overrides=by_hand,
        origin=PUBLISHED,
        match=match,
    )


def _texts(kept: Customers, column: str, at: NDArray[np.intp]) -> NDArray[Any]:
    values = kept.other(column)[at]
    if values.dtype.kind == "O":
        return values
    return np.array([None if np.isnan(one) else f"{one:.15g}" for one in values], dtype=object)


def _after_vetoes(vetoes: NDArray[Any], by_rule: Levels, drawn: Tiers) -> Levels:
    """Where vetoes alone would have put those whom an override put elsewhere."""
    section = drawn.basis.section
    found = by_rule.copy()
    for row, named in enumerate(vetoes):
        for name in filter(None, named.split(", ")):
            if name in section.vetoes:
                found[row] = max(found[row], drawn.names.index(section.vetoes[name].at_most))
    return found


def _one_period(kept: Customers, period: str) -> str:
    period = period_name(period)
    found = set(filter(None, map(period_name, set(kept.other("period").tolist()))))
    known = next(iter(found), "")
    if len(found) > 1:
        raise CustomerDataError(f"these are tiers of several periods: {', '.join(sorted(found))}")
    if period and known and known != period:
        raise CustomerDataError(f"these tiers are those of {known}, not of {period}")
    return known or period


def _refuse_other_scores(kept: Customers, at: NDArray[np.intp], drawn: Tiers) -> None:
    """Published tiers belong to one model and one table of customers."""
    scored = drawn.scored
    if (at == NOT_THERE).any():
        who = scored.customers.some(at == NOT_THERE)
        raise CustomerDataError(f"these tiers do not know {who}; give those of these customers")
    models = {one for one in kept.other("model").tolist() if one is not None} - {scored.model_hash}
    if models:
        raise CustomerDataError(
            f"these tiers were drawn by the model {min(map(str, models))}, not by "
            f"{scored.model_hash}; give those of this model"
        )
    other = ~np.isclose(kept.columns["value"][at], drawn.values, rtol=1e-9, equal_nan=True)
    if other.any():
        who = scored.customers.some(other)
        raise CustomerDataError(
            f"these tiers were drawn from other values, as those of {who} show; give the tiers "
            "of these customers' period"
        )
