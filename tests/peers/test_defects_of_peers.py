"""Defects found in other AHP libraries, each as a claim that this one does not have it.

The docstrings name the peer, its version, and the number in the list of reproduced defects.
Defects of networks (ANP) and fuzzy numbers are not here.
"""

import copy
import pickle
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers

METHODS = sorted(av.METHODS)
TABLES = sorted(av.RANDOM_INDICES)

HOUSE = [
    [1, 5, 3, 7, 6, 6, "1/3", "1/4"],
    ["1/5", 1, "1/3", 5, 3, 3, "1/5", "1/7"],
    ["1/3", 3, 1, 6, 3, 4, 6, "1/5"],
    ["1/7", "1/5", "1/6", 1, "1/3", "1/4", "1/7", "1/8"],
    ["1/6", "1/3", "1/3", 3, 1, "1/2", "1/5", "1/6"],
    ["1/6", "1/3", "1/4", 4, 2, 1, "1/5", "1/6"],
    [3, 5, "1/6", 7, 5, 5, 1, "1/2"],
    [4, 7, 5, 8, 6, 6, 2, 1],
]
SAATY_3 = [[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]]
LINE = {"linear": [[0, 0], [100, 100]]}


def random_matrices(count, n, seed=0, spread=1.0):
    """Judgments of somebody who has weights in mind and errs (spread 1: CR around 0.3)."""
    rng = np.random.default_rng(seed)
    logs = rng.normal(size=(count, n))
    upper = np.triu(logs[:, :, None] - logs[:, None, :] + rng.normal(0, spread, (count, n, n)), 1)
    return np.exp(upper - np.swapaxes(upper, 1, 2))


def consistent(weights):
    w = np.array(weights, dtype=float)
    return w[:, None] / w


def model(comparisons, hierarchy=None, experts=("ann",), indicators=None, **judgments):
    """A model over the goal ``value``; comparisons by node and expert, or rows of one expert."""
    if not isinstance(comparisons, dict):
        comparisons = {"value": {"ann": comparisons}}
    sections = {} if indicators is None else {"indicators": indicators}
    return av.Model(
        hierarchy=hierarchy or {"value": ["a", "b", "c"]},
        judgments={
            "experts": {expert: {} for expert in experts},
            "comparisons": comparisons,
            **judgments,
        },
        **sections,
    )


def weighted(weights, indicators=None, hierarchy=None):
    """A model whose goal is weighted directly."""
    sections = {} if indicators is None else {"indicators": indicators}
    return av.Model(
        hierarchy=hierarchy or {"value": list(weights)},
        judgments={"weights": {"value": weights}},
        **sections,
    )


# -- numbers that were rounded away ----------------------------------------------------------


def test_a_hundred_thousand_customers_keep_distinct_scores():
    """ahpy 2.1, no. 2: at 100,000 alternatives every score is rounded to 0."""
    count = 100_000
    scores = weighted({"a": 0.7, "b": 0.3}, {"a": LINE, "b": LINE}).score(
        {
            "customer": np.arange(count),
            "a": np.linspace(1, 99, count),
            "b": np.linspace(1, 99, count),
        }
    )
    assert len(np.unique(scores["total"])) == count
    assert scores["total"].min() == pytest.approx(1.0)


def test_twenty_thousand_alternatives_keep_distinct_weights():
    """ahpy 2.1, no. 2: 20,000 alternatives are left with two weights, half of them 0."""
    names = [f"a{k}" for k in range(20_000)]
    local = np.arange(1, 20_001) / np.arange(1, 20_001).sum()
    total = av.Hierarchy({"goal": names}).global_priorities({"goal": local})
    weights = np.array([float(total[name]) for name in names])
    assert len(np.unique(weights)) == len(names)
    assert weights.sum() == pytest.approx(1, abs=1e-12)


def test_three_equal_items_sum_to_1():
    """ahpy 2.1, no. 2: the weights of three equal items sum to 0.9999."""
    for method in METHODS:
        weights = av.PairwiseMatrix(np.ones((3, 3))).priorities(method).weights
        assert weights.sum() == pytest.approx(1, abs=1e-15)
        assert weights == pytest.approx(np.full(3, 1 / 3), abs=1e-15)


def test_weights_are_not_rounded_before_they_are_carried_up():
    """pyAHP 0.1.2, no. 31: weights are rounded to three decimals before synthesis."""
    found = model(
        {"value": {"ann": [[7]]}, "a": {"ann": [[7]]}}, {"value": {"a": ["x", "y"], "b": None}}
    ).weights()
    assert found["x"] == pytest.approx(49 / 64, abs=1e-15)
    assert found["y"] == pytest.approx(7 / 64, abs=1e-15)


# -- judgments that contradict or refer to nothing -------------------------------------------


def test_a_contradictory_pair_is_refused_by_name():
    """ahpy 2.1, no. 3: of a over b = 3 and b over a = 3 the last wins, silently."""
    with pytest.raises(av.JudgmentError, match=r"b vs a.*twice.*a vs b"):
        av.PairwiseMatrix.from_judgments({("a", "b"): 3, ("b", "a"): 3, ("a", "c"): 2})
    with pytest.raises(av.ModelError, match=r"value\.ann.*b vs a.*twice"):
        model({"value": {"ann": {"a vs b": 3, "b vs a": 3, "a vs c": 2, "b vs c": 1}}})


def test_an_item_compared_with_itself_is_refused_by_name():
    """ahpy 2.1, no. 4: a over a = 5 overwrites the diagonal and the CR goes tenfold."""
    pairs = {("a", "b"): 2, ("a", "a"): 5}
    with pytest.raises(av.JudgmentError, match="'a' is compared with itself"):
        av.PairwiseMatrix.from_judgments(pairs)


def test_a_diagonal_other_than_1_is_refused_with_its_cell():
    """pymcdm 1.4.0, no. 25: [[5, 3], [1/3, 7]] is accepted."""
    with pytest.raises(av.JudgmentError) as refused:
        av.PairwiseMatrix([[5, 3], ["1/3", 7]])
    assert [problem.path for problem in refused.value.problems] == [(0, 0), (1, 1)]
    with pytest.raises(av.JudgmentError, match=r"row 1, column 1: 5 .*diagonal"):
        av.priorities([[5, 3], [1 / 3, 7]])


def test_judgments_that_do_not_connect_the_items_give_no_weights():
    """ahpy 2.1, no. 5: a over b and c over d give weights and CR 0, as if answered."""
    islands = av.PairwiseMatrix.from_judgments({("a", "b"): 3, ("c", "d"): 2})
    assert islands.missing == (("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"))
    with pytest.raises(av.JudgmentError, match="a vs c"):
        islands.priorities()
    with pytest.raises(av.JudgmentError, match="a vs c"):
        islands.consistency()


def test_a_missing_judgment_is_not_taken_for_1():
    """gluc/ahp 0.2.12, no. 34: a over b 9, b over c 9 and nothing else give a third each."""
    matrix = av.PairwiseMatrix.from_judgments({("a", "b"): 9, ("b", "c"): 9})
    assert np.isnan(matrix["a", "c"])
    assert matrix.missing == (("a", "c"),)
    assert matrix.priorities().weights == pytest.approx(np.array([81, 9, 1]) / 91, rel=1e-12)
    assert matrix.consistency().verdict == "not testable"
    weights = model({"value": {"ann": {"a vs b": 9, "b vs c": 9}}}).weights()
    assert weights["a"] == pytest.approx(81 / 91, rel=1e-12)


def test_a_long_chain_of_judgments_is_answered_exactly_and_at_once():
    """ahpy 2.1, no. 1: a chain of nines over seven items does not end in ten minutes."""
    chain = {(f"i{k}", f"i{k + 1}"): 9 for k in range(9)}
    started = time.perf_counter()
    weights = av.PairwiseMatrix.from_judgments(chain).priorities().weights
    assert time.perf_counter() - started < 5  # an iteration that crept would take hours
    assert weights[:-1] / weights[1:] == pytest.approx(np.full(9, 9.0), rel=1e-12)


def test_missing_judgments_are_not_zeros_for_the_geometric_mean():
    """pyanp 0.3.1, no. 10: an index sticks at the first zero: .4157 .4157 .1686 for 5/9 3/9 1/9."""
    matrix = av.PairwiseMatrix([[1, None, 5], [None, 1, 3], ["1/5", "1/3", 1]])
    weights = matrix.priorities("geometric-mean").weights
    assert weights == pytest.approx(np.array([5, 3, 1]) / 9, rel=1e-12)


def test_harkers_way_is_taken_where_it_is_named():
    """pyanp 0.3.1, no. 11: the priorities of an incomplete matrix never apply Harker's way."""
    matrix = av.PairwiseMatrix([[1, 2, None], ["1/2", 1, 2], [None, "1/2", 1]])
    for completion in ("harker", "lambda-minimal"):
        weights = matrix.priorities(completion=completion).weights
        assert weights == pytest.approx(np.array([4, 2, 1]) / 7, rel=1e-12)


def test_ratios_between_the_steps_of_the_scale_are_answers_too():
    """pymcdm 1.4, no. 24: 2.5 and every geometric mean of experts are rejected."""
    group = av.aggregate_judgments(np.array([[[1, 2], [1 / 2, 1]], [[1, 3], [1 / 3, 1]]]))
    assert av.priorities(group)[0] == pytest.approx(6**0.5 / (1 + 6**0.5))
    assert av.PairwiseMatrix([[1, 2.5], [0.4, 1]]).priorities()["1"] == pytest.approx(2.5 / 3.5)


def test_every_experts_errors_are_taken_with_the_experts_own_weights():
    """ahpsurvey 0.4.2, no. 37: the error matrix of the second uses the first one's weights."""
    two = model(
        {"value": {"ann": [[9, 9], [1]], "bo": [["1/9", "1/9"], [1]]}}, experts=("ann", "bo")
    )
    for expert in ("ann", "bo"):
        errors = two.experts.review().of(expert, "value").errors
        cells = [value for name in "abc" for value in errors.columns[name]]
        assert cells == pytest.approx([1.0] * 9)


def test_uncertainty_is_drawn_over_the_whole_tree_at_once():
    """wjladams/pyanp asks for it (no. 52); AHP-OS multiplies local extremes instead."""
    whole = model(
        {"value": {"ann": [[3]]}, "a": {"ann": [[5]]}}, {"value": {"a": ["x", "y"], "b": None}}
    )
    found = whole.experts.uncertainty(draws=500, quantiles=(0, 1))
    local = [found.local["value", "a"], found.local["a", "x"]]
    assert found["x"][1] < local[0][1] * local[1][1]  # both ends at once were not drawn
    assert found["x"][0] > local[0][0] * local[1][0]


def test_unknown_entries_stay_missing_and_are_named():
    """FuzzyAHP 0.9.5, no. 40: a matrix of unknowns becomes infinite; pyanp, no. 11: CI 0."""
    for unknown in (None, float("nan"), "?", ""):
        matrix = av.PairwiseMatrix([[1, unknown], [unknown, 1]], ["sales", "credit"])
        assert matrix.missing == (("sales", "credit"),)
        with pytest.raises(av.JudgmentError, match="judge sales vs credit, for one"):
            matrix.consistency()


def test_a_name_that_is_not_below_the_node_is_refused_with_the_nearest():
    """ahpy 2.1, no. 6: a child whose name is not an element of its parent is ignored."""
    with pytest.raises(av.ModelError, match=r"'salse'.*did you mean 'sales'"):
        model({"value": {"ann": {"salse vs credit": 3}}}, {"value": ["sales", "credit"]})
    with pytest.raises(av.ModelError, match=r"valeu.*did you mean 'value'"):
        model({"value": {"ann": [[3]]}, "valeu": {"ann": [[2]]}}, {"value": ["a", "b"]})


def test_a_child_without_a_weight_is_refused_by_name():
    """ahpy 2.1, no. 6: with a missing child the target weights sum to 0.75."""
    with pytest.raises(av.ModelError, match=r"weights\.value.*no weight for c"):
        weighted({"a": 0.5, "b": 0.25}, hierarchy={"value": ["a", "b", "c"]})


def test_every_criterion_with_several_children_must_be_judged():
    """ahpy 2.1, no. 6: weights of an unconnected child are left out of the total."""
    with pytest.raises(av.ModelError, match="below a"):
        model({"value": {"ann": [[2]]}}, {"value": {"a": ["x", "y"], "b": None}})


# -- names of tables, methods and results ----------------------------------------------------


def test_an_unknown_random_index_is_refused_with_the_nearest_name():
    """ahpy 2.1, no. 7: with random_index='satty' the CR is None, without an error."""
    matrix = av.PairwiseMatrix(SAATY_3)
    for ask in (
        lambda: matrix.consistency(random_index="satty-1980"),
        lambda: av.consistency_ratio(matrix.values, "satty-1980"),
        lambda: av.random_index(3, "satty-1980"),
        lambda: model(SAATY_3, random_index="satty-1980"),
    ):
        with pytest.raises(av.AhpValueError, match=r"satty-1980.*did you mean 'saaty-1980'"):
            ask()
    with pytest.raises(av.JudgmentError, match=r"'satty'.*saaty-1980"):
        matrix.consistency(random_index="satty")


def test_an_unknown_method_is_refused_with_the_nearest_name():
    """pyDecision 5.1.8, no. 17: an unknown method is an UnboundLocalError."""
    for ask in (
        lambda: av.priorities(np.ones((3, 3)), "eigenvektor"),
        lambda: av.PairwiseMatrix(SAATY_3).priorities("eigenvektor"),
        lambda: model(SAATY_3, method="eigenvektor"),
    ):
        with pytest.raises(av.AhpValueError, match=r"'eigenvektor'.*did you mean 'eigenvector'"):
            ask()


def test_an_unknown_limit_is_refused():
    """ahpy 2.1, no. 7: an unknown option changes the result silently."""
    matrix = av.PairwiseMatrix(SAATY_3)
    assert matrix.consistency(limit="by-size").limit == 0.05
    with pytest.raises(av.JudgmentError, match="by-siez"):
        matrix.consistency(limit="by-siez")
    with pytest.raises(av.ModelError, match=r"consistency\.limit.*by-siez"):
        model(SAATY_3, consistency={"limit": "by-siez"})


def test_weights_that_did_not_converge_cannot_be_had():
    """ahpy 2.1, no. 7: iterations=1 gives unconverged weights, without a warning."""
    with pytest.raises(TypeError):
        av.priorities(np.ones((3, 3)), iterations=1)
    # A cycle of nines has the second eigenvalue close to the first: slow to converge.
    slow = np.ones((20, 20))
    for i in range(20):
        slow[i, (i + 1) % 20], slow[(i + 1) % 20, i] = 9, 1 / 9
    slow[0, 10], slow[10, 0] = 5, 1 / 5
    found = av.PairwiseMatrix(slow).priorities()
    left = slow @ found.weights - found.lambda_max * found.weights
    assert np.abs(left).max() < 1e-12


def test_a_cr_carries_the_name_of_its_random_index():
    """Every peer: a CR without the name of the table it was divided by."""
    matrix = av.PairwiseMatrix(SAATY_3)
    ratios = {table: matrix.consistency(table).cr for table in TABLES}
    assert len(set(ratios.values())) == len(TABLES)
    for table in TABLES:
        found = matrix.consistency(table)
        assert found.random_index == table
        assert found.cr == pytest.approx(found.ci / found.ri)
        assert table in str(found)


def test_a_result_asked_for_an_unknown_name_says_which():
    """ahpy 2.1, no. 8: a result asked for an unknown name answers None."""
    matrix = av.PairwiseMatrix([[1, 3], ["1/3", 1]], ["price", "quality"])
    found = weighted({"price": 0.5, "quality": 0.5})
    for ask in (
        lambda: found.weights()["prise"],
        lambda: found.hierarchy.parents("prise"),
        lambda: matrix.priorities()["prise"],
        lambda: matrix["prise", "quality"],
    ):
        with pytest.raises((KeyError, av.AhpValueError), match="prise"):
            ask()


# -- what is no judgment ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (float("inf"), "finite"),
        (-float("inf"), "finite"),
        ("abc", "'abc' is not a judgment"),
        ("1/0", "'1/0' is not a judgment"),
        (True, "True is not a judgment"),
        ([3], r"\[3\] is not a judgment"),
        (0, "above 0"),
        (-3, "above 0, not -3"),
    ],
)
def test_what_is_no_judgment_is_refused_with_its_cell(wrong, said):
    """ahpy 2.1, no. 8: inf says "('a','b') is not in list", text a bare float() message."""
    with pytest.raises(av.JudgmentError, match=rf"row 1, column 2: .*{said}"):
        av.PairwiseMatrix([[1, wrong], [1, 1]])
    with pytest.raises(av.JudgmentError, match=rf"a vs b: .*{said}"):
        av.PairwiseMatrix.from_judgments({("a", "b"): wrong})
    with pytest.raises(av.ModelError, match=rf"comparisons\.value\.ann\.a vs b: .*{said}"):
        model({"value": {"ann": {"a vs b": wrong}}}, {"value": ["a", "b"]})


def test_the_batch_refuses_an_infinite_judgment_with_its_cell():
    """ahpy 2.1, no. 8, and pyDecision 5.1.8, no. 18: no validation at all."""
    with pytest.raises(av.JudgmentError, match="row 1, column 2: inf"):
        av.priorities([[1, float("inf")], [0, 1]])
    with pytest.raises(av.JudgmentError, match="numbers"):
        av.priorities([["a", "b"], ["c", "d"]])


@pytest.mark.parametrize("nothing", [[], np.empty((0, 0)), np.empty((3, 0, 0))])
def test_an_empty_matrix_is_refused_in_words(nothing):
    """ahpy 2.1, no. 8: empty input is a StopIteration."""
    with pytest.raises(av.JudgmentError, match="shape"):
        av.priorities(nothing)
    if len(nothing) == 0:
        with pytest.raises(av.JudgmentError, match="at least one item"):
            av.PairwiseMatrix(nothing)


def test_empty_pairs_and_empty_models_are_refused_in_words():
    """ahpy 2.1, no. 8: empty input is a StopIteration."""
    with pytest.raises(av.JudgmentError, match="at least one item"):
        av.PairwiseMatrix.from_judgments({})
    with pytest.raises(av.ModelError, match="judgments"):
        model({"value": {"ann": {}}})
    with pytest.raises(av.ModelError, match="one goal"):
        av.Model(hierarchy={})
    with pytest.raises(av.ModelError, match="one goal"):
        av.Hierarchy({})


@pytest.mark.parametrize("pairs", [{1: 2}, {(1, 2): 3}, {None: 3}, [("a", "b")], [5]])
def test_pairs_of_anything_but_names_are_refused_in_words(pairs):
    """ahpy 2.1, no. 8: integer names of elements break the report."""
    with pytest.raises(av.JudgmentError, match=r"pair|name"):
        av.PairwiseMatrix.from_judgments(pairs)


def test_integer_labels_are_shown_like_any_other():
    """ahpy 2.1, no. 8: integer element names break the printed report."""
    matrix = av.PairwiseMatrix(SAATY_3, labels=[2023, 2024, 2025])
    assert matrix.labels == ("2023", "2024", "2025")
    assert set(matrix.consistency().worst) <= set(matrix.labels)
    for shown in (matrix, matrix.priorities(), matrix.consistency()):
        assert "202" in str(shown)
        assert "202" in shown._repr_html_()


def sent(thing):
    return pickle.loads(pickle.dumps(thing))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, sent])
def test_everything_can_be_copied_and_sent_to_another_process(copied):
    """ahpy 2.1, no. 8: deepcopy ends in a RecursionError."""
    matrix = av.PairwiseMatrix(SAATY_3, ["a", "b", "c"])
    assert copied(matrix) == matrix
    assert copied(matrix.consistency()) == matrix.consistency()
    assert copied(matrix.priorities()).weights == pytest.approx(matrix.priorities().weights)
    whole = model(SAATY_3)
    assert copied(whole) == whole
    assert copied(whole.hierarchy) == whole.hierarchy
    assert copied(whole.weights()).total == whole.weights().total


def test_results_can_be_compared():
    """ahpy 2.1, no. 8: everyday operations on results end in errors about something else."""
    matrix = av.PairwiseMatrix(SAATY_3, ["a", "b", "c"])
    assert matrix.consistency() == matrix.consistency()
    assert (matrix.priorities() == matrix.priorities()) is True
    assert (matrix.priorities() == matrix.priorities("column-mean")) is False


# -- the hierarchy ---------------------------------------------------------------------------


def test_a_node_below_itself_is_refused_and_the_way_round_is_shown():
    """ahpy 2.1, no. 8: a cycle in the hierarchy is a RecursionError."""
    with pytest.raises(av.ModelError, match="a > b > a"):
        av.Hierarchy({"value": ["a"], "a": ["b"], "b": ["a"]})
    with pytest.raises(av.ModelError, match="a > a"):
        av.Hierarchy({"value": ["a", "b"], "a": ["a"]})


CYCLE = """
hierarchy:
  value:
    a: [b]
    b: [a]
"""


@pytest.mark.parametrize("weighed", ["", "judgments: {weights: {value: {a: 0.5, b: 0.5}}}\n"])
def test_a_cycle_in_a_model_file_is_refused_with_its_file_whatever_else_is_wrong(weighed, tmp_path):
    """ahpy 2.1, no. 8: a cycle in the hierarchy is a RecursionError."""
    (tmp_path / "model.yaml").write_text(CYCLE + weighed, encoding="utf-8")
    with pytest.raises(av.ModelError, match=r"model\.yaml.*a > b > a"):
        av.load_model(tmp_path / "model.yaml")


@pytest.mark.parametrize("local", [[0.5], [0.5, 0.3, 0.2]])
def test_local_priorities_are_as_many_as_there_are_children(local):
    """ahpy 2.1, no. 6: what does not belong to the hierarchy is ignored silently."""
    with pytest.raises(av.AhpValueError, match="goal"):
        av.Hierarchy({"goal": ["a", "b"]}).global_priorities({"goal": local})


def test_a_name_described_twice_is_refused():
    """ahpy 2.1, no. 8: of two nodes with the same name the first wins."""
    with pytest.raises(av.ModelError, match="a is described twice"):
        av.Model(hierarchy={"value": {"a": ["x", "y"], "b": {"a": ["x"]}}})
    with pytest.raises(av.ModelError, match="a stands twice under value"):
        av.Hierarchy({"value": ["a", "b", "a"]})
    with pytest.raises(av.ModelError, match="a stands twice under value"):
        av.Model(hierarchy={"value": ["a", "b", "a"]})
    with pytest.raises(av.JudgmentError, match="not unique: a"):
        av.PairwiseMatrix(SAATY_3, ["a", "b", "a"])


def test_a_child_under_a_parent_of_weight_1_is_not_the_goal():
    """ahpy 2.1, no. 9: any node of global weight 1.0 is taken for the root."""
    whole = model({"side": {"ann": [[3]]}}, {"value": {"only": {"side": ["x", "y"]}}})
    found = whole.weights()
    assert whole.hierarchy.goal == "value"
    assert whole.hierarchy.leaves == ("x", "y")
    assert [found[node] for node in ("value", "only", "side")] == [1, 1, 1]
    assert (found["x"], found["y"]) == pytest.approx((0.75, 0.25))
    assert found.sources("side") == {"only": 1.0}


@pytest.mark.parametrize(("criteria", "alternatives"), [(3, 5), (5, 2), (2, 9), (1, 4)])
def test_criteria_and_alternatives_may_differ_in_number(criteria, alternatives):
    """scikit-criteria, no. 28: its AHP works only with as many criteria as alternatives."""
    sides = [f"c{k}" for k in range(criteria)]
    leaves = [f"x{k}" for k in range(alternatives)]
    wanted = np.arange(1.0, alternatives + 1)
    comparisons = {side: {"ann": consistent(wanted).tolist()} for side in sides}
    if criteria > 1:
        comparisons["value"] = {"ann": np.ones((criteria, criteria)).tolist()}
    found = model(comparisons, {"value": dict.fromkeys(sides, leaves)}).weights()
    assert [found[leaf] for leaf in leaves] == pytest.approx((wanted / wanted.sum()).tolist())


# -- the random index and the ratio ----------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_items_have_cr_0_and_are_consistent(n, method):
    """pyDecision no. 17, AHP no. 32, AnaHiePro no. 33, gluc/ahp no. 36, ahpsurvey no. 38,
    RMCDA no. 39, FuzzyAHP no. 40, JMcDM no. 41: NaN, an error, or not consistent."""
    matrix = consistent([9, 2][:n])
    for table in TABLES:
        found = av.PairwiseMatrix(matrix).consistency(table, method)
        assert found.cr == found.ci == found.gci == 0
        assert found.acceptable
        assert av.consistency_ratio(matrix, table, method) == 0
    assert av.priorities(matrix, method) == pytest.approx(np.array([9, 2][:n]) / sum([9, 2][:n]))


@pytest.mark.parametrize("table", TABLES)
def test_the_random_index_goes_on_smoothly_above_its_table(table):
    """pyanp 0.3.1, no. 12: above 15 items the index is off by the factor n - 1; pyDecision
    no. 17 and pymcdm no. 23: IndexError at 16; AnaHiePro no. 33: 1.49 for ever."""
    values = [av.random_index(n, table).value for n in range(3, 60)]
    steps = np.diff(values[6:])
    assert (steps > -0.01).all()
    assert (steps < 0.13).all()
    assert 1.65 < values[-1] < 1.77  # 1.7699 is where it tends to
    assert av.random_index(16, table).table.startswith(table)
    assert av.random_index(16, table).table != table


def test_matrices_of_15_and_16_items_made_alike_are_judged_alike():
    """pyanp 0.3.1, no. 12: their mean inconsistency jumps from 0.21 to 2.85."""
    fifteen = av.consistency_ratio(random_matrices(200, 15)).mean()
    sixteen = av.consistency_ratio(random_matrices(200, 16)).mean()
    assert sixteen == pytest.approx(fifteen, rel=0.05)


@pytest.mark.parametrize("n", [9, 10, 11, 12, 16, 20, 40])
def test_large_matrices_have_weights_and_a_cr(n):
    """AHP 0.0.1, no. 32, from 10 items: dies; RMCDA, no. 39, at 11; pymcdm, no. 23, at 16;
    AHP-OS, no. 41: no Saaty CR above 10."""
    matrix = av.PairwiseMatrix(random_matrices(1, n, spread=0.3)[0])
    for table in TABLES:
        found = matrix.consistency(table)
        assert 0 < found.cr < 0.2
        assert found.cr == pytest.approx(found.ci / av.random_index(n, table).value)
    assert matrix.priorities().weights.sum() == pytest.approx(1)


def test_the_random_index_is_the_one_of_n_and_not_of_n_plus_1():
    """AHP 0.0.1, no. 32: its CR is .0214 where .0332 is right."""
    found = av.PairwiseMatrix(SAATY_3).consistency("saaty-1980")
    assert found.ri == 0.58
    assert found.cr == pytest.approx(0.0332, abs=5e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_cr_exists_for_every_method(method):
    """gluc/ahp 0.2.12, no. 36: geometric mean and column mean return CR = NA; pyAHP, no. 31:
    no CR at all."""
    found = av.PairwiseMatrix(HOUSE).consistency("saaty-2005", method)
    assert found.method == method
    assert found.cr == pytest.approx(0.17, abs=0.015)
    assert av.consistency_ratio(av.PairwiseMatrix(HOUSE).values, "saaty-2005", method) == (
        pytest.approx(found.cr)
    )


def test_the_gci_is_the_published_one():
    """pyanp on GitHub, no. 16: its default is a third of it at three items."""
    found = av.PairwiseMatrix([[1, 2, 5], ["1/2", 1, 3], ["1/5", "1/3", 1]]).consistency()
    assert found.gci == pytest.approx(0.01108038, abs=1e-8)


def test_consistency_can_be_asked_before_priorities():
    """pymcdm 1.4.0, no. 23: asked for the CR first, AttributeError."""
    assert av.PairwiseMatrix(SAATY_3).consistency().cr > 0


def test_judgments_over_the_limit_warn_and_keep_their_weights():
    """gluc/ahp 0.2.12, no. 34: from CR 1 up equal weights are returned, without a warning;
    RMCDA 0.3.1, no. 39: from CR 0.1 up it stops and does not even say the CR."""
    rows = [[1, 9, 1], ["1/9", 1, 9], [1, "1/9", 1]]
    matrix = av.PairwiseMatrix([[1, 9, "1/5"], ["1/9", 1, 9], [5, "1/9", 1]])
    assert matrix.consistency().cr > 1
    assert not matrix.consistency().acceptable
    assert np.ptp(matrix.priorities().weights) > 0.05

    with pytest.warns(av.ConsistencyWarning, match=r"value\.ann.*CR 2\.\d+.*alonso-lamata"):
        whole = model(rows)
    found = whole.weights()
    assert found["a"] > 2 * found["c"]
    (row,) = whole.consistency().rows
    assert row[2].cr > 1
    with pytest.raises(av.ModelError, match="CR"):
        model(rows, consistency={"on_exceed": "refuse"})


# -- matrices that are none ------------------------------------------------------------------


@pytest.mark.parametrize("entry", [-3.0, -1e-9, 0.0, float("nan")])
def test_negative_zero_and_nan_judgments_are_refused_at_once(entry):
    """pyanp 0.3.1, no. 13: a negative judgment never ends, NaN gives NaN; pyDecision 5.1.8,
    no. 18: weights of 1.137 and -0.231, zeros give [0, 1, 0]."""
    matrix = np.array([[1, entry, 2], [1, 1, 3], [1 / 2, 1 / 3, 1]])
    start = time.perf_counter()
    with pytest.raises(av.JudgmentError, match="row 1, column 2"):
        av.priorities(matrix)
    with pytest.raises(av.JudgmentError):
        av.PairwiseMatrix([[1, entry], [entry, 1]]).priorities()
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 9, 9], [9, 1, 9], [9, 9, 1]],  # pyDecision: a third each, CR 13.8
        [[1, 9], [0.12, 1]],  # pymcdm: within its tolerance of 0.01
        [[1, 3], [0.33, 1]],  # pymcdm, pyAHP: a rounded third
        [[1, 3], [0.33333, 1]],
        [[1, 3], [3, 1]],  # pyanp
    ],
)
def test_a_matrix_that_is_not_reciprocal_is_refused_with_its_cell(matrix):
    """pyDecision 5.1.8, no. 18; pyanp 0.3.1, no. 13; pymcdm 1.4.0, no. 25."""
    for read in (av.PairwiseMatrix, av.priorities, av.consistency_ratio):
        with pytest.raises(av.JudgmentError, match=r"row 1, column 2.*not reciprocal"):
            read(matrix)
    with pytest.raises(av.ModelError, match=r"comparisons\.value\.ann.*not reciprocal"):
        model({"value": {"ann": matrix}}, {"value": ["a", "b", "c"][: len(matrix)]})


def test_a_rounded_reciprocal_is_told_to_be_a_fraction():
    """AHPtools 1.0.1, no. 40: exact tests of floats reject what is right."""
    with pytest.raises(av.JudgmentError, match=r"1/3 instead of 0\.33"):
        av.PairwiseMatrix([[1, 3], [0.33, 1]])
    assert av.PairwiseMatrix([[1, 3], [0.33, 1]], tolerance=0.02)["2", "1"] == 1 / 3
    assert av.PairwiseMatrix([[1, 3], [0.3333333, 1]])["2", "1"] == 1 / 3


@pytest.mark.parametrize("k", [3, 7, 49, 93, 98, 99, 103])
def test_reciprocals_that_floats_cannot_hold_exactly_are_accepted(k):
    """AHPtools 1.0.1, no. 40: an exact float test rejects 1/49 beside 49."""
    floats = av.PairwiseMatrix([[1, 1 / k], [k, 1]])
    texts = av.PairwiseMatrix([[1, f"1/{k}"], [k, 1]])
    assert floats == texts
    assert floats["2", "1"] == k
    assert av.priorities([[1, 1 / k], [k, 1]])[1] == pytest.approx(k / (k + 1))


def test_judgments_between_and_beyond_the_whole_numbers_are_accepted():
    """pymcdm 1.4.0, no. 24: 2.5, which Saaty uses, is rejected."""
    matrix = av.PairwiseMatrix([[1, 2.5, 12], ["2/5", 1, 3], ["1/12", "1/3", 1]])
    assert matrix["1", "2"] == 2.5
    assert matrix["1", "3"] == 12


def test_a_group_matrix_is_a_matrix_like_any_other():
    """pymcdm 1.4.0, no. 24: a geometric mean of judgments is rejected."""
    two = np.array([av.PairwiseMatrix(SAATY_3).values, consistent([5, 2, 1])])
    group = av.aggregate_judgments(two)
    matrix = av.PairwiseMatrix(group)
    assert matrix["1", "2"] == pytest.approx((3 * 2.5) ** 0.5)
    assert av.priorities(group) == pytest.approx(matrix.priorities().weights)


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.DataFrame, "polars"])
def test_lists_tuples_arrays_and_frames_are_all_read(kind):
    """pymcdm 1.4.0, no. 25: a list is an AttributeError; AnaHiePro, no. 33: an array fails."""
    rows = consistent([4, 2, 1]).tolist()
    if kind == "polars":
        given = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    elif kind is tuple:
        given = tuple(map(tuple, rows))
    else:
        given = kind(rows)
    expected = np.array([4, 2, 1]) / 7
    assert av.PairwiseMatrix(given).priorities().weights == pytest.approx(expected)
    assert av.priorities(rows) == pytest.approx(expected)


def test_a_frame_of_whole_numbers_is_read():
    """pyanp 0.3.1, no. 14: integer columns fail on pandas 3, Series.iteritems on pandas 2."""
    ones = pd.DataFrame({"a": [1, 1], "b": [1, 1]}, index=["a", "b"])
    assert av.PairwiseMatrix(ones).priorities()["a"] == 0.5
    customers = pd.DataFrame({"customer": [1, 2], "a": [100, 0], "b": [0, 0]})
    found = weighted({"a": 0.25, "b": 0.75}, {"a": LINE, "b": LINE}).score(customers)
    assert found.frame["total"].tolist() == [25.0, 0.0]


# -- weights ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", range(1, 16))
def test_consistent_matrices_of_every_size_work_with_every_method(n, method):
    """pyAHP 0.1.2, no. 30: a consistent matrix is singular to its solver, n = 2 an error."""
    for seed in range(20):
        weights = np.random.default_rng([n, seed]).uniform(1, 9, n)
        found = av.PairwiseMatrix(consistent(weights)).priorities(method)
        assert found.weights == pytest.approx(weights / weights.sum(), rel=1e-12)
        assert found.lambda_max == pytest.approx(n, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", range(5, 10))
def test_weights_of_2000_random_matrices_are_positive_and_sum_to_1(n, method):
    """pyAHP 0.1.2, no. 29: negative weights in 0.5 to 2 % of them; its geometric mean sums to
    3.87 (no. 31); AnaHiePro, no. 33, and AHPtools, no. 40: any sign, any sum."""
    scale = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)), dtype=float)
    rng = np.random.default_rng(n)
    matrices = np.ones((2_000, n, n))
    rows, columns = np.triu_indices(n, 1)
    matrices[:, rows, columns] = rng.choice(scale, (2_000, len(rows)))
    matrices[:, columns, rows] = 1 / matrices[:, rows, columns]
    weights = av.priorities(matrices, method)
    assert (weights > 0).all()
    assert weights.sum(axis=1) == pytest.approx(np.ones(2_000), abs=1e-12)


def test_very_inconsistent_matrices_are_solved_and_not_iterated_a_dozen_times():
    """ahpsurvey 0.4.2, no. 38: twelve fixed power iterations are off by .003 to .006."""
    matrices = random_matrices(500, 7, spread=3.0)
    weights = av.priorities(matrices)
    values, vectors = np.linalg.eig(matrices)
    best = values.real.argmax(axis=1)
    exact = np.abs(vectors[np.arange(500), :, best].real)
    assert weights == pytest.approx(exact / exact.sum(axis=1, keepdims=True), abs=1e-10)


def test_the_default_method_reproduces_saatys_house():
    """pyDecision 5.1.8, no. 19: its default gives .170 for the third criterion, not .188."""
    assert av.PairwiseMatrix(HOUSE).priorities().weights[2] == pytest.approx(0.188, abs=5e-4)
    assert av.PairwiseMatrix(HOUSE).priorities().method == "eigenvector"


@pytest.mark.parametrize("method", METHODS)
def test_equal_judgments_get_equal_weights(method):
    """pymcdm 1.4.0, no. 22: scores 9, 9, 9, 1 get .083, .083, .75 and .083."""
    weights = av.PairwiseMatrix(consistent([9, 9, 9, 1])).priorities(method).weights
    assert weights == pytest.approx(np.array([9, 9, 9, 1]) / 28)


def test_known_numbers_compared_give_their_shares():
    """gluc/ahp 0.2.12, no. 36: the numbers of its own vignette, .125 .1875 .6875, are wrong."""
    weights = av.PairwiseMatrix(consistent([2, 5, 10])).priorities().weights
    assert weights == pytest.approx([0.118, 0.294, 0.588], abs=5e-4)


def test_weights_given_directly_must_be_weights():
    """scikit-criteria 0.10, no. 27: negative weights are accepted; pymcdm 1.4.0, no. 26: weights
    that do not sum to 1 only warn."""
    with pytest.raises(av.ModelError, match=r"weights\.value\.b.*below 0"):
        weighted({"a": 1.5, "b": -0.5})
    with pytest.raises(av.ModelError, match=r"weights\.value.*sum to 0\.85"):
        weighted({"a": 0.5, "b": 0.35})
    with pytest.raises(av.ModelError, match=r"weights\.value\.a.*nan"):
        weighted({"a": float("nan"), "b": 0.5})


# -- several experts -------------------------------------------------------------------------

TWO = {"value": {"ann": SAATY_3, "bob": consistent([1, 2, 4]).tolist()}}
EACH = pytest.mark.parametrize("aggregation", ["judgments", "priorities", "priorities-arithmetic"])


@EACH
def test_no_expert_overwrites_another(aggregation):
    """pyanp 0.3.1, no. 15: the last user's numbers overwrite everybody's."""
    turned = {"value": dict(reversed(TWO["value"].items()))}
    both = model(TWO, experts=("ann", "bob"), aggregation=aggregation).weights()
    again = model(turned, experts=("ann", "bob"), aggregation=aggregation).weights()
    alone = [av.PairwiseMatrix(TWO["value"][who]).priorities().weights for who in ("ann", "bob")]
    for name in "abc":
        assert again[name] == pytest.approx(both[name], abs=1e-12)
    assert alone[1][0] < both["a"] < alone[0][0]
    assert alone[0][2] < both["c"] < alone[1][2]


def test_every_expert_is_judged_by_their_own_weights():
    """ahpsurvey 0.4.2, no. 37: the first individual's weights stand for everybody's."""
    bob = [[1, "1/2", "1/5"], [2, 1, "1/4"], [5, 4, 1]]
    whole = model({"value": {"ann": SAATY_3, "bob": bob}}, experts=("ann", "bob"))
    found = {expert: one for _, expert, one in whole.consistency().rows}
    for expert, rows in (("ann", SAATY_3), ("bob", bob)):
        assert found[expert] == av.PairwiseMatrix(rows, ["a", "b", "c"]).consistency()
    assert found["ann"].cr != found["bob"].cr


def test_the_group_has_a_cr_of_its_own_beside_its_experts():
    """gluc/ahp 0.2.12, no. 36: its total consistency is the worst expert's."""
    whole = model(TWO, experts=("ann", "bob"))
    found = {expert: one.cr for _, expert, one in whole.consistency().rows}
    assert list(found) == ["ann", "bob", "(group)"]
    assert found["bob"] == pytest.approx(0, abs=1e-12)
    assert 0 < found["(group)"] < found["ann"]
    matrices = np.array([av.PairwiseMatrix(rows).values for rows in TWO["value"].values()])
    group = av.aggregate_judgments(matrices)
    assert found["(group)"] == pytest.approx(float(av.consistency_ratio(group)))


def test_an_aggregated_matrix_stays_reciprocal():
    """ahpsurvey 0.4.2, no. 38: the arithmetic mean breaks reciprocity, a12 a21 = 1.26."""
    group = av.aggregate_judgments(random_matrices(5, 6), [1, 2, 3, 4, 5])
    assert group * group.T == pytest.approx(np.ones((6, 6)), abs=1e-14)


@pytest.mark.parametrize(
    "matrix",
    [[[1, float("nan")], [1, 1]], [[1, -3], [-1 / 3, 1]], [[1, 3], [3, 1]], [[1, 0], [0, 1]]],
)
def test_what_is_no_matrix_is_not_aggregated(matrix):
    """pyanp 0.3.1, no. 13: non-reciprocal is accepted, NaN in is NaN out."""
    with pytest.raises(av.JudgmentError):
        av.aggregate_judgments(np.array([matrix, consistent([3, 1])]))


def test_aggregated_priorities_sum_to_1():
    """ahpsurvey 0.4.2, no. 38: the geometric mean of priorities sums to .987."""
    priorities = av.priorities(random_matrices(7, 5))
    for mean in ("geometric", "arithmetic"):
        assert av.aggregate_priorities(priorities, mean=mean).sum() == pytest.approx(1, abs=1e-14)


def test_an_unknown_mean_is_refused_with_the_nearest():
    """ahpsurvey 0.4.2, no. 38: a mean of its own list ends in "object 'amethod' not found"."""
    with pytest.raises(av.JudgmentError, match=r"'geometrik'.*did you mean 'geometric'"):
        av.aggregate_priorities(np.array([[0.5, 0.5]]), mean="geometrik")


def test_a_wrong_judgment_is_refused_with_node_expert_and_cell():
    """Every peer: messages without the node, the expert and the cell."""
    experts = ("ann", "bob")
    with pytest.raises(av.ModelError) as refused:
        model({"value": {"ann": SAATY_3, "bob": [[2, -3], [4]]}}, experts=experts)
    (problem,) = refused.value.problems
    assert problem.path[:4] == ("judgments", "comparisons", "value", "bob")
    assert problem.path[4:] == (0, 1)
    assert "-3" in str(problem)


def test_results_depend_on_no_seed():
    """ahpsurvey 0.4.2, no. 37: ties are broken by jitter, the result depends on the seed."""
    found = []
    for seed in (1, 2):
        np.random.seed(seed)
        scores = weighted({"a": 0.5, "b": 0.5}, {"a": LINE, "b": LINE}).score(
            {"customer": ["x", "y", "z"], "a": [50, 50, 10], "b": [50, 50, 10]}
        )
        found.append((av.priorities(np.ones((4, 4))).tolist(), scores["rank"].tolist()))
    assert found[0] == found[1]
    assert found[0][1] == [1, 1, 3]


# -- scoring by weights ----------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["Low", "LOW", "Max", "max", "min", "cost"])
def test_a_direction_that_is_not_known_is_refused_and_not_inverted(direction):
    """pyDecision 5.1.8, no. 20: any type but exactly 'max' counts as cost; 'Max' turns the
    ranking round."""
    falling = {"minmax": {"lower": 0, "upper": 100, "better": direction}}
    with pytest.raises(av.ModelError, match=rf"indicators\.a.*better.*'{direction}'"):
        weighted({"a": 0.5, "b": 0.5}, {"a": falling, "b": LINE})


def test_better_low_turns_one_indicator_round_and_no_other():
    """pyDecision 5.1.8, no. 20: a direction inverts the ranking silently."""
    found = weighted(
        {"a": 0.5, "b": 0.5},
        {"a": {"minmax": {"lower": 0, "upper": 100, "better": "low"}}, "b": LINE},
    ).score({"customer": ["x", "y"], "a": [0, 100], "b": [0, 100]})
    assert found["total"].tolist() == [50, 50]


@pytest.mark.parametrize("column", [[0, 0, 0], [7, 7, 7]])
def test_a_column_without_differences_spoils_no_score(column):
    """pyDecision 5.1.8, no. 20: one all-zero column makes every score NaN."""
    reference = {"customer": ["x", "y", "z"], "a": column, "b": [0, 50, 100]}
    whole = weighted({"a": 0.5, "b": 0.5}, {"a": {"minmax": {}}, "b": LINE})
    with pytest.warns(av.CustomerDataWarning, match="'a'.*tells nobody apart"):
        fitted = whole.fit(reference)
    assert fitted.score(reference)["total"].tolist() == [25, 50, 75]


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame])
def test_one_missing_figure_changes_no_other_customers_score(kind):
    """pyDecision no. 20 and pymcdm no. 26: a single NaN makes every score NaN."""
    whole = weighted({"a": 0.5, "b": 0.5}, {"a": LINE | {"missing": "renormalise"}, "b": LINE})
    table = {"customer": ["x", "y", "z"], "a": [10.0, float("nan"), 30.0], "b": [30.0, 20.0, 10.0]}
    scores = whole.score(kind(table))
    assert scores["total"].tolist() == [20, 20, 20]
    assert scores["coverage"].tolist() == [1, 0.5, 1]


def test_a_missing_figure_without_a_policy_is_refused_by_column_and_customer():
    """scikit-criteria 0.10, no. 27: one NaN ends in "[-9223372036854775808 ...] doesn't look
    like a ranking"; ahpsurvey, no. 38: "infinite or missing values in 'x'"."""
    whole = weighted({"a": 0.5, "b": 0.5}, {"a": LINE | {"column": "sales"}, "b": LINE})
    table = {"customer": ["x", "y"], "sales": [1, float("nan")], "b": [1, 2]}
    with pytest.raises(av.CustomerDataError, match=r"'sales'.*missing for y.*indicators\.a"):
        whole.score(table)


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame])
def test_a_customer_in_two_rows_is_refused_by_name(kind):
    """scikit-criteria 0.10, no. 27: duplicate names of alternatives are accepted."""
    whole = weighted({"a": 0.5, "b": 0.5}, {"a": LINE, "b": LINE})
    table = {"customer": ["x", "y", "y"], "a": [1, 2, 3], "b": [1, 2, 3]}
    with pytest.raises(av.CustomerDataError, match=r"'customer'.*y in more than one row"):
        whole.score(kind(table))


def test_equal_customers_share_their_place_and_the_best_is_first():
    """pymcdm 1.4.0, no. 22: equal scores are told apart and the worst ties with the best."""
    whole = weighted({"a": 0.5, "b": 0.5}, {"a": LINE, "b": LINE})
    table = {"customer": list("wxyz"), "a": [9, 9, 9, 1], "b": [9, 9, 9, 1]}
    assert whole.score(table)["rank"].tolist() == [1, 1, 1, 4]


def test_a_customers_score_does_not_depend_on_the_order_of_the_rows():
    """ahpsurvey 0.4.2, no. 37: ties broken by jitter; pymcdm, no. 22: by position."""
    fitted = av.template("retail-terminal").fit(synthetic_customers(300))
    table = synthetic_customers(500, seed=8)
    order = np.random.default_rng(0).permutation(500)
    shuffled = {name: values[order] for name, values in table.items()}
    before, after = fitted.score(table), fitted.score(shuffled)
    for output in ("total", "rank", "percentile", "coverage", "credit"):
        assert np.array_equal(after[output], before[output][order], equal_nan=True), output


# -- the model document ----------------------------------------------------------------------

CODE = """
hierarchy: {value: [a, b]}
judgments:
  experts: {ann: {}}
  comparisons: {value: {ann: [[%s]]}}
"""


@pytest.mark.parametrize(
    "code",
    [
        "system('touch found')",
        "__import__('pathlib').Path('found').touch()",
        "!!python/object/apply:os.system ['touch found']",
        "!!python/object/apply:pathlib.Path.touch [found]",
        "!r system('touch found')",
        "1 + 2",
        "2 ** 3",
        "3L",
    ],
)
def test_a_model_file_is_never_run_as_code(code, tmp_path, monkeypatch):
    """gluc/ahp 0.2.12, no. 35: YAML scalars go through eval(parse())."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.yaml").write_text(CODE % code, encoding="utf-8")
    with pytest.raises(av.ModelError, match=r"model\.yaml:\d+"):
        av.load_model(tmp_path / "model.yaml")
    assert not (tmp_path / "found").exists()


@pytest.mark.parametrize("section", ["name", "description"])
def test_text_in_a_model_file_stays_text(section, tmp_path):
    """gluc/ahp 0.2.12, no. 35: arbitrary code from a model file, weights and names alike."""
    text = "__import__('os').getcwd()"
    (tmp_path / "model.yaml").write_text(f'{section}: "{text}"\n{CODE % 3}', encoding="utf-8")
    document = av.load_model(tmp_path / "model.yaml").document
    assert getattr(document, section) == text


def test_the_models_that_come_with_the_package_load_and_score():
    """pyAHP 0.1.2, no. 31: the example it ships does not load."""
    assert av.template_names()
    for name in av.template_names():
        customers = synthetic_customers(200)
        scores = av.template(name).fit(customers).score(customers)
        assert len(scores) == 200
        totals = scores["total"][scores["status"] == "rated"]
        assert ((totals >= 0) & (totals <= 100)).all()
        assert len(np.unique(totals)) > 150


def test_no_warning_comes_from_consistent_judgments():
    """ahpsurvey 0.4.2, no. 38, and others: warnings and errors about something else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = model(consistent([4, 2, 1]).tolist())
    assert found.consistency().acceptable


# -- what an import costs --------------------------------------------------------------------

HEAVY = """
import sys
import ahpvalue as av
av.PairwiseMatrix([[1, 3], ["1/3", 1]]).consistency()
av.template("retail-terminal").weights()
heavy = {"pandas", "polars", "pyarrow", "duckdb", "narwhals", "matplotlib", "sklearn", "scipy",
         "openai", "google.genai", "flask", "requests", "httpx", "urllib3", "typer", "rich",
         "IPython"}
print(sorted(heavy & set(sys.modules)), len(sys.modules) < 600)
"""


def test_importing_the_library_loads_no_heavy_package():
    """pyDecision 5.1.8, no. 21: importing the AHP loads openai, google.genai, flask, sklearn and
    matplotlib, 3,013 modules."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", HEAVY], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] True"


OFFLINE = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import ahpvalue as av
from ahpvalue.demo import synthetic_customers
customers = synthetic_customers(50)
scores = av.template("retail-terminal").fit(customers).score(customers)
print(len(scores), len(scores._repr_html_()) > 1000, "http" in scores._repr_html_())
"""


def test_nothing_is_fetched_from_the_network():
    """pyDecision 5.1.8, no. 21: clients of two network services are loaded with the AHP."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", OFFLINE], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["50", "True", "False"]
