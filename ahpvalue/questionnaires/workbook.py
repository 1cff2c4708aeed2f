"""The questionnaire as an Excel workbook (extra ``[xlsx]``), and reading one that came back.

The answers stand on the first sheet, in cells of text with a list to choose from, so that
Excel has no fraction to turn into a date. Beside each answer, in hidden columns, stand the
names it belongs to: rows may be sorted, and labels may say anything.
"""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from ahpvalue.errors import ModelError, Problem
from ahpvalue.questionnaires.answers import STEPS, Entry, Returned
from ahpvalue.questionnaires.form import Form
from ahpvalue.support.extras import need

__all__ = ["read_workbook", "workbook"]

_NAMES = ("node", "first", "second", "judgment")
_ABOUT = "ahpvalue"
_WIDTHS = {"A": 12, "B": 12, "C": 12, "D": 30, "E": 34, "F": 14, "G": 34}
_INK, _FIRST, _SECOND, _SOFT = "FF1D2730", "FF0B6B68", "FF83386E", "FFF1EFEA"
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def _package(module: str = "openpyxl") -> Any:
    return need(module, "xlsx", "an Excel workbook")


def workbook(form: Form) -> bytes:
    """The form as the bytes of an .xlsx file."""
    book = _package().Workbook()
    sheet = book.active
    sheet.title = form.texts["sheet"]
    _heading(sheet, form)
    row = 5
    for node in form.nodes:
        for first, second in node.pairs:
            names = (node.question.node, first, second)
            shown = (node.label, node.items[first], None, node.items[second])
            for column, text in enumerate((*names, *shown), start=1):
                if text is not None:
                    _put(sheet.cell(row, column), text)
            said = node.answers.get((first, second))
            if said is not None:
                _put(sheet.cell(row, 6), said)
            _dress(sheet, row, first == node.pairs[0][0] and second == node.pairs[0][1])
            row += 1
    _choices(sheet, row - 1, form)
    about = book.create_sheet(_ABOUT)
    about.sheet_state = "hidden"
    for line, (key, value) in enumerate(
        (("expert", form.expert), ("model", form.questions.hash)), start=1
    ):
        _put(about.cell(line, 1), key)
        _put(about.cell(line, 2), value)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _put(cell: Any, text: str) -> None:
    """Write text as text: a label that starts with = is no formula."""
    if _REFUSED.search(text):
        raise ModelError(f"{text!r} holds a control character, which no workbook can; rename it")
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"


def _heading(sheet: Any, form: Form) -> None:
    styles = _package("openpyxl.styles")
    _put(sheet["D1"], form.title)
    sheet["D1"].font = styles.Font(size=18, bold=True, color=_INK)
    _put(sheet["D2"], form.addressee)
    _put(sheet["D3"], form.texts["table_intro"])
    sheet.merge_cells("D3:G3")
    sheet["D3"].alignment = styles.Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[3].height = 80
    shown = (form.texts["node"], form.texts["first"], form.texts["judgment"], form.texts["second"])
    for column, text in enumerate((*_NAMES[:3], *shown), start=1):
        cell = sheet.cell(4, column)
        _put(cell, text)
        cell.font = styles.Font(bold=True, color=_INK)
        cell.fill = styles.PatternFill("solid", start_color=_SOFT)
        cell.alignment = styles.Alignment(
            vertical="center", horizontal={5: "right", 6: "center"}.get(column)
        )
    sheet.row_dimensions[4].height = 24
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].hidden = letter in "ABC"
    sheet.freeze_panes = "D5"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = "4:4"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _dress(sheet: Any, row: int, starts: bool) -> None:
    styles = _package("openpyxl.styles")
    thin = styles.Side("thin", color="FFDCD8CF")
    rule = styles.Side("thin", color="FF7D878F") if starts else thin
    around = {4: (_INK, "left"), 5: (_FIRST, "right"), 6: (_INK, "center"), 7: (_SECOND, "left")}
    for column, (colour, side) in around.items():
        cell = sheet.cell(row, column)
        cell.font = styles.Font(color=colour, bold=column != 4)
        cell.alignment = styles.Alignment(wrap_text=True, vertical="center", horizontal=side)
        cell.border = styles.Border(top=rule, bottom=thin)
    answer = sheet.cell(row, 6)
    answer.number_format = "@"
    answer.protection = styles.Protection(locked=False)
    answer.fill = styles.PatternFill("solid", start_color="FFFFFBEA")
    answer.border = styles.Border(*[styles.Side("thin", color="FF7D878F")] * 4)
    longest = max(len(str(sheet.cell(row, column).value or "")) for column in (5, 7))
    sheet.row_dimensions[row].height = 24 + 15 * (longest // 34)


def _choices(sheet: Any, last: int, form: Form) -> None:
    """A list to choose from, and everything but the answers locked (without a password)."""
    validation = _package("openpyxl.worksheet.datavalidation").DataValidation(
        type="list", formula1=f'"{",".join(STEPS)}"', allow_blank=True
    )
    validation.errorTitle = form.texts["judgment"]
    validation.error = form.texts["not_a_step"]
    validation.showErrorMessage = True
    sheet.add_data_validation(validation)
    validation.add(f"F5:F{last}")
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def read_workbook(path: Path) -> list[Returned]:
    """The answers in a workbook.

    Raises
    ------
    ModelError
        It is no workbook, or not one that `workbook` wrote.
    """
    exceptions = _package("openpyxl.utils.exceptions")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Excel adds and nobody needs here
            book = _package().load_workbook(path, data_only=True)
    except (exceptions.InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise ModelError(Problem("cannot be read as an Excel workbook", file=str(path))) from None
    if _ABOUT not in book.sheetnames:
        text = "is no questionnaire: the hidden sheet 'ahpvalue', which names the expert, is gone"
        raise ModelError(Problem(text, file=str(path)))
    about = {
        str(row[0]): str(row[1])
        for row in book[_ABOUT].iter_rows(max_col=2, values_only=True)
        if row[0] is not None and row[1] is not None
    }
    entries = [
        entry
        for sheet in book.worksheets
        if sheet.title != _ABOUT
        for entry in _entries(sheet, path)
    ]
    return [Returned(str(path), about.get("expert", ""), about.get("model", ""), tuple(entries))]


def _entries(sheet: Any, path: Path) -> list[Entry]:
    found: list[Entry] = []
    started = False
    for cells in sheet.iter_rows(max_col=7):
        names = [cell.value for cell in cells[:3]]
        if started and all(name is not None for name in names):
            place = f"sheet {sheet.title}, cell {cells[5].coordinate}: "
            node, first, second = map(str, names)
            where = Problem(place, file=str(path))
            found.append(Entry(node, first, second, cells[5].value, where))
        started = started or tuple(names) == _NAMES[:3]
    return found
