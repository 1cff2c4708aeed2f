"""Tables of customers in files, as lazy polars frames: the one place that says how CSV is read.

The model says what a column holds, so that a file is read alike whatever stands in it, whole or
as one of many. An empty cell is missing, quoted or not. A text is kept as it is written. A value
is what a number is in other programmes: ``5``, ``+5``, ``.5``, ``5e3``, with spaces around it;
``true`` and ``false`` are 1 and 0, ``nan`` is missing. A line in which the model's columns are all
empty is no customer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from ahpvalue.errors import CustomerDataError, Problem
from ahpvalue.scoring.files.csv_lines import header, lines_without, ragged_line
from ahpvalue.scoring.files.kinds import kind_of
from ahpvalue.scoring.lazy import SHOWN
from ahpvalue.support.extras import need

__all__ = [
    "ColumnType",
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
def readable(path: Path) -> Iterator[None]:
    """Whatever goes wrong while a table is read, said in one sentence with its file."""
    try:
        yield
    except (polars().exceptions.PolarsError, OSError, EOFError, UnicodeDecodeError) as wrong:
        said = str(wrong).partition("\n")[0]
        hint = "; save the file with the encoding UTF-8" if "utf-8" in said.lower() else ""
        if "more fields" in said and (line := ragged_line(path)):
            said, hint = f"line {line} has more cells than there are columns", "; quote its commas"
        raise CustomerDataError(f"{path}: cannot be read: {said}{hint}") from None


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """What is wrong with customers is said with their file."""
    try:
        yield
    except CustomerDataError as wrong:
        raise CustomerDataError(
            [Problem(p.text, p.path, p.file or str(path)) for p in wrong.problems]
        ) from None


def column_names(path: Path) -> list[str]:
    """The columns of a file.

    Raises
    ------
    CustomerDataError
        There is no such file, it is no table, or two columns have one name (polars would rename
        the second).
    """
    pl, kind = polars(), kind_of(path)
    if not path.is_file():
        raise CustomerDataError(f"{path}: there is no such file")
    with readable(path):
        if kind == ".parquet":
            return list(pl.read_parquet_schema(path))
        names = header(path)
    if not names:
        raise CustomerDataError(f"{path}: is empty; its first line names the columns")
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise CustomerDataError(f"{path}: two columns are called {', '.join(doubles)}; rename one")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise CustomerDataError(
            f"{path}: the columns are not separated by commas; save the file as comma-separated CSV"
        )
    return names


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
    names = column_names(path)
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
    lost = pl.col(column).is_null()
    return lost | (pl.col(column) == "") if frame.collect_schema()[column] == pl.String else lost


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
