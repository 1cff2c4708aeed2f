"""What of a document depends on a reference population that has not been seen yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ahpvalue.document import Indicator, ModelDocument

__all__ = ["Unfitted", "find_unfitted", "is_scored", "missing_policy"]


@dataclass(frozen=True)
class Unfitted:
    """Names of what waits for `fit`, by what needs it.

    Attributes
    ----------
    weights : tuple of str
        Sections of weights that values help to decide.
    indicators : tuple of str
        Indicators whose value function, or the score of a missing value, is not a number yet.
    tiers : tuple of str
        Tiers whose line is not drawn.
    limits : tuple of str
        Indicators whose changeable range is not a number yet.
    grids : tuple of str
        Grids whose lines are not numbers yet.
    """

    weights: tuple[str, ...]
    indicators: tuple[str, ...]
    tiers: tuple[str, ...]
    limits: tuple[str, ...]
    grids: tuple[str, ...]

    @property
    def for_scores(self) -> tuple[str, ...]:
        """What keeps customers from being scored."""
        return self.weights + self.indicators

    def __bool__(self) -> bool:
        return any((self.weights, self.indicators, self.tiers, self.limits, self.grids))


def find_unfitted(document: ModelDocument) -> Unfitted:
    """Everything that depends on a population."""
    objective = document.judgments.objective
    indicators = document.indicators.items()
    levels = document.tiers.levels.items() if document.tiers is not None else ()
    grids = document.segments.grids.items() if document.segments is not None else ()
    return Unfitted(
        () if objective is None or objective.weights else ("judgments.objective",),
        tuple(n for n, one in indicators if is_scored(document, n) and _waits(document, one)),
        tuple(name for name, one in levels if one.way is not None and one.lowest is None),
        tuple(name for name, one in indicators if _has_open_limits(one)),
        tuple(n for n, one in grids if _any_words(*one.row_lines, *one.column_lines)),
    )


def missing_policy(document: ModelDocument, indicator: Indicator) -> Any:
    """The indicator's own policy for missing values, or the document's."""
    return document.missing.policy if indicator.missing is None else indicator.missing


def is_scored(document: ModelDocument, name: str) -> bool:
    """False when the reference had not a single value of an indicator."""
    if document.reference is None or name not in document.reference.indicators:
        return True
    return document.reference.indicators[name].values > 0


def _waits(document: ModelDocument, indicator: Indicator) -> bool:
    function = getattr(indicator, indicator.kind)
    if indicator.kind == "percentile" and function.knots is None:
        return True
    best = getattr(function, "best", None)
    bounds = [getattr(function, "lower", None), getattr(function, "upper", None)]
    bounds += list(best) if isinstance(best, tuple) else [best]
    return _any_words(*bounds) or missing_policy(document, indicator) == "median"


def _has_open_limits(indicator: Indicator) -> bool:
    change = indicator.changeable
    if change is None or indicator.categories is not None:
        return False
    return _any_words(change.lowest, change.highest)


def _any_words(*bounds: Any) -> bool:
    """Whether a bound is still a word, such as ``p5`` or ``max``."""
    return any(isinstance(bound, str) for bound in bounds)
