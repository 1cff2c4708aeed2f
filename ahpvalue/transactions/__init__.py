"""From invoice lines to indicators: a row per customer and period."""

from ahpvalue.support.periods import calendar_periods
from ahpvalue.transactions.from_transactions import from_transactions

__all__ = ["calendar_periods", "from_transactions"]
