"""`ScoredTable`: what a plan and a table of customers gave, as frozen data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, did_you_mean
from ahpvalue.scoring.customers import (
    ActiveRows,
    Customers,
    Seal,
    active_customers,
    read_customers,
)
from ahpvalue.scoring.eager import (
    PEER_OUTPUTS,
    chosen_outputs,
    contributions,
    output_names,
    run_plan,
    wanted_columns,
)
from ahpvalue.scoring.peers import among_peers, standing
from ahpvalue.scoring.plan import PeerPlan, Plan

__all__ = ["ScoredTable", "score_table"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ScoredTable:
    """The customers of one table, scored by one plan.

    Attributes
    ----------
    plan : Plan
    customers : Customers
        As they were read: ids and every indicator's values.
    active : ActiveRows
        Which of them are scored.
    outputs : tuple of str
        The columns asked for.
    arrays : mapping of str to ndarray, shape (customers,)
        Scores and coverages; NaN where a customer is not rated.
    model_hash : str
        Which document gave the plan.
    reference_hash : str
        Which reference population it was fitted to; empty where none was needed.
    seal : Seal
        What the table held when it was scored; see `unchanged`.
    """

    plan: Plan
    customers: Customers
    active: ActiveRows
    outputs: tuple[str, ...]
    arrays: Mapping[str, Array]
    model_hash: str
    reference_hash: str
    seal: Seal

    def __len__(self) -> int:
        return self.customers.rows

    def unchanged(self) -> Self:
        """Itself, if the table still holds what was scored.

        The fronts ask this before everything that reads the table again.

        Raises
        ------
        CustomerDataError
            Somebody changed the table in place.
        """
        self.seal.refuse_changed()
        return self

    @cached_property
    def total(self) -> Array:
        """Every customer's score on the goal; NaN where it is not rated."""
        return self.score_of(self.plan.goal)

    def score_of(self, node: str) -> Array:
        """Every customer's score on the goal or a criterion; NaN where it is not rated."""
        output = "total" if node == self.plan.goal else node
        if output in self.arrays:
            return self.arrays[output]
        self.unchanged()
        return self.active.spread(run_plan(self.plan, self.active.customers, (output,))[output])

    @property
    def status(self) -> NDArray[Any]:
        """One word for every customer: rated or not, or what the rule for who is active says."""
        return self.active.statuses(self.total)

    def __getitem__(self, output: str) -> NDArray[Any]:
        """One output as an array; see `ahpvalue.Scores`."""
        if output in self.arrays:
            return self.arrays[output]
        if output not in self.outputs:
            raise CustomerDataError(
                f"there is no output {output!r} here{did_you_mean(output, self.outputs)}"
            )
        if output == "status":
            return self.status
        if output in ("rank", "percentile"):
            return self._standing[output]
        if output in PEER_OUTPUTS:
            return self._among_peers[output]
        text = self.model_hash if output == "model" else self.reference_hash
        return np.broadcast_to(np.array(text), len(self))

    @cached_property
    def _standing(self) -> dict[str, NDArray[Any]]:
        rank, percentile = standing(self.arrays["total"])
        return {"rank": rank, "percentile": percentile}

    @cached_property
    def _among_peers(self) -> dict[str, NDArray[Any]]:
        rows = self.active
        by = self.plan.peers.by if self.plan.peers is not None else ()
        values = {column: rows.pick(self.customers.values_or_texts(column)) for column in by}
        found = among_peers(self.plan, rows.customers, values, rows.pick(self.total))
        spread = {name: rows.spread(array) for name, array in found.items() if name != "peer_group"}
        groups = np.full(len(self), None, dtype=object)
        groups[slice(None) if rows.rows is None else rows.rows] = found["peer_group"]
        return {"peer_group": groups, **spread}

    def values(self, name: str) -> NDArray[Any]:
        """What is known of every customer under a name; see `ahpvalue.Scores.values`."""
        if name in (self.plan.goal, "total"):
            return self.total
        if name in self.plan.criteria:
            return self.score_of(name)
        if name in self.outputs and name not in self.customers.columns:
            return self[name]
        return self.customers.values_or_texts(name)

    def frame(self) -> Any:
        """Ids and outputs as the kind of table that was scored."""
        texts = {"model": self.model_hash, "reference": self.reference_hash}
        return self.customers.answer(
            {
                name: texts[name]
                if name in texts
                else self.active.status_column(self.total)
                if name == "status"
                else self[name]
                for name in self.outputs
            }
        )

    def contributions(self) -> Any:
        """Points each indicator gives to the total, as the kind of table that was scored."""
        names = [indicator.name for indicator in self.plan.indicators]
        rows = self.active
        points = contributions(self.plan, rows.customers, names)
        spread = {name: rows.spread(values) for name, values in points.items()}
        return self.customers.answer({**spread, "total": self.total})


def score_table(
    plan: Plan,
    table: Any,
    *,
    outputs: Sequence[str] | None = None,
    model_hash: str = "",
    reference_hash: str = "",
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> ScoredTable:
    """Score a table of customers in memory; see `ahpvalue.Model.score`."""
    known = output_names(plan)
    wanted = known if outputs is None else chosen_outputs(known, outputs)
    customers = read_customers(table, plan.customer, wanted_columns(plan))
    seal = customers.sealed()
    if "rank" in wanted or "percentile" in wanted:
        customers.refuse_doubtful_ids()
    _need_peer_columns(plan.peers, customers, wanted)
    active = active_customers(plan.active, customers)
    arrays = run_plan(plan, active.customers, wanted, threads, progress)
    arrays = {name: active.spread(values) for name, values in arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    return ScoredTable(plan, customers, active, wanted, arrays, model_hash, reference_hash, seal)


def _need_peer_columns(peers: PeerPlan | None, customers: Customers, wanted: Sequence[str]) -> None:
    if peers is not None and {*PEER_OUTPUTS} & {*wanted}:
        for column in peers.by:
            if column not in customers.columns:
                customers.need(column)
