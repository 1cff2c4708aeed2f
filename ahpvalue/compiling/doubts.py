"""What is said of a fit: functions that tell nobody apart, and too few customers to draw on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ahpvalue.compiling.build_plan import compile_value_function
from ahpvalue.compiling.reference import Column, Population
from ahpvalue.document import Indicator, ModelDocument
from ahpvalue.errors import CustomerDataWarning, FewCustomersWarning, some_of, warn
from ahpvalue.scoring import BETWEEN, prefixes

__all__ = ["flat_text", "warn_of_few", "warn_of_flat", "warn_of_flat_peers"]

_FEW = 20
"""Customers below which one of them moves a percentile by more than five points."""


def warn_of_flat(columns: Sequence[Column], before: ModelDocument, fitted: ModelDocument) -> None:
    """Say of every indicator whose function gives all reference customers one score.

    Warns
    -----
    CustomerDataWarning
        One per indicator.
    """
    for column in columns:
        written = fitted.indicators[column.name]
        text = flat_text(column, written) or _end_text(before.indicators[column.name], written)
        if text:
            warn(f"{column.place}: {text}", CustomerDataWarning)


def flat_text(column: Column, written: Indicator) -> str:
    """That all values score the same though they differ; empty where they do not."""
    if not column.size or column.sameness():
        return ""
    if written.categories is not None:
        given = written.categories.scores
        scores = {given[name] for name in column.categories() if name in given}
    else:
        scores = set(column.scores(compile_value_function(written)))
    if len(scores) != 1:
        return ""
    (score,) = scores
    return (
        f"{written.kind} gives every value of the reference the score {score:g}, so that it tells "
        "nobody apart; state other bounds, or leave the indicator out"
    )


def warn_of_flat_peers(population: Population, fitted: ModelDocument) -> None:
    """Say, once, of which indicators a group's own function tells none of its members apart.

    Warns
    -----
    CustomerDataWarning
    """
    members: dict[tuple[str, ...], list[int]] = {}
    for row, where in enumerate(population.groups):
        for group in prefixes(where):
            members.setdefault(group, []).append(row)
    found: dict[str, list[str]] = {}
    for one in fitted.peers.groups if fitted.peers is not None else ():
        rows = np.array(members.get(tuple(one.of), []), dtype=np.intp)
        for column in population.columns:
            own = one.indicators.get(column.name)
            if own is None or not column.size or column.sameness():
                continue  # not drawn anew, or said of everybody
            inside = column.of(rows)
            if inside.size and len(inside.scores(compile_value_function(own))) == 1:
                found.setdefault(column.name, []).append(BETWEEN.join(one.of))
    if found:
        texts = [f"{name} tells nobody apart in {some_of(where)}" for name, where in found.items()]
        warn(f"peers: {'; '.join(texts)}", CustomerDataWarning)


def _end_text(before: Indicator, written: Indicator) -> str:
    """That the best values of a target reach to a bound, because the reference set both so."""
    first, target = before.target, written.target
    if first is None or target is None:
        return ""
    best = target.best if isinstance(target.best, tuple) else (target.best, target.best)
    said = []
    for bound, end, word in (("lower", best[0], "below"), ("upper", best[1], "above")):
        drawn = isinstance(getattr(first, bound), str) or _has_words(first.best)
        if drawn and getattr(target, bound) == end:
            said.append(f"nothing {word} {end:g} scores less than the best")
    if not said:
        return ""
    return (
        f"target gets its best values up to a bound from this reference, so that "
        f"{' and '.join(said)}; state the bound"
    )


def _has_words(best: Any) -> bool:
    return any(isinstance(one, str) for one in (best if isinstance(best, tuple) else (best,)))


# -- too few ---------------------------------------------------------------------------------


def warn_of_few(document: ModelDocument, columns: Sequence[Column], rows: int) -> None:
    """Say where the reference has too few customers for what is drawn from it.

    Warns
    -----
    FewCustomersWarning
        One for the whole fit.
    """
    texts = [text for column in columns for text in _few_of_column(column)]
    texts += [*_few_of_lines(document, rows), *_few_of_peers(document)]
    if texts:
        warn(
            f"the reference has few customers for what is drawn from it: {some_of(texts, 6)}",
            FewCustomersWarning,
        )


def wanted_for(bound: Any) -> int:
    """How many customers a bound needs, so that one of them lies beyond it.

    Examples
    --------
    >>> wanted_for("p5"), wanted_for("p99"), wanted_for("median"), wanted_for(3.0)
    (20, 100, 0, 0)
    """
    if not isinstance(bound, str) or not bound[1:2].isdigit():
        return 0
    share = min(float(bound[1:]), 100 - float(bound[1:]))
    return 0 if share <= 0 else -int(-100 // share)


def _few_of_column(column: Column) -> Iterator[str]:
    indicator, size = column.indicator, column.size
    function = getattr(indicator, indicator.kind)
    if indicator.kind == "percentile" and function.knots is None and size < _FEW:
        yield f"percentile of {column.name} from {size} ({_FEW} wanted)"
    for bound in _bounds(indicator):
        if size < wanted_for(bound):
            yield f"{bound} of {column.name} from {size} ({wanted_for(bound)} wanted)"


def _bounds(indicator: Indicator) -> list[Any]:
    function, change = getattr(indicator, indicator.kind), indicator.changeable
    best = getattr(function, "best", None)
    found = [getattr(function, "lower", None), getattr(function, "upper", None)]
    found += list(best) if isinstance(best, tuple) else [best]
    found += [] if change is None else [change.lowest, change.highest]
    return list(dict.fromkeys(found))


def _few_of_lines(document: ModelDocument, rows: int) -> Iterator[str]:
    for name, level in (document.tiers.levels if document.tiers else {}).items():
        if level.top is not None and level.top * rows < 1:
            yield f"tier {name}, the top {level.top:.0%} of {rows}, less than one customer"
        if level.count is not None and level.count >= rows:
            yield f"tier {name}, whose count of {level.count:,} takes in all {rows:,}"
    for name, grid in (document.segments.grids if document.segments else {}).items():
        for line in (*grid.row_lines, *grid.column_lines):
            if rows < wanted_for(line):
                yield f"{line} of grid {name} from {rows} ({wanted_for(line)} wanted)"


def _few_of_peers(document: ModelDocument) -> Iterator[str]:
    """Groups that may be scored by fewer of their own than percentiles and bounds need."""
    if document.peers is None:
        return
    drawn = [_FEW for one in document.indicators.values() if one.percentile is not None]
    drawn += [wanted_for(b) for one in document.indicators.values() for b in _bounds(one)]
    need = max(drawn, default=0)
    if document.peers.minimum < need:
        yield f"groups of peers from {document.peers.minimum} ({need} wanted)"
