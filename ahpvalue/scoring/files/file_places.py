"""Which files are meant by paths, patterns and folders, and where their scores go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ahpvalue.errors import AhpValueError, CustomerDataError
from ahpvalue.scoring.files.kinds import KINDS, kind_of, without_ending

__all__ = ["FORMATS", "find_files", "is_pattern", "score_places"]

FORMATS = ("parquet", "csv")


def find_files(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The tables that are meant, each once, in the order given; those of a folder by name.

    Parameters
    ----------
    paths : path, pattern such as ``"big/*.parquet"``, folder, or several of them

    Raises
    ------
    CustomerDataError
        Nothing is there.
    """
    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    found: dict[Path, Path] = {}
    for name in named:
        for path in _files(os.fspath(name)):
            found.setdefault(path.resolve(), path)
    if not found:
        raise CustomerDataError("no file of customers is named; give files, a pattern or a folder")
    return list(found.values())


def is_pattern(name: str) -> bool:
    """Whether a name that no file has stands for several, as in ``'big/*.parquet'``."""
    return any(mark in name for mark in "*?[") and not Path(name).exists()


def _files(name: str) -> list[Path]:
    path = Path(name)
    if is_pattern(name):
        anchor = Path(path.anchor)
        files = sorted(p for p in anchor.glob(str(path.relative_to(anchor))) if p.is_file())
        if not files:
            raise CustomerDataError(f"{name}: no file matches; give files that are there")
    elif path.is_dir():
        files = sorted(p for p in path.iterdir() if p.is_file() and _is_table(p))
        if not files:
            raise CustomerDataError(f"{name}: no file in it ends in {', '.join(KINDS)}")
    elif path.is_file():
        files = [path]
    else:
        kind_of(path)
        raise CustomerDataError(f"{path}: there is no such file")
    for file in files:
        kind_of(file)
    return files


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(KINDS) and not path.name.startswith(".")


def score_places(files: Sequence[Path], folder: Path, ending: str) -> dict[str, Path]:
    """The name that each file's scores have in the folder, and the file.

    Raises
    ------
    AhpValueError
        The folder is a file or is read from, or two files would have one name there.
    """
    if ending not in FORMATS:
        raise AhpValueError(f"scores are written as {' or '.join(FORMATS)}, not {ending!r}")
    if folder.is_file() or folder.name.lower().endswith(KINDS):
        raise AhpValueError(f"{folder}: names a file; scores of files go into a folder")
    if any(file.resolve().parent == folder.resolve() for file in files):
        raise AhpValueError(f"{folder}: is read from; name another folder for the scores")
    places: dict[str, Path] = {}
    taken: dict[str, Path] = {}  # without capitals, which are not told apart everywhere
    for file in files:
        name = f"{without_ending(file)}.{ending}"
        first = taken.setdefault(name.lower(), file)
        if first is not file:
            raise CustomerDataError(
                f"{first}, {file}: the scores of both would be {folder / name}; rename one, or "
                "score them into folders of their own"
            )
        places[name] = file
    return places
