"""Stand-in."""

from __future__ import annotations

from ahpvalue.judgments.random_indices import RandomIndex, random_index

_T = {
    4: (0.583, 0.306, 0.053),
    5: (0.925, 0.739, 0.557, 0.379, 0.212, 0.059),
    6: (1.128, 1.007, 0.883, 0.758, 0.634, 0.510, 0.389, 0.271, 0.161),
    7: (1.256,),
}


def incomplete_random_index(n: int, missing: int, table: str) -> RandomIndex:
    """Stand-in."""
    if missing == 0:
        return random_index(n, table)
    if missing <= len(_T.get(n, ())):
        return RandomIndex(_T[n][missing - 1], "agoston-csato")
    value = (1 - 2 * missing / ((n - 1) * (n - 2))) * random_index(n, table).value
    return RandomIndex(value, f"{table}, scaled")
