"""Tables in files: CSV, CSV.gz and Parquet, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from ahpvalue.errors import AhpValueError, CustomerDataError
from ahpvalue.model import Model

__all__ = ["check_target", "read_table", "write_table", "written_whole"]

_KINDS = (".csv", ".csv.gz", ".parquet")


def _kind(path: Path) -> str:
    for kind in _KINDS:
        if path.name.lower().endswith(kind):
            return kind
    raise AhpValueError(f"{path}: a table is a file ending in {', '.join(_KINDS)}")


def read_table(path: Path, model: Model) -> pl.DataFrame:
    """Read customers; ids and categories stay the text they are in the file ("00001")."""
    kind = _kind(path)
    if not path.is_file():
        raise CustomerDataError(f"{path}: there is no such file")
    try:
        if kind == ".parquet":
            return pl.read_parquet(path)
        names = pl.read_csv(path, n_rows=0).columns
        texts = {model.document.customer} | {
            indicator.column or name
            for name, indicator in model.document.indicators.items()
            if indicator.categories is not None
        }
        return pl.read_csv(
            path,
            schema_overrides={name: pl.String for name in names if name in texts},
            infer_schema_length=None,
        )
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as wrong:
        said = str(wrong).splitlines()[0]
        hint = "; save the file with the encoding UTF-8" if "utf-8" in said.lower() else ""
        raise CustomerDataError(f"{path}: cannot be read: {said}{hint}") from None


def check_target(path: Path) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    _kind(path)
    _check_folder(path)


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise AhpValueError(f"{path}: there is no folder {path.parent}")
    if path.is_dir():
        raise AhpValueError(f"{path}: is a folder, not a file")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` only when everything has been written."""
    _check_folder(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


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
        writers[_kind(path)](unfinished)
