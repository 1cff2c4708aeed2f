"""What a table held when it was read: held where that costs little, else sealed and checked.

Scores are computed once and explained later, from the same table. A frame that copies on write is
held as a light copy, ids and texts are copied. Numbers stay where the caller has them, so that
scoring takes no second table's memory: they get a seal, and whoever asks something of the scores
later is refused if the numbers are no longer those that were scored.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError

__all__ = ["Seal", "held_array", "held_frame", "shared_numbers"]

_BLOCK = 32_768  # rows
_FEW = 256  # bytes
_ODD = 2_654_435_761  # a large prime: places far apart get unlike weights
_WEIGHTS = np.arange(1, _BLOCK + 1, dtype=np.uint64) * np.uint64(_ODD) | np.uint64(1)


@dataclass(frozen=True)
class Seal:
    """A sum over every block of some arrays, in which each place has a weight of its own.

    Attributes
    ----------
    arrays : tuple of ndarray
        The caller's memory.
    sums : tuple of int or bytes
    """

    arrays: tuple[NDArray[Any], ...] = ()
    sums: tuple[int | bytes, ...] = ()

    @classmethod
    def of(cls, arrays: Iterable[NDArray[Any]]) -> Seal:
        """Seal what the arrays hold now."""
        kept = tuple(arrays)
        return cls(kept, tuple(_sums(kept)))

    def refuse_changed(self) -> None:
        """Refuse arrays that hold something else by now.

        Raises
        ------
        CustomerDataError
            They do.
        """
        if any(now != then for now, then in zip(_sums(self.arrays), self.sums, strict=True)):
            raise CustomerDataError("the table was changed after it was scored; score it again")


def _sums(arrays: Iterable[NDArray[Any]]) -> Iterator[int | bytes]:
    """A sum per block; what is no longer than a few sums is kept itself."""
    for array in arrays:
        if array.nbytes <= _FEW:
            yield array.tobytes()
            continue
        for start in range(0, len(array), _BLOCK):
            block = np.ascontiguousarray(array[start : start + _BLOCK])
            for words in _words(block.view(np.uint8).reshape(-1)):
                yield int(np.dot(words, _WEIGHTS[: len(words)]))


def _words(data: NDArray[np.uint8]) -> Iterator[NDArray[np.uint64]]:
    """Bytes as numbers of eight bytes, and what is left of them as numbers of one."""
    whole = len(data) // 8 * 8
    words = data[:whole].view(np.uint64)
    for start in range(0, len(words), len(_WEIGHTS)):
        yield words[start : start + len(_WEIGHTS)]
    if whole < len(data):
        yield data[whole:].astype(np.uint64)


def held_array(values: NDArray[Any]) -> NDArray[Any]:
    """A column of Python objects as a copy; its memory holds no numbers that could be sealed."""
    return values.copy() if values.dtype.kind == "O" else values


def held_frame(table: Any, column: str) -> Any:
    """A frame that later changes of the caller's do not reach, where its kind can do that.

    Parameters
    ----------
    table : data frame
    column : str
        The customers' ids, which are copied where the frame would share them.
    """
    module = type(table).__module__.partition(".")[0]
    if module == "polars" and hasattr(table, "clone"):
        return table.clone()
    if module != "pandas" or not hasattr(table, "copy"):
        return table  # Arrow's tables do not change
    if not hasattr(table, "columns") or not table.columns.is_unique:
        return table  # is refused when it is read
    light = table.copy(deep=False)
    if not _copies_on_write():
        for name in light.columns:
            if name == column or not _is_plain(light[name].dtype):
                light[name] = light[name].copy()
    return light


def shared_numbers(frame: Any) -> list[NDArray[Any]]:
    """The numbers of a pandas frame whose memory the caller can still change; else none."""
    if type(frame).__module__.partition(".")[0] != "pandas" or _copies_on_write():
        return []
    columns = [frame[name] for name in frame.columns]
    return [one.to_numpy() for one in columns if _is_plain(one.dtype)]


def _is_plain(dtype: Any) -> bool:
    """Whether a pandas column lies in memory as NumPy's numbers; `held_frame` copies the others."""
    return isinstance(dtype, np.dtype) and dtype.kind in "fiubmM"


def _copies_on_write() -> bool:
    """Whether pandas copies a column before it changes one that is shared (always from 3 on)."""
    pd = sys.modules["pandas"]
    if int(pd.__version__.partition(".")[0]) >= 3:
        return True
    return bool(pd.options.mode.copy_on_write)
