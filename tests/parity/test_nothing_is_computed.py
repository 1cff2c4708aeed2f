"""Scoring a lazy table computes nothing, in the engines that cannot be given a table that raises.

(tests/unit/scoring/lazy/test_lazy_scores.py gives polars and DuckDB such tables.)
"""

import pyarrow as pa
import pytest

import ahpvalue as av

from .test_every_engine import FUNCTIONS, KNOTS, figures, model, pytestmark, table  # noqa: F401


def scored(customers):
    indicators = {f"x{k}": f | {"missing": "renormalise"} for k, f in enumerate(FUNCTIONS.values())}
    scores = model(indicators).score(customers)
    return scores.frame, scores.contributions, repr(scores)


CUSTOMERS = table({f"x{k}": pa.array(figures(KNOTS), pa.float64()) for k in range(len(FUNCTIONS))})


class RunError(Exception):
    """Something was computed."""


def stop(*_, **__):
    raise RunError


@pytest.mark.dask
def test_dask_computes_nothing(in_engine):
    dask = pytest.importorskip("dask")
    frame = in_engine("dask", CUSTOMERS)
    with dask.config.set(scheduler=stop):
        found, points, _ = scored(frame)
        with pytest.raises(RunError):
            found.compute()
    assert len(points.compute()) == CUSTOMERS.num_rows


@pytest.mark.dask
def test_dask_says_that_it_cannot_rank(in_engine):
    frame = in_engine("dask", CUSTOMERS)
    with pytest.raises(av.CustomerDataError, match="no window functions, which rank, percentile"):
        model({f"x{k}": f for k, f in enumerate(FUNCTIONS.values())}).score(
            frame, outputs=["total", "rank", "percentile"]
        )


@pytest.mark.ibis
def test_ibis_computes_nothing(in_engine, monkeypatch):
    ibis = pytest.importorskip("ibis")
    frame = in_engine("ibis", CUSTOMERS)
    for way in ("execute", "to_pyarrow", "to_polars"):
        monkeypatch.setattr(ibis.expr.types.core.Expr, way, stop)
    found, _, _ = scored(frame)
    with pytest.raises(RunError):
        found.to_pyarrow()


def test_spark_runs_no_job(in_engine, spark):
    frame = in_engine("pyspark", CUSTOMERS)
    context = spark.sparkContext
    context.setJobGroup("scoring", "scoring")
    found, _, _ = scored(frame)
    assert not context.statusTracker().getJobIdsForGroup("scoring")
    assert found.count() == CUSTOMERS.num_rows
    assert context.statusTracker().getJobIdsForGroup("scoring")
