"""Customers' ids: what an id is, which are missing, and which stand in several rows.

Ids are compared as they are written, whatever type their column has: the number 17, the text
``"17"`` and a spreadsheet's 17.0 are one id. `id_text` is that one form. What is written otherwise
(``"00017"``, ``"17 "``) is another id; `id_match` says what becomes of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError

__all__ = ["DoubtfulIds", "can_be_ids", "doubtful_ids", "id_text", "id_texts", "is_missing"]

Mask = NDArray[np.bool_]

_EXACT = 2**53
"""From here on a float no longer tells neighbouring whole numbers apart."""

_NAMELESS: Any = object.__str__
"""How an object is written that nobody said how to write."""

_REMEDY = "give every customer one text or number"


@dataclass(frozen=True)
class DoubtfulIds:
    """What cannot be told apart by its id.

    Attributes
    ----------
    absent : ndarray of bool
        Rows without an id: missing, or nothing but blanks.
    doubles : ndarray of bool
        The first row of every id that stands in several.
    other : dict of int to int
        Of these first rows those whose id is written otherwise in a later row, and that row:
        1 and ``"1"``.
    """

    absent: Mask
    doubles: Mask
    other: Mapping[int, int]


def is_missing(value: Any) -> bool:
    """None, NaN, and pandas' NA and NaT (told by name, so that pandas is not imported)."""
    kind = type(value)
    if kind is str or kind is int:
        return False
    if value is None or kind.__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, (float, np.floating)):
        return bool(np.isnan(value))
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    return isinstance(value, Decimal) and value.is_qnan()


# -- one form --------------------------------------------------------------------------------


def id_text(one: Any) -> str | None:
    """An id as it is written, whatever type it has; None where it is missing.

    Raises
    ------
    CustomerDataError
        It is nothing that can name a customer: a truth value, bytes, or several values.

    Examples
    --------
    >>> id_text(17), id_text(17.0), id_text("17"), id_text("00017"), id_text(float("nan"))
    ('17', '17', '17', '00017', None)
    """
    if isinstance(one, str):
        return None if not one or one.isspace() else str.__str__(one)
    if is_missing(one):
        return None
    if hasattr(one, "as_py"):  # a value of pyarrow
        return id_text(one.as_py())
    if isinstance(one, np.datetime64):
        one = one.astype("datetime64[us]").item()
    _refuse_no_id(one)
    if isinstance(one, (Real, np.number, Decimal)):
        return _number_text(one)
    return _day_text(one) if isinstance(one, date) else str(one)


def _refuse_no_id(one: Any) -> None:
    """What is no text, number, day or the like of one customer."""
    if isinstance(one, (bool, np.bool_)):
        raise CustomerDataError(f"{bool(one)} is a truth value, no id; {_REMEDY}")
    if isinstance(one, (bytes, bytearray, memoryview)):
        raise CustomerDataError(f"{one!r} is bytes, no id; decode the column to text")
    if isinstance(one, Iterable):
        raise CustomerDataError(
            f"a {type(one).__name__} such as {_short(one)} is no id; {_REMEDY}, say by joining "
            "its parts"
        )
    if not isinstance(one, (Real, np.number, date)) and type(one).__str__ == _NAMELESS:
        raise CustomerDataError(f"{_short(one)} is no id; {_REMEDY}")


def _number_text(one: Any) -> str:
    """A number without needless digits: 17.0 and Decimal("17.00") as 17."""
    if isinstance(one, (Integral, np.integer)):
        return str(int(one))
    exact = one if isinstance(one, Decimal) else Decimal(str(one))
    if not exact.is_finite():
        raise CustomerDataError(f"{one} is no id; {_REMEDY}")
    if isinstance(one, (float, np.floating)) and abs(float(one)) >= _EXACT:
        raise CustomerDataError(
            f"{one!r} is a decimal number too long for an id, as its last digits are lost; read "
            "the column as text"
        )
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _day_text(day: date) -> str:
    """A day as 2024-06-30, whoever writes an hour 0 behind it; a zoned time as it is in UTC."""
    if not isinstance(day, datetime):
        return day.isoformat()
    if day.tzinfo is not None:
        return day.astimezone(UTC).isoformat(" ")
    has_hour = any((day.hour, day.minute, day.second, day.microsecond))
    return day.isoformat(" ") if has_hour else day.date().isoformat()


def _short(one: Any) -> str:
    text = repr(one)
    return text if len(text) <= 40 else text[:37] + "..."


def id_texts(ids: Any, column: str = "") -> list[str | None]:
    """All ids in that form, in order.

    Parameters
    ----------
    ids : ndarray, sequence, or narwhals.Series
    column : str
        Its name, for the message.

    Raises
    ------
    CustomerDataError
        One of them cannot name a customer; names the row.
    """
    values = _listed(ids)
    kinds = set(map(type, values))
    if kinds <= {str} and not any(map(str.isspace, values)) and "" not in values:
        return values
    if kinds == {int}:
        return list(map(str, values))
    if kinds == {float} and _are_whole(np.array(values)):
        return list(map(str, np.array(values).astype(np.int64).tolist()))
    texts: list[str | None] = []
    for row, one in enumerate(values):
        try:
            texts.append(id_text(one))
        except CustomerDataError as wrong:
            place = f"column {column!r}: " if column else ""
            raise CustomerDataError(f"{place}row {row + 1}: {wrong}") from None
    return texts


def _are_whole(numbers: NDArray[np.float64]) -> bool:
    with np.errstate(invalid="ignore"):
        return bool(((np.abs(numbers) < _EXACT) & (numbers == np.trunc(numbers))).all())


def _listed(ids: Any) -> list[Any]:
    """Ids as Python values; times of nanoseconds would come as whole numbers."""
    if isinstance(ids, np.ndarray):
        listed: list[Any] = (
            ids.astype("datetime64[us]") if ids.dtype.kind == "M" else ids
        ).tolist()
        return listed
    return ids.to_list() if hasattr(ids, "to_list") else list(ids)


def can_be_ids(dtype: Any) -> bool:
    """Whether a column of a narwhals type can name customers; False for lists, say."""
    import narwhals as nw

    kinds = (nw.Boolean, nw.Binary, nw.List, nw.Array, nw.Struct, nw.Object)
    return not any(dtype == kind for kind in kinds)


# -- which are missing, and which are there twice --------------------------------------------


def doubtful_ids(ids: Any, column: str = "") -> DoubtfulIds:
    """Which ids are missing, and which stand in several rows.

    Parameters
    ----------
    ids : ndarray, sequence, or narwhals.Series
    column : str

    Raises
    ------
    CustomerDataError
        One of them cannot name a customer.
    """
    is_plain = _plain if isinstance(ids, (np.ndarray, list, tuple)) else _plain_series
    if is_plain(ids):
        nothing = np.zeros(len(ids), dtype=bool)
        return DoubtfulIds(nothing, nothing, {})
    return _row_by_row(ids, column)


def _row_by_row(ids: Any, column: str = "") -> DoubtfulIds:
    """Whatever an id is: two are the same when they are written alike."""
    values = _listed(ids)
    first: dict[str, int] = {}
    absent, doubles = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    other: dict[int, int] = {}
    for row, text in enumerate(id_texts(ids, column)):
        if text is None:
            absent[row] = True
        elif first.setdefault(text, row) != row:
            doubles[first[text]] = True
            if type(values[row]) is not type(values[first[text]]):
                other.setdefault(first[text], row)
    return DoubtfulIds(absent, doubles, other)


def _plain(ids: Any) -> bool:
    """Whether every id is certainly there, and there once."""
    if not isinstance(ids, np.ndarray):
        return False
    if ids.dtype.kind in "iuf":
        return _distinct(ids)
    if ids.dtype.kind not in "OU":
        return False
    values = ids.tolist()
    kinds = set(map(type, values))
    if kinds == {str} and any(map(str.isspace, values)):
        return False
    return kinds in ({str}, {int}) and len(set(values)) == len(values) and "" not in values


def _plain_series(ids: Any) -> bool:
    import narwhals as nw

    if not hasattr(ids, "null_count") or ids.null_count():
        return False
    if ids.dtype in (nw.Int64, nw.Int32, nw.UInt64, nw.UInt32, nw.Float64, nw.Float32):
        return _distinct(ids.to_numpy())
    if ids.dtype not in (nw.String, nw.Categorical, nw.Enum):
        return False
    if str(getattr(ids.to_native(), "type", "")).endswith("_view"):
        return False  # for which Arrow lacks functions
    if ids.dtype == nw.String and (ids.str.strip_chars() == "").any():
        return False
    return ids.dtype == nw.String and bool(ids.n_unique() == len(ids))


def _distinct(values: NDArray[Any]) -> bool:
    """Whether no number is there twice; NaN is never distinct, nor is a float without its end."""
    if not len(values):
        return True
    if not (values[1:] > values[:-1]).all():
        values = np.sort(values)  # NaN comes last
        if not (values[1:] > values[:-1]).all():
            return False
    return values.dtype.kind != "f" or bool(values[0] > -_EXACT and values[-1] < _EXACT)
