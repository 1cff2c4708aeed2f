"""A table changed in place after it was scored: everybody holds what was scored, or notices."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.scoring.customers import seal as seals
from ahpvalue.scoring.customers.seal import Seal

MODEL = av.Model(
    hierarchy={"value": {"money": ["sales", "pay"], "sort": ["kind"]}},
    judgments={
        "weights": {
            "value": {"money": 0.8, "sort": 0.2},
            "money": {"sales": 0.5, "pay": 0.5},
            "sort": {"kind": 1.0},
        }
    },
    indicators={
        "sales": {"percentile": {}, "changeable": True},
        "pay": {"linear": [[0, 0], [100, 100]]},
        "kind": {"categories": {"a": 100, "b": 0}},
    },
    tiers={
        "levels": {"core": {"top": "30%"}, "general": {}},
        "vetoes": {"poor": {"when": {"profit": {"below": 0}}, "at_most": "general"}},
    },
    segments={"rules": {"rich": {"when": {"profit": {"at_least": 5}}}}},
)


DRAWS = {
    "value": np.array([[0.8, 0.2]]),
    "money": np.array([[0.4, 0.6]]),
    "sort": np.array([[1.0]]),
}


def fresh():
    rng = np.random.default_rng(3)
    return {
        "customer": np.arange(40),
        "sales": rng.random(40) * 100,
        "pay": rng.integers(0, 100, 40),
        "kind": np.array(["a", "b"] * 20),
        "profit": rng.random(40) * 20 - 5,
        "city": np.array(["x", "y"] * 20, dtype=object),
    }


FITTED = MODEL.fit(fresh())

ASKED = {
    "frame": lambda s: s.frame,
    "contributions": lambda s: s.contributions,
    "inputs": lambda s: str(s.inputs),
    "rank": lambda s: s["rank"],
    "values": lambda s: s.values("profit"),
    "criterion": lambda s: s.values("money"),
    "table": str,
    "to_dict": lambda s: s.to_dict(),
    "tiers": lambda s: s.tiers().frame,
    "segments": lambda s: s.segments().frame,
    "concentration": lambda s: str(s.concentration("profit")),
    "core": lambda s: str(s.core("profit")),
    "compare": lambda s: s.compare(s).causes,
    "compare as previous": lambda s: FITTED.score(fresh()).compare(s).causes,
    "explain": lambda s: str(s.explain(3)),
    "reasons": lambda s: s.reasons().to_dict(),
    "path_up": lambda s: str(s.path_up(3)),
    "paths_up": lambda s: str(s.paths_up()),
    "robustness": lambda s: str(s.robustness([DRAWS])),
    "stability": lambda s: str(s.stability()),
    "record": lambda s: s.record("r", "2022").to_dict(),
}

CHANGES = {
    "a value": lambda t: t["sales"].__setitem__(3, 1.5),
    "a value of whole numbers": lambda t: t["pay"].__setitem__(3, 101),
    "a value beyond the ends": lambda t: t["sales"].__setitem__(int(np.argmax(t["sales"])), 1e9),
    "two values exchanged": lambda t: t["sales"].__setitem__([3, 4], t["sales"][[4, 3]]),
    "sorted": lambda t: t["sales"].sort(),
    "missing now": lambda t: t["sales"].__setitem__(3, np.nan),
    "a category": lambda t: t["kind"].__setitem__(3, "a"),
    "another column": lambda t: t["profit"].__setitem__(3, -1.0),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("change", CHANGES)
def test_whoever_asks_of_arrays_that_were_changed_is_refused(asked, change):
    table = fresh()
    scores = FITTED.score(table)
    CHANGES[change](table)
    with pytest.raises(av.CustomerDataError, match="changed after it was scored; score it again"):
        ASKED[asked](scores)


def test_a_result_made_before_the_change_stays_what_it_was():
    table = fresh()
    scores = FITTED.score(table)
    tiers = scores.tiers()
    kept = [scores["total"].copy(), scores.ids, str(tiers), tiers.to_dict(), scores.core("profit")]
    shown = str(kept[-1])
    record = scores.record("r", "2022", tiers=tiers)
    table["sales"][:] = 0
    table["profit"][:] = 0
    table["customer"][:] = 7
    assert np.array_equal(scores["total"], kept[0])
    assert [scores.ids, str(tiers), tiers.to_dict(), str(kept[-1])] == [*kept[1:-1], shown]
    with pytest.raises(av.CustomerDataError, match="changed after it was scored"):
        list(record.blocks())  # which are made when they are written


def test_a_total_that_was_not_asked_for_is_not_computed_from_changed_values():
    table = fresh()
    tiers = FITTED.score(table, outputs=["money"])
    table["sales"][3] = 0
    with pytest.raises(av.CustomerDataError, match="changed after it was scored"):
        tiers.status  # noqa: B018


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
@pytest.mark.parametrize("change", ["cell", "column", "new column"])
def test_a_frame_is_held_as_it_was(kind, change, asked):
    table = kind(fresh())
    scores, wanted = FITTED.score(table), FITTED.score(kind(fresh()))
    for name, value in (("sales", 1.5), ("profit", -3.0), ("customer", 99)):
        if change == "cell" and kind is pd.DataFrame:
            table.loc[3, name] = value
        elif change == "cell":
            table[3, name] = value
        elif kind is pd.DataFrame:
            table[name if change == "column" else name + "_"] = value
        else:
            named = pl.lit(value).alias(name if change == "column" else name + "_")
            table.insert_column(0, pl.Series(name + "_", [value] * 40))
            table[3, name] = table.select(named).item()
    if change == "cell" and kind is pd.DataFrame and not seals._copies_on_write():
        with pytest.raises(av.CustomerDataError, match="changed after it was scored"):
            ASKED[asked](scores)
        return
    found, expected = ASKED[asked](scores), ASKED[asked](wanted)
    if isinstance(found, (pd.DataFrame, pl.DataFrame, np.ndarray)):
        assert np.array_equal(np.array(found).astype(str), np.array(expected).astype(str))
    else:
        assert str(found) == str(expected)


def test_arrow_over_an_array_that_was_changed_is_noticed():
    values = fresh()
    arrow = {name: pa.array(one) for name, one in values.items()}
    scores = FITTED.score(pa.table(arrow))
    values["sales"][3] = 1.5
    with pytest.raises(av.CustomerDataError, match="changed after it was scored"):
        scores.core("profit")


def test_an_older_pandas_that_shares_its_memory_is_sealed(monkeypatch):
    monkeypatch.setattr(seals, "_copies_on_write", lambda: False)
    table = pd.DataFrame(fresh())
    scores = FITTED.score(table)
    column = table["profit"].to_numpy()
    column.flags.writeable = True
    column[3] = -4.0
    with pytest.raises(av.CustomerDataError, match="changed after it was scored"):
        scores.core("profit")


COLUMNS = {
    "nullable": lambda: pd.array([1.0, None] * 20, "Float64"),
    "whole": lambda: pd.array([1, None] * 20, "Int64"),
    "truth": lambda: pd.array([True, None] * 20, "boolean"),
    "arrow": lambda: pd.array([1.0, None] * 20, pd.ArrowDtype(pa.float64())),
    "arrow truth": lambda: pd.array([True, None] * 20, pd.ArrowDtype(pa.bool_())),
    "sparse": lambda: pd.arrays.SparseArray([1.0, 0.0] * 20),
    "category": lambda: pd.Categorical([1.0, 0.0] * 20),
}


@pytest.mark.parametrize("copies", [True, False])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_pandas_column_of_any_type_is_held_as_it_was(column, copies, monkeypatch):
    if not copies:
        monkeypatch.setattr(seals, "_copies_on_write", lambda: False)  # as an older pandas
    table = pd.DataFrame(fresh()).assign(
        pay=COLUMNS[column](), profit=pd.date_range("2020", periods=40, tz="UTC")
    )
    model = av.Model(
        hierarchy={"value": ["pay"]},
        judgments={"weights": {"value": {"pay": 1.0}}},
        indicators={
            "pay": {"linear": [[0, 0], [2, 100]], "missing": "worst", "range": [None, None]}
        },
    )
    wanted = model.score(table.copy(deep=True))["total"]
    scores = model.score(table, outputs=["rank"])
    if column != "sparse":  # which cannot be changed in place
        table.loc[0, "pay"] = False if "truth" in column else 0
    assert scores["total"].tolist() == wanted.tolist()
    assert len(scores.frame) == 40


def test_an_empty_table_and_lists_can_be_sealed():
    assert len(FITTED.score({name: values[:0] for name, values in fresh().items()}).frame) > 0
    lists = {name: values.tolist() for name, values in fresh().items()}
    scores = FITTED.score(lists)
    lists["sales"][3] = 0.0
    assert str(scores.core("profit")) == str(FITTED.score(fresh()).core("profit"))


KINDS = [np.float64, np.float32, np.int8, np.int64, np.bool_, "U5", "M8[s]", "S3", np.float16]


@given(st.data())
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", [1, 3])
def test_a_seal_notices_any_cell(kind, step, data):
    size = data.draw(st.sampled_from([1, 2, 7, 9, 33, 301, seals._BLOCK + 5]))
    array = np.zeros(size * step, dtype=np.int64)[::step].astype(kind)
    array = np.repeat(array, step)[::step]
    seal = Seal.of([array])
    seal.refuse_changed()
    array[data.draw(st.integers(0, size - 1))] = np.array(1).astype(kind)
    with pytest.raises(av.CustomerDataError):
        seal.refuse_changed()


def test_a_seal_notices_exchanged_cells():
    array = np.random.default_rng(0).random(5_000)
    seal = Seal.of([array])
    for distance in (1, 2, 8, 64, 1_000, 1_024, 4_096):
        array[[0, distance]] = array[[distance, 0]]
        with pytest.raises(av.CustomerDataError):
            seal.refuse_changed()
        array[[0, distance]] = array[[distance, 0]]
        seal.refuse_changed()
