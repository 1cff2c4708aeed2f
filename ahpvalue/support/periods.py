"""Names of periods: ``2022Q1``, ``2022H1``, ``2022-04``, ``2022``, ``2022-04-30``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ahpvalue.errors import AhpValueError

__all__ = ["Period", "season_of"]

_NAME = re.compile(r"(\d{4})(?:-?(Q[1-4]|H[12])|-(\d{2})(?:-(\d{2}))?)?")
_FORMS = "2022, 2022H1, 2022Q1, 2022-04 or 2022-04-30"


@dataclass(frozen=True)
class Period:
    """A stretch of time with a name.

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
        """Read a period's name.

        Raises
        ------
        AhpValueError
            The name says no period.
        """
        found = _NAME.fullmatch(str(name))
        if not found:
            raise AhpValueError(f"{name!r} names no period; write {_FORMS}")
        year, part, month, day = found.groups()
        start, months = 1, 12
        if part:
            months = 3 if part[0] == "Q" else 6
            start = (int(part[1]) - 1) * months + 1
        elif month:
            start, months = int(month), 1
        try:
            first = date(int(year), start, int(day or 1))
            end = start + months - 1
            last = first if day else date(int(year), end, monthrange(int(year), end)[1])
        except ValueError:
            raise AhpValueError(f"{name!r} names no period; write {_FORMS}") from None
        return cls(str(name), first, last)

    @property
    def _months(self) -> int:
        if self.first == self.last:
            raise AhpValueError(f"{self.name} is a day; a season needs months, quarters or years")
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def before(self, count: int = 1) -> Period:
        """The period of the same length this many periods earlier."""
        months = self._months
        index = self.first.year * 12 + self.first.month - 1 - count * months
        year, month = divmod(index, 12)
        name = {
            12: f"{year}",
            6: f"{year}{'-' if '-' in self.name else ''}H{month // 6 + 1}",
            3: f"{year}{'-' if '-' in self.name else ''}Q{month // 3 + 1}",
            1: f"{year}-{month + 1:02d}",
        }[months]
        return Period.of(name)


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
    year = 12 // now._months
    if kind == "same-period":
        return [now.before(year).name]
    if kind == "trailing":
        return [now.before(k).name for k in range(trailing or year, 0, -1)]
    raise AhpValueError(f"{kind!r} is no kind of season; same-period and trailing are")
