"""What files and columns are called: the kinds of tables, and what a model's columns hold."""

from __future__ import annotations

from pathlib import Path

from ahpvalue.document import ModelDocument
from ahpvalue.errors import AhpValueError
from ahpvalue.support.files import check_folder

__all__ = ["KINDS", "check_target", "kind_of", "text_columns", "without_ending"]

KINDS = (".csv", ".csv.gz", ".parquet")


def kind_of(path: Path) -> str:
    """The ending that says what a table's file holds."""
    for kind in KINDS:
        if path.name.lower().endswith(kind):
            return kind
    raise AhpValueError(f"{path}: a table is a file ending in {', '.join(KINDS)}")


def check_target(path: Path) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    kind_of(path)
    check_folder(path)


def without_ending(path: Path) -> str:
    """The file's name without its kind: ``customers.2025Q1.csv.gz`` -> ``customers.2025Q1``."""
    return path.name[: -len(kind_of(path))]


def text_columns(document: ModelDocument) -> tuple[set[str], set[str]]:
    """The columns of ids and categories, and those of figures."""
    texts, figures = {document.customer}, set[str]()
    for name, indicator in document.indicators.items():
        (figures if indicator.categories is None else texts).add(indicator.column or name)
    return texts, figures
