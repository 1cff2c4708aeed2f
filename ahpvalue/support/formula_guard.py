"""Text in tables that people open in a spreadsheet: never a formula.

A spreadsheet runs what begins like a formula, whoever wrote it: a label ``=cmd|..`` too. In front
of such text stands an apostrophe, which is taken off again when the table comes back. Tables for
machines, such as scores and tiers, hold every text as it is.
"""

from __future__ import annotations

__all__ = ["guarded", "unguarded"]

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def guarded(text: str) -> str:
    """A text that a spreadsheet takes for text.

    Examples
    --------
    >>> guarded("=1+1"), guarded("sales")
    ("'=1+1", 'sales')
    """
    return f"'{text}" if text.startswith(_BEGINS) else text


def unguarded(text: str) -> str:
    """The text that was guarded.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("sales"), unguarded("'tis")
    ('=1+1', 'sales', "'tis")
    """
    return text[1:] if text[:1] == "'" and text[1:].startswith(_BEGINS) else text
