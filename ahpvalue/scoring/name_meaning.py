"""What a name of a rule means: an indicator's value, or a column; never one of two silently."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ahpvalue.errors import CustomerDataError

__all__ = ["column_meant"]


def column_meant(name: str, read: Mapping[str, str], table: Collection[str]) -> str:
    """The column behind a name: the one its indicator reads, else the one that is called so.

    Parameters
    ----------
    name : str
    read : mapping of str to str
        Indicator to the column it reads.
    table : collection of str
        The columns of the table.

    Raises
    ------
    CustomerDataError
        The name is an indicator that reads another column, and a column as well.

    Examples
    --------
    >>> column_meant("sales", {"sales": "sales_12m"}, ["sales_12m", "city"])
    'sales_12m'
    >>> column_meant("city", {"sales": "sales_12m"}, ["sales_12m", "city"])
    'city'
    """
    column = read.get(name, name)
    if column != name and name in table:
        raise CustomerDataError(
            f"{name!r} may mean the indicator, which reads column {column!r}, or the column "
            f"{name!r} of the table; rename one of them, or leave the column out"
        )
    return column
