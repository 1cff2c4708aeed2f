"""The record of a run, and the history of all runs."""

from ahpvalue.evaluation.record.history import History, check_history
from ahpvalue.evaluation.record.record import Record, make_record

__all__ = [
    "History",
    "Record",
    "check_history",
    "make_record",
]
