"""The texts that people read, in every language: one module of catalogues per language.

A language is added by a copy of ``en.py`` under the language's own name. Every language has
the same keys with the same placeholders, which a test checks.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ahpvalue.errors import AhpValueError

__all__ = ["LANGUAGES", "catalogue", "check_language", "say"]

LANGUAGES = tuple(sorted(module.name for module in iter_modules(__path__)))
"""The languages there are texts in."""


def check_language(language: str) -> None:
    """Refuse a language without texts.

    Raises
    ------
    AhpValueError
        Lists the languages.
    """
    if language not in LANGUAGES:
        raise AhpValueError(
            f"there are no texts in the language {language!r}; the languages are "
            f"{' and '.join(LANGUAGES)}"
        )


def catalogue(name: str, language: str) -> dict[str, Any]:
    """The texts of one kind (``REVIEW``, ``QUESTIONNAIRE``, ``CUSTOMER``, ``STATUS``).

    Raises
    ------
    AhpValueError
        There are no texts in this language.
    """
    check_language(language)
    return getattr(import_module(f"{__name__}.{language}"), name)


def say(name: str, language: str, key: str, **parts: object) -> str:
    """One text with its parts filled in.

    Examples
    --------
    >>> say("CUSTOMER", "zh", "tier", tier="核心客户")
    '您的等级为核心客户。'
    """
    text: str = catalogue(name, language)[key]
    return text.format(**parts)
