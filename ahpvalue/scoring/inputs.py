"""What the indicators' columns held, as one table: in memory or counted by an engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.plan import CategoryScores, PlanIndicator
from ahpvalue.support.display import Table

__all__ = ["inputs_table", "values_held"]


def values_held(indicator: PlanIndicator, values: NDArray[Any]) -> tuple[Any, ...]:
    """Values, missing ones, the ends, and how many lie beyond the function's ends."""
    function = indicator.function
    if isinstance(function, CategoryScores):
        count = int((values >= 0).sum())
        return count, len(values) - count, None, None, None, None
    held = values[~np.isnan(values)]
    return (
        len(held),
        len(values) - len(held),
        float(held.min()) if len(held) else None,
        float(held.max()) if len(held) else None,
        int((held < function.low).sum()),
        int((held > function.high).sum()),
    )


def inputs_table(found: Iterable[tuple[PlanIndicator, tuple[Any, ...]]]) -> Table:
    """What every indicator's column held, as a table."""
    rows: dict[str, list[Any]] = {
        "indicator": [], "column": [], "values": [], "missing": [],
        "lowest": [], "highest": [], "below": [], "above": [],
    }  # fmt: skip
    for one, values in found:
        for name, value in zip(rows, (one.name, one.column, *values), strict=True):
            rows[name].append(value)
    formats = {
        "values": ",d",
        "missing": ",d",
        "lowest": ",.7g",
        "highest": ",.7g",
        "below": ",d",
        "above": ",d",
    }
    return Table(
        "What the columns held",
        rows,
        formats,
        note="below, above: beyond the first or last value of the value function, scored like it",
    )
