"""`Scores`: every customer's score, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, did_you_mean
from ahpvalue.scoring.customers import ActiveRows, Customers, active_customers, read_customers
from ahpvalue.scoring.eager import (
    PEER_OUTPUTS,
    chosen_outputs,
    contributions,
    output_names,
    refuse_doubtful_ids,
    run,
    wanted_columns,
)
from ahpvalue.scoring.face import Decisions
from ahpvalue.scoring.peers import among_peers, standing
from ahpvalue.scoring.plan import Levels, PeerPlan, Plan, PlanIndicator
from ahpvalue.support.display import Result, Table

__all__ = ["Scores", "inputs_table", "score_customers"]

Array = NDArray[np.float64]


def score_customers(
    plan: Plan,
    table: Any,
    *,
    outputs: Sequence[str] | None = None,
    model_hash: str = "",
    reference_hash: str = "",
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    model: Any = None,
) -> Scores:
    """Score a table of customers; see `ahpvalue.Model.score`."""
    known = output_names(plan)
    wanted = known if outputs is None else chosen_outputs(known, outputs)
    customers = read_customers(table, plan.customer, wanted_columns(plan))
    if "rank" in wanted or "percentile" in wanted:
        refuse_doubtful_ids(customers)
    if plan.peers is not None and {*PEER_OUTPUTS} & {*wanted}:
        for column in plan.peers.by:
            if column not in customers.columns:
                customers.need(column)
    active = active_customers(plan.active, customers)
    arrays = run(plan, active.customers, wanted, threads, progress)
    arrays = {name: active.spread(values) for name, values in arrays.items()}
    return Scores(plan, customers, wanted, arrays, model_hash, reference_hash, active, model)


class Scores(Decisions, Result):
    """Scores of a table of customers.

    Attributes
    ----------
    model_hash, reference_hash : str
        Which model document and which reference population gave them.
    model : Model
        The model that gave them.
    outputs : tuple of str
        The columns of `frame`.

    See Also
    --------
    Model.score : makes it.
    """

    def __init__(
        self,
        plan: Plan,
        customers: Customers,
        outputs: tuple[str, ...],
        arrays: Mapping[str, Array],
        model_hash: str,
        reference_hash: str,
        active: ActiveRows,
        model: Any = None,
    ) -> None:
        self._plan, self._customers, self._arrays = plan, customers, arrays
        self._active, self.model = active, model
        for array in arrays.values():
            array.flags.writeable = False
        self.outputs = outputs
        self.model_hash, self.reference_hash = model_hash, reference_hash

    def __len__(self) -> int:
        return self._customers.rows

    @property
    def customers(self) -> Customers:
        """The customers as they were read: ids and every indicator's figures."""
        return self._customers

    @property
    def plan(self) -> Plan:
        """The model as plain numbers."""
        return self._plan

    @property
    def active(self) -> ActiveRows:
        """Which of the customers are scored."""
        return self._active

    @property
    def status(self) -> NDArray[Any]:
        """One word for every customer: rated or not, or what the rule for who is active says."""
        return self._active.statuses(self._total)

    def answer(self, columns: Mapping[str, Any]) -> Any:
        """Columns over these customers as the kind of table that was scored."""
        return self._customers.answer(columns)

    def __getitem__(self, output: str) -> NDArray[Any]:
        """One output as a NumPy array, NaN where a customer is not rated.

        ``rank`` counts from 1; customers with the same total share the best of their
        places (1, 2, 2, 4). ``percentile`` is the share (0 to 100) of the other rated
        customers that a customer's total beats, ties counting half.

        With peer groups, ``peer_total`` is the total by the value functions of the customer's
        group, ``peer_group`` names the group (the widest, everybody, is ``""``), and
        ``peer_rank`` and ``peer_percentile`` stand among those graded by the same group.
        """
        if output in self._arrays:
            return self._arrays[output]
        if output not in self.outputs:
            raise CustomerDataError(
                f"there is no output {output!r} here{did_you_mean(output, self.outputs)}"
            )
        if output == "status":
            return self._active.statuses(self._arrays["total"])
        if output in ("rank", "percentile"):
            return self._standing[output]
        if output in PEER_OUTPUTS:
            return self._among_peers[output]
        text = self.model_hash if output == "model" else self.reference_hash
        return np.broadcast_to(np.array(text), len(self))

    @cached_property
    def _standing(self) -> dict[str, NDArray[Any]]:
        rank, percentile = standing(self._arrays["total"])
        return {"rank": rank, "percentile": percentile}

    @cached_property
    def _among_peers(self) -> dict[str, NDArray[Any]]:
        rows = self._active
        values = {
            column: rows.pick(self._customers.figures_or_texts(column)) for column in self._peers.by
        }
        found = among_peers(self._plan, rows.customers, values, rows.pick(self._total))
        spread = {name: rows.spread(array) for name, array in found.items() if name != "peer_group"}
        groups = np.full(len(self), None, dtype=object)
        groups[slice(None) if rows.rows is None else rows.rows] = found["peer_group"]
        return {"peer_group": groups, **spread}

    @property
    def _peers(self) -> PeerPlan:
        assert self._plan.peers is not None
        return self._plan.peers

    @cached_property
    def frame(self) -> Any:
        """Ids and outputs, as the kind of table that was scored, in its order.

        Scores run from 0 to 100, coverages from 0 to 1. A customer (or criterion) with too
        little data is *not rated*: its score is missing, never 0.
        """
        texts = {"model": self.model_hash, "reference": self.reference_hash}
        return self._customers.answer(
            {
                name: texts[name]
                if name in texts
                else self._active.status_column(self._arrays["total"])
                if name == "status"
                else self[name]
                for name in self.outputs
            }
        )

    @cached_property
    def contributions(self) -> Any:
        """How many points each indicator gives to the total; a row's sum is its total.

        Where an indicator is left out for a customer (renormalised), it gives 0 and the
        others share its weight; a customer that is not rated has no contributions.
        """
        names = [indicator.name for indicator in self._plan.indicators]
        return self._customers.answer({**self._points(names), "total": self._total})

    def _points(self, names: Sequence[str]) -> dict[str, Array]:
        rows, totals = self._active, self._arrays.get("total")
        known = None if totals is None else rows.pick(totals)
        points = contributions(self._plan, rows.customers, names, known)
        return {name: rows.spread(values) for name, values in points.items()}

    @property
    def _total(self) -> Array:
        if "total" in self._arrays:
            return self._arrays["total"]
        return self._active.spread(run(self._plan, self._active.customers, ("total",))["total"])

    def figures(self, name: str) -> NDArray[Any]:
        """What is known of every customer under a name, in the table's order.

        A criterion's score, an indicator's figure (or category), or any column of the table;
        NaN (None for texts) where there is none. Figures of customers that are not active
        are given as they stand in the table; they have no scores.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> scores = model.score({"customer": ["C1"], "sales": [4.5], "city": ["Ames"]})
        >>> [scores.figures(name).tolist() for name in ("value", "sales", "city")]
        [[50.0], [4.5], ['Ames']]
        """
        if name in (self._plan.goal, "total"):
            return self._total
        if name in self._plan.criteria:
            if name not in self._arrays:
                found = run(self._plan, self._active.customers, (name,))[name]
                return self._active.spread(found)
            return self._arrays[name]
        if name in self.outputs and name not in self._customers.columns:
            return self[name]
        return self._customers.figures_or_texts(name)

    @cached_property
    def inputs(self) -> Table:
        """What the columns held: values, missing ones, and those beyond a function's ends."""
        return inputs_table((one, self._held(one)) for one in self._plan.indicators)

    def _held(self, indicator: PlanIndicator) -> tuple[Any, ...]:
        """Values, missing ones, the ends, and how many lie beyond the function's ends."""
        values = self._active.customers.columns[indicator.name]
        if isinstance(indicator.function, Levels):
            count = int((values >= 0).sum())
            return count, len(values) - count, None, None, None, None
        held = values[~np.isnan(values)]
        function = indicator.function
        return (
            len(held),
            len(values) - len(held),
            float(held.min()) if len(held) else None,
            float(held.max()) if len(held) else None,
            int((held < function.low).sum()),
            int((held > function.high).sum()),
        )

    def table(self) -> Table:
        """The best customers first."""
        shown = [
            name
            for name in self.outputs
            if not name.startswith("coverage_")
            and name not in ("model", "reference", "status", "peer_group", "peer_percentile")
        ]
        order = np.arange(len(self))
        if "total" in self._arrays:
            order = np.argsort(-self._arrays["total"], kind="stable")
        order = order[:10]
        columns: dict[str, list[Any]] = {
            self._plan.customer: [str(self._customers.ids[int(row)]) for row in order]
        }
        columns |= {name: self[name][order].tolist() for name in shown}
        formats = dict.fromkeys(shown, ".1f") | {
            "rank": ".0f",
            "peer_rank": ".0f",
            "coverage": ".0%",
        }
        hashes = f"model {self.model_hash}" + (
            f", reference {self.reference_hash}" if self.reference_hash else ""
        )
        return Table(
            f"Scores of {len(self):,} customers, best first",
            columns,
            {name: formats[name] for name in shown},
            {"total": 100.0},
            note=f"{len(order)} of {len(self):,} customers. {hashes}",
            details=["percentile", *reversed(self._plan.criteria)],
        )

    def to_frame(self, backend: str | None = None) -> Any:
        """`frame`, or the same columns as another kind of frame."""
        if backend is None:
            return self.frame
        return Table("", self.to_dict()).to_frame(backend)

    def to_dict(self) -> dict[str, Any]:
        """Column name to list of plain Python values; None where there is none."""
        columns: dict[str, Any] = {self._plan.customer: list(self._customers.ids)}
        for name in self.outputs:
            columns[name] = self[name].tolist()
        return Table("", columns).to_dict()


def inputs_table(found: Iterable[tuple[PlanIndicator, tuple[Any, ...]]]) -> Table:
    """What every indicator's column held, as a table."""
    rows: dict[str, list[Any]] = {
        "indicator": [], "column": [], "values": [], "missing": [],
        "lowest": [], "highest": [], "below": [], "above": [],
    }  # fmt: skip
    for one, figures in found:
        for name, value in zip(rows, (one.name, one.column, *figures), strict=True):
            rows[name].append(value)
    formats = {
        "values": ",d",
        "missing": ",d",
        "lowest": ",.7g",
        "highest": ",.7g",
        "below": ",d",
        "above": ",d",
    }
    return Table(
        "What the columns held",
        rows,
        formats,
        note="below, above: beyond the first or last figure of the value function, scored like it",
    )
