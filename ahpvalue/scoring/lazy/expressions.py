"""Plans as narwhals expressions: for polars lazy, Dask, Ibis, and whatever lazy frame comes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ahpvalue.scoring.lazy.dialect import Term
from ahpvalue.scoring.lazy.stages import Stage

__all__ = ["Narwhals", "with_stages"]


class Narwhals:
    """The `Language` of narwhals.

    Parameters
    ----------
    spelled : bool
        Whether numbers are handed on as text and cast. Ibis writes them bare, DuckDB reads a
        bare 0.1 as DECIMAL, and the bits are gone.
    """

    def __init__(self, spelled: bool = False) -> None:
        self.spelled = spelled

    @cached_property
    def _nw(self) -> Any:
        import narwhals as nw

        return nw

    def column(self, name: str) -> Term:
        """A column of the stage before."""
        return self._nw.col(name)

    def number(self, value: float) -> Term:
        """A number in double precision, every bit kept."""
        if self.spelled:
            text = np.format_float_scientific(value, unique=True, trim="0")
            return self._nw.lit(text, self._nw.String).cast(self._nw.Float64)
        return self._nw.lit(value, self._nw.Float64)

    def text(self, value: str) -> Term:
        """A text."""
        return self._nw.lit(value, self._nw.String)

    def boolean(self, value: bool) -> Term:
        """True or false."""
        return self._nw.lit(value, self._nw.Boolean)

    def nothing(self, kind: Literal["number", "whole", "text"]) -> Term:
        """A missing value."""
        nw = self._nw
        return nw.lit(None, {"number": nw.Float64, "whole": nw.Int64, "text": nw.String}[kind])

    def as_number(self, term: Term) -> Term:
        """In double precision."""
        return term.cast(self._nw.Float64)

    def as_text(self, term: Term) -> Term:
        """As the engine writes it."""
        return term.cast(self._nw.String)

    def is_missing(self, term: Term) -> Term:
        """True where there is no value."""
        return term.is_null()

    def is_nan(self, term: Term) -> Term:
        """True where a number is NaN."""
        return term.is_nan()

    def log(self, term: Term) -> Term:
        """The natural logarithm."""
        return term.log()

    def divided(self, term: Term, by: Term) -> Term:
        """A quotient, rounded once.

        Where a divisor is the same for all rows, polars multiplies by its reciprocal, which is
        rounded twice. Adding nothing to it, row by row, makes a column of it.
        """
        return term / (by + (term - term))

    def choose(self, branches: Sequence[tuple[Term, Term]], otherwise: Term) -> Term:
        """The value behind the first condition that holds."""
        found = otherwise
        for holds, value in reversed(branches):
            found = self._nw.when(holds).then(value).otherwise(found)
        return found

    def rank(self, of: str, descending: bool, within: str | None) -> Term:
        """The place of a column's values from 1; missing ones have none."""
        ranked = self._nw.col(of).rank("min", descending=descending)
        return (ranked.over(within) if within else ranked).cast(self._nw.Int64)

    def alike(self, of: str, within: str | None) -> Term:
        """How many rows have the same value."""
        by = [of] if within is None else [within, of]
        return self._nw.len().over(*by)

    def held(self, of: str, within: str | None) -> Term:
        """How many rows have a value."""
        count = self._nw.col(of).count()
        return count.over(within) if within else count


def with_stages(frame: Any, stages: Sequence[Stage]) -> Any:
    """A narwhals frame with the columns of the last stage."""
    for stage in stages:
        made = [term.alias(name) for name, term in stage.made.items()]
        frame = frame.select(*sorted(stage.kept), *made)
    return frame
