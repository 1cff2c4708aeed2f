"""The sentences customers are shown, and values in their own units."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import floor, isfinite, log10
from typing import Any

from ahpvalue.support.texts import catalogue
from ahpvalue.support.texts import say as text

__all__ = ["customers_in_words", "rounded_outwards", "say", "value_text"]


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


def value_text(value: Any, unit: str = "", *, exact: bool = False) -> str:
    """A value with its unit, to four digits; a share as per cent; a category as it is.

    Parameters
    ----------
    value : float or str
    unit : str
    exact : bool
        Every digit is shown: what the text says, read back, is the value.

    Examples
    --------
    >>> value_text(1234.567, "cartons"), value_text(0.12345, "share"), value_text("A")
    ('1,235 cartons', '12.35 %', 'A')
    >>> value_text(1234.567, "cartons", exact=True), value_text(0.07, "share", exact=True)
    ('1,234.567 cartons', '7 %')
    """
    if isinstance(value, str):
        return value
    shown = _exactly if exact else _digits
    if unit == "share":
        return f"{shown(value, 100)} %"
    return f"{shown(value, 1)} {unit}".strip()


def rounded_outwards(value: float, side: int) -> float:
    """A score to two decimals: what is needed rounded up, what there is rounded down.

    Examples
    --------
    >>> rounded_outwards(75.001, 1), rounded_outwards(74.999, -1), rounded_outwards(75.0, 1)
    (75.01, 74.99, 75.0)
    """
    if not isfinite(value):
        return value
    written = Decimal(repr(value))
    rounding = ROUND_CEILING if side > 0 else ROUND_FLOOR
    return float(written.quantize(Decimal("0.01"), rounding))


def _exactly(value: float, factor: int) -> str:
    shown = round(value * factor, 10) if factor != 1 else value
    return _without_zeros(f"{Decimal(repr(float(shown))):,f}")


def _digits(value: float, factor: int) -> str:
    shown = value * factor
    if not isfinite(shown) or shown == 0:
        return f"{shown:g}"
    places = max(0, 3 - floor(log10(abs(shown))))
    return _without_zeros(f"{round(shown, places):,.{places}f}")


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
