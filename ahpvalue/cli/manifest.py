"""The record of what has been scored into a folder, so that a run that was stopped goes on.

A file of JSON lines: first what all scores in the folder have in common, then one line per piece,
added when its files are whole. A last line that was cut off is none.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from glob import escape
from pathlib import Path
from typing import Any

from ahpvalue.cli.names import kind_of, without_ending
from ahpvalue.errors import AhpValueError
from ahpvalue.support.files import written_whole

__all__ = ["MANIFEST", "Entry", "Manifest", "Origin", "piece_file"]

MANIFEST = "manifest.jsonl"
_UNFINISHED = re.compile(r"\.(.+\.\d{5}\.(csv|csv\.gz|parquet)|manifest\.jsonl)\.\d+\.part")


def piece_file(name: str, number: int) -> str:
    """What the scores of a piece are called: ``january.csv`` -> ``january.00001.csv``."""
    return f"{without_ending(Path(name))}.{number:05d}{kind_of(Path(name))}"


@dataclass(frozen=True)
class Origin:
    """The file a piece was read from, as it was then."""

    path: str
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Origin:
        """The file as it is now."""
        found = path.stat()
        return cls(str(path.resolve()), found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Entry:
    """A piece that is done.

    Attributes
    ----------
    input : str
        The name of the file it was read from, which no other file here has.
    origin : Origin
    number, start, stop : int
        Which piece of the file, and where it lies there.
    sizes : dict of str to int
        ``scores`` and ``contributions``, as far as written, to the bytes of the file.
    tally : dict
        What the piece held and got.
    """

    input: str
    origin: Origin
    number: int
    start: int
    stop: int
    sizes: dict[str, int]
    tally: dict[str, Any]


class Manifest:
    """What is done in a folder of scores.

    Parameters
    ----------
    folders : dict of str to Path
        Where the ``scores`` are written, and the ``contributions`` if they are wanted.
    common : dict
        What all scores in the folder have in common.
    entries : list of Entry
    """

    def __init__(
        self, folders: dict[str, Path], common: dict[str, Any], entries: list[Entry]
    ) -> None:
        self.folders, self.path = folders, folders["scores"] / MANIFEST
        self._common = common
        self._entries = {(one.input, one.number): one for one in entries}

    @classmethod
    def opened(cls, folders: dict[str, Path], common: dict[str, Any], force: bool) -> Manifest:
        """The record of a folder, begun if there is none.

        Raises
        ------
        AhpValueError
            The folder holds the scores of something else, and `force` is not used.
        """
        for folder in folders.values():
            _sweep(folder)
        there, entries = _read(folders["scores"] / MANIFEST)
        found = cls(folders, common, entries)
        if there is not None and there != common:
            if not force:
                raise AhpValueError(_other(folders["scores"], there, common))
            found._drop(entries)
        found._write()
        return found

    def keep(self, name: str, origin: Origin, force: bool) -> bool:
        """Keep what is done of an input; drop it all, with its files, if the input has changed.

        Returns
        -------
        bool
            Whether something was dropped.

        Raises
        ------
        AhpValueError
            The scores of another file of this name are here, and `force` is not used.
        """
        entries = [one for one in self._entries.values() if one.input == name]
        if all(one.origin == origin for one in entries):
            return False
        elsewhere = next((one.origin for one in entries if one.origin.path != origin.path), None)
        if elsewhere is not None and not force:
            raise AhpValueError(
                f"{self.path.parent}: holds the scores of another {name} ({elsewhere.path}); name "
                "another folder, or --force to write over them"
            )
        self._drop(entries)
        self._write()
        return True

    def find(self, name: str, number: int, start: int) -> Entry | None:
        """A piece that is done and whose files are still there, whole."""
        entry = self._entries.get((name, number))
        if entry is None or entry.start != start:
            return None
        for role, folder in self.folders.items():
            file = folder / piece_file(name, number)
            if not file.is_file() or file.stat().st_size != entry.sizes.get(role):
                return None
        return entry

    def add(self, entry: Entry) -> None:
        """Record a piece whose files are whole."""
        self._entries[entry.input, entry.number] = entry
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(asdict(entry)))
            file.flush()
            os.fsync(file.fileno())

    def end(self, name: str, last: int) -> None:
        """Remove what is left of an earlier, finer cut of a file that has so many pieces now."""
        path = Path(name)
        pattern = f"{escape(without_ending(path))}.{'[0-9]' * 5}{kind_of(path)}"
        for folder in self.folders.values():
            for file in folder.glob(pattern):
                if file.name > piece_file(name, last):
                    file.unlink()
        for key in [key for key in self._entries if key[0] == name and key[1] > last]:
            del self._entries[key]  # its line stays until the record is opened; its file is gone

    def _drop(self, entries: list[Entry]) -> None:
        for one in entries:
            for folder in self.folders.values():
                (folder / piece_file(one.input, one.number)).unlink(missing_ok=True)
            del self._entries[one.input, one.number]

    def _write(self) -> None:
        with written_whole(self.path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
            file.write(_line(self._common))
            file.writelines(_line(asdict(one)) for one in self._entries.values())


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _read(path: Path) -> tuple[dict[str, Any] | None, list[Entry]]:
    if not path.exists():
        return None, []
    lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last end of line was cut off
    try:
        common, *rest = (json.loads(line) for line in lines)
        entries = [Entry(**{**one, "origin": Origin(**one["origin"])}) for one in rest]
    except (ValueError, TypeError, KeyError):
        raise AhpValueError(
            f"{path}: is not a record of scores; name another folder, or move it away"
        ) from None
    return common, entries


def _other(folder: Path, there: dict[str, Any], common: dict[str, Any]) -> str:
    """What differs, of what all scores of a folder have in common."""
    remedy = "name another folder, or --force to write over them"
    for key, what in (
        ("model", "another model"),
        ("reference", "another reference"),
        ("outputs", "other columns"),
    ):
        if there.get(key) != common[key]:
            was = there.get(key) or "none"
            was = was if isinstance(was, str) else ",".join(was)
            return f"{folder}: holds scores with {what} ({was}); {remedy}"
    return f"{folder}: holds scores of another version of ahpvalue; {remedy}"


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed had begun to write."""
    for file in folder.iterdir():
        if _UNFINISHED.fullmatch(file.name):
            file.unlink()
