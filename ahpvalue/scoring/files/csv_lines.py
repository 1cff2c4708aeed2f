"""Lines of a CSV file: its header, and the numbers of lines with which something is wrong.

polars says what is wrong and not where. Reading goes on to the first line that is wanted only.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

__all__ = ["header", "lines_without", "ragged_line"]


def header(path: Path) -> list[str]:
    """The cells of the first line; polars would rename the second of two equal ones."""
    return next(_rows(path), (0, []))[1]


def ragged_line(path: Path) -> int | None:
    """The first line with more cells than the header has."""
    rows = _rows(path)
    _, names = next(rows, (0, []))
    return next((line for line, cells in rows if len(cells) > len(names)), None)


def lines_without(path: Path, column: str, most: int) -> list[int]:
    """The first lines in which something stands, but nothing in one column."""
    rows = _rows(path)
    _, names = next(rows, (0, []))
    at = names.index(column)
    return list(islice((n for n, cells in rows if any(cells) and not cells[at]), most))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row, and the number of its last line."""
    with _opened(path) as text:
        reader = csv.reader(text)
        for cells in reader:
            yield reader.line_num, cells


def _opened(path: Path) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")
