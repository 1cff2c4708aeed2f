"""Where customers stood in the period before, read from whatever table kept it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import AhpValueError, CustomerDataError, CustomerDataWarning, warn
from ahpvalue.evaluation.tiers.rule import NONE, Standing
from ahpvalue.scored import Scored
from ahpvalue.scoring import Customers, Wanted, read_customers, refuse_doubtful_ids
from ahpvalue.support.periods import Period

__all__ = ["OLD_STATE", "match_customers", "read_state", "refuse_later"]


def match_customers(customers: Customers, earlier: Customers) -> NDArray[np.intp]:
    """For every customer its row among the earlier ones, -1 where it was not there.

    Numbers are compared with texts as they are written (a history keeps ids as text).

    Raises
    ------
    CustomerDataError
        Nobody is in both, but some would be without leading zeros: one table lost them.
    """
    here, there = _keys(customers.ids), _keys(earlier.ids)
    if _are_numbers(here) != _are_numbers(there):
        here, there = [*map(str, here)], [*map(str, there)]
    rows = {one: row for row, one in enumerate(there)}
    found = np.array([rows.get(one, NONE) for one in here], dtype=np.intp)
    if (found == NONE).all() and _short(here) & _short(there):
        raise CustomerDataError(
            f"none of the customers ({here[0]}, ...) was among the earlier ones ({there[0]}, ...), "
            "but some would be without leading zeros; "
            f"read the column {customers.customer!r} as text in both"
        )
    return found


def _keys(ids: Any) -> list[Any]:
    """Ids as plain Python values; 7.0 stands for the whole number in a column with gaps."""
    plain = (one.item() if hasattr(one, "item") else one for one in ids)
    return [int(one) if isinstance(one, float) and one.is_integer() else one for one in plain]


def _are_numbers(keys: list[Any]) -> bool:
    return bool(keys) and all(isinstance(one, int) for one in keys)


def _short(keys: list[Any]) -> set[str]:
    """Ids as a table shows them that took them for numbers."""
    return {str(one).lstrip("0") for one in keys}


def read_state(previous: Any, scored: Scored, names: tuple[str, ...], period: str = "") -> Standing:
    """The standing of every scored customer at the end of the period before.

    Customers the table does not know, or that had no tier, are newcomers.

    Raises
    ------
    CustomerDataError
        The table is not one that `Tiers.frame` gave, names tiers the model does not have, or
        is of this period or a later one.
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
        first = wrong.problems[0].text.partition(";")[0]
        raise CustomerDataError(
            "the previous tiers are a table as Tiers.frame gives it (or 'ahpvalue tiers' wrote): "
            f"{first}"
        ) from None
    refuse_doubtful_ids(earlier)
    known = earlier.other("period").tolist() if "period" in earlier.source.names else []
    names_of_periods = {str(one) for one in known if isinstance(one, str)}
    _refuse_other_order(names_of_periods, period)
    _warn_of_gap(names_of_periods, period)
    at = match_customers(scored.customers, earlier)
    there = at != NONE

    def column(name: str, otherwise: int) -> NDArray[np.int64]:
        values = np.nan_to_num(earlier.columns[name].astype(np.float64), nan=otherwise)
        if not len(values):
            return np.full(len(at), otherwise)
        return np.where(there, values[at], otherwise).astype(np.int64)

    return Standing(
        column("tier_by_rule", NONE),
        column("pending", NONE),
        column("pending_periods", 0),
        column("tier_periods", 0),
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
        column = table["period"]
        _refuse_other_order({str(one) for one in column if one is not None}, period)


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
