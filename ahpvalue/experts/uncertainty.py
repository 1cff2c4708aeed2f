"""How uncertain the weights are when judgments and experts vary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import Comparison, CompiledModel, with_objective
from ahpvalue.errors import JudgmentError, ModelError, did_you_mean
from ahpvalue.judgments import (
    HALF_STEP,
    check_steps,
    completed,
    draw_answers,
    principal_eigenvector,
    resample_experts,
    tomashevskii_errors,
)
from ahpvalue.support.display import Result, Table

__all__ = ["Sources", "WeightUncertainty", "measure_uncertainty", "weight_draws"]

Array = NDArray[np.float64]

_BATCH = 250  # draws at a time: part of what a seed means


@dataclass(frozen=True)
class Sources:
    """What is drawn at random.

    Attributes
    ----------
    steps : float
        Judgments are drawn within so many steps of the scale; 0 leaves them as they are.
    experts : bool
        Whether experts are resampled (only where there are two or more).
    """

    steps: float = HALF_STEP
    experts: bool = True


def weight_draws(
    model: CompiledModel, draws: int, seed: int, sources: Sources
) -> Iterator[dict[str, Array]]:
    """Local priorities of every criterion, drawn jointly over all nodes and experts.

    Returns
    -------
    iterator of dict of str to ndarray, shape (draws of the batch, children)
    """
    _refuse_draws(draws, seed, sources)
    return _batches(model, draws, seed, sources)


def _refuse_draws(draws: int, seed: int, sources: Sources) -> None:
    for name, number, least in (("the number of draws", draws, 1), ("a seed", seed, 0)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < least:
            raise JudgmentError(f"{name} is a whole number of {least} or more, not {number!r}")
    check_steps(sources.steps)


def _batches(
    model: CompiledModel, draws: int, seed: int, sources: Sources
) -> Iterator[dict[str, Array]]:
    hierarchy, local = model.hierarchy, model.local_priorities
    asked = {n: model.comparisons[n] for n in hierarchy.criteria if n in model.comparisons}
    names = _names(asked.values())
    for start in range(0, draws, _BATCH):
        count = min(_BATCH, draws - start)
        rng = np.random.default_rng([seed, start // _BATCH])
        several = sources.experts and len(names) > 1
        factors = resample_experts(len(names), count, rng) if several else None
        yield {
            node: with_objective(
                model.document,
                node,
                hierarchy.children[node],
                _drawn(asked[node], names, factors, count, rng, sources.steps),
            )
            if node in asked
            else np.broadcast_to(local[node], (count, len(local[node])))
            for node in hierarchy.criteria
        }


def _names(comparisons: Iterable[Comparison]) -> list[str]:
    return sorted({who for one in comparisons for who in one.answers})


def _drawn(
    comparison: Comparison,
    names: Sequence[str],
    factors: Array | None,
    count: int,
    rng: np.random.Generator,
    steps: float,
) -> Array:
    answers, shares = comparison.stacked()
    drawn = draw_answers(answers, count, rng, steps)
    each = np.broadcast_to(shares, (count, len(shares)))
    if factors is not None:
        each = each * factors[:, [names.index(who) for who in sorted(comparison.answers)]]
    return comparison.derivation.priorities(drawn, each)


@dataclass(frozen=True, repr=False)
class WeightUncertainty(Result):
    """Quantiles of local and global priorities over the draws.

    Attributes
    ----------
    quantiles : tuple of float
    local : dict of (parent, node) to ndarray, shape (quantiles,)
    total : dict of str to ndarray, shape (quantiles,)
        Of every node's weight on the goal.
    weights : dict of str to float
        The model's own, beside them.
    local_weights : dict of (parent, node) to float
    first : dict of (parent, node) to float
        How often the node weighs most below its parent.
    errors : dict of (parent, node) to (float or None)
        Tomashevskii's closed-form error of the local priority, from the contradictions of
        the experts' common matrix; None where there is none (AIP, direct weights).
    draws, seed : int
    sources : Sources
    """

    quantiles: tuple[float, ...]
    local: Mapping[tuple[str, str], Array]
    total: Mapping[str, Array]
    weights: Mapping[str, float]
    local_weights: Mapping[tuple[str, str], float]
    first: Mapping[tuple[str, str], float]
    errors: Mapping[tuple[str, str], float | None]
    indicators: tuple[str, ...]
    draws: int
    seed: int
    sources: Sources

    def __getitem__(self, node: str) -> Array:
        """The quantiles of a node's weight on the goal."""
        if node not in self.total:
            raise ModelError(f"there is no node {node!r}{did_you_mean(node, self.total)}")
        return self.total[node]

    def table(self) -> Table:
        """Every indicator's weight on the goal, largest first, with its quantiles."""
        names = sorted(self.indicators, key=lambda name: -self.weights[name])
        return self._on_the_goal("Uncertainty of the weights", "indicator", names)

    @property
    def nodes(self) -> Table:
        """The weight of every node on the goal, with its quantiles."""
        return self._on_the_goal("Uncertainty of all weights", "node", list(self.total))

    def _on_the_goal(self, title: str, kind: str, names: list[str]) -> Table:
        columns: dict[str, list[Any]] = {kind: names}
        columns["weight"] = [self.weights[name] for name in names]
        for k, quantile in enumerate(self.quantiles):
            columns[_percent(quantile)] = [float(self.total[name][k]) for name in names]
        formats = dict.fromkeys(list(columns)[1:], ".4f")
        return Table(title, columns, formats, note=self._note())

    @property
    def local_table(self) -> Table:
        """Every local priority with its quantiles, and the closed-form error beside it."""
        keys = list(self.local)
        columns: dict[str, list[Any]] = {
            "below": [parent for parent, _ in keys],
            "node": [node for _, node in keys],
            "local": [self.local_weights[key] for key in keys],
        }
        for k, quantile in enumerate(self.quantiles):
            columns[_percent(quantile)] = [float(self.local[key][k]) for key in keys]
        columns["first"] = [self.first[key] for key in keys]
        columns["error"] = [self.errors[key] for key in keys]
        formats = dict.fromkeys(list(columns)[2:], ".4f") | {"first": ".0%"}
        note = self._note() + "; error: Tomashevskii's, from the matrix alone"
        return Table("Uncertainty of the local priorities", columns, formats, note=note)

    def _note(self) -> str:
        what = []
        if self.sources.steps:
            what.append(f"judgments within {self.sources.steps:g} steps")
        if self.sources.experts:
            what.append("experts resampled")
        return f"{self.draws:,} draws, seed {self.seed}: {' and '.join(what) or 'nothing drawn'}"


def _percent(quantile: float) -> str:
    return f"{quantile * 100:g} %"


def measure_uncertainty(
    model: CompiledModel, draws: int, seed: int, sources: Sources, quantiles: Sequence[float]
) -> WeightUncertainty:
    """Run the draws and take the quantiles."""
    wanted = _shares(quantiles)
    hierarchy, local, comparisons = model.hierarchy, model.local_priorities, model.comparisons
    batches = list(weight_draws(model, draws, seed, sources))
    drawn = {node: np.concatenate([batch[node] for batch in batches]) for node in local}
    totals = hierarchy.global_priorities(drawn)
    own = hierarchy.global_priorities(local)
    cells = [(node, k, child) for node in local for k, child in enumerate(hierarchy.children[node])]
    errors = {node: _errors(comparisons.get(node)) for node in local}
    return WeightUncertainty(
        quantiles=wanted,
        local={(n, c): np.quantile(drawn[n][:, k], wanted) for n, k, c in cells},
        total={node: np.quantile(np.asarray(w), wanted) for node, w in totals.items()},
        weights={node: float(w) for node, w in own.items()},
        local_weights={(n, c): float(local[n][k]) for n, k, c in cells},
        first={(n, c): float((drawn[n].argmax(axis=1) == k).mean()) for n, k, c in cells},
        errors={(n, c): _one(errors[n], k) for n, k, c in cells},
        indicators=hierarchy.leaves,
        draws=draws,
        seed=seed,
        sources=Sources(sources.steps, sources.experts and len(_names(comparisons.values())) > 1),
    )


def _shares(quantiles: Any) -> tuple[float, ...]:
    given = tuple(quantiles) if isinstance(quantiles, (Sequence, np.ndarray)) else ()
    if not given or not all(isinstance(q, (int, float)) and 0 <= q <= 1 for q in given):
        raise JudgmentError(f"quantiles are a list of shares from 0 to 1, not {quantiles!r}")
    return tuple(float(quantile) for quantile in given)


def _one(errors: Array | None, k: int) -> float | None:
    return None if errors is None else float(errors[k])


def _errors(comparison: Comparison | None) -> Array | None:
    """Tomashevskii's errors of the matrix that the priorities come from."""
    ratios = None if comparison is None else comparison.ratios()
    if comparison is None or ratios is None:
        return None
    full = completed(ratios)
    weights, lambdas = principal_eigenvector(full)
    return tomashevskii_errors(full, weights, lambdas)
