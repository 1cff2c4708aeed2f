"""What scoring takes beyond its input: the output, and no more than 64 MB. Bytes, not seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import numpy as np
import ahpvalue as av

kind, rows = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(0)
names = [f"x{k}" for k in range(12)]
table = {"customer": np.arange(rows)} | {name: rng.random(rows) * 100 for name in names}
if "narrow" in kind:
    table = {name: v.astype(np.float32) if name in names else v for name, v in table.items()}
if "gaps" in kind:
    for name in names:
        table[name][rng.random(rows) < 0.02] = np.nan
if "pandas" in kind:
    import pandas as pd

    table = pd.DataFrame(table)
    part = lambda start, stop: table[start:stop]
elif "polars" in kind:
    import polars as pl

    table = pl.DataFrame(table, nan_to_null=True).rechunk()
    if "pieces" in kind:
        table = pl.concat([table[: rows // 3], table[rows // 3 :]], rechunk=False)
    part = lambda start, stop: table[start:stop]
else:
    part = lambda start, stop: {name: values[start:stop] for name, values in table.items()}

knots = {"linear": [[0, 0], [20, 10], [50, 60], [100, 100]], "missing": "renormalise"}
model = av.Model(
    hierarchy={"v": {"a": names[:4], "b": names[4:8], "c": names[8:]}},
    judgments={"weights": {"v": {"a": 0.5, "b": 0.25, "c": 0.25}}
        | {n: {x: 0.25 for x in names[4 * k : 4 * k + 4]} for k, n in enumerate("abc")}},
    indicators=dict.fromkeys(names, knots),
)
outputs = ["total", "a", "b", "c", "coverage"]


def memory(what):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(what)) << 10


model.score(part(0, 200_000), outputs=outputs, threads=8).frame  # what is imported stays
with open("/proc/self/clear_refs", "w") as peak:
    peak.write("5")
before = memory("VmRSS")
scores = model.score(table, outputs=outputs, threads=8)  # the most there are by default
frame = scores.frame
print(memory("VmHWM") - before - rows * 8 * len(outputs))
"""

ROWS = 2_000_000


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="the peak of a process is read as on Linux"
)
@pytest.mark.parametrize(
    "kind", ["arrays", "arrays narrow gaps", "pandas gaps", "polars", "polars gaps pieces"]
)
def test_scoring_takes_its_output_and_at_most_64_megabytes(kind):
    command = [sys.executable, "-c", PROGRAM, kind, str(ROWS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(done.stdout) < 64 << 20
