"""The steps from lines to values: each takes the lines of one period, each adds columns.

Every step returns one row per customer, under ``customer``; a customer without lines of the
kind has no row there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ahpvalue.support.periods import Period
from ahpvalue.transactions.per_group import (
    medians,
    with_group,
    with_previous,
    with_running_sum,
)

if TYPE_CHECKING:
    import narwhals as nw

    Lines = nw.LazyFrame[Any]

__all__ = ["customers", "days", "orders", "prices", "products", "regions", "sizes", "totals"]

_BUYERS = 5  # how many customers must have bought a product before one can be said to lead


def month_of(period: Period) -> Any:
    """The number, from 0, of the period's month in which a line lies."""
    import narwhals as nw

    month: Any = nw.lit(0)
    for start in period.month_starts[1:]:
        month = month + (nw.col("day") >= start).cast(nw.Int64)
    return month


def customers(lines: Lines) -> Lines:
    """Everybody who has a line at all, and the first day of one."""
    import narwhals as nw

    return lines.group_by("customer").agg(nw.col("day").min().alias("first_line"))


def totals(lines: Lines, period: Period) -> Lines:
    """Sums over the customer's lines, and the first and last day of purchase ever."""
    import narwhals as nw

    names = lines.collect_schema().names()
    amount, day, sale, back = (nw.col(name) for name in ("amount", "day", "sale", "return"))
    within = day >= period.start
    sold, returned = sale & within, back & within
    before = sale & ~within & (day >= period.previous_start)
    sums = {
        "sales": _sum_where(sold, amount),
        "first_half": _sum_where(sold & (day < period.middle), amount),
        "second_half": _sum_where(sold & (day >= period.middle), amount),
        "sales_before": _sum_where(before, amount),
        "returns_value": _sum_where(returned, amount.abs()),
        "sale_lines": _sum_where(sold, nw.lit(1)),
        "return_lines": _sum_where(returned, nw.lit(1)),
        "returns_ever": _sum_where(back, nw.lit(1)),
    }
    if period.months:
        centre = (period.months - 1) / 2
        sums["tilt"] = _sum_where(sold, amount * (month_of(period) - centre))
    if "quantity" in names:
        sums["units"] = _sum_where(sold, nw.col("quantity"))
    if "cost" in names:
        told = sold & nw.col("cost").is_finite().fill_null(False)
        sums["cost"] = _sum_where(told, nw.col("cost"))
        sums["sales_with_cost"] = _sum_where(told, amount)
        sums["lines_with_cost"] = _sum_where(told, nw.lit(1))
    return (
        lines.with_columns(
            *(sum_.alias(name) for name, sum_ in sums.items()),
            nw.when(sale).then(day).alias("sale_day"),
            nw.col("unknown").cast(nw.Int64).alias("lacking"),
        )
        .group_by("customer")
        .agg(
            *(nw.col(name).sum() for name in sums),
            nw.col("sale_day").min().alias("first_day"),
            nw.col("sale_day").max().alias("last_day"),
            nw.col("lacking").max(),
        )
    )


def _sum_where(condition: Any, value: Any) -> Any:
    import narwhals as nw

    return nw.when(condition).then(value).otherwise(nw.lit(0))


def orders(lines: Lines, period: Period) -> Lines:
    """How many orders were purchases, how many returns, and how many there were."""
    import narwhals as nw

    return (
        lines.filter(nw.col("day") >= period.start)
        .with_columns(nw.col("sale").cast(nw.Int64), nw.col("return").cast(nw.Int64))
        .group_by("customer", "order")
        .agg(nw.col("sale").max(), nw.col("return").max())
        .group_by("customer")
        .agg(
            nw.col("sale").sum().alias("orders"),
            nw.col("return").sum().alias("return_orders"),
            nw.len().alias("all_orders"),
        )
    )


def days(lines: Lines, period: Period) -> Lines:
    """Days with a purchase, months with one, and the squares of the gaps between the days."""
    import narwhals as nw

    bought = lines.filter(nw.col("sale") & (nw.col("day") >= period.start))
    each = bought.group_by("customer", "day").agg(nw.len().alias("lines"))
    each = with_previous(each, "day", "customer")
    gap = (nw.col("day") - nw.col("previous")).cast(nw.Float64)
    found = (
        each.with_columns((gap * gap).alias("gap_squares"))
        .group_by("customer")
        .agg(
            nw.len().alias("purchase_days"),
            (nw.col("day").max()).alias("to_day"),
            (nw.col("day").min()).alias("from_day"),
            nw.col("gap_squares").sum(),
        )
    )
    if not period.months:
        return found
    months = each.select("customer", month_of(period).alias("month")).unique()
    months = months.group_by("customer").agg(nw.len().alias("active_months"))
    return found.join(months, on="customer", how="left")


def products(lines: Lines, period: Period) -> Lines:
    """How many products, and how early among their buyers the customer bought each first."""
    import narwhals as nw

    bought = lines.filter(nw.col("sale") & (nw.col("day") >= period.start))
    firsts = bought.group_by("customer", "product").agg(nw.col("time").min())
    moments = firsts.group_by("product", "time").agg(nw.len().alias("together"))
    moments = moments.with_columns(nw.col("together").cast(nw.Int64))
    moments = with_running_sum(moments, "together", "product", "time")
    moments = with_group(moments, "buyers", "product", nw.col("together").sum())
    # Those who came at the same moment share the mean of their places, as ranks with ties do.
    place = nw.col("running") - (nw.col("together") - 1) / 2
    lead = 1 - (place - 1) / (nw.col("buyers") - 1)
    moments = moments.select(
        "product", "time", nw.when(nw.col("buyers") >= _BUYERS).then(lead).alias("adoption_lead")
    )
    return (
        firsts.join(moments, on=["product", "time"], how="left")
        .group_by("customer")
        .agg(nw.len().alias("n_products"), nw.col("adoption_lead").mean())
    )


def prices(lines: Lines, period: Period) -> Lines:
    """What was paid, and what the same pieces cost at each product's median price."""
    import narwhals as nw

    bought = lines.filter(nw.col("sale") & (nw.col("day") >= period.start))
    bought = bought.filter(nw.col("quantity") > 0, nw.col("price").is_finite().fill_null(False))
    usual = medians(bought, "price", "quantity", "product").select("product", "lower")
    return (
        bought.join(usual, on="product", how="left")
        .with_columns((nw.col("quantity") * nw.col("lower")).alias("usual"))
        .group_by("customer")
        .agg(nw.col("amount").sum().alias("paid"), nw.col("usual").sum())
    )


def sizes(lines: Lines) -> Lines:
    """The median quantity of a line of purchase, to date."""
    import narwhals as nw

    bought = lines.filter(nw.col("sale")).with_columns(nw.lit(1).alias("once"))
    found = medians(bought, "quantity", "once", "customer")
    median = (nw.col("lower") + nw.col("upper")) / 2
    return found.select("customer", median.alias("median_line_quantity"))


def regions(lines: Lines) -> Lines:
    """The region of the customer's last line that has one (the last by name, if several)."""
    import narwhals as nw

    known = lines.filter(~nw.col("region").is_null())
    last = known.group_by("customer", "region").agg(nw.col("time").max())
    latest = with_group(last, "latest", "customer", nw.col("time").max())
    return (
        latest.filter(nw.col("time") == nw.col("latest"))
        .group_by("customer")
        .agg(nw.col("region").max())
    )
