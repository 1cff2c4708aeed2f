"""The indicators' columns: arrays where the table's own memory can be read, else read in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Columns", "Deferred", "sliceable"]


class Deferred:
    """Figures whose memory is not an array's: with nulls, in several chunks, or as bits.

    They are turned into arrays a block at a time, so that no second copy of the table is made.

    Parameters
    ----------
    series : narwhals.Series
        Numbers or booleans.
    """

    def __init__(self, series: Any) -> None:
        self._series = series

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        """Figures of some rows; missing: NaN."""
        import narwhals as nw

        part = self._series[rows]
        dtype, nulls = part.dtype, part.null_count()
        if nulls or dtype in (nw.Boolean, nw.Int128, nw.UInt128):
            if part.implementation.is_pandas_like():
                part = part.cast(nw.Float64)
            else:
                part = part if dtype.is_float() else part.cast(nw.Float64)
                part = part.fill_null(float("nan")) if nulls else part
        values: NDArray[Any] = part.to_numpy()
        return values if values.dtype.kind in "fiu" else values.astype(np.float64)

    def __len__(self) -> int:
        return len(self._series)


class Columns(Mapping[str, NDArray[Any]]):
    """Indicator to array; deferred ones become whole arrays when somebody asks for them."""

    def __init__(self, held: Mapping[str, NDArray[Any] | Deferred]) -> None:
        self._held = dict(held)

    def __getitem__(self, name: str) -> NDArray[Any]:
        values = self._held[name]
        if isinstance(values, Deferred):
            values = self._held[name] = values[0 : len(values)]
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    @property
    def held(self) -> Mapping[str, Any]:
        """The columns as they are held: whatever gives an array for a slice of rows."""
        return self._held


def sliceable(columns: Mapping[str, NDArray[Any]]) -> Mapping[str, Any]:
    """Columns for the engine, which reads block by block."""
    return columns.held if isinstance(columns, Columns) else columns
