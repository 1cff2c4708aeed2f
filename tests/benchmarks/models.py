"""The model and the customers that scoring is measured with: 12 figures, 5 criteria, 2 sides."""

import numpy as np

import ahpvalue as av

__all__ = ["CRITERIA", "FUNCTIONS", "OUTPUTS", "SIDES", "WEIGHTS", "customers", "model"]

NAMES = [f"x{k}" for k in range(12)]
CRITERIA = {"a": NAMES[:3], "b": NAMES[3:6], "c": NAMES[6:8], "d": NAMES[8:10], "e": NAMES[10:]}
SIDES = {"customer_side": ["a"], "company_side": list("bcde")}
WEIGHTS = {name: dict.fromkeys(below, 1 / len(below)) for name, below in CRITERIA.items()}
WEIGHTS |= {"customer_side": {"a": 1.0}, "company_side": dict.fromkeys("bcde", 0.25)}
WEIGHTS |= {"value": {"customer_side": 0.4, "company_side": 0.6}}
OUTPUTS = ["total", *SIDES, *CRITERIA]

BANDS = {"edges": [20, 40, 60, 80], "scores": [0, 25, 50, 75, 100], "closed": "left"}
FUNCTIONS = {
    "bands": {"bands": BANDS},
    "piecewise linear": {"linear": [[0, 0], [20, 10], [50, 60], [80, 90], [100, 100]]},
    "percentile, 100 knots": {
        "percentile": {"knots": [[k + k % 3 / 9, k * 100 / 99] for k in range(100)]}
    },
}


def customers(rows, gaps=0.0):
    rng = np.random.default_rng(1)
    table = {"customer": np.arange(rows)} | {name: rng.random(rows) * 100 for name in NAMES}
    for name in NAMES if gaps else ():
        table[name][rng.random(rows) < gaps] = np.nan
    return table


def model(function):
    return av.Model(
        hierarchy={
            "value": {side: {c: CRITERIA[c] for c in below} for side, below in SIDES.items()}
        },
        judgments={"weights": {name: below for name, below in WEIGHTS.items() if len(below) > 1}},
        indicators=dict.fromkeys(NAMES, FUNCTIONS[function] | {"missing": "renormalise"}),
    )
