"""Where customers stood in the period before, read from whatever table kept it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import AhpValueError, CustomerDataError, CustomerDataWarning, warn
from ahpvalue.evaluation.tiers.rule import NONE, Standing
from ahpvalue.scored import Scored
from ahpvalue.scoring import (
    NOT_THERE,
    Customers,
    Match,
    Wanted,
    match_customers,
    read_customers,
)
from ahpvalue.support.periods import Period, period_name

__all__ = ["OLD_STATE", "read_state", "refuse_later"]

_MANY = 100_000  # periods; more is no count


def read_state(
    previous: Any, scored: Scored, names: tuple[str, ...], period: str = ""
) -> tuple[Standing, Match]:
    """The standing of every scored customer at the end of the period before, and who was there.

    Customers the table does not know, or that had no tier, are newcomers.

    Raises
    ------
    CustomerDataError
        The table is not one that `Tiers.frame` gave, holds nobody, names tiers the model does
        not have, or is of this period or a later one; ids are written otherwise there.
    """
    table = getattr(previous, "frame", previous)
    wanted = [
        Wanted("tier_by_rule", "tier_by_rule", names),
        Wanted("pending", _written(table, "pending"), names),
        Wanted("pending_periods", _written(table, "pending_periods")),
        Wanted("tier_periods", _written(table, "tier_periods")),
    ]
    try:
        earlier = read_customers(table, scored.customers.customer, wanted)
    except CustomerDataError as wrong:
        first = wrong.problems[0].text.partition("; known here")[0]
        raise CustomerDataError(
            "the previous tiers are a table as Tiers.frame gives it (or 'ahpvalue tiers' wrote): "
            f"{first}"
        ) from None
    if not earlier.rows:
        raise CustomerDataError(
            "the previous tiers hold no customers; leave them out if there was no period before"
        )
    known = set(earlier.other("period").tolist() if "period" in earlier.source.names else ())
    names_of_periods = set(filter(None, map(period_name, known)))
    _refuse_other_order(names_of_periods, period)
    _warn_of_gap(names_of_periods, period)
    match = match_customers(scored.customers, earlier, "the previous tiers")
    there = match.rows != NOT_THERE

    _refuse_odd_counts(earlier)

    def column(name: str, otherwise: int) -> NDArray[np.int64]:
        values = np.nan_to_num(earlier.columns[name].astype(np.float64), nan=otherwise)
        return np.where(there, values[match.rows], otherwise).astype(np.int64)

    standing = Standing(
        column("tier_by_rule", NONE),
        column("pending", NONE),
        column("pending_periods", 0),
        column("tier_periods", 0),
    )
    return standing, match


def _refuse_odd_counts(earlier: Customers) -> None:
    """Periods are counted in whole numbers; whoever was in no tier has none."""
    for name in ("pending_periods", "tier_periods"):
        counts = earlier.columns[name].astype(np.float64)
        odd = ~np.isnan(counts) & ~((counts >= 0) & (counts < _MANY) & (np.floor(counts) == counts))
        if odd.any():
            row = int(np.argmax(odd))
            raise CustomerDataError(
                f"the previous tiers: column {name!r} holds {counts[row]:g} for customer "
                f"{earlier.id_texts[row]}; it counts periods, a whole number of 0 or more"
            )


OLD_STATE = {"wish": "pending", "seen": "pending_periods", "stay": "tier_periods"}
"""Columns of a table of tiers before version 2 of the document, and their names now."""

_BEFORE = {now: before for before, now in OLD_STATE.items()}


def _written(table: Any, name: str) -> str:
    """The column's name; its name before version 2 of the document in a table of that time."""
    columns = getattr(table, "columns", table)
    try:
        return _BEFORE[name] if name not in columns and _BEFORE[name] in columns else name
    except TypeError:
        return name  # no table at all; it is refused when it is read


def refuse_later(table: Any, period: str) -> None:
    """Refuse a table of tiers that is not of an earlier period than this one."""
    if table is not None and "period" in getattr(table, "columns", table):
        known = {one.as_py() if hasattr(one, "as_py") else one for one in table["period"]}
        _refuse_other_order(set(filter(None, map(period_name, known))), period_name(period))


def _refuse_other_order(known: set[str], period: str) -> None:
    """Tiers start from those of an earlier period; names that say no time are only compared."""
    for earlier in filter(None, known if period else ()):
        if earlier == period:
            raise CustomerDataError(
                f"the previous tiers are those of {earlier}, too; a period follows another one"
            )
        try:
            then, now = Period.of(earlier), Period.of(period)
        except AhpValueError:
            continue
        if then.first > now.first:
            raise CustomerDataError(
                f"the previous tiers are those of {earlier}, which is later than {period}"
            )
        if then.last >= now.first:
            raise CustomerDataError(
                f"the previous tiers are those of {earlier}, which overlaps {period}; a period "
                "begins when the one before has ended"
            )


def _warn_of_gap(known: set[str], period: str) -> None:
    """Confirmation, grace and minimum stay count periods in a row; a gap breaks the row."""
    for earlier in filter(None, known if period else ()):
        try:
            then, now = Period.of(earlier), Period.of(period)
        except AhpValueError:
            continue
        if then.last + timedelta(days=1) < now.first:
            warn(
                f"the previous tiers are those of {earlier} and {period} does not follow it at "
                "once: the rule counts them as periods running; draw the tiers in between, too",
                CustomerDataWarning,
            )
