"""The strict YAML reader: what a person wrote is what is read, and errors name the line."""

from fractions import Fraction

import pytest

from ahpvalue.document.read_yaml import read_file, read_text
from ahpvalue.errors import ModelError


def read(text):
    source = read_text(text, "model.yaml")
    assert not source.problems
    return source.data


def problems(text):
    return [f"{p.line}: {p.text}" for p in read_text(text, "model.yaml").problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/3", Fraction(1, 3)),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("1:30", "1:30"),
        ("012", "012"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("2020-01-31", "2020-01-31"),
        ("=", "="),
        ("1e3", 1000.0),
        ("1.5e-3", 0.0015),
        ("+7", 7),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ('"3"', "3"),
        ("'no'", "no"),
        ("1/0", "1/0"),
    ],
)
def test_a_value_is_what_a_person_means_by_it(written, meant):
    value = read(f"key: {written}")["key"]
    assert value == meant
    assert type(value) is type(meant)


@pytest.mark.parametrize("key", ["no", "on", "012", "1", "1.0", "true", "null", "~", "2020-01-31"])
def test_a_key_is_always_the_text_that_stands_there(key):
    assert read(f"{key}: 1") == {key: 1}


def test_both_of_two_equal_keys_are_shown_by_line():
    assert problems("a: 1\nb: 2\na: 3\n") == ["3: 'a' stands here twice, first in line 1; keep one"]


def test_merge_keys_bring_in_what_is_not_written_beside_them():
    text = "base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n"
    assert read(text)["mine"] == {"x": 1, "y": 3}


def test_a_list_of_merges_lets_the_earlier_win():
    text = "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n"
    assert read(text)["c"] == {"x": 1, "y": 2}


def test_merging_what_is_no_mapping_is_a_problem():
    assert problems("a: &a [1]\nb: {<<: *a}\n") == ["1: a merge key (<<) takes a mapping"]


def test_aliases_repeat_what_they_stand_for():
    assert read("a: &m [[1, 2]]\nb: *m\n") == {"a": [[1, 2]], "b": [[1, 2]]}


def test_an_alias_bomb_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 10)]
    with pytest.raises(ModelError, match=r"aliases repeat more than 100,000 parts"):
        read_text("\n".join(lines))


def test_a_merge_bomb_is_refused_too():
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [
        f"a{k}: &a{k} {{<<: [{', '.join([f'*a{k - 1}'] * 12)}], z{k}: 1}}" for k in range(1, 9)
    ]
    with pytest.raises(ModelError, match="aliases repeat more than"):
        read_text("\n".join(lines))


def test_an_alias_inside_its_own_anchor_is_refused():
    with pytest.raises(ModelError, match="inside its own anchor"):
        read_text("a: &a [1, *a]\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n\tb: 1\n", "model.yaml:2: a tab is used to indent; use spaces"),
        ("a: [1, 2\nb: 3\n", "model.yaml:2: is not valid YAML here"),
        ("a: *b\n", "model.yaml:1: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "model.yaml:2: a model is one YAML document"),
        ("", "model.yaml: is empty"),
        ("# only a comment\n", "model.yaml: is empty"),
        ("a: \x07\n", "holds a control character"),
    ],
)
def test_what_is_not_yaml_is_refused_with_file_line_and_remedy(text, said):
    with pytest.raises(ModelError) as refused:
        read_text(text, "model.yaml")
    assert said in str(refused.value)


def test_deep_nesting_is_refused_and_does_not_crash():
    with pytest.raises(ModelError, match="nested too deeply"):
        read_text("[" * 100_000)


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan", "1e999"])
def test_numbers_that_are_not_finite_are_problems(value):
    assert problems(f"a: {value}") == [f"1: {value} is not a finite number"]


@pytest.mark.parametrize(
    "value",
    ["!!python/object/apply:os.getcwd []", "!!set {a}", "!!binary aGk=", "!!int abc", "!x 1"],
)
def test_tags_are_problems_and_never_build_anything(value):
    assert "are not used in a model" in problems(f"a: {value}")[0]


def test_a_key_that_is_no_word_is_a_problem():
    assert problems("? [a, b]\n: 1\n") == ["1: a key is a single word"]


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "model.yaml"
    path.write_bytes("name: ok\nlabel: 客户".encode("gbk"))
    with pytest.raises(ModelError, match=r"model\.yaml:2: is not UTF-8 text"):
        read_file(path)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    path = tmp_path / "model.yaml"
    path.write_bytes("name: ok".encode("utf-8-sig"))
    assert read_file(path).data == {"name": "ok"}


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ModelError, match=r"nowhere\.yaml: cannot be read: No such file"):
        read_file(tmp_path / "nowhere.yaml")


def test_every_part_knows_its_line():
    marks = read_text("a:\n  b:\n    - 1\n    - [2,\n       3]\n", "m.yaml").marks
    assert marks.values["a", "b", 1, 1] == ("m.yaml", 5)
    assert marks.keys["a", "b"] == ("m.yaml", 2)
