"""Global priorities from local ones, by hand."""

import numpy as np
import pytest

import ahpvalue as av

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
