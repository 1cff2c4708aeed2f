"""Why a tier changed: the causes of the score, and what the rules add to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ahpvalue.evaluation.change.causes import Coalition, Split
from ahpvalue.evaluation.tiers import NONE, Tiers, plain_levels

__all__ = ["RULES", "spread", "tier_parts"]

Array = NDArray[np.float64]

RULES = ("moving rule", "veto", "override")


def spread(part: Array, rows: NDArray[np.intp], size: int) -> Array:
    """Values of some rows among all, NaN elsewhere."""
    found = np.full(size, np.nan)
    found[rows] = part
    return found


def tier_parts(
    both: tuple[Tiers, Tiers] | None,
    split: Split,
    rows: tuple[NDArray[np.intp], NDArray[np.intp]],
    size: int,
) -> tuple[Array, dict[str, Array]]:
    """By how many tiers each customer rose, and each cause's part of it.

    Where the lines alone would put a customer is a function of the four causes of the score
    (the lines belong to the reference). What the rules add on top of that, in each period,
    is their own part: it does not depend on any order.
    """
    if both is None:
        return np.full(size, np.nan), {}
    levels = _levels(both, split)
    parts = split.by_cause(levels)
    before, now = ((tiers, at) for tiers, at in zip(both, rows, strict=True))
    steps = [_rule_steps(tiers, at) for tiers, at in (before, now)]
    parts |= {rule: steps[1][k] - steps[0][k] for k, rule in enumerate(RULES)}
    change = before[0].level[before[1]] - now[0].level[now[1]]
    placed = (before[0].level[before[1]] != NONE) & (now[0].level[now[1]] != NONE)
    whole = np.where(placed, change, np.nan)
    common = rows[1]
    return (
        spread(whole, common, size),
        {
            cause: spread(np.where(placed, part, np.nan) + 0.0, common, size)
            for cause, part in parts.items()
        },
    )


def _levels(both: tuple[Tiers, Tiers], split: Split) -> dict[Coalition, Array]:
    """Where the lines alone put each mixture of old and new, rising with the tier."""
    found: dict[Coalition, Array] = {}
    for reference, tiers in enumerate(both):
        mixtures = [coalition for coalition in split.values if coalition[1] == reference]
        values = np.array([split.values[coalition] for coalition in mixtures])
        levels = -plain_levels(tiers.rule, values).astype(float)
        levels[levels == -NONE] = np.nan
        found |= dict(zip(mixtures, levels, strict=True))
    return found


def _rule_steps(tiers: Tiers, rows: NDArray[np.intp]) -> tuple[Array, Array, Array]:
    """How many tiers each kind of rule lifts a customer (negative: lowers it)."""
    by_lines, by_rule = tiers.by_lines[rows], tiers.standing.level[rows]
    capped, level = tiers.after_vetoes[rows], tiers.level[rows]
    return (
        (by_lines - by_rule).astype(float),
        (by_rule - capped).astype(float),
        (capped - level).astype(float),
    )
