"""Reasons: what lifts and what lowers a customer's score, against the median customer.

The effect of an indicator is its effective weight for this customer times the difference between
the customer's score on it and the score of the median value. The effects add up to the difference
between the customer's total and the total of a customer with every value at the median.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import ModelError
from ahpvalue.scored import Scored
from ahpvalue.scoring import CategoryScores, score_values, shares_and_scores

__all__ = ["Effects", "measure_effects"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Effects:
    """Points above or below the median customer, per indicator.

    Attributes
    ----------
    points : dict of str to ndarray, shape (customers,)
        NaN for customers without a total.
    baseline : ndarray, shape (customers,)
        The total of a customer with the same data at hand and the median everywhere; with
        the points it adds up to the customer's total.
    shares : dict of str to ndarray
        How much of the total an indicator carries for each customer; 0 where left out.
    median : dict of str to float or str
        The reference's median value, or its most frequent category.
    median_scores : dict of str to float
        What the median customer scores.
    """

    points: dict[str, Array]
    baseline: Array
    shares: dict[str, Array]
    median: dict[str, float | str]
    median_scores: dict[str, float]


def measure_effects(scored: Scored) -> Effects:
    """Take every customer's total apart against the reference's median.

    Raises
    ------
    ModelError
        The model was not fitted, so that nobody knows what is usual.
    """
    reference = scored.model.document.reference
    if reference is None:
        raise ModelError(
            "reasons are given against a reference population: fit the model first, even if every "
            "number of it is explicit"
        )
    shares, points = shares_and_scores(scored.plan, scored.active.customers)
    median, median_scores = _middle(scored, reference)
    effects: dict[str, Array] = {}
    baseline = np.zeros(scored.active.customers.rows)
    for name, share in shares.items():
        median_score = median_scores.get(name)
        # Without a median (no reference value) an indicator scores nobody and has share 0.
        usual = share * (0.0 if median_score is None else median_score)
        effects[name] = points[name] - usual
        baseline = baseline + usual
    spread = scored.active.spread
    return Effects(
        {name: spread(values) for name, values in effects.items()},
        spread(np.where(np.isnan(scored.active.pick(scored.total)), np.nan, baseline)),
        {name: spread(values) for name, values in shares.items()},
        median,
        median_scores,
    )


def _middle(scored: Scored, reference: Any) -> tuple[dict[str, float | str], dict[str, float]]:
    median: dict[str, float | str] = {}
    median_scores: dict[str, float] = {}
    for indicator in scored.plan.indicators:
        column = reference.indicators.get(indicator.name)
        if column is None or not column.values:
            continue
        function = indicator.function
        if isinstance(function, CategoryScores):
            median[indicator.name] = column.commonest
            median_scores[indicator.name] = function.scores[function.names.index(column.commonest)]
        else:
            median[indicator.name] = column.median
            median_scores[indicator.name] = float(
                score_values(function, np.array([column.median]))[0]
            )
    return median, median_scores
