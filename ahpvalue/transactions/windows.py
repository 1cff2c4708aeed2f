"""Periods as whole days: what lies in one, in the one before it, in its halves and months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ahpvalue.errors import CustomerDataError, did_you_mean

__all__ = ["MONTHS", "Span", "calendar_periods", "read_periods"]

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FORMS = (
    "a pair of days such as ('2024-01-01', '2024-06-30'), several of them in a list or under "
    "names in a dict, or one of " + ", ".join(map(repr, MONTHS))
)


@dataclass(frozen=True)
class Span:
    """A period, its days numbered as `datetime.date.toordinal` numbers them.

    Attributes
    ----------
    name : str
    first, last : datetime.date
        Its first and its last day.
    """

    name: str
    first: date
    last: date

    @property
    def start(self) -> int:
        """The first day's number."""
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
    if kind not in MONTHS:
        raise CustomerDataError(f"period: {kind!r} is none{did_you_mean(kind, MONTHS)}")
    begin, end = _pair("period", (first, last))
    months = MONTHS[kind]
    found: dict[str, tuple[date, date]] = {}
    for index in range(_month(begin) // months, _month(end) // months + 1):
        year, part = divmod(index, 12 // months)
        closing = (part + 1) * months
        name = {
            "month": f"{year}-{closing:02d}",
            "quarter": f"{year}Q{part + 1}",
            "half": f"{year}H{part + 1}",
            "year": f"{year}",
        }[kind]
        found[name] = (
            date(year, closing - months + 1, 1),
            date(year, closing, monthrange(year, closing)[1]),
        )
    return found


def read_periods(period: Any) -> list[Span]:
    """The periods of a pair of days, a list of pairs, or a mapping of names to pairs.

    Raises
    ------
    CustomerDataError
        Something else was given, a period ends before it begins, or two have one name.
    """
    if isinstance(period, Mapping):
        named = [(str(name), _pair(f"period {name!r}", pair)) for name, pair in period.items()]
    else:
        if isinstance(period, str) or not isinstance(period, Iterable):
            raise CustomerDataError(f"period: {period!r} is none; give {_FORMS}")
        given = list(period)
        several = given if not _is_pair(given) else [given]
        pairs = [_pair("period", pair) for pair in several]
        named = [(f"{first}..{last}", (first, last)) for first, last in pairs]
    if not named:
        raise CustomerDataError(f"period: there is none in it; give {_FORMS}")
    doubles = {name for name, _ in named if [other for other, _ in named].count(name) > 1}
    if doubles:
        raise CustomerDataError(f"period: {min(doubles)} stands there twice; name each once")
    return [Span(name, first, last) for name, (first, last) in named]


def _is_pair(given: list[Any]) -> bool:
    return len(given) == 2 and all(isinstance(day, (str, date)) for day in given)


def _pair(place: str, pair: Any) -> tuple[date, date]:
    if not isinstance(pair, Iterable) or not _is_pair(list(pair)):
        raise CustomerDataError(f"{place}: {pair!r} is no pair of days; give {_FORMS}")
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


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _shifted(day: date, months: int) -> date:
    """The same day of another month (its last day, where the month has no such day)."""
    year, month = divmod(_month(day) + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
