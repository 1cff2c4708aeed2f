"""The tiers of the period before, found for today's customers."""

import sqlite3

import numpy as np
import pandas as pd
import pytest

import ahpvalue as av

MODEL = av.Model(
    hierarchy={"value": ["sales"]},
    indicators={"sales": {"linear": [[0, 0], [100, 100]]}},
    tiers={"levels": {"core": {"score": 50}, "general": {}}, "confirmation": 2},
)


def table(**sales):
    return pd.DataFrame({"customer": [*sales], "sales": [*map(float, sales.values())]})


def tiers_of(period, before=None, **sales):
    return MODEL.score(table(**sales)).tiers(before, period=period)


@pytest.mark.parametrize("as_table", [False, True])
@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("2022Q2", "2022Q1"),  # later by one
        ("2023Q1", "2022Q4"),
        ("2022-06", "2022-05"),
        ("2023", "2022"),
        ("2022H2", "2022H1"),
        ("2022Q2", "2022-01"),  # of another kind, and later
    ],
)
def test_tiers_of_a_later_period_are_refused(before, now, as_table):
    later = tiers_of(before, a=80)
    with pytest.raises(av.CustomerDataError, match=f"those of {before}, which is later than {now}"):
        tiers_of(now, later.frame if as_table else later, a=80)


def test_tiers_that_begin_on_the_same_day_overlap_and_are_not_called_later():
    with pytest.raises(av.CustomerDataError, match="of 2022, which overlaps 2022Q1"):
        tiers_of("2022Q1", tiers_of("2022", a=80), a=80)


def test_one_day_in_common_is_an_overlap():
    with pytest.raises(av.CustomerDataError, match="of 2022Q1, which overlaps 2022-03-31"):
        tiers_of("2022-03-31", tiers_of("2022Q1", a=80), a=80)


def test_the_period_that_follows_at_once_is_silent(recwarn):
    tiers_of("2022Q2", tiers_of("2022Q1", a=80), a=80)
    assert not recwarn.list


def test_everybody_gets_its_own_state_and_a_newcomer_none():
    first = tiers_of("2022Q1", a=80, b=10, c=10)
    second = tiers_of("2022Q2", first, d=90, c=90, b=10, a=80)
    assert second.tier.tolist() == ["general", "general", "general", "core"]
    assert second.standing.pending_periods.tolist() == [1, 1, 0, 0]
    third = tiers_of("2022Q3", second.frame, a=80, c=90, d=90)
    assert third.tier.tolist() == ["core", "core", "core"]
    assert np.array_equal(third.standing.tier_periods, [3, 1, 1])


OLD = {"pending": "wish", "pending_periods": "seen", "tier_periods": "stay"}


def test_a_table_of_the_older_column_names_is_the_same_state():
    before = tiers_of("2022Q2", tiers_of("2022Q1", a=40, b=80), a=80, b=80)
    assert before.standing.pending.tolist() == [0, -1]
    again = tiers_of("2022Q3", before.frame.rename(columns=OLD), a=80, b=80)
    assert again.tier.tolist() == tiers_of("2022Q3", before, a=80, b=80).tier.tolist()
    assert again.tier.tolist() == ["core", "core"]


def test_a_history_of_the_older_names_is_the_same_state(tmp_path):
    history = av.History(tmp_path / "h.sqlite")
    before = tiers_of("2022Q2", tiers_of("2022Q1", a=40, b=80), a=80, b=80)
    history.write(av.Scores(before.scored).record("run", "2022Q2", tiers=before))
    with sqlite3.connect(tmp_path / "h.sqlite") as older:
        for now, then in OLD.items():
            older.execute("update ahpvalue_record set item = ? where item = ?", (then, now))
    kept = history.tiers("2022Q2", MODEL)
    assert tiers_of("2022Q3", kept, a=80, b=80).tier.tolist() == ["core", "core"]


@pytest.mark.parametrize("column", ["pending_periods", "tier_periods"])
@pytest.mark.parametrize("count", [np.inf, -np.inf, -1.0, 1.5, 1e300, 2.0**63])
def test_a_count_of_periods_that_is_none_is_refused(column, count):
    before = tiers_of("2022Q1", a=80, b=10).frame
    before[column] = before[column].astype(float)
    before.loc[1, column] = count
    with pytest.raises(av.CustomerDataError, match=f"column '{column}' holds .* for customer b"):
        tiers_of("2022Q2", before, a=80, b=10)


def test_whoever_was_in_no_tier_has_no_count():
    before = tiers_of("2022Q1", a=80, b=10)
    table = before.frame.astype({"tier_periods": float})
    table.loc[1, "tier_periods"] = np.nan
    assert tiers_of("2022Q2", table, a=80, b=10).tier.tolist() == ["core", "general"]
