"""Periods: their names (``2022Q1``, ``2022-04``), their days, and the periods before them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from math import isnan
from numbers import Real
from typing import Any

from ahpvalue.errors import (
    AhpValueError,
    CustomerDataError,
    CustomerDataWarning,
    did_you_mean,
    some_of,
    warn,
)

__all__ = ["Period", "calendar_periods", "period_name", "read_periods", "season_of"]

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NAME = re.compile(r"(\d{4})(?:-?(Q[1-4]|H[12])|-(\d{2})(?:-(\d{2}))?)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAMES = "2022, 2022H1, 2022Q1, 2022-04 or 2022-04-30"
_PAIRS = (
    "a pair of days such as ('2024-01-01', '2024-06-30'), several of them in a list or under "
    "names in a dict, or one of " + ", ".join(map(repr, _MONTHS))
)


@dataclass(frozen=True)
class Period:
    """A stretch of whole days with a name.

    Attributes
    ----------
    name : str
    first, last : datetime.date
        Its first and last day.

    Examples
    --------
    >>> Period.of("2022Q1").last, Period.of("2022-04").before(4).name
    (datetime.date(2022, 3, 31), '2021-12')
    """

    name: str
    first: date
    last: date

    @classmethod
    def of(cls, name: str) -> Period:
        """Read the name of a year, half year, quarter, month or day.

        Raises
        ------
        AhpValueError
            The name says no period.
        """
        found = _NAME.fullmatch(str(name))
        if not found:
            raise AhpValueError(f"{name!r} names no period; write {_NAMES}")
        year, part, month, day = found.groups()
        start, months = 1, 12
        if part:
            months = 3 if part[0] == "Q" else 6
            start = (int(part[1]) - 1) * months + 1
        elif month:
            start, months = int(month), 1
        try:
            first = date(int(year), start, int(day or 1))
            last = first if day else _last_of_month(date(int(year), start + months - 1, 1))
        except ValueError:
            raise AhpValueError(f"{name!r} names no period; write {_NAMES}") from None
        return cls(str(name), first, last)

    def before(self, count: int = 1) -> Period:
        """The calendar period of the same length this many periods earlier."""
        months = self._calendar_months
        index = _month(self.first) - count * months
        return Period.of(_calendar_name(index, months, "-" if "-" in self.name else ""))

    @property
    def _calendar_months(self) -> int:
        months = self.months
        if months is None or months not in _MONTHS.values() or self.first.day != 1:
            raise AhpValueError(
                f"{self.name} has no season; months, quarters, half years and years do"
            )
        return months

    @property
    def start(self) -> int:
        """The first day's number, as `datetime.date.toordinal` counts."""
        return self.first.toordinal()

    @property
    def end(self) -> int:
        """The last day's number."""
        return self.last.toordinal()

    @property
    def months(self) -> int | None:
        """How many whole months; None if it is not made of whole months."""
        after = date.fromordinal(self.end + 1)
        count = _month(after) - _month(self.first)
        return count if count > 0 and after.day == self.first.day else None

    @property
    def _length(self) -> str:
        """Its length in words: whole months where it is made of such, else days."""
        count, unit = self.months, "whole month"
        if count is None:
            count, unit = self.end - self.start + 1, "day"
        return f"{count} {unit}{'' if count == 1 else 's'}"

    @property
    def month_starts(self) -> list[int]:
        """The first day of each of its whole months."""
        return [_shifted(self.first, k).toordinal() for k in range(self.months or 0)]

    @property
    def middle(self) -> int:
        """The first day of the second half: by months if they are even in number, else by days."""
        starts = self.month_starts
        if starts and len(starts) % 2 == 0:
            return starts[len(starts) // 2]
        return self.start + (self.end - self.start + 1) // 2

    @property
    def previous_start(self) -> int:
        """The first day of the period of the same length that ends where this one begins."""
        if self.months and self.first.day <= 28:
            return _shifted(self.first, -self.months).toordinal()
        return self.start - (self.end - self.start + 1)


def period_name(given: Any) -> str:
    """What somebody calls a period: a text, a year as a number, a `Period`; "" for none.

    Raises
    ------
    CustomerDataError
        It is something else.

    Examples
    --------
    >>> period_name("2018Q1"), period_name(2018), period_name(None)
    ('2018Q1', '2018', '')
    """
    if given is None or (isinstance(given, float) and isnan(given)):
        return ""
    if isinstance(given, str):
        return str(given).strip()
    if isinstance(given, Period):
        return given.name
    is_number = isinstance(given, Real) and type(given).__name__ not in ("bool", "bool_")
    if is_number and given == int(given):
        return str(int(given))
    if _NAME.fullmatch(str(given)):  # a date, or a period of pandas
        return str(given)
    raise CustomerDataError(f"{given!r} names no period; write it as text, as in '2018Q1'")


def season_of(period: str, kind: str = "same-period", trailing: int | None = None) -> list[str]:
    """The periods to fit to, so that the season is not read as a change.

    Parameters
    ----------
    period : str
        The period to be scored.
    kind : {"same-period", "trailing"}
        The same period a year before, or the periods that run up to this one.
    trailing : int, optional
        How many periods; left out, a year's.

    Examples
    --------
    >>> season_of("2022Q2"), season_of("2022Q2", "trailing")
    (['2021Q2'], ['2021Q2', '2021Q3', '2021Q4', '2022Q1'])
    """
    if trailing is not None and (isinstance(trailing, bool) or trailing < 1):
        raise AhpValueError(f"trailing is how many periods, 1 or more, not {trailing!r}")
    now = Period.of(period)
    year = 12 // now._calendar_months
    if kind == "same-period":
        return [now.before(year).name]
    if kind == "trailing":
        return [now.before(k).name for k in range(trailing or year, 0, -1)]
    raise AhpValueError(f"{kind!r} is no kind of season; same-period and trailing are")


def calendar_periods(kind: str, first: Any, last: Any) -> dict[str, tuple[date, date]]:
    """Every calendar month, quarter, half year or year that has a day from `first` to `last`.

    Parameters
    ----------
    kind : {"month", "quarter", "half", "year"}
    first, last : datetime.date or ISO text

    Returns
    -------
    dict
        The period's name (``2024-03``, ``2024Q1``, ``2024H1``, ``2024``) to its first and last
        day; to be given to `from_transactions` as ``period=``.

    Raises
    ------
    CustomerDataError
        There is no such kind of period, or a day cannot be read.

    Examples
    --------
    >>> from ahpvalue.transactions import calendar_periods
    >>> list(calendar_periods("quarter", "2023-11-02", "2024-04-01"))
    ['2023Q4', '2024Q1', '2024Q2']
    """
    if kind not in _MONTHS:
        raise CustomerDataError(f"period: {kind!r} is none{did_you_mean(kind, _MONTHS)}")
    begin, end = _pair("period", (first, last))
    months = _MONTHS[kind]
    starts = range(_month(begin) // months * months, _month(end) + 1, months)
    periods = [Period.of(_calendar_name(start, months)) for start in starts]
    return {period.name: (period.first, period.last) for period in periods}


def read_periods(period: Any) -> list[Period]:
    """The periods of a pair of days, a list of pairs, or a mapping of names to pairs.

    Raises
    ------
    CustomerDataError
        Something else was given, a period ends before it begins, two have one name or the same
        days, or they are not alike: as many whole months, or as many days.

    Warns
    -----
    CustomerDataWarning
        Two periods overlap.
    """
    if isinstance(period, Mapping):
        named = [(str(name), _pair(f"period {name!r}", pair)) for name, pair in period.items()]
    else:
        if isinstance(period, str) or not isinstance(period, Iterable):
            raise CustomerDataError(f"period: {period!r} is none; give {_PAIRS}")
        given = list(period)
        if any(
            isinstance(one, str) and _NAME.fullmatch(one) and not _DAY.fullmatch(one)
            for one in given
        ):
            raise CustomerDataError(
                f"period: {given!r} are names of periods; say which days they are: "
                "calendar_periods('quarter', first, last) gives whole ones under their names"
            )
        several = given if not _is_pair(given) else [given]
        pairs = [_pair("period", pair) for pair in several]
        named = [(f"{first}..{last}", (first, last)) for first, last in pairs]
    if not named:
        raise CustomerDataError(f"period: there is none in it; give {_PAIRS}")
    doubles = {name for name, _ in named if [other for other, _ in named].count(name) > 1}
    if doubles:
        raise CustomerDataError(f"period: {min(doubles)} stands there twice; name each once")
    periods = [Period(name, first, last) for name, (first, last) in named]
    _refuse_unlike(periods)
    _tell_overlaps(periods)
    return periods


def _refuse_unlike(periods: list[Period]) -> None:
    """Sums over a month and over a quarter do not go into one column."""
    first = periods[0]
    for other in periods[1:]:
        if other._length != first._length:
            raise CustomerDataError(
                f"period: {first.name} has {first._length} and {other.name} has {other._length}; "
                "periods in one table are alike; call once for each length"
            )


def _tell_overlaps(periods: list[Period]) -> None:
    in_order = sorted(periods, key=lambda period: period.first)
    overlaps = []
    for before, after in pairwise(in_order):
        if after.first == before.first and after.last == before.last:
            raise CustomerDataError(
                f"period: {before.name} and {after.name} are the same days; name them once"
            )
        if after.first <= before.last:
            overlaps.append(f"{before.name} and {after.name}")
    if overlaps:
        warn(
            f"period: {some_of(overlaps)} overlap; their common lines count in both",
            CustomerDataWarning,
        )


def _is_pair(given: list[Any]) -> bool:
    return len(given) == 2 and all(isinstance(day, (str, date)) for day in given)


def _pair(place: str, pair: Any) -> tuple[date, date]:
    if not isinstance(pair, Iterable) or not _is_pair(list(pair)):
        raise CustomerDataError(f"{place}: {pair!r} is no pair of days; give {_PAIRS}")
    first, last = (_day(place, day) for day in pair)
    if last < first:
        raise CustomerDataError(f"{place}: {last} is before {first}; give the first day first")
    return first, last


def _day(place: str, given: str | date) -> date:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise CustomerDataError(
            f"{place}: {given!r} is no day; write it as 2024-06-30 or give a datetime.date"
        ) from None


def _calendar_name(month: int, months: int, dash: str = "") -> str:
    """The name of the calendar period of so many months from a month, counted from year 0."""
    year, start = divmod(month, 12)
    return {
        1: f"{year:04d}-{start + 1:02d}",
        3: f"{year:04d}{dash}Q{start // 3 + 1}",
        6: f"{year:04d}{dash}H{start // 6 + 1}",
        12: f"{year:04d}",
    }[months]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _shifted(day: date, months: int) -> date:
    """The same day of another month (its last day, where the month has no such day)."""
    year, month = divmod(_month(day) + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, _last_of_month(first).day))


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
