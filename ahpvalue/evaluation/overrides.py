"""Overrides: tiers that people decided, with a reason, an author and an expiry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import AhpValueError, CustomerDataError, Problem, did_you_mean
from ahpvalue.evaluation.periods import Period
from ahpvalue.evaluation.state import positions_of
from ahpvalue.evaluation.stepping import NONE
from ahpvalue.scoring import Scores, read_customers, refuse_doubtful_ids

__all__ = ["Overrides", "read_overrides"]

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


def read_overrides(table: Any, scores: Scores, names: tuple[str, ...], period: str) -> Overrides:
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
    nobody = np.full(len(scores), NONE)
    if table is None:
        return Overrides(nobody, {})
    if not period:
        raise CustomerDataError("overrides expire, so that the period must be given, as in 2022Q1")
    given = read_customers(table, scores.customers.customer, [])
    refuse_doubtful_ids(given)
    columns = {name: _texts(given.other(name)) for name in _COLUMNS}
    _refuse_incomplete(columns, given.ids, names)
    until = [Period.of(one).last for one in columns["expires"]]
    start = Period.of(period).first
    counts = np.array([last >= start for last in until], dtype=bool)
    try:
        at = positions_of(given, scores.customers)
    except CustomerDataError as wrong:
        raise CustomerDataError(f"overrides: {wrong}") from None
    chosen = np.flatnonzero(counts & (at != NONE))
    levels = nobody.copy()
    levels[at[chosen]] = [names.index(columns["tier"][row]) for row in chosen]
    texts = {name: np.full(len(scores), None, dtype=object) for name in _COLUMNS}
    for name, values in texts.items():
        values[at[chosen]] = columns[name][chosen]
    return Overrides(levels, texts, int((~counts).sum()), int((at == NONE).sum()))


def _texts(values: NDArray[Any]) -> NDArray[Any]:
    """Whatever a column holds as text; 2022 is the year, not 2022.0."""
    if values.dtype.kind != "f":
        return values
    return np.array([None if np.isnan(v) else f"{v:.15g}" for v in values.tolist()], dtype=object)


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
