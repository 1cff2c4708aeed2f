"""The column with the days: objects made to dates, and what to do where it holds something else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ahpvalue.errors import CustomerDataError, Problem

__all__ = ["date_advice", "with_dates"]


def with_dates(frame: Any, column: str, place: str) -> Any:
    """A frame in memory whose objects `datetime.date` and `datetime.datetime` are a date column.

    Any other frame, and any other column, is returned as it is.

    Raises
    ------
    CustomerDataError
        Among the dates stands something else, or a time of a zone.
    """
    import narwhals as nw

    if not isinstance(frame, nw.DataFrame) or frame.schema.get(column) != nw.Object:
        return frame
    values = [None if value is None or value != value else value for value in frame[column]]  # noqa: PLR0124 - NaT
    for row, value in enumerate(values, 1):
        if value is not None and not isinstance(value, date):
            raise CustomerDataError(
                f"{place}: holds {value!r} in row {row}, which is no date; convert the column to "
                "dates first"
            )
        if isinstance(value, datetime) and value.tzinfo is not None:
            raise CustomerDataError(f"{place}: holds {_zoned(str(value.tzinfo))}")
    times = [None if value is None else _midnight(value) for value in values]
    backend: Any = nw.get_native_namespace(frame)
    series = nw.new_series(column, times, nw.Datetime("us"), backend=backend)
    if frame.implementation.is_pandas_like():
        native = series.to_native()
        native.index = frame.to_native().index
        series = nw.from_native(native, series_only=True)
    return frame.with_columns(series)


def _midnight(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def date_advice(held: Any, place: str) -> Problem | None:
    """What is wrong with a column of some type, and how it becomes one of dates; None if fine."""
    import narwhals as nw

    if held == nw.Datetime and held.time_zone is not None:
        return Problem(f"{place}: holds {_zoned(held.time_zone)}")
    if held in (nw.Date, nw.Datetime):
        return None
    if held == nw.String:
        advice = (
            "convert it to dates first (pandas.to_datetime, polars' str.to_date, CAST(... AS DATE))"
        )
    elif held.is_numeric():
        advice = (
            "say what the numbers mean: 20240131 becomes a date by pandas.to_datetime(..., "
            "format='%Y%m%d'), seconds since 1970 by unit='s'"
        )
    else:
        advice = "convert it to dates, or times without a zone (pandas periods: .dt.to_timestamp())"
    return Problem(f"{place}: holds {held}; {advice}")


def _zoned(zone: str) -> str:
    """Times of a zone: the day on which a line lies depends on it, so that it must be chosen."""
    return (
        f"times of the zone {zone}, and the day depends on the zone; keep the clock of one zone "
        "and drop the zone: in pandas .dt.tz_convert('Asia/Shanghai').dt.tz_localize(None), in "
        "polars .dt.convert_time_zone('Asia/Shanghai').dt.replace_time_zone(None), in SQL "
        "timezone('Asia/Shanghai', ...), with your own zone"
    )
