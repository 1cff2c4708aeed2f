"""The examples' models on real customers in DuckDB and polars: fitted and scored the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

import ahpvalue as av

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")

CASES = [
    ("iowa_outlets", "iowa_indicators_2022Q1", "iowa_indicators_2022Q2", "store_number"),
    (
        "online_retail",
        "online_retail_indicators_2010-12_2011-05",
        "online_retail_indicators_2011-06_2011-11",
        "customer",
    ),
]


@pytest.fixture(params=CASES, ids=lambda case: case[0])
def case(
    request: pytest.FixtureRequest, data: Path, load: Callable[[str], av.Model]
) -> tuple[av.Model, pl.DataFrame, pl.DataFrame]:
    example, before, now, _ = request.param
    model = load(example)
    tables = [
        pl.read_csv(
            data / f"{stem}.csv.gz",
            schema_overrides={model.document.customer: pl.String},
            infer_schema_length=None,
        )
        for stem in (before, now)
    ]
    return model, *tables


def lazily(engine: str, table: pl.DataFrame) -> Any:
    return table.lazy() if engine == "polars" else duckdb.from_arrow(table.to_arrow())


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_quarter_is_fitted_and_the_next_one_scored_in_the_engine(engine, case):
    model, before, now = case
    fitted = model.fit(before)
    assert model.fit(lazily(engine, before)).to_yaml() == fitted.to_yaml()
    eager = fitted.score(now)
    names = [name for name in eager.outputs if not name.startswith("peer_")]
    lazy = fitted.score(lazily(engine, now), outputs=names)
    found = lazy.frame.collect() if engine == "polars" else lazy.frame.pl()
    customer = model.document.customer
    want = eager.frame.sort(customer)
    found = found.sort(customer)
    for name in names:
        if name in ("status", "model", "reference"):
            assert found[name].to_list() == want[name].to_list()
            continue
        # The two models use logarithms, which engines compute a last bit apart.
        np.testing.assert_allclose(found[name], want[name], rtol=1e-12, atol=0, err_msg=name)
    assert lazy.check().to_dict() == eager.inputs.to_dict()
    points = lazy.contributions
    points = (points.collect() if engine == "polars" else points.pl()).sort(customer)
    for name in points.columns[1:]:
        wanted = eager.contributions.sort(customer)[name]
        np.testing.assert_allclose(points[name], wanted, rtol=1e-11, atol=1e-12, err_msg=name)
