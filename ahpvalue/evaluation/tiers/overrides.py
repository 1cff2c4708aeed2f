"""Overrides: tiers that people decided, with a reason, an author and an expiry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import (
    AhpValueError,
    CustomerDataError,
    CustomerDataWarning,
    Problem,
    did_you_mean,
    warn,
)
from ahpvalue.evaluation.tiers.basis import TierBasis
from ahpvalue.evaluation.tiers.rule import NONE
from ahpvalue.scored import Scored
from ahpvalue.scoring import NOT_THERE, match_customers, read_customers
from ahpvalue.support.periods import Period

__all__ = ["Overrides", "read_overrides"]

_MIDNIGHT = re.compile(r"(?<=^\d{4}-\d{2}-\d{2})[ T]00:00:00.*$")
_TABLE = "the table that the overrides are for"
_COLUMNS = ("tier", "reason", "author", "expires")


@dataclass(frozen=True)
class Overrides:
    """The overrides that count in a period, in the order of the scored customers.

    Attributes
    ----------
    levels : ndarray of int
        The tier decided, -1 where nothing is.
    texts : dict of str to ndarray
        Reason, author and expiry.
    expired, unknown : int
        How many did not count because their time is over, or nobody has that id.
    """

    levels: NDArray[np.int64]
    texts: dict[str, NDArray[Any]]
    expired: int = 0
    unknown: int = 0

    def column(self, name: str) -> NDArray[Any]:
        """One of the texts, None where no override counts."""
        return self.texts.get(name, np.full(len(self.levels), None, dtype=object))


def read_overrides(table: Any, scored: Scored, basis: TierBasis, period: str) -> Overrides:
    """Read the overrides that count in a period.

    Parameters
    ----------
    table : data frame or mapping of str to array, or None
        Columns: the customers' ids, ``tier``, ``reason``, ``author`` and ``expires`` (the last
        period or day on which it counts).

    Raises
    ------
    CustomerDataError
        Lists what is missing or unknown, with the customers; no period is given.
    """
    nobody = np.full(len(scored), NONE)
    if table is None:
        return Overrides(nobody, {})
    if not period:
        raise CustomerDataError("overrides expire, so that the period must be given, as in 2022Q1")
    given = read_customers(table, scored.customers.customer, [])
    columns = {name: _texts(given.other(name)) for name in _COLUMNS}
    over = _expired(columns["expires"], Period.of(period))
    current = np.flatnonzero(~over)
    given = given.picked(current)
    columns = {name: values[current] for name, values in columns.items()}
    _refuse_incomplete(columns, given.ids, basis.names)
    try:
        at = match_customers(given, scored.customers, _TABLE).rows
    except CustomerDataError as wrong:
        raise CustomerDataError(f"overrides: {wrong}") from None
    chosen = _those_with_a_tier(np.flatnonzero(at != NOT_THERE), at, scored, basis)
    levels = nobody.copy()
    levels[at[chosen]] = [basis.names.index(columns["tier"][row]) for row in chosen]
    texts = {name: np.full(len(scored), None, dtype=object) for name in _COLUMNS}
    for name, values in texts.items():
        values[at[chosen]] = columns[name][chosen]
    return Overrides(levels, texts, int(over.sum()), int((at == NOT_THERE).sum()))


def _expired(expires: NDArray[Any], period: Period) -> NDArray[np.bool_]:
    """Whose time is over; what names no time is told later, with everything else."""
    over = np.zeros(len(expires), dtype=bool)
    for row, until in enumerate(expires):
        try:
            over[row] = Period.of(until).last < period.first
        except AhpValueError:
            continue
    return over


def _those_with_a_tier(
    rows: NDArray[np.intp], at: NDArray[np.intp], scored: Scored, basis: TierBasis
) -> NDArray[np.intp]:
    """An override moves a customer between tiers: one without a score has none to leave."""
    none = np.isnan(basis.values)
    idle = none[at[rows]]
    if idle.any():
        who = ", ".join(str(scored.customers.ids[int(row)]) for row in at[rows[idle]][:3])
        more = f" and {int(idle.sum()) - 3:,} more" if idle.sum() > 3 else ""
        warn(
            f"overrides of {who}{more} have no effect: these customers are not rated, so that "
            "they are in no tier",
            CustomerDataWarning,
        )
    return rows[~idle]


def _texts(values: NDArray[Any]) -> NDArray[Any]:
    """Whatever a column holds as text; 2022 is the year, not 2022.0, and a day has no hour."""
    if values.dtype.kind != "f":
        return np.array([_day(one) for one in values.tolist()], dtype=object)
    return np.array([None if np.isnan(v) else f"{v:.15g}" for v in values.tolist()], dtype=object)


def _day(text: str | None) -> str | None:
    """A day as data frames write it, with the hour 0."""
    return None if text is None else _MIDNIGHT.sub("", text)


def _refuse_incomplete(columns: dict[str, NDArray[Any]], ids: Any, names: tuple[str, ...]) -> None:
    problems = []
    for row, customer in enumerate(ids):
        for name in _COLUMNS:
            if not columns[name][row]:
                text = f"override of {customer}: {name} is missing; an override states it"
                problems.append(Problem(text))
        tier, expires = columns["tier"][row], columns["expires"][row]
        if tier and tier not in names:
            text = f"override of {customer}: {tier} is not a tier{did_you_mean(tier, names)}"
            problems.append(Problem(text))
        try:
            Period.of(expires or "2000")
        except AhpValueError as wrong:
            problems.append(Problem(f"override of {customer}: expires: {wrong}"))
    if problems:
        raise CustomerDataError(problems)
