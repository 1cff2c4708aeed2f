"""How results show themselves: a small table as plain text, as HTML and as a data frame.

Knows nothing of the AHP. HTML is plain markup with inline styles and inline SVG: no
script, nothing fetched, every label escaped, and the same input gives the same text.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any
from unicodedata import east_asian_width

from ahpvalue.support.extras import frame_package

__all__ = ["Result", "Table", "as_data"]

_CELL = "padding:2px 8px;border-bottom:1px solid #ddd;white-space:nowrap;"
_STYLES = {
    "table": "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:4px 0;",
    "caption": "text-align:left;font-weight:600;padding:2px 0;white-space:nowrap;",
    "note": "opacity:0.75;font-size:90%;margin:2px 0 8px 0;",
}
_MOST = 60  # rows that are printed
_BAR_COLOUR = "#3b6ea5"  # 5.4 : 1 against white


@dataclass(frozen=True, repr=False)
class Table:
    """Columns of equal length with a title, a format per column, and a note.

    Attributes
    ----------
    columns : mapping of str to sequence
        Column name to its values; None and NaN show as an empty cell.
    formats : mapping of str to str
        Format specification per column, such as ``".4f"``; anything else shows as text.
    bars : mapping of str to float
        Columns drawn with a bar in HTML, and the value that fills the bar's full width.
    details : sequence of str
        Columns that are left out first where there is no room for all.
    indents : sequence of int
        How far each row's first cell is set in (the depth in a hierarchy).
    most : int or None
        A table of more rows than this is cut where it is printed or shown, with a line that says
        how many more there are (see `printed`). None: never. The data are always whole.
    """

    title: str
    columns: Mapping[str, Sequence[Any]]
    formats: Mapping[str, str] = field(default_factory=dict)
    bars: Mapping[str, float] = field(default_factory=dict)
    indents: Sequence[int] = ()
    note: str = ""
    details: Sequence[str] = ()
    most: int | None = _MOST

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()

    def cells(self) -> list[list[str]]:
        """Every row as the texts that are shown."""
        shown = [
            [_shown(value, self.formats.get(name, "")) for value in values]
            for name, values in self.columns.items()
        ]
        return [list(row) for row in zip(*shown, strict=True)]

    def is_number(self, name: str) -> bool:
        """Whether a column is set flush right."""
        return name in self.formats

    def within(self, width: int) -> Table:
        """The table without as many `details` as it takes to fit a width in characters."""
        table = self
        for name in self.details:
            rows = replace(table, title="", note="").text()
            if max(map(_width, rows.splitlines())) <= width:
                break
            left = {column: values for column, values in table.columns.items() if column != name}
            table = replace(table, columns=left)
        return table

    def printed(self, rows: int | None = None) -> Table:
        """The table as it is printed with at most so many rows; None: all of them.

        Examples
        --------
        >>> print(Table("Days", {"day": ["Mon", "Tue", "Wed"]}).printed(2))
        Days
        day
        ---
        Mon
        Tue
        1 more row: .printed() shows all, .to_frame() holds them
        """
        return replace(self, most=rows)

    def _cut(self) -> tuple[Table, str]:
        """The rows that are printed, and what is said of the others."""
        more = 0 if self.most is None else len(self) - self.most
        if more <= 0:
            return self, ""
        columns = {name: values[: self.most] for name, values in self.columns.items()}
        rows = "row" if more == 1 else "rows"
        said = f"{more:,} more {rows}: .printed() shows all, .to_frame() holds them"
        return replace(self, columns=columns, indents=self.indents[: self.most]), said

    def text(self) -> str:
        """The table for a terminal; wide characters take two columns."""
        table, more = self._cut()
        names = list(table.columns)
        rows = table.cells()
        for row, indent in zip(rows, self.indents, strict=False):
            row[0] = "  " * indent + row[0]
        widths = [max(map(_width, column)) for column in zip(names, *rows, strict=True)]
        right = [self.is_number(name) for name in names]
        lines = [_line(names, widths, right), "  ".join("-" * width for width in widths)]
        lines += [_line(row, widths, right) for row in rows]
        return "\n".join(part for part in (self.title, *lines, more, self.note) if part)

    def html(self) -> str:
        """The table as an HTML fragment."""
        table, more = self._cut()
        numeric = [self.is_number(name) for name in self.columns]
        head = "".join(
            f'<th scope="col" style="{_CELL}{_aligned(right)}">{escape(name)}</th>'
            for name, right in zip(self.columns, numeric, strict=True)
        )
        body = []
        for index, row in enumerate(table.cells()):
            cells: list[str] = []
            for name, text, right in zip(self.columns, row, numeric, strict=True):
                style = _CELL + _aligned(right)
                if not cells and index < len(self.indents):
                    style += f"padding-left:{8 + 18 * self.indents[index]}px;"
                bar = self._bar(name, index)
                cells.append(f'<td style="{style}">{escape(text)}{bar}</td>')
            body.append(f"<tr>{''.join(cells)}</tr>")
        note = "".join(
            f'<p style="{_STYLES["note"]}">{escape(text)}</p>' for text in (more, self.note) if text
        )
        return (
            '<div style="overflow-x:auto">'
            f'<table style="{_STYLES["table"]}">'
            f'<caption style="{_STYLES["caption"]}">{escape(self.title)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>{note}"
        )

    def _bar(self, name: str, index: int) -> str:
        value = self.columns[name][index]
        if name not in self.bars or value is None or not math.isfinite(value):
            return ""
        share = min(max(float(value) / self.bars[name], 0.0), 1.0) if self.bars[name] else 0.0
        width = 80.0
        return (
            f' <svg width="{width:.0f}" height="10" role="img" aria-label="{share:.1%}">'
            f'<rect width="{width:.0f}" height="10" fill="#e8edf3"/>'
            f'<rect width="{width * share:.1f}" height="10" fill="{_BAR_COLOUR}"/></svg>'
        )

    def to_dict(self) -> dict[str, list[Any]]:
        """Column name to list of plain Python values."""
        return as_data(self.columns)

    def to_frame(self, kind: str | None = None) -> Any:
        """The table as a pandas, polars or pyarrow frame.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow"}, optional
            Left out: the package already imported, else one that is installed.
        """
        import narwhals as nw

        package: Any = frame_package(kind)
        return nw.from_dict(self.to_dict(), backend=package).to_native()


def as_data(columns: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """Columns as lists of plain Python values; None for NaN."""
    return {name: [_plain(value) for value in values] for name, values in columns.items()}


class Result(ABC):
    """What every result object can do: print, show itself in a notebook, become data.

    `table` is the printed summary. `to_dict` and `to_frame` are the data: a row per customer,
    expert, node or pair.
    """

    @abstractmethod
    def table(self) -> Table:
        """The summary that is printed and shown in a notebook."""

    def __str__(self) -> str:
        return self.table().text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table().html()

    def printed(self, rows: int | None = None) -> Table:
        """The summary with at most so many rows; None: all of them (see `Table.printed`)."""
        return self.table().printed(rows)

    def to_dict(self) -> dict[str, Any]:
        """The data: column name to list of plain Python values, None where there is none."""
        return self.table().to_dict()

    def to_frame(self, kind: str | None = None) -> Any:
        """The data as a pandas, polars or pyarrow frame (see `Table.to_frame`)."""
        return Table("", self.to_dict()).to_frame(kind)


def _shown(value: Any, format_: str) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return format(value, format_) if format_ and not isinstance(value, str) else str(value)


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        " " * (width - _width(cell)) + cell if flush else cell + " " * (width - _width(cell))
        for cell, width, flush in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _aligned(right: bool) -> str:
    return "text-align:right;" if right else "text-align:left;"
