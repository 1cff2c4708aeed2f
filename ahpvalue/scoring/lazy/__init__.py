"""The plan in an engine's own language; nothing is computed until the engine is asked."""

from ahpvalue.scoring.lazy.column_counts import SHOWN, ColumnCounts
from ahpvalue.scoring.lazy.lazy_checks import LazyCheck, check_inputs, tally
from ahpvalue.scoring.lazy.lazy_customers import LazyCustomers, LazyTable, lazy_frame
from ahpvalue.scoring.lazy.lazy_run import (
    check_lazy,
    lazy_contributions,
    lazy_outputs,
    plan_as_sql,
    read_lazy,
    score_lazy,
)
from ahpvalue.scoring.lazy.outputs import STANDINGS, columns_read

__all__ = [
    "SHOWN",
    "STANDINGS",
    "ColumnCounts",
    "LazyCheck",
    "LazyCustomers",
    "LazyTable",
    "check_inputs",
    "check_lazy",
    "columns_read",
    "lazy_contributions",
    "lazy_frame",
    "lazy_outputs",
    "plan_as_sql",
    "read_lazy",
    "score_lazy",
    "tally",
]
