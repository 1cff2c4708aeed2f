"""Arrow memory as NumPy arrays: values where they lie, nulls from the bits beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pieces"]

_TYPES: dict[str, type[np.generic]] = {
    "double": np.float64, "float": np.float32,
    "int64": np.int64, "int32": np.int32, "int16": np.int16, "int8": np.int8,
    "uint64": np.uint64, "uint32": np.uint32, "uint16": np.uint16, "uint8": np.uint8,
}  # fmt: skip


class Pieces:
    """Numbers in one or more pieces of Arrow memory, with or without nulls.

    Parameters
    ----------
    chunks : list of pyarrow.Array
        Of the same type.
    """

    def __init__(self, chunks: list[Any], dtype: type[np.generic]) -> None:
        self._values: list[NDArray[Any]] = []
        self._valid: list[tuple[NDArray[np.uint8], int] | None] = []
        for chunk in chunks:
            bits, data = chunk.buffers()
            first = chunk.offset
            values = np.frombuffer(data, dtype, first + len(chunk)) if len(chunk) else np.empty(0)
            self._values.append(values[first:] if len(chunk) else values)
            nulls = len(chunk) and chunk.null_count
            self._valid.append((np.frombuffer(bits, np.uint8), first) if nulls else None)
        self._starts = np.cumsum([0, *map(len, self._values)]).tolist()
        self.dtype = np.dtype(np.float32 if dtype is np.float32 else np.float64)

    @classmethod
    def of(cls, native: Any) -> Pieces | None:
        """The pieces of a polars series or a pyarrow column; None for other things.

        Also None where polars has no pyarrow to show its memory with.
        """
        if hasattr(native, "n_chunks") and hasattr(native, "to_arrow"):
            try:
                chunks = [chunk.to_arrow() for chunk in native.get_chunks()]
            except ModuleNotFoundError:
                return None
        elif hasattr(native, "num_chunks"):
            chunks = native.chunks
        else:
            return None
        dtype = _TYPES.get(str(chunks[0].type)) if chunks else None
        return None if dtype is None else cls(chunks, dtype)

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """The memory of every piece, whatever stands where nothing is."""
        return self._values

    def __len__(self) -> int:
        return int(self._starts[-1])

    def block(self, start: int, stop: int, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Values of some rows; missing: NaN. Written to `out`, if given, and returned."""
        numbers = np.empty(stop - start, dtype=self.dtype) if out is None else out[: stop - start]
        for values, valid, first in zip(self._values, self._valid, self._starts, strict=False):
            low, high = max(start - first, 0), min(stop - first, len(values))
            if low >= high:
                continue
            here = numbers[first + low - start : first + high - start]
            here[:] = values[low:high]
            if valid is not None:
                np.copyto(here, np.nan, where=_nulls(*valid, low, high))
        return numbers


def _nulls(bits: NDArray[np.uint8], offset: int, low: int, high: int) -> NDArray[np.bool_]:
    low, high = low + offset, high + offset
    byte = low // 8
    valid = np.unpackbits(bits[byte : -(-high // 8)], bitorder="little")
    return valid[low - 8 * byte : high - 8 * byte] == 0
