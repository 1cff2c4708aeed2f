"""Plans in SQL: for DuckDB and Spark as executed, for other databases as text.

Numbers are written with an exponent: without one they would be DECIMAL, and DECIMAL times
DECIMAL overflows. Written so, every bit of a number is kept. Curves are CASE, which is exact at
the knots and, in DuckDB, several times as fast as greatest and least.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

import numpy as np

from ahpvalue.errors import ModelError, did_you_mean
from ahpvalue.scoring.lazy.stages import Stage
from ahpvalue.support.extras import need

__all__ = [
    "DIALECTS",
    "Sql",
    "SqlTerm",
    "in_dialect",
    "projections",
    "refuse_no_table",
    "select_statement",
]

DIALECTS = ("duckdb", "spark", "databricks", "postgres", "bigquery", "snowflake")
"""The kinds of SQL a plan can be written in."""

_ATOM, _PRODUCT, _SUM, _COMPARISON, _NOT, _AND, _OR = range(7)
_TYPES = {"number": "DOUBLE", "whole": "BIGINT", "text": "VARCHAR"}


@dataclass(frozen=True, eq=False)
class SqlTerm:
    """A piece of SQL, and how tightly it holds together."""

    text: str
    tie: int = _ATOM

    def within(self, tie: int) -> str:
        """The text, in parentheses where it holds together less tightly than needed."""
        return self.text if self.tie <= tie else f"({self.text})"

    def joined(self, sign: str, other: SqlTerm, tie: int, right: int) -> SqlTerm:
        """Two terms with a sign between them."""
        return SqlTerm(f"{self.within(tie)} {sign} {other.within(right)}", tie)

    def __add__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("+", other, _SUM, _PRODUCT)

    def __sub__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("-", other, _SUM, _PRODUCT)

    def __mul__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("*", other, _PRODUCT, _ATOM)

    def __lt__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("<", other, _COMPARISON, _SUM)

    def __le__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("<=", other, _COMPARISON, _SUM)

    def __gt__(self, other: SqlTerm) -> SqlTerm:
        return self.joined(">", other, _COMPARISON, _SUM)

    def __ge__(self, other: SqlTerm) -> SqlTerm:
        return self.joined(">=", other, _COMPARISON, _SUM)

    __hash__ = None  # type: ignore[assignment]  # == makes a comparison, as in narwhals

    def __eq__(self, other: object) -> Any:
        assert isinstance(other, SqlTerm)
        return self.joined("=", other, _COMPARISON, _SUM)

    def __and__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("AND", other, _AND, _AND)

    def __or__(self, other: SqlTerm) -> SqlTerm:
        return self.joined("OR", other, _OR, _OR)

    def __invert__(self) -> SqlTerm:
        return SqlTerm(f"NOT {self.within(_ATOM)}", _NOT)


class Sql:
    """The `Language` of DuckDB and Spark.

    Parameters
    ----------
    spark : bool
        Whether names stand in backticks and texts know backslashes, as in Spark.
    """

    def __init__(self, spark: bool = False) -> None:
        self.spark = spark

    def name(self, name: str) -> str:
        """A column's name, whatever it is made of."""
        mark = "`" if self.spark else '"'
        return mark + name.replace(mark, mark * 2) + mark

    def column(self, name: str) -> SqlTerm:
        """A column of the stage before."""
        return SqlTerm(self.name(name))

    def number(self, value: float) -> SqlTerm:
        """A number in double precision, every bit kept."""
        if value == inf:
            return self._cast("'Infinity'", "number")
        return SqlTerm(np.format_float_scientific(value, unique=True, trim="0"))

    def text(self, value: str) -> SqlTerm:
        """A text."""
        if self.spark:
            return SqlTerm("'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'")
        return SqlTerm("'" + value.replace("'", "''") + "'")

    def boolean(self, value: bool) -> SqlTerm:
        """True or false."""
        return SqlTerm("TRUE" if value else "FALSE")

    def nothing(self, kind: Literal["number", "whole", "text"]) -> SqlTerm:
        """A missing value."""
        return self._cast("NULL", kind)

    def _cast(self, text: str, kind: str) -> SqlTerm:
        name = "STRING" if self.spark and kind == "text" else _TYPES[kind]
        return SqlTerm(f"CAST({text} AS {name})")

    def as_number(self, term: SqlTerm) -> SqlTerm:
        """In double precision."""
        return self._cast(term.text, "number")

    def as_text(self, term: SqlTerm) -> SqlTerm:
        """As the engine writes it."""
        return self._cast(term.text, "text")

    def is_missing(self, term: SqlTerm) -> SqlTerm:
        """True where there is no value."""
        return SqlTerm(f"{term.within(_SUM)} IS NULL", _COMPARISON)

    def is_nan(self, term: SqlTerm) -> SqlTerm:
        """True where a number is NaN."""
        return SqlTerm(f"isnan({term.text})")

    def log(self, term: SqlTerm) -> SqlTerm:
        """The natural logarithm."""
        return SqlTerm(f"ln({term.text})")

    def divided(self, term: SqlTerm, by: SqlTerm) -> SqlTerm:
        """A quotient."""
        return term.joined("/", by, _PRODUCT, _ATOM)

    def choose(self, branches: Sequence[tuple[SqlTerm, SqlTerm]], otherwise: SqlTerm) -> SqlTerm:
        """The value behind the first condition that holds."""
        cases = " ".join(f"WHEN {holds.text} THEN {value.text}" for holds, value in branches)
        return SqlTerm(f"CASE {cases} ELSE {otherwise.text} END")

    def rank(self, of: str, descending: bool, within: str | None) -> SqlTerm:
        """The place of a column's values from 1; missing ones come last."""
        order = f"ORDER BY {self.name(of)} {'DESC' if descending else 'ASC'} NULLS LAST"
        return SqlTerm(f"rank() OVER ({self._partition(within)} {order})")

    def alike(self, of: str, within: str | None) -> SqlTerm:
        """How many rows have the same value."""
        by = self._partition(within)
        by = f"{by}, {self.name(of)}" if by else f"PARTITION BY {self.name(of)}"
        return SqlTerm(f"count(*) OVER ({by})")

    def held(self, of: str, within: str | None) -> SqlTerm:
        """How many rows have a value."""
        return SqlTerm(f"count({self.name(of)}) OVER ({self._partition(within)})")

    def _partition(self, within: str | None) -> str:
        return f"PARTITION BY {self.name(within)}" if within else ""


_NAME = r"[^\W\d][\w$]*"
_TEXT = r"'(?:[^']|'')*'"


def refuse_no_table(table: object, dialect: str) -> None:
    """Refuse what is more or less than a table's name: it is written into the query as it is.

    Raises
    ------
    ModelError
        It is no name, no names joined by points, no file or function of a file in quotes.
    """
    mark = "`" if dialect in ("spark", "databricks") else '"'
    name = f"(?:{_NAME}|{mark}(?:[^{mark}]|{mark}{mark})+{mark})"
    known = rf"{name}(?:\.{name})*(?:\({_TEXT}\))?|{_TEXT}"
    if not isinstance(table, str) or not re.fullmatch(known, table):
        raise ModelError(
            f"table {table!r} is not the name of a table; give a name such as customers or "
            f"crm.customers, in {mark}quotation marks{mark} where it holds anything but letters, "
            "digits and _"
        )


def projections(stage: Stage, language: Sql) -> list[str]:
    """A stage's columns as they stand in a list behind SELECT."""
    kept = [language.name(name) for name in sorted(stage.kept)]
    made = [f"{term.text} AS {language.name(name)}" for name, term in stage.made.items()]
    return [*kept, *made]


def select_statement(stages: Sequence[Stage], language: Sql, table: str) -> str:
    """The stages as one SELECT with a common table expression each."""
    parts: list[str] = []
    source = table
    for number, stage in enumerate(stages):
        listed = ",\n  ".join(projections(stage, language))
        body = f"SELECT\n  {listed}\nFROM {source}"
        if number == len(stages) - 1:
            return (f"WITH {', '.join(parts)}\n" if parts else "") + body
        source = language.name(f"step_{number + 1}_{stage.name}".replace(" ", "_"))
        parts.append(f"{source} AS (\n{body}\n)")
    raise AssertionError("a plan has stages")


def in_dialect(statement: str, dialect: str) -> str:
    """DuckDB's statement in another kind of SQL, by sqlglot; read back by it before it is given.

    Raises
    ------
    ModelError
        The dialect is not known here.
    MissingExtraError
        sqlglot is not installed.
    """
    if dialect not in DIALECTS:
        raise ModelError(f"there is no dialect {dialect!r} here{did_you_mean(dialect, DIALECTS)}")
    if dialect in ("duckdb", "spark", "databricks"):
        return statement  # written in it
    sqlglot = need("sqlglot", "sql", f"SQL for {dialect}")
    try:
        tree = sqlglot.parse_one(statement, read="duckdb")
        for rule in _RULES.get(dialect, ()):
            tree = tree.transform(rule)
        if dialect == "postgres":
            _keep_steps_apart(tree)
        text: str = tree.sql(dialect=dialect, pretty=True)
        sqlglot.parse_one(text, read=dialect)
    except sqlglot.errors.SqlglotError:
        raise ModelError(
            f"the query cannot be written for {dialect}; is the table's name one of its words? "
            "Then put it in quotation marks"
        ) from None
    return text


def _doubles(node: Any) -> Any:
    """A number is DOUBLE only when it is cast: with an exponent alone it would be NUMERIC."""
    from sqlglot import exp

    is_number = isinstance(node, exp.Literal) and not node.is_string and "e" in node.this
    if is_number and not isinstance(node.parent, exp.Cast):
        return exp.cast(node.copy(), "DOUBLE")
    return node


def _nan_is_equal(node: Any) -> Any:
    """Where there is no function for it, NaN is found by being equal to NaN."""
    from sqlglot import exp

    if isinstance(node, exp.IsNan):
        return exp.EQ(
            this=node.this.copy(), expression=exp.cast(exp.Literal.string("NaN"), "DOUBLE")
        )
    return node


def _keep_steps_apart(tree: Any) -> None:
    """Write OFFSET 0, PostgreSQL's way to say that a step is not to be written into the next.

    It would repeat every term wherever it is used, and so on through all steps: a model with a
    percentile never came out of the planner.
    """
    from sqlglot import exp

    for step in tree.find_all(exp.CTE):
        step.this.offset(0, copy=False)


_RULES: Mapping[str, Sequence[Any]] = {
    "postgres": (_nan_is_equal, _doubles),
    "snowflake": (_nan_is_equal, _doubles),
}
