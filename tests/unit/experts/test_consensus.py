"""Who agrees with whom, whom the group represents, and what each expert changes."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.agreement import clusters, consensus_word

THREE = {
    "ann": [[3, 5], [2]],
    "bo": [[3, 5], [2]],
    "cy": [["1/4", "1/2"], [3]],
}


def model(comparisons=None, experts=None, **judgments):
    comparisons = comparisons or {"value": THREE}
    names = experts or {who: {} for by in comparisons.values() for who in by}
    return av.Model(
        hierarchy={"value": {"a": ["a1", "a2"], "b": None, "c": None}}
        if "a" in comparisons
        else {"value": ["a", "b", "c"]},
        judgments={
            "experts": names,
            "consistency": {"limit": 1},
            "comparisons": comparisons,
            **judgments,
        },
    )


def test_the_pair_the_experts_are_most_divided_on_and_the_expert_left_behind_are_named():
    (node,) = model().experts.consensus().nodes
    a, b, factor = node.divided
    assert (a, b) == ("a", "b")
    assert factor == pytest.approx(np.exp(np.std(np.log([3, 3, 1 / 4]), ddof=1)))
    assert node.misrepresented[0] == "cy"
    assert node.consensus < 0.8


def test_consensus_over_the_hierarchy_weighs_the_nodes():
    found = model(
        {"value": THREE, "a": {"ann": [[9]], "bo": [["1/9"]], "cy": [[1]]}}
    ).experts.consensus()
    by_node = {one.node: one for one in found.nodes}
    weight = by_node["a"].weight
    assert weight == pytest.approx(model({"value": THREE}).weights()["a"])
    expected = (by_node["value"].consensus + weight * by_node["a"].consensus) / (1 + weight)
    assert found.overall == pytest.approx(expected)
    assert found.experts == ("ann", "bo", "cy")
    assert "consensus" in found.table().note


def test_only_who_answered_every_node_has_global_priorities():
    found = model({"value": THREE, "a": {"ann": [[9]], "bo": [["1/9"]]}}).experts.consensus()
    assert found.experts == ("ann", "bo")
    assert found.priorities.sum(axis=1) == pytest.approx(np.ones(2))
    assert 0 <= found.homogeneity <= 1


def test_without_an_expert_the_weights_are_those_of_the_others():
    found = model().experts.consensus()
    others = model({"value": {"ann": THREE["ann"], "cy": THREE["cy"]}})
    assert found.without["bo"] == pytest.approx([others.weights()[x] for x in "abc"])
    assert list(found.leave_one_out.columns)[2:] == ["without ann", "without bo", "without cy"]


def test_an_expert_without_whom_nobody_answered_is_said_to_be_needed():
    found = model({"value": {"ann": THREE["ann"]}}, {"ann": {}}).experts.consensus()
    assert found.without == {"ann": None}
    assert found.overall is None
    assert "Without ann a node has no answers" in found.leave_one_out.note
    assert "needs two experts" in found.table().note


def test_an_expert_without_weight_on_a_node_does_not_count_in_its_consensus():
    experts = {"ann": {}, "bo": {}, "cy": {"weights": {"value": 0}}}
    found = model(experts=experts).experts.consensus()
    assert found.nodes[0].experts == ("ann", "bo")
    assert found.nodes[0].consensus == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (-0.1, "very low"),
        (0.5, "very low"),
        (0.51, "low"),
        (0.7, "moderate"),
        (0.8, "high"),
        (1, "very high"),
    ],
)
def test_the_words_have_goepels_limits(value, word):
    assert consensus_word(value) == word


def test_consensus_is_shown_from_zero_up_and_kept_as_it_is():
    wild = {
        "ann": [[90, 90], [1]],
        "bo": [["1/90", 1], [90]],
        "cy": [[1, "1/90"], ["1/90"]],
    }
    found = model({"value": wild}).experts.consensus()
    assert found.nodes[0].consensus < 0
    assert found.table().columns["consensus"] == [0.0]


# -- weights per node ------------------------------------------------------------------------


def local(model, node, child):
    return model.weights().local[node][child]


def test_a_weight_stated_for_a_node_holds_below_it_until_another_is_stated():
    comparisons = {
        "value": {"ann": [[9]], "bo": [["1/9"]]},
        "x": {"ann": [[9]], "bo": [["1/9"]]},
        "y": {"ann": [[9]], "bo": [["1/9"]]},
    }

    def build(**weights):
        return av.Model(
            hierarchy={"value": {"x": ["x1", "x2"], "y": ["y1", "y2"]}},
            judgments={
                "experts": {"ann": weights, "bo": {}},
                "comparisons": comparisons,
            },
        )

    even = build()
    assert local(even, "x", "x1") == pytest.approx(0.5)
    for node in ("value", "x", "y"):
        child = even.hierarchy.children[node][0]
        heavier = build(weights={node: 3})
        assert local(heavier, node, child) == pytest.approx(9**0.5 / (1 + 9**0.5))
    below = build(weights={"value": 3, "y": 1})
    assert local(below, "x", "x1") == pytest.approx(3 / 4)
    assert local(below, "y", "y1") == pytest.approx(0.5)
    out = build(weights={"x": 0})
    assert local(out, "x", "x1") == pytest.approx(0.1)


def test_a_shared_node_that_inherits_two_weights_must_state_its_own():
    sections = {
        "hierarchy": {
            "value": {"x": {"s": ["s1", "s2"], "x2": None}, "y": {"s": None, "y2": None}}
        },
        "judgments": {
            "experts": {"ann": {"weights": {"x": 3}}, "bo": {}},
            "comparisons": {node: {"ann": [[2]], "bo": [[1]]} for node in ("value", "x", "y", "s")},
        },
    }
    with pytest.raises(av.ModelError, match=r"ann\.weights: s inherits the weights 1 and 3"):
        av.Model(**sections)
    sections["judgments"]["experts"]["ann"]["weights"]["s"] = 2
    assert local(av.Model(**sections), "s", "s1") == pytest.approx(
        2 ** (2 / 3) / (1 + 2 ** (2 / 3))
    )


def test_mistakes_in_weights_per_node_are_named():
    with pytest.raises(av.ModelError, match=r"valeu is not a node.*did you mean 'value'"):
        model(experts={"ann": {"weights": {"valeu": 1}}, "bo": {}, "cy": {}})
    with pytest.raises(av.ModelError, match="nothing is compared under a; state the weight of"):
        model(experts={"ann": {"weights": {"a": 2}}, "bo": {}, "cy": {}})
    zero = {who: {"weights": {"value": 0}} for who in THREE}
    with pytest.raises(av.ModelError, match="whoever answered has weight 0 for value"):
        model(experts=zero)


# -- missing judgments, scales, rules --------------------------------------------------------


def test_a_pair_nobody_but_one_expert_answered_counts_as_that_answer():
    gaps = {"ann": {"a vs b": 3, "b vs c": 2, "a vs c": 6}, "bo": {"a vs b": 3, "b vs c": 2}}
    assert model({"value": gaps}).weights()["a"] == pytest.approx(6 / 9)
    rows = {(node, who): one for node, who, one in model({"value": gaps}).consistency().rows}
    assert rows["value", "bo"].verdict == "not testable"
    assert rows["value", "bo"].missing == 1
    assert rows["value", "(group)"].missing == 0
    assert model({"value": gaps}).consistency().acceptable


def test_a_scale_changes_the_weights_and_not_the_verdict_on_the_answers():
    plain, scaled = model(), model(scale="balanced")
    assert scaled.weights()["a"] != pytest.approx(plain.weights()["a"])
    ratios = [[c.cr for *_, c in m.consistency().rows] for m in (plain, scaled)]
    assert ratios[0] == ratios[1]
    judged = model(scale="balanced", consistency={"of": "ratios", "limit": 1})
    found = judged.consistency().rows[0][2]
    assert found.random_index == "simulated, balanced scale"
    assert found.cr != ratios[0][0]
    assert scaled.to_yaml().count("1/4") == plain.to_yaml().count("1/4")  # answers as given


def test_an_answer_beyond_nine_is_refused_on_a_scale_that_ends_there():
    with pytest.raises(av.JudgmentError, match="12 lies beyond the answers 1/9 to 9"):
        av.apply_scale([[1, 12], [1 / 12, 1]], "balanced")
    assert av.apply_scale([[1, 12], [1 / 12, 1]], "linear")[0, 1] == 12
    with pytest.raises(av.ModelError, match=r"comparisons\.value.*12 lies beyond"):
        model({"value": {"ann": [[12, 1], [1]]}}, scale="root")


def test_a_completion_goes_with_its_method():
    with pytest.raises(av.ModelError, match="method column-mean, completion is lambda-minimal"):
        model(method="column-mean", completion="harker")
    with pytest.raises(av.JudgmentError, match="for the method column-mean, not by 'harker'"):
        av.PairwiseMatrix([[1, 2, 3], ["1/2", 1, None], ["1/3", None, 1]]).priorities(
            "column-mean", "harker"
        )


def test_the_like_minded_join_first_and_the_camps_last():
    camps = np.array([[0.6, 0.3, 0.1], [0.1, 0.3, 0.6], [0.58, 0.32, 0.1], [0.1, 0.28, 0.62]])
    joins = clusters(camps).linkage
    assert [set(pair) for pair in joins[:2, :2].astype(int).tolist()] in (
        [{0, 2}, {1, 3}],
        [{1, 3}, {0, 2}],
    )
    assert joins[-1, 3] == 4
    assert joins[-1, 2] > 10 * joins[:2, 2].max()
