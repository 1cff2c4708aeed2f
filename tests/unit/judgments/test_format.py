"""Judgments as people write them, and back."""

import pytest

from ahpvalue.errors import some_of
from ahpvalue.judgments import exact_judgment, judgment_text, write_pairs
from ahpvalue.judgments.parse import read_judgment


def test_a_fraction_is_written_so_that_it_reads_back_as_the_same_number():
    for above in range(1, 31):
        for below in range(1, 31):
            for value in (above / below, 1 / (below / above)):
                assert read_judgment(str(exact_judgment(value))) == pytest.approx(value, rel=4e-16)


def test_a_number_that_is_no_fraction_keeps_all_its_digits():
    for value in (0.7302967433402215, 3.0000001, 0.333):
        assert float(exact_judgment(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (9.0, "9"), (2.5, "2.5"), (1 / 9, "1/9"), (1 / 15, "1/15"), (0.4, "2/5")],
)
def test_a_judgment_is_shown_as_a_number_or_a_short_fraction(value, text):
    assert judgment_text(value) == text


def test_what_is_no_short_fraction_is_shown_with_four_digits():
    assert judgment_text(0.123456) == "0.1235"
    assert judgment_text(4.898979) == "4.899"


def test_a_list_in_a_message_is_cut_and_counted():
    assert some_of(["a", "b"], 2) == "a, b"
    assert some_of(["a", "b", "c"], 2) == "a, b and 1 more"
    assert some_of([], 2) == ""


def test_answers_are_written_as_named_pairs_in_the_order_of_the_items():
    answers = {("b", "c"): 2, ("a", "b"): 3}
    written = write_pairs(answers, ["a", "b", "c"])
    assert list(written.items()) == [("a vs b", 3), ("b vs c", 2)]
    # A name that holds " vs " cannot stand in a pair's: the upper triangle it is.
    named = {("a", "b vs c"): 3, ("b vs c", "d"): 2}
    assert write_pairs(named, ["a", "b vs c", "d"]) == [[3, None], [2]]
