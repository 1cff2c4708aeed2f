"""Recourse: the smallest change that reaches the next tier."""

from ahpvalue.evaluation.recourse.paths import (
    BEST,
    DECIDED,
    HOLD,
    NOT_RATED,
    REACHABLE,
    VETO,
    Paths,
    find_paths,
)

__all__ = [
    "BEST",
    "DECIDED",
    "HOLD",
    "NOT_RATED",
    "REACHABLE",
    "VETO",
    "Paths",
    "find_paths",
]
