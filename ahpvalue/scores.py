"""`Scores`: the front over scored customers, with everything that can be asked of them.

Each verb enters its room on first use, so that whoever only scores pays nothing for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ahpvalue as av
from ahpvalue.errors import CustomerDataError
from ahpvalue.scored import Scored
from ahpvalue.scoring import inputs_table, values_held
from ahpvalue.support.defaults import SEED
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["Scores"]

Array = NDArray[np.float64]


class Scores(Result):
    """Scores of a table of customers.

    See Also
    --------
    Model.score : makes it.
    """

    def __init__(self, scored: Scored) -> None:
        self._scored = scored

    @property
    def scored(self) -> Scored:
        """The data underneath, if the table is still the one that was scored.

        Everything that is asked of scores comes by here, so that no answer mixes scores with
        a table that was changed in place.
        """
        return self._scored.unchanged()

    # -- the scores --------------------------------------------------------------------------

    @property
    def ids(self) -> list[Any]:
        """The customers' ids, in the table's order."""
        return list(self._scored.customers.ids)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The columns of `frame`."""
        return self._scored.outputs

    @property
    def model_hash(self) -> str:
        """Which model document gave the scores."""
        return self._scored.model_hash

    @property
    def reference_hash(self) -> str:
        """Which reference population gave them; empty where none was needed."""
        return self._scored.reference_hash

    @property
    def status(self) -> NDArray[Any]:
        """One word for every customer: rated or not, or what the rule for who is active says."""
        return self.scored.status

    def __len__(self) -> int:
        return len(self._scored)

    def __contains__(self, output: object) -> bool:
        return output in self.outputs

    def __iter__(self) -> Iterator[str]:
        return iter(self.outputs)

    def __getitem__(self, output: str) -> NDArray[Any]:
        """One output as a NumPy array, NaN where a customer is not rated.

        ``rank`` counts from 1; customers with the same total share the best of their
        places (1, 2, 2, 4). ``percentile`` is the share (0 to 100) of the other rated
        customers that a customer's total beats, ties counting half.

        With peer groups, ``peer_total`` is the total by the value functions of the customer's
        group, ``peer_group`` names the group (the widest, everybody, is ``""``), and
        ``peer_rank`` and ``peer_percentile`` stand among those scored by the same group.
        """
        if not isinstance(output, str):
            raise CustomerDataError(
                f"an output is asked for by its name, one at a time, not by {output!r}; it is one "
                f"of {', '.join(self.outputs)}"
            )
        known = self._scored.arrays.get(output)
        return self.scored[output] if known is None else known

    def values(self, name: str) -> NDArray[Any]:
        """What is known of every customer under a name, in the table's order.

        A criterion's score, an indicator's value (or category), or any column of the table;
        NaN (None for texts) where there is none. Values of customers that are not active
        are given as they stand in the table; they have no scores.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> scores = model.score({"customer": ["C1"], "sales": [4.5], "city": ["Ames"]})
        >>> [scores.values(name).tolist() for name in ("value", "sales", "city")]
        [[50.0], [4.5], ['Ames']]
        """
        return self.scored.values(name)

    @cached_property
    def frame(self) -> Any:
        """Ids and outputs, as the kind of table that was scored, in its order.

        Scores run from 0 to 100, coverages from 0 to 1. A customer (or criterion) with too
        little data is *not rated*: its score is missing, never 0.
        """
        return self.scored.frame()

    @cached_property
    def contributions(self) -> Any:
        """How many points each indicator gives to the total; a row's sum is its total.

        Where an indicator is left out for a customer (renormalised), it gives 0 and the
        others share its weight; a customer that is not rated has no contributions.
        """
        return self.scored.contributions()

    @cached_property
    def inputs(self) -> Table:
        """What the columns held: values, missing ones, and those beyond a function's ends."""
        columns = self.scored.active.customers.columns
        return inputs_table(
            (one, values_held(one, columns[one.name])) for one in self.scored.plan.indicators
        )

    def table(self) -> Table:
        """The best customers first."""
        scored = self.scored
        shown = [
            name
            for name in scored.outputs
            if not name.startswith("coverage_")
            and name not in ("model", "reference", "status", "peer_group", "peer_percentile")
        ]
        order = np.arange(len(scored))
        if "total" in scored.arrays:
            order = np.argsort(-scored.total, kind="stable")
        order = order[:10]
        columns: dict[str, list[Any]] = {
            scored.plan.customer: [str(scored.customers.ids[int(row)]) for row in order]
        }
        columns |= {name: self[name][order].tolist() for name in shown}
        formats = dict.fromkeys(shown, ".1f") | {
            "rank": ".0f",
            "peer_rank": ".0f",
            "coverage": ".0%",
        }
        return Table(
            f"Scores of {len(self):,} customers, best first",
            columns,
            {name: formats[name] for name in shown},
            {"total": 100.0},
            note=f"{len(order)} of {len(self):,} customers. {self._hashes()}",
            details=["percentile", *reversed(scored.plan.criteria)],
        )

    def _hashes(self) -> str:
        reference = f", reference {self.reference_hash}" if self.reference_hash else ""
        return f"model {self.model_hash}{reference}"

    def to_frame(self, kind: str | None = None) -> Any:
        """`frame`, or the same columns as another kind of frame; see `Result.to_frame`."""
        return self.frame if kind is None else super().to_frame(kind)

    def to_dict(self) -> dict[str, Any]:
        """Column name to list of plain Python values; None where there is none."""
        columns: dict[str, Any] = {self.scored.plan.customer: self.ids}
        for name in self.outputs:
            columns[name] = self[name].tolist()
        return as_data(columns)

    # -- from scores to decisions ------------------------------------------------------------

    def tiers(self, previous: Any = None, *, period: str = "", overrides: Any = None) -> av.Tiers:
        """Every customer's tier, by the lines and the rule of the model.

        Parameters
        ----------
        previous : Tiers, data frame or mapping, optional
            The tiers of the period before (`Tiers.frame`, as it was kept). Left out, everybody
            stands where the lines say: no band, no confirmation.
        period : str, optional
            The period's name, such as ``2022Q1``.
        overrides : data frame or mapping, optional
            Decisions of people: the customers' ids, ``tier``, ``reason``, ``author``,
            ``expires`` (the last period or day on which it counts).

        Raises
        ------
        ModelError
            The model has no tiers, or their lines wait for a reference population.
        CustomerDataError
            What of the previous tiers or the overrides cannot be used.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]},
        ...     indicators={"sales": {"linear": [[0, 0], [9, 100]]}},
        ...     tiers={"levels": {"core": {"score": 60}, "general": {}}, "band": "5%"},
        ... )
        >>> scores = model.score({"customer": ["C1", "C2"], "sales": [4.5, 8.0]})
        >>> scores.tiers(period="2022Q1").tier
        array(['general', 'core'], dtype=object)
        """
        from ahpvalue.evaluation.tiers import draw_tiers

        return draw_tiers(self.scored, previous, period, overrides)

    def published_tiers(self, table: Any, *, period: str = "") -> av.Tiers:
        """The tiers as they were published, read back from their table and not drawn anew.

        Parameters
        ----------
        table : data frame or mapping
            What `Tiers.frame` gave for these scores.
        period : str, optional
            Whose tiers they must be.

        Raises
        ------
        CustomerDataError
            The table is no such table, is of another period, or of other scores.
        """
        from ahpvalue.evaluation.tiers import published_tiers

        return published_tiers(table, self.scored, period)

    def segments(self, tiers: av.Tiers | None = None, history: Any = ()) -> av.Segmentation:
        """Every customer's segment, by the rules of the model, and its place in each grid.

        Parameters
        ----------
        tiers : Tiers, optional
            This period's tiers; left out, those by the lines alone.
        history : Tiers or data frame, or a sequence of them, oldest first, optional
            The tiers of earlier periods, for rules on ``best_tier``, ``previous_tier`` and
            ``previous_value``.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]},
        ...     indicators={"sales": {"linear": [[0, 0], [9, 100]]}},
        ...     segments={"rules": {"large": {"when": {"sales": {"at_least": 6}}}}},
        ... )
        >>> scores = model.score({"customer": ["C1", "C2"], "sales": [4.5, 8.0]})
        >>> scores.segments().segment
        array(['unassigned', 'large'], dtype=object)
        """
        from ahpvalue.evaluation.segments import assign_segments

        return assign_segments(self.scored, tiers, history)

    def concentration(self, value: str) -> av.Concentration:
        """How a value's sum is spread over the active customers, losses kept.

        Parameters
        ----------
        value : str
            An indicator, or any column of the table, such as ``"sales"`` or ``"profit"``.
        """
        from ahpvalue.evaluation.concentration import concentration

        scored = self.scored
        return concentration(scored.active.pick(scored.values(value)), value)

    def core(self, value: str, share: float = 0.2) -> av.Core:
        """The core by what customers bring and by their score, side by side.

        Parameters
        ----------
        value : str
            The value that says what a customer brings: an indicator or any column of the
            table, such as ``"sales"`` or ``"profit"``; or a criterion's score.
        share : float
            How much of the active customers a core is; customers tied on the line are in.

        Raises
        ------
        CustomerDataError
            There is no such value.
        """
        from ahpvalue.evaluation.core import find_core

        return find_core(self.scored, value, share)

    def compare(
        self,
        previous: av.Scores,
        tiers: av.Tiers | None = None,
        previous_tiers: av.Tiers | None = None,
        *,
        value: str | None = None,
        steady: float = 2.0,
    ) -> av.Movements:
        """Who moved since an earlier period, and why.

        Parameters
        ----------
        previous : Scores
            The earlier period's, by the same model or another one.
        tiers, previous_tiers : Tiers, optional
            The tiers of both periods. Left out, both are drawn by the lines alone.
        value : str, optional
            A value of both tables, for the matrix by value.
        steady : float
            Within how many points a score counts as steady.

        Returns
        -------
        Movements
            Matrix, trend, and every change of score and tier split exactly into the customer's
            own values, the reference, the weights, missing data and the rules.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]},
        ...     indicators={"sales": {"linear": [[0, 0], [9, 100]]}},
        ...     tiers={"levels": {"core": {"score": 60}, "general": {}}, "band": "5%"},
        ... )
        >>> before = model.score({"customer": ["C1", "C2"], "sales": [4.5, 8.0]})
        >>> now = model.score({"customer": ["C1", "C2"], "sales": [7.2, 8.0]})
        >>> moved = now.compare(before)
        >>> moved.upgrades, moved.why[0]
        (1, 'own values')
        """
        from ahpvalue.evaluation.change import compare_scores

        if not isinstance(previous, Scores):
            raise CustomerDataError(
                "compare takes the scores of the period before, not "
                f"{type(previous).__name__}; score its customers first"
            )
        return compare_scores(self.scored, previous.scored, tiers, previous_tiers, value, steady)

    def explain(
        self,
        customer: Any,
        *,
        language: str = "en",
        tiers: av.Tiers | None = None,
        most: int = 4,
    ) -> av.Explanation:
        """Why a customer's score is what it is, in its own values, fit to be shown to it.

        Parameters
        ----------
        customer : str or int
            Its id.
        language : {"en", "zh"}
        tiers : Tiers, optional
            The tiers that count; left out, those by the lines alone.
        most : int
            How many reasons upwards and downwards are told.

        Raises
        ------
        ModelError
            The model was not fitted, so that nobody knows what is usual.
        CustomerDataError
            There is no such customer, or no such language.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(hierarchy={"value": ["sales"]}, indicators={"sales": {"percentile": {}}})
        >>> fitted = model.fit({"customer": ["C1", "C2", "C3"], "sales": [1.0, 5.0, 9.0]})
        >>> print(fitted.score({"customer": ["N1"], "sales": [7.0]}).explain("N1"))
        Your score is 75.0 of 100.
        The median score is 50.0: half of the reference customers have it or more.
        What raises it:
          sales: 7 (median: 5), +25.0 points.
        """
        from ahpvalue.evaluation.explain import explain_customer

        return explain_customer(self.scored, customer, language, tiers, most)

    def reasons(self, most: int = 4) -> av.Table:
        """The main reasons of every customer, upwards and downwards, as one table."""
        from ahpvalue.evaluation.explain import list_reasons

        return list_reasons(self.scored, most)

    def path_up(
        self,
        customer: Any,
        *,
        language: str = "en",
        tiers: av.Tiers | None = None,
        changes: int = 2,
    ) -> av.PathUp:
        """The smallest change, and the cheapest few, that take a customer to the next tier.

        Only what the model marks as changeable is changed, within its limits. Writing the
        values into the customer's row does reach the tier (held as long as the rule asks).

        Parameters
        ----------
        customer : str or int
        language : {"en", "zh"}
        tiers : Tiers, optional
            The tiers that count; left out, those by the lines alone.
        changes : {1, 2, 3}
            How many indicators are changed at most.
        """
        from ahpvalue.evaluation.explain import find_path_up

        return find_path_up(self.scored, customer, language, tiers, changes)

    def paths_up(self, tiers: av.Tiers | None = None, *, changes: int = 2) -> av.Paths:
        """The ways up of all customers; see `path_up`."""
        from ahpvalue.evaluation.recourse import find_paths

        return find_paths(self.scored, tiers, changes)

    def robustness(
        self,
        draws: int | Iterable[Mapping[str, Array]] = 1000,
        *,
        seed: int = SEED,
        interval: float | None = 0.9,
        tiers: av.Tiers | None = None,
    ) -> av.Robustness:
        """Scores and tiers over many draws of the experts' weights.

        Parameters
        ----------
        draws : int, or iterable of mappings of str to ndarray, shape (draws, children)
            How many draws to make within what the judgments leave open; or the draws: per
            criterion its children's priorities, in one batch or several.
        seed : int
            Of the draws that are made here.
        interval : float or None
            How much of the draws an interval holds. None: no intervals, so that means and
            probabilities of tiers take a tenth of the time. Intervals of the rank are given
            where customers times draws are at most 50 million.
        tiers : Tiers, optional
            The tiers that count, such as the published ones: in what share of the draws the
            lines put a customer into the tier that it has. Left out, the tiers by the lines
            alone. The display says which.
        """
        from ahpvalue.evaluation.robustness import measure_robustness, warn_of_stated_weights

        if isinstance(draws, (int, float, np.number)):
            from ahpvalue.experts import Sources, weight_draws

            warn_of_stated_weights(self.scored.model)
            draws = weight_draws(self.scored.model, draws, seed, Sources())
        return measure_robustness(self.scored, draws, interval, tiers)

    def stability(self, tiers: av.Tiers | None = None) -> av.Stability:
        """How far each weight can move before a customer of the best tier falls out of it.

        Parameters
        ----------
        tiers : Tiers, optional
            The tiers that count, such as the published ones; a customer falls out below the
            line by which the tier is left (lowered by the band). Left out, the tiers by the
            lines alone, and the line itself. The display says which.
        """
        from ahpvalue.evaluation.robustness import measure_stability

        return measure_stability(self.scored, tiers)

    def record(
        self,
        run: str,
        period: str,
        *,
        tiers: av.Tiers | None = None,
        segments: av.Segmentation | None = None,
    ) -> av.Record:
        """Everything this run decided, as one long table for a file or a database.

        Parameters
        ----------
        run, period : str
            Together they name the record; `ahpvalue.History` replaces one of the same name.
        tiers : Tiers, optional
        segments : Segmentation, optional

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
        ... )
        >>> record = model.score({"customer": ["C1"], "sales": [4.5]}).record("first", "2022Q1")
        >>> record.to_dict()["item"], record.to_dict()["contribution"]
        (['value', 'sales'], [50.0, 50.0])
        """
        from ahpvalue.evaluation.record import make_record

        return make_record(self.scored, run, period, tiers, segments)
