"""Inputs that went wrong once: each stays a test."""

import contextlib
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

import ahpvalue as av


def model_of(default=None, **indicator):
    sections = {} if default is None else {"missing": default}
    return av.Model(hierarchy={"v": ["x"]}, indicators={"x": indicator}, **sections)


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "float32", "float64"])
@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, dict])
def test_negative_figures_are_figures_whatever_their_type(kind, frame):
    table = frame({"customer": np.arange(4), "x": np.array([-10, -5, 0, 10], dtype=kind)})
    fitted = model_of(minmax={}, range=[-100, 100]).fit(table)
    assert fitted.document.indicators["x"].minmax.lower == -10
    assert fitted.score(table)["total"].tolist() == [0, 25, 50, 100]


def test_a_median_for_all_does_not_fit_categories_and_says_so_at_once():
    with pytest.raises(av.ModelError, match="categories have no median; state missing"):
        model_of({"policy": "median"}, categories={"A": 100, "B": 0})


@pytest.mark.parametrize("bound", [float("inf"), float("nan"), 1e301, 10**400])
def test_bounds_are_finite_numbers(bound):
    for function in (
        {"minmax": {"lower": 0, "upper": bound}},
        {"target": {"best": bound}},
        {"linear": [[0, 0], [bound, 100]]},
    ):
        with pytest.raises(av.ModelError, match="a finite number"):
            model_of(**function)


def test_bounds_given_by_hand_differ():
    with pytest.raises(av.ModelError, match="lower and upper are both 5; they must differ"):
        model_of(minmax={"lower": 5, "upper": 5})


def test_a_masked_entry_is_missing():
    table = {"customer": np.arange(2), "x": np.ma.array([5.0, 0.0], mask=[False, True])}
    scores = model_of(linear=[[0, 0], [10, 100]], missing="renormalise").score(table)
    assert scores["total"][0] == 50
    assert np.isnan(scores["total"][1])


def test_customers_all_alike_get_50_under_every_fitted_function():
    table = {"customer": np.arange(2), "x": np.array([7.0, 7.0])}
    for function in (
        {"target": {"best": "median"}},
        {"minmax": {}},
        {"percentile": {}},
        {"log": {}},
    ):
        with pytest.warns(av.CustomerDataWarning):
            fitted = model_of(**function).fit(table)
        later = {"customer": np.arange(3), "x": np.array([1.0, 7.0, 1e9])}
        assert fitted.score(later)["total"].tolist() == [50, 50, 50]


def test_scoring_warns_of_figures_outside_their_range_too():
    model = model_of(linear=[[0, 0], [1, 100]], unit="share")
    with pytest.warns(av.CustomerDataWarning, match=r"2 of 2 values are above 1, the farthest 12"):
        model.score({"customer": np.arange(2), "x": np.array([12.0, 3.0])})
    with pytest.warns(av.CustomerDataWarning, match=r"1 of 2 values are below 0"):
        model.score({"customer": np.arange(2), "x": np.array([-1.0, 0.5])})


EXPERTS = {"ann": {"weight": 3}, "bo": {}, "cy": {"weight": 2}}
ANSWERS = {"ann": [[2, 5], [3]], "bo": [["1/3", 2], [7]], "cy": [[1, "27/29"], ["28/29"]]}


def test_the_order_of_experts_changes_neither_hash_nor_weights():
    models = [
        av.Model(
            hierarchy={"v": ["a", "b", "c"]},
            judgments={
                "experts": {name: EXPERTS[name] for name in order},
                "comparisons": {"v": {name: ANSWERS[name] for name in order}},
            },
        )
        for order in (["ann", "bo", "cy"], ["cy", "ann", "bo"], ["bo", "cy", "ann"])
    ]
    assert len({model.hash for model in models}) == 1
    assert len({tuple(model.weights().total.values()) for model in models}) == 1


def test_a_hash_stands_for_one_set_of_weights():
    def model(judgment):
        comparisons = {"v": {"ann": [[judgment]]}}
        return av.Model(
            hierarchy={"v": ["a", "b"]},
            judgments={"experts": {"ann": {}}, "comparisons": comparisons},
        )

    assert model("28/29").hash != model(28 / 29).hash
    assert model("1/2").hash == model(0.5).hash


@pytest.mark.parametrize(
    "text",
    ["a\x85b", "a\u2028b", "no", "1", "~", "a: b", "- x", "'", '"', " a ", "a\nb", "é", "🙂"],
)
def test_any_text_survives_saving(text, tmp_path):
    model = av.Model(hierarchy={"v": ["a"]}, name=text, labels={"a": {"en": text}})
    model.save(tmp_path / "m.yaml")
    assert av.load_model(tmp_path / "m.yaml").document == model.document


def test_scores_cannot_be_changed():
    scores = model_of(linear=[[0, 0], [1, 100]]).score({"customer": ["a"], "x": [0.5]})
    for name in ("total", "rank", "coverage"):
        with pytest.raises(ValueError, match="read-only"):
            scores[name][0] = 1


@pytest.mark.parametrize("tolerance", [float("nan"), 5, -1, True, "x"])
def test_a_tolerance_is_a_share(tolerance):
    with pytest.raises(av.JudgmentError, match="a tolerance is a number from 0 to below 1"):
        av.PairwiseMatrix([[1, 3], [9, 1]], tolerance=tolerance)


@pytest.mark.parametrize("judgment", ["1e99999999", "1e400", 10**400, "1e-400", 1e-320, 1e300])
def test_judgments_beyond_all_measure_are_refused_at_once(judgment):
    with pytest.raises(av.JudgmentError):
        av.PairwiseMatrix([[1, judgment], [None, 1]])
    with pytest.raises(av.ModelError):
        av.Model(
            hierarchy={"v": ["a", "b"]},
            judgments={"experts": {"e": {}}, "comparisons": {"v": {"e": [[judgment]]}}},
        )


@pytest.mark.parametrize("wrong", [None, 5, "ab", [], {}, {"a": None}, {"a": "bc"}, {"a": [1]}])
def test_what_is_no_hierarchy_is_refused_in_words(wrong):
    with pytest.raises(av.ModelError):
        av.Hierarchy(wrong)


@pytest.mark.parametrize("section", ["hierarchy", "judgments", "indicators", "labels", "missing"])
@pytest.mark.parametrize("wrong", [None, 5, "text", [], [1], {"x": None}, {1: 2}, object()])
def test_a_section_of_any_other_kind_is_refused_in_words(section, wrong):
    sections = {"hierarchy": {"v": ["a"]}, section: wrong}
    with contextlib.suppress(av.ModelError):  # any other error fails the test
        av.Model(**sections)


def test_the_librarys_own_matrix_is_a_comparison():
    matrix = av.PairwiseMatrix([[1, 3], ["1/3", 1]])
    for answers in (matrix, matrix.values, [[3]], {("a", "b"): 3}):
        model = av.Model(
            hierarchy={"v": ["a", "b"]},
            judgments={"experts": {"e": {}}, "comparisons": {"v": {"e": answers}}},
        )
        assert model.weights()["a"] == pytest.approx(0.75)


@pytest.mark.parametrize("name", ["客户", "बिक्री", "cafe\u0301", "_x", "a-b", "x2"])
def test_a_word_of_any_script_is_a_name(name):
    assert av.Model(hierarchy={"v": [name]}).hierarchy.leaves == (name,)


@pytest.mark.parametrize("name", ["", "a b", "a\n", "-a", "a.b", "a/b"])
def test_what_is_no_word_is_no_name(name):
    with pytest.raises(av.ModelError, match="is not a name"):
        av.Model(hierarchy={"v": [name]})


def test_a_mistake_in_the_hierarchy_hides_no_other():
    with pytest.raises(av.ModelError) as refused:
        av.Model(
            hierarchy={"v": ["a", "a", "b"]},
            judgments={"experts": {"ann": {}}, "comparisons": {"v": {"anne": [[1]]}}},
            indicators={"z": {"linear": [[0, 0]]}},
        )
    said = str(refused.value)
    assert said.count("a stands twice under v") == 1
    assert "did you mean 'ann'?" in said
    assert "z is not an indicator" in said
    assert "are compared by" not in said


@pytest.mark.parametrize(
    "ids",
    [["1", 2, None], [1, "1", ""], [1.5, "a", float("nan")], ["a", "a", "b"], [pd.NA, "a", 1]],
)
def test_ids_of_any_kind_are_checked_without_a_crash(ids):
    table = {"customer": np.array(ids, dtype=object), "x": np.array([1.0, 2.0, 3.0])}
    with pytest.raises(av.CustomerDataError, match=r"no id in row|in more than one row"):
        model_of(linear=[[0, 0], [9, 100]]).score(table)


@pytest.mark.parametrize(
    "column",
    [
        pd.array(["1", None, "x"], dtype="string"),
        pd.Series([10**400, 1, 2], dtype=object),
        pd.Series([[1], [1, 2], [3]]),
        pd.Series(["1", None, "2"], dtype=object),
    ],
)
def test_odd_columns_are_refused_in_words(column):
    table = pd.DataFrame({"customer": ["a", "b", "c"], "x": column})
    with pytest.raises(av.CustomerDataError, match="column 'x'"):
        model_of(linear=[[0, 0], [9, 100]], missing="worst").score(table)


def test_very_wide_integers_are_figures():
    table = pl.DataFrame({"customer": ["a", "b"], "x": pl.Series([10**25, 3], dtype=pl.Int128)})
    scores = model_of(linear=[[0, 0], [6, 100]]).score(table)
    assert scores["total"].tolist() == [100, 50]


def test_two_columns_of_one_name_are_refused():
    table = pd.DataFrame([["a", 1.0, 2.0]], columns=["customer", "x", "x"])
    with pytest.raises(av.CustomerDataError, match="two columns have the same name"):
        model_of(linear=[[0, 0], [9, 100]]).score(table)


def test_ranks_are_whole_numbers_whoever_is_rated():
    model = model_of(linear=[[0, 0], [9, 100]], missing="renormalise")
    for values in ([1.0, 2.0], [1.0, None]):
        rows = {"customer": ["a", "b"], "x": values}
        assert str(model.score(pd.DataFrame(rows)).frame["rank"].dtype) == "Int64"
        assert model.score(pl.DataFrame(rows)).frame["rank"].dtype == pl.Int64


def test_a_frame_of_an_unknown_package_is_refused():
    with pytest.raises(av.AhpValueError, match="no data frame package 'numpy'"):
        av.PairwiseMatrix([[1]]).to_frame("numpy")


def test_one_name_is_not_a_list_of_outputs():
    with pytest.raises(av.CustomerDataError, match="outputs is a list of names"):
        model_of(linear=[[0, 0], [9, 100]]).score({"customer": ["a"], "x": [1]}, outputs="total")


# -- the command line ------------------------------------------------------------------------

MODEL = """\
version: 2
customer: id
hierarchy: {v: [x, k]}
judgments: {weights: {v: {x: 0.5, k: 0.5}}}
indicators:
  x: {linear: [[0, 0], [10, 100]]}
  k: {categories: {1: 100, 2: 50, true: 0}, missing: worst}
"""


@pytest.fixture
def command(tmp_path):
    (tmp_path / "m.yaml").write_text(MODEL)
    (tmp_path / "c.2025Q1.csv").write_text("id,x,k\n001,5,1.0\n002,5,True\n003,10,\n")

    def run(*arguments):
        words = [sys.executable, "-m", "ahpvalue", *arguments]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    run.folder = tmp_path
    return run


def test_the_default_output_keeps_the_whole_name_and_categories_in_files_are_known(command):
    assert command("score", "m.yaml", "c.2025Q1.csv").returncode == 0
    written = pl.read_csv(command.folder / "c.2025Q1.scores.csv")
    assert written["total"].to_list() == [75, 25, 50]
    assert written["rank"].to_list() == [1, 3, 2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("score", "m.yaml", "c.2025Q1.csv", "-o", "a.csv", "--contributions", "a.csv"),
            "a file each",
        ),
        (("fit", "m.yaml", "c.2025Q1.csv", "-o", "out.csv"), "ending in .yaml or .yml"),
        (("score", "m.yaml", "semicolons.csv"), "not separated by commas"),
        (("score", "m.yaml", "doubles.csv"), "two columns are called x"),
        (("score", "m.yaml", "empty.csv"), "empty.csv: is empty"),
        (("score", "m.yaml", "no_id.csv"), "a row has no id (line 2)"),
        (("init", "t", "--template", "foo"), "there is no template 'foo'"),
    ],
)
def test_what_would_go_wrong_unseen_is_refused(command, arguments, said):
    (command.folder / "semicolons.csv").write_text("id;x;k\n1;2;1\n")
    (command.folder / "doubles.csv").write_text("id,x,x,k\n1,2,3,1\n")
    (command.folder / "empty.csv").write_text("")
    (command.folder / "no_id.csv").write_text('id,x,k\n"",2,1\n')
    done = command(*arguments)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (command.folder / "t").exists()


def test_demo_keeps_an_experts_edited_file(command):
    assert command("init", "mine").returncode == 0
    path = command.folder / "mine" / "experts" / "credit_officer.yaml"
    path.write_text("# mine\n" + path.read_text())
    assert command("demo", "mine").returncode == 2
    assert path.read_text().startswith("# mine")
