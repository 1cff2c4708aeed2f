"""How far one has to walk through the code: from a judgment to its weight, and two more ways.

Run as ``python -m tests.benchmarks.walks``. Counted are the files of the package in which
something runs, and the calls from one of them into another; a call out of a library (NumPy,
say) counts for the file that called the library. Rooms are the folders and files directly
below the package. Modules are loaded, and everything is done once, before anything is counted,
so that only the work itself is seen.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import ahpvalue as av

PACKAGE = Path(av.__file__).parent
INSIDE = f"{PACKAGE}/"


def room_of(file: str) -> str:
    """The folder or file directly below the package."""
    return Path(file).relative_to(PACKAGE).parts[0]


@dataclass
class Walk:
    """The files in which something ran, and every call from one into another."""

    files: set[str] = field(default_factory=set)
    crossings: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """What `sys.setprofile` calls."""
        file = frame.f_code.co_filename
        if event != "call" or not file.startswith(INSIDE) or frame.f_code.co_name == "<module>":
            return
        self.files.add(file)
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(INSIDE):
            caller = caller.f_back
        if caller is not None and caller.f_code.co_filename != file:
            self.crossings.append((caller.f_code.co_filename, file))

    @property
    def between_rooms(self) -> int:
        """How many of the crossings lead into another room."""
        return sum(room_of(one) != room_of(other) for one, other in self.crossings)


def walked(way: Callable[[], object]) -> Walk:
    """Go a way twice, and watch the second time."""
    way()
    walk = Walk()
    sys.setprofile(walk)
    try:
        way()
    finally:
        sys.setprofile(None)
    return walk


DOCUMENT: dict[str, Any] = {
    "hierarchy": {"value": {"profit": ["sales", "margin"], "trust": None}},
    "judgments": {
        "experts": {"ann": {}},
        "comparisons": {"value": {"ann": [[2]]}, "profit": {"ann": [[3]]}},
    },
    "indicators": {
        "sales": {"linear": [[0, 0], [100, 100]]},
        "margin": {"linear": [[0, 0], [1, 100]], "missing": "renormalise"},
        "trust": {"categories": {"A": 100, "B": 0}},
    },
    "tiers": {
        "levels": {"core": {"score": 60}, "key": {"score": 30}, "general": {}},
        "band": "5%",
    },
}
BEFORE = {"customer": ["a", "b"], "sales": [80.0, 20.0], "margin": [0.5, 0.2], "trust": ["A", "B"]}
NOW = BEFORE | {"sales": [10.0, 90.0], "trust": ["B", "A"]}


def to_weight() -> object:
    """A document with judgments to the weights that follow."""
    return av.Model(**DOCUMENT).weights()


def ways() -> dict[str, Callable[[], object]]:
    """The three ways, with what each takes for granted made beforehand."""
    model = av.Model(**DOCUMENT)

    def to_total() -> object:
        return model.score({name: values[:1] for name, values in BEFORE.items()})["total"]

    before, now = model.score(BEFORE), model.score(NOW)

    def to_causes() -> object:
        first = before.tiers(period="2022Q1")
        second = now.tiers(first, period="2022Q2")
        moved = now.compare(before, second, first)
        assert moved.downgrades == moved.upgrades == 1
        return moved.why, moved.tier_parts, moved.score_parts

    return {
        "a judgment to its weight": to_weight,
        "a customer's value to the total": to_total,
        "a change of tier to its causes": to_causes,
    }


def main() -> None:
    """Print the table."""
    print(f"{'the way from':<34}{'files':>7}{'crossings':>11}{'between rooms':>15}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, way in ways().items():
            walk = walked(way)
            counts = f"{len(walk.files):>7}{len(walk.crossings):>11}{walk.between_rooms:>15}"
            print(f"{name:<34}{counts}")


if __name__ == "__main__":
    main()
