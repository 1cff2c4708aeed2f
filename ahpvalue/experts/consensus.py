"""How far the experts agree: per node, over the hierarchy, and who with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.compiling import Comparison, CompiledModel, with_objective
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.judgments import (
    Clusters,
    apply_scale,
    clusters,
    compatibility,
    consensus,
    consensus_word,
    geometric_consistency_index,
    homogeneity,
    scale_maximum,
    spread,
)
from ahpvalue.support.display import Result, Table

__all__ = ["ModelConsensus", "NodeConsensus", "measure_consensus"]

Array = NDArray[np.float64]

ALL = "(all nodes)"


@dataclass(frozen=True)
class NodeConsensus:
    """How far the experts agree about the items below one node.

    Attributes
    ----------
    node : str
    items, experts : tuple of str
        Experts who answered and count here, in the order of the document.
    priorities : ndarray, shape (experts, items)
        Each expert's own.
    consensus : float or None
        S* (Goepel 2013): 1 where all agree, 0 where each puts another item first; None for
        one expert. Shown from 0 up, and kept here as it is.
    homogeneity : float or None
        Relative homogeneity S.
    spread : ndarray, shape (items, items)
        Geometric standard deviation per pair.
    compatibility : ndarray, shape (experts,)
        GCOMPI: how far the group's priorities are from each expert's judgments; NaN for two
        items.
    gci : ndarray, shape (experts,)
        What even an expert's own priorities do not represent.
    weight : float
        The node's weight on the goal; 0 for an indicator's categories, which are compared
        among themselves.
    """

    node: str
    items: tuple[str, ...]
    experts: tuple[str, ...]
    priorities: Array
    consensus: float | None
    homogeneity: float | None
    spread: Array
    compatibility: Array
    gci: Array
    weight: float
    largest: float

    @property
    def divided(self) -> tuple[str, str, float] | None:
        """The pair on which the experts differ most, and by what factor; None when they agree."""
        if np.isnan(self.spread).all() or not np.nanmax(np.triu(self.spread, 1)) > 1 + 1e-9:
            return None
        i, j = np.unravel_index(np.nanargmax(np.triu(self.spread, 1)), self.spread.shape)
        return self.items[i], self.items[j], float(self.spread[i, j])

    @property
    def misrepresented(self) -> tuple[str, float] | None:
        """The expert whose judgments the group's priorities represent worst, and the GCOMPI."""
        if len(self.experts) < 2 or np.isnan(self.compatibility).all():
            return None
        worst = int(np.nanargmax(self.compatibility))
        return self.experts[worst], float(self.compatibility[worst])


@dataclass(frozen=True, repr=False)
class ModelConsensus(Result):
    """Consensus per node and over the hierarchy.

    Attributes
    ----------
    nodes : tuple of NodeConsensus
    overall : float or None
        Mean of the nodes' S*, weighted by their weight on the goal; over nodes of the
        hierarchy that at least two experts answered.
    experts : tuple of str
        Who answered every node of the hierarchy, and so has global priorities.
    indicators : tuple of str
    priorities : ndarray, shape (experts, indicators)
        Those global priorities.
    homogeneity : float or None
        Relative homogeneity S of them; S* has no meaning for global priorities.
    without : mapping of str to (ndarray or None)
        Expert -> the indicators' weights without that expert; None where a node would have no
        answers left.
    weights : ndarray, shape (indicators,)
        With everybody.
    """

    nodes: tuple[NodeConsensus, ...]
    overall: float | None
    experts: tuple[str, ...]
    indicators: tuple[str, ...]
    priorities: Array
    homogeneity: float | None
    without: Mapping[str, Array | None]
    weights: Array

    @cached_property
    def clusters(self) -> dict[str, Clusters]:
        """Like-minded experts by node, and over all by global priorities under "(all nodes)"."""
        found = {
            one.node: clusters(one.priorities, one.largest)
            for one in self.nodes
            if len(one.experts) > 2
        }
        if len(self.experts) > 2:
            found[ALL] = clusters(self.priorities)
        return found

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        rows = self.nodes
        agreed = [one.consensus for one in rows]
        pairs = [one.divided for one in rows]
        worst = [one.misrepresented for one in rows]
        columns: dict[str, list[Any]] = {
            "node": [one.node for one in rows],
            "experts": [len(one.experts) for one in rows],
            "consensus": [None if c is None else max(c, 0.0) for c in agreed],
            "in words": ["" if c is None else consensus_word(c) for c in agreed],
            "homogeneity": [one.homogeneity for one in rows],
            "most divided on": ["" if p is None else f"{p[0]} vs {p[1]}" for p in pairs],
            "spread": [None if p is None else p[2] for p in pairs],
            "least represented": ["" if w is None else w[0] for w in worst],
            "GCOMPI": [None if w is None else w[1] for w in worst],
        }
        formats = {
            "experts": "d",
            "consensus": ".1%",
            "homogeneity": ".1%",
            "spread": ".2f",
            "GCOMPI": ".3f",
        }
        details = ("homogeneity", "GCOMPI", "least represented", "spread", "most divided on")
        return Table(
            "Consensus of the experts",
            columns,
            formats,
            bars={"consensus": 1.0},
            note=self._note(),
            details=details,
        )

    def _note(self) -> str:
        if self.overall is None:
            return "Consensus needs two experts who answered the same node"
        counted = sum(one.consensus is not None and one.weight > 0 for one in self.nodes)
        parts = [
            f"Over the hierarchy: consensus {max(self.overall, 0):.1%} (S*, weighted mean of the "
            f"{counted} nodes that several experts answered)"
        ]
        if self.homogeneity is not None:
            parts.append(
                f"relative homogeneity of global priorities {self.homogeneity:.1%} "
                f"({len(self.experts)} experts who answered every node)"
            )
        return "; ".join(parts)

    @property
    def pairs(self) -> Table:
        """Every pair several experts answered, the most divided first."""
        rows = [
            (float(one.spread[i, j]), one.node, one.items[i], one.items[j])
            for one in self.nodes
            for i, j in zip(*np.triu_indices(len(one.items), 1), strict=True)
            if not np.isnan(one.spread[i, j])
        ]
        rows.sort(key=lambda row: -row[0])
        return Table(
            "Spread of the judgments (geometric standard deviation, 1 where all agree)",
            {
                "node": [row[1] for row in rows],
                "pair": [f"{row[2]} vs {row[3]}" for row in rows],
                "spread": [row[0] for row in rows],
            },
            formats={"spread": ".2f"},
        )

    @property
    def representation(self) -> Table:
        """Per node and expert: GCOMPI, and the GCI that is the expert's own."""
        rows = [
            (one.node, who, float(one.compatibility[k]), float(one.gci[k]))
            for one in self.nodes
            for k, who in enumerate(one.experts)
            if len(one.experts) > 1
        ]
        return Table(
            "Whom the group represents (GCOMPI against the group, GCI against themselves)",
            {
                "node": [row[0] for row in rows],
                "expert": [row[1] for row in rows],
                "GCOMPI": [row[2] for row in rows],
                "GCI": [row[3] for row in rows],
            },
            formats={"GCOMPI": ".3f", "GCI": ".3f"},
        )

    @property
    def groups(self) -> Table:
        """The like-minded experts per node and over all nodes."""
        columns: dict[str, list[Any]] = {
            "node": [],
            "alike": [],
            "alone": [],
            "from similarity": [],
        }
        for node, found in self.clusters.items():
            who = self.experts if node == ALL else self._node(node).experts
            columns["node"].append(node)
            named = ["{" + ", ".join(who[k] for k in group) + "}" for group in found.groups]
            columns["alike"].append(" ".join(named) or "no clear groups")
            alone = found.left_out if found.groups else ()
            columns["alone"].append(", ".join(who[k] for k in alone))
            columns["from similarity"].append(found.threshold)
        return Table("Like-minded experts", columns, formats={"from similarity": ".3f"})

    def _node(self, name: str) -> NodeConsensus:
        return next(one for one in self.nodes if one.node == name)

    @property
    def leave_one_out(self) -> Table:
        """The indicators' weights on the goal with everybody, and without each expert."""
        columns: dict[str, list[Any]] = {
            "indicator": list(self.indicators),
            "all": self.weights.tolist(),
        }
        lost = []
        for expert, weights in self.without.items():
            if weights is None:
                lost.append(expert)
            else:
                columns[f"without {expert}"] = weights.tolist()
        note = f"Without {', '.join(lost)} a node has no answers" if lost else ""
        formats = dict.fromkeys(list(columns)[1:], ".4f")
        return Table("Weights without each expert", columns, formats, note=note)


def measure_consensus(model: CompiledModel) -> ModelConsensus:
    """The consensus of a model's experts."""
    hierarchy, comparisons, local = model.hierarchy, model.comparisons, model.local_priorities
    totals = hierarchy.global_priorities(local)
    nodes = tuple(
        _node_consensus(one, float(totals[node]) if node in hierarchy.children else 0.0)
        for node, one in comparisons.items()
    )
    agreed = [one for one in nodes if one.consensus is not None and one.weight > 0]
    whole = sum(one.weight for one in agreed)
    overall = sum(float(one.consensus or 0) * one.weight for one in agreed) / (whole or 1)
    everywhere = _answered_everything(hierarchy, comparisons)
    own = [_own_weights(model, expert) for expert in everywhere]
    priorities = np.array(own) if own else np.empty((0, len(hierarchy.leaves)))
    return ModelConsensus(
        nodes=nodes,
        overall=overall if agreed else None,
        experts=everywhere,
        indicators=hierarchy.leaves,
        priorities=priorities,
        homogeneity=float(homogeneity(priorities)) if len(everywhere) > 1 else None,
        without=dict(_without(model)),
        weights=np.array([float(totals[leaf]) for leaf in hierarchy.leaves]),
    )


def _node_consensus(comparison: Comparison, weight: float) -> NodeConsensus:
    counting = [who for who in comparison.answers if comparison.shares[who] > 0]
    derivation = comparison.derivation
    answers = np.array([comparison.answers[who].values for who in counting])
    ratios = apply_scale(answers, derivation.scale)
    own = derivation.own_priorities(ratios)
    largest = scale_maximum(derivation.scale, len(comparison.items))
    several = len(counting) > 1
    return NodeConsensus(
        node=comparison.node,
        items=comparison.items,
        experts=tuple(counting),
        priorities=own,
        consensus=float(consensus(own, largest)) if several else None,
        homogeneity=float(homogeneity(own)) if several else None,
        spread=spread(ratios),
        compatibility=compatibility(ratios, comparison.priorities),
        gci=geometric_consistency_index(ratios),
        weight=weight,
        largest=largest,
    )


def _answered_everything(
    hierarchy: Hierarchy, comparisons: Mapping[str, Comparison]
) -> tuple[str, ...]:
    asked = [comparisons[node] for node in hierarchy.criteria if node in comparisons]
    if not asked:
        return ()
    return tuple(
        who for who in asked[0].answers if all(one.shares.get(who, 0.0) > 0 for one in asked)
    )


def _own_weights(model: CompiledModel, expert: str) -> Array:
    own = {
        node: model.comparisons[node].alone(expert) if node in model.comparisons else weights
        for node, weights in model.local_priorities.items()
    }
    return _leaf_weights(model.hierarchy, own)


def _leaf_weights(hierarchy: Hierarchy, local: Mapping[str, Array]) -> Array:
    totals = hierarchy.global_priorities(local)
    return np.array([float(totals[leaf]) for leaf in hierarchy.leaves])


def _without(model: CompiledModel) -> Iterator[tuple[str, Array | None]]:
    hierarchy, local = model.hierarchy, model.local_priorities
    asked = {node: one for node, one in model.comparisons.items() if node in local}
    for expert in dict.fromkeys(who for one in asked.values() for who in one.answers):
        others = {node: one.without(expert) for node, one in asked.items()}
        known = {
            node: with_objective(model.document, node, hierarchy.children[node], weights)
            for node, weights in others.items()
            if weights is not None
        }
        complete = len(known) == len(asked)
        yield expert, _leaf_weights(hierarchy, {**local, **known}) if complete else None
