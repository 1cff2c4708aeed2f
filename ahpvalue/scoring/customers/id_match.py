"""Finding the customers of one table in another: the only place where ids are joined.

Two ids are the same when they are written alike (`ids.id_text`). Ids that would be the same only
after something was changed about them, such as leading zeros that a spreadsheet took away, are
neither joined nor taken for strangers: they are refused, and some of them are named. That holds
for ids which nothing else in the other table matches, so that a table may well hold ``a1`` and
``A1``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, did_you_mean, some_of, warn
from ahpvalue.scoring.customers.customer_table import Customers
from ahpvalue.scoring.customers.ids import id_text

__all__ = ["NOT_THERE", "Match", "find_customer", "match_customers"]

NOT_THERE = -1

_NAMED = 3
_LONG = 60  # characters of an id that are shown
_DIGITS = 15  # that a spreadsheet keeps of a number
_CUT = 0  # stands for these, without rounding
_NEAR = 20_000  # ids that are looked through for a misspelt one
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}([,']\d{3})+(\.0*)?")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d{1,3}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d.*")
_UNSEEN = re.compile(
    r"[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+"
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")


@dataclass(frozen=True)
class Match:
    """Where the customers of one table stand in another.

    Attributes
    ----------
    rows : ndarray of int
        For every customer its row there, -1 where it is not there.
    gone : ndarray of int
        The rows there of customers that are not here.
    there : int
        How many customers the other table has.
    """

    rows: NDArray[np.intp]
    gone: NDArray[np.intp]
    there: int

    @property
    def new(self) -> int:
        """How many customers are here and not there."""
        return int((self.rows == NOT_THERE).sum())

    @property
    def counts(self) -> str:
        """How many of those before are not here now, and how many of those now are new."""
        parts = _share(len(self.gone), self.there), _share(self.new, len(self.rows))
        return (
            f"of {self.there:,} customers before, {parts[0]} are not here now; "
            f"of {len(self.rows):,} now, {parts[1]} are new"
        )


def _share(count: int, of: int) -> str:
    return f"{count:,} ({count / of:.1%})" if of else f"{count:,}"


def match_customers(here: Customers, there: Customers, what: str) -> Match:
    """For every customer its row in another table.

    Parameters
    ----------
    here, there : Customers
    what : str
        What the other table is, for the messages: ``"the previous tiers"``.

    Raises
    ------
    CustomerDataError
        A table has an id twice, or none; ids of the tables are the same but for something that
        one of them lost (leading zeros, say).

    Warns
    -----
    CustomerDataWarning
        None of the customers is there.
    """
    texts: tuple[list[Any], list[Any]] = here.id_texts, there.id_texts
    row_of = dict(zip(texts[1], range(len(texts[1])), strict=True))
    rows = np.array([*map(row_of.get, texts[0], repeat(NOT_THERE))], dtype=np.intp)
    times = np.bincount(rows[rows != NOT_THERE], minlength=len(texts[1]))
    found = Match(rows, np.flatnonzero(times == 0), len(texts[1]))
    if len(row_of) < len(texts[1]) or None in row_of:
        there.refuse_doubtful_ids()
    new = [texts[0][row] for row in np.flatnonzero(rows == NOT_THERE)]
    if (times > 1).any() or len(set(new)) < len(new) or None in new:
        here.refuse_doubtful_ids()
    if found.new or len(found.gone):
        _refuse_nearly_alike(here, there, texts, found, what)
    if found.new and found.new == len(rows):
        _warn_of_strangers(texts, what)
    return found


def _warn_of_strangers(texts: tuple[list[str], list[str]], what: str) -> None:
    here, there = texts
    nobody = f"none of the {len(here):,} customers" if len(here) > 1 else "the customer"
    isnt = "is" if len(here) > 1 else "is not"
    known = f" ({some_of(there)})" if there else ""
    warn(
        f"{nobody} ({some_of(here)}) {isnt} among the {len(there):,} of {what}{known}; give a "
        "table of the same customers, unless they are all new",
        CustomerDataWarning,
    )


def find_customer(customers: Customers, customer: Any) -> int:
    """The row of one customer.

    Raises
    ------
    CustomerDataError
        There is none, or several; names the one that was probably meant.
    """
    wanted = id_text(customer)
    if wanted is None:
        raise CustomerDataError(f"{customer!r} names no customer; give an id of this table")
    texts = customers.id_texts
    found = [row for row, text in enumerate(texts) if text == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise CustomerDataError(f"customer {wanted} stands in {len(found)} rows; keep one")
    loose = _loose(wanted)
    known = [text for text in texts if text is not None]
    alike = [text for text in known if _loose(text) == loose]
    near = (
        f"; did you mean {' or '.join(map(repr, alike[:_NAMED]))}?"
        if alike
        else did_you_mean(wanted, known[:_NEAR])
    )
    raise CustomerDataError(f"there is no customer {wanted} in this table{near}")


# -- ids that are nearly alike ---------------------------------------------------------------


def _visible(text: str) -> str:
    """Without blanks, what cannot be seen, and what a spreadsheet puts around a text."""
    text = _UNSEEN.sub("", text)
    if text.startswith('="') and text.endswith('"'):
        text = text[2:]
    return text.strip("\"'")


def _one_form(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)


def _as_number(text: str) -> str:
    """A text that is a number as that number is written: 00017, 17.0, +17 and 1,017."""
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "").replace("'", "")
    if not _NUMBER.fullmatch(text):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    written = format(number, "f") if number else "0"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _with_t(text: str) -> str:
    """A time with its T, whether a blank stood there or was taken out."""
    if not _TIME.fullmatch(text):
        return text
    return text[:10] + re.sub("^[t ]?(?=[0-9])", "t", text[10:]).replace(" ", "")


def _as_moment(text: str) -> str:
    """A day or time as it is in UTC, without needless zeros."""
    if not _TIME.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return text
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat().lower()


_KINDS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("without blanks and quotes", "write the ids alike in both tables", _visible),
    ("in another Unicode form", "write the ids alike in both tables", _one_form),
    ("in another case", "write the ids alike in both tables", str.casefold),
    (
        "as numbers, which lose leading zeros",
        "read the column {column!r} as text in both tables",
        lambda text: _as_number(text.lower()),
    ),
    (
        "as days or times that are written in another way",
        "write them alike in both tables, as text",
        lambda text: _as_moment(_with_t(text.lower())),
    ),
)
"""What may be lost of an id on its way through files and programs; what it is called; the way out.

The order matters: each step works on what the one before has left.
"""


def _loose(text: str) -> str:
    """An id without all that may be lost of it."""
    if text.isascii() and text.isalnum():  # nearly all of them
        if text.isdigit():
            return text.lstrip("0") or "0"
        text = text.lower()
        return _as_number(text) if text[0].isdigit() else text
    for _, _, step in _KINDS:
        text = step(text)
    return text


def _refuse_nearly_alike(
    here: Customers, there: Customers, texts: tuple[list[str], list[str]], found: Match, what: str
) -> None:
    """Refuse ids that nothing matches as they are, but something would after a change."""
    new = [texts[0][row] for row in np.flatnonzero(found.rows == NOT_THERE)]
    gone = [texts[1][row] for row in found.gone]
    # A number equals one text, but was perhaps another one before its zeros were lost.
    numbers = _numbers(here, texts[0]), _numbers(there, texts[1])
    has_texts = len(numbers[0]) < len(texts[0]), len(numbers[1]) < len(texts[1])
    pairs = _pairs(new, gone + (numbers[1] if has_texts[0] else []))
    turned = _pairs(gone, new + (numbers[0] if has_texts[1] else []))
    pairs |= {a: b for b, a in turned.items()}
    if not pairs:
        return
    named = [f"{_short(a)} here and {_short(b)} there" for a, b in list(pairs.items())[:_NAMED]]
    kind, remedy = _difference(*next(iter(pairs.items())))
    who = some_of(named, count=len(pairs))
    count = f"{len(pairs):,} customers are" if len(pairs) > 1 else "a customer is"
    raise CustomerDataError(
        f"column {here.customer!r}: {count} in {what} only {kind}: {who}; "
        f"{remedy.format(column=here.customer)}"
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= _LONG else f"{text[:_LONG]}...")


def _numbers(customers: Customers, texts: list[str]) -> list[str]:
    """Those of the ids that are numbers and no texts; none where all are texts."""
    dtype = getattr(customers.ids, "dtype", None)
    kind = getattr(dtype, "kind", "")  # of NumPy; other types say themselves whether
    if kind in ("i", "u", "f") or getattr(dtype, "is_numeric", bool)():
        return texts
    if kind == "U" or str(dtype) == "String":
        return []
    return [
        text for one, text in zip(customers.ids, texts, strict=True) if not isinstance(one, str)
    ]


def _pairs(some: list[str], others: list[str]) -> dict[str, str]:
    """Ids and their likes among others, to which they are not equal."""
    if not some or not others:
        return {}
    like = {_loose(one): one for one in others}
    pairs = {one: like[loose] for one in some if (loose := _loose(one)) in like}
    pairs = {one: other for one, other in pairs.items() if one != other}
    return pairs or _rounded_pairs(some, others)


def _rounded_pairs(some: list[str], others: list[str]) -> dict[str, str]:
    """Long numbers of which one table has the first digits only."""
    found: dict[str, str] = {}
    for cut, whole, turned in ((some, others, False), (others, some, True)):
        for digits, shortened in _shortened(cut).items():
            like = {key: one for one in whole if (key := _rounded(one, digits))}
            for one in shortened:
                other = like.get(_rounded(one, digits))
                if other is not None and other != one:
                    found |= {other: one} if turned else {one: other}
    return found


def _shortened(texts: Iterable[str]) -> dict[int, list[str]]:
    """Numbers that show only so many digits: 1.23457E+11, or zeros behind the fifteenth."""
    found: dict[int, list[str]] = {}
    long = [text for text in texts if text.isdigit() and len(text) > _DIGITS]
    if long and all(not text[_DIGITS:].strip("0") for text in long):
        found[_CUT] = long
    for text in texts:
        if "e" in text.lower() and _SCIENTIFIC.fullmatch(text.lower()):
            digits = len(text.lower().partition("e")[0].replace(".", ""))
            found.setdefault(digits, []).append(text)
    return found


def _rounded(text: str, digits: int) -> str:
    """A number of more digits, rounded; nothing for other texts."""
    if digits == _CUT:
        is_long = text.isdigit() and len(text) > _DIGITS
        return f"{text[:_DIGITS]}:{len(text)}" if is_long else ""
    return f"{Decimal(text):.{digits - 1}e}" if _NUMBER.fullmatch(text.lower()) else ""


def _difference(one: str, other: str) -> tuple[str, str]:
    """The one change after which two ids are alike, and what to do; else that there are several."""
    for kind, remedy, step in _KINDS:
        if step(one) == step(other):
            return kind, remedy
    if _loose(one) != _loose(other):
        return "as rounded numbers", "read the column {column!r} as text in both tables"
    return "after several changes", "write the ids alike in both tables, as text"
