"""Where tables may be written: checked before any work is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ahpvalue.scoring import kind_of
from ahpvalue.support.files import check_folder, refuse_overwriting

__all__ = ["check_target"]


def check_target(path: Path, read: Iterable[Path | None] = ()) -> None:
    """Refuse a target that cannot be written, or that is one of the files that are read."""
    kind_of(path)
    check_folder(path)
    refuse_overwriting(path, read)
