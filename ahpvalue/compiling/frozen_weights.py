"""The weights a fitted document carries, so that its file scores to the same bits everywhere.

Eigenvectors come out of a linear algebra library, whose last bits depend on the processor.
`fit` writes the weights with twelve decimals; from then on they are what scores, as long as
the judgments give them. Consistency, review and uncertainty work on the judgments.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.comparisons import Comparison
from ahpvalue.document import ModelDocument, plain
from ahpvalue.errors import Problem
from ahpvalue.hierarchy import Hierarchy

__all__ = [
    "DECIDE_WEIGHTS",
    "freeze_weights",
    "frozen_problems",
    "judgments_hash",
    "take_frozen",
    "thaw_weights",
]

Array = NDArray[np.float64]

DECIDE_WEIGHTS = frozenset(("hierarchy", "indicators", "judgments"))
"""The sections of a document that weights follow from."""

_UNITS = 10**12
_AGREE = 1e-9


def freeze_weights(
    document: ModelDocument,
    hierarchy: Hierarchy,
    local: Mapping[str, Array],
    comparisons: Mapping[str, Comparison],
) -> dict[str, Any]:
    """What `fit` writes under ``reference``: the weights, and the hash of the judgments."""
    return {
        "judgments": judgments_hash(document),
        "weights": {
            name: dict(zip(items, _decimals(weights), strict=True))
            for name, items, weights in _all_weights(document, hierarchy, local, comparisons)
        },
    }


def _all_weights(
    document: ModelDocument,
    hierarchy: Hierarchy,
    local: Mapping[str, Array],
    comparisons: Mapping[str, Comparison],
) -> list[tuple[str, Sequence[str], Array]]:
    """Name, items and weights of every criterion, and of every indicator of compared categories."""
    nodes = [(node, hierarchy.children[node], weights) for node, weights in local.items()]
    return nodes + [
        (name, one.items, one.priorities)
        for name, one in comparisons.items()
        if name in document.indicators
    ]


def _decimals(weights: Array) -> list[float]:
    """The weights with twelve decimals that sum to 1; the largest remainders are rounded up."""
    wanted = weights * _UNITS
    units = np.floor(wanted)
    left = round(_UNITS - float(units.sum()))
    units[np.argsort(units - wanted, kind="stable")[:left]] += 1
    return [int(unit) / _UNITS for unit in units]


def judgments_hash(document: ModelDocument) -> str:
    """Sixteen hexadecimal digits of everything that decides weights."""
    data = plain(document)
    categories = {
        name: one.categories.comparisons
        for name, one in document.indicators.items()
        if one.categories is not None
    }
    said = json.dumps([data["hierarchy"], data.get("judgments"), categories], default=str)
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def frozen_problems(
    document: ModelDocument,
    hierarchy: Hierarchy,
    local: Mapping[str, Array],
    comparisons: Mapping[str, Comparison],
) -> list[Problem]:
    """Where the judgments no longer give the weights that fit wrote."""
    if document.reference is None or not document.reference.weights:
        return []
    written = document.reference.weights
    return [
        Problem(
            f"the judgments do not give the weights of {name} that fit wrote here; fit again, "
            "or delete reference.weights to score by the judgments as they are",
            ("reference", "weights", *([name] if name in written else [])),
        )
        for name, items, weights in _all_weights(document, hierarchy, local, comparisons)
        if not _agree(written.get(name, {}), items, weights)
    ]


def _agree(written: Mapping[str, float], items: Sequence[str], weights: Array) -> bool:
    if written.keys() != set(items):
        return False
    return bool(np.abs(_in_order(written, items) - weights).max() <= _AGREE)


def _in_order(written: Mapping[str, float], items: Sequence[str]) -> Array:
    return np.array([written[item] for item in items])


def take_frozen(
    document: ModelDocument,
    hierarchy: Hierarchy,
    local: Mapping[str, Array],
    comparisons: Mapping[str, Comparison],
) -> tuple[dict[str, Array], dict[str, Comparison]]:
    """Local priorities and comparisons with the weights that `fit` wrote, where it did."""
    written = {} if document.reference is None else document.reference.weights
    if not written:
        return dict(local), dict(comparisons)
    nodes = {node: _in_order(written[node], hierarchy.children[node]) for node in local}
    categories = {
        name: replace(one, priorities=_in_order(written[name], one.items))
        for name, one in comparisons.items()
        if name in document.indicators
    }
    return nodes, dict(comparisons) | categories


def thaw_weights(data: Mapping[str, Any]) -> dict[str, Any]:
    """A document's data without the weights that `fit` wrote: the judgments decide again."""
    reference = data.get("reference")
    if not isinstance(reference, Mapping):
        return dict(data)
    kept = {key: value for key, value in reference.items() if key not in ("judgments", "weights")}
    return {**data, "reference": kept}
