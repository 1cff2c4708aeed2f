"""A document of an older version in the words of today.

Version 2 gives three keys the word that says what they hold. Only keys change, so that a model
keeps its hash when its document is upgraded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ahpvalue.errors import DocumentWarning, Path, dotted, warn

__all__ = ["CURRENT", "RENAMES", "find_old_keys", "in_old_words", "todays_word", "upgrade_data"]

CURRENT = 2
"""The version this program writes."""

_INDICATOR = ("indicators", "*")
_OF_PEERS = ("peers", "groups", "*", *_INDICATOR)

RENAMES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("tiers", "caps"), "vetoes"),
    ((*_INDICATOR, "categories", "levels"), "names"),
    ((*_INDICATOR, "changeable", "levels"), "categories"),
    ((*_OF_PEERS, "categories", "levels"), "names"),
    ((*_OF_PEERS, "changeable", "levels"), "categories"),
)
"""Each key that version 2 renames (``*`` is any name or place), and its word since."""


def upgrade_data(
    data: Any, file: str | None = None, warned: bool = False
) -> tuple[Any, list[tuple[Path, str]]]:
    """A document as version 2 has it, and which of its keys were called otherwise.

    Parameters
    ----------
    data : Any
        A document of any version as plain data; it is not changed.
    file : str, optional
        Where it was read.
    warned : bool
        Whether the keys that changed were told already.

    Returns
    -------
    tuple
        The document, and the renamed keys as `find_old_keys` gives them.

    Warns
    -----
    DocumentWarning
        Once per document, of the keys that changed.
    """
    if not isinstance(data, dict) or data.get("version") != 1:
        return data, []
    found = find_old_keys(data)
    if found and not warned:
        _warn_of(found, file)
    data = {**data, "version": CURRENT}
    for path, new in found:
        data = _renamed(data, path, new)
    return data, found


def _warn_of(found: list[tuple[Path, str]], file: str | None) -> None:
    keys = ", ".join(f"{dotted(path)} is now {new}" for path, new in found)
    if file is None:
        place, remedy = "", "rename them and say version 2"
    else:
        place, remedy = f"{file}: ", f"run 'ahpvalue upgrade {file}'"
    text = f"{place}version 1 of the document format has old keys: {keys}; {remedy}"
    warn(text, DocumentWarning)


def find_old_keys(data: Any) -> list[tuple[Path, str]]:
    """The path of each key that version 2 calls otherwise, and its word since."""
    return [
        ((*place, old), new)
        for (*above, old), new in RENAMES
        for place, mapping in _places(data, above)
        if old in mapping and new not in mapping and _is_meant(old, mapping[old])
    ]


def _is_meant(key: str, value: Any) -> bool:
    """Whether a key is one of the format: a category called levels has a score behind it."""
    return key in ("caps", "vetoes") or isinstance(value, (list, tuple))


def _places(data: Any, pattern: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every mapping that stands where a pattern says."""
    if not pattern:
        if isinstance(data, Mapping):
            yield path, data
        return
    first, *rest = pattern
    if isinstance(data, Mapping):
        for key in list(data) if first == "*" else [first]:
            yield from _places(data.get(key), rest, (*path, key))
    elif isinstance(data, (list, tuple)) and first == "*":
        for k, item in enumerate(data):
            yield from _places(item, rest, (*path, k))


def _renamed(data: Any, path: Path, new: str) -> Any:
    """A copy with the key at the end of `path` called otherwise, in its old place."""
    first, *rest = path
    if not rest:
        return {(new if key == first else key): value for key, value in data.items()}
    if isinstance(data, Mapping):
        return {**data, first: _renamed(data[first], tuple(rest), new)}
    return [_renamed(one, tuple(rest), new) if k == first else one for k, one in enumerate(data)]


def in_old_words(data: dict[str, Any]) -> dict[str, Any]:
    """A document with its keys called as in version 1, which is what its hash is taken of."""
    for (*above, old), new in RENAMES:
        for place, mapping in _places(data, above):
            if new in mapping and _is_meant(new, mapping[new]):
                data = _renamed(data, (*place, new), old)
    return data | {"version": 1}


def todays_word(path: Path) -> str | None:
    """What the last key of a path is called since version 2, where that is otherwise."""
    for pattern, new in RENAMES:
        same = (want in ("*", part) for want, part in zip(pattern, path, strict=False))
        if len(pattern) == len(path) and all(same):
            return new
    return None
