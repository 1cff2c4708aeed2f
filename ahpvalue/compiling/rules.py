"""From a document's rules to what is executed: conditions, activity, and lines of tiers.

What `build_plan` is to scoring, this is to decisions: the one place that knows both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import Grid, Level, ModelDocument, TierSection, When
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, warn
from ahpvalue.scoring import Activity, Requirement, Rule
from ahpvalue.value_functions import bound

__all__ = [
    "compile_activity",
    "compile_rule",
    "line_of_top",
    "lines_drawn_on",
    "with_lines",
]

Array = NDArray[np.float64]

_OTHERS = {"never bought": "never_bought", "returns only": "returns_only", "lapsed": "lapsed"}
_LIMITS = ("at_least", "above", "at_most", "below")


def compile_rule(when: When) -> Rule:
    """A rule of the document as plain requirements."""
    return tuple(
        tuple(
            Requirement(
                name,
                wanted.equals,
                wanted.differs,
                tuple(
                    (kind, getattr(wanted, kind))
                    for kind in _LIMITS
                    if getattr(wanted, kind) is not None
                ),
                wanted.missing,
            )
            for name, wanted in alternative.items()
        )
        for alternative in when
    )


def compile_activity(document: ModelDocument) -> Activity | None:
    """Who is active, when the document says so."""
    section = document.active
    if section is None:
        return None
    others = ((status, getattr(section, key)) for status, key in _OTHERS.items())
    return Activity(
        compile_rule(section.when),
        None if section.new is None else compile_rule(section.new),
        tuple((status, compile_rule(when)) for status, when in others if when is not None),
    )


# -- lines -----------------------------------------------------------------------------------


def lines_drawn_on(document: ModelDocument) -> list[str]:
    """The criteria and values whose distribution decides where lines of tiers and grids lie."""
    names: list[str | None] = []
    if document.tiers is not None:
        names.append(document.tiers.on or next(iter(document.hierarchy)))
        names += [level.of for level in document.tiers.levels.values()]
    for grid in (document.segments.grids if document.segments else {}).values():
        names += [grid.rows, grid.columns]
    return list(dict.fromkeys(name for name in names if name is not None))


def with_lines(
    document: ModelDocument, data: dict[str, Any], values_of: Callable[[str], Array]
) -> dict[str, Any]:
    """A fitted document's data with every line of tiers and grids written out.

    Parameters
    ----------
    document : ModelDocument
    data : dict
        The same as plain data.
    values_of : callable
        A criterion's scores or an indicator's values over the reference population, by
        name; NaN where a customer has none.

    Raises
    ------
    CustomerDataError
        Nobody of the reference can be placed, or a sum to share out is not above 0.
    """
    if document.segments is not None and document.segments.grids:
        grids = {
            name: data["segments"]["grids"][name] | _grid_lines(grid, values_of)
            for name, grid in document.segments.grids.items()
        }
        data = data | {"segments": data["segments"] | {"grids": grids}}
    if document.tiers is None:
        return data
    return data | {"tiers": data["tiers"] | {"levels": _levels(document.tiers, data, values_of)}}


def _grid_lines(grid: Grid, values_of: Callable[[str], Array]) -> dict[str, list[float]]:
    written = {}
    for axis, lines in ((grid.rows, "row_lines"), (grid.columns, "column_lines")):
        values = values_of(axis)
        held = values[~np.isnan(values)]
        if not len(held):
            raise CustomerDataError(f"segments.grids: no reference customer has a {axis}")
        written[lines] = [bound(line, held) for line in getattr(grid, lines)]
    return written


def _levels(
    tiers: TierSection, data: dict[str, Any], values_of: Callable[[str], Array]
) -> dict[str, dict[str, Any]]:
    values = values_of(tiers.on or next(iter(data["hierarchy"])))
    placed = values[~np.isnan(values)]
    if not len(placed):
        raise CustomerDataError("tiers: none of the reference customers is rated; draw no lines")
    compare = np.greater_equal if tiers.ties == "in" else np.greater
    levels: dict[str, dict[str, Any]] = {}
    above = 0
    for name, level in tiers.levels.items():
        line = _line(name, level, values, values_of)
        inside = len(placed) if line is None else int(compare(placed, line).sum())
        written = {} if line is None or level.way == "score" else {"line": line}
        levels[name] = (
            data["tiers"]["levels"][name] | written | {"customers": max(inside - above, 0)}
        )
        above = max(inside, above)
    _warn_of_empty(levels)
    return levels


def _line(
    name: str, level: Level, values: Array, values_of: Callable[[str], Array]
) -> float | None:
    placed = values[~np.isnan(values)]
    if level.way is None or level.way == "score":
        return level.score
    if level.top is not None:
        return line_of_top(placed, level.top)
    if level.count is not None:
        return float(np.sort(placed)[::-1][min(level.count, len(placed)) - 1])
    assert level.of is not None
    assert level.cumulative is not None
    parts = np.where(np.isnan(values), 0.0, values_of(level.of))
    return _cumulative_line(name, level.of, values, np.nan_to_num(parts), level.cumulative)


def line_of_top(placed: Array, top: float) -> float:
    """The value above which (with it) the top share of customers lies; none is missing.

    Examples
    --------
    >>> line_of_top(np.arange(1.0, 12.0), 0.7), line_of_top(np.array([1.0, 2.0]), 0.25)
    (4.0, 1.75)
    """
    position = top * (len(placed) - 1)
    whole = round(position)
    if abs(position - whole) < 1e-9:  # a customer's own value: interpolating might miss it by a bit
        return float(np.sort(placed)[::-1][whole])
    return float(np.quantile(placed, 1 - top))


def _cumulative_line(name: str, of: str, values: Array, parts: Array, share: float) -> float:
    """The value of the customer with whom the best together reach a share of the whole."""
    whole = parts.sum()
    if not whole > 0:
        raise CustomerDataError(
            f"tiers.levels.{name}: the sum of {of} over the reference is {whole:g}, of which no "
            "share can be taken; name a value whose sum is above 0"
        )
    order = np.argsort(-values, kind="stable")  # NaN last
    reached = np.cumsum(parts[order]) >= share * whole * (1 - 1e-12)
    found = values[order][int(np.argmax(reached))] if reached.any() else np.nan
    return float(np.nanmin(values) if np.isnan(found) else found)


def _warn_of_empty(levels: Mapping[str, Mapping[str, Any]]) -> None:
    for name, level in list(levels.items())[:-1]:
        if not level["customers"] and "score" not in level:
            warn(
                f"tiers.levels.{name}: none of the reference customers is in it; its line and the "
                "one above take in the same customers",
                CustomerDataWarning,
            )
