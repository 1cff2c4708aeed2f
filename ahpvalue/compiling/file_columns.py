"""What the columns of a customers' table hold: decided by the model, never by the file."""

from __future__ import annotations

from ahpvalue.document import Condition, ModelDocument, list_rules
from ahpvalue.scoring import ColumnType

__all__ = ["column_types"]


def column_types(document: ModelDocument) -> dict[str, ColumnType]:
    """Every column that the model names, and what it holds.

    Returns
    -------
    dict of str to {"id", "value", "number", "text"}
        The ids; the ``value`` of an indicator; a ``number`` that only rules ask for; a ``text``:
        categories, what peers have in common, what a rule compares with texts. A text stays as
        it is written: ``01`` is not ``1``.
    """
    asked: dict[str, list[Condition]] = {}
    for _, rule in list_rules(document):
        for name, condition in (one for alternative in rule for one in alternative.items()):
            asked.setdefault(name, []).append(condition)
    found: dict[str, ColumnType] = {
        name: "number" if _is_number(conditions) else "text" for name, conditions in asked.items()
    }
    found |= dict.fromkeys(document.peers.by if document.peers is not None else (), "text")
    for name, indicator in document.indicators.items():
        found[indicator.column or name] = "value" if indicator.categories is None else "text"
    return found | {document.customer: "id"}


def _is_number(conditions: list[Condition]) -> bool:
    """Whether rules set limits to a column, or compare it with numbers only."""
    if any(
        limit is not None
        for one in conditions
        for limit in (one.at_least, one.above, one.at_most, one.below)
    ):
        return True
    values = [value for one in conditions for value in (*one.equals, *one.differs)]
    return bool(values) and not any(isinstance(value, str) for value in values)
