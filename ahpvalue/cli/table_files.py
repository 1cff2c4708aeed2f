"""Tables in files: read as the model says, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from ahpvalue.compiling import column_types
from ahpvalue.document import ModelDocument
from ahpvalue.scoring import kind_of
from ahpvalue.scoring import read_table as read_file
from ahpvalue.support.files import written_whole

__all__ = ["read_table", "write_table"]


def read_table(path: Path, document: ModelDocument) -> pl.DataFrame:
    """Read customers; ids, categories and codes stay the text they are in the file ("00001")."""
    table: pl.DataFrame = read_file(path, column_types(document))
    return table


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
