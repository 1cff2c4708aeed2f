"""From invoice lines to indicators: a row per customer and period."""

from ahpvalue.transactions.from_transactions import from_transactions
from ahpvalue.transactions.windows import calendar_periods

__all__ = ["calendar_periods", "from_transactions"]
