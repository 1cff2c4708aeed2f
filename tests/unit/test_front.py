"""What people hold: typed, honest about what it is, and the same words everywhere."""

import inspect
import typing

import duckdb
import numpy as np
import polars as pl
import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers

TABLE = {"customer": ["C1", "C2", "C3"], "sales": [4.5, 9.0, 1.0]}


@pytest.fixture(scope="module")
def model():
    return av.Model(
        hierarchy={"value": ["sales"]},
        indicators={"sales": {"linear": [[0, 0], [9, 100]]}},
        tiers={"levels": {"core": {"score": 60}, "general": {}}},
    )


def public_functions():
    for name in av.__all__:
        thing = getattr(av, name)
        if inspect.isclass(thing) and thing.__module__.startswith("ahpvalue"):
            for inner, found in vars(thing).items():
                function = found.fget if isinstance(found, property) else found
                if not inner.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{inner}", function
        elif inspect.isfunction(thing):
            yield name, thing


def test_the_annotations_of_every_public_function_can_be_looked_up():
    names = []
    for name, function in public_functions():
        names.append(name)
        typing.get_type_hints(function)
    assert {"Scores.tiers", "Model.score", "LazyScores.collect", "from_transactions"} <= {*names}


def test_only_public_names_are_listed():
    assert dir(av) == sorted([*av.__all__, "__version__"])


def test_a_language_is_given_by_name_everywhere():
    for name, function in public_functions():
        for argument in inspect.signature(function).parameters.values():
            if argument.name == "language":
                assert argument.kind is argument.KEYWORD_ONLY, name


def test_a_lazy_table_gives_lazy_scores_and_collect_gives_scores(model):
    for lazy in (pl.LazyFrame(TABLE), duckdb.from_arrow(pl.DataFrame(TABLE).to_arrow())):
        scores = model.score(lazy)
        assert type(scores) is av.LazyScores
        collected = scores.collect()
        assert type(collected) is av.Scores
        assert collected["total"].tolist() == [50.0, 100.0, 100 / 9]
        assert collected["rank"].tolist() == [2, 1, 3]
    assert model.score(pl.LazyFrame(TABLE), outputs=["total"]).collect().outputs == ("total",)


@pytest.mark.parametrize(
    "ask",
    [
        len,
        list,
        lambda scores: scores["total"],
        lambda scores: scores.to_dict(),
        lambda scores: scores.to_frame("pandas"),
        lambda scores: scores.tiers(),
        lambda scores: scores.explain("C1"),
        lambda scores: scores.status,
    ],
)
def test_what_needs_the_customers_in_memory_says_so_in_one_sentence(model, ask):
    with pytest.raises((TypeError, AttributeError, av.CustomerDataError)) as refused:
        ask(model.score(pl.LazyFrame(TABLE)))
    assert "needs the customers in memory: scores.collect() reads all of them" in str(refused.value)


def test_to_frame_of_lazy_scores_is_the_lazy_frame(model):
    assert isinstance(model.score(pl.LazyFrame(TABLE)).to_frame(), pl.LazyFrame)


@pytest.fixture(scope="module")
def results():
    fitted = av.template("retail-terminal").fit(synthetic_customers(200))
    scores = fitted.score(synthetic_customers(120, seed=8))
    tiers = scores.tiers(period="2022Q1")
    return {
        "scores": (scores, 120),
        "tiers": (tiers, 120),
        "core": (scores.core("monthly_order"), 120),
        "segments": (scores.segments(tiers), 120),
        "paths": (scores.paths_up(tiers), 120),
        "movements": (scores.compare(scores, tiers, tiers), 120),
        "robustness": (scores.robustness(20), 120),
        "shift": (fitted.shift(synthetic_customers(120, seed=8)), 12),
        "weights": (fitted.weights(), 24),
    }


NAMES = ("scores", "tiers", "core", "segments", "paths", "movements", "robustness", "shift")


@pytest.mark.parametrize("name", [*NAMES, "weights"])
def test_the_data_has_a_row_per_customer_or_node_and_the_table_is_the_summary(results, name):
    result, rows = results[name]
    data = result.to_dict()
    assert {len(column) for column in data.values()} == {rows}
    for kind in ("pandas", "polars"):
        frame = result.to_frame(kind)
        assert list(frame.columns) == list(data)
        assert len(frame) == rows
    assert isinstance(result.table(), av.Table)


def test_scores_answer_like_the_mapping_they_look_like(model):
    scores = model.score(TABLE)
    assert list(scores) == list(scores.outputs)
    assert "total" in scores
    assert "sales" not in scores
    assert scores.ids == TABLE["customer"]
    assert np.array_equal(scores.values("sales"), TABLE["sales"])
