"""Global priorities from local ones, by hand."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.support.limits import MOST_LEVELS, MOST_NODES

TREE = av.Hierarchy({"value": ("size", "trust"), "size": ("sales", "visits"), "trust": ("years",)})


def test_priorities_are_products_down_the_tree():
    found = TREE.global_priorities({"value": [0.7, 0.3], "size": [0.4, 0.6], "trust": [1.0]})
    assert {name: float(found[name]) for name in TREE.leaves} == pytest.approx(
        {"sales": 0.28, "visits": 0.42, "years": 0.3}
    )
    assert found["value"] == 1


def test_a_priority_of_exactly_0_is_a_priority():
    found = TREE.global_priorities({"value": [1.0, 0.0], "size": [0.0, 1.0], "trust": [1.0]})
    assert {name: float(found[name]) for name in TREE.leaves} == {
        "sales": 0,
        "visits": 1,
        "years": 0,
    }
    ideal = TREE.global_priorities(
        {"value": [1.0, 0.0], "size": [0.0, 1.0], "trust": [1.0]}, "ideal"
    )
    assert float(ideal["visits"]) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([1.1, -0.1], "the priorities below size are not shares that sum to 1"),
        ([0.5, 0.6], "the priorities below size are not shares"),
        ([np.nan, 1.0], "the priorities below size are not shares"),
        ([1.0], "size needs 2 priorities, not 1"),
        (1.0, "size needs 2 priorities, not one number"),
    ],
)
def test_what_are_no_shares_is_refused(wrong, said):
    with pytest.raises(av.ModelError, match=said):
        TREE.global_priorities({"value": [0.7, 0.3], "size": wrong, "trust": [1.0]})


def test_a_name_that_is_no_criterion_is_refused():
    with pytest.raises(av.ModelError, match="sizes is not a criterion; did you mean 'size'"):
        TREE.global_priorities(
            {"value": [0.7, 0.3], "size": [0.5, 0.5], "trust": [1.0], "sizes": [1.0]}
        )


FLAT = av.Hierarchy({"choice": ("a", "b"), "a": ("x", "y"), "b": ("x", "y")})


@pytest.mark.parametrize("synthesis", ["distributive", "ideal"])
def test_draws_side_by_side_are_each_worked_out_alone(synthesis):
    local = {"choice": [[0.5, 0.5], [0.2, 0.8]], "a": [[0.9, 0.1], [0.5, 0.5]], "b": [0.3, 0.7]}
    together = FLAT.global_priorities(local, synthesis)
    for k in range(2):
        one = {"choice": local["choice"][k], "a": local["a"][k], "b": local["b"]}
        alone = FLAT.global_priorities(one, synthesis)
        for node in FLAT.nodes:
            assert together[node][k] == pytest.approx(float(alone[node]))


def test_ideal_priorities_are_shares_of_the_best_under_each_parent():
    found = FLAT.global_priorities(
        {"choice": [0.5, 0.5], "a": [0.8, 0.2], "b": [0.4, 0.6]}, "ideal"
    )
    x, y = 0.5 * 1 + 0.5 * 0.4 / 0.6, 0.5 * 0.2 / 0.8 + 0.5 * 1
    assert float(found["x"]) == pytest.approx(x / (x + y))
    assert float(found["y"]) == pytest.approx(y / (x + y))


def test_priorities_may_be_named_and_one_draw_that_is_no_share_is_enough():
    named = {"value": {"trust": 0.3, "size": 0.7}, "size": [0.4, 0.6], "trust": {"years": 1.0}}
    assert float(TREE.global_priorities(named)["sales"]) == pytest.approx(0.28)
    for wrong in ({"size": 0.7}, {"size": 0.7, "trsut": 0.3}):
        with pytest.raises(av.ModelError, match="below value are not shares"):
            TREE.global_priorities(named | {"value": wrong})
    with pytest.raises(av.ModelError, match="below size are not shares"):
        TREE.global_priorities(named | {"size": [[0.4, 0.6], [0.4, 0.5]]})


def test_a_shared_criterion_stands_under_each_parent_and_is_opened_once():
    shared = av.Hierarchy({"g": ["a", "b"], "a": ["s"], "b": ["s"], "s": ["x", "y"]})
    assert shared.walk() == [
        (0, None, "g"),
        (1, "g", "a"),
        (2, "a", "s"),
        (3, "s", "x"),
        (3, "s", "y"),
        (1, "g", "b"),
        (2, "b", "s"),
    ]
    assert shared.parents("s") == ("a", "b")


def test_a_hierarchy_of_as_many_nodes_and_levels_as_it_may_have_is_one_and_no_larger():
    def wide(count):
        return av.Hierarchy({"g": [f"x{k}" for k in range(count - 1)]})

    def deep(levels):
        return av.Hierarchy({f"n{k}": [f"n{k + 1}"] for k in range(levels - 1)})

    assert len(wide(MOST_NODES).nodes) == MOST_NODES
    assert len(deep(MOST_LEVELS).nodes) == MOST_LEVELS
    with pytest.raises(av.ModelError, match=f"at most {MOST_NODES:,} nodes, here there are"):
        wide(MOST_NODES + 1)
    with pytest.raises(av.ModelError, match=f"at most {MOST_LEVELS} levels, here there are"):
        deep(MOST_LEVELS + 1)
