"""Days as Python objects, times of a zone, and periods that are not alike."""

import datetime as dt

import duckdb
import pandas as pd
import polars as pl
import pytest

from ahpvalue import CustomerDataError, CustomerDataWarning
from ahpvalue.transactions import from_transactions

DAYS = [dt.date(2024, 1, 5), dt.date(2024, 2, 5)]
HALF = ("2024-01-01", "2024-06-30")


def lines(days, kind=pd.DataFrame):
    return kind({"shop": ["A", "B"], "day": days, "value": [10.0, 20.0]})


def told(table, period=HALF):
    return from_transactions(table, customer="shop", date="day", amount="value", period=period)


OBJECTS = {
    "pandas": lambda: lines(pd.Series(DAYS, dtype=object)),
    "pandas, an index": lambda: lines(pd.Series(DAYS, dtype=object)).set_index(pd.Index([7, 9])),
    "pandas, times": lambda: lines(pd.Series([dt.datetime(2024, 1, 5, 9), DAYS[1]], dtype=object)),
    "polars": lambda: lines(pl.Series(DAYS, dtype=pl.Object), pl.DataFrame),
}


@pytest.mark.parametrize("kind", OBJECTS)
def test_date_objects_are_dates(kind):
    expected = told(lines(pd.to_datetime(DAYS)))
    assert list(told(OBJECTS[kind]())["recency_days"]) == expected["recency_days"].tolist()


def test_a_date_object_that_is_none_is_a_line_without_a_date():
    with pytest.raises(CustomerDataError, match=r"\(date\): missing or infinite in 1 of 2 lines"):
        told(lines(pd.Series([DAYS[0], None], dtype=object)))


def test_something_else_among_date_objects_is_named():
    with pytest.raises(CustomerDataError, match="holds '2024-01-01' in row 2, which is no date"):
        told(lines(pd.Series([DAYS[0], "2024-01-01"], dtype=object)))


ZONED = {
    "pandas": lambda: lines(pd.to_datetime(DAYS).tz_localize("Asia/Shanghai")),
    "objects": lambda: lines(
        pd.Series([pd.Timestamp("2024-01-01", tz="Asia/Shanghai")] * 2, dtype=object)
    ),
    "polars": lambda: lines(
        pl.Series(DAYS).cast(pl.Datetime("us", "America/New_York")), pl.DataFrame
    ),
    "duckdb": lambda: duckdb.sql("SELECT 'A' shop, TIMESTAMPTZ '2024-01-05' AS day, 1.0 AS value"),
}


@pytest.mark.parametrize("kind", ZONED)
def test_times_of_a_zone_are_refused_with_what_to_call(kind):
    with pytest.raises(CustomerDataError, match="the day depends on the zone") as refused:
        told(ZONED[kind]())
    assert ".dt.tz_convert('Asia/Shanghai').dt.tz_localize(None)" in str(refused.value)


def test_the_advice_on_zones_is_right():
    """A quarter past midnight in Shanghai is a day later than in UTC."""
    times = pd.to_datetime(["2024-03-31 16:15", "2024-03-31 15:45"]).tz_localize("UTC")
    here = lines(times)
    here["day"] = here["day"].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)
    table = told(here, ("2024-03-01", "2024-03-31"))
    assert table["status"].tolist() == ["not_yet", "active"]
    there = lines(pl.Series(times), pl.DataFrame).with_columns(
        pl.col("day").dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None)
    )
    assert told(there, ("2024-03-01", "2024-03-31"))["status"].to_list() == ["not_yet", "active"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([20240105, 20240206], "format='%Y%m%d'"),
        (["2024-01-05", "2024-02-05"], "pandas.to_datetime, polars' str.to_date"),
        (pd.PeriodIndex(["2024-01", "2024-02"], freq="M"), r"\.dt\.to_timestamp\(\)"),
    ],
)
def test_the_advice_fits_what_the_column_holds(days, said):
    with pytest.raises(CustomerDataError, match=said):
        told(lines(days))


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (
            {"m": ("2024-01-01", "2024-01-31"), "q": ("2024-01-01", "2024-03-31")},
            "m has 1 whole month and q has 3 whole months",
        ),
        (
            {"y": ("2023-01-01", "2023-12-31"), "q": ("2024-01-01", "2024-03-31")},
            "y has 12 whole months and q has 3",
        ),
        (
            [("2024-01-01", "2024-01-10"), ("2024-02-01", "2024-02-29")],
            "has 10 days and .* has 1 whole month",
        ),
        ([("2024-01-01", "2024-01-10"), ("2024-02-01", "2024-02-12")], "10 days and .* 12 days"),
        ({"a": HALF, "b": HALF}, "a and b are the same days"),
        (["2024Q1", "2024Q2"], "are names of periods; say which days they are"),
        (["2024Q1", "2024-02", "2024"], "are names of periods"),
    ],
)
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_periods_that_are_not_alike_are_refused_in_a_sentence(kind, periods, said):
    with pytest.raises(CustomerDataError, match=said):
        told(lines([dt.datetime(2024, 1, 5)] * 2, kind), periods)


def test_months_of_unlike_days_are_alike_and_rolling_periods_are_told():
    table = lines(pd.to_datetime(DAYS))
    months = [("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29")]
    assert len(told(table, months)) == 4
    rolling = {"one": ("2024-01-01", "2024-03-31"), "two": ("2024-02-01", "2024-04-30")}
    with pytest.warns(CustomerDataWarning, match="one and two overlap; their common lines count"):
        told(table, rolling)
