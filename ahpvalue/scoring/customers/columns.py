"""The indicators' columns: arrays where the table's own memory can be read, else read in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.customers.arrow import Pieces

__all__ = ["Columns", "Deferred", "block_of", "copied"]


@dataclass(frozen=True)
class Deferred:
    """Values that only their frame's own engine can make arrays of, such as bits.

    Attributes
    ----------
    frame : narwhals.DataFrame
    column : str
        Numbers or booleans.
    """

    frame: Any
    column: str


class Columns(Mapping[str, NDArray[Any]]):
    """Indicator to array; deferred ones become whole arrays when somebody asks for them.

    The engine reads them a block at a time instead, so that no second copy of the table is made.
    """

    def __init__(self, held: Mapping[str, NDArray[Any] | Pieces | Deferred]) -> None:
        self._names = tuple(held)
        self._arrays = {name: one for name, one in held.items() if isinstance(one, np.ndarray)}
        self._pieces = {name: one for name, one in held.items() if isinstance(one, Pieces)}
        self._deferred = {name: one for name, one in held.items() if isinstance(one, Deferred)}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._arrays:
            if name in self._pieces:
                pieces = self._pieces[name]
                self._arrays[name] = pieces.block(0, len(pieces))
            else:
                self._arrays[name] = _read(*_query([self._deferred[name]]))[0]
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _reading(self) -> tuple[Any, list[Any]]:
        return _query(list(self._deferred.values()))

    def block(
        self, start: int, stop: int, spare: dict[str, NDArray[Any]] | None = None
    ) -> dict[str, NDArray[Any]]:
        """Every column's values in some rows; missing: NaN.

        `spare` keeps arrays from one block to the next, which must not be longer.
        """
        held = list(self._arrays.items())  # others may add to it meanwhile
        values = {name: array[start:stop] for name, array in held}
        for name, pieces in self._pieces.items():
            if name not in values:
                if spare is not None and name not in spare:
                    spare[name] = np.empty(stop - start, dtype=pieces.dtype)
                out = None if spare is None else spare[name]
                values[name] = pieces.block(start, stop, out)
        if not self._deferred.keys() <= values.keys():
            frame, expressions = self._reading
            values |= zip(
                self._deferred, _read(frame[start:stop], expressions), strict=True
            )  # all at once: a call of the frame's own engine costs more than a column
        return values

    @property
    def memory(self) -> list[NDArray[Any]]:
        """The arrays that the values are read from."""
        pieces = [array for one in self._pieces.values() for array in one.arrays]
        return [*self._arrays.values(), *pieces]

    @property
    def copied(self) -> int:
        """How many columns a block of is an array of its own."""
        return (
            len(self._pieces) + len(self._deferred) + sum(map(_is_scattered, self._arrays.values()))
        )


def block_of(
    columns: Mapping[str, NDArray[Any]], start: int, stop: int, spare: dict[str, NDArray[Any]]
) -> Mapping[str, NDArray[Any]]:
    """Every column's values in some rows, each in one piece of memory."""
    if isinstance(columns, Columns):
        values = columns.block(start, stop, spare)
    else:
        values = {name: array[start:stop] for name, array in columns.items()}
    return {name: np.ascontiguousarray(array) for name, array in values.items()}


def copied(columns: Mapping[str, NDArray[Any]]) -> int:
    """How many columns must be copied to be in one piece of memory."""
    if isinstance(columns, Columns):
        return columns.copied
    return sum(map(_is_scattered, columns.values()))


def _is_scattered(array: NDArray[Any]) -> bool:
    return not array.flags.c_contiguous


def _query(several: list[Deferred]) -> tuple[Any, list[Any]]:
    """The frame of some columns, and what turns them into values without nulls."""
    import narwhals as nw

    names = list(dict.fromkeys(one.column for one in several))
    frame = several[0].frame.select(names)
    expressions = []
    for k, one in enumerate(several):
        numbers = nw.col(one.column)
        if frame.implementation.is_pandas_like():
            numbers = numbers.cast(nw.Float64)  # whose arrays have NaN for what is missing
        else:
            if not frame.schema[one.column].is_float():
                numbers = numbers.cast(nw.Float64)
            numbers = numbers.fill_null(float("nan"))
        expressions.append(numbers.alias(str(k)))
    return frame, expressions


def _read(frame: Any, expressions: list[Any]) -> list[NDArray[Any]]:
    found = [one.to_numpy() for one in frame.select(expressions).iter_columns()]
    return [one if one.dtype.kind in "fiu" else one.astype(np.float64) for one in found]
