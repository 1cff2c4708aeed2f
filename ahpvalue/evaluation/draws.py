"""Where draws of weights come from: the model's own, or a simple seeded draw of the judgments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.build import GROUP
from ahpvalue.errors import CustomerDataError, did_you_mean
from ahpvalue.judgments import aggregate_judgments, aggregate_priorities, priorities

__all__ = ["collected", "weight_draws"]

Array = NDArray[np.float64]
Draws = Mapping[str, Array]

_LARGEST = 9.0  # of the scale; drawn judgments stay on it


def weight_draws(model: Any, draws: int = 1000, seed: int = 1) -> Iterable[Draws]:
    """Draws of the local priorities, by what the experts' judgments leave open.

    Yields
    ------
    mapping of str to ndarray, shape (draws of a batch, children)
        Criterion to its children's priorities.
    """
    own = getattr(model, "weight_draws", None)
    if own is not None:
        found: Iterable[Draws] = own(draws=draws, seed=seed)
        return found
    return _judgment_draws(model, draws, seed)


def _judgment_draws(model: Any, draws: int, seed: int) -> Iterator[Draws]:
    """Every judgment drawn evenly within half a step of the scale, all experts jointly.

    On the signed scale (3, 2, 1, 1/2, 1/3 at equal steps) of Goepel (2013), "Implementing
    the AHP as a standard method"; nodes that are weighted directly stay as they are.
    """
    rng = np.random.default_rng(seed)
    section = model.document.judgments
    found: dict[str, Array] = {}
    for node in model.hierarchy.criteria:
        local = np.array(list(model.weights().local[node].values()))
        comparison = model.comparisons.get(node)
        if comparison is None:
            found[node] = np.broadcast_to(local, (draws, len(local)))
            continue
        experts = sorted(name for name in comparison.matrices if name != GROUP)
        stacked = np.array([comparison.matrices[name].complete_values() for name in experts])
        shares = [section.experts[name].weight for name in experts]
        drawn = _moved(stacked, draws, rng)  # draws, experts, n, n
        if section.aggregation == "judgments":
            group = np.array([aggregate_judgments(one, shares) for one in drawn])
            found[node] = priorities(group, section.method)
        else:
            mean = "arithmetic" if section.aggregation == "priorities-arithmetic" else "geometric"
            vectors = priorities(drawn, section.method)
            found[node] = np.array([aggregate_priorities(one, shares, mean) for one in vectors])
    yield found


def _moved(matrices: Array, draws: int, rng: np.random.Generator) -> Array:
    """Matrices whose upper triangles are moved by up to half a step, reciprocal again."""
    n = matrices.shape[-1]
    upper = np.triu_indices(n, 1)
    judged = matrices[..., upper[0], upper[1]]
    steps = np.where(judged >= 1, judged - 1, 1 - 1 / judged)
    moved = steps + rng.uniform(-0.5, 0.5, (draws, *steps.shape))
    moved = np.clip(moved, 1 - _LARGEST, _LARGEST - 1)
    values = np.where(moved >= 0, 1 + moved, 1 / (1 - moved))
    drawn = np.ones((draws, *matrices.shape))
    drawn[..., upper[0], upper[1]] = values
    drawn[..., upper[1], upper[0]] = 1 / values
    return drawn


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
