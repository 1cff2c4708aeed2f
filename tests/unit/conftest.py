"""Running a command as a person does, in this process."""

import sys

import pytest

from ahpvalue.cli.app import run


@pytest.fixture
def ahpvalue(here, monkeypatch, capsys):
    """Run a command in the folder `here`: (exit code, standard output, standard error)."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["ahpvalue", *map(str, arguments)])
        code = run()
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command
