"""Laws of scoring, on random models and customers: purity, bounds, monotony, additivity."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ahpvalue as av

pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")

FIGURE = st.floats(-1e6, 1e6, allow_nan=False)
APART = FIGURE.map(lambda x: 0.0 if abs(x) < 1e-290 else x)
"""Nearer to each other than that, a slope between two values is beyond what a float holds."""


@st.composite
def functions(draw):
    """A value function with explicit numbers, and its direction (1, -1, or 0 for none)."""
    kind = draw(st.sampled_from(["bands", "linear", "log", "minmax", "percentile", "target"]))
    count = draw(
        st.sampled_from([1, 2, 5, 20]) if kind in ("bands", "percentile") else st.integers(2, 6)
    )
    xs = sorted(draw(st.sets(FIGURE.map(lambda x: round(x, 3)), min_size=count, max_size=count)))
    sign = draw(st.sampled_from([1, -1]))
    better = "high" if sign == 1 else "low"
    if kind == "target":
        low, best, high = sorted((xs * 3)[:3])
        return {"target": {"lower": low, "best": best, "upper": high}}, 0
    if kind == "minmax":
        return {"minmax": {"lower": xs[0], "upper": xs[-1], "better": better}}, sign
    if kind == "log":
        offset = 1 - xs[0]
        return {"log": {"lower": xs[0], "upper": xs[-1], "offset": offset, "better": better}}, sign
    ys = sorted(draw(st.lists(st.floats(0, 100), min_size=count + 1, max_size=count + 1)))[::sign]
    if kind == "bands":
        closed = draw(st.sampled_from(["left", "right"]))
        return {"bands": {"edges": xs, "scores": ys, "closed": closed}}, sign
    knots = [list(knot) for knot in zip(xs, ys, strict=False)]
    return ({"linear": knots} if kind == "linear" else {"percentile": {"knots": knots}}), sign


POLICIES = st.sampled_from(["renormalise", "worst", {"score": 37.5}])


@st.composite
def models(draw):
    """A model with shared indicators, uneven depth, random weights and policies."""
    names = [f"i{k}" for k in range(draw(st.integers(2, 5)))]
    hierarchy = {"value": {"a": names, "b": {"c": names[:1], "d": names[-2:]}}}
    weights = {}
    for node, below in (("value", ["a", "b"]), ("a", names), ("b", ["c", "d"]), ("d", names[-2:])):
        raw = np.array(
            draw(st.lists(st.integers(1, 1000), min_size=len(below), max_size=len(below)))
        )
        weights[node] = dict(zip(below, (raw / raw.sum()).tolist(), strict=True))
    indicators, signs = {}, {}
    for name in names:
        function, signs[name] = draw(functions())
        indicators[name] = function | {"missing": draw(POLICIES)}
    model = av.Model(
        hierarchy=hierarchy,
        judgments={"weights": weights},
        indicators=indicators,
        missing={"minimum_coverage": draw(st.sampled_from([0, 0.3, 0.8]))},
    )
    return model, signs


def tables(model, rows):
    """Customers on and around every edge, beyond the ends, and missing."""
    columns = {"customer": st.just(np.array([f"C{k}" for k in range(rows)]))}
    for indicator in model.plan.indicators:
        function = indicator.function
        near = {
            v
            for e in function.edges
            for v in (e, np.nextafter(e, -np.inf), np.nextafter(e, np.inf))
        }
        value = st.one_of(st.sampled_from(sorted(near) or [0.0]), FIGURE, st.just(float("nan")))
        columns[indicator.name] = st.lists(value, min_size=rows, max_size=rows).map(np.array)
    return st.fixed_dictionaries(columns)


@st.composite
def scored(draw, rows=7):
    model, signs = draw(models())
    return model, draw(tables(model, rows)), signs


NODES = ("total", "a", "b", "c", "d", "coverage", "coverage_a", "coverage_b")


def bits(scores, name):
    return np.ascontiguousarray(scores[name]).view(np.int64)


def picked(table, rows):
    return {name: values[rows] for name, values in table.items()}


@given(scored())
def test_a_customers_score_does_not_depend_on_who_else_is_scored(case):
    model, table, _ = case
    together = model.score(table)
    for row in range(7):
        alone = model.score(picked(table, slice(row, row + 1)))
        for name in NODES:
            assert bits(alone, name)[0] == bits(together, name)[row]


@given(scored(), st.permutations(range(7)))
def test_shuffling_the_rows_shuffles_the_scores(case, order):
    model, table, _ = case
    together, shuffled = model.score(table), model.score(picked(table, np.array(order)))
    for name in NODES:
        assert (bits(shuffled, name) == bits(together, name)[np.array(order)]).all()


@given(scored())
def test_scores_lie_between_0_and_100_and_coverage_between_0_and_1(case):
    model, table, _ = case
    scores = model.score(table)
    for name in NODES:
        top = 1 if name.startswith("coverage") else 100
        values = scores[name][~np.isnan(scores[name])]
        assert ((values >= 0) & (values <= top)).all()


@given(scored())
def test_contributions_add_up_to_the_total(case):
    model, table, _ = case
    scores = model.score(table)
    parts = scores.contributions
    total = np.sum([parts[name] for name in model.hierarchy.leaves], axis=0)
    np.testing.assert_allclose(total, scores["total"], rtol=1e-12, atol=1e-12, equal_nan=True)


@given(scored(rows=1), st.data())
def test_a_better_figure_never_lowers_a_score(case, data):
    """To the last bit: two values, however near, keep their order in every node."""
    model, table, signs = case
    name = data.draw(st.sampled_from(list(signs)))
    figure = table[name][0]
    other = data.draw(st.one_of(FIGURE, st.just(float(np.nextafter(figure, np.inf)))))
    if np.isnan(figure) or signs[name] == 0:
        return
    low, high = sorted((figure, other))
    worse, better = (low, high) if signs[name] == 1 else (high, low)
    before = model.score(table | {name: np.array([worse])})
    after = model.score(table | {name: np.array([better])})
    for node in ("total", "a", "b", "c", "d"):
        assert np.isnan(before[node][0]) or after[node][0] >= before[node][0]


@given(scored())
def test_coverage_is_the_weight_of_the_indicators_that_have_data(case):
    model, table, _ = case
    scores, weights = model.score(table), model.weights().local["a"]
    held = sum(weight * ~np.isnan(table[name]) for name, weight in weights.items())
    np.testing.assert_allclose(scores["coverage_a"], held, atol=1e-12)


@given(scored())
def test_a_node_is_rated_exactly_when_its_coverage_reaches_the_minimum(case):
    model, table, _ = case
    minimum = model.document.missing.minimum_coverage
    scores = model.score(table)
    if minimum:
        for name in ("a", "d"):  # whose children are indicators
            assert (np.isnan(scores[name]) == (scores[f"coverage_{name}"] < minimum - 1e-9)).all()


@given(case=scored())
def test_saving_and_loading_keeps_every_bit(case, tmp_path_factory):
    model, table, _ = case
    path = tmp_path_factory.mktemp("models") / "m.yaml"
    model.save(path)
    loaded = av.load_model(path)
    assert loaded.hash == model.hash
    assert loaded.to_yaml() == model.to_yaml()
    for name in NODES:
        assert (bits(loaded.score(table), name) == bits(model.score(table), name)).all()


@given(scored())
def test_customers_at_their_best_get_exactly_100(case):
    model, _, _ = case
    best = {}
    for indicator in model.plan.indicators:
        function = indicator.function
        if max(function.y0) != 100 or function.low == -np.inf:
            return
        at = function.y0.index(100)
        ends = [function.low, function.high]
        best[indicator.name] = np.array(
            [function.x0[at] if function.log_offset is None else ends[at > 0]]
        )
    total = model.score({"customer": np.array(["C"]), **best})["total"][0]
    assert total <= 100
    assert total == pytest.approx(100, abs=1e-9)


@settings(max_examples=50)
@given(st.lists(APART, min_size=1, max_size=300), st.sampled_from(["high", "low"]))
def test_a_fitted_percentile_is_the_share_of_others_beaten(values, better):
    table = {"customer": np.arange(len(values)), "x": np.array(values)}
    model = av.Model(
        hierarchy={"value": ["x"]},
        indicators={
            "x": {"percentile": {"better": better, "tolerance": 0.01}, "range": [None, None]}
        },
    )
    scores = quietly_fitted(model, table).score(table)["total"]
    for value, score in zip(values, scores, strict=True):
        beaten = sum(v < value for v in values) + (values.count(value) - 1) / 2
        share = 100 * beaten / (len(values) - 1) if len(values) > 1 else 50
        assert score == pytest.approx(share if better == "high" else 100 - share, abs=0.01)


def quietly_fitted(model, table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", av.CustomerDataWarning)
        return model.fit(table)


@settings(max_examples=30)
@given(
    # Nearer to 0 than 1e-290 a slope is beyond what a float holds.
    st.lists(st.floats(0, 1e5).map(lambda x: 0.0 if x < 1e-290 else x), min_size=300, max_size=600),
    st.integers(2, 60),
)
def test_fewer_knots_cost_less_than_three_steps_and_what_fit_says(values, points):
    table = {"customer": np.arange(len(values)), "x": np.array(values)}
    exact, coarse = (
        quietly_fitted(
            av.Model(hierarchy={"value": ["x"]}, indicators={"x": {"percentile": function}}),
            table,
        )
        for function in ({"tolerance": 0.01}, {"points": points})
    )
    function = coarse.document.indicators["x"].percentile
    assert len(function.knots) <= points
    off = np.abs(exact.score(table)["total"] - coarse.score(table)["total"]).max()
    assert off <= max(function.error, 0.25) * 1.01 + 0.01
    assert off < 3 * 100 / (points - 1)
