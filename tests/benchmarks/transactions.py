"""What indicators from transactions cost beside a query written by hand, measured in one run.

``python -m tests.benchmarks.transactions [--quick]``. The query by hand gives the basic sums
and counts only (sales, pieces, orders, products, first and last day), as an analyst would write
it for the engine.
"""

import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from ahpvalue.transactions import from_transactions
from tests.benchmarks.measure import QUICK, median_seconds, report

ROWS = 50_000 if QUICK else 500_000
BASIC = """
    SELECT customer, sum(amount) FILTER (WHERE amount > 0) AS sales,
        sum(quantity) FILTER (WHERE amount > 0) AS units,
        count(DISTINCT invoice) FILTER (WHERE amount > 0) AS orders,
        count(DISTINCT product) FILTER (WHERE amount > 0) AS n_products,
        min("time") FILTER (WHERE amount > 0) AS first,
        max("time") FILTER (WHERE amount > 0) AS last
    FROM lines WHERE "time" >= '2024-01-01' AND "time" < '2024-07-01' GROUP BY customer
"""
FEW = {"customer": "customer", "date": "time", "amount": "amount", "drop_duplicates": False}
SUMS = FEW | {"quantity": "quantity", "order": "invoice"}
ALL = SUMS | {"product": "product", "cost": "cost", "region": "region"}
PERIOD = ("2024-01-01", "2024-06-30")
PERIODS = [("2023-07-01", "2023-12-31"), PERIOD]


def synthetic_lines():
    rng = np.random.default_rng(0)
    invoice = np.sort(rng.integers(0, ROWS // 20, ROWS))
    customer = rng.integers(0, ROWS // 125, invoice.max() + 1)[invoice]
    minute = np.sort(rng.integers(0, 366 * 1440, invoice.max() + 1))[invoice]
    quantity, price = rng.integers(1, 25, ROWS), rng.choice([0.85, 1.25, 1.65, 2.95], ROWS)
    return pl.DataFrame(
        {
            "customer": [f"C{k:05d}" for k in customer],
            "time": np.datetime64("2023-07-01T00:00", "us") + minute.astype("timedelta64[m]"),
            "quantity": quantity,
            "amount": quantity * price * np.where(rng.random(ROWS) < 0.02, -1, 1),
            "cost": quantity * price * 0.7,
            "invoice": invoice,
            "product": [f"P{k:04d}" for k in rng.zipf(1.3, ROWS) % 3_500],
            "region": [f"R{k % 30:02d}" for k in customer],
        }
    )


def by_hand(lines):
    sold = pl.col("amount") > 0
    day = pl.col("time").filter(sold)
    inside = pl.col("time").is_between(pl.datetime(2024, 1, 1), pl.datetime(2024, 7, 1), "left")
    return (
        lines.lazy()
        .filter(inside)
        .group_by("customer")
        .agg(
            pl.col("amount", "quantity").filter(sold).sum(),
            pl.col("invoice", "product").filter(sold).n_unique(),
            day.min().alias("first"),
            day.max().alias("last"),
        )
        .collect()
    )


def main():
    lines = synthetic_lines()
    wanted = (
        ("without order, product, region", FEW, PERIOD),
        ("with order and quantity", SUMS, PERIOD),
        ("every indicator", ALL, PERIOD),
        ("every indicator, two periods", ALL, PERIODS),
    )
    frames = {"polars": lines, "pandas": lines.to_pandas(), "pyarrow": lines.to_arrow()}
    base = median_seconds(lambda: by_hand(lines))
    print(f"\n{ROWS:,} lines; by hand: polars {base * 1e3:.0f} ms")
    for name, frame in frames.items():
        for words, roles, period in wanted:
            seconds = median_seconds(
                lambda f=frame, r=roles, p=period: from_transactions(f, period=p, **r)
            )
            report(f"{name}, {words}", seconds, "polars by hand", base)
    with tempfile.TemporaryDirectory() as folder:
        lines.write_parquet(Path(folder) / "lines.parquet")
        parquet = str(Path(folder) / "*.parquet")
        query = BASIC.replace("FROM lines", f"FROM '{parquet}'")
        base = median_seconds(lambda: duckdb.sql(query).fetchall())
        print(f"\nParquet; by hand: DuckDB {base * 1e3:.0f} ms")
        for words, roles, period in wanted:
            seconds = median_seconds(
                lambda r=roles, p=period: from_transactions(parquet, period=p, **r).fetchall()
            )
            report(f"DuckDB on Parquet, {words}", seconds, "DuckDB by hand", base)
            lazy = pl.scan_parquet(parquet)
            seconds = median_seconds(
                lambda f=lazy, r=roles, p=period: from_transactions(f, period=p, **r).collect()
            )
            report(f"polars lazy on Parquet, {words}", seconds, "DuckDB by hand", base)


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, polars {pl.__version__}, duckdb {duckdb.__version__}")
    main()
