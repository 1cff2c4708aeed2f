"""The record: everything a run decided as one long table, a row per customer and item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import list_rules
from ahpvalue.errors import CustomerDataError
from ahpvalue.evaluation.explain import list_reasons
from ahpvalue.evaluation.segments import Segmentation
from ahpvalue.evaluation.tiers import Tiers
from ahpvalue.scored import Scored
from ahpvalue.scoring import CategoryScores, node_parts, shares_and_scores
from ahpvalue.support.display import Result, Table
from ahpvalue.support.periods import period_name

__all__ = ["COLUMNS", "STATE", "Record", "make_record"]

COLUMNS = {
    "run": "TEXT",
    "period": "TEXT",
    "model": "TEXT",
    "reference": "TEXT",
    "customer": "TEXT",
    "level": "TEXT",
    "item": "TEXT",
    "raw": "DOUBLE PRECISION",
    "text": "TEXT",
    "score": "DOUBLE PRECISION",
    "weight": "DOUBLE PRECISION",
    "contribution": "DOUBLE PRECISION",
    "reason": "TEXT",
    "status": "TEXT",
}
"""The columns of the long table, and their types in a database."""

STATE = ("tier", "tier_by_rule", "pending", "pending_periods", "tier_periods")
_BLOCK = 10_000  # customers at a time
Rows = dict[str, list[Any]]


@dataclass(frozen=True, repr=False)
class Record(Result):
    """One run over one period.

    Attributes
    ----------
    run, period : str
        Together they name the record: writing it again replaces it.
    scored : Scored
    tiers : Tiers or None
    segments : Segmentation or None
    """

    run: str
    period: str
    scored: Scored
    tiers: Tiers | None = None
    segments: Segmentation | None = None

    def blocks(self) -> Iterator[Rows]:
        """The long table, some customers at a time: column to list."""
        parts = _Parts(self)
        for start in range(0, len(self.scored), _BLOCK):
            yield parts.rows(np.arange(start, min(start + _BLOCK, len(self.scored))))

    def to_dict(self) -> dict[str, Any]:
        """The whole long table: column to list."""
        whole: Rows = {name: [] for name in COLUMNS}
        for block in self.blocks():
            for name, values in block.items():
                whole[name] += values
        return whole

    def table(self) -> Table:
        """How many rows there are of each level."""
        levels = self.to_dict()["level"]
        names = list(dict.fromkeys(levels))
        return Table(
            f"Record of run {self.run}, period {self.period}",
            {"level": names, "rows": [levels.count(name) for name in names]},
            {"rows": ",d"},
        )


def make_record(
    scored: Scored,
    run: str,
    period: str,
    tiers: Tiers | None = None,
    segments: Segmentation | None = None,
) -> Record:
    """Make the record; see `Scores.record`."""
    run, period = str(run or "").strip(), period_name(period)
    if not run or not period:
        raise CustomerDataError("a record is named by its run and its period; give both")
    for part in (tiers, segments):
        if part is not None and part.scored is not scored:
            raise CustomerDataError("these tiers or segments are those of other scores")
    return Record(run, period, scored, tiers, segments)


class _Parts:
    """Everything of a run as arrays over all customers, to be cut into blocks."""

    def __init__(self, record: Record) -> None:
        scored = record.scored.unchanged()
        self.record, self.scored = record, scored
        self.status = scored.status.astype(object)
        self.ids = scored.customers.id_texts
        spread = scored.active.spread
        shares, points = shares_and_scores(scored.plan, scored.active.customers)
        scores, present, carried = node_parts(
            scored.plan, scored.active.customers, scored.plan.goal
        )
        self.scores = {
            name: spread(np.where(present[name] | _stands_in(scored, name), values, np.nan))
            for name, values in scores.items()
        }
        self.shares = {name: spread(values) for name, values in shares.items()}
        self.points = {name: spread(values) for name, values in points.items()}
        self.carried = {name: spread(values) for name, values in carried.items()}
        self.reasons = _main_reasons(scored)
        self.others = {name: scored.customers.other(name) for name in _columns_of_rules(scored)}

    def rows(self, at: NDArray[np.intp]) -> Rows:
        """The rows of some customers, item by item."""
        record, scored = self.record, self.scored
        found: Rows = {name: [] for name in COLUMNS}
        ids = [self.ids[row] for row in at]

        def add(level: str, item: str, **values: Any) -> None:
            size = len(at)
            constant = {
                "run": record.run, "period": record.period, "model": scored.model_hash,
                "reference": scored.reference_hash, "level": level, "item": item,
            }  # fmt: skip
            for name in COLUMNS:
                if name in constant:
                    found[name] += [constant[name]] * size
                elif name == "customer":
                    found[name] += ids
                elif name in values:
                    found[name] += _listed(values[name][at])
                else:
                    found[name] += [None] * size

        total = scored.total
        add(
            "total", scored.plan.goal, score=total, weight=np.where(np.isnan(total), np.nan, 1.0),
            contribution=total, reason=self.reasons, status=self.status,
        )  # fmt: skip
        for name in scored.plan.criteria:
            score, weight = self.scores[name], self.carried[name]
            status = _where(np.isnan(score), "not rated")
            add(
                "criterion", name, score=score, weight=weight,
                contribution=np.nan_to_num(score) * weight, status=status,
            )  # fmt: skip
        for indicator in scored.plan.indicators:
            self._add_indicator(add, indicator)
        for name, values in self.others.items():
            add("column", name, **_raw_or_text(values))
        self._add_decisions(add)
        return found

    def _add_indicator(self, add: Any, indicator: Any) -> None:
        name, customers = indicator.name, self.scored.customers
        values = customers.columns[name]
        raw: dict[str, Any]
        if isinstance(indicator.function, CategoryScores):
            raw = {"text": np.array([*indicator.function.names, None], dtype=object)[values]}
        else:
            raw = {"raw": values.astype(float)}
        add(
            "indicator", name, **raw, score=self.scores[name], weight=self.shares[name],
            contribution=self.points[name],
            status=_where(customers.absent(name), "missing"),
        )  # fmt: skip

    def _add_decisions(self, add: Any) -> None:
        tiers, segments = self.record.tiers, self.record.segments
        if tiers is not None:
            columns = tiers.columns
            why = [columns[name] for name in ("override", "vetoed_by", "held_by")]
            reason = np.array(
                [next(filter(None, one), None) for one in zip(*why, strict=True)], dtype=object
            )
            add(
                "tier", "tier", raw=tiers.values, text=tiers.tier, reason=reason, status=self.status
            )
            for name in STATE[1:]:
                add("tier", name, **_raw_or_text(np.asarray(columns[name])))
        if segments is not None:
            add("segment", "segment", text=segments.segment)


def _stands_in(scored: Scored, name: str) -> bool:
    """Whether a score stands in for a missing value of an indicator."""
    return any(i.name == name and i.missing == "score" for i in scored.plan.indicators)


def _raw_or_text(values: NDArray[Any]) -> dict[str, Any]:
    return {"text": values} if values.dtype.kind == "O" else {"raw": values.astype(float)}


def _where(rows: NDArray[np.bool_], word: str) -> NDArray[Any]:
    return np.array([None, word], dtype=object)[rows.astype(np.intp)]


def _listed(values: NDArray[Any]) -> list[Any]:
    return [None if isinstance(one, float) and isnan(one) else one for one in values.tolist()]


def _columns_of_rules(scored: Scored) -> list[str]:
    """Columns beside the indicators that decide something: who is active, peer, vetoed, where."""
    document = scored.model.document
    named = [name for _, rule in list_rules(document) for one in rule for name in one]
    named += document.peers.by if document.peers is not None else []
    known = {*scored.plan.criteria, scored.plan.goal, *scored.customers.columns}
    there = set(scored.customers.source.names)
    return [name for name in dict.fromkeys(named) if name in there and name not in known]


def _main_reasons(scored: Scored) -> NDArray[Any]:
    """``"sales +4.1, growth -2.0"``: the two main reasons each way; None without any."""
    reasons = np.full(len(scored), None, dtype=object)
    if scored.model.document.reference is None:
        return reasons
    row_of = {str(one): row for row, one in enumerate(scored.customers.ids)}
    table = list_reasons(scored, most=2).columns
    told: dict[int, list[str]] = {}
    for customer, item, points in zip(
        table["customer"], table["indicator"], table["points"], strict=True
    ):
        told.setdefault(row_of[customer], []).append(f"{item} {points:+.1f}")
    for row, parts in told.items():
        reasons[row] = ", ".join(parts)
    return reasons


def as_columns(rows: Sequence[Sequence[Any]]) -> Rows:
    """Rows of the long table as columns."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in COLUMNS]
    return dict(zip(COLUMNS, columns, strict=True))
