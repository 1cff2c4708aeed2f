"""Scoring against copying the same bytes once, frames against arrays, and more rows."""

import numpy as np

from tests.benchmarks.measure import QUICK, ROWS, floor, report, side_by_side
from tests.benchmarks.models import FUNCTIONS, OUTPUTS, customers, model

__all__ = ["frames", "rows", "scoring"]

TARGETS = {
    ("bands", ""): 6,
    ("piecewise linear", ""): 8.5,
    ("percentile, 100 knots", ""): 10,
    ("piecewise linear", ", 2 % missing"): 10,
}


def scoring():
    copy = floor(ROWS * (12 + len(OUTPUTS)))
    for words, gaps in (("", 0.0), (", 2 % missing", 0.02)):
        table = customers(ROWS, gaps)
        for name in FUNCTIONS:
            ours = model(name)
            works = [
                lambda n=n, o=o: ours.score(table, outputs=o, threads=n)
                for n, o in ((1, OUTPUTS), (2, OUTPUTS), (2, ["total"]))
            ]
            base, *seconds = side_by_side(copy, *works)
            labels = ("1 thread", "2 threads", "2 threads, total only")
            for label, spent in zip(labels, seconds, strict=True):
                target = TARGETS.get((name, words)) if label == "2 threads" else None
                what = f"{ROWS:,} x 12, {name}{words}, {label}"
                report(what, spent, "copying the bytes", base, target)


def frames():
    """From a frame to a frame, against from arrays to arrays."""
    import pandas as pd
    import polars as pl

    ours = model("piecewise linear")
    for words, gaps in (("", 0.0), (", 2 % missing", 0.02)):
        table = customers(ROWS, gaps)
        kinds = {
            "pandas": pd.DataFrame(table),
            "polars": pl.DataFrame(table, nan_to_null=True).rechunk(),
        }
        kinds["polars in 3 pieces"] = pl.concat([kinds["polars"][k::3] for k in range(3)])
        kinds["pyarrow"] = kinds["polars"].to_arrow()
        for outputs, what in ((OUTPUTS, "8 outputs"), (None, "all outputs")):
            for name, frame in kinds.items():
                base, seconds = side_by_side(
                    lambda: ours.score(table, outputs=outputs).frame,
                    lambda: ours.score(frame, outputs=outputs).frame,
                )
                target = 1.3 if name in ("pandas", "polars") and outputs else None
                work = f"{ROWS:,} x 12, {name} to {name}{words}, {what}"
                report(work, seconds, "arrays to arrays", base, target)


def rows():
    """What a row costs in ever longer tables on one thread, against a million of them."""
    ours, most = model("piecewise linear"), 10**6 if QUICK else 3 * 10**7
    table = customers(most)
    counts = [10**k for k in range(4, 8) if 10**k <= most] + ([] if QUICK else [most])
    works = [
        lambda part=part: ours.score(part, outputs=OUTPUTS, threads=1)
        for part in ({name: v[:count] for name, v in table.items()} for count in counts)
    ]
    times = side_by_side(*works, repeats=3)
    base = times[counts.index(10**6)] / 10**6
    for count, seconds in zip(counts, times, strict=True):
        report(f"{count:,} x 12, a row", seconds / count, "a row of 1,000,000", base, 1.3)
    one = {name: np.array(v[:1]) for name, v in table.items()}
    (seconds,) = side_by_side(lambda: ours.score(one, outputs=OUTPUTS), repeats=51)
    report("one customer", seconds, "a row of 1,000,000", base)
