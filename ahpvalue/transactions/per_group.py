"""What looks at a whole group from each of its rows, on every engine: sums, neighbours, medians."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

    Lines = nw.LazyFrame[Any]

__all__ = ["medians", "with_group", "with_previous", "with_running_sum"]


def with_group(frame: Lines, name: str, by: str, value: Any) -> Lines:
    """Add ``name``: an aggregate of a whole group, such as ``nw.col("x").sum()``, to its rows."""
    if not frame.implementation.is_pyarrow():
        return frame.with_columns(value.over(by).alias(name))
    # narwhals' `over` loses the order of the rows of larger pyarrow tables; a join does not.
    return frame.join(frame.group_by(by).agg(value.alias(name)), on=by, how="left")


def with_running_sum(frame: Lines, value: str, by: str, order: str) -> Lines:
    """Add ``running``: the sum of `value` within `by` up to and with each row, in `order`."""
    import narwhals as nw

    if not frame.implementation.is_pyarrow():
        return frame.with_columns(nw.col(value).cum_sum().over(by, order_by=order).alias("running"))
    # pyarrow orders whole tables only: take off what had come together before the group began.
    whole = nw.col(value).cum_sum().over(order_by=[by, order])
    frame = frame.with_columns(whole.alias("running"))
    frame = frame.with_columns((nw.col("running") - nw.col(value)).alias("before"))
    frame = with_group(frame, "offset", by, nw.col("before").min())
    return frame.with_columns(nw.col("running") - nw.col("offset")).drop("before", "offset")


def with_previous(frame: Lines, value: str, by: str) -> Lines:
    """Add ``previous``: the next smaller `value` within `by`; missing for the smallest."""
    import narwhals as nw

    if not frame.implementation.is_pyarrow():
        return frame.with_columns(nw.col(value).shift(1).over(by, order_by=value).alias("previous"))
    frame = frame.with_columns(
        nw.col(by).shift(1).over(order_by=[by, value]).alias("before"),
        nw.col(value).shift(1).over(order_by=[by, value]).alias("previous"),
    )
    same = nw.col("before") == nw.col(by)
    return frame.with_columns(nw.when(same).then(nw.col("previous")).alias("previous")).drop(
        "before"
    )


def medians(frame: Lines, value: str, weight: str, by: str) -> Lines:
    """The weighted median of `value` within `by`.

    Computed from running sums, because not every engine has an exact median, and none has a
    weighted one.

    Returns
    -------
    frame
        `by`, ``lower`` and ``upper``: the smallest values with at least half, and with more
        than half, of the weight at or below them. They differ only where a value ends exactly
        at half; the plain median is their mean.
    """
    import narwhals as nw

    values = frame.group_by(by, value).agg(nw.col(weight).sum().alias("weight"))
    values = with_running_sum(values, "weight", by, value)
    values = with_group(values, "whole", by, nw.col("weight").sum())
    twice = 2 * nw.col("running")
    return (
        values.with_columns(
            nw.when(twice >= nw.col("whole")).then(nw.col(value)).alias("lower"),
            nw.when(twice > nw.col("whole")).then(nw.col(value)).alias("upper"),
        )
        .group_by(by)
        .agg(nw.col("lower").min(), nw.col("upper").min())
    )
