"""Ten thousand score calls, and what the process holds: ``python -m tests.reliability.soak``."""

from __future__ import annotations

import argparse
import gc
import time
import warnings
from pathlib import Path

import ahpvalue as av


def resident() -> float:
    """Megabytes the process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    """Score a table over and over; print the memory at each tenth."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--calls", type=int, default=10_000)
    asked = reader.parse_args()
    warnings.simplefilter("ignore")
    table = av.synthetic_customers(200)
    model = av.template("retail-terminal").fit(table)
    start = time.perf_counter()
    for call in range(asked.calls + 1):
        scores = model.score(table)
        tiers = scores.tiers()
        if call % 10 == 0:
            scores.explain(scores.ids[0], tiers=tiers)
        if call % max(asked.calls // 10, 1) == 0:
            gc.collect()
            print(f"{call:>7,} calls  {resident():7.1f} MB  {time.perf_counter() - start:6.1f} s")


if __name__ == "__main__":
    main()
