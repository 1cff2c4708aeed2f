"""Which decides more, the experts' weights or how values become scores."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import CompiledModel, compile_model, fitted_data
from ahpvalue.document import make_draft, plain
from ahpvalue.errors import CustomerDataError, CustomerDataWarning
from ahpvalue.evaluation.concentration import in_top
from ahpvalue.evaluation.robustness.effective_weights import effective_weights, patterns
from ahpvalue.scored import Scored, score_customers
from ahpvalue.scoring import Plan, ValueFunction, indicator_blocks
from ahpvalue.support.display import Result, Table

__all__ = ["Sensitivity", "measure_sensitivity"]

Array = NDArray[np.float64]

_DRAWS = 200
_BANDS = 5


@dataclass(frozen=True, repr=False)
class Sensitivity(Result):
    """How much of the core stays when one thing is done otherwise.

    Attributes
    ----------
    share : float
        How much of the customers a core is.
    customers : int
    kept : dict of str to float
        What was done otherwise, to the share of the model's own core that stays in the core
        (mean over the draws, for random weights).
    changed : tuple of str
        The indicators whose value function was exchanged.
    """

    share: float
    customers: int
    kept: Mapping[str, float]
    changed: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """A row per thing done otherwise: what, and the share of the core that stays."""
        return {"changed": list(self.kept), "kept": list(self.kept.values())}

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        return Table(
            f"How much of the top {self.share:.0%} of {self.customers:,} customers stays",
            {"done otherwise": list(self.kept), "stays": list(self.kept.values())},
            {"stays": ".1%"},
            {"stays": 1.0},
            note=f"other functions for {', '.join(self.changed)}",
        )


def measure_sensitivity(
    model: CompiledModel, customers: Any, share: float, seed: int
) -> Sensitivity:
    """Exchange value functions and weights one at a time; see `Model.sensitivity`."""
    if not 0 < share < 1:
        raise CustomerDataError(f"a core is a share of the customers between 0 and 1, not {share}")
    scored = score_customers(model, customers)
    core = in_top(scored.total, share)
    kept, changed = {}, tuple(_directions(scored.plan))
    for name, function in _FUNCTIONS.items():
        other = _with_function(scored, customers, function)
        kept[f"value functions: {name}"] = _overlap(core, in_top(other.total, share))
    rng = np.random.default_rng(seed)
    local = model.local_priorities
    for spread in (0.25, 0.5):
        factors = {
            node: 1 + spread * rng.uniform(-1, 1, (_DRAWS, len(own))) for node, own in local.items()
        }
        drawn = {node: _scaled(local[node] * factor) for node, factor in factors.items()}
        totals = _totals(scored, drawn)
        found = [_overlap(core, in_top(total, share)) for total in totals]
        kept[f"weights: at random by up to {spread:.0%}"] = float(np.mean(found))
    equal = {node: np.full((1, len(own)), 1 / len(own)) for node, own in local.items()}
    kept["weights: all equal"] = _overlap(core, in_top(_totals(scored, equal)[0], share))
    return Sensitivity(share, int((~np.isnan(scored.total)).sum()), kept, changed)


def _scaled(weights: Array) -> Array:
    return weights / weights.sum(axis=1, keepdims=True)


def _totals(scored: Scored, local: Mapping[str, Array]) -> Array:
    """Totals under other weights, shape (draws, customers)."""
    rows, draws = scored.active.customers.rows, len(next(iter(local.values())))
    totals = np.empty((draws, rows))

    def take(start: int, scores: Array, absent: NDArray[np.bool_]) -> None:
        for kind, chosen in patterns(absent):
            weights = effective_weights(scored.plan, local, scored.plan.goal, kind)
            totals[:, start + chosen] = weights @ scores[chosen].T

    indicator_blocks(scored.plan, scored.active.customers, take)
    return np.array([scored.active.spread(total) for total in totals])


def _overlap(core: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((core & other).sum() / core.sum())


def _directions(plan: Plan) -> dict[str, str]:
    """Indicators whose function rises or falls throughout, and which values are better."""
    found = {}
    for indicator in plan.indicators:
        function = indicator.function
        if isinstance(function, ValueFunction) and indicator.scored:
            steps = np.diff(function.y0)
            if len(steps) and (steps >= 0).all():
                found[indicator.name] = "high"
            elif len(steps) and (steps <= 0).all():
                found[indicator.name] = "low"
    return found


def _bands(values: Array, better: str) -> dict[str, Any]:
    """Five bands with about as many customers each; fewer where values are tied."""
    edges = sorted(set(np.quantile(values, np.arange(1, _BANDS) / _BANDS).tolist()))
    points = np.linspace(0, 100, len(edges) + 1).tolist()
    scores = points if better == "high" else points[::-1]
    return {"bands": {"edges": edges, "scores": scores, "closed": "left"}}


def _bounded(kind: str, lower: str, upper: str) -> Any:
    def function(values: Array, better: str) -> dict[str, Any]:
        bounds: dict[str, Any] = {"lower": lower, "upper": upper, "better": better}
        if kind == "log":
            low = float(values.min())
            bounds["offset"] = 0.0 if low > 0 else 1.0 - low
        return {kind: bounds}

    return function


_FUNCTIONS = {
    "min-max": _bounded("minmax", "min", "max"),
    "min-max between p5 and p95": _bounded("minmax", "p5", "p95"),
    "logarithm": _bounded("log", "min", "max"),
    "percentile": lambda _values, better: {"percentile": {"better": better}},
    "five bands": _bands,
}


def _with_function(
    scored: Scored, customers: Any, function: Callable[[Array, str], dict[str, Any]]
) -> Scored:
    """The scores by another kind of value function, fitted to these customers."""
    document = scored.model.document
    data = plain(document)
    left_out = ("reference", "tiers", "segments", "peers")
    data = {key: value for key, value in data.items() if key not in left_out}
    data["indicators"] = dict(data["indicators"])
    for name, better in _directions(scored.plan).items():
        values = scored.active.customers.columns[name].astype(float)
        written = document.indicators[name]
        kept = {
            key: value
            for key, value in data["indicators"][name].items()
            if key not in (written.kind, "changeable", "missing")
        }
        policy = data["indicators"][name].get("missing")
        if policy is not None:
            kept["missing"] = (
                "median" if isinstance(policy, dict) and "median" in policy else policy
            )
        data["indicators"][name] = kept | function(values[~np.isnan(values)], better)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CustomerDataWarning)
        other = compile_model(make_draft(data))
        fitted = fitted_data(other.document, other.hierarchy, other.comparisons, customers)
        return score_customers(compile_model(make_draft(fitted)), customers)
