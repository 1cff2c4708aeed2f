"""The hierarchy: goal -> criteria -> indicators, a graph without cycles.

A node may have several parents (an indicator that serves several criteria, an alternative
compared under each of them). Local priorities belong to a parent and sum to 1 there;
global priorities follow from the goal downwards and sum to 1 over the leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import ModelError, Problem, did_you_mean
from ahpvalue.support.limits import MOST_LEVELS, MOST_NODES

__all__ = ["SYNTHESES", "Hierarchy"]

Array = NDArray[np.float64]

_SUM = 1e-6  # how far local priorities may be from summing to 1

SYNTHESES = ("distributive", "ideal")
"""How priorities of leaves are carried up: as they are, or divided by the best per parent."""


@dataclass(frozen=True)
class Hierarchy:
    """Goal, inner nodes and leaves.

    Parameters
    ----------
    children : mapping of str to sequence of str
        Every inner node and the nodes below it, in order. The goal is the one node that
        is nobody's child.

    Raises
    ------
    ModelError
        No goal or several, a cycle, a child named twice under one parent, an empty node.

    Examples
    --------
    >>> h = Hierarchy({"value": ["loyalty", "profit"], "loyalty": ["orders", "sales"],
    ...                "profit": ["sales", "margin"]})
    >>> h.goal, h.leaves, h.parents("sales")
    ('value', ('orders', 'sales', 'margin'), ('loyalty', 'profit'))
    >>> h.global_priorities({"value": [0.5, 0.5], "loyalty": [0.4, 0.6],
    ...                      "profit": [0.3, 0.7]})["sales"].round(4)
    np.float64(0.45)
    """

    children: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        _refuse_other_shapes(self.children)
        frozen = {node: tuple(below) for node, below in self.children.items()}
        object.__setattr__(self, "children", frozen)
        problems = _structure_problems(frozen)
        if problems:
            raise ModelError(problems)

    def __hash__(self) -> int:
        return hash(tuple(self.children.items()))

    @cached_property
    def goal(self) -> str:
        """The node everything serves."""
        return _roots(self.children)[0]

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """Inner nodes from the goal downwards, every parent before its children."""
        return tuple(node for node in self._from_the_top if node in self.children)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Indicators (or alternatives), in the order a reader of the hierarchy meets them."""
        met = dict.fromkeys(node for _, _, node in self.walk())
        return tuple(node for node in met if node not in self.children)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Criteria from the goal downwards, then leaves."""
        return self.criteria + self.leaves

    @cached_property
    def _from_the_top(self) -> tuple[str, ...]:
        order: list[str] = []
        seen: set[str] = set()

        def visit(node: str) -> None:
            if node in seen:
                return
            seen.add(node)
            for child in reversed(self.children.get(node, ())):
                visit(child)
            order.append(node)

        visit(self.goal)
        return tuple(reversed(order))

    @cached_property
    def _parents(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {node: [] for node in self.nodes}
        for parent in self.criteria:
            for child in self.children[parent]:
                found[child].append(parent)
        return {node: tuple(above) for node, above in found.items()}

    def parents(self, node: str) -> tuple[str, ...]:
        """The nodes a node serves directly; none for the goal."""
        if node not in self._parents:
            raise ModelError(f"there is no node {node!r}{did_you_mean(node, self.nodes)}")
        return self._parents[node]

    def walk(self) -> list[tuple[int, str | None, str]]:
        """(depth, parent, node) as a reader meets them.

        A shared node stands under each of its parents; what is below a shared criterion
        stands under its first place only.
        """
        rows: list[tuple[int, str | None, str]] = []
        opened: set[str] = set()

        def visit(depth: int, parent: str | None, node: str) -> None:
            rows.append((depth, parent, node))
            if node in opened:
                return
            opened.add(node)
            for child in self.children.get(node, ()):
                visit(depth + 1, node, child)

        visit(0, None, self.goal)
        return rows

    def global_priorities(
        self, local: Mapping[str, Sequence[float] | Array], synthesis: str = "distributive"
    ) -> dict[str, Array]:
        """Effective weight of every node on the goal.

        Parameters
        ----------
        local : mapping of str to array, shape (..., children)
            Local priorities of each criterion; leading axes (experts, draws) are kept. A
            mapping of every child to its priority will do, too.
        synthesis : {"distributive", "ideal"}
            ``"ideal"`` divides the priorities of leaves by the best leaf under the same
            parent, and scales the result to sum 1 over all leaves (Saaty 1994).

        Returns
        -------
        dict of str to ndarray, shape (...)
            Node -> global priority; the goal's is 1, the leaves' sum to 1.

        Raises
        ------
        ModelError
            A criterion has no priorities, or not one per child, or they do not sum to 1.
        """
        if synthesis not in SYNTHESES:
            raise ModelError(
                f"there is no synthesis {synthesis!r}{did_you_mean(synthesis, SYNTHESES)}"
            )
        weights = self._checked(local)
        shape = np.broadcast_shapes(*(w.shape[:-1] for w in weights.values()))
        total: dict[str, Array] = {node: np.zeros(shape) for node in self.nodes}
        total[self.goal] = np.ones(shape)
        for parent in self.criteria:
            carried = weights[parent]
            if synthesis == "ideal":
                carried = self._ideal(parent, carried)
            for k, child in enumerate(self.children[parent]):
                total[child] = total[child] + total[parent] * carried[..., k]
        if synthesis == "ideal":
            whole = np.add.reduce([total[leaf] for leaf in self.leaves])
            total |= {leaf: total[leaf] / whole for leaf in self.leaves}
        return total

    def _checked(self, local: Mapping[str, Sequence[float] | Array]) -> dict[str, Array]:
        problems = [
            Problem(f"{name} is not a criterion{did_you_mean(name, self.criteria)}")
            for name in local
            if name not in self.children
        ]
        weights: dict[str, Array] = {}
        for node in self.criteria:
            count = len(self.children[node])
            given = local.get(node, ())
            if isinstance(given, Mapping):
                given = [given.get(child, np.nan) for child in self.children[node]]
            w = weights[node] = np.asarray(given, dtype=float)
            if w.shape[-1:] != (count,):
                found = f"{w.shape[-1]}" if w.ndim else "one number"
                problems.append(Problem(f"{node} needs {count} priorities, not {found}"))
            elif not ((w >= 0).all() and (np.abs(w.sum(axis=-1) - 1) < _SUM).all()):
                problems.append(
                    Problem(f"the priorities below {node} are not shares that sum to 1")
                )
        if problems:
            raise ModelError(problems)
        return weights

    def _ideal(self, parent: str, local: Array) -> Array:
        are_leaves = np.array([child not in self.children for child in self.children[parent]])
        if not are_leaves.any():
            return local
        best = np.where(are_leaves, local, 0.0).max(axis=-1, keepdims=True)
        return np.where(are_leaves, local / best, local)


def _refuse_other_shapes(children: object) -> None:
    sound = isinstance(children, Mapping) and all(
        isinstance(node, str)
        and isinstance(below, (list, tuple))
        and all(isinstance(child, str) for child in below)
        for node, below in children.items()
    )
    if not sound:
        raise ModelError(
            "a hierarchy is a mapping of every inner node to the list of names below it"
        )


def _roots(children: Mapping[str, Sequence[str]]) -> list[str]:
    below = {child for nodes in children.values() for child in nodes}
    return [node for node in children if node not in below]


def _structure_problems(children: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    problems = []
    for node, below in children.items():
        if not below:
            problems.append(Problem(f"{node} has nothing below it", (node,)))
        problems += [
            Problem(f"{child} stands twice under {node}", (node,))
            for child, times in Counter(below).items()
            if times > 1
        ]
    cycle = _a_cycle(children)
    if cycle:
        text = f"a node cannot be below itself: {_circle(cycle)}"
        if len(cycle) == 2:
            text += "; a criterion and an indicator below it need two names"
        problems.append(Problem(text))
        return problems
    problems += _size_problems(children)
    roots = _roots(children)
    if len(roots) != 1:
        found = f"{len(roots)} ({', '.join(roots)})" if roots else "none"
        problems.append(Problem(f"a hierarchy has one goal at its top, here there is {found}"))
    return problems


def _circle(cycle: list[str]) -> str:
    shown = cycle if len(cycle) <= 12 else [*cycle[:6], "...", *cycle[-5:]]
    return " > ".join(shown)


def _size_problems(children: Mapping[str, Sequence[str]]) -> list[Problem]:
    """More nodes, or more levels, than a hierarchy may have."""
    levels = 0
    below: dict[str, int] = {}
    for node in TopologicalSorter(children).static_order():
        below[node] = 1 + max((below[child] for child in children.get(node, ())), default=0)
        levels = max(levels, below[node])
    problems = []
    if len(below) > MOST_NODES:
        problems.append(
            Problem(f"a hierarchy has at most {MOST_NODES:,} nodes, here there are {len(below):,}")
        )
    if levels > MOST_LEVELS:
        text = f"a hierarchy has at most {MOST_LEVELS} levels, here there are {levels:,}"
        problems.append(Problem(f"{text} between the goal and an indicator"))
    return problems


def _a_cycle(children: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Nodes each of which stands below the one before it, the first once more at the end."""
    try:
        TopologicalSorter(children).prepare()
    except CycleError as found:
        return list(reversed(found.args[1]))
    return None
