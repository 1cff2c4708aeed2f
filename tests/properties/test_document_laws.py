"""Whatever is changed in a document, what is written says it; what stays keeps its comments."""

import copy
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ahpvalue.document import ModelDocument, Origin, document_text, plain
from ahpvalue.document.edit_yaml import CannotEditError, edit_text, is_same
from ahpvalue.document.read_yaml import read_text
from ahpvalue.errors import ModelError
from ahpvalue.templates.bundled import template_folder

ROOT = Path(__file__).parents[2]
TEMPLATE = (template_folder("retail-terminal") / "model.yaml").read_text(encoding="utf-8")
TEXTS = [
    TEMPLATE,
    *(
        (ROOT / "examples" / name / "model.yaml").read_text(encoding="utf-8")
        for name in ("online_retail", "iowa_outlets", "iowa_quarters", "five_experts")
    ),
]
WORDS = st.sampled_from(
    ["客户", "a: b", "x # y", "1/3", "no", "1e3", "", "two\nlines", "'q'", "[a"]
)
SCALARS = st.one_of(
    WORDS,
    st.integers(-9, 9),
    st.floats(-100, 100).map(lambda x: round(x, 3)),
    st.booleans(),
    st.none(),
    st.just(Fraction(1, 3)),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(WORDS.filter(bool), inner, max_size=4)
    ),
    max_leaves=12,
)


def places(data, path=()):
    """Every path of plain data."""
    yield path
    if isinstance(data, dict):
        for key, inner in data.items():
            yield from places(inner, (*path, key))
    elif isinstance(data, list):
        for k, inner in enumerate(data):
            yield from places(inner, (*path, k))


@st.composite
def edits(draw):
    """A text, what it says, and what it should say after a few random changes."""
    text = draw(st.sampled_from(TEXTS))
    was = read_text(text).data
    wanted = copy.deepcopy(was)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([path for path in places(wanted) if path]))
        part = wanted
        for step in path[:-1]:
            part = part[step]
        kind = draw(st.sampled_from(["replace", "add", "remove"]))
        if kind == "remove":
            del part[path[-1]]
        elif kind == "add" and isinstance(part, dict):
            part[draw(st.sampled_from(["new", "另", "a vs b"]))] = draw(VALUES)
        elif kind == "add":
            part.append(draw(VALUES))
        else:
            part[path[-1]] = draw(VALUES)
        if not wanted:
            break
    return text, was, wanted


@given(edits())
@settings(max_examples=300, deadline=None)
def test_an_edited_text_says_what_was_wanted_or_is_refused(case):
    text, was, wanted = case
    try:
        new = edit_text(text, was, wanted)
        said = read_text(new).data
    except (CannotEditError, ModelError):
        return
    assert is_same(said, wanted)


@given(edits())
@settings(max_examples=100, deadline=None)
def test_a_comment_far_from_every_change_stays(case):
    text, was, wanted = case
    try:
        new = edit_text(text, was, wanted)
    except CannotEditError:
        return
    assert new.startswith(text[: text.index("\n")])  # the line that heads the file


CHANGES = st.lists(
    st.sampled_from(
        [
            lambda d: d.update(name="客户: one"),
            lambda d: d.update(description="two\nlines # no comment"),
            lambda d: d.pop("labels"),
            lambda d: d["labels"].update(credit={"en": "Trust, really"}),
            lambda d: d["judgments"].update(scale="balanced"),
            lambda d: d["judgments"].update(consistency={"limit": "by-size"}),
            lambda d: d["judgments"]["experts"]["credit_officer"].update(weight=Fraction(1, 3)),
            lambda d: d["judgments"]["experts"].pop("field_representative"),
            lambda d: d["judgments"].update(comparisons={"value": {"credit_officer": [["1/3"]]}}),
            lambda d: d["indicators"].pop("resources"),
            lambda d: d["indicators"]["cooperation"].update(linear=[[0, 0], [0.5, 80], [1, 100]]),
            lambda d: d["indicators"]["cooperation"].pop("changeable", None),
            lambda d: d["indicators"]["unit_price"].update(
                percentile={"knots": [[k, k] for k in range(80)]}
            ),
            lambda d: d.update(missing={"policy": "worst"}),
            lambda d: d["tiers"]["levels"]["core"].update(line=71.25, customers=12),
            lambda d: d["tiers"].update(
                levels={"a": {"score": 60}, "core": {"score": 50}, "general": {}}
            ),
            lambda d: d["tiers"].pop("vetoes", None),
            lambda d: d["segments"]["rules"].pop("new", None),
            lambda d: d["segments"]["grids"]["sides"].update(row_lines=[50.5, 60]),
            lambda d: d.pop("peers", None),
        ]
    ),
    min_size=1,
    max_size=6,
)


@given(CHANGES)
@settings(max_examples=100, deadline=None)
def test_a_written_document_reads_back_as_the_same(changes):
    data = read_text(TEMPLATE).data
    for change in changes:
        with suppress(KeyError):  # of a part that went before
            change(data)
    document = ModelDocument.model_validate(data)
    text = document_text(document, Origin(TEMPLATE))
    again = ModelDocument.model_validate(read_text(text).data)
    assert is_same(plain(again), plain(document))
    assert text.startswith("# What a retail outlet is worth")  # never written anew as a whole
