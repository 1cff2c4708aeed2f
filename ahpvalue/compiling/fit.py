"""Fitting a document to a reference population: the same document with explicit numbers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.build_plan import build_plan
from ahpvalue.compiling.comparisons import Comparison, local_priorities
from ahpvalue.compiling.doubts import warn_of_few, warn_of_flat, warn_of_flat_peers
from ahpvalue.compiling.frozen_weights import freeze_weights, take_frozen
from ahpvalue.compiling.method import METHOD
from ahpvalue.compiling.objective_weights import objective_weights
from ahpvalue.compiling.reference import Column, Population, population_in_memory
from ahpvalue.compiling.rules import lines_drawn_on, with_lines
from ahpvalue.compiling.unfitted import find_unfitted, missing_policy
from ahpvalue.document import ModelDocument, document_hash, make_draft, plain
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, some_of, warn
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.scoring import (
    LazyCustomers,
    Plan,
    lazy_frame,
    prefixes,
    read_lazy,
    score_table,
)
from ahpvalue.value_functions import reference_hash

__all__ = ["fitted_data", "list_tables"]

Array = NDArray[np.float64]

_BOUNDS = ("lower", "upper", "best")
_LIMITS = ("lowest", "highest")


def fitted_data(
    document: ModelDocument,
    hierarchy: Hierarchy,
    comparisons: Mapping[str, Comparison],
    reference: Any,
    periods: Sequence[str] = (),
) -> dict[str, Any]:
    """Everything of a document that depends on a population, frozen; as plain data.

    Value functions first; then the weights that values help to decide, which need scored
    values; then the median score and the lines of tiers and grids, which need scores.
    """
    _check_periods(len(list_tables(reference)), periods)
    fitted = fitted_document(document, reference, periods)
    data = plain(fitted) | {"method": METHOD}

    def plan() -> Plan:
        own = local_priorities(fitted, hierarchy, comparisons)
        local, known = take_frozen(fitted, hierarchy, own, comparisons)
        return build_plan(fitted, hierarchy, local, known)

    tables = list_tables(reference)
    lazy = [frame for frame in map(lazy_frame, tables) if frame is not None]
    if fitted.judgments.objective is not None:
        if lazy:
            raise CustomerDataError(
                "judgments.objective: weights that values help to decide need the reference in "
                "memory; collect it"
            )
        found = objective_weights(fitted, hierarchy, plan(), tables)
        data["judgments"]["objective"]["weights"] = found
        fitted = make_draft(data).refuse_problems()
    local = local_priorities(fitted, hierarchy, comparisons)
    data["reference"] |= freeze_weights(fitted, hierarchy, local, comparisons)
    fitted = make_draft(data).refuse_problems()
    goal = next(iter(fitted.hierarchy))
    values = _lazy_values(fitted, plan(), lazy, goal) if lazy else _values(plan(), tables)
    data["reference"]["median_score"] = _median(values(goal))
    return with_lines(fitted, data, values)


def _median(scores: Array) -> float | None:
    """The median, to ten decimals and not above it: at least half of the customers reach it."""
    held = scores[~np.isnan(scores)]
    if not len(held):
        return None
    median = float(np.median(held))
    return min(floor(median * 1e10) / 1e10, median)


def _values(plan: Plan, tables: Sequence[Any]) -> Callable[[str], Array]:
    """Scores and values of the active customers, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CustomerDataWarning)  # said before already
        scores = [score_table(plan, table) for table in tables]
    return lambda name: np.concatenate([one.active.pick(one.values(name)) for one in scores])


def _lazy_values(
    document: ModelDocument, plan: Plan, frames: Sequence[Any], goal: str
) -> Callable[[str], Array]:
    """The same of lazy tables: only the total, and what lines are drawn on, is read."""
    names = list(dict.fromkeys([goal, *lines_drawn_on(document)]))
    parts = [read_lazy(plan, LazyCustomers(frame), names) for frame in frames]
    found = {name: np.concatenate([part[name] for part in parts]) for name in names}
    return found.__getitem__


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
        For columns that are wholly missing, that hold one value only, whose values leave the
        range one would expect, or whose function tells nobody apart; and for too few customers
        (`FewCustomersWarning`).
    """
    population = read_population(document, list_tables(table))
    columns = population.columns
    problems: list[Problem] = []
    data = plain(document)
    population.warn()
    for column in columns:
        if column.size:
            data["indicators"][column.name] |= _fitted(document, column, problems)
    if problems:
        raise CustomerDataError(problems)
    warn_of_few(document, columns, population.rows)
    data["reference"] = {
        "customers": population.rows,
        "hash": reference_hash((c.name, c.digest(), c.missing) for c in columns),
        "model": document_hash(document),
        "periods": list(map(str, periods)),
        "indicators": {column.name: column.summary() for column in columns},
    }
    if document.peers is not None:
        found = peer_groups(document, population, problems)
        if problems:
            raise CustomerDataError(problems)
        data["peers"] = plain_peers(document) | {"groups": found}
    fitted = make_draft(data).refuse_problems()
    warn_of_flat(columns, document, fitted)
    warn_of_flat_peers(population, fitted)
    return fitted


def plain_peers(document: ModelDocument) -> dict[str, Any]:
    """The document's section peers as plain data."""
    return plain(document)["peers"]


def read_population(document: ModelDocument, tables: list[Any]) -> Population:
    """The reference, in memory or in an engine."""
    lazy = [lazy_frame(table) for table in tables]
    if all(frame is None for frame in lazy):
        return population_in_memory(document, tables)
    if any(frame is None for frame in lazy):
        raise CustomerDataError(
            "some tables of the reference are lazy and some are in memory; collect the lazy ones"
        )
    from ahpvalue.compiling.reference_lazy import population_in_engine

    return population_in_engine(document, lazy)


def list_tables(reference: Any) -> list[Any]:
    """One table, or a list of them, one per period."""
    tables = list(reference) if isinstance(reference, (list, tuple)) else [reference]
    if not tables:
        raise CustomerDataError("the reference population is empty; fit needs customers")
    return tables


def peer_groups(
    document: ModelDocument, population: Population, problems: list[Problem]
) -> list[dict[str, Any]]:
    """Every peer group of the reference, with the keys of its own; small ones without.

    Warns
    -----
    CustomerDataWarning
        Names the groups with fewer customers than the minimum, which are scored by the
        next wider group.
    """
    assert document.peers is not None
    members: dict[tuple[str, ...], list[int]] = {}
    for row, where in enumerate(population.groups):
        for group in prefixes(where):
            members.setdefault(group, []).append(row)
    found, small = [], []
    depends = find_unfitted(document).indicators
    for group in sorted(members):
        rows = np.array(members[group], dtype=np.intp)
        entry: dict[str, Any] = {"of": list(group), "customers": len(rows)}
        if len(rows) < document.peers.minimum:
            small.append(f"{' / '.join(group)} ({len(rows)})")
        else:
            inside = [column.of(rows) for column in population.columns]
            written = {
                column.name: _own_function(column) | _fitted(document, column, problems)
                for column in inside
                if column.size and column.indicator.categories is None
            }
            entry["hash"] = reference_hash((c.name, c.digest(), c.missing) for c in inside)
            entry["indicators"] = {
                name: {key: value for key, value in own.items() if key != "changeable"}
                for name, own in written.items()
                if name in depends
            }
        found.append(entry)
    if small:
        warn(
            f"peers: fewer than {document.peers.minimum} customers in {some_of(small, 5)}; "
            "they are scored by the next wider group, in the end by everybody",
            CustomerDataWarning,
        )
    return found


def _own_function(column: Column) -> dict[str, Any]:
    kind = column.indicator.kind
    return {kind: getattr(column.indicator, kind)}


def _fitted(document: ModelDocument, column: Column, problems: list[Problem]) -> dict[str, Any]:
    """The keys of an indicator that fit writes."""
    indicator, written = column.indicator, {}
    kind = indicator.kind
    function = getattr(indicator, kind)
    if kind == "percentile" and function.knots is None:
        knots, error = column.knots(function)
        error = float(f"{error:.3g}")
        written[kind] = {"better": function.better, "knots": knots, "error": error}
    elif kind in ("minmax", "log", "target"):
        bounds = {
            key: _bound(getattr(function, key), column) for key in _BOUNDS if hasattr(function, key)
        }
        written[kind] = dict(function) | bounds
        problems += _bound_problems(column, kind, bounds)
    if missing_policy(document, indicator) == "median" and kind != "categories":
        written["missing"] = {"median": column.median()}
    if indicator.changeable is not None and kind != "categories":
        change = indicator.changeable
        limits = {key: _bound(getattr(change, key), column) for key in _LIMITS}
        step = change.step
        if step is None and floor(limits["highest"]) >= limits["lowest"] and column.is_whole():
            step = 1.0
        written["changeable"] = dict(change) | limits | {"step": step}
        if limits["lowest"] > limits["highest"]:
            found = f"{limits['lowest']:g} to {limits['highest']:g}"
            text = f"{column.place}: changeable gets limits that do not rise from this reference"
            problems.append(Problem(f"{text}: {found}"))
    return written


def _bound(wanted: Any, column: Column) -> Any:
    if isinstance(wanted, tuple):
        return [column.bound(one) for one in wanted]
    return column.bound(wanted)


def _bound_problems(column: Column, kind: str, bounds: dict[str, Any]) -> list[Problem]:
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
