"""The ``ahpvalue`` command: its subcommands, loaded when they are called, and its exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from ahpvalue import __version__
from ahpvalue.cli.show import note, ready_streams, warnings_as_lines
from ahpvalue.errors import AhpValueError, MissingExtraError
from ahpvalue.support.extras import command_needs

__all__ = ["run"]

_ROOMS = {
    "models": ("demo", "init", "check", "weights", "upgrade"),
    "customers": ("fit", "score"),
    "questionnaires": ("questionnaire", "collect"),
    "experts": ("review", "accept", "consensus", "uncertainty"),
    "decisions": ("tiers", "compare", "explain"),
}
"""Module to its commands, in the order of the help."""


def run() -> int:
    """Run the command line; returns the exit code."""
    ready_streams()
    with warnings_as_lines():
        try:
            code = _app(sys.argv[1:2])(standalone_mode=False)
            sys.stdout.flush()
        except AhpValueError as wrong:
            sys.stderr.write(f"{wrong}\n")
            return 2
        except BrokenPipeError:
            # Whoever read our output has seen enough; say nothing more to it.
            _say_no_more()
            return 0
        except OSError as wrong:
            place = wrong.filename or "standard output"
            sys.stderr.write(f"{place}: {wrong.strerror or wrong}\n")
            if wrong.filename is None:
                _say_no_more()
            return 2
        except typer.Abort:
            return 2
        except Exception as wrong:
            # Usage errors of the argument parser show themselves and carry their exit code.
            if not hasattr(wrong, "exit_code"):
                raise
            if hasattr(wrong, "show"):
                wrong.show()
            return int(wrong.exit_code)
    return code if isinstance(code, int) else 0


def _say_no_more() -> None:
    """Let what is still to be printed go nowhere, also when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _app(words: Sequence[str]) -> typer.Typer:
    """The command line with the room of the command that is called; with all, for anything else.

    A room brings much that only its commands need: scoring imports no questionnaires.
    """
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help="Score customers by the Analytic Hierarchy Process, from a model document in YAML.",
        epilog="Exit codes: 0 done, 1 a finding under --strict, 2 input that cannot be used.",
    )
    app.callback()(_main)
    called = [room for room, names in _ROOMS.items() if {*words} & {*names}]
    for room in called or _ROOMS:
        try:
            module = import_module(f"ahpvalue.cli.{room}")
        except ImportError as missing:
            raise MissingExtraError(command_needs(missing.name)) from missing
        for name in _ROOMS[room]:
            app.command()(getattr(module, name))
    return app


def _version(wanted: bool) -> None:
    if wanted:
        note(f"ahpvalue {__version__}")
        raise typer.Exit


def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
