"""Where the real data are, and the examples' models. Without the data these tests are skipped."""

from __future__ import annotations

import doctest
import os
import shlex
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "examples"


@pytest.fixture(scope="session")
def data() -> Path:
    given = os.environ.get("AHPVALUE_DATA", "")
    folder = Path(given)
    if not (given and folder.is_dir()):
        pytest.skip("whole tables of real customers are not at hand (set AHPVALUE_DATA)")
    return folder


@pytest.fixture(scope="session")
def read(data: Path) -> Callable[[str, str], pd.DataFrame]:
    """A table by its file's stem, its id column read as text."""

    def read_table(stem: str, customer: str) -> pd.DataFrame:
        return pd.read_csv(data / f"{stem}.csv.gz", dtype={customer: str})

    return read_table


@pytest.fixture(scope="session")
def load() -> Callable[[str], av.Model]:
    """An example's model by its folder's name."""
    return lambda name: av.load_model(EXAMPLES / name / "model.yaml")


@pytest.fixture(scope="session")
def as_described() -> Callable[[av.Model], None]:
    """Assert what every example promises of its judgments and labels (needs no data)."""

    def assert_as_described(model: av.Model) -> None:
        rows = model.consistency().rows
        assert all(found.cr < 0.10 for *_, found in rows)
        assert {found.random_index for *_, found in rows} == {"alonso-lamata"}
        experts = model.document.judgments.experts
        assert set(experts) == {"regional_manager", "credit_officer", "field_representative"}
        assert all("invented" in expert.name for expert in experts.values())
        for node in model.hierarchy.nodes:
            assert set(model.document.labels[node]) == {"en", "zh"}
        assert not model.is_fitted

    return assert_as_described


@pytest.fixture
def copied(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Copy an example to a temporary folder and work there, as its README tells the reader."""

    def copy(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(EXAMPLES / name, folder)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("AHPVALUE_DATA", str(data))
        return folder

    return copy


@pytest.fixture
def run_readme(copied: Callable[[str], Path]) -> Callable[[str], None]:
    """Run the Python of an example's README and compare every result it shows."""

    def run(name: str) -> None:
        folder = copied(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", av.CustomerDataWarning)  # the README names them
            found = doctest.testfile(
                str(folder / "README.md"),
                module_relative=False,
                encoding="utf-8",
                optionflags=doctest.NORMALIZE_WHITESPACE,
            )
        assert found.attempted > 10
        assert found.failed == 0

    return run


@pytest.fixture
def run_commands(
    copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """Run the commands of an example's README; returns the folder they wrote to."""
    pytest.importorskip("typer", reason="the command line needs the extra [cli]")

    def run(name: str) -> Path:
        from ahpvalue.cli.app import run as run_command_line

        folder = copied(name)
        text = (folder / "README.md").read_text("utf-8")
        commands = [line for line in text.splitlines() if line.startswith("ahpvalue ")]
        assert [shlex.split(line)[1] for line in commands] == ["check", "weights", "fit", "score"]
        for line in commands:
            words = shlex.split(line.replace("$AHPVALUE_DATA", os.environ["AHPVALUE_DATA"]))
            monkeypatch.setattr(sys, "argv", words)
            assert run_command_line() == 0, line
        return folder

    return run


@pytest.fixture(scope="session")
def same_bits() -> Callable[..., None]:
    """Assert that two results hold the same bits in every value, row by row."""

    def assert_same(one: av.Scores, other: av.Scores, rows: object = slice(None)) -> None:
        assert one.outputs == other.outputs
        for name in one.outputs:
            if name in ("rank", "percentile", "status", "model", "reference"):
                continue  # rank and percentile are about the others; the rest is text
            here, there = np.ascontiguousarray(one[name][rows]), np.ascontiguousarray(other[name])
            assert here.tobytes() == there.tobytes(), f"{name} differs"

    return assert_same


@pytest.fixture(scope="session")
def parts_add_up() -> Callable[[av.Scores], None]:
    """Assert that totals lie in 0..100 and that each is the sum of its contributions."""

    def assert_adding_up(scores: av.Scores) -> None:
        total = scores["total"]
        rated = ~np.isnan(total)
        assert rated.any()
        assert ((total[rated] >= 0) & (total[rated] <= 100)).all()
        points = scores.contributions.drop(columns="total").iloc[:, 1:].to_numpy()
        assert np.abs(points[rated].sum(axis=1) - total[rated]).max() < 1e-9
        assert (points[rated] >= 0).all()
        assert np.isnan(points[~rated]).all()

    return assert_adding_up
