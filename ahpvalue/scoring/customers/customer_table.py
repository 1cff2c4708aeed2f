"""A table of customers as plain arrays, and the answer in the kind of table that was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, Problem, did_you_mean
from ahpvalue.scoring.customers.ids import doubtful_ids, id_texts, is_missing
from ahpvalue.scoring.customers.messages import infinite_problem, missing_problem, outside_message
from ahpvalue.scoring.customers.seal import Seal
from ahpvalue.scoring.name_meaning import column_meant

__all__ = ["Customers", "Kinds", "Wanted", "is_missing"]

_SHOWN = 3


@dataclass(frozen=True)
class Wanted:
    """A column to read for an indicator: values, or categories with these names."""

    name: str
    column: str
    levels: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Kinds:
    """A column of a few texts: which of them stands in each row.

    Attributes
    ----------
    texts : tuple of str
    codes : ndarray of int
        Positions in `texts`.
    """

    texts: tuple[str, ...]
    codes: NDArray[np.uint8]

    def array(self) -> NDArray[np.str_]:
        """The texts of all rows, spelt out."""
        return np.array(self.texts).take(self.codes)


@dataclass(frozen=True)
class Customers:
    """A table of customers as plain arrays, and how to answer in kind.

    Attributes
    ----------
    customer : str
        The column that names the customers.
    ids : sequence
        The customers' names as they were given (an array, or a narwhals series).
    columns : mapping of str to ndarray
        Per indicator: values (missing: NaN) or category codes (missing: -1).
    rows : int
    coded : frozenset of str
        The indicators whose column holds category codes.
    frame : object
        The narwhals frame the table came from; None for a mapping of arrays.
    source : object
        The reader of the table, for columns that no indicator names.
    aliases : dict of str to str
        Indicator to column, for those whose column is called otherwise.
    """

    customer: str
    ids: Any
    columns: Mapping[str, NDArray[Any]]
    rows: int
    frame: Any = None
    coded: frozenset[str] = frozenset()
    source: Any = None
    aliases: Mapping[str, str] = field(default_factory=dict)

    def other(self, column: str) -> NDArray[Any]:
        """Any column of the table: values (missing: NaN) or texts (missing: None).

        Raises
        ------
        CustomerDataError
            There is no such column.
        """
        self.need(column)
        return self.source.anything(column)

    def need(self, column: str) -> None:
        """Refuse a table without a column, by name."""
        if column not in self.source.names:
            near = did_you_mean(column, self.source.names)
            raise CustomerDataError(f"there is no column {column!r}{near}")

    def values_or_texts(self, name: str) -> NDArray[Any]:
        """An indicator's values or categories, else the column of that name.

        Raises
        ------
        CustomerDataError
            There is none, or it may be either (see `column_meant`).
        """
        table = () if self.source is None else self.source.names
        column = column_meant(name, self.aliases, table)
        if name in self.columns and name not in self.coded:
            return self.columns[name].astype(np.float64)
        return self.other(column)

    @classmethod
    def joined(cls, several: Sequence[Customers]) -> Customers:
        """The customers of several tables under each other, as plain arrays only."""
        first = several[0]
        if len(several) == 1:
            return first
        columns = {
            name: np.concatenate([one.columns[name] for one in several]) for name in first.columns
        }
        ids = [name for one in several for name in one.ids]
        return cls(first.customer, ids, columns, len(ids), None, first.coded)

    def picked(self, rows: NDArray[np.intp]) -> Customers:
        """Some of the customers, as plain arrays only."""
        ids = _Picked(self.ids, rows)
        columns = {name: values[rows] for name, values in self.columns.items()}
        return Customers(self.customer, ids, columns, len(rows), None, self.coded)

    def some(self, rows: NDArray[np.bool_]) -> str:
        """``"C1, C2, C3 and 12 more"``: the customers of these rows."""
        chosen = np.flatnonzero(rows)
        shown = ", ".join(str(self.ids[int(row)]) for row in chosen[:_SHOWN])
        return shown + (f" and {len(chosen) - _SHOWN:,} more" if len(chosen) > _SHOWN else "")

    def absent(self, name: str) -> NDArray[np.bool_]:
        """Rows in which an indicator's value or category is missing."""
        values = self.columns[name]
        return values < 0 if name in self.coded else np.isnan(values)

    def sealed(self) -> Seal:
        """A seal on the memory that this table shares with the caller."""
        if self.source is None:
            return Seal()
        arrays = [*self.source.shared(), *getattr(self.columns, "memory", ())]
        return Seal.of({id(array): array for array in arrays}.values())

    @property
    def id_texts(self) -> list[str | None]:
        """The ids as they are written, whatever type they have; None where there is none."""
        return id_texts(self.ids, self.customer)

    def refuse_doubtful_ids(self) -> None:
        """Refuse a missing id, one that stands in several rows, and what can be no id.

        Raises
        ------
        CustomerDataError
            Names the rows and the ids.
        """
        found = doubtful_ids(self.ids, self.customer)
        problems = []
        if found.absent.any():
            rows = ", ".join(str(row + 1) for row in np.flatnonzero(found.absent)[:_SHOWN])
            problems.append(Problem(f"column {self.customer!r}: no id in row {rows}"))
        if found.doubles.any():
            who = self.some(found.doubles)
            text = f"column {self.customer!r}: {who} in more than one row; keep one row each"
            if found.other:
                first, later = next(iter(found.other.items()))
                text += f" ({self.ids[first]!r} and {self.ids[later]!r} are one id)"
            problems.append(Problem(text))
        if problems:
            raise CustomerDataError(problems)

    def missing_problem(self, name: str, column: str) -> Problem:
        """That an indicator refuses missing values, who lacks one, and what can be done."""
        return missing_problem(name, column, self.some(self.absent(name)))

    def range_messages(self, name: str, expected: tuple[float, float]) -> list[str]:
        """That values lie outside the expected range: how many, how far, and whose."""
        values = self.columns[name]
        messages = []
        for outside, limit, word in (
            (values < expected[0], expected[0], "below"),
            (values > expected[1], expected[1], "above"),
        ):
            if outside.any():
                far = values[outside].min() if word == "below" else values[outside].max()
                counts = int(outside.sum()), self.rows
                side = word, limit, float(far)
                messages.append(outside_message(name, counts, side, self.some(outside)))
        return messages

    def infinite_problem(self, name: str, column: str) -> Problem:
        """That a value is infinite, and whose."""
        return infinite_problem(name, column, self.some(np.isinf(self.columns[name])))

    def answer(self, results: Mapping[str, Any]) -> Any:
        """The ids and `results` as the kind of table that was given.

        A result is an array (NaN, or None among texts, where there is none), `Kinds`, or one
        text for all rows. Row order and a pandas index are kept.
        """
        if self.frame is None:
            return {self.customer: self.ids} | {
                name: np.broadcast_to(np.array(value), self.rows)
                if isinstance(value, str)
                else value.array()
                if isinstance(value, Kinds)
                else value
                for name, value in results.items()
            }
        import narwhals as nw

        frame = self.frame.select(self.customer)
        columns = [
            nw.lit(value).alias(name) if isinstance(value, str) else _series(name, value, frame)
            for name, value in results.items()
        ]
        return frame.with_columns(*columns).to_native()


class _Picked:
    """Some of the ids, looked up only when one is asked for."""

    def __init__(self, ids: Any, rows: NDArray[np.intp]) -> None:
        self.ids, self.rows = ids, rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row: int) -> Any:
        return self.ids[int(self.rows[row])]

    def __iter__(self) -> Iterator[Any]:
        return (self.ids[int(row)] for row in self.rows)


def _series(name: str, value: NDArray[Any] | Kinds, frame: Any) -> Any:
    """A result as a column beside those of a frame."""
    import narwhals as nw

    backend = nw.get_native_namespace(frame)
    pandas_like = frame.implementation.is_pandas_like()
    text = None if pandas_like else nw.String
    if isinstance(value, Kinds):
        texts = nw.new_series(name, list(value.texts), text, backend=backend)
        series = texts[value.codes.astype(np.intp)]
    elif value.dtype.kind in "UO":
        series = nw.new_series(name, value.tolist(), text, backend=backend)
    else:
        series = nw.new_series(name, value, None, backend=backend)
        if not pandas_like and value.dtype == np.float64 and _has_nan(value):
            # In pandas NaN is how a missing number looks; elsewhere it is a number.
            there = nw.when(~nw.col(name).is_nan()).then(nw.col(name))
            series = series.to_frame().select(there)[name]
        if name in ("rank", "peer_rank"):
            series = _whole(series)
    if pandas_like:
        native = series.to_native()
        native.index = frame.to_native().index
        series = nw.from_native(native, series_only=True)
    return series


def _has_nan(values: NDArray[Any]) -> bool:
    return len(values) > 0 and bool(np.isnan(np.minimum.reduce(values)))


def _whole(series: Any) -> Any:
    """A column of whole numbers as integers that may be missing, whoever is rated."""
    import narwhals as nw

    if series.implementation.is_pandas_like():
        return nw.from_native(series.to_native().astype("Int64"), series_only=True)
    return series.cast(nw.Int64)
