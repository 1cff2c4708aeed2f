"""Scores among peers: the same weights, the value functions of the customer's own group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.scoring.customers import Customers
from ahpvalue.scoring.eager import node_scores
from ahpvalue.scoring.plan import Plan

__all__ = ["BETWEEN", "among_peers", "peer_values", "prefixes", "standing"]

Array = NDArray[np.float64]

BETWEEN = " / "


def peer_values(values: NDArray[Any]) -> NDArray[Any]:
    """What a column says of whose peer a customer is, as text; None where it says nothing."""
    if values.dtype.kind == "O":
        return values
    return np.array([None if np.isnan(v) else f"{v:.15g}" for v in values.tolist()], dtype=object)


def prefixes(values: tuple[str | None, ...]) -> Iterator[tuple[str, ...]]:
    """The groups a customer belongs to, the narrowest first.

    Examples
    --------
    >>> list(prefixes(("grocery", "town"))), list(prefixes(("grocery", None)))
    ([('grocery', 'town'), ('grocery',)], [('grocery',)])
    """
    known: list[str] = []
    for value in values:
        if value is None:
            break
        known.append(value)
    for size in range(len(known), 0, -1):
        yield tuple(known[:size])


def among_peers(
    plan: Plan, customers: Customers, values: Mapping[str, NDArray[Any]], pooled: Array
) -> dict[str, NDArray[Any]]:
    """Group, total, rank and percentile of every customer among its peers.

    A customer is scored by the narrowest group that has a reference of its own, else by
    everybody's. It is ranked among all members of that group, scored as it is itself: those,
    too, whom a narrower group scores.
    """
    assert plan.peers is not None
    columns = [peer_values(values[column]).tolist() for column in plan.peers.by]
    found: dict[tuple[str | None, ...], list[tuple[str, ...]]] = {}
    members: dict[tuple[str, ...], list[int]] = {}
    scored: dict[tuple[str, ...], list[int]] = {}
    for row, where in enumerate(zip(*columns, strict=True)):
        if where not in found:
            found[where] = [group for group in prefixes(where) if group in plan.peers.groups]
        for group in found[where]:
            members.setdefault(group, []).append(row)
        scored.setdefault(next(iter(found[where]), ()), []).append(row)
    totals, names = pooled.copy(), np.full(customers.rows, "", dtype=object)
    rank, percentile = np.full(customers.rows, np.nan), np.full(customers.rows, np.nan)
    for group, own in scored.items():
        rows, everybody, inside = np.array(own, dtype=np.intp), None, pooled
        if group:
            everybody = np.array(members[group], dtype=np.intp)
            own_plan = replace(plan, indicators=plan.peers.groups[group])
            inside = node_scores(own_plan, customers.picked(everybody), plan.goal)
            names[rows] = BETWEEN.join(group)
        at = rows if everybody is None else np.searchsorted(everybody, rows)
        totals[rows] = inside[at]
        places, shares = standing(inside)
        rank[rows], percentile[rows] = places[at], shares[at]
    return {
        "peer_group": names,
        "peer_total": totals,
        "peer_rank": rank,
        "peer_percentile": percentile,
    }


def standing(totals: Array) -> tuple[NDArray[Any], Array]:
    """Rank (ties share the best place) and percentile of totals; NaN for those not rated."""
    order = np.argsort(totals)  # NaN comes last
    rated = len(totals) - int(np.isnan(totals).sum())
    order = order[:rated]
    ascending = totals[order]
    firsts = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]])[:rated])
    ties = np.diff(firsts, append=rated)
    below = np.repeat(firsts, ties)
    up_to = np.repeat(firsts + ties, ties)
    rank: NDArray[Any] = np.full(len(totals), np.nan if rated < len(totals) else 0)
    rank[order] = rated - up_to + 1
    others, percentile = rated - 1, np.full(len(totals), np.nan)
    if others >= 1:
        percentile[order] = (below + (up_to - below - 1) / 2) * (100 / others)
    rank.flags.writeable = percentile.flags.writeable = False
    return rank, percentile
