"""Reading judgments: numbers and exact fractions, triangles, pairs -> one square array.

A missing judgment is NaN. Nothing is filled in but the reciprocal of a judgment given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isinf, isnan, isqrt, nan
from numbers import Integral, Real
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, Problem, did_you_mean, shown

__all__ = [
    "RECIPROCITY",
    "from_full",
    "from_pairs",
    "from_triangle",
    "pairs_can_be_named",
    "read_fraction",
    "read_judgment",
]

RECIPROCITY = 1e-6
"""How far a_ij * a_ji may be from 1; a third written with seven digits passes."""

_LARGEST = 10**12
# Short exponents only: Fraction("1e99999999") would write out all its digits.
_WRITTEN = re.compile(
    r"[-+]?(\d{1,40}/\d{1,40}|(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,2})?)"
)
_MISSING_TEXTS = ("", "?")
Array = NDArray[np.float64]


def read_judgment(value: object) -> float:
    """One judgment as a float: 3, 0.2, "1/3", Fraction(1, 3); None, NaN and "?" are missing.

    Raises
    ------
    ValueError
        Not a number, not finite, or not above zero; the text says what would be.
    """
    return _with_reciprocal(value)[0]


def _with_reciprocal(value: object) -> tuple[float, float]:
    """A judgment and its reciprocal, each the float nearest to the exact fraction."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return nan, nan
    if isinstance(value, str) and value.strip() in _MISSING_TEXTS:
        return nan, nan
    number = _number(value)
    if isinstance(number, float) and isnan(number):
        return nan, nan
    if isinstance(number, float) and isinf(number):
        raise ValueError("a judgment is a finite number")
    size: Any = abs(number)
    if size > _LARGEST or 0 < size * _LARGEST < 1:
        raise ValueError(f"a judgment lies between 1/{_LARGEST:g} and {_LARGEST:g}")
    if number == 0:
        raise ValueError("a judgment is above 0; leave a missing one out or write null")
    if number < 0:
        turned = f"; if the second item is the stronger, write 1/{-number}" if number <= -1 else ""
        raise ValueError(f"a judgment is above 0, not {float(number):g}{turned}")
    if isinstance(number, Fraction):
        return float(number), float(1 / number)
    whole = round(1 / number)
    return number, float(whole) if whole and 1 / whole == number else 1 / number


def read_fraction(text: str) -> Fraction | None:
    """The number that a text writes (``3``, ``0.25``, ``1/3``), exactly; None for any other text.

    Examples
    --------
    >>> read_fraction("0.25"), read_fraction("1/3"), read_fraction("1/0")
    (Fraction(1, 4), Fraction(1, 3), None)
    """
    try:
        return Fraction(text) if _WRITTEN.fullmatch(text) else None
    except ZeroDivisionError:
        return None


def _number(value: object) -> Fraction | float:
    """The exact fraction where one was written, else the float that was given."""
    try:
        written = read_fraction(value.replace(" ", "")) if isinstance(value, str) else None
        if written is not None:
            return written
        if isinstance(value, (Integral, Fraction)) and not isinstance(value, bool):
            return Fraction(value)
        if isinstance(value, (Real, Decimal, np.floating)) and not isinstance(value, bool):
            return float(value)
    except ValueError:
        pass
    raise ValueError(
        f"{shown(value)} is not a judgment; write a number such as 3 or a fraction such as 1/3"
    )


def from_full(rows: Sequence[Sequence[Any]] | Array, tolerance: float | None) -> Array:
    """A full matrix, checked: square, unit diagonal, positive, reciprocal.

    Of two entries that are reciprocal within the tolerance the one above 1 is kept and the
    other computed from it. A pair given on one side only is given.
    """
    if tolerance is not None and not (_is_number(tolerance) and 0 <= float(tolerance) < 1):
        raise JudgmentError(f"a tolerance is a number from 0 to below 1, not {tolerance!r}")
    if getattr(rows, "ndim", 2) != 2:
        raise JudgmentError("a matrix has rows and columns")
    if isinstance(rows, np.ndarray) and rows.dtype.kind in "fiu":
        rows = rows.tolist()
    within = RECIPROCITY if tolerance is None else float(tolerance)
    plain = _plain(rows, within)
    if plain is not None:
        return plain
    n = len(rows)
    given = _Given(n)
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != n:
            raise JudgmentError(
                Problem(
                    f"a matrix over {n} items has {n} rows of {n} judgments; this row has "
                    f"{len(row) if hasattr(row, '__len__') else 'none'}",
                    (i,),
                )
            )
        for j, value in enumerate(row):
            given.put(i, j, value, (i, j))
    given.problems += _diagonal_problems(given.values)
    given.problems += _reciprocity_problems(given.values, within)
    return given.matrix()


def _plain(rows: Any, tolerance: float) -> Array | None:
    """A full matrix of plain numbers without fault, as `_Given` makes it; None for any other.

    Most matrices are such, and reading one number by one takes ten times as long.
    """
    n = len(rows)
    for row in rows:
        if type(row) not in (list, tuple) or len(row) != n:
            return None
        if not all(type(value) in (int, float) for value in row):
            return None
    whole = [[1.0] * n for _ in rows]
    for i, row in enumerate(rows):
        if row[i] != 1:
            return None
        for j in range(i + 1, n):
            above, below = row[j], rows[j][i]
            if min(above, below) * _LARGEST < 1:
                return None
            if max(above, below) > _LARGEST or not abs(above * below - 1) <= tolerance:
                return None
            small = below > above
            whole[i][j] = 1 / below if small else above
            whole[j][i] = below if small else 1 / above
    return np.array(whole, dtype=np.float64)


def from_triangle(values: Sequence[Any], n: int | None = None) -> Array:
    """The judgments above the diagonal, flat or row by row (n-1 of them, then n-2, ...)."""
    if not _is_row(values):
        raise JudgmentError("an upper triangle is a list of judgments, or of rows of them")
    by_row = any(_is_row(value) for value in values)
    flat: list[tuple[Any, tuple[int, ...]]] = []
    if by_row:
        n = len(values) + 1 if n is None else n
        if len(values) != n - 1:
            raise JudgmentError(
                f"the upper triangle over {n} items has {n - 1} rows, not {len(values)}"
            )
        for i, row in enumerate(values):
            count = len(row) if _is_row(row) else 0
            if count != n - 1 - i:
                raise JudgmentError(
                    Problem(
                        f"row {i + 1} of an upper triangle over {n} items has {n - 1 - i} "
                        f"judgments, not {count}",
                        (i,),
                    )
                )
            flat += [(value, (i, j)) for j, value in enumerate(row)]
    else:
        n = _items_of_triangle(len(values)) if n is None else n
        if len(values) != n * (n - 1) // 2:
            raise JudgmentError(
                f"the upper triangle over {n} items has {n * (n - 1) // 2} judgments, "
                f"not {len(values)}"
            )
        flat = [(value, (k,)) for k, value in enumerate(values)]
    given = _Given(n)
    cells = zip(*(index.tolist() for index in np.triu_indices(n, 1)), strict=True)
    for (i, j), (value, path) in zip(cells, flat, strict=True):
        given.put(i, j, value, path)
    return given.matrix()


def from_pairs(
    pairs: Mapping[Any, Any] | Iterable[tuple[str, str, Any]], labels: Sequence[str] | None
) -> tuple[tuple[str, ...], Array]:
    """Named pairs: ``{("a", "b"): 3}``, ``{"a vs b": 3}`` or ``[("a", "b", 3)]``.

    Labels left out are taken from the pairs in order of first mention. A pair left out is
    missing; a pair given twice, in either direction, is refused.
    """
    problems: list[Problem] = []
    triples = _triples(pairs, problems)
    if labels is None:
        labels = tuple(dict.fromkeys(name for a, b, *_ in triples for name in (a, b)))
    index = {label: k for k, label in enumerate(labels)}
    given = _Given(len(labels))
    first: dict[frozenset[str], tuple[str, str, float]] = {}
    for a, b, value, path in triples:
        unknown = [name for name in (a, b) if name not in index]
        for name in unknown:
            text = f"{name!r} is not compared here{did_you_mean(name, labels)}"
            problems.append(Problem(text, path, at_key=True))
        if unknown:
            continue
        if a == b:
            problems.append(Problem(f"{a!r} is compared with itself", path, at_key=True))
            continue
        before = first.get(frozenset((a, b)))
        if before is not None:
            problems.append(Problem(_twice(a, b, value, before), path, at_key=True))
            continue
        given.put(index[a], index[b], value, path)
        first[frozenset((a, b))] = (a, b, float(given.values[index[a], index[b]]))
    given.problems = problems + given.problems
    return tuple(labels), given.matrix()


def pairs_can_be_named(labels: Sequence[str]) -> bool:
    """Whether ``a vs b`` reads back as the same two items, for all of them."""
    return not any(" vs " in f" {label} " or label != label.strip() for label in labels)


def _triples(pairs: Any, problems: list[Problem]) -> list[tuple[str, str, Any, tuple[Any, ...]]]:
    """First name, second name, judgment and path of every pair that is one."""
    entries: list[tuple[tuple[str, str] | None, Any, tuple[Any, ...]]]
    if not isinstance(pairs, Iterable) or isinstance(pairs, str):
        raise JudgmentError("judgments are a mapping of pairs, or a list of (name, name, judgment)")
    if isinstance(pairs, Mapping):
        entries = [(_names(key), value, (_shown(key),)) for key, value in pairs.items()]
    else:
        entries = [
            (_names(entry[:2]), entry[2], (k,)) if _is_triple(entry) else (None, entry, (k,))
            for k, entry in enumerate(pairs)
        ]
    triples = []
    for names, value, path in entries:
        if names is None:
            written = path[0] if isinstance(path[0], str) else value
            text = f"{written!r} is not a pair; write two names, such as 'sales vs credit'"
            problems.append(Problem(text, path, at_key=True))
        else:
            triples.append((*names, value, path))
    return triples


def _is_triple(entry: object) -> bool:
    return _is_row(entry) and len(entry) == 3  # type: ignore[arg-type]  # a row has a length


def _names(key: object) -> tuple[str, str] | None:
    if isinstance(key, str):
        first, sign, second = key.partition(" vs ")
        return (first.strip(), second.strip()) if sign and " vs " not in second else None
    if isinstance(key, (list, tuple)) and len(key) == 2 and all(isinstance(k, str) for k in key):
        return key[0], key[1]
    return None


def _shown(key: object) -> str:
    names = _names(key)
    return key if isinstance(key, str) else str(key) if names is None else " vs ".join(names)


def _twice(a: str, b: str, value: object, before: tuple[str, str, float]) -> str:
    text = f"{a} vs {b} is given twice; it already stands as {before[0]} vs {before[1]}"
    try:
        now = read_judgment(value)
    except ValueError:
        return text
    if (a, b) != before[:2]:
        now = 1 / now
    if not np.isclose(now, before[2], rtol=RECIPROCITY, atol=0):
        return text + f" with another answer ({before[2]:.4g} against {now:.4g}); keep one"
    return text + "; keep one"


def _is_number(value: object) -> TypeGuard[Real]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_row(value: object) -> bool:
    return isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str)


def _items_of_triangle(count: int) -> int:
    n = (1 + isqrt(1 + 8 * count)) // 2
    if n * (n - 1) // 2 != count:
        raise JudgmentError(
            f"{count} judgments do not fill an upper triangle; 1, 3, 6, 10, 15, ... do "
            "(2, 3, 4, 5, 6, ... items)"
        )
    return n


class _Given:
    """The judgments as they were given, and beside each its exact reciprocal."""

    def __init__(self, n: int) -> None:
        self.values = np.full((n, n), np.nan)
        self.reciprocals = np.full((n, n), np.nan)
        np.fill_diagonal(self.values, 1.0)
        self.problems: list[Problem] = []

    def put(self, i: int, j: int, value: object, path: tuple[Any, ...]) -> None:
        try:
            self.values[i, j], self.reciprocals[j, i] = _with_reciprocal(value)
        except ValueError as wrong:
            self.problems.append(Problem(str(wrong), path))

    def matrix(self) -> Array:
        """The whole matrix, or a `JudgmentError` with every cell at fault.

        Of a pair the entry above 1 is kept (or computed exactly from a fraction below 1) and
        the other is its reciprocal. What is missing on both sides stays NaN.
        """
        if self.problems:
            raise JudgmentError(self.problems)
        filled = np.where(np.isnan(self.values), self.reciprocals, self.values)
        rows, columns = np.triu_indices(len(filled), 1)
        above, below = filled[rows, columns], filled[columns, rows]
        whole = np.eye(len(filled))
        whole[rows, columns] = np.where(below > above, 1 / below, above)
        whole[columns, rows] = np.where(below > above, below, 1 / above)
        return whole


def _diagonal_problems(given: Array) -> list[Problem]:
    return [
        Problem(f"an item compared with itself is 1, not {value:g}", (k, k))
        for k, value in enumerate(np.diagonal(given))
        if not np.isnan(value) and value != 1
    ]


def _reciprocity_problems(given: Array, tolerance: float) -> list[Problem]:
    product = given * given.T
    wrong = np.argwhere(np.triu(np.abs(product - 1) > tolerance, 1))
    problems = []
    for i, j in wrong.tolist():
        larger, smaller = max(given[i, j], given[j, i]), min(given[i, j], given[j, i])
        text = (
            f"{given[i, j]:.6g} here and {given[j, i]:.6g} in row {j + 1}, column {i + 1} are "
            "not reciprocal"
        )
        if larger > 1 and abs(larger * smaller - 1) < 0.1:
            text += f"; write the fraction 1/{larger:.6g} instead of {smaller:.6g}"
        else:
            text += f"; {given[i, j]:.6g} goes with 1/{given[i, j]:.6g}"
        problems.append(Problem(text, (i, j)))
    return problems
