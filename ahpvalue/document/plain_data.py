"""A document given as Python data, in the types that a document has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ahpvalue.document.fields import Part
from ahpvalue.errors import ModelError, Path, Problem
from ahpvalue.support.limits import DEEPEST, MOST_VALUES

__all__ = ["as_plain_data"]

_AS_THEY_ARE = (str, bool, int, float, Fraction, type(None))


def as_plain_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings, lists, texts and numbers: NumPy's, decimals and days become what YAML would hold.

    Raises
    ------
    ModelError
        Something else is in it, or more than a document may hold (`ahpvalue.support.limits`).

    Examples
    --------
    >>> from decimal import Decimal
    >>> import numpy as np
    >>> as_plain_data({"edges": np.array([1, 2]), "share": Decimal("0.20")})
    {'edges': [1, 2], 'share': 0.2}
    """
    reader = _Reader()
    plain: dict[str, Any] = reader.read(data, ())
    if reader.problems:
        raise ModelError(reader.problems)
    return plain


class _Reader:
    def __init__(self) -> None:
        self.count = 0
        self.problems: list[Problem] = []

    def read(self, value: Any, path: Path) -> Any:
        self._count(path)
        if type(value) in _AS_THEY_ARE or isinstance(value, Part):
            return value
        if isinstance(value, Mapping):
            return {self._key(key, path): self.read(v, (*path, key)) for key, v in value.items()}
        if isinstance(value, (list, tuple)):
            items = [self.read(item, (*path, k)) for k, item in enumerate(value)]
            return items if isinstance(value, list) else tuple(items)
        return self._other(value, path)

    def _count(self, path: Path) -> None:
        self.count += 1
        if len(path) > DEEPEST:
            raise ModelError(Problem("is nested too deeply to be a model", path[:3]))
        if self.count > MOST_VALUES:
            raise ModelError(f"a document holds at most {MOST_VALUES:,} keys and values")

    def _key(self, key: Any, path: Path) -> Any:
        if isinstance(key, str):
            return str(key)
        if not isinstance(key, (int, tuple)):
            kind = type(key).__name__
            self.problems.append(Problem(f"a key is text, not a value of the type {kind}", path))
        return key

    def _other(self, value: Any, path: Path) -> Any:
        """What Python has and YAML has not."""
        for kind in (str, int, Fraction):  # enumerations, NumPy's text
            if isinstance(value, kind):
                return kind(value)
        if isinstance(value, Decimal):
            whole = value.is_finite() and value.adjusted() < 15 and value == int(value)
            return int(value) if whole else float(value)
        if isinstance(value, date):
            return value.isoformat()
        if type(value).__name__ in ("NAType", "NaTType"):
            return None
        array = getattr(value, "values", value)  # a matrix of the library, a column of pandas
        plain = array.tolist() if hasattr(array, "tolist") else array
        if type(plain) is type(value) or isinstance(plain, Mapping):
            return self._number(value, path)
        return self.read(plain, path)

    def _number(self, value: Any, path: Path) -> Any:
        if isinstance(value, float) or type(value).__name__ in ("longdouble", "float128"):
            return float(value)
        kind = type(value).__name__
        text = f"a document holds text, numbers, lists and mappings, not a value of the type {kind}"
        self.problems.append(Problem(text, path))
        return None
