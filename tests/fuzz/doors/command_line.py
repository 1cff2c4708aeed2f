"""The command line: odd arguments and odd files, run in this process."""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from ahpvalue.cli.app import run
from ahpvalue.errors import Problem
from tests.fuzz.odd import NAMES, break_text

COMMANDS = [
    ["check", "model.yaml", "--strict"],
    ["weights", "model.yaml", "--language", "zh"],
    ["fit", "model.yaml", "customers.csv", "-o", "new.yaml"],
    ["score", "fitted.yaml", "customers.csv", "-o", "scores.csv"],
    ["score", "fitted.yaml", "customers.csv", "-o", "scored/"],
    ["tiers", "fitted.yaml", "customers.csv", "--period", "2022Q1", "-o", "tiers.csv"],
    ["explain", "fitted.yaml", "customers.csv", "00017"],
    ["review", "model.yaml"],
    ["consensus", "model.yaml"],
    ["uncertainty", "model.yaml"],
    ["questionnaire", "model.yaml", "-o", "asked"],
    ["collect", "experts", "--model", "model.yaml", "-o", "answered.yaml"],
    [
        "accept",
        "model.yaml",
        "credit_officer",
        "credit",
        "integrity vs cooperation=4",
        "--by",
        "me",
    ],
    ["upgrade", "model.yaml"],
    ["compare", "fitted.yaml", "customers.csv", "customers.csv"],
]


@cache
def _ready() -> Path:
    """A folder with a model, customers and a fitted model."""
    folder = Path(mkdtemp(prefix="ahpvalue-fuzz-"))
    with chdir(folder):
        _run(["init", "there"])
        for one in (folder / "there").iterdir():
            shutil.move(one, folder / one.name)
        _run(["demo", "demo"])
        lines = (folder / "demo" / "customers.csv").read_text(encoding="utf-8").splitlines()[:60]
        (folder / "customers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        shutil.rmtree(folder / "demo")
        _run(["fit", "model.yaml", "customers.csv", "-o", "fitted.yaml"])
    return folder


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """A command with one argument, or one of its files, broken."""
    here = folder / "here"
    shutil.copytree(_ready(), here)
    command = list(rng.choice(COMMANDS))
    broken = "nothing"
    if rng.random() < 0.5:
        k = rng.randrange(len(command))
        odd = [
            "",
            "-",
            "--",
            "--x",
            "-o",
            "/dev/zero",
            "/dev/full",
            "experts",
            "nowhere.csv",
            "customers.csv",
            "model.yaml",
            "fitted.yaml",
            "*.csv",
            "/nowhere/x.csv",
            "a\ud800",
            *(name for name in NAMES if "\0" not in name),
        ]
        value = rng.choice(odd)
        broken, command[k] = f"{command[k]} = {value[:40]!r}", value
    else:
        files = [one for one in command if (here / one).is_file()]
        if files:
            file = rng.choice(files)
            broken, raw = break_text(rng, (here / file).read_text(encoding="utf-8"))
            (here / file).write_bytes(raw)
            broken = f"{file}: {broken}"

    def call() -> object:
        with chdir(here):
            code, said = _run(command)
        if code not in (0, 1, 2):
            raise AssertionError(f"exit code {code}: {said[-200:]}")
        if "Traceback" in said or re.search(r"^[A-Z]\w+Error:", said, re.MULTILINE):
            raise AssertionError(f"says {said[-300:]!r}")
        if code == 2 and not said.strip():
            raise AssertionError("refused without a word")
        return tuple(
            Problem(line) for line in said.splitlines() if code == 2 and "object at 0x" in line
        )

    return f"{' '.join(command)[:80]!r}: {broken}", call


def _run(arguments: list[str]) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["ahpvalue", *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.argv = before
    return code, err.getvalue()
