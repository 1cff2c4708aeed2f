"""A document of version 1 is read as what it says, and says which of its keys changed."""

import copy
import warnings
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.document.upgrade import RENAMES, find_old_keys, in_old_words, upgrade_data

OLD = Path(__file__).parent / "version_1"
ROOT = Path(__file__).parents[3]
SECTIONS = {
    "hierarchy": {"value": ["sales", "place"]},
    "judgments": {"weights": {"value": {"sales": 0.5, "place": 0.5}}, "experts": {"ann": {}}},
    "indicators": {
        "sales": {"linear": [[0, 0], [9, 100]]},
        "place": {
            "categories": {"levels": ["street", "village"], "comparisons": {"ann": [[3]]}},
            "changeable": {"levels": ["street"]},
        },
    },
    "tiers": {
        "levels": {"core": {"score": 60}, "general": {}},
        "caps": {"small": {"when": {"sales": {"below": 1}}, "at_most": "general"}},
    },
}
OLD_KEYS = {
    "tiers.caps": "vetoes",
    "indicators.place.categories.levels": "names",
    "indicators.place.changeable.levels": "categories",
}


def upgraded(sections):
    return upgrade_data(copy.deepcopy(sections) | {"version": 1})


# -- what is read ----------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::ahpvalue.DocumentWarning")
def test_version_1_has_the_hash_it_had_before_there_was_a_version_2():
    assert av.load_model(OLD / "model.yaml").hash == "afab4c5236b33a45"
    assert av.load_model(OLD / "quarters.yaml").hash == "73bb41bd2aee056b"


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("ahpvalue/templates/retail-terminal/model.yaml", "afab4c5236b33a45"),
        ("examples/online_retail/model.yaml", "fcad30e7a0bdb65e"),
        ("examples/iowa_outlets/model.yaml", "b51e14dd8c52617a"),
        ("examples/iowa_quarters/model.yaml", "73bb41bd2aee056b"),
    ],
)
def test_upgrading_a_document_leaves_its_hash(path, before):
    assert av.load_model(ROOT / path).hash == before


def test_each_renamed_key_is_read_under_its_word_of_today():
    with pytest.warns(av.DocumentWarning):
        document = av.Model(**SECTIONS, version=1).document
    assert list(document.tiers.vetoes) == ["small"]
    assert document.indicators["place"].categories.names == ["street", "village"]
    assert document.indicators["place"].changeable.categories == ["street"]
    assert list(document.tiers.levels) == ["core", "general"]


def test_the_data_given_is_not_changed():
    given = copy.deepcopy(SECTIONS) | {"version": 1}
    with pytest.warns(av.DocumentWarning):
        av.Model(**given)
    assert given == SECTIONS | {"version": 1}


def test_keys_of_peer_groups_are_renamed_too():
    group = {"of": ["north"], "customers": 40, "indicators": SECTIONS["indicators"]}
    data = {"version": 1, "peers": {"by": ["region"], "groups": [group]}}
    with pytest.warns(av.DocumentWarning, match=r"peers\.groups\[0\]\.indicators\.place"):
        new, _ = upgrade_data(data)
    place = new["peers"]["groups"][0]["indicators"]["place"]
    assert place["categories"]["names"] == ["street", "village"]
    assert place["changeable"] == {"categories": ["street"]}


def test_a_category_may_be_called_levels():
    scored = {"x": {"categories": {"levels": 100, "other": 0}}}
    assert find_old_keys({"indicators": scored}) == []
    model = av.Model(hierarchy={"value": ["x"]}, indicators=scored)
    assert model.document.indicators["x"].categories.scores == {"levels": 100, "other": 0}


def test_old_words_lead_back():
    with pytest.warns(av.DocumentWarning):
        new, _ = upgraded(SECTIONS)
    assert in_old_words(new) == SECTIONS | {"version": 1}
    assert {pattern[-1] for pattern, _ in RENAMES} == {"caps", "levels"}


# -- what is said ----------------------------------------------------------------------------


def test_one_warning_names_the_file_its_old_keys_and_the_remedy():
    with pytest.warns(av.DocumentWarning) as said:
        av.load_model(OLD / "model.yaml")
    assert len(said) == 1
    assert str(said[0].message) == (
        f"{OLD / 'model.yaml'}: version 1 of the document format has old keys: tiers.caps is now "
        "vetoes, indicators.trade_area.categories.levels is now names; run 'ahpvalue upgrade "
        f"{OLD / 'model.yaml'}'"
    )


def test_python_data_of_version_1_is_told_which_keys_to_rename():
    with pytest.warns(av.DocumentWarning) as said:
        av.Model(**SECTIONS, version=1)
    [text] = [str(one.message) for one in said]
    assert text.endswith("; rename them and say version 2")
    for old, new in OLD_KEYS.items():
        assert f"{old} is now {new}" in text


def test_nothing_is_said_where_nothing_changes():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        av.load_model(OLD / "quarters.yaml")


@pytest.mark.parametrize("version", [{}, {"version": 2}])
def test_old_keys_without_version_1_are_refused_with_their_new_word(version):
    with pytest.raises(av.ModelError) as refused:
        av.Model(**SECTIONS, **version)
    for old, new in OLD_KEYS.items():
        said = f"{old}: unknown key; did you mean '{new}', its name since version 2?"
        assert said in str(refused.value)


def test_both_words_at_once_are_refused():
    both = copy.deepcopy(SECTIONS) | {"version": 1}
    both["tiers"]["vetoes"] = {}
    with pytest.warns(av.DocumentWarning), pytest.raises(av.ModelError) as refused:
        av.Model(**both)
    assert "tiers.caps: unknown key; did you mean 'vetoes'" in str(refused.value)


def test_a_problem_of_version_1_stands_at_the_key_as_it_is_written(tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(
        "version: 1\nhierarchy: {value: [x]}\nindicators: {x: {linear: [[0, 0], [9, 100]]}}\n"
        "tiers:\n  levels: {core: {score: 60}, rest: {}}\n"
        "  caps:\n    small: {when: {x: {below: 1}}, at_most: best}\n",
        encoding="utf-8",
    )
    with pytest.warns(av.DocumentWarning), pytest.raises(av.ModelError) as refused:
        av.load_model(file)
    assert f"{file}:7: tiers.caps.small.at_most: best is not a tier" in str(refused.value)


def test_an_unknown_version_is_refused():
    with pytest.raises(av.ModelError, match="version: 3 is not known here"):
        av.Model(**{**SECTIONS, "version": 3})
