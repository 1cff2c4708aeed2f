"""Which column of the lines plays which part, and whether it can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from ahpvalue.errors import CustomerDataError, Problem, did_you_mean
from ahpvalue.transactions.dates import date_advice

__all__ = ["Roles"]

_VALUES = ("amount", "quantity", "price", "cost")
_RULE = (
    "a column of true and false, or a narwhals expression: nw.col('invoice').str.starts_with('C')"
)


@dataclass(frozen=True)
class Roles:
    """Which column plays which part; None for those that are not there.

    ``is_return`` may also be a narwhals expression.
    """

    customer: str
    date: str
    amount: str | None = None
    quantity: str | None = None
    price: str | None = None
    order: str | None = None
    product: str | None = None
    cost: str | None = None
    region: str | None = None
    is_return: Any = None

    def __post_init__(self) -> None:
        if self.amount is None and not (self.quantity and self.price):
            raise CustomerDataError(
                "amount: name the column with each line's value, or those with its quantity and "
                "its price, whose product it is then"
            )

    def columns(self) -> dict[str, str]:
        """Role to column, for the roles that a column plays."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {role: column for role, column in pairs if isinstance(column, str)}

    def values(self) -> dict[str, str]:
        """Role to column, for those that hold numbers."""
        return {role: column for role, column in self.columns().items() if role in _VALUES}

    def needed(self) -> list[str]:
        """The roles that every line must have; cost and region may be missing here and there."""
        given = ("amount",) if self.amount else ("price",)
        named = [role for role in ("quantity", "order", "product") if getattr(self, role)]
        return ["date", *given, *named, "is_return"]

    def place(self, role: str) -> str:
        """A role as messages name it, with its column."""
        column = getattr(self, role)
        return f"column {column!r} ({role})" if isinstance(column, str) else role

    def check(self, schema: Any) -> None:
        """Refuse a table that lacks a column or holds something else in it.

        Raises
        ------
        CustomerDataError
            Lists every column that is not there, or else every one of the wrong type.
        """
        absent = [
            Problem(f"there is no column {column!r} ({role}){did_you_mean(column, schema)}")
            for role, column in self.columns().items()
            if column not in schema
        ]
        day = None if absent else date_advice(schema[self.date], self.place("date"))
        problems = absent or [*([day] if day else []), *self._type_problems(schema)]
        if problems:
            raise CustomerDataError(problems)

    def _type_problems(self, schema: Any) -> Iterable[Problem]:
        import narwhals as nw

        for role, column in self.values().items():
            if not (schema[column].is_numeric() or schema[column] == nw.Object):
                yield Problem(f"{self.place(role)}: holds {schema[column]}; convert it to numbers")
        rule = self.is_return
        if isinstance(rule, str) and schema[rule] != nw.Boolean:
            yield Problem(f"{self.place('is_return')}: holds {schema[rule]}; give {_RULE}")
        elif not (rule is None or isinstance(rule, (str, nw.Expr))):
            yield Problem(f"is_return: {type(rule).__name__} is no rule; give {_RULE}")
