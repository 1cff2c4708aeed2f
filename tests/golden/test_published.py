"""Published numbers, reproduced: every case of published.json names its source, method and table.

A case that is not `verified` was taken from memory or computed, not read in the publication.
Tolerances are the digits printed, never more.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.consistency import error_matrix

CASES = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))


def cases(kind, *wanted):
    """The cases of a kind that expect one of the wanted numbers (any, when none is named)."""
    found = [
        pytest.param(case, id=case["name"])
        for case in CASES
        if case["kind"] == kind and (not wanted or {*wanted} & {*case["expected"]})
    ]
    assert found, f"published.json holds no such case of the kind {kind}"
    return pytest.mark.parametrize("case", found)


def within(case, key, value):
    tolerance = case["tolerance"]
    return pytest.approx(value, rel=0, abs=tolerance.get(key, tolerance.get("abs")))


def test_every_case_names_its_source_its_method_and_its_random_index():
    for case in CASES:
        assert case["source"], case["name"]
        assert isinstance(case["verified"], bool), case["name"]
        for method in case["method"].split(" and "):
            assert method in av.METHODS, case["name"]
        for table in case["random_index"].split(", "):
            assert table in av.RANDOM_INDICES, case["name"]
    assert len({case["name"] for case in CASES}) == len(CASES)


# -- one matrix ------------------------------------------------------------------------------


def figures(case):
    """Every number a case can ask for, by the name it has there."""
    matrix = av.PairwiseMatrix(case["input"]["matrix"], case["input"].get("labels"))
    priorities = matrix.priorities(case["method"])
    found = matrix.consistency(case["random_index"], case["method"])
    weighted = matrix.values @ priorities.weights
    return {
        "weights": priorities.weights,
        "w1": priorities.weights[0],
        "lambda_max": priorities.lambda_max,
        "Aw": weighted,
        "ratios": weighted / priorities.weights,
        "eps": error_matrix(matrix.values, priorities.weights),
        "gci_mean_over_pairs": found.gci * (matrix.n - 2) / matrix.n,
        **found.to_dict(),
    }


@cases("matrix")
def test_a_published_matrix_gives_its_published_numbers(case):
    found = figures(case)
    for key, value in case["expected"].items():
        assert found[key] == within(case, key, np.array(value)), key


@cases("matrix", "weights", "cr")
def test_a_published_matrix_gives_the_same_numbers_in_a_batch(case):
    matrix = av.PairwiseMatrix(case["input"]["matrix"]).values
    batch = np.array([matrix, matrix.T])
    expected = case["expected"]
    if "weights" in expected:
        weights = av.priorities(batch, case["method"])[0]
        assert weights == within(case, "weights", np.array(expected["weights"]))
    if "cr" in expected:
        ratios = av.consistency_ratio(batch, case["random_index"], case["method"])
        assert ratios[0] == within(case, "cr", expected["cr"])


def test_the_upper_triangle_of_a_published_matrix_is_the_published_matrix():
    (case,) = (case for case in CASES if "upper_triangle" in case["input"])
    triangle = av.PairwiseMatrix.from_triangle(case["input"]["upper_triangle"])
    assert triangle == av.PairwiseMatrix(case["input"]["matrix"])


@cases("inconsistency_localization")
def test_the_published_worst_judgment_is_found(case):
    matrix = av.PairwiseMatrix(case["input"]["matrix"], case["input"]["labels"])
    found = matrix.consistency(case["random_index"], case["method"])
    assert list(found.worst) == case["expected"]["worst"]


# -- hierarchies -----------------------------------------------------------------------------


def hierarchy_model(case):
    """Alternatives are leaves that every criterion shares."""
    given = case["input"]
    return av.Model(
        hierarchy={given["goal"]: dict.fromkeys(given["criteria"], given["alternatives"])},
        judgments={
            "method": case["method"],
            "random_index": case["random_index"],
            "consistency": {"limit": 1},
            "experts": {"expert": {}},
            "comparisons": {node: {"expert": rows} for node, rows in given["comparisons"].items()},
        },
    )


@cases("hierarchy")
def test_a_published_hierarchy_gives_its_published_totals(case):
    weights = hierarchy_model(case).weights(synthesis=case["synthesis"])
    assert weights.synthesis == case["synthesis"]
    totals = [weights[name] for name in case["input"]["alternatives"]]
    assert totals == within(case, "totals", case["expected"]["totals"])
    for node, local in case["expected"].get("local", {}).items():
        assert list(weights.local[node].values()) == within(case, "local", local), node
    if "winner" in case["expected"]:
        assert (
            max(case["input"]["alternatives"], key=weights.__getitem__)
            == (case["expected"]["winner"])
        )


@cases("hierarchy", "cr")
def test_a_published_hierarchy_gives_its_published_consistency_ratios(case):
    found = {node: one.cr for node, _, one in hierarchy_model(case).consistency().rows}
    assert set(found) == set(case["input"]["comparisons"])
    for node, ratio in case["expected"]["cr"].items():
        assert found[node] == within(case, "cr", ratio), node


# -- several experts -------------------------------------------------------------------------


@cases("matrix_set")
def test_every_published_expert_has_the_published_weights_and_gci(case):
    given = case["input"]
    for expert, triangle in given["upper_triangles"].items():
        matrix = av.PairwiseMatrix.from_triangle(triangle, given["labels"])
        weights = matrix.priorities(case["method"]).weights
        assert weights == within(case, "weights", np.array(case["expected"]["weights"][expert]))
        gci = matrix.consistency(case["random_index"], case["method"]).gci
        assert gci == within(case, "gci", case["expected"]["gci"][expert]), expert


def group_model(case, aggregation, method):
    labels, triangles = case["input"]["labels"], case["input"]["upper_triangles"]
    rows = {
        expert: [triangle[0:4], triangle[4:7], triangle[7:9], triangle[9:10]]
        for expert, triangle in triangles.items()
    }
    return av.Model(
        hierarchy={"value": labels},
        judgments={
            "method": method,
            "random_index": case["random_index"],
            "aggregation": aggregation,
            "consistency": {"limit": 1},
            "experts": {expert: {} for expert in triangles},
            "comparisons": {"value": rows},
        },
    )


@cases("group")
def test_a_published_group_has_the_published_weights_and_gci(case):
    for group in case["expected"]["groups"]:
        model = group_model(case, group["aggregation"], group["method"])
        weights = [model.weights()[label] for label in case["input"]["labels"]]
        assert weights == within(case, "weights", group["weights"]), group["aggregation"]
        if "gci" in group:
            found = {expert: one for _, expert, one in model.consistency().rows}
            assert found["(group)"].gci == within(case, "gci", group["gci"])


# -- tables ----------------------------------------------------------------------------------


@cases("random_index")
def test_a_random_index_table_is_the_published_one(case):
    published = dict(zip(case["input"]["n"], case["expected"]["values"], strict=True))
    assert av.RANDOM_INDICES[case["random_index"]] == published
    assert {n: av.random_index(n, case["random_index"]).value for n in published} == published


@cases("table")
def test_the_simulated_random_index_agrees_with_the_published_one(case):
    for table in case["random_index"].split(", "):
        published = dict(zip(case["input"]["n"], case["expected"][table], strict=True))
        assert set(av.RANDOM_INDICES["simulated"]) == set(published)
        for n, value in published.items():
            assert av.RANDOM_INDICES["simulated"][n] == within(case, table, value), (table, n)


@cases("gci_limit")
def test_the_limits_of_the_gci_go_with_a_cr_of_a_tenth(case):
    thresholds, cr = case["expected"]["thresholds"], case["input"]["cr"]
    for size, value in case["expected"]["formula_values"].items():
        n = int(size)
        limit = av.PairwiseMatrix(np.ones((n, n))).consistency(case["random_index"]).gci_limit
        assert limit == thresholds.get(size, thresholds[">4"])
        formula = cr * av.random_index(n, case["random_index"]).value * 2 * n / (n - 2)
        assert formula == pytest.approx(value, abs=5e-5)  # as printed
        assert limit == within(case, "thresholds", formula)


SCALE = [1 / k for k in range(9, 1, -1)] + list(range(1, 10))


def all_matrices_of_three():
    a, b, c = np.array(list(product(SCALE, repeat=3)), dtype=float).T
    one = np.ones_like(a)
    rows = [[one, a, b], [1 / a, one, c], [1 / b, 1 / c, one]]
    return np.moveaxis(np.array(rows), -1, 0), b / (a * c)


def test_the_random_index_for_three_items_is_the_mean_of_all_4913_matrices():
    # Three items have lambda = 1 + t + 1/t with t the cube root of a13 / (a12 a23).
    matrices, ratio = all_matrices_of_three()
    t = np.cbrt(ratio)
    exact = ((t + 1 / t - 2) / 2).mean()
    by_library = av.consistency_ratio(matrices, "simulated") * av.RANDOM_INDICES["simulated"][3]
    assert len(matrices) == 17**3
    assert by_library.mean() == pytest.approx(exact, abs=1e-12)

    mean, error = av.simulate_random_index(3, draws=100_000, seed=20261122)
    assert abs(mean - exact) < 4 * error
    (published,) = (case["expected"] for case in CASES if case["name"] == "random_index_500k")
    assert abs(av.RANDOM_INDICES["simulated"][3] - exact) < 4 * published["standard_error"][0]


@pytest.mark.parametrize("n", [3, 4])
def test_the_shipped_simulated_table_can_be_made_again(n):
    mean, error = av.simulate_random_index(n, seed=20261122)
    assert round(mean, 4) == av.RANDOM_INDICES["simulated"][n]
    assert error < 0.001
