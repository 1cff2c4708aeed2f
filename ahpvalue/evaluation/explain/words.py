"""The sentences customers are shown, and values in their own units."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import Any

from ahpvalue.support.texts import catalogue
from ahpvalue.support.texts import say as text

__all__ = ["customers_in_words", "say", "value_text"]


def say(language: str, sentence: str, **parts: Any) -> str:
    """A sentence for the customer in a language.

    Raises
    ------
    AhpValueError
        There are no texts in this language.
    """
    if "status" in parts:
        names = catalogue("STATUS", language)
        parts["status"] = names.get(parts["status"], parts["status"])
    return text("CUSTOMER", language, sentence, **parts)


def customers_in_words(count: int) -> str:
    """A number of customers, as in a title.

    Examples
    --------
    >>> customers_in_words(1), customers_in_words(1907)
    ('1 customer', '1,907 customers')
    """
    return f"{count:,} customer{'' if count == 1 else 's'}"


def value_text(value: Any, unit: str = "", towards: float | None = None) -> str:
    """A value with its unit, to four digits; a share as per cent; a category as it is.

    Parameters
    ----------
    value : float or str
    unit : str
    towards : float, optional
        When given, the last digit shown is rounded away from this value, so that whoever
        follows the advice to the letter does enough.

    Examples
    --------
    >>> value_text(1234.567, "cartons"), value_text(0.12345, "share"), value_text("A")
    ('1,235 cartons', '12.35 %', 'A')
    >>> value_text(142.3871, "cartons", towards=100), value_text(0.9, towards=5)
    ('142.4 cartons', '0.9')
    >>> value_text(7.999999999999999, "days", towards=14)  # 8 is not below 8
    '7.999 days'
    """
    if isinstance(value, str):
        return value
    if unit == "share":
        return f"{_digits(value, towards, 100)} %"
    return f"{_digits(value, towards)} {unit}".strip()


def _digits(value: float, towards: float | None, factor: int = 1) -> str:
    shown = value * factor
    if not isfinite(shown) or shown == 0:
        return f"{shown:g}"
    places = max(0, 3 - floor(log10(abs(shown))))
    if towards is None:
        shown = round(shown, places)
    else:
        shown = _enough(value, 1 if value > towards else -1, places, factor)
    text = f"{shown:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _enough(value: float, side: int, places: int, factor: int) -> float:
    """The rounded value on a value or beyond it: at an open edge a last bit decides."""
    scale = 10.0**places
    whole = round(value * factor * scale)
    while side * (whole / scale / factor - value) < 0:
        whole += side
    return whole / scale
