"""From a document's rules to what is executed: conditions, activity, and lines of tiers.

What `build_plan` is to scoring, this is to decisions: the one place that knows both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.document import Grid, ModelDocument, TierSection, When
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
_TIED = 1e-9  # scores; larger values in proportion
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
            name: data["segments"]["grids"][name] | _grid_lines(grid, document, values_of)
            for name, grid in document.segments.grids.items()
        }
        data = data | {"segments": data["segments"] | {"grids": grids}}
    if document.tiers is None:
        return data
    return data | {"tiers": data["tiers"] | {"levels": _levels(document.tiers, data, values_of)}}


def _grid_lines(
    grid: Grid, document: ModelDocument, values_of: Callable[[str], Array]
) -> dict[str, list[float]]:
    written = {}
    for axis, lines in ((grid.rows, "row_lines"), (grid.columns, "column_lines")):
        values = values_of(axis)
        held = values[~np.isnan(values)]
        if not len(held):
            raise CustomerDataError(f"segments.grids: no reference customer has a {axis}")
        of_scores = axis not in document.indicators
        written[lines] = [
            _off_the_scores(found, held) if of_scores and isinstance(wanted, str) else found
            for wanted in getattr(grid, lines)
            for found in [bound(wanted, held)]
        ]
    return written


def _off_the_scores(line: float, scores: Array) -> float:
    """A drawn line, moved below the scores it would lie on: those are above it."""
    if np.abs(scores - line).min() >= _TIED:
        return line
    return line_below(scores, int((scores >= line - _TIED).sum()))


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
        line = _line(name, tiers, values, values_of)
        inside = len(placed) if line is None else int(compare(placed, line).sum())
        written = {} if line is None or level.way == "score" else {"line": line}
        levels[name] = (
            data["tiers"]["levels"][name] | written | {"customers": max(inside - above, 0)}
        )
        above = max(inside, above)
    _warn_of_empty(levels)
    return levels


def _line(
    name: str, tiers: TierSection, values: Array, values_of: Callable[[str], Array]
) -> float | None:
    level, placed = tiers.levels[name], values[~np.isnan(values)]
    if level.way is None or level.way == "score":
        return level.score
    if level.top is not None:
        inside = _count_of_top(len(placed), level.top)
    elif level.count is not None:
        inside = level.count
    else:
        assert level.of is not None
        assert level.cumulative is not None
        parts = np.nan_to_num(np.where(np.isnan(values), 0.0, values_of(level.of)))
        inside = _count_of_cumulative(name, level.of, values, parts, level.cumulative)
    return line_below(placed, inside, ties_in=tiers.ties == "in")


def line_below(values: Array, inside: int, *, ties_in: bool = True) -> float:
    """The line below the so many highest values: in the middle to the next lower one.

    Values that differ by less than 1e-9 are tied and fall on one side together: above the line
    with `ties_in`, else below it. So no customer lies on a line that was drawn, where the last
    bit of a score would decide.

    Examples
    --------
    >>> line_below(np.array([5.0, 4.0, 2.0]), 2), line_below(np.array([5.0, 4.0, 4.0]), 2)
    (3.0, 3.9999999995)
    >>> line_below(np.array([5.0, 4.0, 4.0]), 2, ties_in=False)
    4.5
    """
    falling = np.sort(values)[::-1]
    near = _TIED * np.maximum(1.0, np.abs(falling) / 100)
    breaks = np.nonzero(falling[:-1] - falling[1:] >= near[:-1])[0] + 1
    count = len(falling)
    ends = np.concatenate([breaks, [count]]) if ties_in else np.concatenate([[0], breaks, [count]])
    inside = min(inside, count)
    place = np.searchsorted(ends, inside) if ties_in else np.searchsorted(ends, inside, "right") - 1
    cut = int(ends[place])
    above = falling[cut - 1] if cut else falling[0] + near[0]
    below = falling[cut] if cut < count else falling[-1] - near[-1]
    return float(f"{(above + below) / 2:.12g}")


def line_of_top(values: Array, top: float) -> float:
    """The line below the top share of the values, none of which is missing.

    Examples
    --------
    >>> line_of_top(np.arange(1.0, 12.0), 0.7), line_of_top(np.array([1.0, 2.0]), 0.25)
    (3.5, 1.5)
    """
    return line_below(values, _count_of_top(len(values), top))


def _count_of_top(count: int, top: float) -> int:
    """Whose share above them, linear between the places, is at most `top`; at least the first."""
    return int(np.floor(top * (count - 1) + 1e-9)) + 1


def _count_of_cumulative(name: str, of: str, values: Array, parts: Array, share: float) -> int:
    """How many of the best reach a share of the whole together."""
    whole = parts.sum()
    if not whole > 0:
        raise CustomerDataError(
            f"tiers.levels.{name}: the sum of {of} over the reference is {whole:g}, of which no "
            "share can be taken; name a value whose sum is above 0"
        )
    order = np.argsort(-values, kind="stable")  # NaN last
    reached = np.cumsum(parts[order]) >= share * whole * (1 - 1e-12)
    return int(np.argmax(reached)) + 1 if reached.any() else len(values)


def _warn_of_empty(levels: Mapping[str, Mapping[str, Any]]) -> None:
    for name, level in list(levels.items())[:-1]:
        if not level["customers"] and "score" not in level:
            warn(
                f"tiers.levels.{name}: none of the reference customers is in it; its line and the "
                "one above take in the same customers",
                CustomerDataWarning,
            )
