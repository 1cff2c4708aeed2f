"""Kinds of tables in files, told by the file's name."""

from __future__ import annotations

from pathlib import Path

from ahpvalue.errors import AhpValueError

__all__ = ["KINDS", "kind_of", "without_ending"]

KINDS = (".csv", ".csv.gz", ".parquet")


def kind_of(path: Path) -> str:
    """The ending that says what a table's file holds."""
    for kind in KINDS:
        if path.name.lower().endswith(kind):
            return kind
    raise AhpValueError(f"{path}: a table is a file ending in {', '.join(KINDS)}")


def without_ending(path: Path) -> str:
    """The file's name without its kind: ``customers.2025Q1.csv.gz`` -> ``customers.2025Q1``."""
    return path.name[: -len(kind_of(path))]
