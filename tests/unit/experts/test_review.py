"""What is proposed to experts, in data and in words, and what was agreed, on record."""

import numpy as np
import pytest

import ahpvalue as av

# The answers here contradict themselves on purpose, and a model warns of that.
pytestmark = pytest.mark.filterwarnings("ignore::ahpvalue.errors.ConsistencyWarning")

ANN = [[5, 3, 7], ["1/3", "1/5"], [6]]


@pytest.fixture
def house():
    return av.Model(
        hierarchy={"house": ["size", "transport", "neighborhood", "age"]},
        labels={"size": {"zh": "面积", "en": "Size"}, "house": {"zh": "房屋", "en": "House"}},
        judgments={
            "experts": {"ann": {}, "bo": {}, "cy": {}, "di": {}},
            "comparisons": {
                "house": {
                    "ann": ANN,
                    "bo": {
                        "size vs transport": 2,
                        "transport vs age": 3,
                        "neighborhood vs age": 2,
                    },
                    "cy": [[2, 4, 8], [2, 4], [2]],
                    "di": [[2, "1/2", 1], [2, 1], [1]],
                }
            },
        },
    )


def test_the_worst_comes_first_with_the_one_change_that_would_do(house):
    review = house.experts.review()
    first = review.rows[0]
    assert (first.node, first.expert) == ("house", "ann")
    assert first.proposal == {("age", "transport"): "1/2"}
    assert first.repair.cr == pytest.approx(0.0328, abs=5e-4)
    assert first.consistency.worst == ("age", "transport")
    assert {row.expert for row in review.open} == {"ann", "di"}


@pytest.mark.parametrize("scale", ["linear", "balanced", "root"])
@pytest.mark.parametrize("left_out", [0, 1, 2])
def test_consistency_and_review_name_one_most_inconsistent_judgment(scale, left_out):
    rng = np.random.default_rng(left_out)
    names, several = list("abcde"), 0
    for _ in range(25):
        pairs = {
            f"{one} vs {two}": float(rng.choice([1, 3, 5, 7, 9]) ** rng.choice([-1.0, 1.0]))
            for k, one in enumerate(names)
            for two in names[k + 1 :]
        }
        for pair in rng.choice(list(pairs), left_out, replace=False):
            del pairs[pair]
        comparisons = {"g": {"ann": pairs}}
        model = av.Model(
            hierarchy={"g": names},
            judgments={"scale": scale, "experts": {"ann": {}}, "comparisons": comparisons},
        )
        ((_, _, found),) = model.consistency().rows
        review = model.experts.review()
        row = review.rows[0]
        first = row.influences[0]
        assert found.worst == (names[first.i], names[first.j])
        assert review.to_dict()["most inconsistent"] == [" vs ".join(found.worst)]
        assert f"by the GCI: {' vs '.join(found.worst)}" in str(row)
        proposed = {frozenset(pair) for pair in row.proposal}
        several += bool(proposed) and frozenset(found.worst) not in proposed
    assert several or scale != "linear" or left_out  # a proposal may begin with another pair


def test_the_sentences_say_it_to_each_expert_in_english_and_chinese(house):
    english = house.experts.review().sentences()
    assert list(english) == ["ann", "di", "bo"]
    assert english["ann"] == [
        "House: the answers contradict each other (CR 0.263, over the limit 0.1).",
        "You said that age outweighs transport 5 times; the other answers together say that "
        "transport outweighs age 2 times. That one change would bring CR to 0.033.",
    ]
    assert "are intransitive: Size over transport; transport over neighborhood" in " ".join(
        english["di"]
    )
    assert "3 answers leave nothing that could contradict them" in english["bo"][0]
    chinese = house.experts.review().sentences("ann", language="zh")["ann"]
    assert chinese[0] == "房屋：各项回答相互矛盾（CR 0.263，超过上限 0.1）。"
    everything = house.experts.review().sentences(everything=True)
    said = "House: the answers agree with each other (CR 0.000, within the limit 0.1)."
    assert everything["cy"] == [said]


def test_nothing_is_said_to_those_who_are_not_there(house):
    with pytest.raises(av.ModelError, match="an has answered nothing; did you mean 'ann'"):
        house.experts.review().sentences("an")
    with pytest.raises(av.AhpValueError, match="the languages are en and zh"):
        house.experts.review().sentences(language="fr")
    with pytest.raises(av.ModelError, match="ann has not answered hous; did you mean 'house'"):
        house.experts.review().of("ann", "hous")


def test_a_review_changes_nothing(house):
    before = house.to_yaml()
    review = house.experts.review()
    str(review), review.sentences(), review.rows[0].compromise, str(review.rows[0].errors)
    assert house.to_yaml() == before


def test_the_compromise_is_close_to_what_was_said(house):
    found = house.experts.review().of("ann", "house").compromise
    assert found.cr < 0.1
    assert found.largest_change < 4
    assert found.steps > 0


def test_answers_that_agree_are_never_called_contradictory():
    """25 : 5 : 1 : 5 is beyond the scale for one pair nobody answered, and no contradiction."""
    answers = {"a vs b": 5, "b vs c": 5, "c vs d": 1}
    for more in ({}, {"b vs d": 5}):
        matrix = av.PairwiseMatrix.from_judgments(answers | more)
        weights = matrix.priorities()
        assert weights["a"] / weights["c"] == pytest.approx(25, rel=1e-9)
    assert matrix.consistency().cr == pytest.approx(0, abs=1e-9)


def test_answers_that_imply_a_ratio_beyond_the_scale_do_not_contradict_each_other():
    answers = {"a vs b": 5, "b vs c": 5, "c vs d": 1, "b vs d": 4}
    model = av.Model(
        hierarchy={"value": list("abcd")},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": answers}}},
    )
    row = model.experts.review().of("ann", "value")
    assert row.matrix.completed()["a", "c"] > 9
    assert not row.consistency.exceeds
    assert row.proposal == {}


def test_a_review_measures_as_the_model_does():
    rows = [["1/3", 9, 2], [6, 9], ["1/3"]]
    sections = {
        "scale": "balanced",
        "consistency": {"of": "ratios"},
        "experts": {"ann": {}},
        "comparisons": {"value": {"ann": rows}},
    }
    model = av.Model(hierarchy={"value": list("abcd")}, judgments=sections)
    row = model.experts.review().of("ann", "value")
    changed = model.experts.accept("ann", "value", row.proposal, by="Ann")
    (found,) = [one for *_, one in changed.consistency().rows]
    assert found.cr == pytest.approx(row.repair.cr, rel=1e-9)
    assert found.acceptable


def test_of_equal_repairs_the_smaller_change_is_proposed_as_the_judgment_table_has_it():
    rows = [[2, "1/4", 2], [3, 3], [2]]
    model = av.Model(
        hierarchy={"value": ["sales", "margin", "service", "size"]},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": rows}}},
    )
    row = model.experts.review().of("ann", "value")
    worst = row.influences[0]
    assert row.proposal == {("service", "sales"): "1/2"}
    assert worst.fitting == 0.5


def test_levels_whose_names_hold_vs_can_be_changed_too(tmp_path):
    levels = ["red vs white", "a: b", " pad "]
    model = av.Model(
        hierarchy={"value": ["colour"]},
        judgments={"experts": {"ann": {}}},
        indicators={
            "colour": {"categories": {"names": levels, "comparisons": {"ann": [[3, 5], [2]]}}}
        },
    )
    changed = model.experts.accept("ann", "colour", {("red vs white", "a: b"): 4}, by="Ann")
    assert changed.comparisons["colour"].answers["ann"]["red vs white", "a: b"] == 4
    assert changed.document.judgments.changes[0].pair == ("red vs white", "a: b")
    changed.save(tmp_path / "model.yaml")
    assert av.load_model(tmp_path / "model.yaml") == changed


def test_accepting_keeps_the_old_answer_who_agreed_and_when(house, tmp_path):
    review = house.experts.review().of("ann", "house")
    changed = house.experts.accept(
        "ann", "house", review.proposal, by="Ann", day="2026-03-31", note="asked again"
    )
    (record,) = changed.document.judgments.changes
    assert (record.expert, record.node, record.pair) == ("ann", "house", "transport vs age")
    assert (float(record.old), float(record.new)) == (0.2, 2.0)
    assert (record.by, record.day, record.note) == ("Ann", "2026-03-31", "asked again")
    found = {who: one for _, who, one in changed.consistency().rows}
    assert found["ann"].cr == pytest.approx(review.repair.cr)
    # Everybody else's answers, and Ann's others, are as they were.
    for who in ("bo", "cy", "di"):
        assert changed.comparisons["house"].answers[who] == house.comparisons["house"].answers[who]
    before, after = (m.comparisons["house"].answers["ann"] for m in (house, changed))
    different = (before.values != after.values).sum()
    assert different == 2  # the answer and its reciprocal
    changed.save(tmp_path / "model.yaml")
    assert av.load_model(tmp_path / "model.yaml") == changed


def test_an_accepted_change_travels_in_the_experts_own_file(house, tmp_path):
    changed = house.experts.accept(
        "ann", "house", {("size", "age"): "8"}, by="Ann", day="2026-03-31"
    )
    changed = changed.experts.accept(
        "ann", "house", {"transport vs age": 2}, by="Ann", day="2026-04-01"
    )
    changed.experts.save_expert("ann", tmp_path / "ann.yaml")
    text = (tmp_path / "ann.yaml").read_text(encoding="utf-8")
    assert "old: 1/5" in text
    assert "new: 2" in text
    (tmp_path / "model.yaml").write_text(
        "version: 2\n"
        "hierarchy: {house: [size, transport, neighborhood, age]}\n"
        "judgments:\n"
        "  experts: {ann: {file: ann.yaml}}\n",
        encoding="utf-8",
    )
    loaded = av.load_model(tmp_path / "model.yaml")
    assert loaded.experts.expert_yaml("ann") == text
    assert [change.day for change in loaded.document.judgments.changes] == [
        "2026-03-31",
        "2026-04-01",
    ]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"expert": "an"}, "an has not answered house; did you mean 'ann'"),
        ({"node": "hous"}, "nothing is compared under 'hous'; did you mean 'house'"),
        ({"by": " "}, "names who agreed to it"),
        ({"answers": {}}, "no answer is given"),
        ({"answers": {"size vs transport": 5}}, "already answers house like that"),
        ({"answers": {"size vs transprt": 3}}, "did you mean 'transport'"),
        ({"answers": {"size vs transport": -3}}, "-3"),
        ({"answers": {"size vs transport": 40}}, "between 1/9 and 9, not 40"),
        ({"day": "31.3.2026"}, "a day is written as 2026-11-22, not '31.3.2026'"),
    ],
)
def test_a_change_that_cannot_be_accepted_is_refused_with_its_reason(house, how, said):
    given = {
        "expert": "ann",
        "node": "house",
        "answers": {"size vs transport": 3},
        "by": "Ann",
        **how,
    }
    with pytest.raises(av.AhpValueError, match=said):
        house.experts.accept(given.pop("expert"), given.pop("node"), given.pop("answers"), **given)


def test_a_record_of_changes_names_experts_and_nodes_that_are_there(tmp_path):
    document = {
        "hierarchy": {"value": ["a", "b"]},
        "judgments": {
            "experts": {"ann": {}},
            "comparisons": {"value": {"ann": [[3]]}},
            "changes": [
                {
                    "expert": "an",
                    "node": "valeu",
                    "pair": "a vs b",
                    "new": 3,
                    "by": "x",
                    "day": "2026-01-02",
                }
            ],
        },
    }
    with pytest.raises(av.ModelError) as refused:
        av.Model(**document)
    assert "judgments.changes[0].expert: an is not among" in str(refused.value)
    assert "judgments.changes[0].node: valeu is not a node" in str(refused.value)
    (tmp_path / "ann.yaml").write_text(
        "expert: ann\njudgments:\n  value: [[3]]\nchanges:\n"
        "  - {node: value, pair: a vs b, new: 0, by: x, day: 2026-01-02}\n",
        encoding="utf-8",
    )
    (tmp_path / "model.yaml").write_text(
        "version: 2\nhierarchy: {value: [a, b]}\njudgments:\n  experts: {ann: {file: ann.yaml}}\n",
        encoding="utf-8",
    )
    with pytest.raises(av.ModelError, match=r"ann\.yaml:5: .*changes.*above 0"):
        av.load_model(tmp_path / "model.yaml")
