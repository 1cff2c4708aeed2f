"""From real lines to indicators: the shared tables again, and plain definitions beside them."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from ahpvalue import CustomerDataWarning
from ahpvalue.transactions import calendar_periods, from_transactions

HALVES = {
    "2010-12_2011-05": ("2010-12-01", "2011-05-31"),
    "2011-06_2011-11": ("2011-06-01", "2011-11-30"),
}
PRODUCT = r"^\d{5}[A-Za-z]*$"  # postage, discounts, charges and bank fees have other codes
ROLES = {
    "customer": "customer_id",
    "date": "InvoiceDate",
    "quantity": "Quantity",
    "price": "UnitPrice",
    "order": "InvoiceNo",
    "product": "StockCode",
    "region": "country",
    "is_return": nw.col("InvoiceNo").str.starts_with("C"),
    "drop_duplicates": True,
    "period": HALVES,
}
EXACT = ["orders", "active_months", "recency_days", "units", "n_products"]
ROUNDED = {  # to how many decimals the shared tables are rounded
    "sales": 2,
    "net_sales": 2,
    "monthly_avg_sales": 2,
    "avg_unit_price": 4,
    "price_realisation": 4,
    "lines_per_100": 3,
    "gap_cv": 4,
    "growth_half": 4,
    "trend_slope": 4,
    "growth_prev": 4,
    "returns_value": 2,
    "return_rate": 4,
    "cancel_order_rate": 4,
    "country_sales_share": 6,
    "adoption_lead": 4,
}


@pytest.fixture(scope="module")
def lines(data):
    texts = dict.fromkeys(("InvoiceNo", "StockCode", "CustomerID"), pl.String)
    table = pl.read_csv(data / "online_retail.csv.gz", try_parse_dates=True, schema_overrides=texts)
    return table.rename({"CustomerID": "customer_id", "Country": "country"})


@pytest.fixture(scope="module")
def products(lines):
    return lines.filter(pl.col("StockCode").str.contains(PRODUCT))


@pytest.fixture(scope="module")
def tables(products):
    with pytest.warns(CustomerDataWarning) as told:
        table = from_transactions(products, **ROLES)
    said = [str(one.message) for one in told]
    nobody = products["customer_id"].is_null()
    value = pl.col("Quantity") * pl.col("UnitPrice")
    kept = ~pl.col("InvoiceNo").str.starts_with("C")
    idle = products.filter(~nobody).filter(kept, value <= 0).height
    assert products.height == 538_914
    assert nobody.sum() < 135_080  # the published number has the lines that are no products
    assert len(said) == 2
    assert f"{nobody.sum():,} of 538,914 lines have no customer and are left out" in said[0]
    assert f"{idle:,} of 538,914 lines, of 24 customers, are neither sale nor return" in said[1]
    return table


@pytest.fixture(scope="module", params=HALVES)
def half(request, tables, data):
    """One half year: the shared table and ours, row by row."""
    shared = pl.read_csv(
        data / f"online_retail_indicators_{request.param}.csv.gz",
        schema_overrides={"customer_id": pl.String},
    ).sort("customer_id")
    ours = tables.filter(pl.col("period") == request.param)
    # The shared tables leave out whoever had no line of value yet; here everybody has a row.
    known = pl.col("customer_id").is_in(shared["customer_id"].to_list())
    assert set(ours.filter(~known)["status"]) <= {"not_yet", "never_bought", "returns_only"}
    assert ours["customer_id"].n_unique() == ours.height == tables["customer_id"].n_unique()
    return request.param, shared, ours.filter(known)


# -- the shared tables -------------------------------------------------------------------------


def test_the_same_customers_with_the_same_status_and_country(half):
    _, shared, ours = half
    for name in ("customer_id", "status", "country"):
        assert ours[name].to_list() == shared[name].to_list()


def test_every_other_column_of_the_shared_tables_is_compared_here(half):
    _, shared, ours = half
    derived = {"customer_id", "status", "country", "market_type", "buyer_type", "tenure_days"}
    assert set(shared.columns) - derived == {*EXACT, *ROUNDED}
    assert {*EXACT, *ROUNDED, "tenure_days"} <= set(ours.columns)


@pytest.mark.parametrize("name", EXACT)
def test_counts_are_the_same(half, name):
    _, shared, ours = half
    assert ours[name].cast(pl.Float64).equals(shared[name].cast(pl.Float64))


@pytest.mark.parametrize("name", ROUNDED)
def test_figures_are_the_same_to_the_last_shared_decimal(half, name):
    period, shared, ours = half
    here, there = ours[name], shared[name].cast(pl.Float64)
    gaps = here.is_null() != there.is_null()
    if name == "growth_prev" and period == "2011-06_2011-11":
        # Twenty bought nothing in the first half and only returned something. The shared table
        # takes that for sales of 0 and lets them grow by 2; here there is nothing to grow from.
        before = shared.filter(gaps)
        assert before.height == 20
        assert (before["growth_prev"] == 2).all()
        assert (before["tenure_days"] < 183).all()
    else:
        assert gaps.sum() == 0
    assert (here - there).abs().max() in (
        None,
        pytest.approx(0, abs=0.5 * 10 ** -ROUNDED[name] + 1e-8),
    )


def test_tenure_is_the_same_but_for_first_purchases_after_the_end(half):
    period, shared, ours = half
    later = shared["tenure_days"] < 0  # in the shared table: days until a purchase still to come
    assert later.sum() == (20 if period == "2010-12_2011-05" else 0)
    assert (ours.filter(later)["status"] == "returns_only").all()
    expected = shared.select(pl.when(~later).then("tenure_days"))["tenure_days"]
    assert ours["tenure_days"].to_list() == expected.to_list()


def test_the_rules_of_thumb_of_this_house_follow_from_the_table(half):
    # Twelve pieces a line are a dozen; where 'domestic' is, only the house knows.
    _, shared, ours = half
    size = pl.col("median_line_quantity")
    buyer = ours.select(
        pl.when(size >= 12).then(pl.lit("wholesale")).when(size < 12).then(pl.lit("retail"))
    )
    assert buyer.to_series().to_list() == shared["buyer_type"].to_list()
    market = ["domestic" if c == "United Kingdom" else "export" for c in ours["country"]]
    assert market == shared["market_type"].to_list()


def test_the_house_as_a_whole(lines):
    """Without the customer's column and the products' codes: the published sums of the file."""
    whole = lines.with_columns(pl.lit("all").alias("house"), day=pl.col("InvoiceDate").dt.date())
    value = pl.col("Quantity") * pl.col("UnitPrice")
    table = from_transactions(
        whole.filter(value != 0),
        customer="house",
        date="day",
        quantity="Quantity",
        price="UnitPrice",
        order="InvoiceNo",
        drop_duplicates=False,
        period=("2010-12-01", "2011-12-09"),
    )
    assert table["net_sales"].to_list() == [pytest.approx(9_747_747.93, abs=0.01)]


# -- every engine on half a million lines ------------------------------------------------------


def compare(table, expected):
    assert table.columns == expected.columns
    for name in expected.columns:
        here, there = table[name], expected[name]
        if not there.dtype.is_numeric():
            assert here.to_list() == there.to_list()
            continue
        here, there = here.cast(pl.Float64), there.cast(pl.Float64)
        assert (here.is_null() == there.is_null()).all(), name
        np.testing.assert_allclose(
            here.drop_nulls(), there.drop_nulls(), rtol=1e-9, atol=1e-8, err_msg=name
        )


@pytest.mark.filterwarnings("ignore:.*are left out|.*count nowhere:UserWarning")
@pytest.mark.parametrize("kind", ["pandas", "pyarrow"])
def test_half_a_million_lines_in_other_frames_give_the_same(products, tables, kind):
    frame = products.to_pandas() if kind == "pandas" else products.to_arrow()
    answer = from_transactions(frame, **ROLES)
    back = pl.from_pandas(answer) if kind == "pandas" else pl.from_arrow(answer)
    compare(back, tables)


def test_a_folder_of_parquet_gives_the_same(products, tables, tmp_path):
    for month, part in products.group_by(pl.col("InvoiceDate").dt.month()):
        part.write_parquet(tmp_path / f"{month[0]}.parquet")
    answer = from_transactions(tmp_path, **ROLES)
    compare(answer.pl().sort("period", "customer_id"), tables)
    compare(
        from_transactions(pl.scan_parquet(tmp_path / "*.parquet"), **ROLES)
        .collect()
        .sort("period", "customer_id"),
        tables,
    )


# -- other data --------------------------------------------------------------------------------


def test_cdnow_recency_frequency_and_money_are_the_plain_ones(data):
    lines = pd.read_csv(
        data / "cdnow_master.csv.gz", dtype={"customer_id": str}, parse_dates=["date"]
    )
    lines["order"] = np.arange(len(lines))  # a row is a purchase
    end = pd.Timestamp("1998-06-30")
    with pytest.warns(CustomerDataWarning, match="80 of 69,659 lines, of 80 customers"):
        table = from_transactions(
            lines,
            customer="customer_id",
            date="date",
            amount="dollar_value",
            quantity="number_of_cds",
            order="order",
            drop_duplicates=False,
            period=("1997-01-01", "1998-06-30"),
        ).set_index("customer_id")
    paid = lines[lines["dollar_value"] > 0]
    assert len(table) == lines["customer_id"].nunique() == 23_570
    table = table[table["status"] != "never_bought"]
    groups = paid.groupby("customer_id")
    pd.testing.assert_index_equal(table.index, groups.size().index)
    assert (table["recency_days"] == (end - groups["date"].max()).dt.days).all()
    assert (table["tenure_days"] == (end - groups["date"].min()).dt.days).all()
    assert (table["orders"] == groups.size()).all()
    assert (table["purchase_days"] == groups["date"].nunique()).all()
    assert (
        table["active_months"] == groups["date"].agg(lambda d: d.dt.to_period("M").nunique())
    ).all()
    money = groups["dollar_value"]
    np.testing.assert_allclose(table["sales"], money.sum(), rtol=1e-12)
    np.testing.assert_allclose(table["avg_order_value"], money.mean(), rtol=1e-12)
    np.testing.assert_allclose(table["monthly_avg_sales"], money.sum() / 18, rtol=1e-12)
    assert (table["median_line_quantity"] == groups["number_of_cds"].median()).all()
    enough = groups["date"].nunique() >= 4
    gaps = paid[paid["customer_id"].map(enough)].groupby("customer_id")["date"]
    spread = gaps.agg(
        lambda d: (g := d.drop_duplicates().sort_values().diff().dt.days).std() / g.mean()
    )
    pd.testing.assert_index_equal(table.index[table["gap_cv"].notna()], spread.index)
    np.testing.assert_allclose(table["gap_cv"].dropna(), spread, rtol=1e-11)


def test_superstores_largest_customer_loses_money(data):
    lines = pl.read_csv(data / "superstore_orders.csv.gz", try_parse_dates=True)
    lines = lines.with_columns(cost=pl.col("Sales") - pl.col("Profit"))
    table = from_transactions(
        lines,
        customer="Customer ID",
        date="Order Date",
        amount="Sales",
        quantity="Quantity",
        order="Order ID",
        product="Product ID",
        cost="cost",
        region="Region",
        drop_duplicates=False,
        period=(lines["Order Date"].min(), lines["Order Date"].max()),
    )
    plain = lines.group_by("Customer ID").agg(pl.col("Sales", "Profit").sum()).sort("Customer ID")
    np.testing.assert_allclose(table["sales"], plain["Sales"], rtol=1e-12)
    np.testing.assert_allclose(table["margin"], plain["Profit"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        table["margin_rate"], plain["Profit"] / plain["Sales"], rtol=1e-9, atol=1e-12
    )
    assert (table["cost_coverage"] == 1).all()
    largest = table.sort("sales").tail(1)
    assert largest["margin"].item() < 0


def test_iowas_quarters_from_months_are_those_of_the_shared_tables(data):
    """A month's purchases of an outlet as one line of its first day: sales, growth, share."""
    months = pl.read_csv(
        data / "iowa_store_month_2019-01_2022-06.csv.gz",
        schema_overrides={"store_number": pl.String},
    ).with_columns(pl.col("month").str.to_date("%Y-%m"))
    cities = pl.read_csv(
        data / "iowa_stores.csv.gz", schema_overrides={"store_number": pl.String}
    ).select("store_number", "city")
    periods = calendar_periods("quarter", "2021-07-01", "2022-06-30")
    table = from_transactions(
        months.join(cities, on="store_number", how="left"),
        customer="store_number",
        date="month",
        amount="sales",
        region="city",
        drop_duplicates=False,
        period=periods,
    )
    for name in periods:
        shared = pl.read_csv(
            data / f"iowa_indicators_{name}.csv.gz",
            schema_overrides={"store_number": pl.String},
            infer_schema_length=None,
        ).filter(pl.col("status") == "active")
        ours = table.filter((pl.col("period") == name) & (pl.col("status") == "active"))
        both = shared.join(ours, on="store_number", how="left", suffix="_ours")
        assert both.height == ours.height
        assert (both["sales"] - both["sales_ours"]).abs().max() < 0.006
        assert (both["monthly_avg_sales"] - both["monthly_avg_sales_ours"]).abs().max() < 0.006
        grown = both.filter(pl.col("growth_qoq").is_not_null())
        assert (grown["growth_qoq"] - grown["growth_prev"]).abs().max() < 6e-5
