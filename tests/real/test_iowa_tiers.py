"""Fourteen quarters of Iowa's outlets: how often tiers move, and how often they move back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av


@pytest.fixture(scope="module")
def quarters(read):
    """Sales per store and quarter of the stores that bought, quarter by quarter."""
    months = read("iowa_store_month_2019-01_2022-06", "store_number")
    months["quarter"] = pd.PeriodIndex(months["month"], freq="M").asfreq("Q").astype(str)
    summed = months.groupby(["quarter", "store_number"], as_index=False)["sales"].sum()
    summed = summed[summed["sales"] > 0]
    return {name: part.drop(columns="quarter") for name, part in summed.groupby("quarter")}


def decided(quarters, band, confirmation):
    """The tiers of every quarter: the line is that quarter's 80th percentile of sales."""
    model = av.Model(
        customer="store_number",
        hierarchy={"value": ["sales"]},
        indicators={"sales": {"linear": [[0, 0], [1e6, 100]]}},
        tiers={
            "on": "sales",
            "levels": {"core": {"top": "20%"}, "others": {}},
            "band": band,
            "confirmation": confirmation,
        },
    )
    state, found = None, {}
    for name, table in quarters.items():
        tiers = model.fit(table).score(table).tiers(state, period=name)
        state = tiers.frame
        found[name] = dict(zip(table["store_number"], tiers.tier, strict=True))
    return found


def moves_and_undone(found):
    """Changes of core membership, and those that reverse the change of the quarter before.

    A store that was not there the quarter before stood outside the core.
    """
    moves = undone = 0
    moved: dict[str, str] = {}
    for before, now in zip(list(found.values())[:-1], list(found.values())[1:], strict=True):
        changes = {s: t for s, t in now.items() if t != before.get(s, "others")}
        moves += len(changes)
        undone += sum(1 for s, t in changes.items() if s in moved and moved[s] != t)
        moved = changes
    return moves, undone


@pytest.mark.parametrize(
    ("band", "confirmation", "moves", "undone"),
    [
        (0, 1, 986, 426),
        ("5%", 1, 702, 237),
        ("10%", 1, 500, 117),
        ("15%", 1, 374, 61),
        (0, 2, 266, 0),
        ("10%", 2, 149, 0),
    ],
)
def test_band_and_confirmation_calm_the_core(quarters, band, confirmation, moves, undone):
    found = decided(quarters, band, confirmation)
    assert len(found) == 14
    assert moves_and_undone(found) == (moves, undone)


def test_the_core_hardly_shrinks_for_it(quarters):
    found = decided(quarters, "10%", 2)
    shares = [np.mean([t == "core" for t in tiers.values()]) for tiers in found.values()]
    assert shares[0] == pytest.approx(0.200, abs=5e-4)
    assert np.mean(shares) == pytest.approx(0.190, abs=5e-4)
