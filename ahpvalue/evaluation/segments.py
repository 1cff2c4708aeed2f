"""Segments by readable rules, and grids of two scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import compile_rule
from ahpvalue.document import Grid, SegmentSection
from ahpvalue.errors import CustomerDataError, ModelError
from ahpvalue.evaluation.tiers import NONE, Tiers, check_tiers, draw_tiers
from ahpvalue.scored import Scored
from ahpvalue.scoring import NOT_THERE, Wanted, holds, match_customers, read_customers
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["UNASSIGNED", "Segmentation", "assign_segments"]

UNASSIGNED = "unassigned"
_HISTORY = ("previous_tier", "best_tier", "previous_value", "periods")
_STEPS = {1: ("low", "high"), 2: ("low", "middle", "high")}


@dataclass(frozen=True, repr=False)
class Segmentation(Result):
    """Every customer's segment, and its place in each grid.

    Attributes
    ----------
    scored : Scored
    names : tuple of str
        The segments in the order of their rules.
    segment : ndarray of str
        Each customer's segment, or ``unassigned``.
    met : ndarray of int
        How many rules each customer meets; the first counts.
    grids : dict of str to Grid
        As the document defines them.
    places : dict of str to (ndarray of str, ndarray of str)
        Grid to each customer's row and column; None where a score is missing.
    note : str
        What of the history was not there, and how many of the customers are not in it.
    """

    scored: Scored
    names: tuple[str, ...]
    segment: NDArray[Any]
    met: NDArray[np.int64]
    grids: Mapping[str, Grid]
    places: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
    note: str = ""

    @cached_property
    def frame(self) -> Any:
        """Ids, segments and grid places, as the kind of table that was scored."""
        columns: dict[str, Any] = {"segment": self.segment}
        for name, (rows, across) in self.places.items():
            columns[name] = np.array(
                [
                    None if r is None or c is None else f"{r} / {c}"
                    for r, c in zip(rows, across, strict=True)
                ],
                dtype=object,
            )
        return self.scored.customers.answer(columns)

    def to_dict(self) -> dict[str, Any]:
        """A row per customer: its segment, how many rules it meets, its place in each grid."""
        columns: dict[str, Any] = {
            self.scored.customers.customer: list(self.scored.customers.ids),
            "segment": self.segment,
            "rules_met": self.met,
        }
        for name, (rows, across) in self.places.items():
            columns[f"{name}_row"], columns[f"{name}_column"] = rows, across
        return as_data(columns)

    def grid(self, name: str) -> Table:
        """How many customers are in each cell; high stands first."""
        if name not in self.places:
            raise ModelError(f"the model has no grid {name!r} under segments.grids")
        grid = self.grids[name]
        rows, across = self.places[name]
        down = _STEPS[len(grid.row_lines)][::-1]
        right = _STEPS[len(grid.column_lines)][::-1]
        columns: dict[str, list[Any]] = {f"{grid.rows} \\ {grid.columns}": [*down, "all"]}
        for step in right:
            counts = [int(((rows == r) & (across == step)).sum()) for r in down]
            columns[step] = [*counts, sum(counts)]
        columns["all"] = [
            sum(column[k] for column in list(columns.values())[1:]) for k in range(len(down) + 1)
        ]
        missing = len(self.segment) - columns["all"][-1]
        return Table(
            f"{name}: {grid.rows} against {grid.columns}",
            columns,
            dict.fromkeys([*right, "all"], ",d"),
            note=f"without one of the scores: {missing:,}" if missing else "",
        )

    def table(self) -> Table:
        """How many customers are in each segment."""
        totals = self.scored.total
        rows = [*self.names, UNASSIGNED]
        members = [self.segment == name for name in rows]
        mean = [
            float(np.nanmean(totals[chosen])) if (~np.isnan(totals[chosen])).any() else None
            for chosen in members
        ]
        counts = [int(chosen.sum()) for chosen in members]
        several = int((self.met > 1).sum())
        notes = [f"{several:,} meet several rules; the first counts" if several else "", self.note]
        return Table(
            "Segments",
            {
                "segment": rows,
                "customers": counts,
                "share": [
                    count / len(self.segment) if len(self.segment) else None for count in counts
                ],
                "mean score": mean,
            },
            {"customers": ",d", "share": ".1%", "mean score": ".1f"},
            {"share": 1.0},
            note="; ".join(filter(None, notes)),
        )


def assign_segments(scored: Scored, tiers: Tiers | None = None, history: Any = ()) -> Segmentation:
    """Put every customer into its segment; see `Scores.segments`."""
    check_tiers(scored, tiers)
    document = scored.model.document
    section = document.segments
    if section is None:
        raise ModelError("this model has no section segments, which says what kinds there are")
    late = scored.model.unfitted.grids
    if late:
        raise ModelError(
            f"the lines of {', '.join(late)} wait for a reference: fit the model first"
        )
    if tiers is None and document.tiers is not None and not scored.model.unfitted.tiers:
        tiers = draw_tiers(scored)
    periods = [history] if not isinstance(history, (list, tuple)) else list(history)
    known, new = _history(scored, tiers, periods)
    size = len(scored)

    def lookup(name: str) -> NDArray[Any]:
        if name == "tier" and tiers is not None:
            return tiers.tier
        if name == "status":
            return scored.status.astype(object)
        if name in known and name in scored.customers.source.names:
            raise CustomerDataError(
                f"segments: {name!r} may mean what the history says, or the column of the table; "
                "rename the column"
            )
        return known[name] if name in known else scored.values(name)

    segment = np.full(size, UNASSIGNED, dtype=object)
    met = np.zeros(size, dtype=np.int64)
    for name, rule in section.rules.items():
        fits = holds(compile_rule(rule.when), lookup, size)
        segment[fits & (met == 0)] = name
        met += fits
    note = _note(section, bool(periods), size, new)
    places = {name: _places(scored, grid) for name, grid in section.grids.items()}
    return Segmentation(scored, tuple(section.rules), segment, met, section.grids, places, note)


def _note(section: SegmentSection, has_history: bool, size: int, new: int) -> str:
    """What the history did not tell."""
    if has_history:
        return f"of {size:,} customers, {new:,} are in none of the earlier periods"
    asked = {one for rule in section.rules.values() for part in rule.when for one in part}
    if asked & set(_HISTORY):
        return "no history was given, so that rules on earlier periods hold for nobody"
    return ""


def _places(scored: Scored, grid: Grid) -> tuple[NDArray[Any], NDArray[Any]]:
    return (
        _steps(scored.values(grid.rows), grid.row_lines),
        _steps(scored.values(grid.columns), grid.column_lines),
    )


def _steps(values: NDArray[np.float64], lines: Sequence[float]) -> NDArray[Any]:
    names = np.array([*_STEPS[len(lines)], None], dtype=object)
    above = np.searchsorted(np.array(lines), values, side="right")
    return names[np.where(np.isnan(values), len(names) - 1, above)]


def _history(
    scored: Scored, tiers: Tiers | None, periods: list[Any]
) -> tuple[dict[str, NDArray[Any]], int]:
    """What earlier periods say of this period's customers, and how many are in none of them."""
    size = len(scored)
    names = () if tiers is None else tiers.names
    best, latest = np.full(size, NONE), np.full(size, NONE)
    value, count = np.full(size, np.nan), np.zeros(size)
    known = np.zeros(size, dtype=bool)
    for period in periods:
        table = getattr(period, "frame", period)
        wanted = [Wanted("tier", "tier", names), Wanted("value", "value")]
        earlier = read_customers(table, scored.customers.customer, wanted)
        at = match_customers(scored.customers, earlier, "the history").rows
        if not earlier.rows:
            continue
        new = at == NOT_THERE
        known |= ~new
        level = np.where(new, NONE, earlier.columns["tier"][at])
        value = np.where(new, np.nan, earlier.columns["value"][at].astype(float))
        held = level != NONE
        best = np.where(held & ((best == NONE) | (level < best)), level, best)
        latest = level
        count += held
    named = np.array([*names, None], dtype=object)
    columns = {
        "previous_tier": named[latest],
        "best_tier": named[best],
        "previous_value": value,
        "periods": count,
    }
    return columns, int((~known).sum())
