"""From transaction lines to indicators: one row per customer and period."""

from __future__ import annotations

from typing import Any

from ahpvalue.errors import CustomerDataError, Problem
from ahpvalue.support.periods import calendar_periods, read_periods
from ahpvalue.transactions.dates import with_dates
from ahpvalue.transactions.indicators import values
from ahpvalue.transactions.line_checks import covered_periods
from ahpvalue.transactions.lines import open_lines, prepared
from ahpvalue.transactions.roles import Roles

__all__ = ["calendar_periods", "from_transactions"]


def from_transactions(  # noqa: PLR0913 - one per part a column can play
    lines: Any,
    *,
    customer: str,
    date: str,
    period: Any,
    amount: str | None = None,
    quantity: str | None = None,
    price: str | None = None,
    order: str | None = None,
    product: str | None = None,
    cost: str | None = None,
    region: str | None = None,
    is_return: Any = None,
    drop_duplicates: bool | None = None,
) -> Any:
    """Indicators of dependence, contribution, growth and more from lines of invoices.

    Parameters
    ----------
    lines : data frame, relation, str or pathlib.Path
        One row per line of an invoice (or per purchase): a pandas, polars or pyarrow table in
        memory; a polars LazyFrame, DuckDB relation, Ibis table or Spark frame; or the path of
        a Parquet file, of a folder of them or a pattern, read through DuckDB without loading
        it. Dask is refused: it cannot order rows within customers.
    customer, date : str
        The columns with the customer's id, and with the day or time of purchase (dates or
        times without a zone; text is refused).
    period : pair of days, list, mapping or str
        ``("2024-01-01", "2024-06-30")``, both days included; several pairs in a list or, under
        names of your own, in a dict (`calendar_periods` makes one), all alike in length; or,
        for a table in memory, ``"month"``, ``"quarter"``, ``"half"`` or ``"year"``: all in
        which lines lie.
        Nothing after a period's end is used for its rows.
    amount : str, optional
        The column with the line's value, in money. Left out: quantity times price.
    quantity, price : str, optional
        Pieces, and money per piece (left out: amount divided by quantity). Sales without a
        price, or of no pieces, do not enter price_realisation.
    order : str, optional
        The number of the invoice or order.
    product : str, optional
    cost : str, optional
        What the line's goods cost, in money, for the whole line; may be missing in lines.
    region : str, optional
        A place, market or country in which customers are compared; may be missing.
    is_return : str or narwhals.Expr, optional
        A column of true and false, or a rule, for lines that bring something back. Their
        value counts without its sign. Left out: lines with an amount below 0.
    drop_duplicates : bool, optional
        True counts lines that are alike in every column once, False counts each. Left out,
        each counts, and for a table in memory a warning says how many copies there are.

    Returns
    -------
    data frame or relation
        Of the kind that was given (a DuckDB relation for a path): nothing is computed yet if
        nothing was in memory. One row per period and customer of the lines; a table in
        memory is in that order.
        Columns: the customer (named as in `lines`), ``period``, ``status`` and the region;
        then, as far as the columns they need are named here:

        ====================  ==============================================================
        orders                orders with a sale (needs `order`)
        purchase_days         days with a sale
        active_months         months of the period with a sale (whole months)
        recency_days          days from the last sale to the period's end
        tenure_days           days from the first sale in the lines to the period's end
        gap_cv                standard deviation (n - 1) of the days between days of
                              purchase, divided by their mean; needs 4 such days
        sales                 value of the sales, in money
        net_sales             sales less returns_value; may be negative
        monthly_avg_sales     sales per month (whole months)
        avg_order_value       sales per order (`order`)
        units                 pieces sold (`quantity`)
        avg_unit_price        sales per piece (`quantity`)
        median_line_quantity  median quantity of a line of sale, to date (`quantity`)
        price_realisation     paid, over the value of the same pieces at each product's
                              median price of the period, weighted by pieces (`quantity`,
                              `product`)
        margin                sales less their cost; missing if a cost is missing (`cost`)
        margin_rate           1 - cost / sales, over sales whose cost is known (`cost`)
        cost_coverage         share of sales whose cost is known (`cost`)
        lines_per_100         lines of sale and of return per 100 of sales
        n_products            different products bought (`product`)
        adoption_lead         mean over products with 5 or more buyers in the period of
                              1 - (rank of the first purchase - 1) / (buyers - 1); 1 is the
                              first to buy (`product`)
        growth_half           (second half - first half) / mean of both, in [-2, 2];
                              missing for whoever first bought in the second half
        trend_slope           least-squares slope of monthly sales / their mean; missing as
                              growth_half (3 or more whole months)
        growth_prev           (period - period before) / mean of both, in [-2, 2]; missing
                              without sales in the period before
        returns_value         value of the returns, in money
        return_rate           returns_value / sales; may exceed 1
        cancel_order_rate     orders with a return / all orders (`order`)
        <region>_sales_share  share of the region's sales (`region`)
        ====================  ==============================================================

        Missing, too, is every ratio whose denominator is 0. Counts and sums of who bought
        nothing are 0, because that is what was bought.
        ``status``: ``active`` (a sale in the period), ``lapsed`` (one before, none in it),
        ``returns_only`` (returns and no sale in the lines up to the end), ``never_bought``
        (lines up to the end, of which none is sale or return), ``not_yet`` (no line up to the
        end) or ``incomplete`` (see Notes).

    Raises
    ------
    CustomerDataError
        A column is not there or holds something else, the period is none, or (tables in
        memory) a line with a customer lacks its date, amount, quantity, order or product.
    MissingExtraError
        A path was given and DuckDB is not installed.

    Warns
    -----
    CustomerDataWarning
        Of a table in memory: lines without a customer (left out), lines with an amount of 0
        (neither sale nor return) and whose they are, copies of lines, calendar periods the lines
        may not cover.

    Notes
    -----
    Lines that are not in memory are not looked at, so these things are not warned of: lines
    without a customer are left out, and lines that are neither sale nor return count nowhere.
    A customer with a line that lacks something has status ``incomplete`` and no values, and no
    share of that customer's region is given to anybody; the line is left out of medians and ranks.

    Whole months run from the period's first day, wherever in a calendar month that is. Halves
    are of whole months if these are even in number, else of days. Sums may differ between
    engines in their last digits.

    Examples
    --------
    >>> import pandas as pd
    >>> from ahpvalue.transactions import from_transactions
    >>> lines = pd.DataFrame({
    ...     "shop": ["A", "A", "A", "B"],
    ...     "day": pd.to_datetime(["2024-01-10", "2024-04-20", "2024-05-02", "2023-12-01"]),
    ...     "value": [100.0, 250.0, -50.0, 80.0],
    ... })
    >>> table = from_transactions(
    ...     lines, customer="shop", date="day", amount="value",
    ...     period=("2024-01-01", "2024-06-30"),
    ... )
    >>> table[["shop", "status", "sales", "return_rate", "recency_days"]]
      shop  status  sales  return_rate  recency_days
    0    A  active  350.0     0.142857          71.0
    1    B  lapsed    0.0          NaN         212.0
    """
    import narwhals as nw

    roles = Roles(customer, date, amount, quantity, price, order, product, cost, region, is_return)
    frame = with_dates(open_lines(lines), date, roles.place("date"))
    ready = prepared(frame, roles, drop_duplicates)
    if isinstance(period, str):
        period = covered_periods(frame, roles, period)
    eager = isinstance(frame, nw.DataFrame)
    tables = [values(ready, roles, one) for one in read_periods(period)]
    result = nw.concat([table.sort("customer") if eager else table for table in tables])
    result = result.rename(_own_names(roles, result.collect_schema()))
    return nw.maybe_reset_index(result.collect()).to_native() if eager else result.to_native()


def _own_names(roles: Roles, columns: Any) -> dict[str, str]:
    """The customer's and the region's columns, called as the caller calls them."""
    names = {"customer": roles.customer}
    if roles.region:
        names |= {"region": roles.region, "region_share": f"{roles.region}_sales_share"}
    clashes = [
        Problem(f"column {name!r} ({role}): a result is called so, too; rename it first")
        for role, name in names.items()
        if name in columns and role != name
    ]
    if clashes or len(set(names.values())) < len(names):
        raise CustomerDataError(
            clashes or f"column {roles.region!r} is customer and region at once; give two columns"
        )
    return names
