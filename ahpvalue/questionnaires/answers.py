"""Reading what came back: one answer, and the place it stood at."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from ahpvalue.errors import Problem
from ahpvalue.judgments import read_fraction

__all__ = ["STEPS", "Entry", "Returned", "read_answer"]

STEPS = (*map(str, range(9, 0, -1)), *(f"1/{k}" for k in range(2, 10)))
"""Every answer on the scale, from the first item's extreme to the second's."""

_DATE = re.compile(
    r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?: .*)?|\d{1,2}[-. ]?(?:[A-Za-z]{3,9}|\d{1,2}月)\.?"
    r"|\d{1,2}月\d{1,2}日|[A-Za-z]{3,9}[-. ]\d{1,2}|\d{1,2}[-.]\d{1,2}"
)
_CLOSE = 1e-6
_LARGEST = 9


@dataclass(frozen=True)
class Entry:
    """One answer as it was given.

    Attributes
    ----------
    node, first, second : str
    value : object
        Whatever stood there.
    where : Problem
        The place, to be given the text of what is wrong.
    """

    node: str
    first: str
    second: str
    value: Any
    where: Problem

    @property
    def names(self) -> tuple[str, str]:
        """The two items, as written."""
        return self.first, self.second

    def wrong(self, text: str) -> Problem:
        """A problem at this place."""
        return replace(self.where, text=self.where.text + text)


@dataclass(frozen=True)
class Returned:
    """One file that came back, before its answers are checked against the questions.

    Attributes
    ----------
    file : str
    expert : str
    model : str
        The hash of the questions it answers; empty where the file says none.
    entries : tuple of Entry
    problems : tuple of Problem
        What was found wrong while reading.
    changes : tuple of dict
        The record of changed answers, which an expert's own file may hold.
    """

    file: str
    expert: str
    model: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    changes: tuple[Any, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it is a form that nobody has filled in."""
        said = (entry.value for entry in self.entries)
        return not self.problems and all(
            value is None or str(value).strip() == "" for value in said
        )


def read_answer(value: object) -> Fraction | None:
    """An answer as an exact fraction; None for an empty one.

    Spreadsheets turn ``1/3`` into 0.333333 or into a date: the first is taken for the third
    it is, the second cannot be told from another answer and is refused.

    Raises
    ------
    ValueError
        Not a judgment on the scale; the text says what would be.

    Examples
    --------
    >>> read_answer("1/3"), read_answer(0.333333333), read_answer(" ")
    (Fraction(1, 3), Fraction(1, 3), None)
    """
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, (date, datetime, time)):
        raise ValueError(_a_date(str(value).removesuffix(" 00:00:00")))
    if isinstance(value, str):
        text = normalize("NFKC", value).strip().lstrip("'=").strip()
        if text in ("", "?", "-"):
            return None
        number = _from_text(text, value)
    elif isinstance(value, bool) or not isinstance(value, (int, float, Fraction, Decimal)):
        raise ValueError(f"{value!r} is not a judgment; write 3, or 1/3 for the other way round")
    else:
        number = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    if number > 0:
        number = _unrounded(number, value)
    if not Fraction(1, _LARGEST) <= number <= _LARGEST:
        raise ValueError(f"a judgment lies between 1/9 and 9, not {value}")
    return number


def _from_text(text: str, written: str) -> Fraction:
    number = read_fraction(text.removeprefix("0 "))
    if number is not None:
        return number
    if _DATE.fullmatch(text):
        raise ValueError(_a_date(written))
    raise ValueError(f"{written!r} is not a judgment; write 3, or 1/3 for the other way round")


def _a_date(written: str) -> str:
    return (
        f"{written!r} is a date, which spreadsheets make of a fraction such as 1/3; write 0 1/3, "
        "or exchange the two items and write 3"
    )


def _unrounded(number: Fraction, value: object) -> Fraction:
    """The simple fraction a decimal number stands for; a rounded third is refused."""
    near = number.limit_denominator(_LARGEST)
    if near and abs(number / near - 1) <= _CLOSE:
        return near
    whole = round(1 / number)
    if (
        number < 1
        and whole <= _LARGEST
        and len(str(float(number))) <= 6
        and abs(number * whole - 1) < 0.05
    ):
        raise ValueError(f"{value} looks like 1/{whole} rounded; write the fraction 1/{whole}")
    return number
