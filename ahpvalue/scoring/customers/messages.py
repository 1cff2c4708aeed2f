"""What is said of a column, in one sentence each: what is refused, and what is odd.

The same words whether the customers are in memory or in an engine.
"""

from __future__ import annotations

from ahpvalue.errors import Problem

__all__ = [
    "appeared_message",
    "empty_message",
    "infinite_problem",
    "missing_problem",
    "outside_message",
    "unsure_message",
]


def missing_problem(name: str, column: str, who: str) -> Problem:
    """That an indicator refuses missing values, who lacks one, and what can be done."""
    return Problem(
        f"column {column!r} ({name}): missing for {who}; complete "
        f"the column, or state what a missing value means under indicators.{name}.missing "
        "(renormalise, worst, median or {score: 50})"
    )


def infinite_problem(name: str, column: str, who: str) -> Problem:
    """That a value is infinite, and whose."""
    text = f"infinite for {who}; give a finite value or leave it empty"
    return Problem(f"column {column!r} ({name}): {text}")


def outside_message(
    name: str, counts: tuple[int, int], side: tuple[str, float, float], who: str
) -> str:
    """That values lie outside the expected range: how many, how far, and whose.

    Parameters
    ----------
    name : str
    counts : (int, int)
        How many lie outside, of how many customers.
    side : (str, float, float)
        ``"below"`` or ``"above"``, the limit, and the farthest value.
    who : str
    """
    word, limit, far = side
    return (
        f"{counts[0]:,} of {counts[1]:,} values are {word} {limit:g}, the "
        f"farthest {far:g} ({who}); they are scored as they stand; "
        f"state the range under indicators.{name}.range if this is right"
    )


def empty_message(rows: int) -> str:
    """That nobody has a value."""
    return f"all {rows:,} customers lack it; the model says what that means"


def appeared_message() -> str:
    """That there are values where the reference had none."""
    return (
        "holds values, but the reference had none, so that "
        "they cannot be scored and count as missing; fit again to use them"
    )


def unsure_message(name: str, who: str) -> str:
    """That the rule for who is active cannot tell, and of whom."""
    return (
        f"active: {name} is missing for {who}; they count as inactive; "
        "state what a missing one means, as in {missing: true}"
    )
