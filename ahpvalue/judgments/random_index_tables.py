"""The tables behind `ahpvalue.judgments.random_indices`, which names their sources."""

from __future__ import annotations

__all__ = ["INCOMPLETE", "RANDOM_INDICES", "SIMULATED_INCOMPLETE", "SIMULATED_SCALES"]


def _from_three(*values: float) -> dict[int, float]:
    return dict(enumerate(values, start=3))


RANDOM_INDICES: dict[str, dict[int, float]] = {
    "alonso-lamata": _from_three(
        0.5247, 0.8816, 1.1086, 1.2479, 1.3417, 1.4057, 1.4499,
        1.4854, 1.5140, 1.5365, 1.5551, 1.5713, 1.5838,
    ),
    "saaty-1980": _from_three(0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51),
    "saaty-2005": _from_three(
        0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59
    ),
    "aguaron-moreno": _from_three(
        0.525, 0.882, 1.115, 1.252, 1.341, 1.404, 1.452,
        1.484, 1.513, 1.535, 1.555, 1.570, 1.583,
    ),
    "tummala-ling": _from_three(
        0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537,
        1.4882, 1.5117, 1.5356, 1.5571, 1.5714, 1.5831,
    ),
    "donegan-dodd": _from_three(
        0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733,
        1.4055, 1.4213, 1.4497, 1.4643, 1.4822, 1.4969,
    ),
    "simulated": _from_three(
        0.5230, 0.8833, 1.1096, 1.2489, 1.3410, 1.4045, 1.4508,
        1.4867, 1.5142, 1.5368, 1.5555, 1.5712, 1.5842,
    ),
}  # fmt: skip
"""Random index by table name and number of items; nothing is needed below three items."""


INCOMPLETE: dict[tuple[int, int], float] = {
    (4, 1): 0.583, (4, 2): 0.306,
    (5, 1): 0.925, (5, 2): 0.739, (5, 3): 0.557, (5, 4): 0.379, (5, 5): 0.212,
    (6, 1): 1.128, (6, 2): 1.007, (6, 3): 0.883, (6, 4): 0.758, (6, 5): 0.634, (6, 6): 0.510,
    (6, 7): 0.389, (6, 8): 0.271, (6, 9): 0.161,
    (7, 1): 1.256,
}  # fmt: skip
"""Items and missing pairs -> random index, Agoston and Csato (2022). Their values for
spanning trees, (4, 3) and (5, 6), are left out: those cannot be tested."""

SIMULATED_INCOMPLETE: dict[tuple[int, int], float] = {}
"""Items and missing pairs -> random index by `simulate_random_index(n, 20_000,
missing=m)`; standard errors are below 0.004."""

SIMULATED_SCALES: dict[str, dict[int, float]] = {
    k: {}
    for k in (
        "logarithmic",
        "root",
        "inverse-linear",
        "balanced",
        "balanced-n",
        "adaptive-balanced",
        "adaptive",
        "power",
        "geometric",
    )
}
