"""Spark by the number of indicators, with and without the setting that lets Java compile the code.

``python -m tests.benchmarks.spark [ROWS]``. Needs pyspark and Java; local mode, two threads. Writes
to Spark's noop sink, so that only reading and scoring are measured.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

import ahpvalue as av

from .measure import median_seconds

SIZES = (12, 24, 48, 96)
LIMIT = "spark.sql.codegen.hugeMethodLimit"


def session():
    warnings.simplefilter("ignore")
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    return spark


def model(size, missing):
    """Half bands, half curves, in five criteria."""
    rng = np.random.default_rng(size)
    indicators = {}
    for k in range(size):
        edges = np.sort(rng.uniform(0, 100, 5)).tolist()
        scores = np.sort(rng.uniform(0, 100, 5)).tolist()
        function = (
            {"bands": {"edges": edges[:4], "scores": scores, "closed": "left"}}
            if k % 2
            else {"linear": [list(knot) for knot in zip(edges, scores, strict=True)]}
        )
        column = {"column": f"x{k % 12}"}
        indicators[f"i{k}"] = function | column | ({"missing": missing} if missing else {})
    under = {f"c{c}": [f"i{k}" for k in range(size) if k % 5 == c] for c in range(min(size, 5))}
    weights = {"value": dict.fromkeys(under, 1 / len(under))}
    weights |= {c: {name: 1 / len(names) for name in names} for c, names in under.items()}
    judgments = {"weights": weights}
    return av.Model(hierarchy={"value": under}, judgments=judgments, indicators=indicators)


def main(rows=1_000_000):
    import pyarrow as pa
    import pyarrow.parquet as pq

    spark, rng = session(), np.random.default_rng(7)
    folder = tempfile.mkdtemp()
    columns = {f"x{k}": rng.uniform(-10, 110, rows) for k in range(12)}
    pq.write_table(pa.table(columns | {"customer": np.arange(rows)}), Path(folder) / "c.parquet")
    frame = spark.read.parquet(folder).cache()
    frame.count()

    def run(found):
        found.write.format("noop").mode("overwrite").save()

    floor = median_seconds(lambda: run(frame), 3)
    print(f"{rows:,} rows; reading them alone {floor:.2f} s (Spark {spark.version})")
    outputs = ["total", "c0", "c1", "c2", "c3", "c4"]
    print("| indicators | missing figures | by default | with the setting | making the plan |")
    print("|---|---|---|---|---|")
    for missing in (None, "renormalise"):
        for size in SIZES:
            made = model(size, missing)
            plan = median_seconds(lambda m=made: m.score(frame, outputs=outputs).frame, 3)
            scored = made.score(frame, outputs=outputs).frame
            spark.conf.unset(LIMIT)
            default = median_seconds(lambda s=scored: run(s), 3)
            spark.conf.set(LIMIT, "8000")
            scored = made.score(frame, outputs=outputs).frame
            tuned = median_seconds(lambda s=scored: run(s), 3)
            spark.conf.unset(LIMIT)
            line = f"{default:.2f} s | {tuned:.2f} s | {plan:.2f} s"
            print(f"| {size} | {missing or 'refused'} | {line} |", flush=True)
    spark.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
