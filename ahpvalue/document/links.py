"""Names that must refer to something: experts, nodes, indicators, labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, islice
from math import fsum
from typing import Any

from ahpvalue.document.decision_links import decision_problems
from ahpvalue.document.schema import RESERVED, ModelDocument
from ahpvalue.errors import Path, Problem, did_you_mean
from ahpvalue.support.limits import MOST_COMPARED, MOST_PROBLEMS

__all__ = ["names_twice", "reference_problems"]

_SUM = 1e-6


def reference_problems(
    document: ModelDocument,
    children: Mapping[str, Collection[str]],
    left_out: Collection[Path] = (),
    answered: bool = True,
) -> list[Problem]:
    """Everything in the document that names what is not there, or is not named at all.

    `left_out` are parts that had problems of their own, so that nothing is said twice. A
    document that is not `answered` yet may hold nodes and categories that nobody compared.
    """
    nodes = dict.fromkeys(n for parent, below in children.items() for n in (parent, *below))
    leaves = [node for node in nodes if node not in children]
    found = chain(
        _name_problems(document, nodes),
        _comparison_problems(document, children),
        _expert_weight_problems(document, nodes, children),
        _change_problems(document, nodes),
        _objective_problems(document, children),
        _weight_problems(document, children),
        _unweighted(document, children, left_out) if answered else (),
        _indicator_problems(document, leaves, left_out),
        _category_problems(document, answered and ("judgments", "comparisons") not in left_out),
        _equal_bound_problems(document),
        _unknown(document.labels, nodes, ("labels",), "is not a node of the hierarchy"),
        _missing_problems(document, children),
        decision_problems(document, list(children), leaves),
    )
    return list(islice(found, 2 * MOST_PROBLEMS))  # each looks for a name that is near


def names_twice(document: ModelDocument, children: Mapping[str, Collection[str]]) -> list[Problem]:
    """Names that stand for a criterion and for an indicator."""
    return [
        Problem(
            f"{name} is a criterion and an indicator; give one of the two another name",
            ("indicators", name),
            at_key=True,
        )
        for name in document.indicators
        if name in children
    ]


def _unknown(
    names: Iterable[str], known: Iterable[str], path: Path, text: str
) -> Iterator[Problem]:
    known = dict.fromkeys(known)
    for name in names:
        if name not in known:
            yield Problem(f"{name} {text}{did_you_mean(name, known)}", (*path, name), at_key=True)


def _name_problems(document: ModelDocument, nodes: Iterable[str]) -> Iterator[Problem]:
    for name in nodes:
        if name in RESERVED or name.startswith("coverage_") or name == document.customer:
            yield Problem(f"{name!r} is a column of every result; name the node otherwise")
    if document.customer in RESERVED:
        text = f"{document.customer!r} is a column of every result; rename the customers' column"
        yield Problem(text, ("customer",))


def _comparison_problems(
    document: ModelDocument, children: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    path: Path = ("judgments", "comparisons")
    comparisons = document.judgments.comparisons
    compared = [i for i, item in document.indicators.items() if item.categories]
    for node in comparisons:
        if node in compared:
            where = f"indicators.{node}.categories.comparisons"
            text = f"{node} is an indicator; compare its categories under {where}"
            yield Problem(text, (*path, node), at_key=True)
        elif node not in children:
            text = f"{node} has nothing below it to compare{did_you_mean(node, children)}"
            yield Problem(text, (*path, node), at_key=True)
        elif len(children[node]) > MOST_COMPARED:
            yield Problem(_too_many(len(children[node])), (*path, node), at_key=True)
    for node, by_expert in comparisons.items():
        yield from _expert_problems(document, by_expert, (*path, node))
        if node in document.judgments.weights:
            text = f"{node} is compared and weighted directly; keep one of the two"
            yield Problem(text, ("judgments", "weights", node), at_key=True)


def _too_many(items: int) -> str:
    return f"at most {MOST_COMPARED} items are compared pairwise, not {items:,}; group them"


def _expert_problems(
    document: ModelDocument, by_expert: Mapping[str, Any], path: Path
) -> Iterator[Problem]:
    experts = document.judgments.experts
    yield from _unknown(by_expert, experts, path, "is not among judgments.experts")


def _expert_weight_problems(
    document: ModelDocument, nodes: Collection[str], children: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    compared = {name for name, one in document.indicators.items() if one.categories is not None}
    for expert, entry in document.judgments.experts.items():
        path: Path = ("judgments", "experts", expert, "weights")
        yield from _unknown(entry.weights, nodes, path, "is not a node of the hierarchy")
        for node in entry.weights:
            if node in nodes and node not in children and node not in compared:
                text = f"nothing is compared under {node}; state the weight of the node above it"
                yield Problem(text, (*path, node), at_key=True)


def _change_problems(document: ModelDocument, nodes: Collection[str]) -> Iterator[Problem]:
    experts = document.judgments.experts
    for k, change in enumerate(document.judgments.changes):
        path: Path = ("judgments", "changes", k)
        if change.expert not in experts:
            text = f"{change.expert} is not among judgments.experts"
            yield Problem(f"{text}{did_you_mean(change.expert, experts)}", (*path, "expert"))
        if change.node not in nodes:
            text = f"{change.node} is not a node of the hierarchy"
            yield Problem(f"{text}{did_you_mean(change.node, nodes)}", (*path, "node"))


def _objective_problems(
    document: ModelDocument, children: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    objective = document.judgments.objective
    if objective is None:
        return
    path: Path = ("judgments", "objective")
    for k, node in enumerate(objective.nodes):
        if node not in children:
            text = f"{node} has nothing below it to weight{did_you_mean(node, children)}"
            yield Problem(text, (*path, "nodes", k))
            continue
        others = [child for child in children[node] if child not in document.indicators]
        if others:
            text = f"below {node} stand {', '.join(others)}, which no customer's value measures"
            yield Problem(text, (*path, "nodes", k))
        given = objective.weights.get(node)
        if given is not None and set(given) != set(children[node]):
            text = f"the weights below {node} are not those of its children; fit the model again"
            yield Problem(text, (*path, "weights", node))
    for node in objective.weights:
        if node not in objective.nodes:
            text = f"{node} is not among judgments.objective.nodes"
            yield Problem(f"{text}{did_you_mean(node, objective.nodes)}", (*path, "weights", node))


def _weight_problems(
    document: ModelDocument, children: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    path: Path = ("judgments", "weights")
    for node, weights in document.judgments.weights.items():
        if node not in children:
            text = f"{node} has nothing below it to weight{did_you_mean(node, children)}"
            yield Problem(text, (*path, node), at_key=True)
            continue
        yield from _unknown(weights, children[node], (*path, node), f"is not below {node}")
        absent = [child for child in children[node] if child not in weights]
        if absent:
            text = f"no weight for {', '.join(absent)}; give every child of {node} one"
            yield Problem(text, (*path, node))
        negative = [child for child, weight in weights.items() if weight < 0]
        for child in negative:
            yield Problem("a weight is not below 0", (*path, node, child))
        total = fsum(weights.values())
        if not absent and not negative and abs(total - 1) > _SUM:
            yield Problem(f"the weights sum to {total:.6g}; they must sum to 1", (*path, node))


def _unweighted(
    document: ModelDocument, children: Mapping[str, Collection[str]], left_out: Collection[Path]
) -> Iterator[Problem]:
    section = document.judgments
    if any(path in (("judgments",), ("judgments", "comparisons")) for path in left_out):
        return  # what is missing may stand in the part that could not be read
    hurt = {path[2] for path in left_out if path[0] == "judgments" and len(path) > 2}
    for node, below in children.items():
        weighted = node in section.weights or section.comparisons.get(node) or node in hurt
        if len(below) > 1 and not weighted:
            yield Problem(
                f"nothing says how the {len(below)} nodes below {node} weigh; add "
                f"judgments.comparisons.{node} or judgments.weights.{node}",
                ("judgments", "comparisons"),
            )


def _indicator_problems(
    document: ModelDocument, leaves: list[str], left_out: Collection[Path]
) -> Iterator[Problem]:
    path: Path = ("indicators",)
    hurt = {p[1] for p in left_out if p[0] == "indicators" and len(p) > 1}
    yield from _unknown(document.indicators, leaves, path, "is not an indicator of the hierarchy")
    if document.indicators or hurt:
        for leaf in leaves:
            if leaf not in document.indicators and leaf not in hurt:
                text = (
                    f"{leaf} stands in the hierarchy and has no entry here saying how to score it"
                )
                yield Problem(text, path)


def _equal_bound_problems(document: ModelDocument) -> Iterator[Problem]:
    """Equal bounds are what fit writes for customers who are all alike; nobody means them."""
    if document.reference is not None:
        return
    for name, indicator in document.indicators.items():
        function = indicator.minmax or indicator.log
        if function is None or isinstance(function.lower, str):
            continue
        if function.lower == function.upper:
            text = f"lower and upper are both {function.lower:g}; they must differ"
            yield Problem(text, ("indicators", name, indicator.kind))


def _category_problems(document: ModelDocument, answered: bool) -> Iterator[Problem]:
    for name, indicator in document.indicators.items():
        categories = indicator.categories
        if categories is None:
            continue
        if indicator.missing is None and document.missing.policy == "median":
            text = "categories have no median; state missing: {score: 50} or another policy here"
            yield Problem(text, ("indicators", name))
        if not categories.names:
            continue
        path: Path = ("indicators", name, "categories")
        if len(categories.names) > MOST_COMPARED:
            yield Problem(_too_many(len(categories.names)), path)
        if answered and len(categories.names) > 1 and not categories.comparisons:
            yield Problem("the categories are compared by nobody; add comparisons", path)
        yield from _expert_problems(document, categories.comparisons, (*path, "comparisons"))


def _missing_problems(
    document: ModelDocument, children: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    if isinstance(document.missing.policy, dict) and "median" in document.missing.policy:
        text = "a median belongs to one indicator; here write median, and fit finds each one"
        yield Problem(text, ("missing", "policy"))
    minimum = document.missing.minimum_coverage
    if isinstance(minimum, dict):
        path: Path = ("missing", "minimum_coverage")
        yield from _unknown(minimum, children, path, "is not a criterion")
