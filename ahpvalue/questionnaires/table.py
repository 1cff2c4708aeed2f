"""The questionnaire as a CSV table, one pair a row, and reading one that came back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from ahpvalue.errors import ModelError, Problem, did_you_mean
from ahpvalue.questionnaires.answers import Entry, Returned
from ahpvalue.questionnaires.form import Form
from ahpvalue.support.formula_guard import guarded, unguarded

__all__ = ["read_table", "table"]

COLUMNS = ("expert", "model", "node", "first", "second", "judgment", "question")
_NEEDED = COLUMNS[:-1]
_MARK = "ahpvalue-"  # before the hash, which a spreadsheet may else take for a number


def table(form: Form) -> str:
    """The form as CSV text, starting with the mark by which Excel knows UTF-8.

    An answer given before stands with the stronger item first, so that no fraction is left
    for a spreadsheet to turn into a date.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for node in form.nodes:
        kind = "question_levels" if node.question.are_categories else "question"
        for first, second in node.pairs:
            said = node.answers.get((first, second), "")
            if said and Fraction(said) < 1:
                first, second, said = second, first, str(1 / Fraction(said))  # noqa: PLW2901
            words = {"a": node.items[first], "b": node.items[second], "node": node.label}
            names = (form.expert, _MARK + form.questions.hash, node.question.node, first, second)
            writer.writerow([*map(guarded, names), said, guarded(form.texts[kind].format(**words))])
    return "\ufeff" + text.getvalue()


def read_table(path: Path) -> list[Returned]:
    """The answers in a CSV file, one `Returned` for each expert it names.

    Commas, semicolons or tabs may separate the columns, which stand in any order; columns
    beyond the needed ones are not looked at.

    Raises
    ------
    ModelError
        There is nothing in it that could be read as answers.
    """
    rows = list(_rows(path))
    if not rows:
        raise ModelError(Problem("is empty", file=str(path)))
    header = [cell.strip().lower() for cell in rows[0][1]]
    absent = [name for name in _NEEDED if name not in header]
    if absent:
        near = did_you_mean(absent[0], header)
        raise ModelError(Problem(f"has no column {absent[0]!r}{near}", file=str(path), line=1))
    place = {name: header.index(name) for name in _NEEDED}
    by_expert: dict[tuple[str, str], list[Entry]] = {}
    for line, row in rows[1:]:
        cells = {name: row[k] if k < len(row) else "" for name, k in place.items()}
        if not any(cell.strip() for cell in cells.values()):
            continue
        entry = Entry(
            unguarded(cells["node"]),
            unguarded(cells["first"]),
            unguarded(cells["second"]),
            cells["judgment"],
            Problem("column judgment: ", file=str(path), line=line),
        )
        signed = (unguarded(cells["expert"]).strip(), cells["model"].strip().removeprefix(_MARK))
        by_expert.setdefault(signed, []).append(entry)
    return [
        Returned(str(path), expert, model, tuple(entries))
        for (expert, model), entries in by_expert.items()
    ]


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line it starts in."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        said = "is not UTF-8 text; save it as 'CSV UTF-8'"
        raise ModelError(Problem(said, file=str(path), line=line)) from None
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    line = 1
    try:
        for row in reader:
            # Where semicolons separate columns, a comma separates decimals.
            yield line, [_decimal(cell) for cell in row] if mark == ";" else row
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise ModelError(Problem(f"cannot be read: {wrong}", file=str(path), line=line)) from None


def _decimal(cell: str) -> str:
    whole, comma, rest = cell.partition(",")
    return f"{whole}.{rest}" if comma and whole.isdigit() and rest.isdigit() else cell
