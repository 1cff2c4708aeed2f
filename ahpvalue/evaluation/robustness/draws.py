"""Draws of the weights, checked and in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, did_you_mean, warn

__all__ = ["collected", "drawn_weights"]

Array = NDArray[np.float64]
Draws = Mapping[str, Array]


def drawn_weights(draws: int | Iterable[Draws], seed: int, model: Any) -> dict[str, Array]:
    """So many draws within what the judgments leave open, or the draws that are given.

    Warns
    -----
    CustomerDataWarning
        Nobody answered for some criterion: its stated weights are the same in every draw.
    """
    if not isinstance(draws, (int, float, np.number)):
        return collected(draws, model)
    found = collected(model.weight_draws(draws, seed), model)
    fixed = [
        node
        for node, children in model.hierarchy.children.items()
        if len(children) > 1 and node not in model.comparisons
    ]
    if fixed:
        warn(
            f"no expert answered for {', '.join(fixed)}, so that there is nothing to draw: these "
            "weights stay as they are stated, and what holds in every draw may not hold in "
            "truth; give draws of your own",
            CustomerDataWarning,
        )
    return found


def collected(draws: Iterable[Draws], model: Any) -> dict[str, Array]:
    """All batches under each other, checked against the hierarchy.

    Raises
    ------
    CustomerDataError
        A criterion has no draws, or not one priority per child, or there are none at all.
    """
    batches = list(draws) if isinstance(draws, Iterable) else [draws]
    if not all(isinstance(batch, Mapping) for batch in batches):
        raise CustomerDataError(
            "draws are a number of draws, or mappings of criterion to weights, shape (draws, "
            f"children), not {draws!r}"
        )
    if not batches:
        raise CustomerDataError("there are no draws of the weights")
    found: dict[str, Array] = {}
    for node in model.hierarchy.criteria:
        children = model.hierarchy.children[node]
        if any(node not in batch for batch in batches):
            near = did_you_mean(node, batches[0])
            raise CustomerDataError(f"the draws hold no weights below {node}{near}")
        found[node] = np.concatenate([np.asarray(batch[node], dtype=float) for batch in batches])
        if found[node].shape[1:] != (len(children),):
            raise CustomerDataError(
                f"draws of {node} have the shape (draws, {len(children)}), not {found[node].shape}"
            )
    return found
