"""Where rounding would carry a score past its end, and what a parent knows of its children."""

import numpy as np

import ahpvalue as av
from ahpvalue.scoring import PlanNode, ValueFunction, score_values

RNG = np.random.default_rng(11)


def test_no_figure_before_a_knot_scores_beyond_it():
    """Untrimmed slopes fail this for several of a thousand random segments."""
    for low, high, y0, y1 in RNG.random((3000, 4)) * [1, 1, 100, 100] + [0, 1, 0, 0]:
        before = np.array([np.nextafter(high, low), high])
        last, at_the_knot = score_values(ValueFunction.curve([(low, y0), (high, y1)]), before)
        assert at_the_knot == y1
        assert last <= y1 if y1 > y0 else last >= y1


def test_weights_never_sum_to_more_than_100_points():
    """Weights as they come fail this for about every third node."""
    for count in RNG.integers(2, 9, 500):
        raw = RNG.random(count)
        node = PlanNode.of("n", [f"x{k}" for k in range(count)], raw / raw.sum(), 0.0)
        total = node.weights[0] * 100.0
        for weight in node.weights[1:]:
            total += weight * 100.0
        assert 100 - 1e-12 < total <= 100
        np.testing.assert_allclose(node.weights, raw / raw.sum(), rtol=1e-14)


def model_of(weights, **sections):
    names = [f"x{k}" for k in range(len(weights))]
    return av.Model(
        hierarchy={"v": names},
        judgments={"weights": {"v": dict(zip(names, weights, strict=True))}},
        indicators={
            name: {"linear": [[0, 0], [1, 100]], "missing": "renormalise"} for name in names
        },
        **sections,
    )


def test_leaving_out_what_is_missing_never_gives_more_than_100():
    """The quotient of two rounded sums passes 100 for some of these without its limit."""
    for _ in range(60):
        raw = RNG.random(6)
        table = {f"x{k}": np.where(RNG.random(200) < 0.4, np.nan, 1.0) for k in range(6)}
        table["x0"][0] = 1.0
        totals = model_of((raw / raw.sum()).tolist()).score(
            {"customer": np.arange(200)} | table, outputs=["total"]
        )["total"]
        rated = totals[~np.isnan(totals)]
        assert rated.max() <= 100
        np.testing.assert_allclose(rated, 100, rtol=1e-12)


def test_a_criterion_that_is_not_rated_is_wholly_lost_to_the_one_above():
    half = {"linear": [[0, 0], [1, 100]], "missing": "renormalise"}
    model = av.Model(
        hierarchy={"v": {"a": ["x", "y"], "b": ["z"]}},
        judgments={"weights": {"v": {"a": 0.8, "b": 0.2}, "a": {"x": 0.4, "y": 0.6}}},
        indicators={"x": half, "y": half, "z": half},
        missing={"minimum_coverage": {"a": 0.5}},
    )
    nan = float("nan")
    table = {"customer": ["p", "q"], "x": [1.0, nan], "y": [nan, 1.0], "z": [0.5, 0.5]}
    scores = model.score({name: np.array(values) for name, values in table.items()})
    assert np.isnan(scores["a"][0])  # 40 % of its weight
    assert scores["a"][1] == 100  # 60 %
    np.testing.assert_allclose(scores["coverage_a"], [0.4, 0.6])
    np.testing.assert_allclose(scores["coverage"], [0.2, 0.68])
    np.testing.assert_allclose(scores["total"], [50, 90])
    assert scores.contributions["x"].tolist() == [0, 0]
    np.testing.assert_allclose(scores.contributions["y"], [0, 80])
