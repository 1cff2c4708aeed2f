"""Showing results: rich tables on a terminal, plain text elsewhere, JSON for machines."""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import Any, Literal

from ahpvalue.model import Model
from ahpvalue.support.display import Table

__all__ = [
    "about",
    "as_json",
    "note",
    "progress_bar",
    "ready_streams",
    "rows_of",
    "share_bar",
    "show",
    "show_difference",
    "warnings_as_lines",
]

_LONG_WORK = 200_000


def ready_streams() -> None:
    """Make standard output and standard error such that every text can be printed to them.

    What a terminal cannot show becomes a question mark. Where a stream is closed, nothing is
    printed, and no file that is opened later takes its place.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - till the end
            setattr(sys, name, stream)
        if getattr(stream, "errors", None) == "strict":
            stream.reconfigure(errors="replace")


def show(table: Table) -> None:
    """Print a table to standard output."""
    if not sys.stdout.isatty():  # and rich need not be imported
        print(table.printed().text(), end="\n\n")  # noqa: T201 - standard output is the result
        return
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console()
    table = table.within(console.width)
    shown = RichTable(title=Text(table.title, style="bold"), title_justify="left", box=None)
    for name in table.columns:
        side: Literal["right", "left"] = "right" if table.is_number(name) else "left"
        shown.add_column(Text(name), justify=side, overflow="fold")
    for index, row in enumerate(table.cells()):
        if index < len(table.indents):
            row[0] = "  " * table.indents[index] + row[0]
        shown.add_row(*map(Text, row))
    console.print(shown)
    if table.note:
        console.print(Text(table.note, style="dim"))
    console.print()


def note(text: str) -> None:
    """One line of plain words on standard output."""
    print(text)  # noqa: T201 - standard output is the result


def aside(text: str) -> None:
    """One line on standard error, beside the result."""
    sys.stderr.write(f"{text}\n")


def show_difference(before: str, after: str, name: str, new_name: str = "") -> None:
    """What changes from one text to the other, as a unified diff."""
    lines = unified_diff(
        before.splitlines(), after.splitlines(), name, new_name or name, lineterm=""
    )
    note("\n".join(lines))


def as_json(data: Any) -> None:
    """The result for a machine; escaped where the output cannot encode it, never replaced."""
    text = json.dumps(data, ensure_ascii=False, indent=2, default=_plain)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2, default=_plain)
    print(text)  # noqa: T201 - standard output is the result


def about(model: Model) -> dict[str, Any]:
    """What a model says of itself to a machine."""
    return {
        "name": model.document.name,
        "model": model.hash,
        "reference": model.reference_hash or None,
        "fitted": model.is_fitted,
    }


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Columns as one mapping per row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


@contextmanager
def warnings_as_lines() -> Iterator[None]:
    """Every warning once, as one line on standard error."""

    def line(message: Warning | str, *_: Any, **__: Any) -> None:
        sys.stderr.write(f"warning: {message}\n")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = line
        yield


@contextmanager
def progress_bar(rows: int) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on standard error for long work on a terminal, else nothing."""
    if rows < _LONG_WORK or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import TextColumn

    with _bar(TextColumn("{task.completed:,.0f} customers")) as bar:
        task = bar.add_task("", total=rows)
        yield lambda done: bar.advance(task, done)


@contextmanager
def share_bar(size: int) -> Iterator[Callable[[int, int], None]]:
    """A progress bar over files of so many bytes; told of bytes and customers that are done."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.progress import TextColumn, TimeRemainingColumn

    with _bar(TextColumn("{task.fields[customers]:,} customers"), TimeRemainingColumn()) as bar:
        task = bar.add_task("", total=size, customers=0)

        def advance(done: int, customers: int) -> None:
            before = bar.tasks[0].fields["customers"]
            bar.update(task, advance=done, customers=before + customers)

        yield advance


def _bar(*columns: Any) -> Any:
    """A bar on standard error with these columns behind it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    first = (TextColumn("scoring"), BarColumn())
    return Progress(*first, *columns, TimeElapsedColumn(), console=Console(stderr=True))
