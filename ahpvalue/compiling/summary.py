"""What a model says of itself: consistency of all its judgments, and its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ahpvalue.errors import ModelError, did_you_mean
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.judgments import Consistency
from ahpvalue.support.display import Result, Table

__all__ = ["ModelConsistency", "Weights"]


@dataclass(frozen=True, repr=False)
class ModelConsistency(Result):
    """Consistency per node and expert, the group's after its experts'.

    Attributes
    ----------
    rows : tuple of (str, str, Consistency)
        Node, expert (or ``"(group)"``), indices.
    """

    rows: tuple[tuple[str, str, Consistency], ...]

    @property
    def acceptable(self) -> bool:
        """Whether no matrix is over the limit."""
        return not self.exceeding

    @property
    def exceeding(self) -> tuple[tuple[str, str, Consistency], ...]:
        """The rows whose CR is over the limit."""
        return tuple(row for row in self.rows if row[2].exceeds)

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        columns: dict[str, list[Any]] = {
            "node": [node for node, _, _ in self.rows],
            "expert": [expert for _, expert, _ in self.rows],
        }
        numbers = {
            "n": "n",
            "lambda_max": "lambda_max",
            "CI": "ci",
            "CR": "cr",
            "limit": "limit",
            "GCI": "gci",
        }
        for title, name in numbers.items():
            columns[title] = [getattr(c, name) for _, _, c in self.rows]
        if any(c.missing for *_, c in self.rows):
            columns["missing"] = [c.missing for *_, c in self.rows]
        columns["verdict"] = [c.verdict for *_, c in self.rows]
        columns["most inconsistent judgment"] = [
            "" if c.worst is None else " vs ".join(c.worst) for *_, c in self.rows
        ]
        formats = dict.fromkeys(numbers, ".4f") | {"n": "d", "limit": ".2f", "missing": "d"}
        tables = dict.fromkeys(c.random_index for *_, c in self.rows if c.testable)
        note = f"CR against the random index {', '.join(tables)}" if tables else ""
        details = ("lambda_max", "CI", "limit", "GCI", "most inconsistent judgment")
        return Table("Consistency of the judgments", columns, formats, note=note, details=details)

    def to_dict(self) -> dict[str, Any]:
        """Column name to list: node, expert, and every index of `Consistency`."""
        columns: dict[str, list[Any]] = {"node": [], "expert": []}
        for node, expert, found in self.rows:
            for name, value in {"node": node, "expert": expert, **found.to_dict()}.items():
                columns.setdefault(name, []).append(value)
        return columns

    def to_frame(self, kind: str | None = None) -> Any:
        """The columns of `to_dict` as a frame; pairs and cycles as text."""
        columns = self.to_dict()
        columns["worst"] = [
            None if pair is None else " vs ".join(pair) for pair in columns["worst"]
        ]
        columns["cycles"] = ["; ".join(map(" > ".join, found)) for found in columns["cycles"]]
        return Table("", columns).to_frame(kind)


@dataclass(frozen=True, repr=False)
class Weights(Result):
    """Local and global priorities of a model.

    Attributes
    ----------
    hierarchy : Hierarchy
    local : dict of str to dict of str to float
        Criterion -> its children's priorities, summing to 1.
    total : dict of str to float
        Node -> effective weight on the goal, over all the criteria it serves. The
        indicators' sum to 1.
    synthesis : {"distributive", "ideal"}
    labels : dict of str to str
        What each node is called where it is shown.
    """

    hierarchy: Hierarchy
    local: Mapping[str, Mapping[str, float]]
    total: Mapping[str, float]
    synthesis: str
    labels: Mapping[str, str]

    def __getitem__(self, node: str) -> float:
        """A node's effective weight on the goal."""
        if node not in self.total:
            raise ModelError(f"there is no node {node!r}{did_you_mean(node, self.total)}")
        return self.total[node]

    def sources(self, node: str) -> dict[str, float]:
        """The criteria a node serves, and how much of its weight comes through each.

        The parts add up to the node's total in distributive synthesis only.
        """
        return {
            parent: self.total[parent] * self.local[parent][node]
            for parent in self.hierarchy.parents(node)
        }

    @property
    def indicators(self) -> Table:
        """Every indicator with its effective weight, largest first, and where it comes from."""
        names = sorted(self.hierarchy.leaves, key=lambda name: -self.total[name])
        through = [
            ", ".join(f"{self.labels[c]} {part:.4f}" for c, part in self.sources(name).items())
            for name in names
        ]
        return Table(
            "Effective weights of the indicators",
            {
                "indicator": [self.labels[name] for name in names],
                "weight": [self.total[name] for name in names],
                "through": through if self.synthesis == "distributive" else [""] * len(names),
            },
            formats={"weight": ".4f"},
            bars={"weight": max(self.total[name] for name in names)},
        )

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        walk = self.hierarchy.walk()
        local = [1.0 if up is None else self.local[up][node] for _, up, node in walk]
        reach = [
            1.0 if up is None else self.total[up] * w
            for (_, up, _), w in zip(walk, local, strict=True)
        ]
        several = {node for node in self.hierarchy.nodes if len(self.hierarchy.parents(node)) > 1}
        columns: dict[str, list[Any]] = {
            "node": [self.labels[node] for _, _, node in walk],
            "local": local,
            "global": reach,
        }
        if several or self.synthesis == "ideal":
            columns["in total"] = [self.total[node] for _, _, node in walk]
        return Table(
            f"Weights ({self.synthesis})",
            columns,
            formats={"local": ".4f", "global": ".4f", "in total": ".4f"},
            bars={"global": 1.0},
            indents=[depth for depth, _, _ in walk],
            note="global: through this criterion; in total: over all criteria it serves"
            if several
            else "",
        )

    def to_dict(self) -> dict[str, Any]:
        """Column name to list: parent, node, label, local and global priority, total weight."""
        walk = self.hierarchy.walk()
        return {
            "parent": [up for _, up, _ in walk],
            "node": [node for _, _, node in walk],
            "label": [self.labels[node] for _, _, node in walk],
            "depth": [depth for depth, _, _ in walk],
            "local": [1.0 if up is None else self.local[up][node] for _, up, node in walk],
            "global": [
                1.0 if up is None else self.total[up] * self.local[up][node] for _, up, node in walk
            ],
            "total": [self.total[node] for _, _, node in walk],
        }
