"""Tables in Python with one thing broken: a column, a cell, a name, a type."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.fuzz.odd import NAMES, PYTHON

__all__ = ["break_table"]


def break_table(  # noqa: C901, PLR0911 - a branch per way to break one
    rng: Random, table: dict[str, list[Any]]
) -> tuple[str, Any]:
    """A mapping of columns, broken in one place, in one of the shapes that tables have."""
    table = {name: list(values) for name, values in table.items()}
    name = rng.choice(list(table))
    rows = len(table[name])
    at = rng.randrange(rows) if rows else 0
    way = rng.randrange(9)
    if way == 0:
        del table[name]
        return f"column {name} left out", table
    if way == 1:
        new = rng.choice(NAMES)
        return f"{name} called {new[:40]!r}", {
            (new if k == name else k): v for k, v in table.items()
        }
    if way == 2:
        table[name] = table[name][:-1]
        return f"{name} a row shorter", table
    if way == 3:
        return "no rows", {k: v[:0] for k, v in table.items()}
    if way == 4:
        twice = {k: [*v, *v[:1]] for k, v in table.items()}
        return "a row twice", twice
    if way == 5:
        kind = rng.choice(
            ["float32", "int64", "datetime64[s]", "U5", "object", "complex", "bool", "S5"]
        )
        try:
            return f"{name} as {kind}", table | {name: np.array(table[name]).astype(kind)}
        except (ValueError, TypeError):
            return "nothing", table
    if way == 6:
        value = rng.choice(PYTHON)
        return f"instead of a table: {type(value).__name__}", value
    if way == 7:
        value = rng.choice(PYTHON)
        return f"{name} = {type(value).__name__}", table | {name: value}
    if rows:
        table[name][at] = value = rng.choice(PYTHON)
        return (
            f"{name}, row {at} = {repr(value)[:40] if type(value) is not int else 'a number'}",
            table,
        )
    return "nothing", table
