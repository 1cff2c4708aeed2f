"""The same numbers from every engine, to the last bit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import ahpvalue as av

from .conftest import EAGER, LAZY, collected

pytestmark = [
    pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning"),  # narwhals' plans
    pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning"),  # ibis, of duckdb
    pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning"),
]

RNG = np.random.default_rng(3)
ROWS = 400
KNOTS = [4.7, 19.3, 19.300000001, 61.1, 93.3]
AWKWARD = [0.0, -0.0, 5e-324, 1e-300, 1e300, -1e300, 0.1, 1 / 3, 2.0**53 + 1]


def around(edges: list[float]) -> list[float]:
    """Every edge, and the floats next to it on both sides."""
    return [float(x) for e in edges for x in (np.nextafter(e, -np.inf), e, np.nextafter(e, np.inf))]


def figures(edges: list[float], missing: float = 0.1, rows: int = ROWS) -> list[float | None]:
    """Values on and around the edges, awkward ones, random ones, NaN and nothing."""
    values = [*around(edges), *AWKWARD]
    low, high = min(edges), max(edges)
    values += RNG.uniform(low - (high - low), high + (high - low), rows - len(values)).tolist()
    RNG.shuffle(values)
    lost = RNG.random(rows)
    return [
        None if chance < missing / 2 else float("nan") if chance < missing else value
        for value, chance in zip(values, lost, strict=True)
    ]


FUNCTIONS: dict[str, dict[str, Any]] = {
    "bands, left": {
        "bands": {"edges": KNOTS, "scores": [0, 31, 30, 77.7, 5, 100], "closed": "left"}
    },
    "bands, right": {
        "bands": {"edges": KNOTS, "scores": [0, 31, 30, 77.7, 5, 100], "closed": "right"}
    },
    "linear": {"linear": [[k, s] for k, s in zip(KNOTS, [0, 31.7, 31.7, 12.5, 100], strict=True)]},
    "one knot": {"linear": [[19.3, 50]]},
    "minmax, low": {"minmax": {"lower": 4.7, "upper": 93.3, "better": "low"}},
    "target": {"target": {"lower": 4.7, "best": [19.3, 61.1], "upper": 93.3}},
    "percentile": {
        "percentile": {"knots": [[k * 0.93 + k % 7 / 9, k * 100 / 256] for k in range(257)]}
    },
}
POLICIES: list[Any] = ["renormalise", "worst", {"score": 41.3}]


def same(got: dict[str, np.ndarray], want: dict[str, np.ndarray]) -> None:
    """Equal to the last bit; texts equal; missing where missing."""
    assert list(got) == list(want)
    for name, values in want.items():
        if values.dtype == object or got[name].dtype == object:
            assert got[name].tolist() == values.tolist(), name
        else:
            np.testing.assert_array_equal(got[name], values, err_msg=name)


def table(columns: dict[str, Any]) -> pa.Table:
    rows = len(next(iter(columns.values())))
    ids = [f"C{row:04}" for row in range(rows)]
    return pa.table({"customer": ids, **columns})


def model(
    indicators: dict[str, Any], weights: dict[str, Any] | None = None, **more: Any
) -> av.Model:
    """Two criteria that share an indicator, awkward weights."""
    names = list(indicators)
    half = (len(names) + 1) // 2
    hierarchy = {"value": {"a": names[:half], "b": [*names[half:], names[0]]}}
    given = {
        node: dict(zip(under, (RNG.dirichlet(np.ones(len(under)))).tolist(), strict=True))
        for node, under in (
            ("value", ["a", "b"]),
            ("a", names[:half]),
            ("b", hierarchy["value"]["b"]),
        )
    }
    return av.Model(
        hierarchy=hierarchy,
        judgments={"weights": weights or given},
        indicators=indicators,
        **more,
    )


def outputs(scored: av.Model) -> list[str]:
    everything = ["total", *scored.plan.criteria, "coverage"]
    everything += [f"coverage_{name}" for name in scored.plan.criteria]
    if scored.document.peers is not None:
        everything += ["peer_group", "peer_total"]
    return [*everything, "status", "model", "reference"]


def check(
    engine: str, scored: av.Model, customers: pa.Table, in_engine: Any, more: Any = ()
) -> None:
    names = [*outputs(scored), *more]
    want = collected("numpy", scored.score(in_engine("numpy", customers), outputs=names).frame)
    scores = scored.score(in_engine(engine, customers), outputs=names)
    same(collected(engine, scores.frame), want)
    eager = scored.score(in_engine("numpy", customers))
    points = collected("numpy", eager.contributions)
    same(collected(engine, scores.contributions), points)


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize("engine", [*EAGER[1:], *LAZY])
def test_every_value_function_and_policy_gives_the_same_bits(engine, policy, in_engine):
    indicators = {f"x{k}": f | {"missing": policy} for k, f in enumerate(FUNCTIONS.values())}
    customers = table({name: pa.array(figures(KNOTS), pa.float64()) for name in indicators})
    check(engine, model(indicators), customers, in_engine)


@pytest.mark.parametrize("engine", [*EAGER[1:], *LAZY])
def test_whole_numbers_truths_decimals_and_single_precision_give_the_same_bits(engine, in_engine):
    kinds = {
        "whole": pa.array([None if k % 11 == 0 else k % 120 for k in range(ROWS)], pa.int64()),
        "small": pa.array([k % 120 for k in range(ROWS)], pa.int8()),
        "truth": pa.array([None if k % 7 == 0 else k % 2 == 0 for k in range(ROWS)]),
        "decimal": pa.array([Decimal(k) / Decimal(8) for k in range(ROWS)], pa.decimal128(12, 3)),
        "single": pa.array(RNG.uniform(-20, 120, ROWS).astype(np.float32)),
    }
    functions = [FUNCTIONS[name] for name in ("linear", "bands, left", "minmax, low", "target")]
    indicators = {
        name: function | {"missing": "renormalise"}
        for name, function in zip(kinds, [*functions, FUNCTIONS["bands, right"]], strict=True)
    }
    check(engine, model(indicators), table(kinds), in_engine)


@pytest.mark.parametrize("engine", [*EAGER[1:], *LAZY])
def test_categories_written_as_text_number_or_truth_give_the_same_bits(engine, in_engine):
    columns = {
        "text": pa.array([[None, "A", "B", "it's", "a\\b"][k % 5] for k in range(ROWS)]),
        "number": pa.array([[None, 1, 2, 3][k % 4] for k in range(ROWS)], pa.int64()),
        "float": pa.array([[None, 1.0, 2.5, float("nan")][k % 4] for k in range(ROWS)]),
        "truth": pa.array([[None, True, False][k % 3] for k in range(ROWS)]),
    }
    levels = {
        "text": {"A": 100, "B": 31.7, "it's": 5, "a\\b": 77},
        "number": {"1": 100, "2": 31.7, "3": 7},
        "float": {"1": 100, "2.5": 31.7},
        "truth": {"true": 100, "false": 31.7},
    }
    indicators = {
        name: {"categories": scores, "missing": "renormalise" if k % 2 else "worst"}
        for k, (name, scores) in enumerate(levels.items())
    }
    check(engine, model(indicators), table(columns), in_engine)


@pytest.mark.parametrize("coverage", [0.0, 0.3, 0.7])
@pytest.mark.parametrize("engine", LAZY)
def test_too_little_data_is_not_rated_in_the_same_rows(engine, coverage, in_engine):
    indicators = {
        f"x{k}": FUNCTIONS["linear"] | {"missing": "renormalise" if k % 3 else {"score": 20}}
        for k in range(5)
    }
    columns = {name: pa.array(figures(KNOTS, missing=0.5), pa.float64()) for name in indicators}
    columns["x1"] = pa.nulls(ROWS, pa.float64())
    scored = model(indicators, missing={"minimum_coverage": {"value": 0.4, "a": coverage}})
    check(
        engine, scored, table(columns), in_engine, more=["rank", "percentile"][: engine != "dask"]
    )


def peer_model() -> tuple[av.Model, pa.Table]:
    kinds, places = ["grocery", "bar", None], ["town", "city"]
    columns = {
        "kind": pa.array([kinds[k % 3] for k in range(ROWS)]),
        "place": pa.array([places[k // 3 % 2] for k in range(ROWS)]),
        "code": pa.array([k % 4 for k in range(ROWS)]),
        "x": pa.array(figures(KNOTS), pa.float64()),
        "y": pa.array(figures(KNOTS, missing=0.0), pa.float64()),
    }
    unfitted = av.Model(
        hierarchy={"value": ["x", "y"]},
        judgments={"weights": {"value": {"x": 0.37, "y": 0.63}}},
        indicators={
            "x": {"percentile": {"points": 9}, "missing": "median", "range": [None, None]},
            "y": {"minmax": {"lower": "p5", "upper": "p95"}, "range": [None, None]},
        },
        peers={"by": ["kind", "place", "code"], "minimum": 30},
    )
    return unfitted.fit(table(columns)), table(columns)


@pytest.mark.parametrize("engine", [*EAGER[1:], *LAZY])
def test_peer_groups_give_the_same_bits(engine, in_engine):
    scored, customers = peer_model()
    more = [] if engine == "dask" else ["peer_rank", "peer_percentile", "rank", "percentile"]
    check(engine, scored, customers, in_engine, more)


@pytest.mark.parametrize("engine", [*EAGER[1:], *LAZY])
def test_who_is_active_is_the_same(engine, in_engine):
    columns = {
        "state": pa.array([[None, "open", "closed", "new one"][k % 4] for k in range(ROWS)]),
        "tenure": pa.array([None if k % 9 == 0 else float(k % 40) for k in range(ROWS)]),
        "x": pa.array(figures(KNOTS), pa.float64()),
        "truth": pa.array([k % 2 == 0 for k in range(ROWS)]),
    }
    scored = av.Model(
        hierarchy={"value": ["x", "tenure"]},
        judgments={"weights": {"value": {"x": 0.37, "tenure": 0.63}}},
        indicators={
            "x": FUNCTIONS["linear"] | {"missing": "renormalise"},
            "tenure": {"linear": [[0, 0], [40, 100]], "missing": "renormalise"},
        },
        active={
            "when": [
                {"state": {"equals": ["open", "new one"]}, "tenure": {"at_most": 35}},
                {"state": {"missing": True}, "truth": {"equals": "true"}},
            ],
            "new": {"tenure": {"below": 5}},
            "lapsed": {"state": {"differs": "open"}, "tenure": {"above": 3}},
            "never_bought": {"tenure": {"missing": True}},
        },
    )
    check(engine, scored, table(columns), in_engine)


@pytest.mark.parametrize("engine", [*EAGER[1:], *LAZY])
def test_logarithms_agree_to_a_millionth_of_a_millionth(engine, in_engine):
    log = {"log": {"lower": 4.7, "upper": 93.3, "offset": 0.3}, "missing": "renormalise"}
    x = np.array(figures([4.7, 20, 93.3], missing=0.0))
    customers = table({"x": x})
    scored = av.Model(hierarchy={"value": ["x"]}, indicators={"x": log})
    want = collected("numpy", scored.score(in_engine("numpy", customers)).frame)["total"]
    got = collected(engine, scored.score(in_engine(engine, customers)).frame)["total"]
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=0)
    assert (got[x >= 93.3] == 100).all()
    assert (got[x <= 4.7] == 0).all()


@pytest.mark.parametrize("engine", LAZY)
def test_what_an_eager_table_is_refused_for_is_refused_row_by_row(engine, in_engine):
    columns = {
        "x": pa.array([1.0, None, float("inf"), float("nan"), -float("inf"), 2.0, 3.0]),
        "y": pa.array([1.0, 1.0, 1.0, 1.0, 1.0, None, 3.0]),
        "kind": pa.array(["A", "A", "A", "A", "A", "A", "unheard of"]),
    }
    scored = av.Model(
        hierarchy={"value": {"a": ["x"], "b": ["y", "kind"]}},
        judgments={"weights": {"value": {"a": 0.4, "b": 0.6}, "b": {"y": 0.5, "kind": 0.5}}},
        indicators={
            "x": {"linear": [[0, 0], [4, 100]]},
            "y": {"linear": [[0, 0], [4, 100]], "missing": "renormalise"},
            "kind": {"categories": {"A": 100}},
        },
    )
    got = collected(engine, scored.score(in_engine(engine, table(columns))).frame)
    refused = [False, True, True, True, True, False, True]
    assert [word == "refused" for word in got["status"]] == refused
    assert np.isnan(got["total"]).tolist() == refused
    assert np.isnan(got["coverage"]).tolist() == refused
    np.testing.assert_array_equal(got["a"][[0, 5, 6]], [25, 50, 75])  # its own data were there
