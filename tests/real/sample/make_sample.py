"""Draw the sample of real stores that ships with the tests, from the whole quarters.

    python tests/real/sample/make_sample.py FOLDER

FOLDER holds `iowa_indicators_2021Q4.csv.gz` and `iowa_indicators_2022Q1.csv.gz`. Every store
that bought in either quarter may be drawn; the same seed draws the same stores, and the files
have the same bytes. Texts are kept as they stand in the source.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

import numpy as np

QUARTERS = ("2021Q4", "2022Q1")
SEED = 20261128
STORES = 300
HERE = Path(__file__).parent


def read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


def draw(folder: Path, into: Path = HERE) -> None:
    """Write the rows of the drawn stores in both quarters."""
    tables = {name: read(folder / f"iowa_indicators_{name}.csv.gz") for name in QUARTERS}
    stores = sorted({row["store_number"] for rows in tables.values() for row in rows})
    drawn = set(np.random.default_rng(SEED).permutation(stores)[:STORES].tolist())
    for name, rows in tables.items():
        kept = [row for row in rows if row["store_number"] in drawn]
        write(into / f"iowa_sample_{name}.csv.gz", kept)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
