"""A name that may mean an indicator or a column is refused, wherever it stands."""

import numpy as np
import polars as pl
import pytest

import ahpvalue as av

LINE = {"linear": [[0, 0], [10, 100]]}


def sections(**more):
    """`b` reads column `b_now`; the table has a column `b`, too."""
    return {
        "hierarchy": {"value": {"top": ["a", "b"]}},
        "judgments": {"weights": {"top": {"a": 0.5, "b": 0.5}}},
        "indicators": {"a": LINE, "b": LINE | {"column": "b_now"}},
    } | more


def table(**more):
    rows = {"customer": np.arange(40), "a": np.arange(40.0) % 10, "b_now": np.arange(40.0) % 7}
    return rows | {"b": np.arange(40.0) % 2} | more


SAID = "'b' may mean the indicator, which reads column 'b_now', or the column 'b' of the table"
LEVELS = {"core": {"score": 50}, "rest": {}}
PLACES = {
    "peers": {"peers": {"by": ["b"], "minimum": 2}},
    "active": {"active": {"when": {"b": {"above": 0}}}},
    "of": {"tiers": {"levels": {"core": {"cumulative": "50%", "of": "b"}, "rest": {}}}},
    "veto": {
        "tiers": {
            "levels": LEVELS,
            "vetoes": {"v": {"when": {"b": {"above": 1}}, "at_most": "rest"}},
        }
    },
    "segment": {"segments": {"rules": {"s": {"when": {"b": {"above": 1}}}}}},
}


def use(place, customers):
    fitted = av.Model(**sections(**PLACES[place])).fit(customers)
    scores = fitted.score(customers)
    return scores.segments() if place == "segment" else scores.tiers() if place == "veto" else None


@pytest.mark.parametrize("place", PLACES)
def test_a_column_and_an_indicator_of_one_name_are_refused(place):
    with pytest.raises(av.CustomerDataError, match=SAID):
        use(place, table())
    without = {name: values for name, values in table().items() if name != "b"}
    use(place, without)  # without the column there is one meaning


@pytest.mark.parametrize("place", ["peers", "active"])
def test_lazy_tables_are_refused_alike(place):
    model = av.Model(**sections(**PLACES[place]))
    with pytest.raises(av.CustomerDataError, match=SAID):
        model.fit(pl.DataFrame(table()).lazy())


def test_whoever_asks_for_values_by_name_is_told_too():
    scores = av.Model(**sections()).score(table())
    for ask in (scores.values, scores.core):
        with pytest.raises(av.CustomerDataError, match=SAID):
            ask("b")
    assert scores.values("b_now").tolist() == table()["b_now"].tolist()


@pytest.mark.parametrize("place", PLACES)
def test_what_the_document_alone_shows_is_refused_at_its_door(place):
    twice = sections()["indicators"] | {"a": LINE | {"column": "b"}}
    with pytest.raises(av.ModelError, match="b may mean the indicator, which reads column b_now, "):
        av.Model(**sections(indicators=twice, **PLACES[place]))


@pytest.mark.parametrize("place", ["veto", "segment", "active"])
def test_a_criterion_and_a_column_of_one_name_are_refused(place):
    more = {
        "veto": {
            "tiers": {
                "levels": LEVELS,
                "vetoes": {"v": {"when": {"top": {"above": 1}}, "at_most": "rest"}},
            }
        },
        "segment": {"segments": {"rules": {"s": {"when": {"top": {"above": 1}}}}}},
        "active": {"active": {"when": {"top": {"above": 0}}}},
    }[place]
    reads = sections()["indicators"] | {"a": LINE | {"column": "top"}}
    with pytest.raises(av.ModelError, match=r"top (may mean the criterion|is a criterion)"):
        av.Model(**sections(indicators=reads, **more))


def test_words_of_the_history_are_not_shadowed():
    rules = {"segments": {"rules": {"s": {"when": {"periods": {"above": 1}}}}}}
    renamed = {
        "hierarchy": {"value": ["a", "periods"]},
        "judgments": {"weights": {"value": {"a": 0.5, "periods": 0.5}}},
        "indicators": {"a": LINE, "periods": LINE},
    }
    with pytest.raises(av.ModelError, match="periods is what the history says"):
        av.Model(**renamed, **rules)
    scores = av.Model(**sections(**rules)).score(table(periods=np.ones(40)))
    with pytest.raises(av.CustomerDataError, match="'periods' may mean what the history says"):
        scores.segments()
