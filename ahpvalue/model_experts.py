"""The verbs of `model.experts`: what a model's experts are told and asked.

Each enters the experts' room on first use: whoever only scores pays nothing for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ahpvalue as av
from ahpvalue.document import dump_yaml, expert_text, text_of_expert, write_text
from ahpvalue.errors import ModelError, did_you_mean
from ahpvalue.support.defaults import SEED

__all__ = ["Experts"]


class Experts:
    """What can be asked about a model's experts; reached as ``model.experts``."""

    def __init__(self, model: av.Model) -> None:
        self._model = model

    def __repr__(self) -> str:
        names = ", ".join(self._model.document.judgments.experts)
        return f"<experts of the model: {names or 'none'}>"

    def review(self) -> av.ModelReview:
        """Which judgments to discuss with which expert, and the smallest change that is enough.

        Examples
        --------
        >>> from ahpvalue import Model
        >>> model = Model(
        ...     hierarchy={"value": ["sales", "credit", "growth"]},
        ...     judgments={
        ...         "consistency": {"limit": 0.2},
        ...         "experts": {"ann": {}},
        ...         "comparisons": {"value": {"ann": [[2, 4], [4]]}},
        ...     },
        ... )
        >>> model.experts.review().of("ann", "value")
        Judgments of ann on value
        judgment          given  would fit  exactly  GCI falls by  at most by
        ----------------  -----  ---------  -------  ------------  ----------
        sales vs credit       2          1    1.000        0.1602      0.1602
        sales vs growth       4          8    8.000        0.1602      0.1602
        credit vs growth      4          2    2.000        0.1602      0.1602
        GCI 0.1602 (limit 0.31); most inconsistent, by the GCI: sales vs credit
        """
        from ahpvalue.experts import review_judgments

        return review_judgments(self._model.document, self._model.comparisons)

    def accept(
        self,
        expert: str,
        node: str,
        answers: Mapping[Any, Any],
        *,
        by: str,
        day: date | str | None = None,
        note: str = "",
    ) -> av.Model:
        """The model with an expert's answers changed, and the change on record.

        Parameters
        ----------
        expert, node : str
        answers : mapping
            Pair to new answer, ``{"sales vs credit": "1/2"}``, such as `MatrixReview.proposal`.
        by : str
            Who agreed to it.
        day : date or str, optional
            When; today when left out.
        note : str
            Why.

        Returns
        -------
        Model
            Its document holds, under ``judgments.changes``, the old answer, the new one, who
            and when. ``changed.save()`` writes it into the file that holds the answer.

        Raises
        ------
        ModelError, JudgmentError
            The expert did not answer that node, an answer is no judgment, nobody is named, or
            nothing changes.
        """
        from ahpvalue.experts import accept_answers

        model = self._model
        if node not in model.comparisons:
            known = model.comparisons
            raise ModelError(f"nothing is compared under {node!r}{did_you_mean(node, known)}")
        comparison = model.comparisons[node]
        data = accept_answers(
            model.document, comparison, node, expert, answers, by=by, day=day, note=note
        )
        return model.with_sections(**data)

    def expert_yaml(self, expert: str) -> str:
        """An expert's own file: the answers as they stand, and what was changed in them."""
        return dump_yaml(self._expert_data(expert))

    def _expert_data(self, expert: str) -> dict[str, Any]:
        from ahpvalue.experts import expert_data

        model = self._model
        return expert_data(model.document, model.comparisons, model.questions.hash, expert)

    def save_expert(self, expert: str, path: str | os.PathLike[str]) -> None:
        """Write an expert's own file, which a model names under ``judgments.experts``.

        A file that is there and is this expert's keeps its comments.
        """
        data, target = self._expert_data(expert), Path(path)
        write_text(target, expert_text(text_of_expert(target, expert), data))

    def consensus(self) -> av.ModelConsensus:
        """How far the experts agree, per node and over the hierarchy, and who with whom.

        Examples
        --------
        >>> from ahpvalue import template
        >>> template("retail-terminal").experts.consensus().nodes[0].experts
        ('regional_manager', 'credit_officer', 'field_representative')
        """
        from ahpvalue.experts import measure_consensus

        return measure_consensus(self._model.compiled)

    def uncertainty(
        self,
        draws: int = 1_000,
        seed: int = SEED,
        *,
        steps: float = 0.5,
        experts: bool = True,
        quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    ) -> av.WeightUncertainty:
        """How sure the weights are: quantiles over judgments and experts drawn at random.

        Parameters
        ----------
        draws, seed : int
            The same seed gives the same numbers.
        steps : float
            Every judgment is drawn uniformly within so many steps of the scale, all nodes
            and experts at once: an answer of 3 stands for what is rounded to 3.
        experts : bool
            Whether experts are resampled as well (Bayesian bootstrap, Rubin 1981).
        quantiles : sequence of float

        Examples
        --------
        >>> from ahpvalue import template
        >>> found = template("retail-terminal").experts.uncertainty(draws=200)
        >>> bool(found["integrity"][0] < found.weights["integrity"] < found["integrity"][-1])
        True
        """
        from ahpvalue.experts import Sources, measure_uncertainty

        return measure_uncertainty(
            self._model.compiled, draws, seed, Sources(steps, experts), quantiles
        )

    def weight_draws(
        self,
        draws: int = 1_000,
        seed: int = SEED,
        *,
        steps: float = 0.5,
        experts: bool = True,
    ) -> Iterator[dict[str, NDArray[np.float64]]]:
        """The draws behind `uncertainty`, a batch at a time.

        Yields
        ------
        dict of str to ndarray, shape (draws of the batch, children)
            Criterion -> local priorities of its children, in the order of the hierarchy.
        """
        from ahpvalue.experts import Sources, weight_draws

        return weight_draws(self._model.compiled, draws, seed, Sources(steps, experts))
