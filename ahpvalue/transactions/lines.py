"""Transaction lines: from any frame or folder of Parquet to columns with fixed names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ahpvalue.errors import CustomerDataError
from ahpvalue.support.extras import need
from ahpvalue.transactions.line_checks import check_lines, check_rule, warn_of_copies
from ahpvalue.transactions.roles import Roles

if TYPE_CHECKING:
    import narwhals as nw

    Lines = nw.LazyFrame[Any]

__all__ = ["open_lines", "prepared"]

_KINDS = "a pandas, polars, pyarrow, DuckDB, Ibis or Spark frame, or a path to Parquet files"
_FIXED = {"date": "time", "is_return": "return"}  # roles whose fixed column is called otherwise


def open_lines(lines: Any) -> Any:
    """A narwhals frame of whatever was given; a path becomes a DuckDB relation, unread.

    Raises
    ------
    CustomerDataError
        It is no frame, a frame that cannot be put in order, or a path to nothing.
    """
    import narwhals as nw

    given = _parquet(lines) if isinstance(lines, (str, Path)) else lines
    frame = nw.from_native(given, pass_through=True)
    if not isinstance(frame, (nw.DataFrame, nw.LazyFrame)):
        raise CustomerDataError(f"lines come as {_KINDS}, not as {type(lines).__name__}")
    if frame.implementation.is_dask():
        raise CustomerDataError(
            "a Dask frame cannot be put in order within customers; give the Parquet files it was "
            "read from by their path, or a polars, DuckDB or Spark frame"
        )
    return frame


def _parquet(path: str | Path) -> Any:
    duckdb = need("duckdb", "engines", "reading Parquet files")
    pattern = str(Path(path) / "**" / "*.parquet") if Path(path).is_dir() else str(path)
    try:
        return duckdb.read_parquet(pattern)
    except duckdb.Error as refused:
        raise CustomerDataError(
            f"{path}: cannot be read as Parquet ({str(refused).splitlines()[0]}); give a Parquet "
            "file, a folder of them, or a pattern such as sales/*.parquet"
        ) from refused


def prepared(frame: Any, roles: Roles, drop_duplicates: bool | None) -> Lines:
    """The lines of customers, with fixed names.

    Parameters
    ----------
    frame : narwhals.DataFrame or LazyFrame
    roles : Roles
    drop_duplicates : bool, optional

    Returns
    -------
    narwhals.LazyFrame
        ``customer``, ``time`` (the date as given), ``day`` (its number), ``amount``,
        ``sale``, ``return`` and ``unknown`` (true and false), and the other roles given.
        Lines without a customer are not in it. ``unknown``: something that the line needs is
        missing.

    Raises
    ------
    CustomerDataError
        A column is not there or of the wrong type; in a frame in memory also: something a
        line needs is missing.

    Warns
    -----
    CustomerDataWarning
        For a frame in memory: what was left out, and copies of lines that were left in.
    """
    import narwhals as nw

    eager = isinstance(frame, nw.DataFrame)
    roles.check(frame.collect_schema())
    check_rule(frame, roles)
    lines = _flagged(frame, roles)
    if eager:
        check_lines(lines, roles, {role: _lacking(role) for role in roles.needed()})
    if drop_duplicates:
        # Grouping is what engines do best: `unique` numbers rows, at twice the cost in DuckDB.
        once = frame.unique() if eager else frame.group_by(frame.collect_schema().names()).agg()
        lines = _flagged(once, roles)
    elif drop_duplicates is None and eager:
        warn_of_copies(frame)
    return lines.lazy().filter(nw.col("known")).drop("known")


def _flagged(frame: Any, roles: Roles) -> Any:
    """The lines under fixed names; ``known``: has a customer, ``unknown``: lacks something."""
    import narwhals as nw

    schema = frame.collect_schema()
    known = ~_absent(roles.customer, schema)
    lines = frame.select(*_fixed_columns(roles, schema), known.alias("known"))
    lacking = (_lacking(role) for role in roles.needed())
    return lines.with_columns(nw.any_horizontal(*lacking, ignore_nulls=False).alias("unknown"))


def _fixed_columns(roles: Roles, schema: Any) -> list[Any]:
    """The roles' columns under fixed names, values as floats."""
    import narwhals as nw

    values = {role: nw.col(name).cast(nw.Float64) for role, name in roles.values().items()}
    if roles.amount is None:
        values["amount"] = values["quantity"] * values["price"]
    elif "quantity" in values and "price" not in values:
        pieces = nw.when(values["quantity"] != 0).then(values["quantity"])
        values["price"] = values["amount"] / pieces
    names = {}
    for role in ("customer", "order", "product", "region"):
        column = getattr(roles, role)
        if column is not None:
            grouped = schema[column] in (nw.Categorical, nw.Enum)
            names[role] = nw.col(column).cast(nw.String) if grouped else nw.col(column)
    back = values["amount"] < 0 if roles.is_return is None else roles.is_return
    back = nw.col(back) if isinstance(back, str) else back
    flags = {"return": back, "sale": ~back & (values["amount"] > 0)}
    day = nw.col(roles.date)
    every = {**names, **values, **flags, "time": day, "day": _ordinal(day)}
    return [value.alias(name) for name, value in every.items()]


def _ordinal(day: Any) -> Any:
    """A day's number as `datetime.date.toordinal` gives it, from parts every engine knows.

    No day is a number before all days: whoever has such a line is told so in every period.
    """
    import narwhals as nw

    past = day.dt.year().fill_null(0).cast(nw.Int64) - 1
    leap = past // 4 - past // 100 + past // 400
    return past * 365 + leap + day.dt.ordinal_day().fill_null(0).cast(nw.Int64)


def _absent(column: str, schema: Any) -> Any:
    """Where there is no customer: null, NaN or an empty text."""
    import narwhals as nw

    absent = nw.col(column).is_null()
    if schema[column] == nw.String:
        return absent | (nw.col(column) == "").fill_null(False)
    return (
        absent | nw.col(column).is_nan().fill_null(False) if schema[column].is_float() else absent
    )


def _lacking(role: str) -> Any:
    import narwhals as nw

    column = nw.col(_FIXED.get(role, role))
    if role in ("amount", "quantity", "price"):
        return ~column.is_finite().fill_null(False)
    return column.is_null()
