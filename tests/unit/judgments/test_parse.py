"""Reading judgments: every way to write one, and what is refused with its place."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.judgments.parse import (
    from_full,
    from_pairs,
    from_triangle,
    pairs_can_be_named,
    read_judgment,
)

NAN = np.nan


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (3, 3),
        ("3", 3),
        ("1/3", 1 / 3),
        (" 1 / 3 ", 1 / 3),
        (Fraction(2, 7), 2 / 7),
        (Decimal("0.2"), 0.2),
        (np.float32(0.5), 0.5),
        ("2.5e-1", 0.25),
        (".5", 0.5),
    ],
)
def test_a_judgment_is_the_number_that_was_meant(written, meant):
    assert read_judgment(written) == meant


@pytest.mark.parametrize("written", [None, "", "?", " ", float("nan")])
def test_what_is_missing_is_nan(written):
    assert np.isnan(read_judgment(written))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (0, "above 0; leave a missing one out"),
        (-3, "the second item is the stronger, write 1/3"),
        (-0.5, "above 0, not -0.5$"),
        ("x", "'x' is not a judgment; write a number"),
        (True, "True is not a judgment"),
        ("1/0", "'1/0' is not a judgment"),
        (float("inf"), "finite"),
        (1e13, "between"),
        ("1e-13", "between"),
        ("1e99999999", "is not a judgment"),
    ],
)
def test_what_is_no_judgment_is_refused_in_words(written, said):
    with pytest.raises(ValueError, match=said):
        read_judgment(written)


WHOLE = np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])


@pytest.mark.parametrize(
    "read",
    [
        lambda: from_full([[1, 3, 5], ["1/3", 1, 2], ["1/5", "1/2", 1]], None),
        lambda: from_full([[1, 3, None], [None, 1, 2], ["1/5", None, 1]], None),
        lambda: from_full(WHOLE, None),
        lambda: from_triangle([3, 5, 2]),
        lambda: from_triangle([[3, 5], [2]]),
        lambda: from_pairs({"a vs b": 3, "a vs c": 5, "c vs b": "1/2"}, ("a", "b", "c"))[1],
        lambda: from_pairs([("a", "b", 3), ("a", "c", 5), ("b", "c", 2)], None)[1],
        lambda: from_pairs({("a", "b"): 3, ("a", "c"): 5, ("b", "c"): 2}, None)[1],
    ],
)
def test_one_matrix_however_it_is_written(read):
    assert read().tolist() == WHOLE.tolist()


def test_a_pair_left_out_is_missing_and_labels_come_in_order_of_mention():
    labels, matrix = from_pairs([("b", "a", 3), ("a", "c", 2)], None)
    assert labels == ("b", "a", "c")
    assert np.isnan(matrix[0, 2])
    assert np.isnan(matrix[2, 0])


def test_of_two_entries_the_one_above_1_is_kept():
    assert from_full([[1, 0.3333333], [3, 1]], None).tolist() == [[1, 1 / 3], [3, 1]]
    wide = from_full([[1, 3], [0.34, 1]], 0.05)
    assert wide.tolist() == [[1, 3], [1 / 3, 1]]


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: from_full([[1, 3], [0.33, 1]], None), "write the fraction 1/3 instead of 0.33"),
        (lambda: from_full([[1, 3], [3, 1]], None), "not reciprocal; 3 goes with 1/3"),
        (lambda: from_full([[2, 3], ["1/3", 1]], None), "row 1, column 1: .*itself is 1, not 2"),
        (lambda: from_full([[1, 3, 4], ["1/3", 1]], None), "2 rows of 2 judgments; this row has 3"),
        (lambda: from_full([[1, 3], ["1/3", 1]], 2), "a tolerance is a number from 0"),
        (lambda: from_triangle([1, 2]), "2 judgments do not fill an upper triangle"),
        (lambda: from_triangle([[3, 5], [2, 2]]), "row 2 .* has 1 judgments, not 2"),
        (lambda: from_triangle([3, 5, 2], 4), "over 4 items has 6 judgments, not 3"),
        (lambda: from_pairs({"a vs b": 3, "b vs a": "1/3"}, None), "given twice.*; keep one"),
        (lambda: from_pairs({"a vs b": 3, "b vs a": 3}, None), "another answer"),
        (lambda: from_pairs({"a b": 3}, None), "write two names, such as"),
        (lambda: from_pairs({"a vs x": 3}, ("a", "b")), "x"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(read, said):
    with pytest.raises(av.JudgmentError, match=said):
        read()


def test_a_name_that_holds_vs_cannot_be_one_of_a_pair():
    assert pairs_can_be_named(["sales", "visits"])
    assert not pairs_can_be_named(["sales vs plan", "visits"])


@pytest.mark.parametrize("pairs", [5, None, "a vs b"])
def test_what_is_no_collection_of_pairs_is_refused_in_words(pairs):
    with pytest.raises(av.JudgmentError, match="judgments are a mapping of pairs, or a list"):
        from_pairs(pairs, None)


@pytest.mark.parametrize(
    ("pairs", "path"),
    [
        ({("a", "b"): 0}, ("a vs b",)),
        ({"a  vs b": 0}, ("a  vs b",)),
        ({7: 3}, ("7",)),
        ([("a", "b", 3), ("a", "c", 0)], (1,)),
    ],
)
def test_a_pair_at_fault_is_pointed_at_by_its_name_or_place(pairs, path):
    with pytest.raises(av.JudgmentError) as refused:
        from_pairs(pairs, None)
    assert [one.path for one in refused.value.problems] == [path]


def test_a_pair_given_twice_the_same_way_round_is_compared_as_it_stands():
    for again, said in ((3, "stands as a vs b; keep one"), (4, r"another answer \(3 against 4\)")):
        with pytest.raises(av.JudgmentError, match=said):
            from_pairs([("a", "b", 3), ("a", "b", again)], None)


def test_a_computed_fraction_has_the_whole_number_for_its_reciprocal():
    """1 / (1 / 49) is not 49 in floating point."""
    for k in (3, 49, 98, 103):
        assert from_full([[1, 1 / k], [None, 1]], None).tolist() == [[1, 1 / k], [k, 1]]
    assert from_full([[1, 0.3], [None, 1]], None)[1, 0] == 1 / 0.3


def test_a_judgment_at_the_end_of_what_is_allowed_is_allowed():
    assert read_judgment("1e-12") == 1e-12
    assert read_judgment("1e12") == 1e12


def test_of_a_number_and_a_text_the_one_above_1_is_kept_too():
    assert from_full([[1, 0.3333333], ["3", 1]], None).tolist() == [[1, 1 / 3], [3, 1]]
    assert from_full([["1", 3], [0.3333333, 1]], None).tolist() == [[1, 3], [1 / 3, 1]]
