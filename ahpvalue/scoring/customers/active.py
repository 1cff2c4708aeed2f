"""Who of a table's customers is scored, and what the others are called instead of a score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataWarning, warn
from ahpvalue.scoring.conditions import Activity, absent
from ahpvalue.scoring.customers.customer_table import Customers, Kinds
from ahpvalue.scoring.customers.messages import unsure_message

__all__ = ["NOT_RATED", "RATED", "REFUSED", "ActiveRows", "active_customers"]

Array = NDArray[np.float64]

RATED, NOT_RATED, REFUSED = "rated", "not rated", "refused"


@dataclass(frozen=True)
class ActiveRows:
    """The customers that are scored among those of a table.

    Attributes
    ----------
    customers : Customers
        Those who are scored.
    rows : ndarray of int, or None
        Where they stand in the table; None when everybody is scored.
    labels : ndarray of str, or None
        Everybody's status by the rule for who is active; None when there is no rule.
    size : int
        How many customers the table has.
    unsure : dict of str to ndarray of bool
        What the rule asks for, and of whom it cannot tell because they lack it.
    """

    customers: Customers
    rows: NDArray[np.intp] | None
    labels: NDArray[Any] | None
    size: int
    unsure: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def spread(self, values: Array) -> Array:
        """Values of the scored customers in the table's rows; NaN for the others."""
        if self.rows is None:
            return values
        spread = np.full(self.size, np.nan)
        spread[self.rows] = values
        return spread

    def pick(self, values: NDArray[Any]) -> NDArray[Any]:
        """Of the table's rows those of the scored customers."""
        return values if self.rows is None else values[self.rows]

    def statuses(self, totals: Array) -> NDArray[Any]:
        """One word for every customer; an active one without a total is *not rated*."""
        unrated = np.isnan(totals)
        if self.labels is None or self.rows is None:
            return Kinds((RATED, NOT_RATED), unrated.view(np.uint8)).array()
        labels = self.labels.copy()
        scored = np.zeros(self.size, dtype=bool)
        scored[self.rows] = True
        labels[scored & unrated] = NOT_RATED
        return labels.astype(str)

    def status_column(self, totals: Array) -> Kinds | NDArray[Any]:
        """The same for a table, where few words need not be spelt out for everybody."""
        if self.labels is None or self.rows is None:
            return Kinds((RATED, NOT_RATED), np.isnan(totals).view(np.uint8))
        return self.statuses(totals)


def active_customers(
    activity: Activity | None, customers: Customers, *, tell: bool = True
) -> ActiveRows:
    """Apply the rule for who is active; without one everybody is.

    With `tell` false nothing is said of those whom the rule cannot tell, who stand in `unsure`.

    Raises
    ------
    CustomerDataError
        The rule names a column that is not there.

    Warns
    -----
    CustomerDataWarning
        For customers of whom the rule cannot tell, because what it asks for is missing.
    """
    if activity is None:
        return ActiveRows(customers, None, None, customers.rows)
    columns: dict[str, NDArray[Any]] = {}

    def lookup(name: str) -> NDArray[Any]:
        if name not in columns:
            columns[name] = customers.values_or_texts(name)
        return columns[name]

    labels, active = activity.statuses(lookup, customers.rows)
    asked = {one.name for alternative in activity.when for one in alternative if not one.missing}
    unsure = {}
    for name in sorted(asked):
        unknown = absent(lookup(name)) & ~active & (labels == "inactive")
        if unknown.any():
            unsure[name] = unknown
            if tell:
                warn(unsure_message(name, customers.some(unknown)), CustomerDataWarning)
    rows = np.flatnonzero(active)
    return ActiveRows(customers.picked(rows), rows, labels, customers.rows, unsure)
