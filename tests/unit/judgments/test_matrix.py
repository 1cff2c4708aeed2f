"""`PairwiseMatrix`: what it is read from, and what it hands on."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import ahpvalue as av

NAN = np.nan
NAMES = ("sales", "trust", "growth")
ROWS = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]
WHOLE = av.PairwiseMatrix(ROWS, NAMES)
GAP = av.PairwiseMatrix([[1, 3, None], ["1/3", 1, 2], [None, "1/2", 1]], NAMES)


@pytest.mark.parametrize("kind", ["pandas", "polars"])
@pytest.mark.parametrize("matrix", [WHOLE, GAP])
def test_a_frame_reads_back_as_the_same_matrix(matrix, kind):
    frame = matrix.to_frame(kind)
    assert list(frame.columns) == ["item", *NAMES]
    assert av.PairwiseMatrix(frame) == matrix


def test_a_pandas_index_names_the_rows_and_the_plain_one_names_nothing():
    values = dict(zip(NAMES, np.array(ROWS).T, strict=True))
    assert av.PairwiseMatrix(pd.DataFrame(values, index=NAMES)) == WHOLE
    assert av.PairwiseMatrix(pd.DataFrame(values)) == WHOLE
    assert av.PairwiseMatrix(pl.DataFrame(values)) == WHOLE
    for wrong in (NAMES[::-1], [0, 2, 1]):
        with pytest.raises(av.JudgmentError, match="must name the same items in the same order"):
            av.PairwiseMatrix(pd.DataFrame(values, index=wrong))


def test_a_first_column_of_other_names_is_refused_and_given_labels_come_first():
    frame = WHOLE.to_frame("pandas")
    assert av.PairwiseMatrix(frame, labels=list("abc")).labels == ("a", "b", "c")
    frame["item"] = ["sales", "growth", "trust"]
    with pytest.raises(av.JudgmentError, match=r"rows \(sales, growth, trust\) and columns"):
        av.PairwiseMatrix(frame)


@pytest.mark.parametrize("other", [5, {"a": 1}, pl.LazyFrame({"a": [1]})])
def test_what_has_no_rows_is_no_matrix(other):
    with pytest.raises(av.JudgmentError, match="read from rows, an array or a data frame, not"):
        av.PairwiseMatrix(other)


def test_a_missing_judgment_is_none_in_a_dict_and_a_question_mark_on_the_screen():
    assert GAP.to_dict() == {
        "labels": list(NAMES),
        "judgments": [[1, 3, None], [1 / 3, 1, 2], [None, 1 / 2, 1]],
    }
    assert GAP.missing == (("sales", "growth"),)
    assert GAP.table().columns == {
        "": list(NAMES),
        "sales": ["1", "1/3", "?"],
        "trust": ["3", "1", "1/2"],
        "growth": ["?", "2", "1"],
    }
    assert GAP.table().note == "? is a missing judgment"
    assert WHOLE.table().note == ""


def test_priorities_say_how_they_were_found():
    told = GAP.priorities("geometric-mean", scale="balanced")
    assert (told.method, told.completion, told.scale) == (
        "geometric-mean",
        "least-squares",
        "balanced",
    )
    assert WHOLE.priorities().completion is None
    table = told.table()
    assert table.columns == {"item": NAMES, "priority": told.weights.tolist()}
    assert (table.formats, table.bars) == ({"priority": ".4f"}, {"priority": 1.0})


def test_a_matrix_of_named_pairs_and_of_one_item():
    pairs = {("sales", "trust"): 3, ("growth", "trust"): "1/2", "sales vs growth": 5}
    assert av.PairwiseMatrix.from_judgments(pairs, NAMES) == WHOLE
    assert av.PairwiseMatrix([[1]]).priorities().weights.tolist() == [1]
    for empty in ([], np.empty((0, 0))):
        with pytest.raises(av.JudgmentError, match="compares at least one item"):
            av.PairwiseMatrix(empty)


def test_arrays_made_of_results_are_copies_and_their_own_arrays_are_not_written_to():
    assert not WHOLE.values.flags.writeable
    assert not WHOLE.priorities().weights.flags.writeable
    for result in (WHOLE, WHOLE.priorities()):
        first, second = np.asarray(result), np.asarray(result)
        assert first.flags.writeable
        first[0] = 0
        assert np.array_equal(np.asarray(result), second)


CONTRADICTORY = [[1, 3, None, 1], ["1/3", 1, 4, "1/2"], [None, "1/4", 1, "1/9"], [1, 2, 9, 1]]


@pytest.mark.parametrize("method", ["eigenvector", "geometric-mean", "column-mean"])
@pytest.mark.parametrize("scale", ["linear", "balanced"])
def test_consistency_is_that_of_the_least_lambda_against_the_index_of_scale_and_gaps(method, scale):
    matrix = av.PairwiseMatrix(CONTRADICTORY)
    ratios = av.apply_scale(matrix.values, scale)
    full = av.PairwiseMatrix(ratios).completed()
    told = matrix.consistency(method=method, scale=scale)
    assert told.lambda_max == pytest.approx(full.priorities(method).lambda_max, abs=1e-12)
    assert told.ri == av.random_index(4, missing=1, scale=scale).value
    assert told.ri != av.random_index(4, missing=1, scale="power").value
    assert told.cr == pytest.approx((told.lambda_max - 4) / 3 / told.ri)
    assert told.missing == 1


def test_a_tree_of_judgments_is_not_testable_and_two_items_are_consistent():
    tree = GAP.consistency()
    assert (tree.cr, tree.verdict, tree.testable, tree.acceptable) == (
        None,
        "not testable",
        False,
        False,
    )
    two = av.PairwiseMatrix([[1, 7], ["1/7", 1]]).consistency()
    assert (two.cr, two.ci, two.acceptable) == (0.0, 0.0, True)


def test_a_consistency_is_shown_and_written_under_the_name_of_each_index():
    told = WHOLE.consistency()
    shown = dict(zip(*told.table().columns.values(), strict=True))
    assert shown["items"] == "3"
    assert shown["harmonic ratio"] == f"{told.hcr:.4f}"
    assert shown["cycles"] == "none"
    assert shown["most inconsistent judgment"] == " vs ".join(told.worst)
    frame = told.to_frame("pandas")
    assert len(frame) == 1
    assert frame["cr"][0] == told.cr
    assert frame["worst"][0] == " vs ".join(told.worst)
    agreed = av.PairwiseMatrix([[1, 2, 4], ["1/2", 1, 2], ["1/4", "1/2", 1]]).consistency()
    shown = dict(zip(*agreed.table().columns.values(), strict=True))
    assert shown["most inconsistent judgment"] == "none"
    assert agreed.to_frame("pandas")["worst"][0] is None


def test_cycles_are_shown_closed_and_written_open():
    ring = [[1, 3, "1/3"], ["1/3", 1, 3], [3, "1/3", 1]]
    told = av.PairwiseMatrix(ring, NAMES).consistency()
    assert told.cycles == (NAMES,)
    shown = dict(zip(*told.table().columns.values(), strict=True))
    assert shown["cycles"] == "sales > trust > growth > sales"
    assert shown["Koczkodaj"] == f"{told.koczkodaj:.4f}"
    frame = told.to_frame("pandas")
    assert list(frame.columns) == list(told.to_dict())
    assert frame["cycles"][0] == "sales > trust > growth"
