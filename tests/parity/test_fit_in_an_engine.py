"""Fitting to a lazy table gives the model that fitting in memory gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import ahpvalue as av
from ahpvalue.compiling import reference_lazy

from .conftest import LAZY
from .test_every_engine import RNG, ROWS, figures, pytestmark, table  # noqa: F401 - same warnings


def unfitted(**more: Any) -> av.Model:
    better = {"better": "low"}
    return av.Model(
        hierarchy={"value": {"a": ["p", "m", "t"], "b": ["l", "c", "q"]}},
        judgments={
            "weights": {
                "value": {"a": 0.6, "b": 0.4},
                "a": {"p": 0.5, "m": 0.2, "t": 0.3},
                "b": {"l": 0.5, "c": 0.2, "q": 0.3},
            }
        },
        indicators={
            "p": {"percentile": {"points": 21}, "missing": "renormalise", "range": [None, None]},
            "m": {"minmax": {"lower": "p5", "upper": "max"} | better, "missing": "median"},
            "t": {"target": {"best": ["p25", "p75"]}, "missing": "worst"},
            "l": {"log": {"lower": "p2.5", "upper": "p97.5", "offset": 1.0}},
            "c": {"categories": {"A": 100, "B": 40}, "missing": {"score": 50}},
            "q": {"percentile": {"points": 11} | better},
        },
        **more,
    )


def reference(rows: int = ROWS) -> pa.Table:
    zeros = np.where(RNG.random(rows) < 0.4, 0.0, RNG.lognormal(3, 1, rows))
    return table(
        {
            "p": pa.array(figures([-3.0, 5.5, 40.0], rows=rows), pa.float64()),
            "m": pa.array([None if k % 13 == 0 else k % 97 for k in range(rows)], pa.int64()),
            "t": pa.array(RNG.normal(50, 10, rows)),
            "l": pa.array(RNG.lognormal(2, 1, rows)),
            "c": pa.array([[None, "A", "B"][k % 3] for k in range(rows)]),
            "q": pa.array(zeros),
            "state": pa.array(["shut" if amount > 25 else "open" for amount in zeros]),
            "town": pa.array([["Ames", "Boone", None][k % 3] for k in range(rows)]),
        }
    )


DECIDED = {
    "active": {"when": {"state": {"equals": "open"}}},
    "tiers": {
        "levels": {"core": {"top": "20%"}, "key": {"cumulative": "80%", "of": "q"}, "general": {}}
    },
    "segments": {
        # A value, which those who are not active have, too, but no line is drawn on theirs.
        "grids": {
            "g": {"rows": "a", "columns": "q", "row_lines": ["median"], "column_lines": ["median"]}
        }
    },
}


@pytest.mark.parametrize("engine", LAZY)
def test_a_model_fitted_in_an_engine_is_the_model_fitted_in_memory(engine, in_engine):
    model, customers = unfitted(**DECIDED), reference()
    assert model.fit(in_engine(engine, customers)).to_yaml() == model.fit(customers).to_yaml()


@pytest.mark.parametrize("engine", ["polars lazy", "duckdb"])
def test_peer_groups_fitted_in_an_engine_are_those_fitted_in_memory(engine, in_engine):
    model = unfitted(peers={"by": ["town", "c"], "minimum": 30})
    customers = reference()
    assert model.fit(in_engine(engine, customers)).to_yaml() == model.fit(customers).to_yaml()


@pytest.mark.parametrize("engine", ["polars lazy", "duckdb"])
def test_a_reference_over_several_periods_can_be_lazy(engine, in_engine):
    first, second = reference(), reference(150)
    want = unfitted().fit([first, second], periods=["q1", "q2"])
    lazy = [in_engine(engine, first), in_engine(engine, second)]
    got = unfitted().fit(lazy, periods=["q1", "q2"])
    assert got.to_yaml() == want.to_yaml()
    with pytest.raises(av.CustomerDataError, match="some tables of the reference are lazy"):
        unfitted().fit([in_engine(engine, first), second])


@pytest.mark.parametrize("engine", [one for one in LAZY if one != "dask"])
def test_long_columns_are_fitted_by_quantiles_and_counts(engine, in_engine, monkeypatch):
    """No value is read, bounds are the same, and a knot's share is the share it beats."""
    monkeypatch.setattr(reference_lazy, "_MOST_DISTINCT", 1)
    customers = reference()
    want = unfitted().fit(customers)
    got = unfitted().fit(in_engine(engine, customers))
    for name in ("m", "t", "l", "c"):
        ours, theirs = (one.document.indicators[name].model_dump() for one in (got, want))
        assert ours == theirs
    for name in want.document.indicators:
        ours, theirs = (one.document.reference.indicators[name] for one in (got, want))
        assert ours == theirs
    for name in ("p", "q"):
        held = np.array([x for x in customers[name].to_pylist() if x is not None and x == x])  # noqa: PLR0124
        knots = got.document.indicators[name].percentile.knots
        assert knots[0][0] == held.min()
        assert knots[-1][0] == held.max()
        for figure, share in knots:
            below, same = (held < figure).sum(), (held == figure).sum()
            beaten = (below + (same - 1) / 2) * 100 / (len(held) - 1)
            assert share == pytest.approx(beaten if name == "p" else 100 - beaten, abs=1e-4)
        grid = np.linspace(held.min(), np.quantile(held, 0.95), 200)
        by_ours = np.interp(grid, *zip(*knots, strict=True))
        theirs = want.document.indicators[name].percentile.knots
        by_theirs = np.interp(grid, *zip(*theirs, strict=True))
        points = 21 if name == "p" else 11
        assert np.abs(by_ours - by_theirs).max() < 3 * 100 / (points - 1)


@pytest.mark.dask
def test_dask_says_that_its_quantiles_are_approximate(in_engine, monkeypatch):
    monkeypatch.setattr(reference_lazy, "_MOST_DISTINCT", 1)
    customers = reference(2000)
    with pytest.warns(av.EngineWarning, match="Dask merges quantiles of its partitions"):
        got = unfitted().fit(in_engine("dask", customers))
    figures = np.array(customers["l"].to_pylist())
    low, high = got.document.indicators["l"].log.lower, got.document.indicators["l"].log.upper
    assert abs((figures < low).mean() - 0.025) < 0.02
    assert abs((figures < high).mean() - 0.975) < 0.02


def test_what_cannot_be_used_is_refused_as_in_memory(in_engine):
    customers = reference(60)
    for column, value in (("l", None), ("t", float("inf")), ("c", "Z")):
        values = customers[column].to_pylist()
        values[3] = value
        at = customers.column_names.index(column)
        spoilt = customers.set_column(at, column, pa.array(values, customers[column].type))
        with pytest.raises(av.CustomerDataError) as lazy:
            unfitted().fit(in_engine("duckdb", spoilt))
        assert f"column {column!r}" in str(lazy.value)
        assert "C0003" in str(lazy.value)
    with pytest.raises(av.CustomerDataError, match="reference population is empty"):
        unfitted().fit(in_engine("duckdb", customers.slice(0, 0)))


def test_odd_columns_are_warned_of_as_in_memory(in_engine):
    customers = reference(60)
    at = customers.column_names.index("l")
    odd = customers.set_column(at, "l", pa.array([-0.5, *[5.0] * 59]))
    at = odd.column_names.index("p")
    odd = odd.set_column(at, "p", pa.nulls(60, pa.float64()))
    said = []
    for engine in ("pyarrow", "duckdb", "polars lazy"):
        with pytest.warns(av.CustomerDataWarning) as warned:
            unfitted().fit(in_engine(engine, odd))
        said.append([str(one.message) for one in warned])
    assert len(said[0]) >= 2
    assert said[0] == said[1] == said[2]


def test_weights_that_figures_decide_need_the_reference_in_memory(in_engine):
    model = av.Model(
        hierarchy={"value": ["l", "t"]},
        judgments={
            "experts": {"ann": {}},
            "comparisons": {"value": {"ann": [[2]]}},
            "objective": {"method": "entropy", "nodes": ["value"]},
        },
        indicators={"l": {"log": {"offset": 1}}, "t": {"minmax": {}}},
    )
    customers = reference()
    assert model.fit(customers).is_fitted
    with pytest.raises(av.CustomerDataError, match="need the reference in memory; collect it"):
        model.fit(in_engine("duckdb", customers))
