"""How far a population has moved away from the reference a model was fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import CompiledModel, compile_activity
from ahpvalue.document import ReferenceColumn
from ahpvalue.errors import ModelError
from ahpvalue.scoring import (
    CategoryScores,
    PlanIndicator,
    active_customers,
    read_customers,
    wanted_columns,
)
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["Shift", "measure_shift", "stability_index"]

Array = NDArray[np.float64]

_LEAST = 1e-4  # what stands in for an empty bin, whose logarithm is no number
STEADY, MOVED, OTHER = "steady", "moved", "another population"


@dataclass(frozen=True, repr=False)
class Shift(Result):
    """Per indicator: the reference against the customers of now.

    Attributes
    ----------
    indicators : tuple of str
    psi : ndarray
        Population stability index; NaN where one of both has no value.
    outside : ndarray
        Share of the values below the reference's smallest or above its largest.
    missing_then, missing_now : ndarray
        Share of customers without a value.
    verdicts : tuple of str
        Steady below 0.10, moved below 0.25, else another population (the usual limits;
        Siddiqi 2006, Credit Risk Scorecards); ``appeared`` and ``vanished`` for indicators
        that only one of both has values of.
    customers : int
    """

    indicators: tuple[str, ...]
    psi: Array
    outside: Array
    missing_then: Array
    missing_now: Array
    verdicts: tuple[str, ...]
    customers: int

    def to_dict(self) -> dict[str, Any]:
        """A row per indicator, in the order of the model."""
        return as_data(
            {
                "indicator": list(self.indicators),
                "psi": self.psi,
                "outside": self.outside,
                "missing_then": self.missing_then,
                "missing_now": self.missing_now,
                "verdict": list(self.verdicts),
            }
        )

    def table(self) -> Table:
        """What is printed and shown in a notebook, the largest shift first."""
        order = np.argsort(-np.nan_to_num(self.psi, nan=np.inf), kind="stable")
        measures = {
            "PSI": self.psi,
            "outside": self.outside,
            "missing then": self.missing_then,
            "missing now": self.missing_now,
        }
        columns: dict[str, list[Any]] = {"indicator": [self.indicators[k] for k in order]}
        columns |= {name: values[order].tolist() for name, values in measures.items()}
        columns["verdict"] = [self.verdicts[k] for k in order]
        formats = dict.fromkeys(measures, ".1%") | {"PSI": ".3f"}
        return Table(
            f"{self.customers:,} customers against the reference",
            columns,
            formats,
            note="PSI: below 0.10 steady, below 0.25 moved; outside: beyond the reference's range",
        )


def stability_index(then: Array, now: Array) -> float:
    """Population stability index of two counts over the same bins.

    Sum of (q - p) ln(q / p) over the bins' shares; an empty bin counts as one ten thousandth.

    Examples
    --------
    >>> round(stability_index(np.array([50.0, 50.0]), np.array([60.0, 40.0])), 4)
    0.0405
    """
    p, q = (np.maximum(counts / counts.sum(), _LEAST) for counts in (then, now))
    return float(((q - p) * np.log(q / p)).sum())


def measure_shift(model: CompiledModel, table: Any) -> Shift:
    """Set the active customers of a table against the reference; see `Model.shift`."""
    reference = model.document.reference
    if reference is None:
        raise ModelError("a shift is measured against a reference population: fit the model first")
    wanted = wanted_columns(model.plan)
    everybody = read_customers(table, model.document.customer, wanted)
    customers = active_customers(compile_activity(model.document), everybody).customers
    rows = []
    for indicator in model.plan.indicators:
        absent = customers.absent(indicator.name)
        held = customers.columns[indicator.name][~absent]
        column = reference.indicators[indicator.name]
        missing = float(absent.mean()) if len(absent) else np.nan
        then = column.missing / max(column.missing + column.values, 1)
        rows.append((indicator.name, *_against(indicator, column, held), then, missing))
    names, psi, outside, verdicts, then_missing, now_missing = zip(*rows, strict=True)
    return Shift(
        names,
        np.array(psi),
        np.array(outside),
        np.array(then_missing),
        np.array(now_missing),
        verdicts,
        customers.rows,
    )


def _against(
    indicator: PlanIndicator, column: ReferenceColumn, held: NDArray[Any]
) -> tuple[float, float, str]:
    """Index, share outside the range, verdict."""
    if not column.values or not len(held):
        alive = "appeared" if len(held) else "vanished" if column.values else "never had a value"
        return np.nan, np.nan, alive
    if isinstance(indicator.function, CategoryScores):
        names = indicator.function.names
        now = np.bincount(held, minlength=len(names)).astype(float)
        then = np.array([column.categories.get(name, 0) for name in names], dtype=float)
        outside = float(now[then == 0].sum() / now.sum())
    else:
        bins = np.searchsorted(np.array(column.edges), held, side="right")
        now = np.bincount(bins, minlength=len(column.edges) + 1).astype(float)
        then = np.array(column.counts, dtype=float)
        assert column.minimum is not None
        assert column.maximum is not None
        outside = float(((held < column.minimum) | (held > column.maximum)).mean())
    psi = stability_index(then, now)
    return psi, outside, STEADY if psi < 0.10 else MOVED if psi < 0.25 else OTHER
