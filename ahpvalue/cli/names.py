"""Where tables and documents may be written: checked before any work is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ahpvalue.errors import AhpValueError
from ahpvalue.model import Model
from ahpvalue.scoring import kind_of
from ahpvalue.support.files import check_folder, refuse_former, refuse_overwriting

__all__ = ["check_document", "check_target", "refuse_files_of"]


def check_target(path: Path, read: Iterable[Path | None] = ()) -> None:
    """Refuse a table that cannot be written, or that is one of the files that are read.

    The table of a former run is replaced.
    """
    kind_of(path)
    check_folder(path)
    refuse_overwriting(path, read)


def check_document(path: Path, read: Iterable[Path | None], *, force: bool) -> None:
    """Refuse a document that cannot be written, that is read, or that is there without `force`."""
    if path.suffix not in (".yaml", ".yml"):
        raise AhpValueError(f"{path}: a model is a file ending in .yaml or .yml")
    check_folder(path)
    refuse_overwriting(path, read)
    refuse_former([path], force)


def refuse_files_of(model: Model, *targets: Path) -> None:
    """Refuse targets that are the model's own file, or that of one of its experts."""
    files = () if model.origin is None else model.origin.files
    for target in targets:
        refuse_overwriting(target, files)
