"""Whatever the model and the customers: engines give the kernel's bits, and its points add up."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")

FIGURES = st.one_of(
    st.none(),
    st.floats(-50, 150),
    st.sampled_from([0.0, -0.0, 10.0, 20.0, 1e300, -1e300, 5e-324]),
)
SCORES = st.floats(0, 100)


@st.composite
def functions(draw: Any) -> dict[str, Any]:
    edges = draw(st.lists(st.floats(-40, 140), min_size=1, max_size=9, unique=True).map(sorted))
    if draw(st.booleans()):
        scores = draw(st.lists(SCORES, min_size=len(edges) + 1, max_size=len(edges) + 1))
        closed = draw(st.sampled_from(["left", "right"]))
        return {"bands": {"edges": edges, "scores": scores, "closed": closed}}
    scores = draw(st.lists(SCORES, min_size=len(edges), max_size=len(edges)))
    return {"linear": [list(knot) for knot in zip(edges, scores, strict=True)]}


@st.composite
def models(draw: Any) -> av.Model:
    names = [f"x{k}" for k in range(draw(st.integers(1, 6)))]
    policy = st.sampled_from(["renormalise", "worst", {"score": 41.3}])
    indicators = {name: draw(functions()) | {"missing": draw(policy)} for name in names}
    criteria = [f"c{k}" for k in range(draw(st.integers(1, 3)))]
    under = {c: draw(st.lists(st.sampled_from(names), min_size=1, unique=True)) for c in criteria}
    for name in names:  # an indicator of no criterion would be refused
        if not any(name in children for children in under.values()):
            under[criteria[0]].append(name)
    hierarchy: dict[str, Any] = {"value": under}
    if draw(st.booleans()):  # one level more on one side
        hierarchy = {"value": {"side": {c: under[c] for c in criteria}, "d": [names[0]]}}

    def weights(children: list[str]) -> dict[str, float]:
        raw = np.array([draw(st.integers(0, 9)) for _ in children], dtype=float)
        raw[0] += 1
        return dict(zip(children, (raw / raw.sum()).tolist(), strict=True))

    given_weights = {c: weights(under[c]) for c in criteria}
    if "side" in hierarchy["value"]:
        given_weights |= {"value": weights(["side", "d"]), "side": weights(criteria)}
        given_weights["d"] = {names[0]: 1.0}
    else:
        given_weights["value"] = weights(criteria)
    nodes = list(given_weights)
    minimum = {n: draw(st.sampled_from([0.0, 0.3, 0.5, 1.0])) for n in nodes if draw(st.booleans())}
    return av.Model(
        hierarchy=hierarchy,
        judgments={"weights": given_weights},
        indicators=indicators,
        missing={"minimum_coverage": minimum},
    )


@given(st.data())
def test_engines_give_the_kernels_bits(data):
    model = data.draw(models())
    rows = data.draw(st.integers(1, 12))
    columns = {
        one.name: data.draw(st.lists(FIGURES, min_size=rows, max_size=rows))
        for one in model.plan.indicators
    }
    frame = pl.DataFrame(
        {"customer": list(range(rows)), **columns},
        schema_overrides=dict.fromkeys(columns, pl.Float64),
    )
    eager = model.score(frame)
    relation = duckdb.from_arrow(frame.to_arrow())
    for table, read in ((frame.lazy(), lambda f: f.collect()), (relation, lambda f: f.pl())):
        scores = model.score(table, outputs=eager.outputs)
        found = read(scores.frame).sort("customer")
        for name in eager.outputs:
            assert found[name].to_list() == eager.frame[name].to_list(), name
        points = read(scores.contributions).sort("customer")
        for name in points.columns:
            assert points[name].to_list() == eager.contributions[name].to_list(), name
