"""Scoring more customers than memory holds: peak memory, customers a second, and as a ratio.

``python -m tests.benchmarks.out_of_core ROWS [--csv] [--folder FOLDER]``. Makes so many rows of
twelve indicators (100 bytes each in Parquet) in files of a million rows, scores them by the command
line in a process of its own, and deletes them. The floor is polars alone, which reads the files and
writes as many numbers as the scores have.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

import ahpvalue as av

NAMES = [f"x{k}" for k in range(12)]
GROUPS = {"a": NAMES[:3], "b": NAMES[3:6], "c": NAMES[6:8], "d": NAMES[8:10], "e": NAMES[10:]}
ROWS_OF_A_FILE = 1_000_000


def model():
    weights = {group: {x: 1 / len(xs) for x in xs} for group, xs in GROUPS.items()}
    company = dict.fromkeys("bcde", 0.25)
    weights |= {"value": {"customer_side": 0.4, "company_side": 0.6}, "company_side": company}
    linear = {"linear": [[0, 0], [20, 10], [50, 60], [80, 90], [100, 100]]}
    return av.Model(
        customer="id",
        hierarchy={
            "value": {
                "customer_side": {"a": GROUPS["a"]},
                "company_side": {group: GROUPS[group] for group in "bcde"},
            }
        },
        judgments={"weights": weights},
        indicators=dict.fromkeys(NAMES, linear | {"missing": "renormalise"}),
    )


def generate(folder, rows, csv):
    folder.mkdir()
    for start in range(0, rows, ROWS_OF_A_FILE):
        rng = np.random.default_rng(start)
        size = min(ROWS_OF_A_FILE, rows - start)
        figures = {name: rng.random(size) * 100 for name in NAMES}
        table = pl.DataFrame({"id": np.arange(start, start + size)} | figures)
        path = folder / f"customers-{start // ROWS_OF_A_FILE:04d}"
        if csv:
            table.write_csv(path.with_suffix(".csv"))
        else:
            table.write_parquet(path.with_suffix(".parquet"))


def floor(folder, target, columns):
    """Seconds to read every file and to write so many columns of it, one file after the other."""
    began = time.perf_counter()
    target.mkdir()
    for path in sorted(folder.iterdir()):
        scan = pl.scan_csv if path.suffix == ".csv" else pl.scan_parquet
        more = {f"y{k}": NAMES[k % 12] for k in range(columns - 13)}
        frame = scan(path).with_columns(**{name: pl.col(x) for name, x in more.items()})
        frame.sink_parquet(target / f"{path.stem}.parquet")
    return time.perf_counter() - began


def in_a_process_of_its_own(*arguments):
    """Seconds, seconds of processors, and peak memory in MB.

    A child's counts begin with what its parent held.
    """
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, *map(str, arguments)])
    _, code, used = os.wait4(child.pid, 0)
    if code:
        sys.exit("failed")
    cpu = used.ru_utime + used.ru_stime
    return time.perf_counter() - began, cpu, used.ru_maxrss / 1024


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("rows", type=int)
    asked.add_argument("--csv", action="store_true")
    asked.add_argument("--folder", type=Path)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        here = Path(folder)
        model().save(here / "model.yaml")
        code = (
            "import sys; from pathlib import Path; from tests.benchmarks import out_of_core as o; "
        )
        code += f"o.generate(Path(sys.argv[1]), {asked.rows}, {asked.csv})"
        in_a_process_of_its_own("-c", code, here / "big")
        size = sum(path.stat().st_size for path in (here / "big").iterdir())
        command = ("-m", "ahpvalue", "score", here / "model.yaml", here / "big")
        seconds, cpu, peak = in_a_process_of_its_own(*command, "-o", f"{here / 'scored'}/")
        print(f"\n{asked.rows:,} rows, {size / 1e9:.1f} GB read; peak memory {peak:,.0f} MB")
        print(
            f"{seconds:,.0f} s ({cpu:,.0f} s of processors), {asked.rows / seconds:,.0f} a second"
        )
        print(
            f"{seconds / floor(here / 'big', here / 'floor', 20):.2f} x reading and writing alone"
        )


if __name__ == "__main__":
    main()
