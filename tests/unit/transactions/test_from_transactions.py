"""Indicators from a handful of lines, each number worked out by hand."""

from __future__ import annotations

import math
import warnings
from datetime import date, datetime
from decimal import Decimal

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from ahpvalue import CustomerDataError, CustomerDataWarning
from ahpvalue.transactions import calendar_periods, from_transactions

HALF = ("2024-01-01", "2024-06-30")  # 182 days; its second half begins on 1 April
ROLES = {
    "customer": "shop",
    "date": "at",
    "amount": "value",
    "quantity": "pieces",
    "order": "invoice",
    "product": "item",
    "cost": "paid",
    "region": "town",
}


def lines_of(*rows):
    names = ["shop", "at", "value", "pieces", "invoice", "item", "paid", "town"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    return table.with_columns(pl.col("at").str.to_datetime("%Y-%m-%d %H:%M"))


LINES = lines_of(
    # A bought before, on four days of three months in the period, and returned a bit.
    ("A", "2023-12-20 09:00", 40.0, 4, "0", "tea", 30.0, "Ulm"),
    ("A", "2024-01-10 09:00", 30.0, 3, "1", "tea", 20.0, "Ulm"),
    ("A", "2024-01-10 09:05", 20.0, 1, "1", "pot", 15.0, "Ulm"),
    ("A", "2024-01-20 10:00", 10.0, 1, "2", "tea", 5.0, "Ulm"),
    ("A", "2024-02-09 10:00", 60.0, 5, "3", "tea", 50.0, "Ulm"),
    ("A", "2024-05-09 10:00", 80.0, 8, "4", "tea", 70.0, "Bern"),
    ("A", "2024-05-20 10:00", -10.0, -1, "5", "tea", -9.0, "Bern"),
    ("A", "2024-07-01 00:00", 999.0, 9, "9", "cup", 9.0, "Rom"),  # after the end
    # B is new in the second half; one line has no cost.
    ("B", "2024-06-30 23:59", 90.0, 9, "6", "tea", None, "Bern"),
    ("B", "2024-06-30 23:59", 10.0, 1, "6", "pot", 4.0, "Bern"),
    # C bought before and not now; D only brought back what nobody saw it buy.
    ("C", "2023-11-30 12:00", 25.0, 5, "7", "pot", 20.0, "Ulm"),
    ("D", "2024-03-01 12:00", -5.0, -1, "8", "cup", -4.0, None),
)


@pytest.fixture
def table(kind, made, told):
    return told(from_transactions(made(LINES, kind), period=HALF, drop_duplicates=False, **ROLES))


def told_of(table, customer):
    return table.filter(pl.col("shop") == customer).row(0, named=True)


def test_each_number_is_the_one_worked_out_by_hand(table):
    row = told_of(table, "A")
    assert (row["status"], row["town"], row["period"]) == (
        "active",
        "Bern",
        "2024-01-01..2024-06-30",
    )
    counts = [
        "orders",
        "purchase_days",
        "active_months",
        "recency_days",
        "tenure_days",
        "n_products",
    ]
    assert [row[name] for name in counts] == [4, 4, 3, 52, 193, 2]
    gaps = [10, 20, 90]
    assert row["gap_cv"] == pytest.approx(np.std(gaps, ddof=1) / 40, rel=1e-12)
    assert row["sales"] == 200
    assert row["net_sales"] == 190
    assert row["monthly_avg_sales"] == pytest.approx(200 / 6)
    assert row["avg_order_value"] == 50
    assert (row["units"], row["avg_unit_price"]) == (18, pytest.approx(200 / 18))
    assert row["median_line_quantity"] == 3.5  # of 4, 3, 1, 1, 5, 8 to date
    assert (row["margin"], row["margin_rate"], row["cost_coverage"]) == (40, 0.2, 1)
    assert row["lines_per_100"] == 3  # five lines of sale and one of return, per 200
    assert row["growth_half"] == pytest.approx((80 - 120) / 100)
    months = [60, 60, 0, 0, 80, 0]
    slope = np.polyfit(range(6), months, 1)[0]
    assert row["trend_slope"] == pytest.approx(slope / np.mean(months), rel=1e-12)
    assert row["growth_prev"] == pytest.approx((200 - 40) / 120)
    assert (row["returns_value"], row["return_rate"]) == (10, 0.05)
    assert row["cancel_order_rate"] == pytest.approx(1 / 5)
    assert row["town_sales_share"] == pytest.approx(200 / 300)
    assert row["adoption_lead"] is None  # no product has five buyers


def test_price_realisation_holds_each_product_against_its_median_price_by_pieces(table):
    # tea: 3 + 1 + 8 + 9 = 21 of 26 pieces at 10, 5 at 12; pot: one piece at 10, one at 20.
    assert told_of(table, "A")["price_realisation"] == pytest.approx(200 / (17 * 10 + 10))
    assert told_of(table, "B")["price_realisation"] == pytest.approx(1)


def test_whoever_began_in_the_second_half_has_no_growth_and_a_missing_cost_no_margin(table):
    row = told_of(table, "B")
    assert [row[n] for n in ("growth_half", "trend_slope", "growth_prev", "gap_cv")] == [None] * 4
    assert row["margin"] is None
    assert (row["margin_rate"], row["cost_coverage"]) == (pytest.approx(0.6), 0.1)
    assert row["recency_days"] == row["tenure_days"] == 0


def test_bought_nothing_is_zero_and_every_ratio_over_it_is_missing(table):
    row = told_of(table, "C")
    assert row["status"] == "lapsed"
    assert [row[n] for n in ("sales", "orders", "units", "n_products", "town_sales_share")] == [
        0
    ] * 4 + [None]
    ratios = ["avg_unit_price", "return_rate", "lines_per_100", "cancel_order_rate", "margin"]
    assert [row[name] for name in ratios] == [None] * 5
    assert row["growth_prev"] == -2
    assert row["recency_days"] == row["tenure_days"] == 213


def test_whoever_only_returned_is_called_so_in_that_period_and_in_later_ones(
    table, kind, made, told
):
    row = told_of(table, "D")
    assert row["status"] == "returns_only"
    assert (row["returns_value"], row["net_sales"], row["cancel_order_rate"]) == (5, -5, 1)
    assert row["recency_days"] is None
    assert row["town"] is None
    assert row["town_sales_share"] is None
    later = from_transactions(
        made(LINES, kind), period=("2024-07-01", "2024-12-31"), drop_duplicates=False, **ROLES
    )
    later = told(later)
    assert later["shop"].to_list() == ["A", "B", "C", "D"]
    assert later["status"].to_list()[3] == "returns_only"
    assert (later["sales"].to_list()[3], later["returns_value"].to_list()[3]) == (0, 0)


def test_every_customer_of_the_lines_has_a_row_and_a_status_in_every_period(kind, made, told):
    """Nothing but lines of no value, only returns, lines before and after: nobody vanishes."""
    day = pd.Timestamp
    rows = [
        ("zero", day("2024-02-01"), 0.0), ("zero later", day("2024-08-01"), 0.0),
        ("back", day("2024-02-02"), -5.0), ("early", day("2023-02-01"), 9.0),
        ("late", day("2024-08-01"), 9.0), ("late back", day("2024-08-01"), -9.0),
        ("here", day("2024-03-01"), 7.0), ("both", day("2024-03-01"), 0.0),
        ("both", day("2024-09-01"), 4.0),
    ]  # fmt: skip
    lines = pl.DataFrame(rows, schema=["shop", "at", "value"], orient="row")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CustomerDataWarning)
        table = told(
            from_transactions(
                made(lines, kind), customer="shop", date="at", amount="value",
                period={"2024H1": HALF, "2024H2": ("2024-07-01", "2024-12-31")},
                drop_duplicates=False,
            )
        )  # fmt: skip
    found = {name: {} for name in ("2024H1", "2024H2")}
    for shop, period, status in table.select("shop", "period", "status").iter_rows():
        found[period][shop] = status
    assert found["2024H1"] == {
        "zero": "never_bought", "zero later": "not_yet", "back": "returns_only", "early": "lapsed",
        "late": "not_yet", "late back": "not_yet", "here": "active", "both": "never_bought",
    }  # fmt: skip
    assert found["2024H2"] == {
        "zero": "never_bought", "zero later": "never_bought", "back": "returns_only",
        "early": "lapsed", "late": "active", "late back": "returns_only", "here": "lapsed",
        "both": "active",
    }  # fmt: skip
    nobody = table.filter(pl.col("status").is_in(["never_bought", "not_yet"]))
    assert (nobody["sales"] == 0).all()
    assert nobody["recency_days"].null_count() == len(nobody)


def test_the_first_to_buy_leads_and_those_of_the_same_moment_share_a_place(kind, made, told):
    at = ["08:00", "09:00", "09:00", "10:00", "11:00"]
    lines = lines_of(
        *(
            (shop, f"2024-01-01 {time}", 1.0, 1, shop, "tea", 1.0, "Ulm")
            for shop, time in zip("ABCDE", at, strict=True)
        )
    )
    table = told(from_transactions(made(lines, kind), period=HALF, drop_duplicates=False, **ROLES))
    assert table["adoption_lead"].to_list() == [1, 0.625, 0.625, 0.25, 0]


def bought(*rows):
    """Lines of one pot of tea each: who, when, for how much and where."""
    return lines_of(
        *(
            (shop, f"{day} 10:00", value, 1, f"{shop}{day}", "tea", 1.0, town)
            for shop, day, value, town in rows
        )
    )


def test_a_product_of_four_buyers_has_no_leaders():
    lines = bought(*((shop, f"2024-01-0{k}", 1.0, "Ulm") for k, shop in enumerate("ABCD", 1)))
    table = from_transactions(lines, period=HALF, **ROLES)
    assert table["adoption_lead"].to_list() == [None] * 4


def test_three_days_of_purchase_are_too_few_for_a_spread_of_gaps():
    days = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"]
    for count, expected in ((3, None), (4, 0.0)):
        lines = bought(*(("A", day, 1.0, "Ulm") for day in days[:count]))
        table = from_transactions(lines, period=HALF, **ROLES)
        assert table["gap_cv"].to_list() == [expected]


def test_the_period_before_has_the_same_months_and_its_first_day_counts():
    lines = bought(
        ("A", "2023-06-30", 9.0, "Ulm"),
        ("A", "2023-07-01", 2.0, "Ulm"),
        ("A", "2024-06-30", 4.0, "Ulm"),
    )
    table = from_transactions(lines, period=HALF, **ROLES)
    assert table["growth_prev"].to_list() == [2 * (4 - 2) / (4 + 2)]
    ten = from_transactions(lines, period=("2024-06-21", "2024-06-30"), **ROLES)
    assert ten["growth_prev"].to_list() == [None]


def test_of_two_regions_at_the_last_moment_the_last_by_name_is_taken(kind, made, told):
    lines = bought(
        ("A", "2024-03-01", 1.0, "Ulm"),
        ("A", "2024-04-01", 2.0, "Rom"),
        ("A", "2024-04-01", 3.0, "Bern"),
    )
    table = told(from_transactions(made(lines, kind), period=HALF, drop_duplicates=False, **ROLES))
    assert table["town"].to_list() == ["Rom"]


def test_what_a_column_is_not_named_for_is_not_in_the_table():
    bare = from_transactions(LINES, customer="shop", date="at", amount="value", period=HALF)
    assert bare.columns == [
        "shop", "period", "status", "purchase_days", "active_months", "recency_days",
        "tenure_days", "gap_cv", "sales", "net_sales", "monthly_avg_sales", "lines_per_100",
        "growth_half", "trend_slope", "growth_prev", "returns_value", "return_rate",
    ]  # fmt: skip


def test_a_period_not_of_whole_months_has_no_figures_by_the_month():
    days = ("2024-01-01", "2024-01-10")
    bare = from_transactions(LINES, customer="shop", date="at", amount="value", period=days)
    assert {"active_months", "monthly_avg_sales", "trend_slope"}.isdisjoint(bare.columns)
    assert bare.filter(shop="A")["growth_prev"].to_list() == [None]


def test_quantity_times_price_is_the_amount_where_none_is_named():
    roles = {
        "customer": "shop",
        "date": "at",
        "quantity": "pieces",
        "price": "each",
        "period": HALF,
    }
    lines = LINES.with_columns(each=10.0).filter(shop="A")
    row = from_transactions(lines, **roles)
    assert row["sales"].to_list() == [180]
    assert row["returns_value"].to_list() == [10]
    with pytest.raises(CustomerDataError, match="name the column with each line's value"):
        from_transactions(lines, customer="shop", date="at", quantity="pieces", period=HALF)


@pytest.mark.parametrize("rule", ["back", nw.col("invoice") == "5", nw.col("invoice").is_in(["5"])])
def test_a_return_is_what_the_column_or_the_rule_says(rule, kind, made, told):
    lines = LINES.filter(shop="A").with_columns(
        pl.col("value").abs(), back=pl.col("invoice") == "5"
    )
    roles = ROLES | {"is_return": rule, "drop_duplicates": False}
    row = told_of(told(from_transactions(made(lines, kind), period=HALF, **roles)), "A")
    assert (row["sales"], row["returns_value"], row["orders"]) == (200, 10, 4)


# -- periods -----------------------------------------------------------------------------------


def test_several_periods_keep_their_names_and_their_order():
    periods = {"now": HALF, "before": ("2023-07-01", "2023-12-31")}
    table = from_transactions(LINES, period=periods, **ROLES)
    assert table["period"].unique(maintain_order=True).to_list() == ["now", "before"]
    assert table.filter(period="before")["shop"].to_list() == list("ABCD")
    assert table.filter(period="before")["status"].to_list()[1] == "not_yet"
    pairs = from_transactions(LINES, period=list(periods.values()), **ROLES)
    assert pairs.drop("period").equals(table.drop("period"))


def test_quarters_of_a_table_in_memory_are_those_with_lines_and_cut_ones_are_told():
    with pytest.warns(CustomerDataWarning) as told:
        table = from_transactions(LINES, period="quarter", **ROLES)
    assert table["period"].unique(maintain_order=True).to_list() == [
        "2023Q4", "2024Q1", "2024Q2", "2024Q3"
    ]  # fmt: skip
    assert str(told[0].message) == (
        "column 'at' (date): the lines run from 2023-11-30 to 2024-07-01, so that they may cover "
        "only a part of 2023Q4 and 2024Q3; give period= as days to leave them out"
    )


@pytest.mark.parametrize(
    ("kind_of", "names"),
    [
        ("month", ["2023-12", "2024-01", "2024-02"]),
        ("quarter", ["2023Q4", "2024Q1"]),
        ("half", ["2023H2", "2024H1"]),
        ("year", ["2023", "2024"]),
    ],
)
def test_calendar_periods_are_whole_and_named(kind_of, names):
    periods = calendar_periods(kind_of, date(2023, 12, 31), datetime(2024, 2, 1, 5))
    assert list(periods) == names
    assert periods[names[-1]][0] <= date(2024, 2, 1) <= periods[names[-1]][1]


def test_the_middle_of_three_months_is_the_middle_day():
    lines = lines_of(
        ("A", "2024-02-15 23:59", 10.0, 1, "1", "tea", 1.0, "Ulm"),  # day 46 of 91: the first
        ("A", "2024-02-16 00:00", 30.0, 1, "2", "tea", 1.0, "Ulm"),  # half has 45
    )
    table = from_transactions(lines, period=("2024-01-01", "2024-03-31"), **ROLES)
    assert table["growth_half"].to_list() == [None]
    table = from_transactions(lines, period=("2024-01-01", "2024-04-01"), **ROLES)
    assert table["growth_half"].to_list() == [1.0]


def test_halves_of_whole_months_are_of_months_not_of_days():
    lines = bought(("A", "2010-12-05", 1.0, "Ulm"), ("A", "2011-03-01", 3.0, "Ulm"))
    table = from_transactions(lines, period=("2010-12-01", "2011-05-31"), **ROLES)
    assert table["growth_half"].to_list() == [1.0]  # 1 March is day 91 of 182, but of month 4


@pytest.mark.parametrize(
    ("period", "months"),
    [
        (("2024-01-15", "2024-04-14"), 3),
        (("2024-01-31", "2024-02-29"), None),
        (("2024-01-01", "2024-04-10"), None),
        (("2023-02-01", "2024-01-31"), 12),
    ],
)
def test_whole_months_run_from_the_periods_first_day(period, months):
    lines = bought(("A", period[0], 120.0, "Ulm"))
    table = from_transactions(lines, period=period, **ROLES)
    if months is None:
        assert "monthly_avg_sales" not in table.columns
    else:
        assert table["monthly_avg_sales"].to_list() == [120 / months]


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("fortnight", "'fortnight' is none"),
        (7, "period: 7 is none; give a pair of days"),
        ([], "there is none in it"),
        ({}, "there is none in it"),
        (("2024-06-30", "2024-01-01"), "2024-01-01 is before 2024-06-30; give the first day first"),
        (("2024-06-31", "2024-07-31"), "'2024-06-31' is no day"),
        ({"H1": "2024"}, "period 'H1': '2024' is no pair of days"),
        ([HALF, HALF], "2024-01-01..2024-06-30 stands there twice"),
    ],
)
def test_what_is_no_period_is_refused_with_what_one_is(period, said):
    with pytest.raises(CustomerDataError, match=said):
        from_transactions(LINES, period=period, **ROLES)


# -- nothing is silent -------------------------------------------------------------------------


def with_row(**values):
    row = {"shop": "E", "at": datetime(2024, 1, 1), "value": 1.0, "pieces": 1, "invoice": "11",
           "item": "tea", "paid": 1.0, "town": "Ulm"}  # fmt: skip
    return pl.concat([LINES, pl.DataFrame([row | values], schema=LINES.schema)])


@pytest.mark.parametrize("nobody", [None, ""])
@pytest.mark.parametrize("eager", ["pandas", "polars", "pyarrow"])
def test_lines_without_a_customer_are_left_out_and_told(nobody, eager, made, told):
    lines = made(with_row(shop=nobody), eager)
    with pytest.warns(CustomerDataWarning) as said:
        table = from_transactions(lines, period=HALF, **ROLES)
    assert [str(one.message) for one in said] == [
        "column 'shop' (customer): 1 of 13 lines have no customer and are left out"
    ]
    assert told(table)["shop"].to_list() == ["A", "B", "C", "D"]


def test_copies_of_lines_are_told_unless_something_is_said_of_them():
    lines = pl.concat([LINES, LINES[:2]])
    with pytest.warns(
        CustomerDataWarning, match="2 of 14 lines are exact copies of others and are counted"
    ):
        counted = from_transactions(lines, period=HALF, **ROLES)
    assert counted.equals(from_transactions(lines, period=HALF, drop_duplicates=False, **ROLES))
    dropped = from_transactions(lines, period=HALF, drop_duplicates=True, **ROLES)
    assert dropped.equals(from_transactions(LINES, period=HALF, **ROLES))


def test_lines_that_are_neither_sale_nor_return_are_told():
    with pytest.warns(CustomerDataWarning, match="1 of 13 lines, of 1 customer, are .* 1 of these"):
        table = from_transactions(with_row(value=0.0), period=HALF, **ROLES)
    assert table.filter(shop="E")["status"].to_list() == ["never_bought"]


@pytest.mark.parametrize("eager", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"value": None}, "column 'value' (amount)"),
        ({"value": math.inf}, "column 'value' (amount)"),
        ({"at": None}, "column 'at' (date)"),
        ({"pieces": None}, "column 'pieces' (quantity)"),
        ({"invoice": None}, "column 'invoice' (order)"),
        ({"item": None}, "column 'item' (product)"),
    ],
)
def test_a_line_in_memory_that_lacks_something_is_refused_with_its_row(values, said, eager, made):
    with pytest.raises(CustomerDataError) as refused:
        from_transactions(made(with_row(**values), eager), period=HALF, **ROLES)
    assert str(refused.value).startswith(
        f"{said}: missing or infinite in 1 of 13 lines, first for customer E in row 13; complete"
    )


@pytest.mark.parametrize("lazy", ["polars-lazy", "duckdb", "ibis"])
def test_out_of_memory_a_customer_with_a_lacking_line_has_no_figures_and_its_town_no_shares(
    lazy, made, told
):
    lines = with_row(value=None, shop="C", town="Bern", at=datetime(2024, 5, 5))
    table = told(from_transactions(made(lines, lazy), period=HALF, drop_duplicates=False, **ROLES))
    row = told_of(table, "C")
    assert row["status"] == "incomplete"
    assert {
        value for name, value in row.items() if name not in ("shop", "status", "period", "town")
    } == {None}
    assert told_of(table, "A")["sales"] == 200
    ulm = told(
        from_transactions(
            made(lines.with_columns(town=pl.lit("Ulm")), lazy),
            period=HALF,
            drop_duplicates=False,
            **ROLES,
        )
    )
    assert ulm["town_sales_share"].to_list() == [None] * 4
    later = with_row(value=None, shop="A", at=datetime(2024, 8, 1))
    table = told(from_transactions(made(later, lazy), period=HALF, drop_duplicates=False, **ROLES))
    assert told_of(table, "A")["status"] == "active"


def test_an_undated_line_makes_its_customer_incomplete_in_every_period(made, told):
    lines = with_row(at=None, shop="A")
    for lazy in ("polars-lazy", "duckdb"):
        periods = [HALF, ("2022-01-01", "2022-06-30")]
        table = told(from_transactions(made(lines, lazy), period=periods, **ROLES))
        assert table.filter(shop="A")["status"].to_list() == ["incomplete", "incomplete"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"customer": "shopp"}, "there is no column 'shopp' (customer); did you mean 'shop'?"),
        ({"date": "town"}, "column 'town' (date): holds String; convert it to dates first"),
        ({"amount": "item"}, "column 'item' (amount): holds String; convert it to numbers"),
        (
            {"is_return": "pieces"},
            "column 'pieces' (is_return): holds Int64; give a column of true",
        ),
        ({"is_return": len}, "is_return: builtin_function_or_method is no rule; give a column"),
        ({"region": "shop"}, "column 'shop' is customer and region at once; give two columns"),
    ],
)
def test_a_column_that_cannot_play_its_part_is_refused(change, said):
    with pytest.raises(CustomerDataError) as refused:
        from_transactions(LINES, period=HALF, **(ROLES | change))
    assert str(refused.value).startswith(said)


def test_all_absent_columns_are_told_at_once():
    with pytest.raises(CustomerDataError) as refused:
        from_transactions(LINES, period=HALF, **(ROLES | {"cost": "c", "order": "o"}))
    assert len(refused.value.problems) == 2


def test_a_column_called_like_a_result_is_refused():
    lines = LINES.rename({"town": "status"})
    with pytest.raises(CustomerDataError, match=r"column 'status' \(region\): a result is called"):
        from_transactions(lines, period=HALF, **(ROLES | {"region": "status"}))


def test_times_of_a_zone_are_refused_because_the_day_depends_on_it():
    lines = LINES.with_columns(pl.col("at").dt.replace_time_zone("Europe/Berlin"))
    with pytest.raises(CustomerDataError, match="holds times of the zone Europe/Berlin"):
        from_transactions(lines, period=HALF, **ROLES)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (nw.col("invoices") == "5", "is_return: the rule does not fit the lines"),
        (nw.col("pieces"), "is_return: the rule gives Int64; let it give true or false"),
    ],
)
def test_a_rule_for_returns_that_does_not_fit_is_refused(rule, said, kind, made):
    with pytest.raises(CustomerDataError) as refused:
        from_transactions(made(LINES, kind), period=HALF, is_return=rule, **ROLES)
    assert str(refused.value).startswith(said)


def test_objects_that_are_no_numbers_are_refused():
    lines = LINES.to_pandas().astype({"value": object})
    lines.loc[3, "value"] = "ten"
    with pytest.raises(CustomerDataError, match=r"\(amount\): holds what is no number .*'ten'"):
        from_transactions(lines, period=HALF, **ROLES)


@pytest.mark.parametrize("drop", [True, False])
def test_the_row_of_a_lacking_line_is_that_of_the_table_given(drop):
    lines = pl.concat([LINES[:1], LINES[:1], with_row(value=None)[-1:], LINES])
    with pytest.raises(CustomerDataError, match="1 of 15 lines, first for customer E in row 3;"):
        from_transactions(lines, period=HALF, drop_duplicates=drop, **ROLES)


def test_what_is_no_table_is_refused():
    with pytest.raises(CustomerDataError, match=r"lines come as a pandas, polars.*not as dict"):
        from_transactions({"shop": ["A"]}, period=HALF, **ROLES)


def test_decimals_categories_and_plain_dates_are_read(told):
    plain = from_transactions(LINES, period=HALF, **ROLES)
    lines = LINES.with_columns(pl.col("at").dt.date(), pl.col("town", "shop").cast(pl.Categorical))
    same = from_transactions(lines, period=HALF, **ROLES)
    assert same.drop("adoption_lead").equals(plain.drop("adoption_lead"))
    objects = LINES.to_pandas()
    objects["value"] = [Decimal(str(value)) for value in objects["value"]]
    objects["shop"] = pd.Categorical(objects["shop"])
    assert told(from_transactions(objects, period=HALF, **ROLES))["sales"].equals(plain["sales"])


def test_a_pandas_answer_is_numbered_from_0_whatever_the_index():
    lines = LINES.to_pandas().set_index(pd.Index(range(100, 112)))
    table = from_transactions(lines, period=[HALF, ("2023-07-01", "2023-12-31")], **ROLES)
    assert table.index.tolist() == list(range(8))


def test_no_lines_give_a_table_without_rows_but_with_its_columns(kind, made, told):
    empty = told(from_transactions(made(LINES[:0], kind), period=HALF, **ROLES))
    assert empty.height == 0
    assert "adoption_lead" in empty.columns
