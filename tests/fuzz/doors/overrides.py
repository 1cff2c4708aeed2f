"""Tables of overrides."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import ahpvalue as av
from tests.fuzz.tables import break_table

OVERRIDES: dict[str, list[Any]] = {
    "customer": ["C1", "C3"],
    "tier": ["core", "general"],
    "reason": ["strategic", "fraud"],
    "author": ["ann", "bo"],
    "expires": ["2022Q4", "2023-01-31"],
}


@cache
def scores() -> av.Scores:
    """Five customers in two tiers."""
    model = av.Model(
        hierarchy={"value": ["sales"]},
        indicators={"sales": {"linear": [[0, 0], [9, 100]]}},
        tiers={"levels": {"core": {"score": 60}, "general": {}}, "band": "5%", "confirmation": 2},
    )
    customers = {"customer": ["C1", "C2", "C3", "C4", "C5"], "sales": [4.5, 8.0, 1.0, 5.5, 9.0]}
    return model.score(customers)


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """Overrides with one thing broken."""
    broken, table = break_table(rng, OVERRIDES)
    period = rng.choice(["2022Q1"] * 8 + ["", "x", "2022-13", "2022"])
    return f"{broken}; {period!r}", lambda: _shown(scores().tiers(period=period, overrides=table))


def _shown(tiers: av.Tiers) -> None:
    tiers.table()
