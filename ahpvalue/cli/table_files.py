"""Tables in files: CSV, CSV.gz and Parquet, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import polars as pl

from ahpvalue.cli.names import kind_of, text_columns
from ahpvalue.document import ModelDocument, list_rules
from ahpvalue.errors import CustomerDataError
from ahpvalue.support.files import written_whole

__all__ = [
    "header",
    "is_coded",
    "read_table",
    "readable",
    "write_table",
]


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Whatever goes wrong while a table is read, said in one sentence with its file."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError, EOFError, UnicodeDecodeError) as wrong:
        said = str(wrong).splitlines()[0]
        hint = "; save the file with the encoding UTF-8" if "utf-8" in said.lower() else ""
        raise CustomerDataError(f"{path}: cannot be read: {said}{hint}") from None


def read_table(path: Path, document: ModelDocument) -> pl.DataFrame:
    """Read customers; ids, categories and codes stay the text they are in the file ("00001")."""
    kind = kind_of(path)
    if not path.is_file():
        raise CustomerDataError(f"{path}: there is no such file")
    with readable(path):
        if kind == ".parquet":
            return pl.read_parquet(path)
        names = header(path, path)
        texts, _ = text_columns(document)
        texts |= _coded_columns(path, document, names)
        return pl.read_csv(
            path,
            schema_overrides={name: pl.String for name in names if name in texts},
            infer_schema_length=None,
        )


def _columns_of_codes(document: ModelDocument) -> set[str]:
    """Columns that may hold codes: whose peer a customer is, and what rules compare with texts."""
    found = set(document.peers.by if document.peers is not None else ())
    for _, rule in list_rules(document):
        for name, wanted in (one for alternative in rule for one in alternative.items()):
            if any(isinstance(text, str) for text in (*wanted.equals, *wanted.differs)):
                found.add(name)
    return found - {i.column or name for name, i in document.indicators.items()}


def is_coded(document: ModelDocument, texts: pl.Series) -> bool:
    """Whether a column of codes has a number with a leading zero: "01" is a name, 1 another."""
    return texts.name in _columns_of_codes(document) and bool(texts.str.contains(r"^0\d+$").any())


def _coded_columns(path: Path, document: ModelDocument, names: list[str]) -> set[str]:
    candidates = sorted(_columns_of_codes(document) & set(names))
    if not candidates:
        return set()
    table = pl.read_csv(path, columns=candidates, infer_schema=False)
    return {name for name in candidates if is_coded(document, table[name])}


def header(source: Path | IO[bytes], path: Path) -> list[str]:
    """The columns of a CSV file; polars would rename the second of two equal ones."""
    first = pl.read_csv(source, has_header=False, n_rows=1, infer_schema=False)
    names = [str(name) for name in first.row(0)] if len(first) else []
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise CustomerDataError(f"{path}: two columns are called {', '.join(doubles)}; rename one")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise CustomerDataError(
            f"{path}: the columns are not separated by commas; save the file as comma-separated CSV"
        )
    return names


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as what the file's name says; full precision."""
    writers: dict[str, Callable[[Path], Any]] = {
        ".csv": frame.write_csv,
        ".csv.gz": lambda target: frame.write_csv(
            target, compression="gzip", check_extension=False
        ),
        ".parquet": frame.write_parquet,
    }
    with written_whole(path) as unfinished:
        writers[kind_of(path)](unfinished)
