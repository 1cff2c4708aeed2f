"""The record of a run, and the history of all runs."""

from ahpvalue.evaluation.record.history import History, check_history
from ahpvalue.evaluation.record.record import Record, record_of

__all__ = [
    "History",
    "Record",
    "check_history",
    "record_of",
]
