"""The plan in an engine's own language; nothing is computed until the engine is asked."""

from ahpvalue.scoring.lazy.column_counts import ColumnCounts
from ahpvalue.scoring.lazy.lazy_checks import LazyCheck, tally
from ahpvalue.scoring.lazy.lazy_scores import LazyCustomers, LazyScores, lazy_frame, plan_as_sql
from ahpvalue.scoring.lazy.outputs import STANDINGS, columns_read

__all__ = [
    "STANDINGS",
    "ColumnCounts",
    "LazyCheck",
    "LazyCustomers",
    "LazyScores",
    "columns_read",
    "lazy_frame",
    "plan_as_sql",
    "tally",
]
