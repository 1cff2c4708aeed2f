"""Running a plan over customers: the arrays of the wanted outputs, and what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import (
    CustomerDataError,
    CustomerDataWarning,
    did_you_mean,
    warn,
)
from ahpvalue.scoring.customers import Customers, Wanted, appeared_message, empty_message
from ahpvalue.scoring.eager.kernel import Block, execute
from ahpvalue.scoring.plan import Plan

__all__ = [
    "PEER_OUTPUTS",
    "chosen_outputs",
    "contributions",
    "indicator_blocks",
    "node_and_points",
    "node_parts",
    "node_scores",
    "output_names",
    "run_plan",
    "shares_and_scores",
    "wanted_columns",
]

Array = NDArray[np.float64]


PEER_OUTPUTS = ("peer_group", "peer_total", "peer_rank", "peer_percentile")


def output_names(plan: Plan) -> tuple[str, ...]:
    """Every column a result can have, in order (the customers' ids come before them)."""
    criteria = plan.criteria
    return (
        "total",
        *criteria,
        "coverage",
        *(f"coverage_{name}" for name in criteria),
        "rank",
        "percentile",
        *(PEER_OUTPUTS if plan.peers is not None else ()),
        "status",
        "model",
        "reference",
    )


def chosen_outputs(known: Sequence[str], outputs: Sequence[str]) -> tuple[str, ...]:
    """The outputs asked for; refuses what is none."""
    if isinstance(outputs, str):
        raise CustomerDataError(f"outputs is a list of names, such as [{outputs!r}]")
    for name in outputs:
        if name not in known:
            raise CustomerDataError(f"there is no output {name!r}{did_you_mean(name, known)}")
    return tuple(dict.fromkeys(outputs))


def wanted_columns(plan: Plan) -> list[Wanted]:
    """What a plan reads."""
    return [Wanted(i.name, i.column, i.categories) for i in plan.indicators]


def run_plan(
    plan: Plan,
    customers: Customers,
    wanted: Sequence[str],
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Array]:
    """The wanted totals, criteria and coverages, and the total where ranks need it."""
    needed = {*wanted, "total"} if {"rank", "percentile", "status"} & {*wanted} else {*wanted}
    nodes = {"total": plan.goal, **{name: name for name in plan.criteria}}
    covered = {"coverage" if name == "total" else f"coverage_{name}": nodes[name] for name in nodes}
    arrays = {
        name: np.empty(customers.rows)
        for name in output_names(plan)
        if name in needed and (name in nodes or name in covered)
    }
    seen: list[Block] = []

    def take(block: Block) -> None:
        for name, array in arrays.items():
            here = array[block.start : block.stop]
            if name in covered:
                coverage = block.parts[covered[name]].coverage
                here[:] = 1.0 if coverage is None else coverage
            else:  # the scores stand there already
                absent = block.parts[nodes[name]].absent
                if absent is not None:
                    np.copyto(here, np.nan, where=absent)
        block.parts = {}
        seen.append(block)
        if progress is not None:
            progress(block.stop - block.start)

    into = {nodes[name]: array for name, array in arrays.items() if name in nodes}
    parts = {*into, *(covered[name] for name in arrays if name in covered)}
    columns, rows = customers.columns, customers.rows
    execute(plan, columns, rows, take, threads, parts=parts, into=into)
    _refuse_or_warn(plan, customers, seen)
    return arrays


def _refuse_or_warn(plan: Plan, customers: Customers, blocks: list[Block]) -> None:
    problems = []
    for indicator in plan.indicators:
        name, column = indicator.name, indicator.column
        if any(name in block.infinite for block in blocks):
            problems.append(customers.infinite_problem(name, column))
        if any(name in block.missing for block in blocks):
            problems.append(customers.missing_problem(name, column))
        if any(name in block.outside for block in blocks):
            for message in customers.range_messages(name, indicator.expected):
                warn(f"column {column!r} ({name}): {message}", CustomerDataWarning)
        empty = indicator.scored and not any(name in block.held for block in blocks)
        if empty and customers.rows > 1:
            text = empty_message(customers.rows)
            warn(f"column {column!r} ({name}): {text}", CustomerDataWarning)
        if any(name in block.appeared for block in blocks):
            warn(f"column {column!r} ({name}): {appeared_message()}", CustomerDataWarning)
    if problems:
        raise CustomerDataError(problems)


def contributions(plan: Plan, customers: Customers, names: Sequence[str]) -> dict[str, Array]:
    """Points each indicator gives to the total, from the top of the hierarchy downwards."""
    arrays = {name: np.empty(customers.rows) for name in names}

    def take(block: Block) -> None:
        goal = block.parts[plan.goal]
        shares = _shares(plan, block)
        for name, array in arrays.items():
            points = shares[name] * block.parts[name].scores
            if goal.absent is not None:
                points[goal.absent] = np.nan
            array[block.start : block.stop] = points

    execute(plan, customers.columns, customers.rows, take)
    return arrays


def shares_and_scores(
    plan: Plan, customers: Customers
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Per indicator how much of the total it carries for each customer, and its points.

    Points are the share times the indicator's score; their sum over the indicators is the
    total. Both are NaN for customers that are not rated.
    """
    names = [indicator.name for indicator in plan.indicators]
    shares = {name: np.empty(customers.rows) for name in names}
    points = {name: np.empty(customers.rows) for name in names}

    def take(block: Block) -> None:
        found = _shares(plan, block)
        unrated = block.parts[plan.goal].absent
        for name in names:
            share = shares[name][block.start : block.stop]
            share[:] = found[name]
            if unrated is not None:
                share[unrated] = np.nan
            points[name][block.start : block.stop] = share * block.parts[name].scores

    execute(plan, customers.columns, customers.rows, take)
    return shares, points


def node_scores(plan: Plan, customers: Customers, node: str) -> Array:
    """One node's scores, NaN where it is not rated; says nothing of odd columns."""
    scores = np.empty(customers.rows)

    def take(block: Block) -> None:
        found, here = block.parts[node], scores[block.start : block.stop]
        here[:] = found.scores
        if found.absent is not None:
            here[found.absent] = np.nan

    execute(plan, customers.columns, customers.rows, take)
    return scores


def indicator_blocks(
    plan: Plan,
    customers: Customers,
    take: Callable[[int, Array, NDArray[np.bool_]], None],
    threads: int | None = None,
) -> None:
    """Hand on every block's first row, its indicators' scores, and where values are missing.

    Both arrays have the shape (rows of the block, indicators), in the order of the plan.
    """

    def hand_on(block: Block) -> None:
        parts = [block.parts[indicator.name] for indicator in plan.indicators]
        rows = block.stop - block.start
        scores = np.empty((rows, len(parts)))
        missing = np.zeros((rows, len(parts)), dtype=bool)
        for k, part in enumerate(parts):
            scores[:, k] = part.scores
            if part.lost is not None:
                missing[:, k] = part.lost > 0
        take(block.start, scores, missing)

    execute(plan, customers.columns, customers.rows, hand_on, threads)


def node_parts(
    plan: Plan, customers: Customers, on: str
) -> tuple[dict[str, Array], dict[str, NDArray[np.bool_]], dict[str, Array]]:
    """Every part's score, whether it counts, and how much of a node's score it carries."""
    rows = customers.rows
    names = [*(i.name for i in plan.indicators), *(n.name for n in plan.nodes)]
    below = plan.up_to(on)
    scores = {name: np.empty(rows) for name in names}
    present = {name: np.ones(rows, dtype=bool) for name in names}
    shares = {node.name: np.zeros(rows) for node in below.nodes}

    def take(block: Block) -> None:
        here = slice(block.start, block.stop)
        for name in names:
            part = block.parts[name]
            scores[name][here] = part.scores
            if part.absent is not None:
                present[name][here] = ~part.absent
        carried = _shares(below, block)
        for name, share in shares.items():
            share[here] = carried.get(name, 0.0)

    execute(plan, customers.columns, rows, take)
    return scores, present, shares


def node_and_points(plan: Plan, customers: Customers, node: str) -> tuple[Array, dict[str, Array]]:
    """One node's score (or indicator's value), and the points per indicator."""
    value = np.empty(customers.rows)
    names = [indicator.name for indicator in plan.indicators]
    points = {name: np.empty(customers.rows) for name in names}

    def take(block: Block) -> None:
        here = slice(block.start, block.stop)
        shares, unrated = _shares(plan, block), block.parts[plan.goal].absent
        for name in names:
            part = points[name][here]
            np.multiply(shares[name], block.parts[name].scores, out=part)
            if unrated is not None:
                part[unrated] = np.nan
        if node in names:
            value[here] = customers.columns[node][here]
        else:
            found = block.parts[node]
            value[here] = found.scores
            if found.absent is not None:
                value[here][found.absent] = np.nan

    execute(plan, customers.columns, customers.rows, take)
    return value, points


def _shares(plan: Plan, block: Block) -> dict[str, Array]:
    """How much of the total each part carries, where absent ones pass their share on."""
    shares = {plan.goal: np.ones(block.stop - block.start)}
    for node in reversed(plan.nodes):
        left = block.parts[node.name].left
        share = shares[node.name] if left is None else shares[node.name] / left
        for child, weight in zip(node.children, node.weights, strict=True):
            passed = share * weight
            absent = block.parts[child].absent
            if absent is not None:
                passed[absent] = 0.0
            shares[child] = shares[child] + passed if child in shares else passed
    return shares
