"""Judgments as people write them: ``3``, ``1/3``; the other way is `ahpvalue.judgments.parse`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from ahpvalue.judgments.parse import pairs_can_be_named

__all__ = ["exact_judgment", "judgment_text", "write_pairs"]


def judgment_text(value: float) -> str:
    """A judgment to be read: 3, 1/3 or 2/3; what is no short fraction has four digits.

    Examples
    --------
    >>> judgment_text(3.0), judgment_text(1 / 12), judgment_text(2 / 3), judgment_text(0.7303)
    ('3', '1/12', '2/3', '0.7303')
    """
    if value < 1:
        for near in (Fraction(1, round(1 / value)), Fraction(value).limit_denominator(9)):
            if abs(near / value - 1) < 1e-9:
                return str(near)
    return f"{value:.4g}"


def exact_judgment(value: float) -> int | Fraction | float:
    """The whole number or fraction that a judgment was written as, else the number itself.

    It reads back as the same number, from its own side or from its reciprocal's.

    Examples
    --------
    >>> exact_judgment(3.0), exact_judgment(1 / 3), exact_judgment(0.7302967433402215)
    (3, Fraction(1, 3), 0.7302967433402215)
    """
    near = Fraction(value).limit_denominator(1_000)
    if near and value in (float(near), 1 / float(1 / near)):
        return near.numerator if near.denominator == 1 else near
    return value


def write_pairs(answers: Mapping[tuple[str, str], Any], labels: Sequence[str]) -> Any:
    """The answers as a document holds them: named pairs in the order of the items.

    Items that cannot stand in a pair's name (``red vs white``) take the upper triangle.

    Examples
    --------
    >>> write_pairs({("b", "c"): 2, ("a", "b"): 3}, ["a", "b", "c"])
    {'a vs b': 3, 'b vs c': 2}
    >>> write_pairs({("b", "a vs c"): 2, ("a vs c", "b"): 3}, ["a vs c", "b"])
    [[3]]
    """
    pairs = list(combinations(labels, 2))
    if pairs_can_be_named(labels):
        return {" vs ".join(pair): answers[pair] for pair in pairs if pair in answers}
    return [[answers.get(pair) for pair in pairs if pair[0] == first] for first in labels[:-1]]
