"""Which method a fitted document's numbers follow: what `method:` in a document counts.

A document's version says how it is written, its method how its numbers were made. Scores of
two methods are not compared silently: `compare` has a cause *method*.

1  Before `method` was written: missing judgments were completed within 1/9 to 9, percentiles
   kept 101 knots, drawn lines lay on a customer's score, weights were computed on loading.
2  Missing judgments make lambda least wherever they lie; knots keep within a tolerance; drawn
   lines lie between two customers; `fit` writes the weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling.comparisons import Comparison
from ahpvalue.document import ModelDocument
from ahpvalue.errors import Problem
from ahpvalue.judgments import (
    COMPLETIONS,
    apply_scale,
    completed,
    principal_eigenvector,
    scale_maximum,
)

__all__ = ["METHOD", "method_of", "method_problems"]

METHOD = 2


def method_of(document: ModelDocument) -> int:
    """The method whose numbers a document holds; a document without a reference holds none."""
    if document.method is not None:
        return document.method
    return METHOD if document.reference is None else 1


def method_problems(
    document: ModelDocument, comparisons: Mapping[str, Comparison]
) -> list[Problem]:
    """Why a document of another method cannot be used as it stands."""
    method = method_of(document)
    if method > METHOD:
        text = f"method {method} is of a later version of ahpvalue; this one computes {METHOD}"
        return [Problem(f"{text}; update it", ("method",))]
    if method == METHOD:
        return []
    if document.reference is None:
        text = f"method {method} is no longer computed; delete this line to use method {METHOD}"
        return [Problem(text, ("method",))]
    return [
        Problem(
            f"fitted by method {method}, which set missing judgments within the scale; method "
            f"{METHOD} gives {node} other weights: fit the model again",
            one.path,
        )
        for node, one in comparisons.items()
        if _was_cut(one)
    ]


def _was_cut(comparison: Comparison) -> bool:
    """Whether a missing judgment lies beyond the scale, where method 1 cut it."""
    how = comparison.derivation
    if (how.completion or COMPLETIONS[how.method][0]) != "lambda-minimal":
        return False
    group = comparison.ratios()
    matrices = (
        [apply_scale(one.values, how.scale) for one in comparison.answers.values()]
        if group is None
        else [group]
    )
    end = scale_maximum(how.scale, len(comparison.items)) * (1 + 1e-9)
    return any(_has_beyond(one, end) for one in matrices)


def _has_beyond(ratios: NDArray[np.float64], end: float) -> bool:
    """Judgments that agree exactly were never cut: their only answer is given by both."""
    full = completed(ratios)
    contradicts = principal_eigenvector(full)[1] > len(full) + 1e-12
    return bool(contradicts and (np.where(np.isnan(ratios), full, 1.0) > end).any())
