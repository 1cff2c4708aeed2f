"""Synthetic customers for the `retail-terminal` template: made up, the same for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["synthetic_customers"]


def synthetic_customers(rows: int = 500, seed: int = 7) -> dict[str, NDArray[Any]]:
    """Generate customers with the template's twelve columns; none of them exists.

    Parameters
    ----------
    rows : int
    seed : int
        Seed of `numpy.random.default_rng`.

    Returns
    -------
    dict of str to ndarray
        The id column and the twelve indicators. Some 6 % of the growth values (new
        customers), 3 % of the floor areas and 2 % of the service points are missing.

    Examples
    --------
    >>> synthetic_customers(3)["customer_id"].tolist()
    ['00001', '00002', '00003']
    """
    rng = np.random.default_rng(seed)
    size = rng.normal(0.0, 1.0, rows)  # what large outlets have in common

    def around(centre: float, spread: float, pull: float) -> NDArray[np.float64]:
        own = rng.normal(size=rows)
        return np.asarray(centre + spread * (pull * size + (1 - pull**2) ** 0.5 * own))

    def some_missing(values: NDArray[np.float64], share: float) -> NDArray[np.float64]:
        return np.where(rng.random(rows) < share, np.nan, values)

    return {
        "customer_id": np.array([f"{k + 1:05d}" for k in range(rows)], dtype=object),
        "monthly_order": np.exp(around(4.2, 0.8, 0.9)).round(0),
        "gross_margin": np.clip(around(0.095, 0.03, 0.2), 0.0, None).round(4),
        "unit_price": np.exp(around(5.0, 0.35, 0.3)).round(2),
        "service_cost": np.exp(around(2.3, 0.5, -0.6)).round(2),
        "sales_growth": some_missing(np.clip(around(0.03, 0.15, 0.1), -1, None), 0.06).round(4),
        "management": np.array(list("DCBA"), dtype=object)[
            np.clip(np.floor(around(2.2, 0.9, 0.4)), 0, 3).astype(int)
        ],
        "informatisation": np.clip(around(0.6, 0.25, 0.3), 0, 1).round(3),
        "resources": some_missing(np.exp(around(3.9, 0.7, 0.6)), 0.03).round(0),
        "integrity": rng.poisson(0.4, rows).astype(float),
        "cooperation": np.clip(around(0.7, 0.2, 0.2), 0, 1).round(3),
        "service_capability": some_missing(np.clip(around(7.0, 1.4, 0.3), 0, 10), 0.02).round(1),
        "trade_area": rng.choice(
            np.array(["centre", "business", "residential", "village"], dtype=object),
            rows,
            p=[0.12, 0.18, 0.45, 0.25],
        ),
    }
