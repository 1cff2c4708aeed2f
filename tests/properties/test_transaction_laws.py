"""Laws of indicators from transactions, whatever was bought by whom and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ahpvalue.support.periods import Period
from ahpvalue.transactions import calendar_periods, from_transactions
from ahpvalue.transactions.per_group import medians

# Lines without a value are neither sale nor return, and said to be; copies are part of the game.
pytestmark = pytest.mark.filterwarnings("ignore:.*count nowhere:UserWarning")

PERIOD = ("2024-01-01", "2024-06-30")
FIRST, LAST = datetime(2023, 7, 1), datetime(2024, 12, 31)
ROLES = {
    "customer": "shop",
    "date": "at",
    "amount": "value",
    "quantity": "pieces",
    "order": "invoice",
    "product": "item",
    "cost": "paid",
    "region": "town",
    "drop_duplicates": False,
}
TYPES = {
    "shop": pl.String,
    "at": pl.Datetime,
    "value": pl.Float64,
    "pieces": pl.Int64,
    "invoice": pl.Int64,
    "item": pl.String,
    "paid": pl.Float64,
    "town": pl.String,
}
OF_OTHERS = ["price_realisation", "adoption_lead", "town_sales_share"]  # about others by design

anywhen = st.datetimes(FIRST, LAST)
within = st.datetimes(datetime(2024, 1, 1), datetime(2024, 6, 30, 23, 59))
lines_of = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        st.one_of(anywhen, within),
        st.integers(-20, 100).map(float),
        st.integers(1, 9),
        st.integers(0, 12),
        st.sampled_from("pqr"),
        st.one_of(st.none(), st.integers(0, 50).map(float)),
        st.sampled_from(["Ulm", "Bern", None]),
    ),
    min_size=12,
    max_size=40,
)


def table_of(rows):
    return pl.DataFrame(rows, schema=TYPES, orient="row")


def told(rows, period=PERIOD, **other):
    lines = rows if isinstance(rows, pl.DataFrame) else table_of(rows)
    return from_transactions(lines, period=period, **(ROLES | other))


def close(one, other):
    assert one.columns == other.columns
    for name in one.columns:
        if one[name].dtype.is_float():
            assert (one[name].is_null() == other[name].is_null()).all(), name
            here, there = one[name].fill_null(0), other[name].fill_null(0)
            np.testing.assert_allclose(here, there, rtol=1e-10, atol=1e-10, err_msg=name)
        else:
            assert one[name].to_list() == other[name].to_list(), name


@given(lines_of, lines_of)
def test_nothing_after_a_periods_end_is_used_for_its_row(rows, more):
    later = [(*row[:1], row[1] + timedelta(days=550), *row[2:]) for row in more]
    known, whole = told(rows), told(rows + later)
    here = pl.col("shop").is_in(known["shop"].to_list())
    close(known, whole.filter(here))
    assert set(whole.filter(~here)["status"]) <= {"not_yet"}  # whoever comes later has a row, too


@given(lines_of, st.randoms())
def test_the_order_of_the_lines_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    close(told(rows), told(shuffled))


@given(lines_of)
def test_a_customers_own_figures_do_not_depend_on_who_else_is_there(rows):
    whole = told(rows).drop(OF_OTHERS)
    alone = [told([row for row in rows if row[0] == shop]) for shop in sorted({r[0] for r in rows})]
    close(whole, pl.concat(alone).drop(OF_OTHERS))


@given(lines_of, st.sampled_from([0.5, 2.0, 1024.0]))
def test_money_in_another_unit_changes_sums_by_that_factor_and_no_ratio(rows, factor):
    money = ["sales", "net_sales", "monthly_avg_sales", "avg_order_value", "avg_unit_price",
             "margin", "returns_value"]  # fmt: skip
    lines = table_of(rows)
    scaled = lines.with_columns(pl.col("value", "paid") * factor)
    expected = told(lines).with_columns(pl.col(money) * factor, pl.col("lines_per_100") / factor)
    close(expected, told(scaled))


@given(lines_of)
def test_sales_of_all_customers_are_the_sales_of_all_lines_and_shares_make_one(rows):
    table = told(rows)
    day = pl.col("at").dt.date()
    inside = table_of(rows).filter(day.is_between(date(2024, 1, 1), date(2024, 6, 30)))
    assert table["sales"].sum() == inside.filter(pl.col("value") > 0)["value"].sum()
    assert table["net_sales"].sum() == inside["value"].sum()
    shares = table.filter(pl.col("town_sales_share").is_not_null()).group_by("town")
    sums = shares.agg(pl.col("town_sales_share").sum())["town_sales_share"]
    np.testing.assert_allclose(sums, 1, rtol=1e-12)


@given(lines_of)
def test_what_adds_up_over_quarters_is_the_half_years(rows):
    half = told(rows)
    quarters = told(rows, calendar_periods("quarter", *PERIOD))
    sums = quarters.group_by("shop").agg(
        pl.col("sales", "units", "returns_value", "purchase_days", "active_months").sum()
    )
    joined = half.join(sums, on="shop", how="left")
    for name in sums.columns[1:]:
        assert joined[name].to_list() == joined[f"{name}_right"].to_list()


@given(lines_of)
def test_counting_copies_once_gives_the_table_without_copies(rows):
    assume(len(set(rows)) == len(rows))
    close(told(rows), told(rows + rows[::2], drop_duplicates=True))


@given(lines_of)
def test_figures_keep_within_their_bounds_and_are_missing_together(rows):
    table = told(rows)
    for name in ("growth_half", "growth_prev"):
        assert table[name].is_between(-2, 2).all()
    for name in ("cancel_order_rate", "adoption_lead", "cost_coverage", "town_sales_share"):
        assert table[name].is_between(0, 1).all()
    assert (table["gap_cv"].drop_nulls() >= 0).all()
    assert (table["gap_cv"].is_not_null() == (table["purchase_days"] >= 4)).all()
    assert (table["recency_days"] <= table["tenure_days"]).all()
    assert (table["recency_days"] >= 0).all()
    active = table["status"] == "active"
    assert (active == (table["sales"] > 0)).all()
    assert (active == table["price_realisation"].is_not_null()).all()
    lapsed = table.filter(pl.col("status") == "lapsed")
    assert (lapsed["recency_days"] >= 182).all()
    one = table.select(pl.col("sales", "units", "orders", "purchase_days", "n_products") > 0)
    assert one.select(pl.all_horizontal(pl.all()) == pl.any_horizontal(pl.all())).to_series().all()


@given(lines_of)
def test_every_period_is_told_the_same_alone_and_among_others(rows):
    periods = calendar_periods("quarter", *PERIOD)
    together = told(rows, periods)
    close(together, pl.concat([told(rows, {name: pair}) for name, pair in periods.items()]))


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(-5, 5), st.integers(1, 6)), min_size=1)
)
def test_a_weighted_median_is_the_median_of_each_value_repeated(rows):
    table = pl.DataFrame(rows, schema=["by", "value", "weight"], orient="row")
    found = medians(nw.from_native(table).lazy(), "value", "weight", "by").collect().to_native()
    for by, lower, upper in found.rows():
        repeated = sorted(value for b, value, weight in rows if b == by for _ in range(weight))
        assert lower == repeated[(len(repeated) - 1) // 2]
        assert upper == repeated[len(repeated) // 2]


@given(
    st.dates(date(1999, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
    st.sampled_from(["month", "quarter", "half", "year"]),
)
def test_calendar_periods_follow_each_other_day_by_day(first, length, kind):
    pairs = list(calendar_periods(kind, first, first + timedelta(days=length)).values())
    assert pairs[0][0] <= first
    assert pairs[-1][1] >= first + timedelta(days=length)
    for (_, end), (begin, _) in pairwise(pairs):
        assert begin - end == timedelta(days=1)
    for begin, end in pairs:
        period = Period("", begin, end)
        assert period.months == {"month": 1, "quarter": 3, "half": 6, "year": 12}[kind]
        assert Period("", date.fromordinal(period.previous_start), begin - timedelta(days=1)).months
        assert period.start < period.middle <= period.end


@given(st.dates(date(1, 1, 2), date(9990, 12, 31)))
def test_days_are_numbered_as_python_numbers_them(day):
    lines = pl.DataFrame({"shop": ["A"], "at": [day], "value": [1.0]})
    period = (day, day + timedelta(days=3))
    roles = {"customer": "shop", "date": "at", "amount": "value"}
    assert from_transactions(lines, period=period, **roles)["recency_days"].to_list() == [3]


@given(lines_of)
def test_the_spread_of_gaps_is_the_plain_one(rows):
    table = told(rows)
    for shop, found in table.filter(pl.col("gap_cv").is_not_null()).select("shop", "gap_cv").rows():
        days = sorted(
            {
                at.date().toordinal()
                for who, at, value, *_ in rows
                if who == shop and value > 0 and date(2024, 1, 1) <= at.date() <= date(2024, 6, 30)
            }
        )
        gaps = [Fraction(b - a) for a, b in pairwise(days)]
        mean = sum(gaps) / len(gaps)
        variance = sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1)
        assert found == pytest.approx(float(variance) ** 0.5 / float(mean), rel=1e-12)
