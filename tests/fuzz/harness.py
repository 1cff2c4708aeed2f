"""One case: drawn, run within a time limit, judged."""

from __future__ import annotations

import signal
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType

import ahpvalue.errors
from ahpvalue.errors import AhpValueError, Problem

__all__ = ["Finding", "run_case", "unclear"]

SECONDS = 20
"""How long one case may take; most take a few thousandths."""

_LONGEST = 1_000
_OURS = tuple(
    one for one in vars(ahpvalue.errors).values() if isinstance(one, type) and one.__module__
)


@dataclass(frozen=True)
class Finding:
    """A case that ended otherwise than in a result or a sentence."""

    door: str
    number: int
    broken: str
    what: str

    def __str__(self) -> str:
        again = f"python -m tests.fuzz {self.door} --case {self.number}"
        return f"{self.door} {self.number}: {self.broken}\n  {self.what}\n  {again}"


class _TooLongError(BaseException):
    """The time is over; no ``except Exception`` swallows it."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_case(door: ModuleType, number: int) -> Finding | None:
    """Draw a door's case of this number and run it."""
    name = door.__name__.rpartition(".")[2]
    with tempfile.TemporaryDirectory() as folder:
        broken, call = door.draw(Random(f"{name} {number}"), Path(folder))
        what = _judged(call)
    return None if what is None else Finding(name, number, broken, what)


def _judged(call: Callable[[], object]) -> str | None:
    """What is wrong with how a call ended; None for nothing."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            with _within(SECONDS):
                refused = call()
        except AhpValueError as error:
            refused = error.problems
        except _TooLongError:
            return f"did not end within {SECONDS} seconds"
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {str(error)[:200]}"
            return f"{said} ({Path(where.filename).name}:{where.lineno})"
    problems = refused if isinstance(refused, tuple) else ()
    said = [unclear(one) for one in problems if isinstance(one, Problem)]
    strange = [one for one in warned if not issubclass(one.category, _OURS)]
    said += [f"{one.category.__name__}: {one.message}" for one in strange]
    said += [unclear(Problem(str(one.message))) for one in warned if one not in strange]
    return next((text for text in said if text), None)


def unclear(problem: Problem) -> str | None:
    """Why a problem is no sentence that a person can use; None if it is one."""
    line = str(problem)
    if len(problem.text.split()) < 2:
        return f"says nothing: {line!r}"
    if len(line) > _LONGEST:
        return f"goes on for {len(line):,} characters: {line[:80]!r}"
    if any(ord(char) < 32 for char in line):
        return f"holds control characters: {line[:200]!r}"
    if "Traceback" in line or "object at 0x" in line or "pydantic" in line:
        return f"speaks of the program: {line[:200]!r}"
    return None
