"""Writing files whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from uuid import uuid4

from ahpvalue.errors import AhpValueError

__all__ = ["check_folder", "refuse_overwriting", "written_whole"]


def check_folder(path: Path) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    if path.is_dir():
        raise AhpValueError(f"{path}: is a folder, not a file")
    if not path.parent.is_dir():
        raise AhpValueError(f"{path}: there is no folder {path.parent}")


def refuse_overwriting(target: Path, sources: Iterable[Path | None]) -> None:
    """Refuse a target that is one of the files that are read, under whatever name."""
    for source in sources:
        if source is None or not (target.exists() and source.exists()):
            continue
        if target.samefile(source):
            raise AhpValueError(f"{target}: would overwrite what is read; name another output")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` only when everything has been written.

    A link stays a link: the file that it leads to is replaced. A file that is there keeps its
    mode.
    """
    check_folder(path)
    place = path.resolve() if path.is_symlink() else path
    check_folder(place)
    unfinished = place.with_name(f".{place.name}.{uuid4().hex[:12]}.part")
    try:
        yield unfinished
        if place.exists():
            unfinished.chmod(S_IMODE(place.stat().st_mode))
        unfinished.replace(place)
    except OSError as wrong:
        raise AhpValueError(f"{path}: cannot be written: {wrong.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
