"""Files of customers read a piece at a time: so many rows of Parquet, so many lines of CSV."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import polars as pl

from ahpvalue.cli.names import kind_of, text_columns
from ahpvalue.cli.table_files import header, is_coded, readable
from ahpvalue.document import ModelDocument
from ahpvalue.errors import CustomerDataError

__all__ = ["CsvPieces", "Done", "ParquetPieces", "Piece", "pieces_of"]

_LARGEST = 128 * 2**20  # bytes of CSV in a piece
_LONGEST = 2**28  # bytes of one line; longer, it is no table
_SAMPLE = 2**20  # bytes that tell how long a line is

Done = Callable[[int, int], int | None]
"""A piece's number and start to its stop, when it is done and need not be read again."""


@dataclass(frozen=True)
class Piece:
    """Part of a file of customers.

    Attributes
    ----------
    number : int
        From 1.
    start, stop : int
        Where it lies in the file: rows of Parquet, bytes of CSV (unpacked).
    share : float
        How much of the file it is, up to 1.
    table : DataFrame or None
        The columns that are scored; None when the piece is done.
    """

    number: int
    start: int
    stop: int
    share: float
    table: pl.DataFrame | None


def pieces_of(
    path: Path, columns: list[str], rows: int, document: ModelDocument
) -> ParquetPieces | CsvPieces:
    """A file of which these columns are read, about so many rows at a time."""
    if kind_of(path) == ".parquet":
        return ParquetPieces(path, columns, rows)
    return CsvPieces(path, columns, rows, document)


class ParquetPieces:
    """A Parquet file. A slice of a scanned file decodes only the row groups it touches."""

    def __init__(self, path: Path, columns: list[str], rows: int) -> None:
        self.path, self.rows = path, rows
        with readable(path):
            self.schema: dict[str, Any] = dict(pl.read_parquet_schema(path))
        self.names = list(self.schema)
        self._columns = columns

    def pieces(self, done: Done) -> Iterator[Piece]:
        """The pieces in order; a file without rows is one piece without rows."""
        number, start = 1, 0
        with readable(self.path):
            frame = pl.scan_parquet(self.path, glob=False)
            height = frame.select(pl.len()).collect().item()
            while start < height or number == 1:
                stop, table = done(number, start), None
                if stop is None:
                    stop = min(start + self.rows, height)
                    table = frame.select(self._columns).slice(start, stop - start).collect()
                yield Piece(number, start, stop, (stop - start) / max(height, 1), table)
                number, start = number + 1, stop


class CsvPieces:
    """A CSV file, packed or not, cut between lines and never inside quotation marks.

    Every piece gets the same types: texts for ids and categories, numbers for figures. What
    else a rule compares with is looked through once before, so that its type is the whole
    file's too.
    """

    def __init__(self, path: Path, columns: list[str], rows: int, document: ModelDocument) -> None:
        self.path, self.rows = path, rows
        self.schema: dict[str, Any] = {}
        self._document = document
        self._texts, self._figures = text_columns(document)
        with readable(path), path.open("rb") as raw:
            self._head = self._block(self._unpacked(raw), 0)
            self.names = header(io.BytesIO(self._head), path)
        self._columns = columns

    def pieces(self, done: Done) -> Iterator[Piece]:
        """The pieces in order; a file without rows is one piece without rows."""
        with readable(self.path):
            for number, start, stop, share, block in self._blocks(done):
                table = None if block is None else self._table(block)
                yield Piece(number, start, stop, share, table)

    def _table(self, block: bytes) -> pl.DataFrame:
        try:
            return self._read(block, self._fixed | self._numbers)
        except pl.exceptions.PolarsError:
            # Figures that are true and false, or a text: refused later, with its customer.
            return self._read(block, self._fixed)

    def _read(self, block: bytes, types: dict[str, Any] | None, names: Any = None) -> pl.DataFrame:
        names = self._columns if names is None else names
        return pl.read_csv(
            self._head + block,
            columns=[name for name in self.names if name in names],
            schema_overrides={name: types[name] for name in names if name in types}
            if types is not None
            else None,
            infer_schema=types is not None,
            infer_schema_length=None,
        )

    @cached_property
    def _fixed(self) -> dict[str, Any]:
        """The types of all columns but figures; of those that only rules ask for, the file's."""
        others = [name for name in self._columns if name not in self._texts | self._figures]
        seen: dict[str, set[Any]] = {name: set() for name in others}
        for *_, block in self._blocks(lambda *_: None) if others else ():
            texts = self._read(block or b"", None, others)
            guessed = self._read(block or b"", {}, others)
            for name in others:
                if is_coded(self._document, texts[name]):
                    seen[name].add(pl.String())
                elif texts[name].null_count() < len(texts):
                    seen[name].add(guessed[name].dtype)
        found = {name: _common(types) for name, types in seen.items()}
        return dict.fromkeys(self._texts, pl.String()) | found

    @property
    def _numbers(self) -> dict[str, Any]:
        return dict.fromkeys(self._figures - self._texts, pl.Float64())

    def _blocks(self, done: Done) -> Iterator[tuple[int, int, int, float, bytes | None]]:
        """Number, start, stop, share of the file and lines of every piece."""
        size, before = max(self.path.stat().st_size, 1), 0
        with self.path.open("rb") as raw:
            stream = self._unpacked(raw)
            length = self._length(stream)
            number, start = 1, stream.seek(len(self._head))
            while True:
                stop, block = done(number, start), None
                if stop is None:
                    block = self._block(stream, length)
                    stop = start + len(block)
                    if not block and number > 1:
                        return
                else:
                    stream.seek(stop)
                share, before = (raw.tell() - before) / size, raw.tell()
                yield number, start, stop, share, block
                number, start = number + 1, stop

    def _length(self, stream: IO[bytes]) -> int:
        """How many bytes so many rows have, judged by the first."""
        sample = stream.read(_SAMPLE)
        return min(_LARGEST, self.rows * len(sample) // max(sample.count(b"\n"), 1) + 1)

    def _block(self, stream: IO[bytes], length: int) -> bytes:
        """About so many bytes, up to an end of line that is not inside quotation marks."""
        parts = [stream.read(length), self._line(stream)]
        marks, extra = sum(part.count(b'"') for part in parts), 0
        while marks % 2 and parts[-1]:
            parts.append(self._line(stream))
            marks, extra = marks + parts[-1].count(b'"'), extra + len(parts[-1])
            if extra > _LONGEST:
                raise self._no_lines()
        return b"".join(parts)

    def _line(self, stream: IO[bytes]) -> bytes:
        line = stream.readline(_LONGEST)
        if len(line) == _LONGEST:
            raise self._no_lines()
        return line

    def _no_lines(self) -> CustomerDataError:
        return CustomerDataError(
            f"{self.path}: a line has more than {_LONGEST // 2**20} MB; is a quotation mark "
            "left open, or are lines ended by something else than a line feed?"
        )

    def _unpacked(self, raw: IO[bytes]) -> IO[bytes]:
        return gzip.open(raw) if kind_of(self.path) == ".csv.gz" else raw  # type: ignore[return-value]


def _common(types: set[Any]) -> Any:
    """The one type that holds what several pieces hold, as for a file read whole."""
    if len(types) == 1:
        return next(iter(types))
    numeric = bool(types) and all(one.is_numeric() for one in types)
    return pl.Float64() if numeric else pl.String()
