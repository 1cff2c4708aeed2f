"""Measuring: medians, ratios within one run, and the table of what was found."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

__all__ = [
    "FOUND", "QUICK", "ROWS", "Found", "floor", "machine", "median_seconds", "process", "report",
    "side_by_side", "write_table",
]  # fmt: skip

QUICK = "--quick" in sys.argv
ROWS = 500_000 if QUICK else 5_000_000
REPEATS = 3 if QUICK else 7


@dataclass(frozen=True)
class Found:
    """One line: what was done, against what, how many times as long, and how long it may take."""

    work: str
    seconds: float
    against: str
    ratio: float
    target: float | None = None

    @property
    def verdict(self):
        if self.target is None:
            return ""
        return f"<= {self.target:g}: {'met' if self.ratio <= self.target else 'MISSED'}"


FOUND: list[Found] = []


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_seconds(work, repeats=REPEATS):
    return statistics.median(timed(work) for _ in range(repeats))


def side_by_side(*works, repeats=REPEATS):
    """Median seconds of each, done in turns, so that what else runs here slows all alike."""
    for work in works:
        work()
    times = [[timed(work) for work in works] for _ in range(repeats)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def process(code):
    """Median seconds of a process that finds every module compiled, as it is where installed."""
    command = [sys.executable, "-c", code]
    with tempfile.TemporaryDirectory() as compiled:
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment = kept | {"PYTHONPYCACHEPREFIX": compiled}

        def run():
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)

        run()
        return median_seconds(run, 2 * REPEATS + 1)


def report(work, seconds, against, base, target=None):
    one = Found(work, seconds, against, seconds / base, target)
    FOUND.append(one)
    shown = f"{work:<70}{seconds * 1e3:>10,.4g} ms   {one.ratio:>7.2f} x {against}"
    print(f"{shown:<124}{one.verdict}", flush=True)


def floor(figures):
    """Copies as many float64 figures as the work reads and writes, on one thread."""
    source, target = np.ones(figures), np.zeros(figures)
    return lambda: np.copyto(target, source)


def machine():
    """The machine and the versions, without its name."""
    cpu, memory = platform.processor() or platform.machine(), ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        cpu = names[0] if names else cpu
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {size / 2**30:.0f} GB"
    packages = [
        "numpy",
        "pandas",
        "polars",
        "pyarrow",
        "duckdb",
        "scikit-criteria",
        "pymcdm",
        "ahpy",
    ]
    versions = [f"Python {platform.python_version()}"]
    for name in packages:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    where = f"{cpu}, {os.cpu_count()} cores{memory}, {platform.system()}"
    return f"{where}. {', '.join(versions)}."


MARKS = "<!-- measured -->", "<!-- end of measured -->"


def write_table(path, found=None):
    """Everything measured so far as a Markdown table, between the marks of a page that has them.

    Parameters
    ----------
    path : str or Path
    found : list of Found, optional
        Default: all of this run.
    """
    lines = [
        machine(),
        "",
        "| work | ms | ratio | against | target |",
        "|---|---:|---:|---|---|",
    ]
    for one in FOUND if found is None else found:
        shown = f"{one.seconds * 1e3:,.4g} | {one.ratio:.2f}"
        lines.append(f"| {one.work} | {shown} | {one.against} | {one.verdict} |")
    table = "\n".join(lines) + "\n"
    page = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
    if all(mark in page for mark in MARKS):
        before, _, rest = page.partition(MARKS[0])
        table = f"{before}{MARKS[0]}\n{table}{MARKS[1]}{rest.partition(MARKS[1])[2]}"
    Path(path).write_text(table, encoding="utf-8")
