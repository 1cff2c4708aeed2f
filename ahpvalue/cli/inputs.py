"""Which files are meant: one, several, a pattern or a folder; and where their scores may go."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ahpvalue.cli.manifest import MANIFEST, piece_file
from ahpvalue.cli.names import KINDS, kind_of
from ahpvalue.errors import AhpValueError, CustomerDataError

__all__ = ["check_folders", "is_many", "is_pattern", "names_folder", "table_files"]


def is_many(inputs: Sequence[str]) -> bool:
    """Whether more than one file is meant, or may be."""
    return len(inputs) != 1 or Path(inputs[0]).is_dir() or is_pattern(inputs[0])


def is_pattern(name: str) -> bool:
    """Whether a name that no file has stands for several, as in ``'big/*.parquet'``."""
    return any(mark in name for mark in "*?[") and not Path(name).exists()


def names_folder(output: str) -> bool:
    """Whether an output is a folder: one that is there, or written with a slash at its end."""
    return bool(output) and (output.endswith(("/", os.sep)) or Path(output).is_dir())


def table_files(inputs: Sequence[str]) -> list[Path]:
    """The tables that are meant, each once, in the order given; those of a folder by name.

    Raises
    ------
    CustomerDataError
        Nothing is there, or two files of different folders have one name.
    """
    found: dict[Path, Path] = {}
    for name in inputs:
        for path in _files(name):
            found.setdefault(path.resolve(), path)
    files = list(found.values())
    named: dict[str, Path] = {}
    for path in files:
        first = named.setdefault(path.name.lower(), path)  # capitals are not told apart everywhere
        if first is not path:
            raise CustomerDataError(
                f"{first}, {path}: files of one name would have their scores in one place; "
                "rename one, or score them into folders of their own"
            )
    return files


def _files(name: str) -> list[Path]:
    path = Path(name)
    if is_pattern(name):
        anchor = Path(path.anchor)
        files = sorted(p for p in anchor.glob(str(path.relative_to(anchor))) if p.is_file())
        if not files:
            raise CustomerDataError(f"{name}: no file matches; give files that are there")
        for file in files:
            kind_of(file)
        return files
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.is_file() and _is_table(p))
        if not files:
            raise CustomerDataError(f"{name}: no file in it ends in {', '.join(KINDS)}")
        return files
    kind_of(path)
    if not path.is_file():
        raise CustomerDataError(f"{path}: there is no such file")
    return [path]


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(KINDS) and not path.name.startswith(".")


def check_folders(folders: dict[str, Path], files: Sequence[Path]) -> None:
    """Refuse folders that cannot take the scores of these files, before any work is done.

    Raises
    ------
    AhpValueError
        A folder is a file, or is read from, or holds other files of the same names.
    """
    sources = {file.resolve().parent for file in files}
    for folder in folders.values():
        if folder.is_file():
            raise AhpValueError(
                f"{folder}: is a file; scores in pieces are several files, so name a folder"
            )
        if folder.resolve() in sources:
            raise AhpValueError(f"{folder}: is read from; name another folder for what is written")
    if len({folder.resolve() for folder in folders.values()}) < len(folders):
        raise AhpValueError(
            f"{folders['scores']}: scores and contributions need a folder each; name another"
        )
    if (folders["scores"] / MANIFEST).exists():
        return
    for folder in folders.values():
        for file in files:
            first = folder / piece_file(file.name, 1)
            if first.exists():
                raise AhpValueError(
                    f"{first}: there already, with no record of how it was made; name another "
                    "folder, or move it away"
                )
