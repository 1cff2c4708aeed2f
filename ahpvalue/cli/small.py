"""Small tables of plain CSV, read and written without a frame engine.

Loading one takes longer than everything else that scoring a thousand customers needs. Only what
has one reading is read here; anything else is left to the engine, and to its messages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.cli.names import kind_of, text_columns
from ahpvalue.files import written_whole
from ahpvalue.model import Model

__all__ = ["read_small", "write_small"]

_LARGEST = 2**20  # bytes; above, an engine is worth its loading
_DIGITS = frozenset("0123456789.-")


def read_small(path: Path, model: Model) -> dict[str, NDArray[Any]] | None:
    """The columns that are scored of a small CSV file; None when there is anything odd about it.

    Odd are quotation marks, carriage returns, lines of several lengths, ids left empty, figures
    written with anything but digits, and rules that ask for other columns.
    """
    document = model.document
    if document.active is not None or document.peers is not None:
        return None
    rows = _rows(path)
    if rows is None:
        return None
    texts, figures = text_columns(document)
    columns: dict[str, NDArray[Any]] = {}
    for name, *held in zip(*rows, strict=True):
        if name in figures - texts:
            found = _figures(held)
            if found is None:
                return None
            columns[name] = found
        elif name in texts:
            columns[name] = np.array([text or None for text in held], dtype=object)
    whole = columns.keys() == texts | figures and None not in columns[document.customer]
    return columns if whole and not texts & figures else None


def _rows(path: Path) -> list[list[str]] | None:
    """The fields of every line, the first with the names of the columns."""
    if kind_of(path) != ".csv" or not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    if any(mark in text for mark in '"\r\ufeff'):
        return None
    rows = [line.split(",") for line in text.removesuffix("\n").split("\n")]
    names = rows[0]
    plain = len(rows) > 1 and len(names) > 1 and len({*names}) == len(names)
    return rows if plain and all(len(row) == len(names) for row in rows) else None


def _figures(texts: list[str]) -> NDArray[np.float64] | None:
    if not _DIGITS.issuperset("".join(texts)):
        return None
    try:
        return np.array([float(text) if text else np.nan for text in texts])
    except ValueError:
        return None


def write_small(columns: dict[str, NDArray[Any]], path: Path) -> None:
    """Write columns as CSV; every figure in the fewest digits that give it back."""
    texts = [_texts(name, values) for name, values in columns.items()]
    lines = [",".join(columns), *(",".join(row) for row in zip(*texts, strict=True))]
    with written_whole(path) as unfinished:
        unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _texts(name: str, values: NDArray[Any]) -> list[str]:
    if values.dtype.kind != "f":
        return [str(value) for value in values]
    write = "{:.0f}".format if name == "rank" else repr
    return ["" if value != value else write(value) for value in values.tolist()]  # noqa: PLR0124
