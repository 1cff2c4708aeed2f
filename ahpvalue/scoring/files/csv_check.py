"""Whether a CSV file is whole: UTF-8, and as many cells in every line as in the first one.

Readers of CSV fill up a line that is too short, as where a file was cut off, and say nothing. So
the bytes are looked at first, a block at a time: no cell is read, separators are counted. A
separator or a line end counts where an even number of quotation marks stands before it.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO, NoReturn

import numpy as np
from numpy.typing import NDArray

__all__ = ["BrokenCsvError", "check_csv", "check_header", "opened"]

_BLOCK = 1 << 17  # bytes; what is made of one stays in the processor's cache
_LONGEST = 1 << 26  # bytes of a line
_COMMA, _END, _RETURN, _QUOTE = b',\n\r"'
_BOM = b"\xef\xbb\xbf"

Places = NDArray[np.intp]


class BrokenCsvError(Exception):
    """What is wrong with a file, in which line, and what to do."""


def check_csv(path: Path) -> str:
    """Look at every line of a file; what is odd about it, if anything.

    Raises
    ------
    BrokenCsvError
        A line cannot be read as it is meant; the first one is named.
    OSError, EOFError
        The file cannot be read or unpacked.
    """
    lines = _Lines()
    with opened(path) as file:
        rest = file.read(len(_BOM)).removeprefix(_BOM)
        while data := file.read(_BLOCK):
            rest += data
            rest = rest[lines.check(rest) :]
            if len(rest) > _LONGEST:
                lines.refuse(0, "never ends; close its quotation mark")
    if not rest:
        return ""
    if lines.check(rest + b"\n") <= len(rest):
        lines.refuse(0, "has a quotation mark that is never closed; close it, or write it twice")
    return (
        f"line {lines.number - 1:,}, the last one, has no line end; if the file was cut off there, "
        "its last cell is not whole: get the file again, or end the line"
    )


def check_header(start: bytes) -> None:
    """Look at the first line of a file, of which this is the start; raises as `check_csv`."""
    _Lines().check(start.removeprefix(_BOM).partition(b"\n")[0] + b"\n")


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked."""
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


class _Lines:
    """Lines that are checked one block after another.

    Attributes
    ----------
    number : int
        The line in the file that the next block begins with.
    cells : int
        How many cells the first line has.
    """

    def __init__(self) -> None:
        self.number, self.cells = 1, 0

    def refuse(self, line_ends: int, what: str) -> NoReturn:
        """Raise for the line so many line ends further."""
        raise BrokenCsvError(f"cannot be read: line {self.number + line_ends:,} {what}")

    def check(self, block: bytes) -> int:
        """Look at all lines that end in a block; where the next one begins."""
        found = np.frombuffer(block, np.uint8)
        separators, quotes = _separators(block, found)
        ends = np.flatnonzero(found[separators] == _END)
        if not len(ends):
            return 0
        stops = separators[ends]
        stop = int(stops[-1]) + 1
        lines = block[:stop]
        self._check_text(lines)
        quotes = quotes[: np.searchsorted(quotes, stop)]
        self._check_quotes(lines, found, quotes)
        self._check_returns(lines, found[:stop], quotes)
        counts = np.diff(ends, prepend=-1)
        self.cells = self.cells or int(counts[0])
        for k in np.flatnonzero(counts != self.cells):
            start = int(stops[k - 1]) + 1 if k else 0
            line = block[start : stops[k]]
            if line.strip(b"\r"):  # a blank line is no line too short
                self._refuse_count(block.count(b"\n", 0, start), line, int(counts[k]))
        self.number += int(np.count_nonzero(found[:stop] == _END))
        return stop

    def _refuse_count(self, before: int, line: bytes, count: int) -> NoReturn:
        word, remedy = "fewer", "complete it, or get the whole file again"
        if count > self.cells:
            word, remedy = "more", "quote cells that hold commas"
        what = f"has {word} cells than there are columns ({count:,}, not {self.cells:,})"
        if more := line.count(b"\n"):
            what += f", and goes on for {more:,} more lines inside of quotation marks"
        self.refuse(before, f"{what}; {remedy}")

    def _check_text(self, lines: bytes) -> None:
        if not lines.isascii():
            try:
                lines.decode("utf-8")
            except UnicodeDecodeError as wrong:
                ends = lines.count(b"\n", 0, wrong.start)
                self.refuse(ends, "is not UTF-8; save the file with the encoding UTF-8")
        if (place := lines.find(b"\0")) >= 0:
            self.refuse(lines.count(b"\n", 0, place), "holds a zero byte; is this a text file?")

    def _check_quotes(self, lines: bytes, found: NDArray[np.uint8], quotes: Places) -> None:
        """Refuse quotation marks that readers understand in different ways."""
        if not len(quotes):
            return
        opening, closing = quotes[::2], quotes[1::2]
        before, after = found[opening - 1], found[closing + 1]
        begins = (before == _COMMA) | (before == _END) | (before == _QUOTE) | (opening == 0)
        ends = (after == _COMMA) | (after == _END) | (after == _QUOTE) | (after == _RETURN)
        if (begins & ends).all():
            return
        odd = begins & ~ends
        if not begins.all():  # inside a cell: they do no harm where they keep nothing together
            marks = np.flatnonzero((found == _COMMA) | (found == _END))
            odd |= ~begins & (np.searchsorted(marks, closing) > np.searchsorted(marks, opening))
        if odd.any():
            first = int(opening[np.argmax(odd)])
            self.refuse(
                lines.count(b"\n", 0, first),
                "has a quotation mark inside a cell; write it twice and quote the whole cell",
            )

    def _check_returns(self, lines: bytes, found: NDArray[np.uint8], quotes: Places) -> None:
        """Refuse carriage returns that stand alone: some readers end a line there."""
        if b"\r" not in lines or lines.count(b"\r") == lines.count(b"\r\n"):
            return
        alone = np.flatnonzero((found[:-1] == _RETURN) & (found[1:] != _END))
        alone = alone[np.searchsorted(quotes, alone) % 2 == 0]
        if len(alone):
            self.refuse(
                lines.count(b"\n", 0, int(alone[0])),
                "holds a carriage return alone; save the file with ordinary line ends, or quote "
                "the cell",
            )


def _separators(block: bytes, found: NDArray[np.uint8]) -> tuple[Places, Places]:
    """Where cells end (commas and line ends that are not quoted), and all quotation marks."""
    marks = (found == _COMMA) | (found == _END)
    if b'"' not in block:
        return np.flatnonzero(marks), np.empty(0, np.intp)
    marks |= found == _QUOTE
    places = np.flatnonzero(marks)
    is_quote = found.take(places) == _QUOTE
    enclosed = np.bitwise_xor.accumulate(is_quote)
    return places.compress(~(enclosed | is_quote)), places.compress(is_quote)
