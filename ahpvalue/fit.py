"""Fitting a document to a reference population: the same document with explicit numbers."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.build import build_plan, expected_range, missing_policy, unfitted
from ahpvalue.comparisons import Comparison, local_priorities
from ahpvalue.decisions import activity_of, with_lines
from ahpvalue.document import Indicator, ModelDocument, document_hash, draft_of, plain
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, warn
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.indicators import bound, percentile_knots, reference_hash, spread_of
from ahpvalue.objective import objective_weights
from ahpvalue.scoring import (
    Customers,
    Plan,
    Wanted,
    active_customers,
    peer_values,
    prefixes,
    read_customers,
    refuse_doubtful_ids,
    score_customers,
)

__all__ = ["fitted_data", "tables_of"]

Array = NDArray[np.float64]

_BOUNDS = ("lower", "upper", "best")
_LIMITS = ("lowest", "highest")


@dataclass(frozen=True)
class _Column:
    """One indicator's column of the reference population."""

    name: str
    indicator: Indicator
    values: Array | list[str]  # without the missing ones
    missing: int
    present: NDArray[np.bool_]  # of all the customers

    @property
    def place(self) -> str:
        return f"column {self.indicator.column or self.name!r} ({self.name})"

    def of(self, rows: NDArray[np.intp]) -> _Column:
        """The same column of some of the customers."""
        present = self.present[rows]
        at = np.cumsum(self.present)[rows][present] - 1
        values = [self.values[k] for k in at] if isinstance(self.values, list) else self.values[at]
        return replace(
            self, values=values, missing=int((~present).sum()), present=np.ones(0, dtype=bool)
        )

    @property
    def figures(self) -> Array:
        assert not isinstance(self.values, list)
        return self.values


def fitted_data(
    document: ModelDocument,
    hierarchy: Hierarchy,
    comparisons: Mapping[str, Comparison],
    reference: Any,
    periods: Sequence[str] = (),
) -> dict[str, Any]:
    """Everything of a document that depends on a population, frozen; as plain data.

    Value functions first; then the weights that figures help to decide, which need graded
    figures; then the lines of tiers and grids, which need scores.
    """
    _check_periods(len(tables_of(reference)), periods)
    fitted = fitted_document(document, reference, periods)
    data = plain(fitted)

    def plan() -> Plan:
        local = local_priorities(fitted, hierarchy, comparisons)
        return build_plan(fitted, hierarchy, local, comparisons)

    if fitted.judgments.objective is not None:
        found = objective_weights(fitted, hierarchy, plan(), tables_of(reference))
        data["judgments"]["objective"]["weights"] = found
        fitted = draft_of(data).refuse_problems()
    if fitted.tiers is None and fitted.segments is None:
        return data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CustomerDataWarning)  # said above already
        scores = [score_customers(plan(), table) for table in tables_of(reference)]
    return with_lines(
        fitted,
        data,
        lambda name: np.concatenate([one.active.pick(one.figures(name)) for one in scores]),
    )


def _check_periods(tables: int, periods: Sequence[str]) -> None:
    if len(periods) not in (0, tables):
        text = (
            f"the reference is {tables} table(s) and {len(periods)} period(s) are named; name each"
        )
        raise CustomerDataError(text)


def fitted_document(
    document: ModelDocument, table: Any, periods: Sequence[str] = ()
) -> ModelDocument:
    """The document with every bound, knot and median of the reference population written out.

    Raises
    ------
    CustomerDataError
        Lists what of the population cannot be used.

    Warns
    -----
    CustomerDataWarning
        For columns that are wholly missing, that hold one value only, or whose figures
        leave the range one would expect.
    """
    customers, groups = _population(document, table)
    columns = _columns(document, customers)
    problems: list[Problem] = []
    data = plain(document)
    for column in columns:
        _warn(column, customers)
        if len(column.values):
            data["indicators"][column.name] |= _fitted(document, column, problems)
    if problems:
        raise CustomerDataError(problems)
    data["reference"] = {
        "customers": customers.rows,
        "hash": reference_hash((c.name, c.values, c.missing) for c in columns),
        "model": document_hash(document),
        "periods": list(map(str, periods)),
        "indicators": {column.name: _summary(column) for column in columns},
    }
    if document.peers is not None:
        found = peer_groups(document, columns, groups, problems)
        if problems:
            raise CustomerDataError(problems)
        data["peers"] = plain_peers(document) | {"groups": found}
    return draft_of(data).refuse_problems()


def plain_peers(document: ModelDocument) -> dict[str, Any]:
    """The document's section peers as plain data."""
    found: dict[str, Any] = plain(document)["peers"]
    return found


def _population(
    document: ModelDocument, reference: Any
) -> tuple[Customers, list[tuple[str | None, ...]]]:
    """The active customers of one table, or of one per period, and whose peers they are."""
    wanted = [
        Wanted(
            name,
            indicator.column or name,
            _level_names(indicator) if indicator.categories is not None else None,
        )
        for name, indicator in document.indicators.items()
    ]
    by = document.peers.by if document.peers is not None else []
    tables, groups = [], []
    for table in tables_of(reference):
        customers = read_customers(table, document.customer, wanted)
        if not customers.rows:
            raise CustomerDataError("the reference population is empty; fit needs customers")
        refuse_doubtful_ids(customers)
        active = active_customers(activity_of(document), customers)
        tables.append(active.customers)
        values = [peer_values(active.pick(customers.figures_or_texts(name))) for name in by]
        groups += list(zip(*(column.tolist() for column in values), strict=True))
    joined = Customers.joined(tables)
    if not joined.rows:
        raise CustomerDataError("nobody of the reference is active; see the rule under active")
    return joined, groups


def tables_of(reference: Any) -> list[Any]:
    """One table, or a list of them, one per period."""
    tables = list(reference) if isinstance(reference, (list, tuple)) else [reference]
    if not tables:
        raise CustomerDataError("the reference population is empty; fit needs customers")
    return tables


def peer_groups(
    document: ModelDocument,
    columns: list[_Column],
    groups: list[tuple[str | None, ...]],
    problems: list[Problem],
) -> list[dict[str, Any]]:
    """Every peer group of the reference, with the keys of its own; small ones without.

    Warns
    -----
    CustomerDataWarning
        Names the groups with fewer customers than the minimum, which are graded by the
        next wider group.
    """
    assert document.peers is not None
    members: dict[tuple[str, ...], list[int]] = {}
    for row, where in enumerate(groups):
        for group in prefixes(where):
            members.setdefault(group, []).append(row)
    found, small = [], []
    for group in sorted(members):
        rows = np.array(members[group], dtype=np.intp)
        entry: dict[str, Any] = {"of": list(group), "customers": len(rows)}
        if len(rows) < document.peers.minimum:
            small.append(f"{' / '.join(group)} ({len(rows)})")
        else:
            inside = [column.of(rows) for column in columns]
            written = {
                column.name: _own_function(column) | _fitted(document, column, problems)
                for column in inside
                if len(column.values) and column.indicator.categories is None
            }
            entry["hash"] = reference_hash((c.name, c.values, c.missing) for c in inside)
            entry["indicators"] = {
                name: {key: value for key, value in own.items() if key != "changeable"}
                for name, own in written.items()
                if _depends(document, name)
            }
        found.append(entry)
    if small:
        listed = ", ".join(small[:5]) + (f" and {len(small) - 5} more" if len(small) > 5 else "")
        warn(
            f"peers: fewer than {document.peers.minimum} customers in {listed}; they are graded by "
            "the next wider group, in the end by everybody",
            CustomerDataWarning,
        )
    return found


def _own_function(column: _Column) -> dict[str, Any]:
    kind = column.indicator.kind
    return {kind: getattr(column.indicator, kind)}


def _depends(document: ModelDocument, name: str) -> bool:
    """Whether fit writes anything for an indicator."""
    return name in unfitted(document)


def _level_names(indicator: Indicator) -> tuple[str, ...]:
    assert indicator.categories is not None
    return tuple(indicator.categories.scores or indicator.categories.levels)


def _columns(document: ModelDocument, customers: Customers) -> list[_Column]:
    """The columns without their missing values; refused ones and infinities raise."""
    problems: list[Problem] = []
    columns = []
    for name, indicator in document.indicators.items():
        column = indicator.column or name
        raw, absent = customers.columns[name], customers.absent(name)
        if absent.any() and missing_policy(document, indicator) == "refuse":
            problems.append(customers.missing_problem(name, column))
        values: Array | list[str]
        if indicator.categories is not None:
            levels = _level_names(indicator)
            values = [levels[code] for code in raw[~absent]]
        else:
            if np.isinf(raw).any():
                problems.append(customers.infinite_problem(name, column))
            values = raw[~absent].astype(np.float64)
        columns.append(_Column(name, indicator, values, int(absent.sum()), ~absent))
    if problems:
        raise CustomerDataError(problems)
    return columns


def _fitted(document: ModelDocument, column: _Column, problems: list[Problem]) -> dict[str, Any]:
    """The keys of an indicator that fit writes."""
    indicator, written = column.indicator, {}
    kind = indicator.kind
    function = getattr(indicator, kind)
    if kind == "percentile" and function.knots is None:
        knots = percentile_knots(column.figures, function.points, function.better)
        written[kind] = {"better": function.better, "knots": knots}
    elif kind in ("minmax", "log", "target"):
        bounds = {
            key: _bound(getattr(function, key), column) for key in _BOUNDS if hasattr(function, key)
        }
        written[kind] = dict(function) | bounds
        problems += _bound_problems(column, kind, bounds)
    if missing_policy(document, indicator) == "median" and kind != "categories":
        written["missing"] = {"median": float(np.median(column.figures))}
    if indicator.changeable is not None and kind != "categories":
        limits = {key: _bound(getattr(indicator.changeable, key), column) for key in _LIMITS}
        written["changeable"] = dict(indicator.changeable) | limits
        if limits["lowest"] > limits["highest"]:
            found = f"{limits['lowest']:g} to {limits['highest']:g}"
            text = f"{column.place}: changeable gets limits that do not rise from this reference"
            problems.append(Problem(f"{text}: {found}"))
    return written


def _bound(wanted: Any, column: _Column) -> Any:
    if isinstance(wanted, tuple):
        return [bound(one, column.figures) for one in wanted]
    return bound(wanted, column.figures)


def _bound_problems(column: _Column, kind: str, bounds: dict[str, Any]) -> list[Problem]:
    best = bounds.get("best", [])
    inner = best if isinstance(best, list) else [best]
    rising = [bounds["lower"], *inner, bounds["upper"]]
    where = f"{column.place}: {kind}"
    if rising != sorted(rising):
        found = ", ".join(f"{value:g}" for value in rising)
        return [Problem(f"{where} gets bounds that do not rise from this reference: {found}")]
    offset = getattr(getattr(column.indicator, kind), "offset", 0.0)
    if kind == "log" and bounds["lower"] + offset <= 0:
        return [
            Problem(
                f"{where} needs lower + offset above 0, and this reference gives "
                f"{bounds['lower'] + offset:g}; state a lower bound or an offset"
            )
        ]
    return []


def _summary(column: _Column) -> dict[str, Any]:
    counts = {"values": len(column.values), "missing": column.missing}
    if not len(column.values):
        return counts
    if isinstance(column.values, list):
        often = Counter(sorted(column.values))
        return counts | {"commonest": often.most_common(1)[0][0], "categories": dict(often)}
    edges, inside = spread_of(column.values)
    return counts | {
        "edges": edges,
        "counts": inside,
        "minimum": float(column.values.min()),
        "median": float(np.median(column.values)),
        "maximum": float(column.values.max()),
    }


def _warn(column: _Column, customers: Customers) -> None:
    for text in _remarks(column, customers):
        warn(f"{column.place}: {text}", CustomerDataWarning)


def _remarks(column: _Column, customers: Customers) -> list[str]:
    if not len(column.values):
        return [
            f"all {customers.rows:,} reference customers lack it, so that it grades nobody; later "
            "values count as missing until the model is fitted to some"
        ]
    remarks = _sameness_remarks(column)
    if not isinstance(column.values, list):
        remarks += customers.range_remarks(column.name, expected_range(column.indicator))
    return remarks


def _sameness_remarks(column: _Column) -> list[str]:
    """That customers are all alike, or nearly, under a function that measures by them."""
    values = column.values
    measured = column.indicator.kind in ("minmax", "percentile", "log")
    alike = len(set(values)) == 1 if isinstance(values, list) else values.min() == values.max()
    if alike:
        shown = values[0] if isinstance(values, list) else f"{values[0]:g}"
        held = "the one customer" if len(values) == 1 else f"all {len(values):,} customers"
        effect = "; everybody gets 50" if measured else ""
        return [f"{held} with a value have {shown}, so that it tells nobody apart{effect}"]
    if measured and _nearly_constant(column.figures):
        low, high = column.figures.min(), column.figures.max()
        return [
            f"all values lie between {low:g} and {high:g}, less than 1 % apart, and "
            f"{column.indicator.kind} stretches that over the whole scale; a fixed line would not"
        ]
    return []


def _nearly_constant(values: Array) -> bool:
    low, high = values.min(), values.max()
    return bool(high - low < 0.01 * max(abs(low), abs(high)))
