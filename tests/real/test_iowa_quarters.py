"""The example of four quarters is as its page says."""

from __future__ import annotations

import os
import shlex
import sys

import pytest


def test_every_readme_figure_comes_out(run_readme):
    run_readme("iowa_quarters")


@pytest.mark.filterwarnings("ignore::ahpvalue.errors.CustomerDataWarning")
def test_the_readmes_commands_run(copied, monkeypatch, capsys):
    pytest.importorskip("typer", reason="the command line needs the extra [cli]")
    from ahpvalue.cli.app import run

    folder = copied("iowa_quarters")
    lines = (folder / "README.md").read_text("utf-8").splitlines()
    commands = [line for line in lines if line.startswith("ahpvalue ")]
    assert [shlex.split(line)[1] for line in commands] == [
        "fit", "tiers", "tiers", "compare", "explain",
    ]  # fmt: skip
    for line in commands:
        words = shlex.split(line.replace("$AHPVALUE_DATA", os.environ["AHPVALUE_DATA"]))
        monkeypatch.setattr(sys, "argv", words)
        assert run() == 0, line
    assert "核心客户" in capsys.readouterr().out
    assert (folder / "moved.2021Q4.csv").stat().st_size > 100_000


def test_the_models_judgments_are_consistent_and_called_invented(load):
    model = load("iowa_quarters")
    assert model.consistency().acceptable
    assert all("invented" in one.name for one in model.document.judgments.experts.values())
    assert "invented" in model.document.description
