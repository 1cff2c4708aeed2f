"""Reading customers' tables: data frames and mappings of arrays -> plain arrays."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, Problem, did_you_mean
from ahpvalue.scoring.customers.arrow import Pieces
from ahpvalue.scoring.customers.columns import Columns, Deferred
from ahpvalue.scoring.customers.customer_table import Customers, Wanted, is_missing
from ahpvalue.scoring.customers.seal import held_array, held_frame, shared_numbers

__all__ = ["category_names", "read_customers"]


def read_customers(table: Any, customer: str, wanted: Iterable[Wanted]) -> Customers:
    """Read the ids and the wanted columns.

    Parameters
    ----------
    table : mapping of str to array, or pandas, polars, pyarrow (any eager narwhals) frame
    customer : str
        The id column.
    wanted : iterable of Wanted

    Raises
    ------
    CustomerDataError
        Lists every column that is not there or does not hold what is wanted.
    """
    reader = _reader(table, customer)
    problems: list[Problem] = []
    columns: dict[str, NDArray[Any] | Pieces | Deferred] = {}
    wanted = list(wanted)
    names = [("the customers' ids", customer), *((want.name, want.column) for want in wanted)]
    for name, column in names:
        if column not in reader.names:
            hidden = _in_index(table, column) if column == customer else ""
            near = hidden or did_you_mean(column, reader.names)
            problems.append(Problem(f"there is no column {column!r} ({name}){near}"))
    if customer not in reader.names:
        raise CustomerDataError(problems)
    coded = frozenset(want.name for want in wanted if want.levels is not None)
    ids = reader.ids(customer)
    aliases = {want.name: want.column for want in wanted}
    places = (reader.rows, reader.frame, coded, reader, aliases)
    named = Customers(customer, ids, {}, *places)
    for want in wanted:
        if want.column not in reader.names:
            continue
        try:
            columns[want.name] = (
                reader.numbers(want.column) if want.levels is None else _codes(reader, want)
            )
        except _UnusableError as wrong:
            problems.append(Problem(f"column {want.column!r} ({want.name}): {wrong.text(named)}"))
    if problems:
        raise CustomerDataError(problems)
    return Customers(customer, ids, Columns(columns), *places)


def _reader(table: Any, customer: str) -> _MappingReader | _FrameReader:
    if isinstance(table, np.ndarray) and table.dtype.names:  # a structured array
        table = {name: table[name] for name in table.dtype.names}
    elif type(table).__name__ == "RecordBatch" and hasattr(table, "schema"):
        table = sys.modules["pyarrow"].Table.from_batches([table])
    return _MappingReader(table) if isinstance(table, Mapping) else _FrameReader(table, customer)


class _UnusableError(Exception):
    """A column does not hold what is wanted; knows the rows, not yet the customers."""

    def __init__(self, what: str, row: int | None, remedy: str) -> None:
        super().__init__(what)
        self.what, self.row, self.remedy = what, row, remedy

    def text(self, customers: Customers) -> str:
        who = "" if self.row is None else f" for customer {_shown(customers.ids[self.row], str)}"
        return f"{self.what}{who}; {self.remedy}"


def _codes(reader: Any, want: Wanted) -> NDArray[np.int32]:
    """Categories as positions in the model's list; -1 where missing."""
    assert want.levels is not None
    known = {level: code for code, level in enumerate(want.levels)}
    texts, inverse = reader.categories(want.column)
    texts = category_names(texts, known)
    unknown = [k for k, text in enumerate(texts) if text is not None and text not in known]
    if unknown:
        row = int(np.flatnonzero(inverse == unknown[0])[0])
        listed = ", ".join(repr(texts[k]) for k in unknown[:5])
        raise _UnusableError(
            f"holds {listed}, which the model does not know, first",
            row,
            f"the model's categories are {', '.join(want.levels)}",
        )
    codes = np.array([-1 if text is None else known[text] for text in texts], dtype=np.int32)
    return codes[inverse] if len(codes) else np.empty(0, dtype=np.int32)


def category_names(values: Iterable[Any], known: Mapping[str, int]) -> list[str | None]:
    """The model's names of categories, whatever they are written as; None where missing."""
    return [
        None if is_missing(value) else _as_written(_as_category(value), known) for value in values
    ]


def _as_written(text: str | None, known: Mapping[str, int]) -> str | None:
    """A category that stands for a known one in a file: "1.0" for "1", "True" for "true"."""
    if text is None or text in known:
        return text
    if text in ("True", "False"):
        return text.lower()
    whole = text.removesuffix(".0")
    return whole if whole in known else text


def _as_category(value: Any) -> str:
    """A value as the key a model document would use: 1.0 -> "1", True -> "true"."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


_NUMBERS = (Real, Decimal, np.bool_)
"""What an object that is a number is: whole, floating, a fraction, a decimal, a truth."""

_NUMBER = re.compile(
    r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?nan|true|false", re.ASCII | re.IGNORECASE
)
"""What is a number, a truth or missing in a file."""

_LONGEST = 60  # characters of a value in a message
_TEXT_REMEDY = "this indicator is scored by values, so give numbers and leave missing ones empty"


def _shown(value: Any, write: Callable[[Any], str] = repr) -> str:
    """A value in a message, cut off where it is long."""
    try:
        text = write(value)
    except ValueError:  # a whole number of thousands of digits
        text = f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _array(name: Any, values: Any) -> NDArray[Any]:
    # A masked array is there only if its module is, which takes longer to load than to score.
    if "numpy.ma" in sys.modules and isinstance(values, np.ma.MaskedArray):
        plain: Any = values.astype(float if values.dtype.kind in "fiub" else object)
        return plain.filled(np.nan if values.dtype.kind in "fiub" else None)
    try:
        return np.asarray(values)
    except ValueError:
        raise CustomerDataError(f"column {str(name)!r}: is not one value per customer") from None


class _MappingReader:
    """A mapping of NumPy arrays (or lists)."""

    frame = None

    def __init__(self, table: Mapping[str, Any]) -> None:
        if len(set(map(str, table))) < len(table):
            raise _same_names(table)
        arrays = {str(name): _array(name, values) for name, values in table.items()}
        self.table = {name: held_array(values) for name, values in arrays.items()}
        self.names = list(self.table)
        sizes = {name: values.shape for name, values in self.table.items()}
        if len(set(sizes.values())) > 1 or any(len(shape) != 1 for shape in sizes.values()):
            listed = ", ".join(f"{name} {shape}" for name, shape in sizes.items())
            raise CustomerDataError(f"columns must be one-dimensional and equally long: {listed}")
        self.rows = len(next(iter(self.table.values()), ()))

    def ids(self, column: str) -> Any:
        return self.table[column].copy()

    def shared(self) -> list[NDArray[Any]]:
        """Arrays that are still the caller's."""
        return [values for values in self.table.values() if values.dtype.kind != "O"]

    def numbers(self, column: str) -> NDArray[Any]:
        values = self.table[column]
        if values.dtype.kind in "fiub":
            return _plain_numbers(values)
        if values.dtype.kind in "OUT":
            return _numbers_of(values.tolist())
        raise _UnusableError(f"holds {values.dtype} values, not numbers", None, _TEXT_REMEDY)

    def categories(self, column: str) -> tuple[list[str | None], NDArray[np.intp]]:
        return _coded(self.table[column].tolist())

    def anything(self, column: str) -> NDArray[Any]:
        values = self.table[column]
        return (
            values.astype(float) if values.dtype.kind in "fiu" else _either(column, values.tolist())
        )


def _same_names(columns: Iterable[Any], table: Any = None) -> CustomerDataError:
    """Which names are there more than once."""
    names = [str(name) for name in getattr(table, "column_names", columns)]
    twice = [repr(name) for name in dict.fromkeys(names) if names.count(name) > 1]
    return CustomerDataError(
        f"two columns have the same name: {', '.join(twice)}; rename one of each"
    )


def _in_index(table: Any, column: str) -> str:
    """That a column is in the index of a pandas frame, or may be, and how to get it out."""
    index = getattr(table, "index", None)
    names = getattr(index, "names", ())
    if column in names:
        return f"; {column!r} is in the index: take it out with reset_index()"
    if len(names) != 1 or not len(table) or type(index).__name__ == "RangeIndex":
        return ""
    return (
        f"; the index holds {table.index[0]!r}: if that is the {column}, take it out with "
        f"rename_axis({column!r}).reset_index()"
    )


class _FrameReader:
    """Any eager data frame narwhals knows."""

    def __init__(self, table: Any, customer: str) -> None:
        import narwhals as nw

        try:
            self.frame = nw.from_native(held_frame(table, customer), eager_only=True)
        except TypeError:
            raise CustomerDataError(_not_a_table(table)) from None
        except nw.exceptions.DuplicateError:
            raise _same_names(getattr(table, "columns", ()), table) from None
        self.names = list(self.frame.columns)
        self.rows = len(self.frame)

    def ids(self, column: str) -> Any:
        return self.frame[column]

    def shared(self) -> list[NDArray[Any]]:
        """Arrays that are still the caller's, but for the indicators' columns."""
        return shared_numbers(self.frame.to_native())

    def numbers(self, column: str) -> NDArray[Any] | Pieces | Deferred:
        import narwhals as nw

        series = self.frame[column]
        dtype = series.dtype
        if (dtype.is_numeric() and not dtype.is_decimal()) or dtype == nw.Boolean:
            found = _in_memory(series)
            return Deferred(self.frame, column) if found is None else found
        if dtype.is_decimal() or dtype in (nw.Object, nw.Unknown, nw.Categorical, nw.Enum):
            return _numbers_of(series.to_list())
        if len(series) == 0 or series.is_null().all():
            return np.full(self.rows, np.nan)
        if dtype == nw.String:
            raise _text_instead(series.to_list())
        first = int(np.flatnonzero(~series.is_null().to_numpy())[0])
        (shown,) = series[first : first + 1].to_list()
        raise _UnusableError(f"holds {dtype} values such as {_shown(shown)}", first, _TEXT_REMEDY)

    def categories(self, column: str) -> tuple[list[str | None], NDArray[np.intp]]:
        import narwhals as nw

        series = self.frame[column]
        if series.dtype in (nw.Categorical, nw.Enum):
            series = series.cast(nw.String)
        return _coded(series.to_list())

    def anything(self, column: str) -> NDArray[Any]:
        series = self.frame[column]
        if series.dtype.is_numeric() and not series.dtype.is_decimal():
            return Columns({"": self.numbers(column)})[""].astype(np.float64)
        return _either(column, series.to_list())


def _in_memory(series: Any) -> NDArray[Any] | Pieces | None:
    """A column's own memory, as one array if it looks like one; None if it cannot be read."""
    import narwhals as nw

    native = series.to_native()
    if series.dtype in (nw.Boolean, nw.Int128, nw.UInt128):
        return None
    if isinstance(getattr(native, "dtype", None), np.dtype):  # pandas
        values: NDArray[Any] = native.to_numpy()
        return values if values.dtype.kind in "fiu" else None
    if series.null_count() == 0:
        found: NDArray[Any] | None = None
        if hasattr(native, "num_chunks") and native.num_chunks == 1:  # pyarrow
            found = native.chunk(0).to_numpy()
        elif hasattr(native, "n_chunks") and native.n_chunks() == 1:  # polars
            found = series.to_numpy()
        if found is not None:
            return found
    return Pieces.of(native)


def _either(column: str, values: list[Any]) -> NDArray[Any]:
    """Python objects as values if they are numbers, else as texts; None where missing."""
    held = [value for value in values if not is_missing(value)]
    for value in held:
        if isinstance(value, (bytes, bytearray, memoryview)):
            said = f"column {column!r}: holds bytes such as {_shown(value)}; decode them to text"
            raise CustomerDataError(said)
    if held and not any(isinstance(value, (str, bool, np.bool_)) for value in held):
        try:
            return _numbers_of(values)
        except _UnusableError:
            pass  # dates, say: as they are written
    texts = np.empty(len(values), dtype=object)
    texts[:] = [None if is_missing(value) else _as_category(value) for value in values]
    return texts


def _not_a_table(table: Any) -> str:
    import narwhals as nw

    kind = type(table).__name__
    if isinstance(nw.from_native(table, pass_through=True), nw.LazyFrame):
        return f"a {kind} is not in memory; collect it to a data frame first"
    said = f"customers come as a data frame or a mapping of arrays, not as {kind}"
    return f"{said}; {remedy}" if (remedy := _remedy(table)) else said


def _remedy(table: Any) -> str:
    """How to make a table of something that is none."""
    if isinstance(table, np.ndarray):
        return "its columns have no names: pass {'id': ids, 'sales': sales}, an array for each"
    if isinstance(table, (str, os.PathLike)):
        return "read the file first, or score it with Model.score_files"
    if isinstance(table, list):
        return "pass pandas.DataFrame(rows) or polars.DataFrame(rows)"
    for method, why in (("read_all", "it can be read only once: "), ("to_table", "")):
        if hasattr(table, method):
            return f"{why}pass its .{method}()"
    if hasattr(table, "to_frame"):
        return "it is one column: pass the whole frame"
    return ""


def _text_instead(values: list[str | None]) -> _UnusableError:
    """Which text stands where values should: the first that is no number, if there is one."""
    for row, value in enumerate(values):
        if not is_missing(value) and value and not _NUMBER.fullmatch(value.strip()):
            return _UnusableError(f"holds {_shown(value)}", row, _TEXT_REMEDY)
    return _UnusableError("holds numbers written as text", None, "convert the column to numbers")


def _numbers_of(values: list[Any]) -> NDArray[np.float64]:
    """Python objects as values: numbers, decimals and None; text is refused, not guessed at."""
    if any(isinstance(value, str) for value in values):
        raise _text_instead([value if isinstance(value, str) else None for value in values])
    numbers = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if is_missing(value):
            continue
        try:
            if not isinstance(value, _NUMBERS):  # float() takes bytes and much else
                raise TypeError(value)
            numbers[row] = float(value)
        except (TypeError, ValueError, OverflowError):
            raise _UnusableError(f"holds {_shown(value)}", row, _TEXT_REMEDY) from None
    return numbers


def _plain_numbers(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers that are no wider than double precision and in the machine's order of bytes."""
    if values.dtype.kind == "f" and values.dtype.itemsize > 8:
        with np.errstate(over="ignore"):  # becomes infinite, which is refused by name
            return values.astype(np.float64)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def _coded(values: list[Any]) -> tuple[list[str | None], NDArray[np.intp]]:
    """Distinct categories in order of first sight, and each row's position among them."""
    seen: dict[Any, int] = {}
    codes = np.empty(len(values), dtype=np.intp)
    for row, value in enumerate(values):
        key = None if is_missing(value) else _as_category(value)
        codes[row] = seen.setdefault(key, len(seen))
    return list(seen), codes
