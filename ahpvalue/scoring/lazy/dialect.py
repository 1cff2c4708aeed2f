"""What a lazy engine must be able to say, so that a plan can be written in its language once.

`stages` writes plans in these words; `sql` and `expressions` speak them. Terms add, subtract,
multiply, compare and join (``&``, ``|``, ``~``) by the operators of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Literal, Protocol

__all__ = ["Kind", "Language", "Term", "all_of", "any_of", "look_up"]

Term = Any
"""An expression of the engine: text of SQL, or a narwhals expression."""

Kind = Literal["number", "float", "text", "boolean", "other", "unknown"]
"""What a column holds; only a ``float`` can be NaN, of an ``unknown`` one anything is possible."""

_CHAIN = 6  # branches; above, halving them is faster than trying one after another


class Language(Protocol):
    """The words of one engine."""

    def column(self, name: str) -> Term:
        """A column of the stage before."""

    def number(self, value: float) -> Term:
        """A number in double precision, every bit kept."""

    def text(self, value: str) -> Term:
        """A text."""

    def boolean(self, value: bool) -> Term:
        """True or false."""

    def nothing(self, kind: Literal["number", "whole", "text"]) -> Term:
        """A missing value."""

    def as_number(self, term: Term) -> Term:
        """In double precision."""

    def as_text(self, term: Term) -> Term:
        """As the engine writes it."""

    def is_missing(self, term: Term) -> Term:
        """True where there is no value; never missing itself. NaN is a value."""

    def is_nan(self, term: Term) -> Term:
        """True where a number in double precision is NaN."""

    def log(self, term: Term) -> Term:
        """The natural logarithm."""

    def divided(self, term: Term, by: Term) -> Term:
        """A quotient, rounded once."""

    def choose(self, branches: Sequence[tuple[Term, Term]], otherwise: Term) -> Term:
        """The value behind the first condition that holds; a missing condition does not hold."""

    def rank(self, of: str, descending: bool, within: str | None) -> Term:
        """The place of a column's values from 1, ties sharing the best; missing ones last."""

    def alike(self, of: str, within: str | None) -> Term:
        """How many rows have the same value in a column."""

    def held(self, of: str, within: str | None) -> Term:
        """How many rows have a value in a column."""


def all_of(conditions: Sequence[Term]) -> Term:
    """All conditions at once; there is at least one."""
    return reduce(and_, conditions)


def any_of(conditions: Sequence[Term]) -> Term:
    """One of several conditions; there is at least one."""
    return reduce(or_, conditions)


def look_up(language: Language, conditions: Sequence[Term], values: Sequence[Term]) -> Term:
    """The value of the first condition that holds, else the last value, of which there is one more.

    After the first condition that holds all do (a value below rising edges), so that halves can
    be left out: a hundred knots take seven comparisons, not fifty.
    """
    if not conditions:
        return values[0]
    if len(conditions) < _CHAIN:
        return language.choose(list(zip(conditions, values, strict=False)), values[-1])
    middle = len(conditions) // 2
    return language.choose(
        [(conditions[middle], look_up(language, conditions[:middle], values[: middle + 1]))],
        look_up(language, conditions[middle + 1 :], values[middle + 1 :]),
    )
