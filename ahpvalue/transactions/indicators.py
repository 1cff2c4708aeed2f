"""From the steps' sums to the indicators of one period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ahpvalue.support.periods import Period
from ahpvalue.transactions import aggregates
from ahpvalue.transactions.per_group import with_group

if TYPE_CHECKING:
    import narwhals as nw

    from ahpvalue.transactions.roles import Roles

    Lines = nw.LazyFrame[Any]

__all__ = ["values"]

_DAYS = 4  # days with a purchase, so that there are three gaps to compare


def values(lines: Lines, roles: Roles, period: Period) -> Lines:
    """One row per customer of the lines, whatever they hold and whenever they were.

    Parameters
    ----------
    lines : narwhals.LazyFrame
        As `ahpvalue.transactions.lines.prepared` gives them.
    roles : Roles
    period : Period

    Returns
    -------
    narwhals.LazyFrame
    """
    import narwhals as nw

    table = aggregates.customers(lines)
    counting = nw.col("sale") | nw.col("return") | nw.col("unknown")
    lines = lines.filter(nw.col("day") <= period.end, counting)
    sums = aggregates.totals(lines, period)
    table = table.join(sums, on="customer", how="left")
    summed = [name for name in sums.collect_schema().names() if name not in _DAYS_AND_ID]
    table = table.with_columns(nw.col(name).fill_null(0) for name in summed)
    lines = lines.filter(~nw.col("unknown"))
    for step in _wanted_steps(lines, roles, period):
        table = table.join(step, on="customer", how="left")
    counts = [name for name in table.collect_schema().names() if name in _COUNTS]
    table = table.with_columns(nw.col(name).fill_null(0) for name in counts)
    complete = nw.col("lacking") == 0
    columns: dict[str, Any] = {}
    for family in (_dependence, _contribution, _growth, _returns):
        columns |= family(roles, period)
    whole = {name: nw.when(complete).then(value) for name, value in columns.items()}
    first = {"period": nw.lit(period.name), "status": _status(period)}
    if roles.region:
        first["region"] = nw.col("region")
    result = table.select("customer", **first, **whole)
    return _with_share(result) if roles.region else result


_DAYS_AND_ID = {"customer", "first_day", "last_day"}
_COUNTS = {
    "orders", "return_orders", "all_orders", "purchase_days", "active_months", "n_products",
}  # fmt: skip


def _wanted_steps(lines: Lines, roles: Roles, period: Period) -> list[Lines]:
    found = [aggregates.days(lines, period)]
    if roles.order:
        found.append(aggregates.orders(lines, period))
    if roles.product:
        found.append(aggregates.products(lines, period))
    if roles.quantity:
        found.append(aggregates.sizes(lines))
    if roles.product and roles.quantity:
        found.append(aggregates.prices(lines, period))
    if roles.region:
        found.append(aggregates.regions(lines))
    return found


def _status(period: Period) -> Any:
    import narwhals as nw

    bought = nw.when(nw.col("last_day") >= period.start).then(nw.lit("active"))
    only = nw.when(nw.col("returns_ever") > 0).then(nw.lit("returns_only"))
    never = only.otherwise(nw.lit("never_bought"))
    later = nw.when(nw.col("first_line") > period.end).then(nw.lit("not_yet"))
    ever = nw.when(nw.col("last_day").is_null()).then(later.otherwise(never))
    known = ever.otherwise(bought.otherwise(nw.lit("lapsed")))
    return nw.when(nw.col("lacking") > 0).then(nw.lit("incomplete")).otherwise(known)


def _ratio(part: Any, whole: Any) -> Any:
    """A ratio; missing where there is nothing to divide by."""
    import narwhals as nw

    return nw.when(whole > 0).then(part / whole)


def _count(name: str) -> Any:
    import narwhals as nw

    return nw.col(name).cast(nw.Int64)


def _dependence(roles: Roles, period: Period) -> dict[str, Any]:
    import narwhals as nw

    columns: dict[str, Any] = {}
    if roles.order:
        columns["orders"] = _count("orders")
    columns["purchase_days"] = _count("purchase_days")
    if period.months:
        columns["active_months"] = _count("active_months")
    columns["recency_days"] = period.end - nw.col("last_day")
    columns["tenure_days"] = period.end - nw.col("first_day")
    gaps = nw.col("purchase_days") - 1
    whole = (nw.col("to_day") - nw.col("from_day")).cast(nw.Float64)
    # n times the squares' sum, less the sum's square: whole numbers, so that gaps all alike
    # have a spread of exactly 0.
    spread = gaps * (gaps * nw.col("gap_squares") - whole * whole) / (gaps - 1)
    enough = nw.when(nw.col("purchase_days") >= _DAYS)
    columns["gap_cv"] = enough.then(spread).sqrt() / whole
    return columns


def _contribution(roles: Roles, period: Period) -> dict[str, Any]:
    import narwhals as nw

    sales = nw.col("sales")
    columns: dict[str, Any] = {"sales": sales, "net_sales": sales - nw.col("returns_value")}
    if period.months:
        columns["monthly_avg_sales"] = sales / period.months
    if roles.order:
        columns["avg_order_value"] = _ratio(sales, nw.col("orders"))
    if roles.quantity:
        columns["units"] = nw.col("units")
        columns["avg_unit_price"] = _ratio(sales, nw.col("units"))
        columns["median_line_quantity"] = nw.col("median_line_quantity")
    if roles.quantity and roles.product:
        columns["price_realisation"] = _ratio(nw.col("paid"), nw.col("usual"))
    if roles.cost:
        covered = nw.col("lines_with_cost") == nw.col("sale_lines")
        bought = nw.col("sale_lines") > 0
        columns["margin"] = nw.when(bought & covered).then(sales - nw.col("cost"))
        earned = nw.col("sales_with_cost") - nw.col("cost")
        columns["margin_rate"] = _ratio(earned, nw.col("sales_with_cost"))
        columns["cost_coverage"] = _ratio(nw.col("sales_with_cost"), sales)
    handled = nw.col("sale_lines") + nw.col("return_lines")
    columns["lines_per_100"] = _ratio(100.0 * handled, sales)
    if roles.product:
        columns["n_products"] = _count("n_products")
        columns["adoption_lead"] = nw.col("adoption_lead")
    return columns


def _growth(_: Roles, period: Period) -> dict[str, Any]:
    import narwhals as nw

    first, second = nw.col("first_half"), nw.col("second_half")
    sales, before = nw.col("sales"), nw.col("sales_before")
    # Who began in the second half has no first half to grow from.
    there = nw.col("first_day") < period.middle
    growth = _ratio(2 * (second - first), second + first)
    columns = {"growth_half": nw.when(there).then(growth)}
    if period.months and period.months >= 3:
        n = period.months
        slope = nw.col("tilt") / (n * (n * n - 1) / 12)
        columns["trend_slope"] = nw.when(there).then(_ratio(slope, sales / n))
    change = 2 * (sales - before) / (sales + before)
    columns["growth_prev"] = nw.when(before > 0).then(change)
    return columns


def _returns(roles: Roles, _: Period) -> dict[str, Any]:
    import narwhals as nw

    value = nw.col("returns_value")
    columns = {"returns_value": value, "return_rate": _ratio(value, nw.col("sales"))}
    if roles.order:
        columns["cancel_order_rate"] = _ratio(nw.col("return_orders"), nw.col("all_orders"))
    return columns


def _with_share(table: Lines) -> Lines:
    """Add the share of the region's sales; missing if the sales of any customer there are."""
    import narwhals as nw

    table = table.with_columns(nw.col("sales").is_null().cast(nw.Int64).alias("lost"))
    table = with_group(table, "region_sales", "region", nw.col("sales").sum())
    table = with_group(table, "any_lost", "region", nw.col("lost").max())
    known = (nw.col("any_lost") == 0) & ~nw.col("region").is_null()
    share = nw.when(known).then(_ratio(nw.col("sales"), nw.col("region_sales")))
    return table.with_columns(share.alias("region_share")).drop("region_sales", "lost", "any_lost")
