"""Weights that customers' values help to decide: found by fit, frozen, and shown in parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.comparisons import Comparison, experts_priorities, with_objective
from ahpvalue.document import ModelDocument
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, warn
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.scoring import (
    CategoryScores,
    Customers,
    Plan,
    PlanIndicator,
    active_customers,
    read_customers,
    score_values,
    wanted_columns,
)
from ahpvalue.support.display import Table
from ahpvalue.value_functions import OBJECTIVE

__all__ = ["objective_table", "objective_weights"]

Array = NDArray[np.float64]


def objective_weights(
    document: ModelDocument, hierarchy: Hierarchy, plan: Plan, tables: Iterable[Any]
) -> dict[str, dict[str, float]]:
    """Entropy or CRITIC weights of the children of every node the document names.

    Taken from the customers' scores, not their raw values: scores say more is better, have
    no unit, and are what the total adds up. Only active customers count, of all the tables of
    the reference; those with a missing value below a node are left out of it, and that is
    said.

    Raises
    ------
    CustomerDataError
        Fewer than two customers have all the values below a node.
    """
    objective = document.judgments.objective
    assert objective is not None
    indicators = {one.name: one for one in plan.indicators}
    wanted = wanted_columns(plan)
    customers = [
        active_customers(
            plan.active, read_customers(table, document.customer, wanted), tell=False
        ).customers
        for table in tables
    ]
    found: dict[str, dict[str, float]] = {}
    for node in objective.nodes:
        children = hierarchy.children[node]
        scores = _complete(customers, [indicators[child] for child in children], node)
        weights = OBJECTIVE[objective.method](scores)
        found[node] = {c: round(float(w), 12) for c, w in zip(children, weights, strict=True)}
    return found


def _complete(
    customers: Sequence[Customers], indicators: Sequence[PlanIndicator], node: str
) -> Array:
    """Scores of the customers who have every value, shape (customers, indicators)."""
    scores = np.concatenate([_of_table(one, indicators) for one in customers])
    kept, everybody = len(scores), sum(one.rows for one in customers)
    if kept < 2:
        raise CustomerDataError(
            f"objective weights below {node} need two customers with all its values; "
            f"{kept} of {everybody:,} have them"
        )
    if kept < everybody:
        warn(
            f"objective weights below {node} come from {kept:,} of {everybody:,} customers; "
            "the others lack a value there",
            CustomerDataWarning,
        )
    return scores


def _of_table(customers: Customers, indicators: Sequence[PlanIndicator]) -> Array:
    absent = np.any([customers.absent(one.name) for one in indicators], axis=0)
    return np.column_stack(
        [_scores(one, customers.columns[one.name][~absent]) for one in indicators]
    )


def _scores(indicator: PlanIndicator, values: NDArray[Any]) -> Array:
    function = indicator.function
    if isinstance(function, CategoryScores):
        return np.array(function.scores)[values]
    return score_values(function, values.astype(np.float64))


def objective_table(
    document: ModelDocument, hierarchy: Hierarchy, comparisons: Mapping[str, Comparison]
) -> Table:
    """The experts' weights, the values' own, and the two together."""
    objective = document.judgments.objective
    columns: dict[str, list[Any]] = {
        "below": [],
        "indicator": [],
        "experts": [],
        "values": [],
        "together": [],
    }
    for node, values in ({} if objective is None else objective.weights).items():
        children = hierarchy.children[node]
        experts = experts_priorities(document, node, children, comparisons)
        columns["below"] += [node] * len(children)
        columns["indicator"] += children
        columns["experts"] += experts.tolist()
        columns["values"] += [values[child] for child in children]
        columns["together"] += with_objective(document, node, children, experts).tolist()
    if objective is None:
        note = "Only the experts decide: the document has no judgments.objective"
    elif not objective.weights:
        note = "To be fitted before the values have a say"
    else:
        share = f", the values' share {objective.share:g}"
        share = "" if objective.combination == "multiplicative" else share
        note = f"{objective.method}; {objective.combination} combination{share}"
    formats = dict.fromkeys(("experts", "values", "together"), ".4f")
    return Table("Experts' and objective weights", columns, formats, note=note)
