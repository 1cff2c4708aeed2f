"""Lazy frames stay lazy, say what an eager one would, and can be looked into."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest

import ahpvalue as av

ROWS = {
    "customer": ["C1", "C2", "C3", "C4"],
    "sales": [10.0, None, 55.0, 120.0],
    "kind": ["A", "B", "A", None],
}
MODEL = av.Model(
    hierarchy={"value": {"profit": ["sales"], "place": ["kind"]}},
    judgments={"weights": {"value": {"profit": 0.7, "place": 0.3}}},
    indicators={
        "sales": {"linear": [[0, 0], [100, 100]], "missing": "renormalise"},
        "kind": {"categories": {"A": 100, "B": 20}, "missing": "worst"},
    },
)


class RunError(Exception):
    """The frame was computed."""


def alarmed(frame: pl.DataFrame) -> pl.LazyFrame:
    """A lazy frame that raises as soon as somebody computes it."""

    def stop(_: pl.DataFrame) -> pl.DataFrame:
        raise RunError

    return frame.lazy().map_batches(stop, schema=frame.schema)


def test_nothing_is_computed_before_somebody_asks_for_it():
    scores = MODEL.score(alarmed(pl.DataFrame(ROWS)))
    assert isinstance(scores, av.LazyScores)
    frames = (scores.frame, scores.contributions)
    assert "polars" in repr(scores)
    assert "total" in scores._repr_html_()
    for frame in frames:
        assert isinstance(frame, pl.LazyFrame)
        with pytest.raises(RunError):
            frame.collect()


def test_a_relation_that_could_not_be_computed_is_scored_without_a_complaint():
    broken = duckdb.sql(
        "select 'C1' as customer, cast(error('computed') as double) as sales, 'A' as kind"
    )
    scores = MODEL.score(broken)
    assert isinstance(scores.frame, duckdb.DuckDBPyRelation)
    with pytest.raises(duckdb.Error, match="computed"):
        scores.frame.fetchall()


def test_ranks_are_made_only_when_they_are_named():
    lazy = pl.LazyFrame(ROWS)
    assert {"rank", "percentile"}.isdisjoint(MODEL.score(lazy).outputs)
    named = MODEL.score(lazy, outputs=["rank", "percentile"]).frame.collect()
    eager = MODEL.score(pl.DataFrame(ROWS))
    assert named["rank"].to_list() == eager["rank"].tolist()
    assert named["percentile"].to_list() == eager["percentile"].tolist()


def test_columns_that_are_not_there_or_hold_no_figures_are_refused_at_once():
    lazy = pl.LazyFrame({"customer": ["C1"], "sale": [1.0], "kind": ["A"]})
    with pytest.raises(av.CustomerDataError, match=r"no column 'sales' \(sales\); did you mean"):
        MODEL.score(lazy)
    dates = lazy.rename({"sale": "sales"}).with_columns(sales=pl.date(2024, 1, 1))
    with pytest.raises(av.CustomerDataError, match=r"'sales' .* holds Date values, not numbers"):
        MODEL.score(dates)
    with pytest.raises(av.CustomerDataError, match="there is no output 'totl'"):
        MODEL.score(pl.LazyFrame(ROWS), outputs=["totl"])


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_check_says_what_an_eager_table_would_say(engine):
    rows = pl.DataFrame(ROWS | {"sales": [10.0, None, float("inf"), 120.0]})
    rows = rows.with_columns(kind=pl.Series(["A", "B", "C", None]))
    table = rows.lazy() if engine == "polars" else duckdb.from_arrow(rows.to_arrow())
    with pytest.raises(av.CustomerDataError) as refused:
        MODEL.score(table).check()
    said = str(refused.value)
    assert "column 'sales' (sales): infinite for C3; give a finite value" in said
    assert "column 'kind' (kind): holds what the model does not know for C3" in said
    strict = av.Model(
        hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [100, 100]]}}
    )
    with pytest.raises(av.CustomerDataError) as lazy:
        strict.score(pl.LazyFrame(ROWS)).check()
    with pytest.raises(av.CustomerDataError) as eager:
        strict.score(pl.DataFrame(ROWS))
    assert str(lazy.value) == str(eager.value)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_check_counts_and_warns_like_an_eager_table(engine):
    rows = pl.DataFrame(ROWS).with_columns(sales=pl.Series([10.0, None, -3.0, 120.0]))
    table = rows.lazy() if engine == "polars" else duckdb.from_arrow(rows.to_arrow())
    with pytest.warns(av.CustomerDataWarning) as eager:
        want = MODEL.score(rows).inputs
    with pytest.warns(av.CustomerDataWarning) as lazy:
        got = MODEL.score(table).check()
    assert got.to_dict() == want.to_dict()
    assert [str(one.message) for one in lazy] == [str(one.message) for one in eager]


def test_check_refuses_repeated_ids_where_ranks_are_asked_for():
    doubled = pl.LazyFrame(ROWS | {"customer": ["C1", "C1", None, "C4"]})
    MODEL.score(doubled).check()
    with pytest.raises(av.CustomerDataError, match="2 rows have no id, or one that stands in"):
        MODEL.score(doubled, outputs=["rank"]).check()


def test_some_customers_can_be_pulled_into_memory():
    relation = duckdb.from_arrow(pl.DataFrame(ROWS).to_arrow())
    scores = MODEL.score(relation)
    pulled = scores.pull(["C3", "C1"])
    eager = MODEL.score(pl.DataFrame(ROWS))
    assert sorted(pulled.to_dict()["customer"]) == ["C1", "C3"]
    assert sorted(pulled["total"].tolist()) == sorted(eager["total"][[0, 2]].tolist())
    assert pulled.contributions.num_rows == 2
    with pytest.raises(av.CustomerDataError, match="there is no customer C9 in column 'customer'"):
        scores.pull(["C1", "C9"])


def test_decisions_say_that_they_need_the_customers_in_memory():
    scores = MODEL.score(pl.LazyFrame(ROWS))
    assert not hasattr(scores, "tiers")
    with pytest.raises(AttributeError, match=r"tiers needs the customers in memory.*pull"):
        scores.tiers()
    with pytest.raises(AttributeError, match="object has no attribute 'tire'"):
        scores.tire()


def test_scores_and_figures_are_read_by_name_and_others_refused():
    scores = MODEL.score(pl.LazyFrame(ROWS))
    read = scores.read(["profit", "sales"])
    np.testing.assert_array_equal(read["sales"], [10, np.nan, 55, 120])
    np.testing.assert_array_equal(read["profit"], [10, np.nan, 55, 100])
    with pytest.raises(av.CustomerDataError, match="no column 'sale'; did you mean 'sales'"):
        scores.read(["sale"])
    with pytest.raises(av.CustomerDataError, match="column 'customer': holds no numbers"):
        scores.read(["customer"])
    with pytest.raises(av.CustomerDataError, match="kind holds categories, not numbers"):
        scores.read(["kind"])
    with pytest.raises(av.CustomerDataError, match="a sensitivity needs the customers in memory"):
        MODEL.sensitivity(pl.LazyFrame(ROWS))


def test_engines_that_do_not_tell_capitals_are_not_given_names_that_need_it():
    two = av.Model(
        hierarchy={"value": {"Sales": ["sales"], "b": ["other"]}},
        indicators={name: {"linear": [[0, 0], [1, 100]]} for name in ("sales", "other")},
        judgments={"weights": {"value": {"Sales": 0.5, "b": 0.5}}},
    )
    rows = pl.DataFrame({"customer": ["C"], "sales": [0.5], "other": [1.0]})
    assert two.score(rows.lazy()).frame.collect()["total"].item() == 75
    with pytest.raises(av.CustomerDataError, match="does not tell sales from Sales; rename one"):
        two.score(duckdb.from_arrow(rows.to_arrow()))


def test_ids_of_any_kind_come_back_as_they_are():
    for ids in ([3, 1, 2, 4], ["00003", "Ü", "a'b", ""]):
        rows = pl.DataFrame(ROWS | {"customer": ids})
        got = MODEL.score(duckdb.from_arrow(rows.to_arrow())).frame.pl()
        assert got["customer"].to_list() == ids
        np.testing.assert_array_equal(got["total"], MODEL.score(rows, outputs=["total"])["total"])


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_column_of_text_is_missing_where_it_is_empty_and_refused_where_it_is_not(engine):
    """Whoever reads a file in which nobody has a value gets a column of text."""
    rows = pl.DataFrame(
        ROWS | {"sales": [None, None, "55", None]}, schema_overrides={"sales": pl.String}
    )
    table = rows.lazy() if engine == "polars" else duckdb.from_arrow(rows.to_arrow())
    with pytest.warns(av.CustomerDataWarning, match="is a column of text; a customer for whom"):
        scores = MODEL.score(table)
    found = scores.frame.collect() if engine == "polars" else scores.frame.pl()
    assert found["total"].to_list() == [100.0, 20.0, None, 20.0]
    assert found["status"].to_list() == ["rated", "rated", "refused", "rated"]
    with pytest.raises(av.CustomerDataError, match=r"\(sales\): holds text for C3; convert"):
        scores.check()


def test_a_quotient_is_rounded_once_where_everybody_has_the_same_divisor():
    """polars would multiply by the reciprocal of a weight that is left to all customers alike."""
    rows = pl.DataFrame(
        {
            "customer": list(range(500)),
            "x": np.random.default_rng(5).random(500),
            "y": [None] * 500,
            "z": np.random.default_rng(6).random(500),
        },
        schema_overrides={"y": pl.Float64},
    )
    curve = {"linear": [[0, 0], [1, 100]], "missing": "renormalise"}
    model = av.Model(
        hierarchy={"value": ["x", "y", "z"]},
        judgments={"weights": {"value": {"x": 0.37, "y": 0.21, "z": 0.42}}},
        indicators=dict.fromkeys("xyz", curve),
    )
    with pytest.warns(av.CustomerDataWarning, match="all 500 customers lack it"):
        want = model.score(rows)["total"]
    got = model.score(rows.lazy()).frame.collect()["total"]
    np.testing.assert_array_equal(got, want)
