"""A plan over a lazy table: the engine's own lazy frame; computed when the engine is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, EngineWarning, did_you_mean, warn
from ahpvalue.scoring.conditions import ACTIVE, NEW
from ahpvalue.scoring.customers import NOT_RATED
from ahpvalue.scoring.eager import chosen_outputs, output_names
from ahpvalue.scoring.lazy.lazy_customers import LazyCustomers
from ahpvalue.scoring.lazy.outputs import STANDINGS, output_stages, point_stages
from ahpvalue.scoring.lazy.sql import Sql, in_dialect, refuse_no_table, select_statement
from ahpvalue.scoring.plan import CategoryScores, Plan

__all__ = [
    "check_lazy",
    "lazy_contributions",
    "lazy_outputs",
    "plan_as_sql",
    "read_lazy",
    "score_lazy",
]


def check_lazy(plan: Plan, customers: LazyCustomers, outputs: Sequence[str]) -> None:
    """Refuse what can be seen without computing.

    Raises
    ------
    CustomerDataError
        Columns are not there or hold no numbers, or the engine cannot rank.

    Warns
    -----
    EngineWarning
        Spark would interpret the generated code.
    """
    customers.check(plan, any(name.startswith("peer_") for name in outputs))
    standings = [name for name in outputs if name in STANDINGS]
    if standings and customers.engine == "dask":
        raise CustomerDataError(
            f"Dask has no window functions, which {', '.join(standings)} would need; leave "
            "them out, or score a DuckDB or polars frame"
        )
    if customers.speaks_spark:
        _warn_of_long_code(plan, customers.native)


def score_lazy(
    plan: Plan, customers: LazyCustomers, outputs: Sequence[str], hashes: Mapping[str, str]
) -> Any:
    """Ids and outputs as the kind of lazy frame that was given."""
    stages = output_stages(plan, customers.kinds, customers.language, outputs, hashes)
    return customers.with_stages(stages)


def lazy_contributions(plan: Plan, customers: LazyCustomers) -> Any:
    """Points each indicator gives to the total, as a lazy frame of the same kind."""
    return customers.with_stages(point_stages(plan, customers.kinds, customers.language))


def read_lazy(
    plan: Plan, customers: LazyCustomers, names: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Scores of nodes and values of the active customers as arrays; see `LazyScores.read`."""
    import narwhals as nw

    own = {plan.goal: "total", "total": "total"}
    own |= {name: name for name in plan.criteria}
    nodes = list(dict.fromkeys(own[name] for name in names if name in own))
    numbers = [name for name in names if name not in own]
    _refuse_no_numbers(plan, customers, numbers)
    kinds, say = customers.kinds, customers.language
    stages = output_stages(plan, kinds, say, [*nodes, "status"], {}, numbers)
    frame = nw.from_native(customers.with_stages(stages))
    if plan.active is not None:
        active = nw.col("status").is_in([ACTIVE, NEW, NOT_RATED])
        frame = frame.filter(active)
    wanted = [own.get(name, f"number_{name}") for name in names]
    found = frame.select(*dict.fromkeys(wanted)).collect()
    return {
        name: found[column].cast(nw.Float64).fill_null(float("nan")).to_numpy()
        for name, column in zip(names, wanted, strict=True)
    }


def _refuse_no_numbers(plan: Plan, customers: LazyCustomers, names: Sequence[str]) -> None:
    coded = {one.name: isinstance(one.function, CategoryScores) for one in plan.indicators}
    for name in names:
        if coded.get(name):
            raise CustomerDataError(f"{name} holds categories, not numbers; name a value")
        if name in coded:
            continue
        if name not in customers.schema:
            near = did_you_mean(name, customers.schema)
            raise CustomerDataError(f"there is no column {name!r}{near}")
        if customers.kinds[name] in ("text", "other"):
            raise CustomerDataError(f"column {name!r}: holds no numbers; name a value")


def plan_as_sql(
    plan: Plan,
    dialect: str,
    table: str,
    outputs: Sequence[str] | None,
    hashes: Mapping[str, str],
) -> str:
    """A plan as one SELECT; see `ahpvalue.Model.to_sql`."""
    refuse_no_table(table, dialect)
    spark = dialect in ("spark", "databricks")
    language = Sql(spark)
    stages = output_stages(plan, {}, language, lazy_outputs(plan, outputs), hashes)
    return in_dialect(select_statement(stages, language, table), dialect)


def lazy_outputs(plan: Plan, outputs: Sequence[str] | None) -> tuple[str, ...]:
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
