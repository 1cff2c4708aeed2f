"""When two ids are the same: one rule for every join, and no join fails to match silently."""

import datetime as dt
import re
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ahpvalue as av
from ahpvalue.scoring import find_customer, match_customers, read_customers

MODEL = av.Model(
    hierarchy={"value": ["sales"]},
    indicators={"sales": {"linear": [[0, 0], [100, 100]]}},
    tiers={"levels": {"core": {"score": 50}, "general": {}}, "confirmation": 2},
    segments={"rules": {"old": {"when": {"previous_tier": ["core"]}}}},
)


def objects(*ids):
    array = np.empty(len(ids), dtype=object)
    array[:] = ids
    return array


def table_of(ids):
    return read_customers({"customer": ids}, "customer", [])


def matched(here, there):
    return match_customers(table_of(here), table_of(there), "the other table").rows.tolist()


# -- the same id, however it is kept ---------------------------------------------------------


def kind_of(ids):
    return str(getattr(ids, "dtype", getattr(ids, "type", "")))


SEVENTEEN = [
    np.array([17, 5]),
    np.array([17, 5], dtype=np.int8),
    np.array([17, 5], dtype=np.uint64),
    np.array([17.0, 5.0]),
    np.array([17.0, 5.0], dtype=np.float32),
    np.array(["17", "5"]),
    objects("17", "5"),
    objects(17, "5"),
    objects("17", 5.0),
    objects(np.str_("17"), np.int64(5)),
    objects(Decimal("17"), Decimal("5.00")),
    pd.Series([17, 5], dtype="Int64"),
    pd.Series(["17", "5"], dtype="string"),
    pd.Series(["17", "5"], dtype="category"),
    pd.Series([17, 5], dtype="category"),
    pd.Series([17, 5], dtype=pd.ArrowDtype(pa.int32())),
    pd.Series(["17", "5"], dtype=pd.ArrowDtype(pa.string())),
    pl.Series([17, 5], dtype=pl.UInt16),
    pl.Series(["17", "5"]),
    pl.Series(["17", "5"], dtype=pl.Categorical),
    pl.Series(["17", "5"], dtype=pl.Enum(["5", "17"])),
    pl.Series([Decimal("17.0"), Decimal(5)], dtype=pl.Decimal(10, 2)),
    pa.chunked_array([pa.array(["17"]), pa.array(["5"])]),
    pa.array(["17", "5"], type=pa.large_string()),
    pa.array(["17", "5"]).dictionary_encode(),
    pa.array([Decimal(17), Decimal(5)], type=pa.decimal128(5, 0)),
]


def frame_of(ids, **columns):
    """A table of the library that the ids come from."""
    if isinstance(ids, np.ndarray):
        return {"customer": ids} | {name: np.array(one) for name, one in columns.items()}
    if isinstance(ids, pd.Series):
        return pd.DataFrame({"customer": ids} | columns)
    if isinstance(ids, pl.Series):
        return pl.DataFrame({"customer": ids} | columns)
    return pa.table({"customer": ids} | columns)


@pytest.mark.parametrize("there", [0, 5, 13, 22])
@pytest.mark.parametrize(
    "here",
    SEVENTEEN,
    ids=lambda ids: str(getattr(ids, "dtype", ids.type if hasattr(ids, "type") else "")),
)
def test_an_id_is_the_same_as_number_and_as_text(here, there):
    before = MODEL.score(frame_of(SEVENTEEN[there], sales=[90.0, 10.0])).tiers(period="2022Q1")
    scores = MODEL.score(frame_of(here, sales=[10.0, 10.0]))
    tiers = scores.tiers(before.frame, period="2022Q2")
    assert tiers.tier.tolist() == ["core", "general"]
    assert tiers.standing.tier_periods.tolist() == [2, 2]
    assert scores.compare(MODEL.score(frame_of(SEVENTEEN[there], sales=[90.0, 10.0]))).upgrades == 0
    assert scores.segments(history=before.frame).segment.tolist() == ["old", "unassigned"]
    assert scores.record("r", "2022Q2").to_dict()["customer"][:2] == ["17", "5"]


DAYS = [dt.date(2024, 1, 31), dt.date(2024, 2, 29)]


@pytest.mark.parametrize(
    "ids",
    [
        objects(*DAYS),
        np.array(DAYS, dtype="datetime64[D]"),
        np.array(DAYS, dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(DAYS)),
        pl.Series(DAYS),
        pa.array(DAYS, type=pa.date32()),
    ],
    ids=["objects", "days", "nanoseconds", "pandas", "polars", "arrow"],
)
def test_a_day_is_the_day_that_is_written(ids):
    before = MODEL.score({"customer": ["2024-01-31", "2024-02-29"], "sales": [90.0, 10.0]})
    tiers = MODEL.score(frame_of(ids, sales=[1.0, 1.0])).tiers(before.tiers())
    assert tiers.standing.tier_periods.tolist() == [2, 2]


def test_a_time_of_a_zone_that_was_written_as_text_is_an_error():
    moment = dt.datetime(2024, 1, 31, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    with pytest.raises(av.CustomerDataError, match="days or times that are written in another way"):
        matched(objects(moment), [str(moment)])


def test_a_time_of_a_zone_is_the_same_moment_of_another():
    moment = dt.datetime(2024, 1, 31, 12, tzinfo=dt.UTC)
    other = moment.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert matched(objects(moment), objects(other)) == [0]


@given(st.lists(st.integers(-(10**20), 10**20), unique=True, min_size=1, max_size=20), st.data())
def test_whole_numbers_match_their_texts_in_any_order(ids, data):
    there = data.draw(st.permutations(ids))
    rows = matched(objects(*ids), np.array(list(map(str, there))))
    assert [there[row] for row in rows] == ids


# -- ids that are the same only after a change -----------------------------------------------

NEARLY = [
    ("00001", 1),
    ("00001", "1"),
    ("1.0", 1),
    ("1.0", "1"),
    ("1,001", 1001),
    ("+1", 1),
    ("'00001", "00001"),
    ('="00001"', "00001"),
    ("C1", "c1"),
    ("straße", "STRASSE"),
    ("C1 ", "C1"),
    ("C1", " C1"),
    ("C 1", "C1"),
    ("C1\u00a0", "C1"),
    ("C1\u200b", "C1"),
    ("\ufeffC1", "C1"),
    ("C1\r", "C1"),
    ("\uff11\uff17", "17"),
    ("\uff23\uff11", "C1"),
    ("C\u20131", "C-1"),
    ("Caf\u00e9", "Cafe\u0301"),
    ("1e+05", 100000),
    ("1E5", "100000"),
    ("1.23457E+11", 123456789012),
    ("1.23457E+11", "123456789012"),
    ("1.23456789012346E+17", "123456789012345678"),
    ("123456789012345000", "123456789012345678"),
    ("2024-01-31 00:00:00", "2024-01-31"),
    ("2024-01-31T12:00:00Z", "2024-01-31 12:00"),
]


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(("one", "other"), NEARLY)
def test_ids_that_match_only_after_a_change_are_named(one, other, is_turned):
    here, there = (other, one) if is_turned else (one, other)
    said = r"column 'customer': .* here and .* there; "
    for rest in ([], ["B7"]):  # nobody else matches, or somebody does
        with pytest.raises(av.CustomerDataError, match=said):
            matched(objects(here, *rest), objects(there, *rest))


@pytest.mark.parametrize("join", ["tiers", "compare", "segments", "overrides", "published"])
def test_leading_zeros_lost_for_a_part_are_an_error_in_every_join(join):
    now = MODEL.score({"customer": ["00001", "10001", "10002"], "sales": [90.0] * 3})
    then = MODEL.score({"customer": [1, 10001, 10002], "sales": [90.0] * 3})
    state = then.tiers(period="2022Q1").frame
    given = {"customer": [1, 10001], "tier": ["core"] * 2, "reason": ["x"] * 2}
    given |= {"author": ["a"] * 2, "expires": ["2030"] * 2}
    joins = {
        "tiers": lambda: now.tiers(state, period="2022Q2"),
        "compare": lambda: now.compare(then),
        "segments": lambda: now.segments(history=state),
        "overrides": lambda: now.tiers(period="2022Q2", overrides=given),
        "published": lambda: now.published_tiers(state),
    }
    with pytest.raises(av.CustomerDataError) as refused:
        joins[join]()
    said = str(refused.value)
    assert "leading zeros" in said
    assert "'00001'" in said
    assert "'1'" in said
    assert "read the column 'customer' as text" in said
    assert "\n" not in said


def test_a_number_may_have_been_another_text_than_the_one_it_equals():
    with pytest.raises(av.CustomerDataError, match="'00001' here and '1' there"):
        matched(["1", "00001"], [1])
    with pytest.raises(av.CustomerDataError, match="'1' here and '00001' there"):
        matched([1], ["1", "00001"])


def test_ids_that_a_table_tells_apart_are_different_customers():
    assert matched(["a1", "A1", "01", "1"], ["a1", "1"]) == [0, -1, -1, 1]
    assert matched(["a1", "1"], ["a1", "A1", "01", "1"]) == [0, 3]


def test_long_numbers_of_different_customers_are_no_likes():
    ids = [10**17 + 7 * k for k in range(100)]
    assert matched(ids[:60], ids[40:]) == [-1] * 40 + list(range(20))


SOME = st.lists(st.sampled_from(["C1", "c1", "1", "01", 1, "1.0", 2, "B"]), max_size=6, unique=True)


@given(SOME, SOME)
@pytest.mark.filterwarnings("ignore:none of:ahpvalue.CustomerDataWarning", "ignore:the customer")
def test_a_match_is_of_ids_written_alike_and_what_is_left_is_unlike(here, there):
    try:
        rows = matched(objects(*here), objects(*there))
    except av.CustomerDataError:
        return
    assert [str(there[row]) for row in rows if row != -1] == [
        str(one) for one, row in zip(here, rows, strict=True) if row != -1
    ]
    left = {str(one) for k, one in enumerate(there) if k not in rows}
    new = {str(one) for one, row in zip(here, rows, strict=True) if row == -1}
    assert not {one.lower().lstrip("0") for one in new} & {one.lower().lstrip("0") for one in left}


# -- ids that are none, or twice -------------------------------------------------------------

NO_IDS = [
    objects([1, 2], [3]),
    objects((1, 2), "a"),
    objects({"a": 1}, "b"),
    objects(b"1", b"2"),
    objects(True, False),
    objects(float("inf"), 1),
    np.array([True, False]),
    np.array([b"1", b"2"]),
    np.array([1e17, 2e17]),
    pd.Series([[1], [2]]),
    pd.Series([True, False]),
    pl.Series([[1], [2]]),
    pl.Series([{"a": 1}, {"a": 2}]),
    pl.Series([b"1", b"2"]),
    pl.Series([[1, 2], [2, 3]], dtype=pl.Array(pl.Int64, 2)),
    pa.array([{"a": 1}, {"a": 2}]),
    pa.array([[1], [2]]),
    pa.array([b"1", b"2"]),
    pa.array([True, False]),
]


@pytest.mark.parametrize(
    "ids",
    NO_IDS,
    ids=lambda ids: str(getattr(ids, "dtype", ids.type if hasattr(ids, "type") else "")),
)
def test_what_can_name_nobody_is_refused_in_one_sentence(ids):
    with pytest.raises(av.CustomerDataError, match=r"column 'customer': row 1: .*; ") as refused:
        MODEL.score(frame_of(ids, sales=[1.0, 2.0]))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "ids", [[1, "1"], ["1", 1.0], [1, True], ["a", np.str_("a")], [Decimal(1), 1],
            [dt.date(2024, 1, 1), "2024-01-01"]]
)  # fmt: skip
def test_two_ids_of_one_table_that_are_one_are_refused(ids):
    with pytest.raises(av.CustomerDataError, match=r"more than one row|truth value"):
        MODEL.score({"customer": objects(*ids), "sales": np.array([1.0, 2.0])})


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000", None, float("nan"), pd.NA, pd.NaT])
def test_an_id_of_nothing_is_missing(blank):
    for kind in (dict, pd.DataFrame):
        with pytest.raises(av.CustomerDataError, match="no id in row 2"):
            MODEL.score(kind({"customer": objects("a", blank), "sales": np.array([1.0, 2.0])}))


# -- nobody, and how many --------------------------------------------------------------------


def tiers_of(ids, before=None, period=""):
    sales = np.full(len(ids), 90.0)
    return MODEL.score({"customer": objects(*ids), "sales": sales}).tiers(before, period=period)


def test_an_empty_previous_is_refused():
    empty = tiers_of(["a"]).frame
    with pytest.raises(av.CustomerDataError, match="hold no customers; leave them out"):
        tiers_of(["a"], {name: values[:0] for name, values in empty.items()})
    with pytest.raises(av.CustomerDataError, match="hold no customers"):
        tiers_of(["a"], tiers_of([]))


def test_nobody_of_previous_is_warned_of_with_counts():
    with pytest.warns(
        av.CustomerDataWarning, match=r"none of the 2 customers \(a, b\) is among the 3"
    ):
        tiers_of(["a", "b"], tiers_of(["x", "y", "z"]))


@pytest.mark.parametrize("kept", ["self", "frame"])
def test_how_many_are_new_or_gone_is_always_told(kept):
    before = tiers_of(["a", "b", "c", "d"])
    for now, said in (
        ("abefg", ("of 4 customers before, 2 (50.0%) are not", "of 5 now, 3 (60.0%) are new")),
        ("dcba", ("of 4 customers before, 0 (0.0%) are not", "of 4 now, 0 (0.0%) are new")),
    ):
        found = tiers_of(now, before if kept == "self" else before.frame)
        moved = MODEL.score({"customer": objects(*now), "sales": np.full(len(now), 1.0)}).compare(
            MODEL.score({"customer": objects("a", "b", "c", "d"), "sales": np.full(4, 1.0)})
        )
        for part in said:
            assert part in str(found)
            assert part in str(moved)
    assert "are new" not in str(tiers_of(["a"]))


def test_how_many_a_history_does_not_know_is_told():
    scores = MODEL.score({"customer": ["a", "b", "c"], "sales": [1.0, 2.0, 3.0]})
    history = [tiers_of(["a"]), tiers_of(["b", "x"])]
    said = "of 3 customers, 1 are in none of the earlier periods"
    assert said in str(scores.segments(history=history))


def test_published_tiers_of_others_are_counted():
    scores = MODEL.score({"customer": ["a", "b"], "sales": [90.0, 90.0]})
    found = scores.published_tiers(tiers_of(["a", "b", "c"]).frame)
    assert "published of customers who are not here: 1" in str(found)


# -- one customer ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "asked", "said"),
    [
        (["00017", "00018"], 17, "no customer 17 in this table; did you mean '00017'?"),
        (["00017", "00018"], "17", "did you mean '00017'?"),
        ([17, 18], "00017", "did you mean '17'?"),
        ([17, 18], "17.0", "did you mean '17'?"),
        (["C1"], "c1 ", "did you mean 'C1'?"),
        (["01", "1.0"], "1", "did you mean '01' or '1.0'?"),
        (["C1001", "C1002"], "C1003", "did you mean 'C100"),
        (["C1"], None, "None names no customer"),
        (["C1"], ["C1"], "a list such as ['C1'] is no id"),
        (["C1"], True, "True is a truth value"),
    ],
)
def test_a_customer_that_is_not_there_was_perhaps_another(ids, asked, said):
    scores = MODEL.score({"customer": objects(*ids), "sales": np.full(len(ids), 1.0)})
    for ask in (scores.path_up, lambda one: find_customer(scores.scored.customers, one)):
        with pytest.raises(av.CustomerDataError) as refused:
            ask(asked)
        assert said in str(refused.value)


@pytest.mark.parametrize("asked", [17, "17", 17.0, np.int64(17), Decimal("17.0")])
@pytest.mark.parametrize("ids", [[17, 18], ["17", "18"], [17.0, 18.0]])
def test_a_customer_is_found_however_the_id_is_kept(ids, asked):
    assert find_customer(table_of(ids), asked) == 0


LAZY = [
    pl.Series([[1], [2]]),
    pl.Series([{"a": 1}, {"a": 2}]),
    pl.Series([True, False]),
    pl.Series([b"1", b"2"]),
    pl.Series([object(), object()], dtype=pl.Object),
]


@pytest.mark.parametrize("ids", LAZY, ids=kind_of)
def test_a_lazy_table_with_what_can_name_nobody_is_refused_before_it_runs(ids):
    said = r"column 'customer' \(the customers' ids\): holds .* values, which are no ids;"
    with pytest.raises(av.CustomerDataError, match=said):
        MODEL.score(pl.LazyFrame({"customer": ids, "sales": [1.0, 2.0]}))


def test_texts_of_arrows_newer_kind_are_ids():
    ids = pa.array(["a", "b"], type=pa.string_view())
    assert MODEL.score(pa.table({"customer": ids, "sales": [1.0, 60.0]})).tiers().tier[1] == "core"


# -- where ids and columns hide --------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (lambda f: f.set_index("customer"), "'customer' is in the index: take it out with reset"),
        (lambda f: f.set_index(["city", "customer"]), "'customer' is in the index"),
        (lambda f: f.set_index("customer").rename_axis(None), "the index holds 'a': if that is"),
        (lambda f: f.set_index("customer").rename_axis("id"), "take it out with rename_axis"),
        (lambda f: f.drop(columns="customer"), "known here: sales, city"),
    ],
)
def test_an_id_in_the_index_is_told(frame, said):
    table = pd.DataFrame({"customer": ["a", "b"], "sales": [1.0, 2.0], "city": ["x", "y"]})
    with pytest.raises(av.CustomerDataError) as refused:
        MODEL.score(frame(table))
    assert said in str(refused.value)
    state = pd.DataFrame(MODEL.score(table).tiers().to_dict() | {"city": ["x", "y"]})
    if "index" in said:
        with pytest.raises(av.CustomerDataError, match=re.escape(said)):
            MODEL.score(table).tiers(frame(state))


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame([["a", 1.0, 2.0, 0, 0]], columns=["customer", "sales", "sales", "x", "x"]),
        pa.table([["a"], [1.0], [2.0], [0], [0]], names=["customer", "sales", "sales", "x", "x"]),
    ],
    ids=["pandas", "arrow"],
)
def test_columns_of_one_name_are_named(table):
    with pytest.raises(av.CustomerDataError, match="the same name: 'sales', 'x'; rename one"):
        MODEL.score(table)


def test_a_number_and_a_text_are_one_name_of_a_column():
    with pytest.raises(av.CustomerDataError, match="the same name: '1'"):
        MODEL.score({"customer": ["a"], "sales": [1.0], 1: [2], "1": [3]})


# -- periods, outputs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "year", [2018, np.int64(2018), 2018.0, "2018", " 2018 ", pd.Period("2018", "Y")]
)
def test_a_year_is_a_period_however_it_is_given(year, tmp_path):
    scores = MODEL.score({"customer": ["a"], "sales": [90.0]})
    tiers = scores.tiers(period=year)
    assert tiers.period == "2018"
    history = av.History(tmp_path)
    history.write(scores.record("r", year, tiers=tiers))
    assert history.read(period=year)["period"]
    with pytest.raises(av.CustomerDataError, match="those of 2018, too"):
        scores.tiers(history.tiers(year, MODEL), period=year)
    with pytest.raises(av.CustomerDataError, match="those of 2018, which is later than 2017"):
        scores.tiers(pd.DataFrame(tiers.to_dict() | {"period": [2018]}), period=2017)


@pytest.mark.parametrize("period", [True, ["2018"], {"year": 2018}, 2018.5, object()])
def test_what_names_no_period_is_refused_in_one_sentence(period):
    scores = MODEL.score({"customer": ["a"], "sales": [90.0]})
    for verb in (lambda: scores.tiers(period=period), lambda: scores.record("r", period)):
        with pytest.raises(av.CustomerDataError, match="names no period; write it as text"):
            verb()


def test_scores_hold_their_outputs():
    scores = MODEL.score({"customer": ["a", "b"], "sales": [90.0, 1.0]})
    assert list(scores) == list(scores.outputs)
    assert "total" in scores
    assert "sales" not in scores
    assert 0 not in scores
    for asked in (0, ["total"], None, ("total", "rank"), slice(2)):
        with pytest.raises(av.CustomerDataError, match="asked for by its name, one at a time"):
            scores[asked]
