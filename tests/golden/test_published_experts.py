"""Published numbers of incomplete matrices, groups, scales, repair and uncertainty, reproduced."""

from fractions import Fraction

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.agreement import compatibility, consensus, homogeneity
from ahpvalue.judgments.consistency import consistency_index
from ahpvalue.judgments.incomplete import harker_matrix
from ahpvalue.judgments.random_index_tables import INCOMPLETE
from ahpvalue.judgments.repair_search import Measure, repair, xu_wei
from ahpvalue.judgments.revision import influences
from ahpvalue.judgments.sampling import draw_answers
from ahpvalue.judgments.scales import SCALES
from ahpvalue.value_functions import OBJECTIVE

from .test_published import cases, within


def read_matrix(case):
    return av.PairwiseMatrix(case["input"]["matrix"], case["input"].get("labels"))


# -- missing judgments -----------------------------------------------------------------------


@cases("incomplete")
def test_a_published_incomplete_matrix_gives_its_published_numbers(case):
    matrix, method = read_matrix(case), case["method"]
    found = matrix.priorities(method, case["input"]["completion"])
    consistency = matrix.consistency(case["random_index"], method)
    ordinary = av.random_index(matrix.n, case["random_index"]).value
    full = matrix.completed()
    figures = {
        "weights": found.weights,
        "lambda_max": found.lambda_max,
        "cr": consistency.cr,
        "cr_with_ordinary_ri": consistency_index(found.lambda_max, matrix.n) / ordinary,
    }
    for key, value in case["expected"].items():
        if key == "missing":
            assert {tuple(pair.split(",")) for pair in value} <= set(matrix.missing)
            for pair, judgment in value.items():
                assert full[tuple(pair.split(","))] == within(case, "missing", judgment)
        elif key == "harker_matrix":
            expected = np.array([[float(Fraction(x)) for x in row] for row in value])
            assert harker_matrix(matrix.values) == within(case, key, expected)
        else:
            assert figures[key] == within(case, key, np.array(value)), key


@cases("unbounded_completion")
def test_a_published_completion_without_bounds_is_reproduced(case):
    matrix, expected = read_matrix(case), case["expected"]["missing"]
    full = matrix.completed()
    assert {tuple(pair.split(",")) for pair in expected} == set(matrix.missing)
    for pair, value in expected.items():
        assert full[tuple(pair.split(","))] == pytest.approx(value, rel=case["tolerance"]["rel"])


@cases("disconnected")
def test_islands_are_refused_by_name_with_a_pair_that_would_join_them(case):
    matrix = read_matrix(case)
    for ask in (matrix.priorities, matrix.consistency, matrix.completed):
        with pytest.raises(av.JudgmentError, match=r"\(1, 2; 3, 4\); judge 1 vs 3, for one"):
            ask()
    with pytest.raises(av.JudgmentError, match=r"matrix 1: .*0, 1; 2, 3"):
        av.priorities([np.ones((4, 4)), matrix.values])
    with pytest.raises(av.JudgmentError, match="islands"):
        av.consistency_ratio(matrix.values)


@cases("random_index_incomplete")
def test_the_random_indices_for_missing_judgments_lie_below_the_published_bounded_ones(case):
    """Those hold for completions within 1/9 to 9; the least lambda of all is a little smaller."""
    published = case["expected"]["published"]
    for key, value in published.items():
        n, missing = map(int, key.split(","))
        found = av.random_index(n, missing=missing)
        if missing == (n - 1) * (n - 2) // 2:
            assert (found.value, found.table) == (0, "not testable")  # a spanning tree
        else:
            assert found.table == "simulated, incomplete"
            assert 0.7 * value < found.value < value + 0.012, key


@pytest.mark.parametrize(("n", "missing"), [(4, 1), (4, 2), (5, 3), (5, 5), (6, 9)])
def test_the_random_indices_for_missing_judgments_can_be_simulated_again(n, missing):
    mean, error = av.simulate_random_index(n, 6_000, seed=1, missing=missing)
    assert abs(mean - INCOMPLETE[n, missing]) < 4 * error + 0.0005


# -- scales ----------------------------------------------------------------------------------


@cases("scale")
def test_a_judgment_scale_gives_its_published_ratios(case):
    answers = np.array(case["input"]["answers"], dtype=float)
    assert set(case["expected"]) == set(SCALES)
    for name, expected in case["expected"].items():
        by_size = expected if isinstance(expected, dict) else {"4": expected}
        for n, ratios in by_size.items():
            found = SCALES[name](answers, int(n))
            assert found == within(case, name, np.array(ratios)), (name, n)
            matrix = np.ones((int(n), int(n)))
            matrix[0, 1], matrix[1, 0] = 7, 1 / 7
            put_through = av.apply_scale(matrix, name)
            assert put_through[0, 1] == within(case, name, ratios[6])
            assert put_through[1, 0] * put_through[0, 1] == pytest.approx(1, rel=1e-15)


# -- groups ----------------------------------------------------------------------------------


@cases("consensus")
def test_a_published_group_has_its_published_consensus(case):
    given, expected = case["input"], case["expected"]
    if "weights" in given:
        groups = {"": np.array(given["weights"])}
    else:
        groups = {}
        for n in given["n"]:
            groups[str(n)] = np.full((n, n), 1 / (n + given["M"] - 1))
            np.fill_diagonal(groups[str(n)], given["M"] / (n + given["M"] - 1))
    for size, weights in groups.items():
        same = expected["homogeneity"]
        same = same[size] if isinstance(same, dict) else same
        assert consensus(weights, given["M"]) == within(case, "consensus", expected["consensus"])
        assert homogeneity(weights) == within(case, "homogeneity", same)


@cases("compatibility")
def test_a_published_group_has_its_published_compatibility(case):
    triangles = case["input"]["upper_triangles"].values()
    matrices = np.array([av.PairwiseMatrix.from_triangle(t).values for t in triangles])
    group = av.priorities(av.aggregate_judgments(matrices), case["method"])
    found = compatibility(matrices, group).mean()
    assert found == within(case, "gcompi", case["expected"]["gcompi"])


# -- review and repair -----------------------------------------------------------------------


def pair_of(case, matrix):
    return tuple(matrix.labels.index(name) for name in case["input"]["pair"])


@cases("repair", "harker_value")
def test_taking_out_one_judgment_gives_the_published_value(case):
    matrix = read_matrix(case)
    i, j = pair_of(case, matrix)
    values = matrix.values.copy()
    values[i, j] = values[j, i] = np.nan
    w = av.priorities(values, completion="harker")
    assert w[i] / w[j] == within(case, "harker_value", case["expected"]["harker_value"])
    values[i, j], values[j, i] = w[i] / w[j], w[j] / w[i]
    # The table's RI(8) is 1.40 in both.
    ratio = av.consistency_ratio(values, case["random_index"])
    assert ratio == within(case, "cr_after", case["expected"]["cr_after"])


@cases("repair", "rgm_optimal_value")
def test_the_one_change_that_suffices_is_found_with_its_published_gain(case):
    matrix, expected = read_matrix(case), case["expected"]
    pair = pair_of(case, matrix)
    worst = influences(matrix.values)[0]
    assert (worst.i, worst.j) == pair
    assert worst.best == within(case, "", expected["rgm_optimal_value"])
    before = matrix.consistency().gci
    assert before == within(case, "", expected["gci_before"])
    assert before - worst.most == within(case, "", expected["gci_after"])
    found = repair(matrix.values, 0.10, Measure(case["random_index"]))
    (change,) = found.changes
    assert (change.i, change.j) == pair
    assert found.fewest
    assert found.alternatives == 0  # the only judgment that suffices alone
    assert change.exact == within(case, "", expected["lambda_min_value"])
    values = matrix.values.copy()
    values[pair] = change.exact
    values[pair[::-1]] = 1 / change.exact
    after = float(Measure(case["random_index"]).cr(values))
    assert after == within(case, "", expected["cr_after_lambda_min_ri_1.41"])


@cases("compromise")
def test_the_compromise_over_all_judgments_has_its_published_numbers(case):
    matrix, given = read_matrix(case), case["input"]
    values, steps = xu_wei(
        matrix.values, given["limit"], Measure(case["random_index"]), given["keep"]
    )
    priorities = av.PairwiseMatrix(values).priorities()
    change = np.abs(values - matrix.values)
    figures = {
        "steps": steps,
        "lambda_max": priorities.lambda_max,
        "cr": float(Measure(case["random_index"]).cr(values)),
        "largest_change": change.max(),
        "mean_change": np.sqrt((change**2).sum()) / len(values),
        "weights": priorities.weights,
    }
    for key, value in case["expected"].items():
        assert figures[key] == within(case, key, np.array(value)), key


# -- uncertainty and values -----------------------------------------------------------------


@cases("uncertainty")
def test_half_a_step_moves_a_weight_as_far_as_published(case):
    given, expected = case["input"], case["expected"]
    x = given["answer"]
    matrix = np.array([[1, x], [1 / x, 1]])
    drawn = draw_answers(matrix, 20_000, np.random.default_rng(0), given["within"])
    weights = av.priorities(drawn)[:, 0]
    assert av.priorities(matrix)[0] == within(case, "", expected["weight"])
    assert weights.max() - expected["weight"] == within(case, "", expected["plus"])
    assert expected["weight"] - weights.min() == within(case, "", expected["minus"])


@cases("objective_weights")
def test_published_figures_give_their_published_weights(case):
    found = OBJECTIVE[case["input"]["objective"]](case["input"]["figures"])
    assert found == within(case, "weights", np.array(case["expected"]["weights"]))
