"""How far a single weight can move before a customer of the best tier falls out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.evaluation.tiers import BY_LINES, Tiers, check_tiers, plain_levels, tier_basis
from ahpvalue.scored import Scored
from ahpvalue.scoring import node_parts
from ahpvalue.support.display import Result, Table

__all__ = ["Stability", "measure_stability"]

Array = NDArray[np.float64]

_NEARLY = 1e-9  # points; a customer on the line is on it, whichever way rounding went


@dataclass(frozen=True, repr=False)
class Stability(Result):
    """Per weight the interval within which nobody of the best tier falls out of it.

    The other weights below the same criterion keep their proportions; the tier's line stays.

    Attributes
    ----------
    tier : str
    customers : int
        How many are in it, and above the line below which it is left.
    rows : tuple of dict
        ``parent``, ``node``, ``weight``, ``from``, ``to`` (0 and 1 where nobody falls), and
        who falls first on either side.
    tiers_are : str
        Which tiers are meant, in words.
    line : float
        The line below which a customer falls out: the tier's own; of tiers that were given the
        one by which they are left, lowered by the band.
    below : int
        How many are in the tier although their score is below that line already (held by the
        rule, or by override); no weight is told for them.
    """

    tier: str
    customers: int
    rows: tuple[dict[str, Any], ...]
    tiers_are: str
    line: float
    below: int = 0

    def to_dict(self) -> dict[str, Any]:
        """A row per weight, in the order of the hierarchy."""
        names = {"first to fall below": "first_below", "above": "first_above"}
        keys = ("parent", "node", "weight", "from", "to", *names)
        return {names.get(key, key): [row[key] for row in self.rows] for key in keys}

    def table(self) -> Table:
        """The most delicate weight first."""
        order = sorted(self.rows, key=lambda row: min(row["weight"] - row["from"],
                                                      row["to"] - row["weight"]))  # fmt: skip
        names = ("parent", "node", "weight", "from", "to", "first to fall below", "above")
        return Table(
            f"Within which weights all {self.customers:,} customers stay {self.tier}",
            {name: [row[name] for row in order] for name in names},
            dict.fromkeys(("weight", "from", "to"), ".3f"),
            note=f"{self.tiers_are}; {self.tier} is left below {self.line:.2f}{self._below_note()}",
        )

    def _below_note(self) -> str:
        return (
            f"; in it and below that line already, not counted: {self.below:,}"
            if self.below
            else ""
        )


def measure_stability(scored: Scored, tiers: Tiers | None = None) -> Stability:
    """Find the intervals; see `Scores.stability`.

    With weight w of a node's child, a the child's score and R the weighted mean of its
    siblings' scores (o their share of the siblings' weight, where some are absent), the
    node scores (w a + (1 - w) o R) / (w + (1 - w) o). It meets a score s at
    w = o (R - s) / (o (R - s) - (a - s)); Triantaphyllou and Sanchez (1997), Decision
    Sciences 28, 151-194, for the case in which nothing is absent.
    """
    check_tiers(scored, tiers)
    basis = tier_basis(scored)
    basis.need_score()
    on, values, rule = basis.node, basis.values, basis.rule
    lines = np.array(rule.lines) if tiers is None else rule.exit
    line, above = float(lines[0]), plain_levels(rule, values, lines) == 0
    inside = above if tiers is None else tiers.level == 0
    top = np.flatnonzero(inside & above)
    on_line = np.abs(values[top] - line) < _NEARLY
    customers = scored.customers.picked(top)
    scores, present, shares = node_parts(scored.plan, customers, on)
    ids = [str(one) for one in customers.ids]
    rows = []
    for node in reversed(scored.plan.nodes):
        if node.name not in shares or len(node.children) < 2:
            continue
        weights = np.array(node.weights)
        parts = np.array([scores[child] for child in node.children])
        there = np.array([present[child] for child in node.children])
        share = shares[node.name]
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = scores[node.name] + (line - values[top]) / share
            for k, child in enumerate(node.children):
                met, slope = _crossing(k, weights, parts, there, wanted)
                met[on_line] = weights[k]
                slope[~(share > 0)] = 0.0
                rows.append(
                    {"parent": node.name, "node": child, "weight": float(weights[k])}
                    | _interval(met, slope, float(weights[k]), ids)
                )
    called = f"tiers {BY_LINES}" if tiers is None else tiers.called
    below = int((inside & ~above).sum())
    return Stability(basis.names[0], len(top), tuple(rows), called, line, below)


def _crossing(
    k: int, weights: Array, parts: Array, there: NDArray[np.bool_], wanted: Array
) -> tuple[Array, Array]:
    """The weight of child k at which each customer's node score is the wanted one.

    And whether the node score rises with the weight (above 0) or falls (below).
    """
    others = np.arange(len(weights)) != k
    counted = weights[others, None] * there[others]
    share = counted.sum(axis=0) / weights[others].sum()
    rest = (counted * parts[others]).sum(axis=0) / counted.sum(axis=0)
    over = share * (rest - wanted)
    found: Array = over / (over - (parts[k] - wanted))
    slope: Array = parts[k] - rest
    # Without the child, or without any other, the weight changes nothing.
    slope[~there[k] | ~(np.abs(slope) > _NEARLY)] = 0.0
    return found, slope


def _interval(met: Array, slope: Array, weight: float, ids: list[str]) -> dict[str, Any]:
    """Each customer can fall on one side only: below where its score rises with the weight."""
    falls, rises = (slope > 0) & (met >= 0) & (met <= weight), (slope < 0) & (met >= weight)
    below = np.where(falls, met, -np.inf)
    above = np.where(rises & (met <= 1), met, np.inf)
    first = int(np.argmax(below)) if len(ids) else 0
    last = int(np.argmin(above)) if len(ids) else 0
    falls_below = bool(np.isfinite(below[first : first + 1]).any())
    falls_above = bool(np.isfinite(above[last : last + 1]).any())
    return {
        "from": float(below[first]) if falls_below else 0.0,
        "to": float(above[last]) if falls_above else 1.0,
        "first to fall below": ids[first] if falls_below else "",
        "above": ids[last] if falls_above else "",
    }
