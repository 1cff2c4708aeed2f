"""Saving keeps what a person wrote: comments, order, layout, and where each answer is held."""

import shutil
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.document import expert_text, upgrade_text
from ahpvalue.document.read_yaml import read_text
from ahpvalue.templates.bundled import template_folder

VERSION_1 = Path(__file__).parent / "version_1"
EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(template_folder("retail-terminal"), tmp_path / "model"))


@pytest.fixture
def model(folder):
    return av.load_model(folder / "model.yaml")


def texts_of(folder):
    return {file: file.read_bytes() for file in sorted(folder.rglob("*.yaml"))}


def comments_of(text):
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def changed(model, **how):
    return model.experts.accept(
        "credit_officer",
        "company_side",
        {"contribution vs growth": 4},
        by="Ann",
        day="2026-03-31",
        **how,
    )


# -- one file --------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_unchanged_model_is_saved_as_the_identical_text(tmp_path, end, mark):
    text = mark + (EXAMPLES / "iowa_quarters" / "model.yaml").read_text(encoding="utf-8")
    source = tmp_path / "model.yaml"
    source.write_bytes(text.replace("\n", end).encode("utf-8"))
    model = av.load_model(source)
    for target in (tmp_path / "other.yaml", source):
        model.save(target)
        assert target.read_bytes() == text.replace("\n", end).encode("utf-8")


def test_a_model_saved_elsewhere_holds_the_experts_answers_and_keeps_comments(model, tmp_path):
    model.save(tmp_path / "one.yaml")
    text = (tmp_path / "one.yaml").read_text(encoding="utf-8")
    assert av.load_model(tmp_path / "one.yaml") == model
    assert "file:" not in text
    assert comments_of(text) == comments_of(model.origin.text)


def test_a_fitted_model_keeps_the_comments_of_the_model_it_was_made_from(model, tmp_path):
    fitted = model.fit(av.synthetic_customers(200))
    fitted.save(tmp_path / "fitted.yaml")
    text = (tmp_path / "fitted.yaml").read_text(encoding="utf-8")
    assert av.load_model(tmp_path / "fitted.yaml") == fitted
    assert comments_of(text) == comments_of(model.origin.text)
    assert "top: 20%" in text  # as it was written


def test_a_model_made_in_python_is_saved_without_a_text_to_keep(tmp_path):
    model = av.Model(hierarchy={"value": ["a"]})
    model.save(tmp_path / "m.yaml")
    assert av.load_model(tmp_path / "m.yaml") == model
    with pytest.raises(av.ModelError, match="was read from no file; name one"):
        model.save()


@pytest.mark.filterwarnings("ignore::ahpvalue.DocumentWarning")
def test_a_document_of_version_1_becomes_version_2_when_it_changes(tmp_path):
    file = Path(shutil.copytree(VERSION_1, tmp_path / "old")) / "model.yaml"
    before = file.read_text(encoding="utf-8")
    changed(av.load_model(file)).save()  # an expert's file holds that answer
    assert file.read_text(encoding="utf-8") == before
    model = av.load_model(file).with_sections(name="Other")
    model.save()
    after = file.read_text(encoding="utf-8")
    assert after == upgrade_text(before).replace(
        "name: Retail-terminal customer value", "name: Other"
    )
    assert "  vetoes:\n" in after
    assert av.load_model(file) == model


# -- back where it was read ------------------------------------------------------------------


def test_saving_back_without_a_change_writes_nothing(model, folder):
    before = texts_of(folder)
    assert model.unsaved() == {}
    model.save()
    model.save(folder / "model.yaml")
    assert texts_of(folder) == before


def test_an_accepted_answer_goes_into_the_file_that_holds_it(model, folder):
    before = texts_of(folder)
    agreed = changed(model)
    agreed.save()
    after = texts_of(folder)
    officer = folder / "experts" / "credit_officer.yaml"
    assert [file for file in after if after[file] != before[file]] == [officer]
    old, new = (texts[officer].decode("utf-8").splitlines() for texts in (before, after))
    assert [line for line in old if line not in new] == ["    contribution vs growth: 2"]
    assert new[: len(old)] == [
        line.replace("contribution vs growth: 2", "contribution vs growth: 4") for line in old
    ]
    assert av.load_model(folder / "model.yaml") == agreed
    assert agreed.unsaved() == {}


def test_changes_accepted_one_after_the_other_are_saved_together(model, folder):
    twice = changed(model).experts.accept(
        "regional_manager", "trade_area", {"centre vs business": 2}, by="Bo", day="2026-04-01"
    )
    assert {file.stem for file in twice.unsaved()} == {"credit_officer", "regional_manager"}
    twice.save()
    assert av.load_model(folder / "model.yaml") == twice


def test_an_answer_of_the_models_own_file_is_changed_there(tmp_path):
    text = (
        "hierarchy: {value: [a, b]}\njudgments:\n  experts: {ann: {}}   # alone\n"
        "  comparisons:\n    value: {ann: [[3]]}   # for now\n"
    )
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    model = av.load_model(tmp_path / "m.yaml")
    model.experts.accept("ann", "value", {"a vs b": "1/2"}, by="Ann", day="2026-03-31").save()
    assert (tmp_path / "m.yaml").read_text(encoding="utf-8") == text.replace("3]]", "1/2]]") + (
        "  changes:\n    - expert: ann\n      node: value\n      pair: a vs b\n      old: 3\n"
        "      new: 1/2\n      by: Ann\n      day: 2026-03-31\n"
    )


def test_a_file_that_changed_since_is_not_written_over(model, folder):
    officer = folder / "experts" / "credit_officer.yaml"
    officer.write_text(officer.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    before = texts_of(folder)
    with pytest.raises(av.ModelError, match=r"credit_officer\.yaml: has changed since it was read"):
        changed(model).save()
    officer.unlink()
    with pytest.raises(av.ModelError, match="has changed since it was read"):
        changed(model).save()
    assert {**texts_of(folder), officer: before[officer]} == before


def test_a_fitted_model_has_no_file_to_go_back_to(model):
    with pytest.raises(av.ModelError, match="was read from no file"):
        model.fit(av.synthetic_customers(200)).save()


def test_a_template_is_never_saved_back_into_the_package(tmp_path):
    model = av.template("retail-terminal")
    with pytest.raises(av.ModelError, match="was read from no file"):
        model.with_sections(name="Mine").save()
    model.save(tmp_path / "mine.yaml")
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8").startswith("# What a retail")


def test_sections_exchanged_in_python_are_saved_into_the_text(model, folder):
    other = model.with_sections(name="Other", segments=None)
    other.save()
    text = (folder / "model.yaml").read_text(encoding="utf-8")
    assert av.load_model(folder / "model.yaml") == other
    assert "name: Other\n" in text
    assert "segments" not in text
    assert "# a tier is entered 5 % above its line" in text
    assert "file: experts/credit_officer.yaml" in text


# -- an expert's own file --------------------------------------------------------------------


def test_save_expert_keeps_the_comments_of_that_experts_file(model, folder):
    officer = folder / "experts" / "credit_officer.yaml"
    before = officer.read_text(encoding="utf-8")
    model.experts.save_expert("credit_officer", officer)
    named = f"expert: credit_officer\nmodel: {model.questions.hash}\n"
    assert officer.read_text(encoding="utf-8") == before.replace("expert: credit_officer\n", named)
    model = av.load_model(folder / "model.yaml")
    changed(model).experts.save_expert("credit_officer", officer)
    after = officer.read_text(encoding="utf-8")
    assert after.startswith("# Invented answers.\n")
    assert "contribution vs growth: 4" in after


def test_save_expert_writes_over_another_experts_file_anew(model, folder):
    other = folder / "experts" / "regional_manager.yaml"
    model.experts.save_expert("credit_officer", other)
    assert other.read_text(encoding="utf-8") == model.experts.expert_yaml("credit_officer")


def test_an_experts_text_says_what_is_wanted():
    text = "expert: ann   # her own\njudgments:\n  value: [[1/3]]   # asked twice\n"
    wanted = {"expert": "ann", "model": "abc", "judgments": {"value": [[2]]}}
    new = expert_text(text, wanted)
    assert read_text(new).data == wanted
    assert "# her own" in new
    assert "[[2]]   # asked twice" in new


# -- as data ---------------------------------------------------------------------------------


def test_the_frame_of_a_model_is_its_weights(model):
    assert model.to_frame("polars").columns == list(model.weights().to_dict())


def test_the_dictionary_of_a_model_makes_the_same_model(model):
    fitted = model.fit(av.synthetic_customers(200))
    plain = av.Model(
        hierarchy={"value": ["a", "b"]}, judgments={"weights": {"value": {"a": 0.4, "b": 0.6}}}
    )
    for one in (model, fitted, changed(model), plain):
        assert av.Model(**one.to_dict()) == one
        assert av.Model(**one.to_dict()).hash == one.hash
    assert "file" not in model.to_dict()["judgments"]["experts"]["credit_officer"]
    assert plain.to_dict() == {
        "version": 2,
        "hierarchy": {"value": ["a", "b"]},
        "judgments": {"weights": {"value": {"a": 0.4, "b": 0.6}}},
    }
