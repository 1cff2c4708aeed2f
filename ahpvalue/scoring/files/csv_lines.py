"""Lines of a CSV file: its header, and the numbers of lines with which something is wrong.

polars says what is wrong and not where. Reading goes on to the first line that is wanted only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from ahpvalue.scoring.files.csv_check import BrokenCsvError, check_header, opened

__all__ = ["header", "lines_without"]

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", "\uff0c": "full-width commas"}
_FIRST_LINES = 20
_START = 1 << 16  # bytes
_NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook or another packed file; save the sheet as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV UTF-8",
    b"\x1f\x8b": "packed with gzip; name it .csv.gz",
    b"PAR1": "a Parquet file; name it .parquet",
    b"\xff\xfe": "text in UTF-16; save it with the encoding UTF-8",
    b"\xfe\xff": "text in UTF-16; save it with the encoding UTF-8",
}


def header(path: Path, wanted: Collection[str]) -> list[str]:
    """The cells of the first line; polars would rename the second of two equal ones.

    Parameters
    ----------
    path : Path
    wanted : collection of str
        Columns that a header may have.

    Raises
    ------
    BrokenCsvError
        The first line is no header, or commas do not separate it.
    OSError
        The file cannot be read.
    """
    with opened(path) as file:
        start = file.read(_START)
    for mark, what in _NO_TEXT.items():
        if start.startswith(mark):
            raise BrokenCsvError(f"is {what}")
    if not start:
        raise BrokenCsvError("is empty; its first line names the columns")
    names = next(_rows(path), (0, []))[1]
    if not any(names):
        raise BrokenCsvError("line 1 is blank; the first line names the columns")
    if not {*names} & {*wanted}:
        _refuse_spreadsheet(path, names, {*wanted})
    check_header(start)
    for name in names:
        if names.count(name) > 1:
            places = [str(k) for k, other in enumerate(names, start=1) if other == name]
            what = f"are called {name}; rename one" if name else "have no name; give them one"
            raise BrokenCsvError(f"two columns {what} (columns {' and '.join(places[:2])})")
    return names


def _refuse_spreadsheet(path: Path, names: list[str], wanted: set[str]) -> None:
    """Refuse what spreadsheets make of a table, if that is why no column is known."""
    if names[0].lower().startswith("sep="):
        raise BrokenCsvError("line 1 begins with 'sep=', which is for Excel; remove that line")
    for mark, called in ((",", ""), *_SEPARATORS.items()):
        for place, (line, cells) in enumerate(islice(_rows(path, mark), _FIRST_LINES)):
            if not {cell.strip() for cell in cells} & wanted or (called and len(cells) == 1):
                continue
            if called:
                _refuse_separator(called)
            if place:
                raise BrokenCsvError(
                    f"line {line} names the columns, and something stands above it; remove the "
                    "lines above"
                )
    if len(names) == 1:
        for mark, called in _SEPARATORS.items():
            if mark in names[0]:
                _refuse_separator(called)


def _refuse_separator(called: str) -> None:
    raise BrokenCsvError(
        f"the columns are not separated by commas, but by {called}; save the file as "
        "comma-separated CSV, with points in decimals"
    )


def lines_without(path: Path, column: str, most: int) -> list[int]:
    """The first lines in which something stands, but nothing in one column."""
    rows = _rows(path)
    _, names = next(rows, (0, []))
    at = names.index(column)
    lost = (line for line, cells in rows if any(cells) and not cells[at].strip())
    return list(islice(lost, most))


def _rows(path: Path, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Every row, and the number of its last line."""
    with (
        opened(path) as file,
        io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as text,
    ):
        reader = csv.reader(text, delimiter=separator)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as wrong:
            raise BrokenCsvError(f"line {reader.line_num}: {wrong}") from None
