"""Tables in files: CSV, CSV.gz and Parquet, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from ahpvalue.document import ModelDocument
from ahpvalue.document.decision_references import rules_of
from ahpvalue.errors import AhpValueError, CustomerDataError
from ahpvalue.files import check_folder, written_whole
from ahpvalue.model import Model

__all__ = ["check_target", "read_table", "without_ending", "write_table"]

_KINDS = (".csv", ".csv.gz", ".parquet")


def _kind(path: Path) -> str:
    for kind in _KINDS:
        if path.name.lower().endswith(kind):
            return kind
    raise AhpValueError(f"{path}: a table is a file ending in {', '.join(_KINDS)}")


def read_table(path: Path, model: Model) -> pl.DataFrame:
    """Read customers; ids, categories and codes stay the text they are in the file ("00001")."""
    kind = _kind(path)
    if not path.is_file():
        raise CustomerDataError(f"{path}: there is no such file")
    try:
        if kind == ".parquet":
            return pl.read_parquet(path)
        names = _header(path)
        texts = {model.document.customer} | {
            indicator.column or name
            for name, indicator in model.document.indicators.items()
            if indicator.categories is not None
        }
        texts |= _coded_columns(path, _columns_of_codes(model.document) & set(names))
        return pl.read_csv(
            path,
            schema_overrides={name: pl.String for name in names if name in texts},
            infer_schema_length=None,
        )
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as wrong:
        said = str(wrong).splitlines()[0]
        hint = "; save the file with the encoding UTF-8" if "utf-8" in said.lower() else ""
        raise CustomerDataError(f"{path}: cannot be read: {said}{hint}") from None


def _columns_of_codes(document: ModelDocument) -> set[str]:
    """Columns that may hold codes: whose peer a customer is, and what rules compare with texts."""
    found = set(document.peers.by if document.peers is not None else ())
    for _, rule in rules_of(document):
        for name, wanted in (one for alternative in rule for one in alternative.items()):
            if any(isinstance(text, str) for text in (*wanted.equals, *wanted.differs)):
                found.add(name)
    return found - {i.column or name for name, i in document.indicators.items()}


def _coded_columns(path: Path, names: set[str]) -> set[str]:
    """Those that hold a number with a leading zero: "01" is a name, and 1 another one."""
    if not names:
        return set()
    table = pl.read_csv(path, columns=sorted(names), infer_schema=False)
    return {name for name in names if table[name].str.contains(r"^0\d+$").any()}


def _header(path: Path) -> list[str]:
    """The columns of a CSV file; polars would rename the second of two equal ones."""
    first = pl.read_csv(path, has_header=False, n_rows=1, infer_schema=False)
    names = [str(name) for name in first.row(0)] if len(first) else []
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise CustomerDataError(f"{path}: two columns are called {', '.join(doubles)}; rename one")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise CustomerDataError(
            f"{path}: the columns are not separated by commas; save the file as comma-separated CSV"
        )
    return names


def check_target(path: Path) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    _kind(path)
    check_folder(path)


def without_ending(path: Path) -> str:
    """The file's name without its kind: ``customers.2025Q1.csv.gz`` -> ``customers.2025Q1``."""
    return path.name[: -len(_kind(path))]


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
