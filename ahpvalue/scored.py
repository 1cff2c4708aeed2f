"""`Scored`: a scored table together with the model that scored it, as frozen data.

Everything in `ahpvalue.evaluation` works on it. `ahpvalue.Scores` is the front that people hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ahpvalue.compiling import CompiledModel
from ahpvalue.scoring import ScoredTable, score_table

__all__ = ["Scored", "score_customers"]


@dataclass(frozen=True, eq=False)
class Scored(ScoredTable):
    """The customers of one table, scored by one model.

    Attributes
    ----------
    model : CompiledModel
        The document, and what follows from it.

    See Also
    --------
    ahpvalue.scoring.ScoredTable : the other attributes.
    """

    model: CompiledModel


def score_customers(
    model: CompiledModel,
    table: Any,
    *,
    outputs: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scored:
    """Score a table of customers in memory; see `ahpvalue.Model.score`."""
    found = score_table(
        model.plan,
        table,
        outputs=outputs,
        model_hash=model.hash,
        reference_hash=model.reference_hash,
        threads=threads,
        progress=progress,
    )
    return Scored(
        found.plan,
        found.customers,
        found.active,
        found.outputs,
        found.arrays,
        found.model_hash,
        found.reference_hash,
        found.seal,
        model,
    )
