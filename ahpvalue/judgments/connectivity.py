"""Which pairs were compared, as a graph: items are joined by their judgments.

Priorities follow from incomplete judgments exactly when this graph is connected (Bozoki,
Fulop and Ronyai 2010, Math. Comput. Modelling 52, 318-333).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import JudgmentError, Problem

__all__ = [
    "compared",
    "connected",
    "directed_cycle",
    "is_complete",
    "is_tree",
    "islands",
    "refuse_islands",
    "resistances",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def compared(matrices: Array) -> Mask:
    """Which pairs have a judgment, shape (..., n, n); the diagonal counts as compared."""
    return ~np.isnan(matrices)


def is_complete(matrices: Array) -> bool:
    """Whether no judgment is missing anywhere; the least of values is NaN where one is."""
    return not np.isnan(matrices.min(initial=1.0))


def connected(known: Mask) -> Mask:
    """Whether every item is reached from every other, shape (..., n, n) -> (...)."""
    reach = known
    for _ in range(max(known.shape[-1] - 1, 1).bit_length()):
        reach = np.matmul(reach, reach)
    return np.asarray(reach[..., 0, :].all(axis=-1))


def is_tree(known: Mask) -> Mask:
    """Whether a connected graph has n - 1 judgments: nothing is left to contradict them."""
    n = known.shape[-1]
    return known.sum(axis=(-2, -1)) == n + 2 * (n - 1)


def resistances(known: Mask) -> Array:
    """The effective resistance between every two items, each judgment of resistance 1.

    It is the variance of the two items' ratio by logarithmic least squares.
    """
    inverse = np.linalg.inv(1.0 - known + known.sum(axis=1)[:, None] * np.eye(len(known)))
    diagonal = np.diagonal(inverse)
    return diagonal[:, None] + diagonal[None, :] - 2 * inverse


def islands(known: Mask) -> list[list[int]]:
    """The connected parts of one graph, shape (n, n), each in order of the items."""
    left = set(range(len(known)))
    found = []
    while left:
        island, edge = set[int](), {min(left)}
        while edge:
            island |= edge
            edge = {int(j) for i in edge for j in np.nonzero(known[i])[0]} - island
        left -= island
        found.append(sorted(island))
    return found


def refuse_islands(matrix: Array, labels: Sequence[str]) -> None:
    """Raise a `JudgmentError` that names the islands and a pair that would join two of them."""
    found = islands(compared(matrix))
    if len(found) == 1:
        return
    shown = "; ".join(", ".join(labels[k] for k in island) for island in found)
    bridge = " vs ".join(labels[island[0]] for island in found[:2])
    raise JudgmentError(
        Problem(
            f"the judgments leave {len(found)} islands with nothing between them ({shown}); "
            f"judge {bridge}, for one, to join them"
        )
    )


def directed_cycle(beats: Mask) -> tuple[int, ...] | None:
    """A shortest cycle in which each item beats the next and the last the first, if any."""
    found: list[tuple[int, ...]] = []
    for start in range(len(beats)):
        paths: dict[int, tuple[int, ...]] = {start: (start,)}
        waiting = [start]
        for item in waiting:  # grows by the items reached, the nearest first
            for after in np.nonzero(beats[item])[0].tolist():
                if after == start:
                    found.append(paths[item])
                elif after > start and after not in paths:
                    paths[after] = (*paths[item], after)
                    waiting.append(after)
    return min(found, key=len, default=None)
