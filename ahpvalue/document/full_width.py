"""Signs of a Chinese or Japanese keyboard that look like YAML's own and are read as text."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import normalize

__all__ = ["find_odd_line", "odd_sign", "use_the_plain_one"]

_SIGNS = {
    "：": ("colon", ": "),
    "，": ("comma", ", "),
    "、": ("comma", ", "),
    "【": ("bracket", "["),
    "】": ("bracket", "]"),
    "［": ("bracket", "["),
    "］": ("bracket", "]"),
    "｛": ("brace", "{"),
    "｝": ("brace", "}"),
    "“": ("quote", '"'),
    "”": ("quote", '"'),
    "‘": ("quote", "'"),
    "’": ("quote", "'"),
    "＂": ("quote", '"'),
    "＇": ("quote", "'"),
    "　": ("space", " "),
}
_OTHERS = {chr(code): normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
_PLAIN = str.maketrans(_OTHERS | {sign: plain for sign, (_, plain) in _SIGNS.items()})
_MOST_TRIED = 5


def odd_sign(text: str) -> str | None:
    """The first such sign of a text; None where there is none.

    Examples
    --------
    >>> odd_sign("value：[1，2]"), odd_sign("value: [1, 2]")
    ('：', None)
    """
    return next((char for char in text if char in _SIGNS or char in _OTHERS), None)


def use_the_plain_one(sign: str) -> str:
    """What is said of such a sign."""
    name, plain = _SIGNS.get(sign, ("sign", _OTHERS.get(sign, sign)))
    return f"this line holds a full-width {name} ({sign}); use the plain {name} ({plain.strip()})"


def find_odd_line(text: str, line: int, wrong_line: Callable[[str], int | None]) -> int | None:
    """The line whose full-width signs are why YAML text cannot be read.

    Parameters
    ----------
    text : str
    line : int
        Where the reader stopped, from 1.
    wrong_line : callable
        Where it stops in another text; None where it reads to the end.

    Returns
    -------
    int or None
        The nearest line above, or this one, with which the reader comes further when its signs
        are plain ones.
    """
    lines = text.splitlines(keepends=True)
    tried = [k for k in range(min(line, len(lines)) - 1, -1, -1) if odd_sign(lines[k])]
    for k in tried[:_MOST_TRIED]:
        mended = [*lines[:k], lines[k].translate(_PLAIN), *lines[k + 1 :]]
        stops = wrong_line("".join(mended))
        if stops is None or stops > line:
            return k + 1
    return None
