"""Core customers: the top by what they bring and the top by their score, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError
from ahpvalue.evaluation.concentration import Concentration, concentration, in_top
from ahpvalue.evaluation.explain import customers_in_words, measure_effects
from ahpvalue.scored import Scored
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["Core", "find_core"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BOTH, BY_CONTRIBUTION, BY_SCORE = "both", "contribution only", "score only"


@dataclass(frozen=True, repr=False)
class Core(Result):
    """The core by two ways of looking, among the active customers.

    Attributes
    ----------
    value : str
        The value that says what a customer brings.
    share : float
        How much of the active customers a core is.
    ids : tuple of str
    contribution, total : ndarray
        What each customer brings, and its score; NaN where there is none.
    by_contribution, by_score : ndarray of bool
        Who is in the core of each kind; customers tied on the line are all in.
    concentration : Concentration
        Of what the active customers bring.
    drags : ndarray of str
        For customers that bring less than nothing: what pulls their score down most.
    """

    value: str
    share: float
    ids: tuple[str, ...]
    contribution: Array
    total: Array
    by_contribution: Mask
    by_score: Mask
    concentration: Concentration
    drags: NDArray[Any]

    @property
    def largest(self) -> str:
        """The customer that brings most."""
        return self.ids[int(np.nanargmax(self.contribution))]

    def _rows(self, chosen: Mask) -> list[int]:
        order = np.argsort(-np.nan_to_num(self.contribution, nan=-np.inf), kind="stable")
        return [int(row) for row in order if chosen[row]]

    def _listed(self, title: str, rows: Sequence[int], note: str = "") -> Table:
        where = np.select(
            [self.by_contribution & self.by_score, self.by_contribution, self.by_score],
            [BOTH, BY_CONTRIBUTION, BY_SCORE],
            "",
        )
        columns: dict[str, list[Any]] = {
            "customer": [self.ids[row] for row in rows],
            self.value: [float(self.contribution[row]) for row in rows],
            "score": [float(self.total[row]) for row in rows],
            "core by": [str(where[row]) for row in rows],
            "pulled down by": [self.drags[row] or "" for row in rows],
        }
        if not any(columns["pulled down by"]):
            del columns["pulled down by"]
        return Table(title, columns, {self.value: ",.2f", "score": ".1f"}, note=note)

    @property
    def disagreements(self) -> Table:
        """Customers in one core and not in the other, those that bring most first."""
        rows = self._rows(self.by_contribution ^ self.by_score)
        return self._listed(f"In one core only: {customers_in_words(len(rows))}", rows)

    @property
    def unprofitable(self) -> Table:
        """Customers that bring less than nothing, the worst first, and what makes them so."""
        with np.errstate(invalid="ignore"):
            rows = self._rows(self.contribution < 0)[::-1]
        return self._listed(f"Below 0 in {self.value}: {customers_in_words(len(rows))}", rows)

    def largest_outside(self, values: Any) -> str | None:
        """The customer with the largest of some values that is in no core, if it is in none.

        Examples are sales against a core by profit: the biggest that is not among the most
        valuable.

        Parameters
        ----------
        values : array, shape (customers,)
            In the order of the scored customers; a column's are ``scores.values("sales")``.

        Raises
        ------
        CustomerDataError
            These are not one value per customer, or there is none among them.
        """
        try:
            numbers = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            numbers = np.empty(0)
        if numbers.shape != (len(self.ids),) or np.isnan(numbers).all():
            raise CustomerDataError(
                f"the largest outside needs one value for each of {len(self.ids):,} customers, in "
                "their order; give scores.values('sales')"
            )
        row = int(np.nanargmax(numbers))
        return None if self.by_contribution[row] or self.by_score[row] else self.ids[row]

    def to_dict(self) -> dict[str, Any]:
        """A row per customer: what it brings, its score, in which core it is, what drags it."""
        return as_data(
            {
                "customer": list(self.ids),
                self.value: self.contribution,
                "score": self.total,
                "core_by_value": self.by_contribution,
                "core_by_score": self.by_score,
                "drags": self.drags,
            }
        )

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        groups = {
            BOTH: self.by_contribution & self.by_score,
            BY_CONTRIBUTION: self.by_contribution & ~self.by_score,
            BY_SCORE: self.by_score & ~self.by_contribution,
        }
        whole = self.concentration.total
        sums = [float(np.nansum(self.contribution[rows])) for rows in groups.values()]
        columns: dict[str, list[Any]] = {
            "core by": list(groups),
            "customers": [int(rows.sum()) for rows in groups.values()],
            self.value: sums,
            "share of the whole": [part / whole if whole > 0 else None for part in sums],
        }
        formats = {"customers": ",d", self.value: ",.0f", "share of the whole": ".1%"}
        return Table(
            f"The top {self.share:.0%} of {len(self.concentration.values):,} active customers",
            columns,
            formats,
            {"share of the whole": 1.0},
            note=self._note(),
        )

    def _note(self) -> str:
        found = self.concentration
        best = self.ids[int(np.nanargmax(self.total))] if not np.isnan(self.total).all() else "none"
        note = f"most {self.value}: {self.largest}; best score: {best}"
        if found.total > 0:
            note += f"; the top 20 % bring {found.share_of_top():.1%} of {self.value}"
        lost, amount = found.losses
        bring = "brings" if lost == 1 else "bring"
        return note + (f"; {customers_in_words(lost)} {bring} {amount:,.0f}" if lost else "")


def find_core(scored: Scored, value: str, share: float = 0.2) -> Core:
    """Find the core by contribution and by score; see `Scores.core`."""
    if not 0 < share < 1:
        raise CustomerDataError(f"a core is a share of the customers between 0 and 1, not {share}")
    total = scored.total
    active = np.isin(scored.status, ["active", "new", "rated", "not rated"])
    values = scored.values(value)
    if values.dtype.kind == "O":
        raise CustomerDataError(
            f"{value} holds texts; a core needs a value such as sales or profit"
        )
    contribution = np.where(active, values, np.nan)
    if np.isnan(contribution).all():
        raise CustomerDataError(f"no active customer has a value under {value}")
    with np.errstate(invalid="ignore"):
        below = contribution < 0
    return Core(
        value,
        share,
        tuple(map(str, scored.customers.ids)),
        contribution,
        total,
        in_top(contribution, share),
        in_top(total, share),
        concentration(contribution[active], value),
        _drags(scored, below),
    )


def _drags(scored: Scored, rows: Mask, most: int = 2) -> NDArray[Any]:
    """The indicators that cost each of these customers most points against the median one."""
    drags = np.full(len(rows), "", dtype=object)
    if not rows.any() or scored.model.document.reference is None:
        return drags
    effects = measure_effects(scored)
    names = list(effects.points)
    points = np.nan_to_num(np.array([effects.points[name] for name in names]))
    for row in np.flatnonzero(rows):
        worst = np.argsort(points[:, row], kind="stable")[:most]
        drags[row] = ", ".join(names[k] for k in worst if points[k, row] < 0)
    return drags
