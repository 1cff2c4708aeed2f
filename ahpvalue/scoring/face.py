"""The methods of `Scores` that turn scores into decisions.

Each enters the evaluation on first use, inside the method: whoever only scores pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ahpvalue.evaluation import (
        Concentration,
        Core,
        Explanation,
        Movements,
        Paths,
        Record,
        Robustness,
        Segmentation,
        Stability,
        Tiers,
        WayUp,
    )
    from ahpvalue.scoring.scores import Scores
    from ahpvalue.support.display import Table

__all__ = ["Decisions"]

Array = NDArray[np.float64]


class Decisions:
    """What can be done with scores; `Scores` has these methods."""

    @property
    def _scores(self) -> Scores:
        return cast("Scores", self)

    def tiers(self, previous: Any = None, *, period: str = "", overrides: Any = None) -> Tiers:
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
        """
        from ahpvalue.evaluation import tiers_of

        return tiers_of(self._scores, previous, period, overrides)

    def segments(self, tiers: Tiers | None = None, history: Any = ()) -> Segmentation:
        """Every customer's segment, by the rules of the model, and its place in each grid.

        Parameters
        ----------
        tiers : Tiers, optional
            This period's tiers; left out, those by the lines alone.
        history : Tiers or data frame, or a sequence of them, oldest first, optional
            The tiers of earlier periods, for rules on ``best_tier``, ``previous_tier`` and
            ``previous_value``.
        """
        from ahpvalue.evaluation import segments_of

        return segments_of(self._scores, tiers, history)

    def concentration(self, of: str) -> Concentration:
        """How a figure's sum is spread over the active customers, losses kept.

        Parameters
        ----------
        of : str
            An indicator, or any column of the table, such as ``"sales"`` or ``"profit"``.
        """
        from ahpvalue.evaluation import concentration

        scores = self._scores
        return concentration(scores.active.pick(scores.figures(of)), of)

    def core(self, by: str, share: float = 0.2) -> Core:
        """The core by what customers bring and by their score, side by side.

        Parameters
        ----------
        by : str
            The figure that says what a customer brings: an indicator or any column of the
            table, such as ``"sales"`` or ``"profit"``; or a criterion's score.
        share : float
            How much of the active customers a core is; customers tied on the line are in.

        Raises
        ------
        CustomerDataError
            There is no such figure.
        """
        from ahpvalue.evaluation import core_of

        return core_of(self._scores, by, share)

    def compare(
        self,
        previous: Scores,
        tiers: Tiers | None = None,
        previous_tiers: Tiers | None = None,
        *,
        value: str | None = None,
        steady: float = 2.0,
    ) -> Movements:
        """Who moved since an earlier period, and why.

        Parameters
        ----------
        previous : Scores
            The earlier period's, by the same model or another one.
        tiers, previous_tiers : Tiers, optional
            The tiers of both periods. Left out, both are drawn by the lines alone.
        value : str, optional
            A figure of both tables, for the matrix by value.
        steady : float
            Within how many points a score counts as steady.

        Returns
        -------
        Movements
            Matrix, trend, and every change of score and tier split exactly into the customer's
            own figures, the reference, the weights, missing data and the rules.
        """
        from ahpvalue.evaluation import movements_of

        return movements_of(self._scores, previous, tiers, previous_tiers, value, steady)

    def explain(
        self, customer: Any, language: str = "en", *, tiers: Tiers | None = None, most: int = 4
    ) -> Explanation:
        """Why a customer's score is what it is, in its own figures, fit to be shown to it.

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
        """
        from ahpvalue.evaluation import explanation_of

        return explanation_of(self._scores, customer, language, tiers, most)

    def reasons(self, most: int = 4) -> Table:
        """The main reasons of every customer, upwards and downwards, as one table."""
        from ahpvalue.evaluation import reasons_of

        return reasons_of(self._scores, most)

    def path_up(
        self, customer: Any, language: str = "en", *, tiers: Tiers | None = None, changes: int = 2
    ) -> WayUp:
        """The smallest change, and the cheapest few, that take a customer to the next tier.

        Only what the model marks as changeable is changed, within its limits. Writing the
        figures into the customer's row does reach the tier (held as long as the rule asks).

        Parameters
        ----------
        customer : str or int
        language : {"en", "zh"}
        tiers : Tiers, optional
            The tiers that count; left out, those by the lines alone.
        changes : {1, 2, 3}
            How many indicators are changed at most.
        """
        from ahpvalue.evaluation import way_up_of

        return way_up_of(self._scores, customer, language, tiers, changes)

    def paths_up(self, tiers: Tiers | None = None, *, changes: int = 2) -> Paths:
        """The ways up of all customers; see `path_up`."""
        from ahpvalue.evaluation import paths_of

        return paths_of(self._scores, tiers, changes)

    def robustness(
        self,
        draws: int | Iterable[Mapping[str, Array]] = 1000,
        *,
        seed: int = 1,
        within: float = 0.9,
        intervals: bool = True,
    ) -> Robustness:
        """Scores and tiers over many draws of the experts' weights.

        Parameters
        ----------
        draws : int, or iterable of mappings of str to ndarray, shape (draws, children)
            How many draws to make within what the judgments leave open; or the draws: per
            criterion its children's priorities, in one batch or several.
        seed : int
        within : float
            How much of the draws an interval holds.
        intervals : bool
            Whether intervals are wanted; without them means and probabilities of tiers take a
            tenth of the time. Intervals of the rank are given where customers times draws
            are at most 50 million.
        """
        from ahpvalue.evaluation import robustness_of

        return robustness_of(self._scores, draws, seed, within, intervals)

    def stability(self) -> Stability:
        """How far each weight can move before a customer of the best tier falls out of it."""
        from ahpvalue.evaluation import stability_of

        return stability_of(self._scores)

    def record(
        self,
        run: str,
        period: str,
        *,
        tiers: Tiers | None = None,
        segments: Segmentation | None = None,
    ) -> Record:
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
        from ahpvalue.evaluation import record_of

        return record_of(self._scores, run, period, tiers, segments)
