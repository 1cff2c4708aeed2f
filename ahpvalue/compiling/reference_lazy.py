"""The reference population in an engine: counts and quantiles are asked for, customers stay there.

A column with few distinct values is read as values and how often each occurs, and is fitted
exactly as in memory. Of a longer one the engine gives quantiles and counts: its knots lie on
those quantiles, and the share of others that each beats is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.build_plan import expected_range
from ahpvalue.compiling.reference import Column, Population, known_categories
from ahpvalue.compiling.rules import compile_activity
from ahpvalue.compiling.unfitted import missing_policy
from ahpvalue.document import Indicator, ModelDocument, Percentile
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, EngineWarning, warn
from ahpvalue.scoring import (
    CategoryScores,
    ColumnCounts,
    LazyCheck,
    LazyCustomers,
    PeerPlan,
    Plan,
    PlanIndicator,
    PlanNode,
    ValueFunction,
    category_names,
    peer_values,
    score_values,
    tally,
)
from ahpvalue.value_functions import Knots, mirrored, thin

__all__ = ["population_in_engine"]

Array = NDArray[np.float64]

_MOST_DISTINCT = 1_000_000  # values and counts that are read: 16 MB
_MOST_REPEATED = 20_000_000  # values written out again: 160 MB
_FINEST = 0.1  # points of the score between two quantiles that are asked for
_DECILES = [k / 10 for k in range(1, 10)]


def population_in_engine(document: ModelDocument, frames: Sequence[Any]) -> Population:
    """The active customers of one lazy table, or of one per period.

    Raises
    ------
    CustomerDataError
        Lists what of the population cannot be used.

    Warns
    -----
    EngineWarning
        The engine's quantiles are approximate.
    """
    plan = _questions(document)
    checks = []
    for frame in frames:
        customers = LazyCustomers(frame)
        customers.check(plan, peers=True)
        checks.append(LazyCheck(plan, customers, ids=True))
        checks[-1].refuse()
    for text in _together(checks).unsure():
        warn(text, CustomerDataWarning)
    rows = sum(check.rows for check in checks)
    if not rows:
        raise CustomerDataError(
            "nobody of the reference is active; see the rule under active"
            if document.active is not None
            else "the reference population is empty; fit needs customers"
        )
    import narwhals as nw

    frame = checks[0].frame if len(checks) == 1 else nw.concat([one.frame for one in checks])
    engine = _InEngine(frame, checks[0].customers.engine, rows)
    if document.peers is not None:
        return _with_peers(document, plan, engine, checks)
    columns = [_column(document, one, engine) for one in plan.indicators]
    return Population(rows, columns, [], _outside(plan, checks))


def _questions(document: ModelDocument) -> Plan:
    """A plan that only asks: which columns there are, who is active, what may be missing."""
    indicators = []
    for name, indicator in document.indicators.items():
        coded = indicator.categories is not None
        names = known_categories(indicator) if coded else ()
        indicators.append(
            PlanIndicator(
                name,
                indicator.column or name,
                CategoryScores(names, (0.0,) * len(names))
                if coded
                else ValueFunction.curve([(0.0, 0.0)]),
                "refuse" if missing_policy(document, indicator) == "refuse" else "renormalise",
                expected=expected_range(indicator),
            )
        )
    node = PlanNode("goal", tuple(document.indicators), (1.0,) * len(indicators))
    peers = None if document.peers is None else PeerPlan(tuple(document.peers.by), {})
    return Plan(document.customer, tuple(indicators), (node,), compile_activity(document), peers)


def _together(checks: Sequence[LazyCheck]) -> ColumnCounts:
    """The counts of all periods, so that each thing is said once."""
    counts = ColumnCounts()
    for check in checks:
        counts.add(check)
    return counts


def _outside(plan: Plan, checks: Sequence[LazyCheck]) -> dict[str, list[str]]:
    counts = _together(checks)
    return {one.name: counts.outside(one) for one in plan.indicators}


class _InEngine:
    """The reference's values in an engine, and the questions it is asked."""

    def __init__(self, frame: Any, kind: str, rows: int) -> None:
        import narwhals as nw

        self.nw, self.frame, self.kind, self.rows = nw, frame, kind, rows

    def distinct(self, column: str) -> int:
        """How many different values a column has."""
        return int(self.frame.select(self.nw.col(column).n_unique()).collect().item())

    def counts(self, columns: Sequence[str]) -> dict[str, list[Any]]:
        """Every combination of values, and how many customers have it."""
        grouped = self.frame.select(*columns).group_by(*columns).agg(row_count=self.nw.len())
        return grouped.collect().to_dict(as_series=False)

    def ends(self, column: str) -> tuple[float, float]:
        """The lowest and the highest value."""
        number = self.nw.col(column)
        found = self.frame.select(low=number.min(), high=number.max()).collect()
        return float(found["low"][0]), float(found["high"][0])

    def broken(self, column: str) -> int:
        """How many values are no whole numbers."""
        number, nw = self.nw.col(column), self.nw
        part = nw.when(number != number.round(0)).then(nw.lit(1)).otherwise(nw.lit(0))
        return int(self.frame.select(found=part.sum()).collect().item() or 0)

    def quantiles(self, column: str, shares: Sequence[float]) -> list[float]:
        """Quantiles, interpolated linearly between the two nearest values."""
        listed = ", ".join(f"{share!r}" for share in shares)
        native = self.frame.to_native()
        if self.kind == "duckdb":
            rows = native.aggregate(f'quantile_cont("{column}", [{listed}])').fetchall()
            return [float(value) for value in rows[0][0]]
        if "pyspark" in self.kind:
            exact = native.selectExpr(f"percentile(`{column}`, array({listed})) AS found")
            return [float(value) for value in exact.first()[0]]
        if self.kind == "dask":
            warn(
                f"{column.removeprefix('number_')}: Dask merges quantiles of its partitions, which "
                "is approximate; fit a DuckDB or polars frame to have them exact",
                EngineWarning,
            )
            return [float(value) for value in native[column].quantile(list(shares)).compute()]
        number = self.nw.col(column)
        terms = {f"q{k}": number.quantile(share, "linear") for k, share in enumerate(shares)}
        row = self.frame.select(**terms).collect().to_dict(as_series=False)
        return [float(row[f"q{k}"][0]) for k in range(len(shares))]

    def places(self, column: str, numbers: Sequence[float]) -> tuple[list[int], list[int]]:
        """How many customers are below each of some rising values, and how many have it."""
        return tally(self.frame, column, numbers)


def _column(document: ModelDocument, one: PlanIndicator, engine: _InEngine) -> Column:
    indicator, name = document.indicators[one.name], f"number_{one.name}"
    if engine.distinct(name) > _MOST_DISTINCT or engine.rows > _MOST_REPEATED:
        if isinstance(one.function, CategoryScores):
            return _EngineCategories.asked(one, indicator, engine)
        return _EngineColumn.asked(one, indicator, engine)
    counted = engine.counts([name])
    return _counted(one, indicator, counted[name], np.array(counted["row_count"]))


def _counted(
    one: PlanIndicator, indicator: Indicator, found: list[Any], counts: NDArray[Any]
) -> Column:
    """A column of values and how often each occurs, written out again; in no order."""
    nobody = np.ones(0, dtype=bool)
    if isinstance(one.function, CategoryScores):
        known = {level: k for k, level in enumerate(one.function.names)}
        names = category_names(found, known)
        texts = [
            name
            for name, count in zip(names, counts, strict=True)
            if name is not None
            for _ in range(count)
        ]
        return Column(one.name, indicator, texts, int(counts.sum()) - len(texts), nobody)
    numbers = np.array([np.nan if value is None else float(value) for value in found])
    held = ~np.isnan(numbers)
    values = np.repeat(numbers[held], counts[held])
    return Column(one.name, indicator, values, int(counts.sum()) - len(values), nobody)


def _with_peers(
    document: ModelDocument, plan: Plan, engine: _InEngine, checks: Sequence[LazyCheck]
) -> Population:
    """The columns row by row, in one order, since every group has its own part of them."""
    assert document.peers is not None
    if engine.rows > _MOST_DISTINCT:
        raise CustomerDataError(
            f"peers: groups are fitted in memory, and {engine.rows:,} customers are too many to "
            f"read for it; fit to at most {_MOST_DISTINCT:,} of them"
        )
    by = [f"value_{name}" for name in document.peers.by]
    names = [f"number_{one.name}" for one in plan.indicators]
    read = engine.frame.select(*names, *dict.fromkeys(by)).collect().to_dict(as_series=False)
    columns = []
    for one, name in zip(plan.indicators, names, strict=True):
        column = _counted(
            one, document.indicators[one.name], read[name], np.ones(engine.rows, dtype=int)
        )
        present = np.array([not _is_nothing(value) for value in read[name]], dtype=bool)
        columns.append(Column(one.name, column.indicator, column.values, column.missing, present))
    groups = [peer_values(_as_values(read[name])).tolist() for name in by]
    return Population(engine.rows, columns, list(zip(*groups, strict=True)), _outside(plan, checks))


def _is_nothing(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN


def _as_values(values: list[Any]) -> NDArray[Any]:
    """Texts, or values with NaN where there is none."""
    if any(isinstance(value, str) for value in values):
        return np.array([None if _is_nothing(value) else value for value in values], dtype=object)
    return np.array([np.nan if value is None else float(value) for value in values])


@dataclass(frozen=True)
class _EngineColumn(Column):
    """A column of values that stays in the engine."""

    engine: _InEngine
    held: int

    @classmethod
    def asked(cls, one: PlanIndicator, indicator: Indicator, engine: _InEngine) -> _EngineColumn:
        name = f"number_{one.name}"
        held = int(engine.frame.select(engine.nw.col(name).count()).collect().item())
        nothing = np.ones(0)
        missing = engine.rows - held
        return cls(one.name, indicator, nothing, missing, nothing.astype(bool), engine, held)

    @property
    def size(self) -> int:
        """How many customers have a value."""
        return self.held

    @property
    def column(self) -> str:
        """Its name in the engine."""
        return f"number_{self.name}"

    @cached_property
    def _ends(self) -> tuple[float, float]:
        return self.engine.ends(self.column)

    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return self._ends

    def bound(self, wanted: float | str) -> float:
        """A bound as a number."""
        if not isinstance(wanted, str):
            return float(wanted)
        if wanted in ("min", "max"):
            return float(f"{self._ends[wanted == 'max']:.12g}")
        share = 0.5 if wanted == "median" else float(wanted[1:]) / 100
        return float(f"{self.engine.quantiles(self.column, [share])[0]:.12g}")

    def scores(self, function: ValueFunction) -> list[float]:
        """The different scores of the ends, the deciles, and the function's edges between them."""
        edges = np.array(function.edges)
        if function.log_offset is not None:
            edges = np.exp(edges) - function.log_offset
        low, high = self._ends
        asked = [low, *self.engine.quantiles(self.column, _DECILES), high]
        points = np.unique([*asked, *edges[(edges > low) & (edges < high)]])
        return np.unique(score_values(function, points)).tolist()

    def median(self) -> float:
        """The median."""
        return self.engine.quantiles(self.column, [0.5])[0]

    def is_whole(self) -> bool:
        """Whether every value is a whole number, as counts are."""
        return self.engine.broken(self.column) == 0

    def spread(self) -> tuple[list[float], list[int]]:
        """Deciles without repetition, and how many values lie in each bin."""
        deciles = self.engine.quantiles(self.column, _DECILES)
        edges = list(dict.fromkeys(float(f"{decile:.12g}") for decile in deciles))
        below, _ = self.engine.places(self.column, edges)
        return edges, np.diff([0, *below, self.held]).tolist()

    def knots(self, function: Percentile) -> tuple[Knots, float]:
        """Knots among many quantiles, of which the share of others that each beats is counted.

        Between two of them a share is off by less than their distance, which is taken off the
        tolerance and added to the error.
        """
        step = min(function.tolerance / 2, _FINEST)
        shares = np.linspace(0, 1, round(100 / step) + 1)[1:-1].tolist()
        inner = self.engine.quantiles(self.column, shares)
        numbers = sorted({self._ends[0], *inner, self._ends[1]})
        below, same = self.engine.places(self.column, numbers)
        found = (np.array(below) + (np.array(same) - 1) / 2) * (100 / max(self.held - 1, 1))
        within = function.tolerance - step
        knots, error = thin(np.array(numbers), found, within, function.points)
        return mirrored(knots, function.better), error + step

    def digest(self) -> Any:
        """Counts and quantiles, since the values are not read."""
        shares = np.linspace(0, 1, 101)[1:-1].tolist()
        return np.array([self.held, *self._ends, *self.engine.quantiles(self.column, shares)])


@dataclass(frozen=True)
class _EngineCategories(Column):
    """A column of categories that stays in the engine."""

    counted: dict[str, int]

    @classmethod
    def asked(
        cls, one: PlanIndicator, indicator: Indicator, engine: _InEngine
    ) -> _EngineCategories:
        name = f"number_{one.name}"
        counted = engine.counts([name])
        assert isinstance(one.function, CategoryScores)
        known = {level: k for k, level in enumerate(one.function.names)}
        names = category_names(counted[name], known)
        found: dict[str, int] = {}
        for category, count in zip(names, counted["row_count"], strict=True):
            if category is not None:
                found[category] = found.get(category, 0) + int(count)
        missing = engine.rows - sum(found.values())
        found = dict(sorted(found.items()))
        return cls(one.name, indicator, [], missing, np.ones(0, dtype=bool), found)

    @property
    def size(self) -> int:
        """How many customers have a category."""
        return sum(self.counted.values())

    def categories(self) -> dict[str, int]:
        """How often each category occurs, by name."""
        return self.counted

    def digest(self) -> Any:
        """Names and counts."""
        return [f"{name}\0{count}" for name, count in self.counted.items()]
