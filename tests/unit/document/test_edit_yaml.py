"""Text is edited where its data changes, and nowhere else."""

import pytest

from ahpvalue.document.edit_yaml import CannotEditError, edit_text, is_same, rename_keys
from ahpvalue.document.read_yaml import read_text

TEXT = """\
# 客户价值: what heads the file
name: Value   # shown

# who is asked
experts:      # invented
  ann: {weight: 2, label: {zh: 安}}
  # Bo answers by telephone
  bo:
    weight: 1/3   # a third
    # nothing more is known
  cy:
rows:
  - [1, 2,    # first
     3]
  - [4]
list:
- a: 1
  b: 2        # two
- a: 3
"""


def edited(change, text=TEXT):
    """The text after a change of its data, which has to say just that."""
    was, wanted = read_text(text).data, read_text(text).data
    change(wanted)
    new = edit_text(text, was, wanted)
    assert is_same(read_text(new).data, wanted)
    return new


def lines_changed(new, text=TEXT):
    """Lines taken out and lines put in."""
    before, after = text.splitlines(), new.splitlines()
    return [x for x in before if x not in after], [x for x in after if x not in before]


def test_without_a_change_the_text_is_the_same():
    assert edited(lambda data: None) == TEXT


@pytest.mark.parametrize(
    ("change", "out", "put_in"),
    [
        (
            lambda data: data.update(name="Worth"),
            ["name: Value   # shown"],
            ["name: Worth   # shown"],
        ),
        (
            lambda data: data["experts"]["ann"].update(weight=3),
            ["  ann: {weight: 2, label: {zh: 安}}"],
            ["  ann: {weight: 3, label: {zh: 安}}"],
        ),
        (
            lambda data: data["experts"]["ann"]["label"].update(en="Ann, 1"),
            ["  ann: {weight: 2, label: {zh: 安}}"],
            ["  ann: {weight: 2, label: {zh: 安, en: 'Ann, 1'}}"],
        ),
        (
            lambda data: data["experts"]["ann"].pop("weight"),
            ["  ann: {weight: 2, label: {zh: 安}}"],
            ["  ann: {label: {zh: 安}}"],
        ),
        (
            lambda data: data["experts"]["bo"].update(weight=0.5),
            ["    weight: 1/3   # a third"],
            ["    weight: 0.5   # a third"],
        ),
        (
            lambda data: data["experts"]["bo"].update(name="博"),
            [],
            ["    name: 博"],
        ),
        (lambda data: data["experts"].update(cy={"weight": 2}), ["  cy:"], ["  cy: {weight: 2}"]),
        (lambda data: data.update(more={"k": [1]}), [], ["more: {k: [1]}"]),
        (lambda data: data["rows"][0].__setitem__(2, 9), ["     3]"], ["     9]"]),
        (lambda data: data["rows"][1].append(7), ["  - [4]"], ["  - [4, 7]"]),
        (lambda data: data["list"].append({"a": 5}), [], ["- a: 5"]),
        (lambda data: data["list"][0].pop("b"), ["  b: 2        # two"], []),
    ],
)
def test_a_change_touches_its_own_lines_only(change, out, put_in):
    assert lines_changed(edited(change)) == (out, put_in)


def test_a_key_goes_with_the_comment_above_it():
    new = edited(lambda data: data["experts"].pop("bo"))
    assert "Bo answers" not in new
    assert "# who is asked" in new
    assert "experts:      # invented" in new


def test_what_heads_the_file_stays_when_its_first_key_goes():
    text = "# the head\na: 1\nb: 2\n"
    assert edited(lambda data: data.pop("a"), text) == "# the head\nb: 2\n"


def test_a_part_that_changes_its_shape_keeps_the_comment_beside_its_key():
    new = edited(lambda data: data.update(experts={"di": {"weight": 1, "label": {"en": "Di"}}}))
    assert "experts:  # invented\n  di:\n    weight: 1\n    label: {en: Di}\nrows:" in new


def test_a_new_key_stands_behind_the_one_before_it():
    def change(data):
        experts = data["experts"]
        data["experts"] = {"ann": experts["ann"], "al": {"weight": 4}, **experts}

    assert "{zh: 安}}\n  al: {weight: 4}\n  # Bo answers" in edited(change)


def test_what_grows_too_long_for_one_line_is_written_in_lines():
    text = "x: {percentile: {better: low}}   # as usual\n"

    def change(data):
        data["x"]["percentile"]["knots"] = [[k, k] for k in range(60)]

    new = edited(change, text)
    assert new.startswith("x:  # as usual\n  percentile:\n    better: low\n    knots:\n")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_lines_end_as_they_did(end):
    text = TEXT.replace("\n", end)
    new = edited(lambda data: data["experts"]["bo"].update(label={"en": "Bo"}), text)
    assert new.count("\n") == text.count("\n") + 1
    assert new.count("\r\n") == (new.count("\n") if end == "\r\n" else 0)


def test_a_byte_order_mark_stays():
    text = "\ufeff" + TEXT
    assert edited(lambda data: data.update(name="W"), text) == text.replace("Value", "W")


def test_an_alias_is_replaced_where_it_stands_and_its_anchor_stays():
    text = "a: &all {x: 1}   # for all\nb: *all   # as a\nc: 2\n"
    new = edited(lambda data: data["b"].update(x=5), text)
    assert new == "a: &all {x: 1}   # for all\nb: {x: 5}   # as a\nc: 2\n"


def test_a_block_of_text_ends_where_it_ends():
    text = "a: |\n  first\n  second\n# about b\nb: 1\n"
    assert edited(lambda data: data.update(c=1), text) == text + "c: 1\n"
    new = edited(lambda data: data.update(a="short"), text)
    assert new == "a: short\n# about b\nb: 1\n"


def test_a_change_of_order_is_written_anew():
    text = "a:\n  x: 1\n  y: 2\nb: 1   # kept\n"
    new = edited(lambda data: data.update(a={"y": 2, "x": 1}), text)
    assert new == "a: {y: 2, x: 1}\nb: 1   # kept\n"


def test_a_text_whose_root_changes_its_order_cannot_be_edited():
    with pytest.raises(CannotEditError):
        edit_text("a: 1\nb: 2\n", {"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_keys_are_renamed_in_quotes_and_behind_anchors():
    text = 'a: &x {"levels": [1]}   # one\nb: {<<: *x, k: 1}\n'
    new = rename_keys(text, [(("a", "levels"), "names"), (("b", "levels"), "names")], {})
    assert new == "a: &x {names: [1]}   # one\nb: {<<: *x, k: 1}\n"


def test_the_order_of_mappings_and_true_against_one_are_told_apart():
    assert is_same({"a": 1, "b": (1, 2)}, {"a": 1.0, "b": [1, 2]})
    assert not is_same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not is_same(True, 1)
