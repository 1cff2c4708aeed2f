"""Draws of the weights, checked and in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, did_you_mean

__all__ = ["collected"]

Array = NDArray[np.float64]
Draws = Mapping[str, Array]


def collected(draws: Iterable[Draws], model: Any) -> dict[str, Array]:
    """All batches under each other, checked against the hierarchy.

    Raises
    ------
    CustomerDataError
        A criterion has no draws, or not one priority per child, or there are none at all.
    """
    batches = list(draws)
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
