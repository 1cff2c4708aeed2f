"""Rules over values, scores and texts, and whom they call active. Arrays in, masks out.

A missing value meets no requirement, except ``missing``: it is neither below nor above.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError

__all__ = [
    "ACTIVE",
    "INACTIVE",
    "LIMITS",
    "NEW",
    "Activity",
    "Requirement",
    "Rule",
    "absent",
    "as_numbers",
    "as_texts",
    "holds",
]

Mask = NDArray[np.bool_]
Values = NDArray[Any]
Lookup = Callable[[str], Values]

ACTIVE, NEW, INACTIVE = "active", "new", "inactive"

LIMITS: dict[str, Callable[[Any, Any], Any]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


@dataclass(frozen=True)
class Requirement:
    """What the values of one name must be.

    Attributes
    ----------
    name : str
        A criterion (its score), an indicator (its value) or a column.
    equals, differs : tuple of str or float
        One of these; none of these.
    limits : tuple of (str, float)
        Such as ``("at_least", 60.0)``.
    missing : bool or None
        Whether the value must be missing, or must not.
    """

    name: str
    equals: tuple[str | float, ...] = ()
    differs: tuple[str | float, ...] = ()
    limits: tuple[tuple[str, float], ...] = ()
    missing: bool | None = None

    def holds(self, values: Values) -> Mask:
        """Where it is met."""
        nothing = absent(values)
        met = ~nothing
        if self.equals:
            met &= _among(values, self.equals)
        if self.differs:
            met &= ~_among(values, self.differs)
        for kind, limit in self.limits:
            if values.dtype.kind == "O":
                raise CustomerDataError(self.no_limit_on_texts())
            with np.errstate(invalid="ignore"):
                met &= LIMITS[kind](values, limit)
        if self.missing is not None and not (self.equals or self.differs or self.limits):
            met = nothing if self.missing else ~nothing
        return met

    def no_limit_on_texts(self) -> str:
        """That a limit was set on what holds texts."""
        kind, limit = self.limits[0]
        return (
            f"{self.name} holds texts, which are not {kind.replace('_', ' ')} {limit:g}; "
            "name a value, or state equals"
        )


Rule = tuple[tuple[Requirement, ...], ...]
"""Alternatives, each a list of requirements that must all be met."""


def absent(values: Values) -> Mask:
    """Where there is no value or text."""
    if values.dtype.kind == "O":
        return np.array([value is None for value in values], dtype=bool)
    return np.isnan(values)


def _among(values: Values, wanted: tuple[str | float, ...]) -> Mask:
    if values.dtype.kind == "O":
        texts = set(as_texts(wanted))
        return np.array([value in texts for value in values], dtype=bool)
    return np.isin(values, as_numbers(wanted))


def as_texts(wanted: tuple[str | float, ...]) -> list[str]:
    """What a rule asks for, where values are texts."""
    return [
        value if isinstance(value, str) else f"{value:.17g}".removesuffix(".0") for value in wanted
    ]


def as_numbers(wanted: tuple[str | float, ...]) -> list[float]:
    """What a rule asks for, where values are numbers; a text that is none asks for nothing."""
    numbers = []
    for value in wanted:
        try:
            numbers.append(float(value))
        except ValueError:
            continue
    return numbers


def holds(rule: Rule, lookup: Lookup, rows: int) -> Mask:
    """Where one of a rule's alternatives is met.

    Examples
    --------
    >>> rule = ((Requirement("sales", limits=(("above", 0.0),)),),)
    >>> holds(rule, {"sales": np.array([0.0, 5.0, np.nan])}.__getitem__, 3)
    array([False,  True, False])
    """
    met = np.zeros(rows, dtype=bool)
    for alternative in rule:
        all_met = np.ones(rows, dtype=bool)
        for requirement in alternative:
            all_met &= requirement.holds(lookup(requirement.name))
        met |= all_met
    return met


@dataclass(frozen=True)
class Activity:
    """Who is active, and what everybody else is called.

    Attributes
    ----------
    when : Rule
        Who is active; only those are scored and ranked.
    new : Rule or None
        Which of the active are new.
    others : tuple of (str, Rule)
        What those who are not active are called; the first that holds.
    """

    when: Rule
    new: Rule | None = None
    others: tuple[tuple[str, Rule], ...] = ()

    def statuses(self, lookup: Lookup, rows: int) -> tuple[Values, Mask]:
        """Every customer's status as text, and who is active."""
        active = holds(self.when, lookup, rows)
        found = np.full(rows, INACTIVE, dtype=object)
        for status, rule in reversed(self.others):
            found[holds(rule, lookup, rows)] = status
        found[active] = ACTIVE
        if self.new is not None:
            found[active & holds(self.new, lookup, rows)] = NEW
        return found, active
