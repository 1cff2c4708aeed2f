"""Criteria that share their children, level after level: the ways to the top double at each."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import ahpvalue as av

from .conftest import LAZY, collected

pytestmark = [
    pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning"),
]

LEVELS = 45  # 92 nodes, and 2**44 ways from an indicator to the goal


def shared(levels: int, missing: str = "refuse", minimum: float = 0.0) -> av.Model:
    """Two criteria per level, each over both of the next; two indicators at the bottom."""
    rows = [["goal"], *([f"a{k}", f"b{k}"] for k in range(levels)), ["sales", "orders"]]
    weights = {
        node: dict(zip(below, (0.4, 0.6), strict=True))
        for above, below in pairwise(rows)
        for node in above
    }
    outline: dict[str, Any] = {"sales": None, "orders": None}
    for (first, *second), below in reversed(list(pairwise(rows))):
        outline = {first: outline, **dict.fromkeys(second, below)}
    return av.Model(
        hierarchy=outline,
        judgments={"weights": weights},
        indicators={
            "sales": {"linear": [[0, 0], [10, 100]]},
            "orders": {"linear": [[0, 0], [7, 100]], "missing": missing},
        },
        missing={"minimum_coverage": minimum},
    )


CUSTOMERS = pa.table(
    {
        "customer": ["C1", "C2", "C3", "C4"],
        "sales": [1.0, 5.0, 10.0, 3.0],
        "orders": [2.0, 3.0, 7.0, 1.0],
    }
)
SOME_MISSING = CUSTOMERS.set_column(2, "orders", pa.array([2.0, None, 7.0, None]))


@pytest.mark.parametrize("missing", ["refuse", "renormalise"])
def test_a_query_grows_with_the_levels_and_not_with_the_ways(missing: str) -> None:
    def length(levels: int) -> int:
        model = shared(levels, missing, 0.5)
        return len(model.to_sql("duckdb", outputs=["total", "status"]))

    small, middle, large = length(10), length(20), length(40)
    assert large - middle < 2.3 * (middle - small)


def test_each_node_is_one_term_whatever_is_asked_for() -> None:
    query = shared(LEVELS).to_sql("duckdb")
    assert query.count("* 4.0e-01 + ") == 2 * LEVELS + 1


@pytest.mark.parametrize("missing", ["refuse", "renormalise"])
@pytest.mark.parametrize("engine", LAZY)
def test_every_engine_ends_with_the_same_bits(engine: str, missing: str, in_engine: Any) -> None:
    levels = LEVELS if engine in ("polars lazy", "duckdb") else 16  # the others plan slowly
    model = shared(levels, missing, 0.5)
    customers = CUSTOMERS if missing == "refuse" else SOME_MISSING
    wanted = ["total", "a0", f"b{levels - 1}", "coverage", "status"]
    scored = model.score(in_engine(engine, customers), outputs=wanted)
    found = collected(engine, scored.frame)
    expected = model.score(customers, outputs=wanted)
    for name in wanted:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=f"{engine}: {name}")


@pytest.mark.parametrize("engine", ["dask", "ibis"])
def test_an_engine_that_calls_itself_per_step_says_when_there_are_too_many(
    engine: str, in_engine: Any
) -> None:
    table = in_engine(engine, SOME_MISSING)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)  # Python's own; other tests may have raised it
    try:
        with pytest.raises(av.CustomerDataError, match=r"sys\.setrecursionlimit\(\d+\)"):
            _ = shared(LEVELS, "renormalise", 0.5).score(table).frame
    finally:
        sys.setrecursionlimit(limit)


def test_contributions_and_weights_add_up_over_all_ways() -> None:
    model = shared(LEVELS, "renormalise", 0.5)
    weights = model.weights().indicators
    assert len(weights) == 2
    scores = model.score(SOME_MISSING)
    lazily = model.score(in_duckdb(SOME_MISSING)).contributions
    found = collected("duckdb", lazily)
    for name in ("sales", "orders"):
        values = scores.contributions[name].to_numpy()
        np.testing.assert_allclose(found[name], values, rtol=1e-12)


def in_duckdb(table: pa.Table) -> Any:
    return duckdb.from_arrow(table)
