"""Questionnaires that came back: tables, workbooks and experts' files, broken in one place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import ahpvalue as av
from ahpvalue.document import dump_yaml
from ahpvalue.document.read_yaml import read_text
from ahpvalue.questionnaires import collect, questionnaire
from tests.fuzz.doors.expert_files import EXPERT, TEXT
from tests.fuzz.odd import NAMES, PLAIN, break_text, change_one

CELLS = [
    *NAMES,
    "3",
    "1/3",
    "0 1/3",
    "10",
    "-3",
    "1/0",
    "0",
    "3月1日",
    "1/3/2022",
    "2022-03-01",
    "0.33",
    "3,5",
    "1/" + "3" * 200,
    "9" * 5_000,
    "1e999999999",
    "nan",
    "?",
    "x" * 40_000,
    "３",
    "１／３",
    '"',
    "''3",
]


@cache
def _model() -> av.Model:
    return av.template("retail-terminal")


@cache
def _form(form: str) -> bytes:
    return questionnaire(_model(), EXPERT, form, with_answers=True)


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """One file that came back."""
    form = rng.choice(["csv", "csv", "yaml", "yaml", "xlsx"])
    broken, raw = _DRAWN[form](rng)
    name = rng.choice(
        [f"answers.{form}"] * 9 + [f"answers.{rng.choice(['yml', 'csv', 'xlsx', 'html', 'txt'])}"]
    )

    def call() -> object:
        (folder / name).write_bytes(raw)
        found = collect(folder, _model())
        found.table()
        return tuple(found.refused)

    return f"{name}: {broken}", call


def _table(rng: Random) -> tuple[str, bytes]:
    text = _form("csv").decode("utf-8-sig")
    if rng.random() < 0.4:
        return break_text(rng, text)
    rows = list(csv.reader(io.StringIO(text)))
    k = rng.randrange(len(rows))
    at, cell = rng.randrange(len(rows[k])), rng.choice(CELLS)
    rows[k][at] = cell
    written = io.StringIO()
    csv.writer(written, delimiter=rng.choice(",,;\t")).writerows(rows)
    return f"row {k + 1}, cell {at + 1} = {cell[:40]!r}", written.getvalue().encode("utf-8")


def _own_file(rng: Random) -> tuple[str, bytes]:
    if rng.random() < 0.4:
        return break_text(rng, TEXT)
    broken, data = change_one(rng, read_text(TEXT).data, [*PLAIN, *CELLS])
    return broken, dump_yaml(data).encode("utf-8", "surrogatepass")


def _workbook(rng: Random) -> tuple[str, bytes]:
    import openpyxl

    raw = _form("xlsx")
    if rng.random() < 0.3:
        at = rng.randrange(len(raw))
        return f"bytes cut off at {at}", raw[:at]
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book[rng.choice(book.sheetnames)]
    row, column = rng.randint(1, sheet.max_row), rng.randint(1, sheet.max_column)
    value: Any = rng.choice([1, 3, -1, 0.33, True, None, 10**30, *(one[:30_000] for one in CELLS)])
    try:
        sheet.cell(row, column).value = value
    except (ValueError, AttributeError, openpyxl.utils.exceptions.IllegalCharacterError):
        return "nothing", raw  # this cell cannot hold that
    written = io.BytesIO()
    book.save(written)
    return f"row {row}, column {column} = {str(value)[:40]!r}", written.getvalue()


_DRAWN: dict[str, Callable[[Random], tuple[str, bytes]]] = {
    "csv": _table,
    "yaml": _own_file,
    "xlsx": _workbook,
}
