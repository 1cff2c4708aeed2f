"""Each limit of a document is met with a sentence, and what is no document is not repeated."""

from __future__ import annotations

import os
import re
import socket
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av
from ahpvalue.support import limits

ROOT = Path(__file__).parents[3]
ONE_PAIR = """\
hierarchy: {{value: [a, b]}}
judgments: {{experts: {{ann: {{}}}}, comparisons: {{value: {{ann: [[{}]]}}}}}}
"""
SECRET = "topsecret"


def said_of(path, **options):
    with pytest.raises(av.ModelError) as refused:
        av.load_model(path, **options)
    return str(refused.value)


@pytest.fixture
def said(tmp_path):
    """What is said of a text, without the name of the folder."""

    def ask(text):
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "model.yaml").write_bytes(raw)
        return said_of(tmp_path / "model.yaml").replace(f"{tmp_path}/", "")

    return ask


def python_data(**sections):
    with pytest.raises(av.ModelError) as refused:
        av.Model(**sections)
    return str(refused.value)


def nested(levels):
    data = None
    for level in range(levels):
        data = {f"n{level}": data}
    return data


# -- sizes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    ["1/" + "3" * 200, "3" * 200 + "/7", "9" * 5_000, "0." + "3" * 300, "1e" + "0" * 200 + "1"],
)
def test_a_number_of_many_digits_is_one_problem(said, number):
    assert re.fullmatch(
        r"model\.yaml:2: judgments\.comparisons\.value\.ann\[0\]\[0\]: a number has at most 100 "
        r"characters, not [\d,]+; round it",
        said(ONE_PAIR.format(number)),
    )


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", ".inf"])
def test_a_huge_exponent_is_one_problem(said, number):
    assert said(ONE_PAIR.format(number)).endswith("is not a finite number")


@pytest.mark.parametrize("text", ["[" * 10_000, "a: " * 10_000, "- " * 10_000, "{a: " * 10_000])
def test_deep_yaml_is_refused(said, text):
    assert "\n" not in said(text)


@pytest.mark.parametrize("levels", [101, 400, 5_000])
@pytest.mark.parametrize("section", ["hierarchy", "labels", "judgments", "reference"])
def test_deep_python_data_is_refused(section, levels):
    data = {"hierarchy": {"value": ["a"]}} | {section: nested(levels)}
    assert "is nested too deeply to be a model" in python_data(**data)


def test_python_data_that_holds_itself_is_refused():
    data = {"value": ["a"]}
    data["value"] = data
    assert "is nested too deeply" in python_data(hierarchy=data)


@pytest.mark.parametrize("levels", [99, 3_000])
def test_a_chain_of_criteria_has_at_most_a_hundred_levels(levels):
    chain = {"goal": [{f"n{k}": [f"n{k + 1}"]} for k in range(levels)]}
    weights = {"goal": {f"n{k}": 1 / levels for k in range(levels)}}
    text = python_data(hierarchy=chain, judgments={"weights": weights})
    assert f"at most 100 levels, here there are {levels + 2:,}" in text


def test_a_hundred_levels_are_fine():
    chain = {"goal": [{f"n{k}": [f"n{k + 1}"]} for k in range(98)]}
    weights = {"goal": {f"n{k}": 1 / 98 for k in range(98)}}
    assert av.Model(hierarchy=chain, judgments={"weights": weights}).hierarchy.leaves == ("n98",)


def test_nodes_experts_and_items_are_counted():
    many = [f"n{k}" for k in range(100_001)]
    assert "at most 100,000 nodes" in python_data(hierarchy={"value": many})
    experts = dict.fromkeys((f"e{k}" for k in range(1_001)), None)
    text = python_data(hierarchy={"value": ["a"]}, judgments={"experts": experts})
    assert text == "judgments.experts: a model has at most 1,000 experts, not 1,001"
    answers = {"value": {"ann": {"n0 vs n1": 3}}}
    judgments = {"experts": {"ann": {}}, "comparisons": answers}
    text = python_data(hierarchy={"value": many[:201]}, judgments=judgments)
    assert "at most 200 items are compared pairwise, not 201" in text


def test_too_many_values_are_refused_before_they_are_read(said):
    assert "more than 1,000,000 keys and values" in said("a: [" + "1," * 1_000_001 + "1]")


def test_a_hundred_problems_are_enough(said):
    labels = ", ".join(f"x{k}: {{en: x}}" for k in range(3_000))
    lines = said(f"hierarchy: {{value: [a]}}\nlabels: {{{labels}}}\n").splitlines()
    assert len(lines) == 101
    assert lines[-1].endswith("more problems; mend these first")


def test_names_have_a_length():
    text = python_data(hierarchy={"value": ["a" * 201]})
    assert text.endswith("a name has at most 200 characters, not 201")


@pytest.mark.parametrize(
    "name",
    [name for name in limits.__all__ if name not in ("MOST_PROBLEMS", "LARGEST_EXPERT_FILE")],
)
def test_the_documentation_states_every_limit(name):
    page = (ROOT / "docs" / "model-yaml.md").read_text(encoding="utf-8")
    stated = page.split("### Limits")[1].split("\n### ")[0].split("\n## ")[0]
    number = getattr(limits, name)
    shown = f"{number / 2**20:g} MiB" if name.startswith("LARGEST") else f"{number:,}"
    assert f"| {shown} |" in stated, name


# -- kinds of files --------------------------------------------------------------------------


@pytest.fixture
def kinds(tmp_path):
    """Files of every kind."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(os.path.relpath(tmp_path / "socket"))
    with (tmp_path / "large").open("wb") as file:
        file.truncate(3 * 2**30)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return tmp_path


KINDS = {
    "pipe": "is a pipe",
    "socket": "is a socket",
    "folder": "is a folder; name a file in it",
    "large": "is larger than the",
    "loop": "Too many levels of symbolic links",
    "nowhere": "No such file",
}


@pytest.mark.parametrize(("name", "text"), KINDS.items())
def test_a_model_is_a_regular_file(kinds, name, text):
    assert text in said_of(kinds / name)


def test_a_device_is_no_model():
    assert said_of("/dev/zero") == "/dev/zero: is a device; name a file"


@pytest.mark.parametrize(("name", "text"), [*KINDS.items(), ("loop", "leads nowhere")][:4])
def test_an_experts_file_is_a_regular_file(kinds, name, text):
    (kinds / "model.yaml").write_text(
        f"hierarchy: {{value: [a, b]}}\njudgments: {{experts: {{bob: {{file: {name}}}}}}}\n"
    )
    assert text in said_of(kinds / "model.yaml")


# -- experts' files lie in the model's folder ------------------------------------------------


@pytest.fixture
def model(tmp_path):
    """A model whose expert's file can be called otherwise, and an answer outside its folder."""
    folder = tmp_path / "model"
    folder.mkdir()
    answers = "expert: bob\njudgments: {value: [[3]]}\n"
    (tmp_path / "bob.yaml").write_text(answers)
    (folder / "bob.yaml").write_text(answers)
    (folder / "linked.yaml").symlink_to(tmp_path / "bob.yaml")
    (folder / "inner").mkdir()
    (folder / "inner" / "bob.yaml").symlink_to(folder / "bob.yaml")
    (folder / "above").symlink_to(tmp_path)

    def written(name):
        text = (
            f"hierarchy: {{value: [a, b]}}\njudgments: {{experts: {{bob: {{file: '{name}'}}}}}}\n"
        )
        (folder / "model.yaml").write_text(text)
        return folder / "model.yaml"

    return written


@pytest.mark.parametrize("name", ["bob.yaml", "inner/bob.yaml", "inner/../bob.yaml", "./bob.yaml"])
def test_a_file_in_the_folder_is_read(model, name):
    assert av.load_model(model(name)).hash


READABLE = ["../bob.yaml", "linked.yaml", "above/bob.yaml", "inner/../../bob.yaml"]
OUTSIDE = [*READABLE, "/dev/zero", "/etc/passwd"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_file_outside_is_not_read_unless_that_is_allowed(model, name):
    path = model(name)
    assert "lies outside the folder" in said_of(path)
    if name in READABLE:
        assert av.load_model(path, allow_outside=True).hash == av.load_model(model("bob.yaml")).hash


def test_another_folder_can_be_allowed(model, tmp_path):
    path = model("../bob.yaml")
    assert av.load_model(path, allow_outside=tmp_path).hash
    assert "lies outside the folder" in said_of(path, allow_outside=tmp_path / "elsewhere")


def test_a_relative_path_and_a_link_to_the_folder_are_the_folder(model, tmp_path, monkeypatch):
    path = model("bob.yaml")
    (tmp_path / "there").symlink_to(path.parent)
    assert av.load_model(tmp_path / "there" / "model.yaml").hash
    monkeypatch.chdir(path.parent)
    assert av.load_model("model.yaml").hash


def test_what_was_read_from_outside_is_saved_there(model, tmp_path):
    loaded = av.load_model(model("../bob.yaml"), allow_outside=True)
    changed = loaded.experts.accept("bob", "value", {"a vs b": 2}, by="bob")
    changed.save()
    assert (
        "a vs b: 2" in (tmp_path / "bob.yaml").read_text()
        or "2" in (tmp_path / "bob.yaml").read_text()
    )


# -- what is no model is not repeated --------------------------------------------------------

SECRETS = [
    f"{SECRET}: {SECRET}\n",
    f"user:{SECRET}:0\nroot\n",
    f"- {SECRET}\n",
    f'{{"key": "{SECRET}"',
    SECRET,
    f"a: *{SECRET}\n",
    f"a: !{SECRET} 1\n",
    f"{SECRET}: 1\n{SECRET}: 2\n",
    f"version: '3'\nname: {SECRET}\nservices: {{{SECRET}: 1}}\n",
    f"[default]\nkey = {SECRET}\n",
    f"{SECRET}：b\nc: d\n",
]


@pytest.mark.parametrize("text", SECRETS)
def test_what_is_no_model_is_not_repeated(said, text):
    assert SECRET not in said(text)


@pytest.mark.parametrize("text", SECRETS)
def test_what_is_no_experts_file_is_not_repeated(model, tmp_path, text):
    (tmp_path / "model" / "bob.yaml").write_text(text)
    assert SECRET not in said_of(model("bob.yaml"))


# -- texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", "is empty"),
        ("hierarchy: {v: [a]}".encode("utf-16"), "model.yaml:1: is UTF-16 text; save it"),
        ("hierarchy: {v: [a]}".encode("utf-16-be"), "model.yaml:1: is UTF-16 text; save it"),
        ("hierarchy: {v: [a]}".encode("utf-32"), "save it with the encoding UTF-8"),
        (b"hierarchy: {v: [a]}\nx: \0\n", "model.yaml:2: holds a NUL character"),
        ("hierarchy:\n  v: [客户]\n".encode("gbk"), "model.yaml:2: is not UTF-8 text"),
        (b"hierarchy:\n\tv: [a]\n", "model.yaml:2: a tab is used to indent"),
    ],
)
def test_what_is_no_utf_8_text_says_so(said, raw, text):
    assert text in said(raw)


TWO = "hierarchy:\n  value: [a, b]\njudgments:\n"
WEIGHTS = "judgments:\n  weights: {value: {a: .5, b: .5}}\n"


@pytest.mark.parametrize(
    ("text", "line", "sign"),
    [
        ("hierarchy：\n  value: [a, b]\n" + WEIGHTS, 1, "colon"),
        ("name：示例\nhierarchy:\n  value: [a, b]\n" + WEIGHTS, 1, "colon"),
        ("hierarchy:\n  value：[a, b]\n" + WEIGHTS, 2, "colon"),
        ("hierarchy:\n  value：\n    - a\n    - b\n" + WEIGHTS, 2, "colon"),
        ("hierarchy:\n  value: ［a, b］\n" + WEIGHTS, 2, "bracket"),
        ("hierarchy:\n  value: 【a, b】\n" + WEIGHTS, 2, "bracket"),
        ("hierarchy:\n  value: [a，b]\n" + WEIGHTS, 2, "comma"),
        ("hierarchy:\n  value: [“a”, b]\n" + WEIGHTS, 2, "quote"),
        (
            "hierarchy:\n  value: [a, b]\njudgments:\n  weights: {value: {a： .5, b: .5}}\n",
            4,
            "colon",
        ),
        (
            "hierarchy:\n  value: [a, b]\njudgments:\n  weights: {value: {a: ．5, b: .5}}\n",
            4,
            "sign",
        ),
    ],
)
def test_a_full_width_sign_is_told_on_the_line_where_it_stands(said, text, line, sign):
    first = said(text).splitlines()[0]
    assert first.startswith(f"model.yaml:{line}: ")
    assert f"this line holds a full-width {sign}" in first
    assert f"use the plain {sign}" in first


def test_full_width_signs_in_texts_are_texts(tmp_path):
    (tmp_path / "model.yaml").write_text(
        "name: 注意：名字，好【的】\nhierarchy:\n  value: [a, b]\n" + WEIGHTS, encoding="utf-8"
    )
    assert av.load_model(tmp_path / "model.yaml").document.name == "注意：名字，好【的】"


# -- names -----------------------------------------------------------------------------------

LINE = {"linear": [[0, 0], [1, 100]]}


@pytest.mark.parametrize(
    "hierarchy",
    [
        {"value": {"sales": ["orders"]}},
        {"value": {"sales": ["sales", "orders"]}},
        {"value": {"sales": ["orders"], "profit": ["sales", "orders"]}},
        {"sales": ["orders"]},
    ],
)
def test_one_name_for_a_criterion_and_an_indicator_is_one_problem(hierarchy):
    text = python_data(hierarchy=hierarchy, indicators={"sales": LINE, "orders": LINE})
    told = (
        "indicators.sales: sales is a criterion and an indicator; give one of the two another name"
    )
    assert text.splitlines()[0] == told
    assert not [line for line in text.splitlines()[1:] if "sales" in line and "profit" not in line]


def test_a_node_below_itself_says_what_may_be_meant():
    text = python_data(hierarchy={"value": {"sales": ["sales"]}})
    assert "a criterion and an indicator below it need two names" in text


# -- Python data -----------------------------------------------------------------------------


class Answer(int, Enum):
    STRONG = 3


THREE = [
    Decimal(3),
    Decimal("3.0"),
    np.int64(3),
    np.float32(3),
    np.longdouble(3),
    Fraction(3),
    Answer.STRONG,
    np.array(3),
    "3",
    3.0,
]


@pytest.mark.parametrize("three", THREE, ids=lambda one: type(one).__name__)
def test_a_judgment_is_a_number_of_any_kind(three):
    def judged(value):
        return av.Model(
            hierarchy={"value": ["a", "b"]},
            judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": [[value]]}}},
        )

    model = judged(three)
    assert model.local_priorities["value"].tolist() == judged(3).local_priorities["value"].tolist()
    assert model.hash  # which is taken of JSON


def test_columns_and_matrices_are_lists():
    def with_points(points):
        return av.Model(hierarchy={"value": ["a"]}, indicators={"a": {"linear": points}}).hash

    points = [[0, 0], [10, 100]]
    assert (
        with_points(np.array(points))
        == with_points(points)
        == with_points(tuple(map(tuple, points)))
    )
    bands = {"edges": pd.Series([1, 2]), "scores": np.array([0, 5, 9]), "closed": np.str_("left")}
    assert av.Model(hierarchy={"value": ["a"]}, indicators={"a": {"bands": bands}}).hash


@pytest.mark.parametrize("value", [object(), 1j, {1, 2}, b"x", len, Exception("x"), range(3)])
def test_what_no_document_holds_is_refused_by_its_type(value):
    text = python_data(hierarchy={"value": ["a"]}, name=value)
    assert text == (
        "name: a document holds text, numbers, lists and mappings, not a value of the type "
        f"{type(value).__name__}"
    )


HUGE = [10**400, -(10**5_000), 10**5_000, Decimal("1e99999999"), Decimal("NaN"), float("inf")]


@pytest.mark.parametrize("value", HUGE, ids=range(len(HUGE)))
def test_numbers_beyond_all_measure_are_refused_in_a_sentence(value):
    text = python_data(hierarchy={"value": ["a"]}, missing={"minimum_coverage": value})
    assert text.startswith("missing.minimum_coverage")
    assert len(text) < 300


# -- what is no path -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"hierarchy": {}}, "call Model(**data)"),
        ("hierarchy: {value: [a]}\n", "this is the text of a model; write it to a file"),
        ("hierarchy: {value: [a]}", "this is the text of a model; write it to a file"),
        ('{"hierarchy": 1}', "this is the text of a model"),
        (b"model.yaml", "a path is text or a pathlib.Path, not bytes"),
        (3, "not int"),
        (None, "not NoneType"),
        ("", "is a folder; name a file in it"),
        ("a\0b", "cannot be read"),
    ],
)
def test_what_is_no_path_is_answered_with_what_to_call(source, text):
    assert text in said_of(source)


def test_an_open_file_is_answered_with_what_to_give(tmp_path):
    (tmp_path / "model.yaml").write_text("hierarchy: {value: [a]}\n")
    with (tmp_path / "model.yaml").open() as opened:
        assert "give its name, not the opened file" in said_of(opened)


# -- messages --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "x" * 5_000, "\u202eabc"])
def test_a_problem_is_one_short_line_whatever_it_quotes(name):
    text = python_data(hierarchy={"value": ["a"]}, labels={name: {}}, **{name: 1})
    assert all(line.isprintable() and len(line) < 500 for line in text.splitlines())
    assert all(line.split(": ")[0] for line in text.splitlines())
