"""A table of customers: read, checked, and answered in kind."""

from ahpvalue.scoring.customers.active import (
    NOT_RATED,
    RATED,
    REFUSED,
    ActiveRows,
    active_customers,
)
from ahpvalue.scoring.customers.columns import block_of, copied
from ahpvalue.scoring.customers.customer_table import Customers, Wanted
from ahpvalue.scoring.customers.id_match import (
    NOT_THERE,
    Match,
    find_customer,
    match_customers,
)
from ahpvalue.scoring.customers.ids import can_be_ids
from ahpvalue.scoring.customers.messages import (
    appeared_message,
    empty_message,
    infinite_problem,
    missing_problem,
    outside_message,
    unsure_message,
)
from ahpvalue.scoring.customers.read import category_names, read_customers
from ahpvalue.scoring.customers.seal import Seal

__all__ = [
    "NOT_RATED",
    "NOT_THERE",
    "RATED",
    "REFUSED",
    "ActiveRows",
    "Customers",
    "Match",
    "Seal",
    "Wanted",
    "active_customers",
    "appeared_message",
    "block_of",
    "can_be_ids",
    "category_names",
    "copied",
    "empty_message",
    "find_customer",
    "infinite_problem",
    "match_customers",
    "missing_problem",
    "outside_message",
    "read_customers",
    "unsure_message",
]
