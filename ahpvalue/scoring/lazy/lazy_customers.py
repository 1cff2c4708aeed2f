"""A lazy table of customers: what its columns hold, and how its engine is spoken to."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, did_you_mean, warn
from ahpvalue.scoring.customers import can_be_ids
from ahpvalue.scoring.lazy.dialect import Kind
from ahpvalue.scoring.lazy.expressions import Narwhals, with_stages
from ahpvalue.scoring.lazy.outputs import columns_read, names_asked
from ahpvalue.scoring.lazy.sql import Sql, projections
from ahpvalue.scoring.lazy.stages import Stage
from ahpvalue.scoring.name_meaning import column_meant
from ahpvalue.scoring.plan import CategoryScores, Plan

__all__ = ["LazyCustomers", "LazyTable", "lazy_frame"]


_BASE, _CALLS_PER_STAGE = 150, 12  # measured with both; a plan of one level has six stages


class _Collects(Protocol):
    def collect(self) -> Any: ...


class _Fetches(Protocol):
    def fetchall(self) -> Any: ...


class _Computes(Protocol):
    def compute(self) -> Any: ...


class _Executes(Protocol):
    def execute(self) -> Any: ...


LazyTable = _Collects | _Fetches | _Computes | _Executes
"""What type checkers know of a lazy table: polars and Spark collect, DuckDB fetches, Dask computes,
Ibis executes."""


def lazy_frame(table: Any) -> Any | None:
    """A table as a narwhals LazyFrame; None if it is in memory or no table at all."""
    if isinstance(table, Mapping):
        return None
    import narwhals as nw

    try:
        frame = nw.from_native(table, pass_through=True)
    except nw.exceptions.DuplicateError:
        return None  # refused by name when it is read
    return frame if isinstance(frame, nw.LazyFrame) else None


class LazyCustomers:
    """A lazy table of customers: what its columns hold, and how its engine is spoken to.

    Parameters
    ----------
    frame : narwhals.LazyFrame
    """

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.native = frame.to_native()
        self.engine = str(frame.implementation).rpartition(".")[2].lower()
        self.schema: dict[str, Any] = dict(frame.collect_schema())

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """What every column holds."""
        found = {name: _kind(dtype) for name, dtype in self.schema.items()}
        unknown = [name for name, kind in found.items() if kind == "unknown"]
        return found | {name: "other" for name in unknown if not self._is_number(name)}

    def _is_number(self, column: str) -> bool:
        """Whether a type that narwhals does not know is one of numbers, or of nothing at all."""
        return self._own_type(column).strip('"').lower() in ("null", "void", "bignum", "varint")

    def type_name(self, column: str) -> str:
        """A column's type as a message names it."""
        known = str(self.schema[column])
        return (self._own_type(column) if known == "Unknown" else "") or known

    def _own_type(self, column: str) -> str:
        """A column's type in the words of its engine, where these say more than narwhals'."""
        if self.engine == "duckdb":
            return str(dict(zip(self.native.columns, self.native.types, strict=True))[column])
        if self.speaks_spark:
            return str(dict(self.native.dtypes)[column])
        if self.engine == "ibis":
            return str(self.native.schema()[column])
        if self.engine == "polars":
            return str(self.native.collect_schema()[column])
        return str(self.native.dtypes[column]) if self.engine == "dask" else ""

    @property
    def speaks_spark(self) -> bool:
        """Whether the engine is Spark."""
        return "pyspark" in self.engine

    @property
    def language(self) -> Any:
        """The language of the engine."""
        if self.engine == "duckdb" or self.speaks_spark:
            return Sql(self.speaks_spark)
        return Narwhals(spelled=self.engine == "ibis")

    def number(self, value: float) -> Any:
        """A number in a narwhals expression on this frame, every bit kept."""
        return Narwhals(spelled=self.engine == "ibis").number(value)

    def with_stages(self, stages: Sequence[Stage]) -> Any:
        """The engine's own lazy frame with the columns of the last stage; nothing is computed."""
        language = self.language
        if not isinstance(language, Sql):
            self._refuse_too_many(stages)
            return with_stages(self.frame, stages).to_native()
        found = self.native
        for stage in stages:
            listed = projections(stage, language)
            found = (
                found.selectExpr(*listed) if self.speaks_spark else found.project(", ".join(listed))
            )
        return found

    def _refuse_too_many(self, stages: Sequence[Stage]) -> None:
        """Dask and Ibis call themselves for every step they compute, as deep as Python goes."""
        needed = _BASE + _CALLS_PER_STAGE * len(stages)
        if self.engine in ("dask", "ibis") and needed > sys.getrecursionlimit():
            raise CustomerDataError(
                f"{self.engine.capitalize()} calls itself for each of the {len(stages)} steps of "
                f"this model; call sys.setrecursionlimit({needed}) first, or score a DuckDB or "
                "polars frame"
            )

    def collected(self, frame: Any) -> Any:
        """A narwhals frame of this engine in memory; polars reads files in a stream."""
        if self.engine == "polars":
            return frame.collect("polars", engine="streaming")
        return frame.collect()

    def check(self, plan: Plan, peers: bool) -> None:
        """Refuse what can be seen without computing: columns that are not there, or no values.

        Raises
        ------
        CustomerDataError
            Lists all of them.
        """
        names = list(self.schema)
        coded = {one.column for one in plan.indicators if isinstance(one.function, CategoryScores)}
        numbers = {one.column for one in plan.indicators} - coded
        read = {plan.customer: "the customers' ids", **columns_read(plan, peers)}
        problems = []
        for column, name in read.items():
            if column not in self.schema:
                near = did_you_mean(column, names)
                problems.append(Problem(f"there is no column {column!r} ({name}){near}"))
            elif column == plan.customer and not can_be_ids(self.schema[column]):
                text = f"holds {self.schema[column]} values, which are no ids; give every customer"
                problems.append(Problem(f"column {column!r} ({name}): {text} one text or number"))
            elif column in numbers and self.kinds[column] == "other":
                text = f"holds {self.type_name(column)} values, not numbers; convert the column"
                problems.append(Problem(f"column {column!r} ({name}): {text} to numbers"))
            elif column in numbers and self.kinds[column] == "text":
                warn(
                    f"column {column!r} ({name}): is a column of text; a customer for whom it "
                    "holds anything is refused; convert the column to numbers if it holds some",
                    CustomerDataWarning,
                )
        if problems:
            raise CustomerDataError(problems)
        for name in names_asked(plan, peers):
            column_meant(name, {one.name: one.column for one in plan.indicators}, names)
        self._refuse_lookalikes(plan)

    def _refuse_lookalikes(self, plan: Plan) -> None:
        """SQL does not tell Sales from sales."""
        if not isinstance(self.language, Sql):
            return
        seen: dict[str, str] = {}
        for name in (*(one.name for one in plan.indicators), *(one.name for one in plan.nodes)):
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                raise CustomerDataError(
                    f"{self.engine} does not tell {other} from {name}; rename one in the model"
                )


def _kind(dtype: Any) -> Kind:
    import narwhals as nw

    if dtype.is_float():
        return "float"
    if dtype.is_numeric():
        return "number"
    if dtype == nw.Boolean:
        return "boolean"
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        return "text"
    return "unknown" if dtype in (nw.Unknown, nw.Object) else "other"
