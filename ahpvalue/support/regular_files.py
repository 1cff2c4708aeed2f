"""Reading files that people name: regular ones of a bounded size, nothing that never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ahpvalue.errors import ModelError, Problem

__all__ = ["read_regular_file"]

_KINDS = (
    (stat.S_ISDIR, "is a folder; name a file in it"),
    (stat.S_ISFIFO, "is a pipe; write what it gives to a file and name that"),
    (stat.S_ISSOCK, "is a socket; name a file"),
    (stat.S_ISCHR, "is a device; name a file"),
    (stat.S_ISBLK, "is a device; name a file"),
)


def read_regular_file(path: Path, most: int) -> bytes:
    """The bytes of a regular file, links followed.

    Parameters
    ----------
    path : Path
    most : int
        How many bytes it may hold.

    Raises
    ------
    ModelError
        It is not there, no regular file, or larger.
    """
    try:
        _refuse_other_kinds(path, path.stat())
        # Between the two it may have become a pipe: opening that must not wait for a writer.
        how = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, how), "rb") as opened:
            _refuse_other_kinds(path, os.fstat(opened.fileno()))
            raw = opened.read(most + 1)
    except (OSError, ValueError) as wrong:
        if isinstance(wrong, ModelError):
            raise
        said = getattr(wrong, "strerror", None) or wrong
        raise ModelError(Problem(f"cannot be read: {said}", file=str(path))) from None
    if len(raw) > most:
        text = f"is larger than the {most / 2**20:g} MiB such a file may have"
        raise ModelError(Problem(text, file=str(path)))
    return raw


def _refuse_other_kinds(path: Path, found: os.stat_result) -> None:
    for is_kind, text in _KINDS:
        if is_kind(found.st_mode):
            raise ModelError(Problem(text, file=str(path)))
