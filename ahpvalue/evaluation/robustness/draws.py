"""Draws of the weights, checked and in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import CompiledModel
from ahpvalue.errors import CustomerDataError, CustomerDataWarning, did_you_mean, warn

__all__ = ["Draws", "collect_draws", "warn_of_stated_weights"]

Array = NDArray[np.float64]
Draws = Mapping[str, Array]


def warn_of_stated_weights(model: CompiledModel) -> None:
    """Say which weights no draw of judgments moves.

    Warns
    -----
    CustomerDataWarning
        Nobody answered for some criterion: its stated weights are the same in every draw.
    """
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


def collect_draws(draws: Iterable[Draws], model: CompiledModel) -> dict[str, Array]:
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
