"""Writing files whole or not at all, through their links, and never over what is read.

Whatever is written is written to a hidden file beside its place first, which gets the name in the
end. Who writes it holds a lock on it, so that what a killed process left can be told from what a
process still writes.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE, S_IWUSR
from typing import IO
from uuid import uuid4

from ahpvalue.errors import AhpValueError

__all__ = [
    "check_folder",
    "hold",
    "is_part_name",
    "is_same_place",
    "is_write_error",
    "made_folder",
    "part_of",
    "refuse_former",
    "refuse_overwriting",
    "remove_left",
    "writing",
    "written_whole",
]

_TRIES = 3
_LONGEST_NAME = 200  # bytes, of 255 that a system allows
_WRITE_ERRORS = (errno.ENOSPC, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


# -- what may be written ---------------------------------------------------------------------


def check_folder(path: Path) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    with writing(path):
        if path.is_dir():
            raise AhpValueError(f"{path}: is a folder, not a file")
        if os.path.islink(os.path.realpath(path)):  # noqa: PTH114 - a link that leads to itself
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if path.exists() and not path.is_file():
            raise AhpValueError(f"{path}: is no regular file; name another output")
        if not path.parent.is_dir():
            raise AhpValueError(f"{path}: there is no folder {path.parent}")
        asked = path if path.exists() else path.parent
        if not os.access(asked, os.W_OK):
            number = errno.EROFS if _is_read_only(asked) else errno.EACCES
            raise OSError(number, os.strerror(number))


def _is_read_only(path: Path) -> bool:
    """Whether nobody can write to the file system that something is on."""
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def is_same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, which need not be there: through links, by any name."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)


def refuse_overwriting(target: Path, sources: Iterable[Path | None]) -> None:
    """Refuse a target that is one of the files that are read, under whatever name."""
    for source in sources:
        if source is not None and is_same_place(target, source):
            raise AhpValueError(f"{target}: would overwrite what is read; name another output")


def refuse_former(targets: Iterable[Path], force: bool) -> None:
    """Refuse to write over documents that are there, unless somebody insists."""
    there = [str(path) for path in targets if path.exists() or path.is_symlink()]
    if there and not force:
        raise AhpValueError(f"{', '.join(there)}: there already; --force overwrites")


def made_folder(path: Path) -> None:
    """Make a folder, and those above it, if it is not there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        said = "is a file, not a folder" if path.is_file() else f"cannot be made: {_said(wrong)}"
        raise AhpValueError(f"{path}: {said}") from None


# -- writing ---------------------------------------------------------------------------------


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` only when everything has been written.

    A link stays a link: the file that it leads to is replaced. A file that is there keeps its
    mode, and its owner if the system lets it. What a killed process had begun to write in its
    place is removed.
    """
    check_folder(path)
    with writing(path):
        place = Path(os.path.realpath(path))
        check_folder(place)
        _sweep(place)
        part, held = _begun(place)
        try:
            former = place.stat() if place.exists() else None
            if former is not None:
                part.chmod(S_IMODE(former.st_mode) | S_IWUSR)
            yield part
            if former is not None:
                _take_over(part, former)
            if os.name == "nt":
                held.close()  # Windows renames no file that is open
            part.replace(place)  # while it is held: others may be sweeping
        finally:
            held.close()
            part.unlink(missing_ok=True)


def _take_over(part: Path, former: os.stat_result) -> None:
    """Give a file the owner and the mode of the one that it replaces."""
    if hasattr(os, "chown"):
        with suppress(OSError):  # only root gives files away
            os.chown(part, former.st_uid, former.st_gid)
    part.chmod(S_IMODE(former.st_mode))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the system has against writing, said in one sentence with the file that is meant."""
    try:
        yield
    except AhpValueError:
        raise
    except Exception as wrong:
        if not isinstance(wrong, OSError) and _number(wrong) is None:
            raise
        raise AhpValueError(f"{path}: cannot be written: {_said(wrong)}") from None


def is_write_error(wrong: Exception) -> bool:
    """Whether an error comes from writing, where something is read and written at a time."""
    return _number(wrong) in _WRITE_ERRORS


def _said(wrong: Exception) -> str:
    number = _number(wrong)
    return os.strerror(number) if number else str(wrong).partition("\n")[0]


def _number(wrong: Exception) -> int | None:
    """The system's number of an error; polars has it in the text only, or loses it."""
    number = wrong.errno if isinstance(wrong, OSError) else None
    if "thrift: transport error" in str(wrong):  # at the end of a Parquet file
        number = errno.ENOSPC
    spelled = re.search(r"\(os error (\d+)\)", str(wrong))
    return number or (int(spelled[1]) if spelled else None)


# -- files that are being written ------------------------------------------------------------


def part_of(place: Path) -> Path:
    """A name beside a file's that no other process uses."""
    return place.with_name(f".{_stem(place)}.{uuid4().hex[:12]}.part")


def is_part_name(name: str) -> bool:
    """Whether a file may be one that `part_of` names."""
    return re.fullmatch(r"\.[^/\\]+\.[0-9a-f]{12}\.part", name) is not None


def _stem(place: Path) -> str:
    name = os.fsencode(place.name)
    return place.name if len(name) <= _LONGEST_NAME else sha256(name).hexdigest()


def _begun(place: Path) -> tuple[Path, IO[bytes]]:
    """A new file beside another, held by this process."""
    for _ in range(_TRIES):
        part = part_of(place)
        held = part.open("xb")
        if hold(held) and part.exists():
            break
        held.close()  # another process took it for a left-over before it was held
        part.unlink(missing_ok=True)
    else:  # the file system knows no locks
        part = part_of(place)
        held = part.open("xb")
    return part, held


def _sweep(place: Path) -> None:
    """Remove what killed processes of this user had begun to write in a file's place."""
    name = re.compile(rf"\.{re.escape(_stem(place))}\.[0-9a-f]{{12}}\.part")
    with suppress(OSError):  # a folder that cannot be listed
        for part in place.parent.iterdir():
            if name.fullmatch(part.name):
                remove_left(part)


def remove_left(part: Path) -> bool:
    """Remove a file of this user's that nobody is writing; whether it is gone."""
    try:
        is_mine = not hasattr(os, "geteuid") or part.lstat().st_uid == os.geteuid()
        if not is_mine or part.is_symlink() or not part.is_file():
            return False
        with part.open("rb") as held:
            if not hold(held):
                return False
            if os.name != "nt":
                part.unlink()  # while it is held, so that nobody begins to write to it
        part.unlink(missing_ok=True)
    except FileNotFoundError:
        return True
    except OSError:  # another process has it open, or may not be disturbed
        return False
    return True


def hold(file: IO[bytes]) -> bool:
    """Keep a file for this process, if the system can; whether no other has it."""
    try:
        import fcntl
    except ImportError:  # Windows removes no file that is open
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
