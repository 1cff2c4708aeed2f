"""The tiers of the period before, as somebody kept them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.doors.overrides import scores
from tests.fuzz.tables import break_table


@cache
def _previous() -> dict[str, list[Any]]:
    frame = scores().tiers(period="2021Q4").to_frame("pyarrow")
    return frame.to_pydict()


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """Previous tiers with one thing broken."""
    broken, table = break_table(rng, _previous())
    period = rng.choice(["2022Q1"] * 8 + ["", "x", "2020Q1", "2021Q4", "2022-01"])

    def call() -> None:
        tiers = scores().tiers(table, period=period)
        tiers.table()
        scores().compare(scores(), tiers, tiers)

    return f"{broken}; {period!r}", call
