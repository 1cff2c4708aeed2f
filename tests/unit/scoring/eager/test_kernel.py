"""The kernel against the formula written out for one customer at a time: the same bits."""

from math import inf, nextafter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ahpvalue.scoring import CategoryScores, Plan, PlanIndicator, PlanNode, ValueFunction
from ahpvalue.scoring.eager import missing as gaps_module
from ahpvalue.scoring.eager import run
from ahpvalue.scoring.eager.kernel import execute, score_values
from ahpvalue.scoring.eager.order import prepared_steps
from ahpvalue.scoring.eager.plain import score_customer
from ahpvalue.scoring.eager.run import contributions

RNG = np.random.default_rng(5)


def rising(count, kind):
    if kind == "even":
        return np.linspace(-3, 97, count)
    if kind == "skewed":  # as the percentiles of what customers buy
        return np.unique(np.exp(RNG.normal(0, 2, 40 * count)))[::40][:count]
    if kind == "crowded":  # too many in one bucket for any number of buckets
        return np.unique(np.concatenate([[0, 1e9], 5e8 + RNG.random(count) * 1e-3]))
    return np.array([-1e308, *np.sort(RNG.normal(0, 9, count)), 1e308])  # without a finite span


def bands(count, kind="even", closed="left"):
    edges = rising(count, kind)
    return ValueFunction.steps(edges.tolist(), RNG.uniform(0, 100, len(edges) + 1).tolist(), closed)


def curve(count, kind="even", log_offset=None):
    x = rising(count, kind)
    scores = np.sort(RNG.uniform(0, 100, len(x)))[:: RNG.choice([1, -1])]
    return ValueFunction.curve(list(zip(x.tolist(), scores.tolist(), strict=True)), log_offset)


FUNCTIONS = {
    "one band": ValueFunction.steps([], [37.5], "left"),
    "bands": bands(4),
    "bands closed right": bands(7, "skewed", "right"),
    "many bands": bands(40, "skewed", "right"),
    "wide bands": bands(30, "wide"),
    "line": curve(2),
    "curve": curve(6, "skewed"),
    "logarithm": curve(2, "skewed", 1.5),
    "percentiles": curve(101, "skewed"),
    "many percentiles": curve(700, "skewed"),
    "even percentiles": curve(101),
    "crowded percentiles": curve(60, "crowded"),
}
POLICIES = [("renormalise", 0.0), ("score", 37.5), ("refuse", 0.0)]
ALL = dict(FUNCTIONS) | {"grades": CategoryScores(("A", "B", "C"), (100.0, 40.0, 0.0))}


def figures_for(function, rows, dtype):
    """On every edge, one bit around, far beyond, infinite, missing."""
    if isinstance(function, CategoryScores):
        return RNG.integers(-1, len(function.names), rows).astype(np.int32)
    x0 = [x for x in (function.low, function.high) if np.isfinite(x)]
    edges = np.array([*function.edges, *x0, 0.0])
    if function.log_offset is not None:
        edges = np.concatenate([edges, np.exp(edges) - function.log_offset])
    around = [edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)]
    odd = [np.nan, np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, -0.0]
    pool = np.concatenate([*around, odd, RNG.choice(edges, 50) * RNG.random(50)])
    chosen = RNG.choice(pool, rows)
    if np.issubdtype(dtype, np.floating):
        with np.errstate(over="ignore"):
            return chosen.astype(dtype)
    whole = np.clip(np.nan_to_num(chosen), -1e9, 1e9).round()
    return (whole > 5) if dtype is bool else whole.astype(dtype)


def plan_of(missing_from=0):
    """Every function, every policy, a column without a reference, shared and uneven nodes."""
    indicators = []
    for k, (name, function) in enumerate(ALL.items()):
        policy, score = POLICIES[(k + missing_from) % 3]
        scored = name != "line"
        indicators.append(PlanIndicator(name, name, function, policy, score, scored))
    names = list(ALL)
    nodes = [
        node("low", names[:4], 0.5),
        node("mid", names[3:9], 0.0),
        node("high", names[8:], 0.7),
        node("both", ["low", "mid", names[0]], 0.3),
        node("value", ["both", "high", names[-1]], 0.0),
    ]
    return Plan("customer", tuple(indicators), tuple(nodes))


def node(name, children, minimum):
    return PlanNode.of(name, children, RNG.dirichlet(np.ones(len(children))), minimum)


def found(plan, columns, rows, **options):
    """Every part's arrays, put together from the blocks."""
    parts = {}

    def take(block):
        here = slice(block.start, block.stop)
        for name, part in block.parts.items():
            for what in ("scores", "absent", "lost", "coverage"):
                values = getattr(part, what)
                nothing = 1.0 if what == "coverage" else 0.0
                whole = parts.setdefault((name, what), np.empty(rows))
                whole[here] = nothing if values is None else values

    execute(plan, columns, rows, take, **options)
    return parts


DTYPES = [np.float64, np.float32, np.int64, np.int8, np.uint16, bool]


@pytest.mark.parametrize("rows", [1, 2, 501, 10_001, 150_001])
@pytest.mark.parametrize("threads", [1, 2])
def test_every_score_is_that_of_the_formula_to_the_last_bit(rows, threads):
    """From a single row to more than a block; the distinct rows come again in any order."""
    for case in range(3):
        plan, distinct = plan_of(case), min(rows, 400)
        some = {
            one.name: figures_for(
                one.function, distinct, DTYPES[(k * case) % len(DTYPES)] if case else np.float64
            )
            for k, one in enumerate(plan.indicators)
        }
        order = RNG.permutation(np.arange(rows) % distinct)
        columns = {name: values[order] for name, values in some.items()}
        got = found(plan, columns, rows, threads=threads)
        plainly = [
            score_customer(plan, {n: v[row].item() for n, v in some.items()})
            for row in range(distinct)
        ]
        for name in (*ALL, *(node.name for node in plan.nodes)):
            for k, what in enumerate(("scores", "absent", "lost", "coverage")):
                if k < 3 or name not in ALL:  # an indicator's coverage is not kept
                    wanted = np.array([float(parts[name][k]) for parts in plainly])[order]
                    same = got[name, what].view(np.int64) == wanted.view(np.int64)
                    assert same.all(), (name, what, np.flatnonzero(~same)[:5])


def test_many_columns_with_gaps_are_scored_like_few(monkeypatch):
    """Beyond some number of columns the patterns of what is missing are not tabulated."""
    plan, rows = plan_of(), 3_000
    columns = {one.name: figures_for(one.function, rows, np.float64) for one in plan.indicators}
    tabulated = found(plan, columns, rows)
    monkeypatch.setattr("ahpvalue.scoring.eager.kernel.MOST_PATTERNS", 0)
    by_row = found(plan, columns, rows)
    for key, values in tabulated.items():
        np.testing.assert_array_equal(values, by_row[key])


def test_parts_nobody_asks_for_change_nothing_about_the_others():
    plan, rows = plan_of(), 70_001
    columns = {one.name: figures_for(one.function, rows, np.float64) for one in plan.indicators}
    everything = found(plan, columns, rows)
    for wanted in (["value"], ["mid", "curve"], ["both", "high"], []):
        into = {name: np.empty(rows) for name in wanted if name != "curve"}
        some = found(plan, columns, rows, parts=wanted, into=into)
        for name in wanted:
            np.testing.assert_array_equal(some[name, "scores"], everything[name, "scores"])
            np.testing.assert_array_equal(some[name, "absent"], everything[name, "absent"])
        for name, values in into.items():
            np.testing.assert_array_equal(values, everything[name, "scores"])


def noticed(plan, columns, rows, **options):
    blocks = []
    execute(plan, columns, rows, blocks.append, **options)
    names = ("missing", "infinite", "appeared", "outside", "held")
    return [tuple(getattr(block, name) for name in names) for block in blocks]


def test_what_is_odd_about_a_column_is_noticed_whether_or_not_it_is_scored():
    line = curve(2)
    ask = {"missing": "refuse", "expected": (0.0, 10.0)}
    plan = Plan(
        "customer",
        (PlanIndicator("x", "x", line, **ask), PlanIndicator("y", "y", line, **ask)),
        (PlanNode.of("a", ["x"], [1.0], 0), PlanNode.of("b", ["y"], [1.0], 0)),
    )
    fine, nothing = np.array([1.0, 2.0]), set()
    for odd, missing, infinite, outside, held in (
        ([1.0, 10.0], 0, 0, 0, 1),
        ([1.0, 10.5], 0, 0, 1, 1),
        ([1.0, np.nan], 1, 0, 0, 1),
        ([np.nan, -1.0], 1, 0, 1, 1),
        ([np.nan, np.nan], 1, 0, 0, 0),
        ([np.inf, 1.0], 0, 1, 0, 1),
        ([-np.inf, np.nan], 1, 1, 0, 0),
        ([-np.inf, np.nan, 11.0], 1, 1, 1, 1),
    ):
        columns = {"x": np.resize(fine, len(odd)), "y": np.array(odd)}
        said = [{"y"} if flag else nothing for flag in (missing, infinite, 0, outside)]
        wanted = [(*said, {"x"} | ({"y"} if held else nothing))]
        assert noticed(plan, columns, len(odd)) == wanted
        assert noticed(plan, columns, len(odd), parts=["a"]) == wanted


@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=80, unique=True
    ),
    st.sampled_from(["left", "right"]),
    st.lists(st.floats(allow_nan=False), max_size=20),
)
def test_a_figures_band_is_the_number_of_edges_it_has_passed(edges, closed, more):
    edges = np.unique(edges)
    around = [nextafter(edge, end) for edge in edges for end in (-inf, inf)]
    scores = [k * 100 / len(edges) for k in range(len(edges) + 1)]
    figures = np.array([*edges, *around, *more])
    many = np.resize(figures, 9_001)
    passed = np.searchsorted(edges, many, "right" if closed == "left" else "left")
    function = ValueFunction.steps(edges.tolist(), scores, closed)
    np.testing.assert_array_equal(score_values(function, many), np.array(scores)[passed])


def test_contributions_are_shares_of_the_plain_scores():
    plan, rows = plan_of(1), 2_000
    columns = {one.name: figures_for(one.function, rows, np.float64) for one in plan.indicators}
    got = found(plan, columns, rows)
    customers = type("Table", (), {"rows": rows, "columns": columns})()
    points = contributions(plan, customers, list(ALL))
    total = np.where(got["value", "absent"] > 0, np.nan, got["value", "scores"])
    summed = np.sum(list(points.values()), axis=0)
    np.testing.assert_allclose(summed, total, rtol=1e-11, atol=1e-11)


def test_patterns_count_their_masks_as_bits():
    for count in (1, 7, 8, 9, 13):
        masks = [RNG.random(100) < 0.3 for _ in range(count)]
        wanted = sum(mask.astype(int) << k for k, mask in enumerate(masks))
        numbers = gaps_module.patterns_of(masks, np.empty(100, np.intp), np.empty(128, bool))
        np.testing.assert_array_equal(numbers, wanted)
        tables = gaps_module.all_patterns([str(k) for k in range(count)])
        for k, mask in enumerate(masks):
            np.testing.assert_array_equal(tables[str(k)][numbers], mask)


@pytest.mark.parametrize("rows", [9_000, 70_001])
def test_bands_looked_up_together_score_as_one_by_one(rows):
    """Criteria of bands, with every policy, left out, not rated, and one too many for a byte."""
    names = [f"x{k}" for k in range(12)]
    policies = [*POLICIES, ("renormalise", 0.0)]
    indicators = tuple(
        PlanIndicator(
            name,
            name,
            bands(1 + k % 4, "skewed", ["left", "right"][k % 2]),
            *policies[k % 4],
            k != 5,
        )
        for k, name in enumerate(names)
    )
    nodes = (
        node("three", names[:3], 0.0),
        node("rated", names[3:6], 0.6),
        node("one", names[6:7], 0.0),
        node("many", names[7:12], 0.4),
        node("v", ["three", "rated", "one", "many"], 0.3),
    )
    plan = Plan("customer", indicators, nodes)
    dtypes = [np.float64, np.float32, np.int64, np.float64]
    columns = {
        one.name: figures_for(one.function, rows, dtypes[k % 4]) for k, one in enumerate(indicators)
    }
    for gaps in (True, False):
        if not gaps:
            columns = {name: np.nan_to_num(values) for name, values in columns.items()}
        everything = found(plan, columns, rows)
        wanted = [one.name for one in nodes]
        into = {name: np.empty(rows) for name in ("three", "v")}
        some = found(plan, columns, rows, parts=wanted, into=into)
        steps, _ = prepared_steps(plan, rows, wanted, into)
        assert {step.part.name for step in steps if step.joint} == {"three", "rated", "one"}
        for key, values in some.items():
            same = values.view(np.int64) == everything[key].view(np.int64)
            assert same.all(), (key, np.flatnonzero(~same)[:5])


def everything_of(plan, customers):
    """What `run` puts together from blocks, by name."""
    together = {}
    for node in ("mid", "both"):
        scores, present, shares = run.node_parts(plan, customers, node)
        together |= {("score", node, k): v for k, v in scores.items()}
        together |= {("present", node, k): v for k, v in present.items()}
        together |= {("share", node, k): v for k, v in shares.items()}
        together["node", node] = run.node_scores(plan, customers, node)
    for node in ("high", "curve"):
        together["value", node], points = run.node_and_points(plan, customers, node)
        together |= {("points", k): v for k, v in points.items()}
    for kind, found in zip(("whole", "of"), run.shares_and_scores(plan, customers), strict=True):
        together |= {(kind, name): values for name, values in found.items()}
    scores, lost = np.empty((customers.rows, len(ALL))), np.empty((customers.rows, len(ALL)))

    def take(start, some, missing):
        scores[start : start + len(some)] = some
        lost[start : start + len(some)] = missing

    run.indicator_blocks(plan, customers, take)
    return together | {"indicators": scores, "lost": lost}


def test_what_is_put_together_from_blocks_does_not_depend_on_their_size(monkeypatch):
    plan, rows = plan_of(2), 2_500
    columns = {one.name: figures_for(one.function, rows, np.float64) for one in plan.indicators}
    for one in columns.values():  # of some customers nothing is known at all
        one[900:1_100] = -1 if one.dtype == np.int32 else np.nan
    customers = type("Table", (), {"rows": rows, "columns": columns})()
    at_once, parts = everything_of(plan, customers), found(plan, columns, rows)
    monkeypatch.setattr("ahpvalue.scoring.eager.kernel.BLOCK", 1_000)
    for key, values in everything_of(plan, customers).items():
        np.testing.assert_array_equal(values, at_once[key], str(key))
    absent = parts["both", "absent"] > 0
    assert 0 < absent.sum() < rows
    np.testing.assert_array_equal(
        at_once["node", "both"], np.where(absent, np.nan, parts["both", "scores"])
    )
    np.testing.assert_array_equal(at_once["value", "curve"], columns["curve"])
    for k, name in enumerate(ALL):
        np.testing.assert_array_equal(at_once["indicators"][:, k], parts[name, "scores"])
        np.testing.assert_array_equal(at_once["lost"][:, k], parts[name, "lost"] > 0)
        np.testing.assert_array_equal(at_once["present", "mid", name], parts[name, "absent"] == 0)


def test_the_best_of_what_is_left_is_100_and_no_bit_more():
    """Divided by the weights that are left, a sum of hundreds may round to above it."""
    names, rows = [f"x{k}" for k in range(7)], 500
    best = ValueFunction.steps([], [100.0], "left")
    indicators = tuple(PlanIndicator(name, name, best, "renormalise") for name in names)
    rounded_up = False
    for _ in range(10):
        plan = Plan("customer", indicators, (node("value", names, 0.0),))
        columns = {name: np.where(RNG.random(rows) < 0.4, np.nan, 1.0) for name in names}
        parts = found(plan, columns, rows)
        rated = parts["value", "absent"] == 0
        totals = parts["value", "scores"][rated]
        assert totals.max() <= 100
        np.testing.assert_allclose(totals, 100, rtol=1e-14)
        weights = np.array(plan.nodes[0].weights)
        there = ~np.isnan(np.array([columns[name] for name in names]))[:, rated]
        sums = sum(w * 100 * one for w, one in zip(weights, there, strict=True))
        left = sum(w * one for w, one in zip(weights, there, strict=True))
        rounded_up |= bool((sums / left > 100).any())
    assert rounded_up
