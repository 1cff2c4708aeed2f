"""What needs an order within groups, on every engine: running sums, neighbours, medians."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

    Lines = nw.LazyFrame[Any]

__all__ = ["medians", "with_previous", "with_running_sum"]


def with_running_sum(frame: Lines, value: str, by: str, order: str) -> Lines:
    """Add ``running``: the sum of `value` within `by` up to and with each row, in `order`."""
    import narwhals as nw

    if not frame.implementation.is_pyarrow():
        return frame.with_columns(nw.col(value).cum_sum().over(by, order_by=order).alias("running"))
    # pyarrow orders whole tables only: take off what had come together before the group began.
    whole = nw.col(value).cum_sum().over(order_by=[by, order])
    frame = frame.with_columns(whole.alias("running"))
    before = (nw.col("running") - nw.col(value)).alias("before")
    frame = frame.with_columns(before).with_columns(nw.col("before").min().over(by))
    return frame.with_columns(nw.col("running") - nw.col("before")).drop("before")


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
    values = values.with_columns(nw.col("weight").sum().over(by).alias("whole"))
    twice = 2 * nw.col("running")
    return (
        values.with_columns(
            nw.when(twice >= nw.col("whole")).then(nw.col(value)).alias("lower"),
            nw.when(twice > nw.col("whole")).then(nw.col(value)).alias("upper"),
        )
        .group_by(by)
        .agg(nw.col("lower").min(), nw.col("upper").min())
    )
