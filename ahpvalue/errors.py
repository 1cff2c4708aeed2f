"""Every error and warning of the package, in one place.

::

    ValueError
    └── AhpValueError             anything this package refuses
        ├── ModelError            the model document: file, line and path of every problem
        ├── JudgmentError         a pairwise comparison matrix: every cell that is wrong
        ├── CustomerDataError     the customers' table: columns and customers
        └── MissingExtraError     an optional package is not installed (also an ImportError)

    UserWarning
    ├── ConsistencyWarning        judgments contradict each other more than the stated limit
    ├── CustomerDataWarning       a column is usable but not what one would expect
    │   └── FewCustomersWarning   a reference has few customers for what is drawn from it
    ├── DocumentWarning           a document of an older version; comments that cannot be kept
    └── EngineWarning             an engine will do it, but slowly or approximately

An error carries *all* the problems found, not the first one only. Each problem is one
sentence that says where it is, what is wrong, and what would be accepted.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log10
from numbers import Rational
from reprlib import Repr
from unicodedata import category

__all__ = [
    "AhpValueError",
    "ConsistencyWarning",
    "CustomerDataError",
    "CustomerDataWarning",
    "DocumentWarning",
    "EngineWarning",
    "FewCustomersWarning",
    "JudgmentError",
    "MissingExtraError",
    "ModelError",
    "Problem",
    "did_you_mean",
    "shown",
    "some_of",
    "warn",
]

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    text : str
        What is wrong and what would be accepted: one line, whatever it quotes.
    path : tuple of str or int
        Where in the document, e.g. ``("judgments", "comparisons", "value", "ann", 0, 1)``.
    file, line : str, int or None
        Where in a file, when the document came from one.
    at_key : bool
        The problem is the key itself (an unknown one, say), not the value behind it.
    """

    text: str
    path: Path = ()
    file: str | None = None
    line: int | None = None
    at_key: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _one_line(self.text))
        if self.file is not None:
            object.__setattr__(self, "file", _one_line(self.file))

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}"
        return ": ".join(part for part in (place, dotted(self.path), self.text) if part)

    def under(self, *prefix: str | int) -> Problem:
        """The same problem, seen from further up the document."""
        return replace(self, path=(*prefix, *self.path))


def dotted(path: Iterable[str | int]) -> str:
    """``("bands", "edges", 2)`` -> ``"bands.edges[2]"``: a path as people write it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if isinstance(part, str) else str(part)
            if not (name.isprintable() and len(name) <= _LONGEST_SHOWN):
                name = shown(name)
            text += f".{name}" if text else name
    return text


_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """A value as a message shows it: short and on one line, whatever it is.

    Examples
    --------
    >>> shown("no"), shown(None), shown(10**5000), shown(list(range(1000)))
    ("'no'", 'nothing', 'a number of 5,001 digits', '[0, 1, 2, 3, 4, 5, ...]')
    """
    if value is None:
        return "nothing"
    if isinstance(value, int) and abs(value) >= _MANY_DIGITS:
        return f"a number of {int(log10(abs(value))) + 1:,} digits"
    try:
        text = repr(value[: _LONGEST_SHOWN + 2]) if isinstance(value, str) else _within(value)
    except Exception:  # whatever somebody's object does when it is to be written
        return f"a value of the type {type(value).__name__}"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def _one_line(text: str) -> str:
    """A text without control characters, and with the middle of what is endless left out."""
    if not text.isprintable():
        text = "".join(char if _can_stand(char) else _escaped(char) for char in text)
    if len(text) <= _LONGEST_LINE:
        return text
    text = _LONG_WORD.sub(lambda word: word[0][:_LONGEST_SHOWN] + "...", text)
    if len(text) <= _LONGEST_LINE:
        return text
    return f"{text[: _LONGEST_LINE // 2]} ... {text[-_LONGEST_LINE // 3 :]}"


def _can_stand(char: str) -> bool:
    return char.isprintable() or category(char) == "Zs"


def _escaped(char: str) -> str:
    return repr(char)[1:-1]


_LONGEST_LINE = 800
_LONG_WORD = re.compile(r"\S{200,}")
_MANY_DIGITS = 10**30


def _within(value: object) -> str:
    return str(value) if isinstance(value, (int, float, Rational)) else _REPR.repr(value)


_REPR = Repr()


class AhpValueError(ValueError):
    """Anything this package refuses.

    Attributes
    ----------
    problems : tuple of Problem
        Everything found wrong; the message has one line for each.
    """

    def __init__(self, problems: str | Problem | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(self._line, self.problems)))

    def _line(self, problem: Problem) -> str:
        return str(problem)


class ModelError(AhpValueError):
    """The model document cannot be used as it is written."""


class JudgmentError(AhpValueError):
    """A pairwise comparison matrix cannot be used; the path of a problem is its cell."""

    def _line(self, problem: Problem) -> str:
        cell = problem.path
        if not cell or not all(isinstance(part, int) for part in cell):
            return str(problem)
        names = ("row", "column") if len(cell) == 2 else ("row",)
        place = ", ".join(f"{n} {int(k) + 1}" for n, k in zip(names, cell, strict=False))
        return f"{place}: {problem.text}"


class CustomerDataError(AhpValueError):
    """The customers' table cannot be scored; names the column and the customers."""


class MissingExtraError(AhpValueError, ImportError):
    """An optional package is needed and not installed; says which extra brings it."""


class ConsistencyWarning(UserWarning):
    """Judgments contradict each other more than the stated limit allows."""


class CustomerDataWarning(UserWarning):
    """A column of the customers' table is usable but not what one would expect."""


class FewCustomersWarning(CustomerDataWarning):
    """A reference has too few customers for the percentiles, groups or shares drawn from it."""


class DocumentWarning(UserWarning):
    """A document of an older version, or one whose comments cannot be kept; says what to do."""


class EngineWarning(UserWarning):
    """A data engine will do what was asked, but slowly or approximately; says what to do."""


def warn(text: str, category: type[UserWarning]) -> None:
    """Warn, pointing at the caller's own line whatever way it came through the package."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__")):
        level, frame = level + 1, frame.f_back
    warnings.warn(text, category, stacklevel=level)


def _is_ours(module: object) -> bool:
    return str(module).partition(".")[0] == "ahpvalue"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``"; did you mean 'sales'?"`` when a known name is near, else a list of what there is."""
    from difflib import get_close_matches  # 10 ms, and only needed when something is wrong

    known = [str(k) for k in known]
    # Its time is the product of both lengths: nobody misspells what is longer than a name.
    near = get_close_matches(str(name)[:_LONGEST_COMPARED], known[:_MOST_COMPARED], 1, 0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    if not known:
        return ""
    return f"; known here: {some_of(known, 12)}"


_LONGEST_COMPARED, _MOST_COMPARED = 200, 1_000


def some_of(names: Sequence[object], most: int = 3, count: int | None = None) -> str:
    """``"C1, C2, C3 and 12 more"``: the first names of a list.

    Parameters
    ----------
    names : sequence
    most : int
        How many are shown.
    count : int, optional
        How many there are, where `names` does not hold them all.

    Examples
    --------
    >>> some_of(["C1", "C2", "C3", "C4"]), some_of(["C1", "C2"], count=1_002)
    ('C1, C2, C3 and 1 more', 'C1, C2 and 1,000 more')
    """
    shown = [str(name) for name in names[:most]]
    more = (len(names) if count is None else count) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
