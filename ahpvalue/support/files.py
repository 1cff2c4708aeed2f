"""Writing files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ahpvalue.errors import AhpValueError

__all__ = ["check_folder", "written_whole"]


def check_folder(path: Path) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    if path.is_dir():
        raise AhpValueError(f"{path}: is a folder, not a file")
    if not path.parent.is_dir():
        raise AhpValueError(f"{path}: there is no folder {path.parent}")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` only when everything has been written."""
    check_folder(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as wrong:
        raise AhpValueError(f"{path}: cannot be written: {wrong.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
