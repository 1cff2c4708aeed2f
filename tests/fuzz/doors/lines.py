"""Lines of invoices."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import ahpvalue as av
from tests.fuzz.odd import NAMES
from tests.fuzz.tables import break_table

LINES: dict[str, list[Any]] = {
    "customer": ["C1", "C1", "C2", "C3", "C3", "C3"],
    "date": ["2022-01-03", "2022-02-01", "2022-03-01", "2022-04-01", "2022-05-01", "2022-06-01"],
    "amount": [10.0, 20.0, -5.0, 7.5, 0.0, 3.0],
    "order": ["o1", "o2", "o3", "o4", "o5", "o5"],
    "product": ["p1", "p2", "p1", "p3", "p3", "p1"],
}


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """Lines with one thing broken, or asked for in an odd way."""
    import pandas as pd
    import polars as pl

    broken, table = break_table(rng, LINES)
    kind = rng.choice(["pandas", "polars", "as it is"])
    if isinstance(table, dict) and kind != "as it is":
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                table = pd.DataFrame(table) if kind == "pandas" else pl.DataFrame(table)
        except Exception:  # then nobody has such a frame
            kind = "as it is"
    roles: dict[str, Any] = {"customer": "customer", "date": "date", "amount": "amount"}
    if rng.random() < 0.5:
        roles |= {"order": "order", "product": "product"}
    if rng.random() < 0.2:
        roles[rng.choice(list(roles))] = rng.choice(NAMES)
    period = rng.choice(
        ["quarter", "month", "year", "2022Q1", "2022", ["2022Q1", "2022Q2"], "x", "", 3, None, []]
    )
    return f"{kind}: {broken}; {period!r}", lambda: _counted(table, period, roles)


def _counted(table: Any, period: Any, roles: dict[str, Any]) -> None:
    av.from_transactions(table, period=period, **roles)
