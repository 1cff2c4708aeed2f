"""The record of a folder of scores: which files were scored into it, and what they came to.

Only what the record lists is ever replaced or removed. It is one JSON file, written whole; a
process that changes it reads it again first, and keeps others out while it does.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ahpvalue.errors import AhpValueError
from ahpvalue.support.files import hold, is_part_name, part_of, remove_left, writing, written_whole

__all__ = ["RECORD", "Done", "FilesRecord", "Input"]

RECORD = "ahpvalue-files.json"


@dataclass(frozen=True)
class Input:
    """A file of customers as it was when it was scored."""

    path: str
    size: int
    time: int
    hash: str

    @classmethod
    def of(cls, path: Path) -> Input:
        """The file as it is; it is read for its hash."""
        stat = path.stat()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        return cls(str(path.resolve()), stat.st_size, stat.st_mtime_ns, digest.hexdigest())

    def is_same(self, path: Path) -> bool:
        """Whether a file is this one: the same place, size and time, or the same bytes."""
        stat = path.stat()
        if stat.st_size != self.size:
            return False
        is_here = str(path.resolve()) == self.path
        return (is_here and stat.st_mtime_ns == self.time) or Input.of(path).hash == self.hash


@dataclass(frozen=True)
class Done:
    """Scores that are in the folder.

    Attributes
    ----------
    input : Input
    how : dict
        Hashes of the model and the reference, and the outputs.
    size : int
        Of the written file.
    counts : dict
        What the customers held and got; see `ScoredFile`.
    """

    input: Input
    how: dict[str, Any]
    size: int
    counts: dict[str, Any]


class FilesRecord:
    """The record of one folder.

    Parameters
    ----------
    folder : Path
        It is there.

    Raises
    ------
    AhpValueError
        What has the record's name is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / RECORD
        self.files, self._unfinished = self._read()

    def sweep(self) -> None:
        """Remove what a run that was killed had begun to write."""
        with _alone(self.folder), self._changed():
            self._unfinished = [name for name in self._unfinished if not self._removed(name)]

    def refuse_others(self, places: dict[str, Path]) -> None:
        """Refuse to write where something is that is not the scores of the same file."""
        for name, file in places.items():
            target, entry = self.folder / name, self.files.get(name)
            if entry is None:
                if target.exists() or target.is_symlink():
                    raise AhpValueError(
                        f"{target}: is there, and {RECORD} does not list it; name another folder, "
                        "or move it away"
                    )
            elif entry.input.path != str(file.resolve()) and not entry.input.is_same(file):
                raise AhpValueError(
                    f"{target}: holds the scores of {entry.input.path}; name another folder for "
                    f"those of {file}"
                )

    def find(self, name: str, file: Path, how: dict[str, Any]) -> Done | None:
        """The scores of a file, if they are there, whole, and of the same file and model."""
        entry, target = self.files.get(name), self.folder / name
        if entry is None or entry.how != how or not target.is_file():
            return None
        is_whole = target.stat().st_size == entry.size
        return entry if is_whole and entry.input.is_same(file) else None

    @contextmanager
    def unfinished(self, name: str) -> Iterator[tuple[Path, Callable[[Done], None]]]:
        """A path to write scores to, and what gives them their name and records them."""
        part = part_of(self.folder / name)
        with writing(self.folder / name), ExitStack() as stack:
            with _alone(self.folder):
                with self._changed():  # first listed, then there: a run that is killed is swept up
                    self._unfinished.append(part.name)
                held = stack.enter_context(part.open("wb"))
                hold(held)  # a run that begins meanwhile leaves it alone

            def finish(scored: Done) -> None:
                with _alone(self.folder), self._changed():
                    held.close()  # Windows renames no file that is open
                    part.replace(self.folder / name)
                    self.files[name] = scored
                    self._unfinished.remove(part.name)

            try:
                yield part, finish
            except BaseException:
                part.unlink(missing_ok=True)
                with _alone(self.folder), self._changed():
                    self._unfinished = [one for one in self._unfinished if one != part.name]
                raise

    def _removed(self, name: str) -> bool:
        """Remove a file that nobody is writing; whether it is gone."""
        if not is_part_name(name):
            return True  # no name of ours
        return remove_left(self.folder / name)

    @contextmanager
    def _changed(self) -> Iterator[None]:
        """The record as it is now, and written again when it has been changed."""
        self.files, self._unfinished = self._read()
        yield
        data = {
            "record": 1,
            "files": {name: asdict(one) for name, one in self.files.items()},
            "unfinished": self._unfinished,
        }
        with written_whole(self.path) as part:
            part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")

    def _read(self) -> tuple[dict[str, Done], list[str]]:
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            if data["record"] != 1:
                raise ValueError(data["record"])
            files = {
                name: Done(Input(**one["input"]), one["how"], one["size"], one["counts"])
                for name, one in data["files"].items()
            }
            return files, [str(name) for name in data["unfinished"]]
        except (FileNotFoundError, NotADirectoryError):
            return {}, []
        except OSError as wrong:
            raise AhpValueError(f"{self.path}: cannot be read: {wrong.strerror}") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise AhpValueError(
                f"{self.path}: is not a record of scored files; name another folder, or move it "
                "away"
            ) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes waiting, if the system can."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
