"""Tables of customers in files, as lazy polars frames: the one place that says how CSV is read.

The model says what a column holds, so that a file is read alike whatever stands in it, whole or
as one of many. An empty cell is missing, quoted or not. A text is kept as it is written. A value
is what a number is in other programmes: ``5``, ``+5``, ``.5``, ``5e3``, with spaces around it;
``true`` and ``false`` are 1 and 0, ``nan`` is missing. A line in which the model's columns are all
empty is no customer.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, warn
from ahpvalue.scoring.files.csv_check import BrokenCsvError, check_csv
from ahpvalue.scoring.files.csv_lines import header, lines_without
from ahpvalue.scoring.files.kinds import kind_of
from ahpvalue.scoring.lazy import SHOWN
from ahpvalue.support.extras import need
from ahpvalue.support.files import is_write_error

__all__ = [
    "ColumnType",
    "check_table",
    "column_names",
    "in_file",
    "polars",
    "read_table",
    "readable",
    "scan_table",
]

ColumnType = Literal["id", "value", "number", "text"]
"""What a column holds: ids, an indicator's values, numbers of rules, or texts."""


def polars() -> Any:
    """The package that reads and writes the files."""
    return need("polars", "engines", "a table in a file")


@contextmanager
def readable(path: Path, *, writes: bool = False) -> Iterator[None]:
    """Whatever goes wrong while a table is read, said in one sentence with its file.

    Where something is written at the same time, what goes wrong with that is left to others.
    """
    try:
        yield
    except BrokenCsvError as wrong:
        raise CustomerDataError(f"{path}: {wrong}") from None
    except OSError as wrong:
        if writes and is_write_error(wrong):
            raise
        said = wrong.strerror or str(wrong)
        raise CustomerDataError(f"{path}: cannot be read: {said}") from None
    except EOFError:
        raise CustomerDataError(
            f"{path}: cannot be read: it is packed and cut off; get the file again"
        ) from None
    except zlib.error:
        raise CustomerDataError(
            f"{path}: cannot be read: it is packed and damaged; get the file again"
        ) from None
    except polars().exceptions.PolarsError as wrong:
        if writes and is_write_error(wrong):
            raise
        if kind_of(path) != ".parquet":
            with readable(path):
                check_csv(path)
        raise CustomerDataError(f"{path}: cannot be read: {_why(path, wrong)}") from None


def _why(path: Path, wrong: Exception) -> str:
    if kind_of(path) != ".parquet":
        return str(wrong).partition("\n")[0]
    with path.open("rb") as file:
        begins = file.read(4) == b"PAR1"
    return f"it is {'damaged or cut off' if begins else 'no Parquet file'}; write it again"


def check_table(path: Path) -> list[str]:
    """Refuse a file that is not whole, whatever a reader would make of it.

    Returns
    -------
    list of str
        What is odd about it, with the file.
    """
    if kind_of(path) == ".parquet":
        return []
    with readable(path):
        odd = check_csv(path)
    return [f"{path}: {odd}"] if odd else []


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """What is wrong with customers is said with their file."""
    try:
        yield
    except CustomerDataError as wrong:
        raise CustomerDataError(
            [Problem(p.text, p.path, p.file or str(path)) for p in wrong.problems]
        ) from None


def column_names(path: Path, wanted: Collection[str] = ()) -> list[str]:
    """The columns of a file, some of which may be those that are wanted.

    Raises
    ------
    CustomerDataError
        There is no such file, it is no table, or two columns have one name (polars would rename
        the second).
    """
    pl, kind = polars(), kind_of(path)
    if path.is_dir():
        raise CustomerDataError(f"{path}: is a folder, not a file")
    if not path.exists():
        raise CustomerDataError(f"{path}: there is no such file")
    if not path.is_file():
        raise CustomerDataError(f"{path}: is no regular file; write its content to one")
    with readable(path):
        return list(pl.read_parquet_schema(path)) if kind == ".parquet" else header(path, wanted)


def scan_table(
    path: Path,
    types: Mapping[str, ColumnType],
    columns: Sequence[str] | None = None,
    *,
    as_texts: bool = False,
    words: Collection[str] = (),
) -> Any:
    """A file of customers as a polars LazyFrame; nothing but its columns' names is read.

    Parameters
    ----------
    path : Path
    types : mapping of str to {"id", "value", "number", "text"}
        What the model's columns hold.
    columns : sequence of str, optional
        The columns to read; left out, all of them.
    as_texts : bool
        Whether the values of a CSV file are read as texts and then as numbers. It takes twice as
        long, and reads what polars refuses: spaces, ``true``, and words, which become infinite, so
        that they are refused with their customers.
    words : collection of str
        Columns of values that are left as they are written.
    """
    pl = polars()
    names = column_names(path, types)
    read = list(names if columns is None else dict.fromkeys(columns))
    if kind_of(path) == ".parquet":
        return pl.scan_parquet(path, glob=False).select(read)
    held = {name: types[name] for name in names if name in types}
    is_number = {n: k in ("value", "number") and n not in words for n, k in held.items()}
    frame = pl.scan_csv(
        path,
        glob=False,
        schema_overrides={
            name: pl.Float64 if number and not as_texts else pl.String
            for name, number in is_number.items()
        },
        infer_schema_length=None if set(read) - set(held) else 0,
    )
    if any('"' in name for name in names):  # polars leaves them doubled
        frame = frame.rename(dict(zip(frame.collect_schema(), names, strict=True)))
    cells = {
        name: _value(pl, name) if is_number[name] else _text(pl, name)
        for name in held
        if as_texts or not is_number[name]
    }
    somebody = [pl.col(name).is_not_null() for name in held if name in read]
    frame = frame.select(read).with_columns(**{n: c for n, c in cells.items() if n in read})
    return frame.filter(pl.any_horizontal(somebody)) if somebody else frame


def _text(pl: Any, name: str) -> Any:
    cell = pl.col(name)
    return pl.when(cell != "").then(cell)


def _value(pl: Any, name: str) -> Any:
    cell = pl.col(name).str.strip_chars()
    number = pl.coalesce(
        cell.cast(pl.Float64, strict=False),
        pl.when(cell.str.to_lowercase() == "true").then(1.0),
        pl.when(cell.str.to_lowercase() == "false").then(0.0),
        float("inf"),
    )
    return pl.when(cell != "").then(number)


def no_id(frame: Any, column: str) -> Any:
    """Where a row has no id: an expression."""
    pl = polars()
    lost, held = pl.col(column).is_null(), frame.collect_schema()[column]
    if held == pl.String:
        return lost | (pl.col(column).str.strip_chars() == "")
    return lost | pl.col(column).is_nan() if held.is_float() else lost


def without_id(frame: Any, path: Path, column: str) -> tuple[int, list[str]]:
    """How many rows of a lazy frame have no id, and where the first are in the file."""
    pl, lost = polars(), no_id(frame, column)
    count = int(frame.select(lost.sum()).collect(engine="streaming").item())
    if not count:
        return 0, []
    if kind_of(path) != ".parquet":
        return count, [f"line {line:,}" for line in lines_without(path, column, SHOWN)]
    rows = frame.select(lost=lost).with_row_index("row", 1).filter(pl.col("lost")).head(SHOWN)
    first = rows.collect(engine="streaming")["row"].to_list()
    return count, [f"row {row:,}" for row in first]


def some_places(count: int, places: Sequence[str]) -> str:
    """The first places, and how many more there are."""
    more = count - len(places)
    return ", ".join(places) + (f" and {more:,} more" if more else "")


def read_table(path: Path, types: Mapping[str, ColumnType]) -> Any:
    """A file of customers as a polars DataFrame: what `scan_table` gives, in memory.

    A column of values in which somebody has a word is left as it is written, so that whoever
    reads the values can name the word and the customer.

    Raises
    ------
    CustomerDataError
        The file cannot be read, or a row has no id.
    """
    column_names(path, types)  # what is no table at all is said first
    for odd in check_table(path):
        warn(odd, CustomerDataWarning)
    with readable(path):
        table = _read(path, types)
    for column in (name for name in table.columns if types.get(name) == "id"):
        count, places = without_id(table.lazy(), path, column)
        if count:
            rows = "a row has" if count == 1 else f"{count:,} rows have"
            some = some_places(count, places)
            raise CustomerDataError(
                f"{path}: column {column!r}: {rows} no id ({some}); give everybody an id"
            )
    return table


def _read(path: Path, types: Mapping[str, ColumnType]) -> Any:
    try:
        return scan_table(path, types).collect()
    except polars().exceptions.ComputeError:
        if kind_of(path) == ".parquet":
            raise
    found = scan_table(path, types, as_texts=True).collect()
    values = [name for name in found.columns if types.get(name) in ("value", "number")]
    words = [name for name in values if found[name].is_infinite().any()]
    return scan_table(path, types, as_texts=True, words=words).collect() if words else found
