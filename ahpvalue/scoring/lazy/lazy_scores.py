"""`LazyScores`: scores of customers that stay where they are until somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import (
    CustomerDataError,
    CustomerDataWarning,
    EngineWarning,
    Problem,
    did_you_mean,
    warn,
)
from ahpvalue.scoring.conditions import ACTIVE, NEW
from ahpvalue.scoring.customers import NOT_RATED
from ahpvalue.scoring.eager import chosen_outputs, output_names
from ahpvalue.scoring.lazy.dialect import Kind
from ahpvalue.scoring.lazy.expressions import Narwhals, with_stages
from ahpvalue.scoring.lazy.outputs import STANDINGS, columns_read, output_stages, point_stages
from ahpvalue.scoring.lazy.sql import Sql, in_dialect, projections, select_statement
from ahpvalue.scoring.lazy.stages import Stage
from ahpvalue.scoring.plan import Levels, Plan
from ahpvalue.support.display import Result, Table

if TYPE_CHECKING:
    from ahpvalue.scoring.scores import Scores

__all__ = ["LazyCustomers", "LazyScores", "lazy_frame", "plan_as_sql"]


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
        return {name: _kind(dtype) for name, dtype in self.schema.items()}

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

    def collected(self, frame: Any) -> Any:
        """A narwhals frame of this engine in memory; polars reads files in a stream."""
        if self.engine == "polars":
            return frame.collect("polars", engine="streaming")
        return frame.collect()

    def number(self, value: float) -> Any:
        """A number in a narwhals expression on this frame, every bit kept."""
        return Narwhals(spelled=self.engine == "ibis").number(value)

    def with_stages(self, stages: Sequence[Stage]) -> Any:
        """The engine's own lazy frame with the columns of the last stage; nothing is computed."""
        language = self.language
        if not isinstance(language, Sql):
            return with_stages(self.frame, stages).to_native()
        found = self.native
        for stage in stages:
            listed = projections(stage, language)
            found = (
                found.selectExpr(*listed) if self.speaks_spark else found.project(", ".join(listed))
            )
        return found

    def check(self, plan: Plan, peers: bool) -> None:
        """Refuse what can be seen without computing: columns that are not there, or no figures.

        Raises
        ------
        CustomerDataError
            Lists all of them.
        """
        names = list(self.schema)
        coded = {one.column for one in plan.indicators if isinstance(one.function, Levels)}
        figures = {one.column for one in plan.indicators} - coded
        read = {plan.customer: "the customers' ids", **columns_read(plan, peers)}
        problems = []
        for column, name in read.items():
            if column not in self.schema:
                near = did_you_mean(column, names)
                problems.append(Problem(f"there is no column {column!r} ({name}){near}"))
            elif column in figures and self.kinds[column] == "other":
                text = f"holds {self.schema[column]} values, not numbers; convert the column"
                problems.append(Problem(f"column {column!r} ({name}): {text} to numbers"))
            elif column in figures and self.kinds[column] == "text":
                warn(
                    f"column {column!r} ({name}): is a column of text; a customer for whom it "
                    "holds anything is refused; convert the column to numbers if it holds some",
                    CustomerDataWarning,
                )
        if problems:
            raise CustomerDataError(problems)
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


class LazyScores(Result):
    """Scores of a lazy table; nothing is computed before the caller asks its engine for it.

    Attributes
    ----------
    model_hash, reference_hash : str
        Which model document and which reference population give them.
    model : Model
        The model that gives them.
    outputs : tuple of str
        The columns of `frame`.

    Notes
    -----
    What an eager table is refused for (a figure that is missing where the model refuses it, an
    infinite one, a category the model does not know) cannot be seen before the engine runs. Such
    a customer has no score, and the status *refused*; `check` finds them all and raises.

    See Also
    --------
    Model.score : makes it.
    """

    def __init__(
        self,
        plan: Plan,
        customers: LazyCustomers,
        outputs: Sequence[str] | None,
        model_hash: str = "",
        reference_hash: str = "",
        model: Any = None,
    ) -> None:
        self.outputs = _lazy_outputs(plan, outputs)
        self.plan, self.customers, self.model = plan, customers, model
        self.model_hash, self.reference_hash = model_hash, reference_hash
        peers = any(name.startswith("peer_") for name in self.outputs)
        customers.check(plan, peers)
        standings = [name for name in self.outputs if name in STANDINGS]
        if standings and customers.engine == "dask":
            raise CustomerDataError(
                f"Dask has no window functions, which {', '.join(standings)} would need; leave "
                "them out, or score a DuckDB or polars frame"
            )
        if customers.speaks_spark:
            _warn_of_long_code(plan, customers.native)

    @cached_property
    def frame(self) -> Any:
        """Ids and outputs as the kind of lazy frame that was given; see `Scores.frame`.

        Ranks and percentiles are there when they were asked for: they need all customers.
        """
        hashes = {"model": self.model_hash, "reference": self.reference_hash}
        kinds, say = self.customers.kinds, self.customers.language
        stages = output_stages(self.plan, kinds, say, self.outputs, hashes)
        return self.customers.with_stages(stages)

    @cached_property
    def contributions(self) -> Any:
        """How many points each indicator gives to the total, as a lazy frame of the same kind."""
        stages = point_stages(self.plan, self.customers.kinds, self.customers.language)
        return self.customers.with_stages(stages)

    def check(self) -> Table:
        """Count on the engine what the columns hold, before or after scoring; one query or few.

        Returns
        -------
        Table
            Values, missing ones, and those beyond a function's ends; see `Scores.inputs`.

        Raises
        ------
        CustomerDataError
            What an eager table is refused for, with the first customers: figures that are
            infinite, or missing where the model refuses it; unknown categories; where ranks are
            asked for, ids that stand in several rows.

        Warns
        -----
        CustomerDataWarning
            What an eager table is warned of.
        """
        from ahpvalue.scoring.lazy.lazy_checks import checked_inputs

        return checked_inputs(self.plan, self.customers, bool({*STANDINGS} & {*self.outputs}))

    def __getattr__(self, name: str) -> Any:
        """Say that decisions need scores in memory."""
        from ahpvalue.scoring.scores import Scores

        if name.startswith("_") or not hasattr(Scores, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise AttributeError(
            f"{name} needs the customers in memory: score the collected table, or some of the "
            "customers, which scores.pull(ids) does"
        )

    def pull(self, ids: Iterable[Any]) -> Scores:
        """Some of the customers, read into memory: all that `Scores` can do, explained included.

        Parameters
        ----------
        ids : iterable
            Values of the id column.

        Returns
        -------
        Scores
            Without ranks and percentiles, which need all customers.
        """
        import narwhals as nw

        wanted = list(dict.fromkeys(ids))
        here = self.customers.frame.filter(nw.col(self.plan.customer).is_in(wanted)).collect()
        missing = set(wanted) - set(here[self.plan.customer].to_list())
        if missing:
            some = ", ".join(map(str, sorted(missing, key=str)[:3]))
            raise CustomerDataError(f"there is no customer {some} in column {self.plan.customer!r}")
        outputs = [name for name in self.outputs if name not in STANDINGS]
        found: Scores = self.model.score(here.to_native(), outputs=outputs)
        return found

    def read(self, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Scores of nodes and figures of the active customers as arrays, in one order.

        Parameters
        ----------
        names : sequence of str
            Criteria, the goal or ``total``, indicators, and columns with numbers.

        Returns
        -------
        dict of str to ndarray, shape (active customers,)
            NaN where there is none. This reads so many numbers per customer into memory.

        Raises
        ------
        CustomerDataError
            There is no such column, or it holds no numbers.
        """
        import narwhals as nw

        own = {self.plan.goal: "total", "total": "total"}
        own |= {name: name for name in self.plan.criteria}
        nodes = list(dict.fromkeys(own[name] for name in names if name in own))
        figures = [name for name in names if name not in own]
        self._refuse_no_figures(figures)
        kinds, say = self.customers.kinds, self.customers.language
        stages = output_stages(self.plan, kinds, say, [*nodes, "status"], {}, figures)
        frame = nw.from_native(self.customers.with_stages(stages))
        if self.plan.active is not None:
            active = nw.col("status").is_in([ACTIVE, NEW, NOT_RATED])
            frame = frame.filter(active)
        wanted = [own.get(name, f"figure_{name}") for name in names]
        found = frame.select(*dict.fromkeys(wanted)).collect()
        return {
            name: found[column].cast(nw.Float64).fill_null(float("nan")).to_numpy()
            for name, column in zip(names, wanted, strict=True)
        }

    def _refuse_no_figures(self, names: Sequence[str]) -> None:
        coded = {one.name: isinstance(one.function, Levels) for one in self.plan.indicators}
        for name in names:
            if coded.get(name):
                raise CustomerDataError(f"{name} holds categories, not numbers; name a figure")
            if name in coded:
                continue
            if name not in self.customers.schema:
                near = did_you_mean(name, self.customers.schema)
                raise CustomerDataError(f"there is no column {name!r}{near}")
            if self.customers.kinds[name] in ("text", "other"):
                raise CustomerDataError(f"column {name!r}: holds no numbers; name a figure")

    def table(self) -> Table:
        """What is asked for; no figure, since none has been computed."""
        rows = {"column": [self.plan.customer, *self.outputs]}
        note = f"Computed when the {self.customers.engine} frame is; see .frame"
        hashes = f"model {self.model_hash}"
        if self.reference_hash:
            hashes += f", reference {self.reference_hash}"
        return Table(
            f"Scores of a lazy table ({self.customers.engine})", rows, note=f"{note}. {hashes}"
        )


def plan_as_sql(
    plan: Plan,
    dialect: str,
    table: str,
    outputs: Sequence[str] | None,
    hashes: Mapping[str, str],
) -> str:
    """A plan as one SELECT; see `ahpvalue.Model.to_sql`."""
    spark = dialect in ("spark", "databricks")
    language = Sql(spark)
    stages = output_stages(plan, {}, language, _lazy_outputs(plan, outputs), hashes)
    return in_dialect(select_statement(stages, language, table), dialect)


def _lazy_outputs(plan: Plan, outputs: Sequence[str] | None) -> tuple[str, ...]:
    """The outputs asked for; else all that depend on nothing but the customer's own row."""
    known = output_names(plan)
    if outputs is None:
        return tuple(name for name in known if name not in STANDINGS)
    return chosen_outputs(known, outputs)


_LONGEST_PLAN = 8  # indicators; with ten and their criteria the code has passed the limit
_HUGE = "spark.sql.codegen.hugeMethodLimit"


def _warn_of_long_code(plan: Plan, frame: Any) -> None:
    """Beyond 8,000 bytes the generated code is interpreted, ten times as slow."""
    if len(plan.indicators) <= _LONGEST_PLAN:
        return
    if int(frame.sparkSession.conf.get(_HUGE, "65535")) > 8000:
        warn(
            f"{len(plan.indicators)} indicators make more code than Java compiles in one piece, "
            "which Spark would run about ten times as slowly; avoid it by "
            f'spark.conf.set("{_HUGE}", "8000")',
            EngineWarning,
        )
