"""Customers' ids: which are missing, and which stand in several rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["doubtful_ids", "is_missing"]

Mask = NDArray[np.bool_]


def doubtful_ids(ids: Any, rows: int, *, series: bool) -> tuple[Mask, Mask]:
    """Rows without an id, and the first row of every id that stands in several.

    Parameters
    ----------
    ids : sequence, or narwhals.Series
    rows : int
    series : bool
        Whether it is a narwhals series.
    """
    if (_plain_series if series else _plain)(ids):
        nothing = np.zeros(rows, dtype=bool)
        return nothing, nothing
    return _row_by_row(ids.to_list() if series else ids, rows)


def _row_by_row(ids: Iterable[Any], rows: int) -> tuple[Mask, Mask]:
    """Whatever an id is: two are the same when a dictionary says so."""
    first: dict[Any, int] = {}
    absent, doubles = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    for row, one in enumerate(ids):
        if is_missing(one) or one == "":
            absent[row] = True
        elif first.setdefault(one, row) != row:
            doubles[first[one]] = True
    return absent, doubles


def _plain(ids: Any) -> bool:
    """Whether every id is certainly there, and there once."""
    if not isinstance(ids, np.ndarray):
        return False
    if ids.dtype.kind in "iuf":
        return _distinct(ids)
    if ids.dtype.kind not in "OU":
        return False
    names = set(ids.tolist())
    kinds = set(map(type, names))
    return len(names) == len(ids) and "" not in names and kinds <= {str, int}


def _plain_series(ids: Any) -> bool:
    import narwhals as nw

    if ids.null_count():
        return False
    if ids.dtype in (nw.Int64, nw.Int32, nw.UInt64, nw.UInt32, nw.Float64, nw.Float32):
        return _distinct(ids.to_numpy())
    if ids.dtype == nw.String and (ids == "").any():
        return False
    return bool(ids.n_unique() == len(ids))


def _distinct(values: NDArray[Any]) -> bool:
    """Whether no number is there twice; NaN is never distinct."""
    if (values[1:] > values[:-1]).all():
        return len(values) != 1 or bool(values[0] == values[0])
    ordered = np.sort(values)  # NaN comes last
    return bool((ordered[1:] > ordered[:-1]).all())


def is_missing(value: Any) -> bool:
    """None, NaN, and pandas' NA and NaT (told by name, so that pandas is not imported)."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))
