"""The rule by which customers move between tiers, one period at a time. Arrays only.

Levels are numbered from the best, 0; -1 stands for none. The moves a customer's value asks for
are *pending*; band, confirmation, grace, minimum stay and steps decide which of them are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["NONE", "MoveRule", "Standing", "plain_levels", "step"]

Array = NDArray[np.float64]
Levels = NDArray[np.int64]

NONE = -1


@dataclass(frozen=True)
class MoveRule:
    """When a customer moves.

    Attributes
    ----------
    lines : tuple of float
        The lowest value of every level but the last, falling.
    band : float
        A customer enters a level at its line raised by this share, and leaves it below the
        line lowered by it.
    ties_in : bool
        Whether a value on a line is above it.
    confirmation : int
        In how many periods in a row a move must be pending before it is made.
    grace : int
        How many periods more for a move downwards.
    minimum_stay : int
        How many periods a customer stays in a level before the next move.
    steps : int or None
        By how many levels one move goes at most.
    ceiling : float
        No entry line lies above this (100 for scores).
    newcomers_by_line : bool
        Whether who has no level yet is put where the lines say, instead of into the last.
    """

    lines: tuple[float, ...]
    band: float = 0.0
    ties_in: bool = True
    confirmation: int = 1
    grace: int = 0
    minimum_stay: int = 0
    steps: int | None = None
    ceiling: float = np.inf
    newcomers_by_line: bool = False

    @property
    def entry(self) -> Array:
        """The lines to enter by."""
        lines = np.array(self.lines)
        raised: Array = lines + self.band * np.abs(lines)
        return np.minimum(raised, np.maximum(lines, self.ceiling))

    @property
    def exit(self) -> Array:
        """The lines below which a level is left."""
        lines = np.array(self.lines)
        return lines - self.band * np.abs(lines)


@dataclass(frozen=True)
class Standing:
    """Where customers stand; arrays of equal length.

    Attributes
    ----------
    level : ndarray of int
    pending : ndarray of int
        The level a customer has been on the way to, -1 for none: of several periods the one
        that was pending throughout.
    pending_periods : ndarray of int
        In how many periods running.
    tier_periods : ndarray of int
        For how many periods the customer has been in its level, this one included.
    """

    level: Levels
    pending: Levels
    pending_periods: Levels
    tier_periods: Levels

    @classmethod
    def nowhere(cls, rows: int) -> Standing:
        """Customers nothing is known of yet."""
        none, zero = np.full(rows, NONE), np.zeros(rows, dtype=np.int64)
        return cls(none, none, zero, zero)


def plain_levels(rule: MoveRule, values: Array, lines: Array | None = None) -> Levels:
    """The level each value is in by the lines alone; -1 where there is no value.

    Examples
    --------
    >>> plain_levels(MoveRule((80.0, 50.0)), np.array([95.0, 80.0, 60.0, 10.0, np.nan]))
    array([ 0,  0,  1,  2, -1])
    """
    rising = np.asarray(rule.lines if lines is None else lines)[::-1]
    passed = np.searchsorted(rising, values, side="right" if rule.ties_in else "left")
    return np.where(np.isnan(values), NONE, len(rising) - passed)


def step(rule: MoveRule, values: Array, before: Standing | None) -> tuple[Standing, NDArray[Any]]:
    """Move every customer by one period.

    Parameters
    ----------
    rule : MoveRule
    values : ndarray, shape (customers,)
        The value tiers are drawn on; NaN for customers that are not active or not rated,
        who have no level and are newcomers when they come back.
    before : Standing or None
        None in the first period, in which everybody stands where the lines say.

    Returns
    -------
    Standing
    ndarray of str
        Why a customer is not where the lines alone would put it: ``"band"``,
        ``"confirmation"``, ``"grace"``, ``"minimum stay"``, ``"steps"``, ``"newcomer"``, or
        nothing.
    """
    plain = plain_levels(rule, values)
    there = plain != NONE
    ones = there.astype(np.int64)
    none = np.full(len(values), NONE)
    if before is None:
        reasons = np.full(len(values), "", dtype=object)
        return Standing(plain, none, np.zeros_like(plain), ones), reasons
    last = len(rule.lines)
    new = there & (before.level == NONE)
    placed = new if rule.newcomers_by_line else np.zeros_like(new)
    level = np.where(new, np.where(placed, plain, last), before.level)
    pending, pending_periods = _pending(rule, values, level, before)
    pending = np.where(placed, NONE, pending)
    up, down = there & (pending != NONE) & (pending < level), there & (pending > level)
    needed = rule.confirmation + np.where(down, rule.grace, 0)
    settled = (before.tier_periods >= rule.minimum_stay) | new
    moves = (up | down) & (pending_periods >= needed) & settled
    target = _within_steps(rule, level, pending)
    arrived = np.where(moves, target, level)
    reached = arrived == pending
    tier_periods = np.where(moves | new, 1, before.tier_periods + 1)
    now = Standing(
        np.where(there, arrived, NONE),
        np.where(there & ~reached, pending, NONE),
        np.where(there & ~reached & (pending != NONE), pending_periods, 0),
        np.where(there, tier_periods, 0),
    )
    held = there & (arrived != plain)
    reasons = np.full(len(values), "", dtype=object)
    reasons[held] = "band"
    reasons[held & new] = "newcomer"
    reasons[held & moves & ~reached] = "steps"
    waits = held & (up | down) & ~moves
    reasons[waits & ~settled] = "minimum stay"
    reasons[waits & (pending_periods < needed)] = "grace"
    reasons[waits & (pending_periods < rule.confirmation)] = "confirmation"
    return now, reasons


def _pending(
    rule: MoveRule, values: Array, level: Levels, before: Standing
) -> tuple[Levels, Levels]:
    """The level asked for (-1: none), and for how many periods running in that direction."""
    last = len(rule.lines)
    enters, keeps = plain_levels(rule, values, rule.entry), plain_levels(rule, values, rule.exit)
    # Up to the best level whose entry line is passed; down from a level whose exit line is not.
    pending = np.where(enters < level, enters, np.where(keeps > level, keeps, NONE))
    pending = np.where(np.isnan(values), NONE, np.minimum(pending, last))
    up, down = (pending != NONE) & (pending < level), pending > level
    was_up = (before.pending != NONE) & (before.pending < before.level)
    was_down = before.pending > before.level
    again = (up & was_up) | (down & was_down)
    pending_periods = np.where(pending == NONE, 0, np.where(again, before.pending_periods + 1, 1))
    throughout = np.where(
        up, np.maximum(pending, before.pending), np.minimum(pending, before.pending)
    )
    return np.where(again, throughout, pending), pending_periods


def _within_steps(rule: MoveRule, level: Levels, pending: Levels) -> Levels:
    if rule.steps is None:
        return pending
    return np.clip(pending, level - rule.steps, level + rule.steps)
