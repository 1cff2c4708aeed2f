"""Names of periods, and the seasons to fit to."""

import pytest

import ahpvalue as av
from ahpvalue.support.periods import Period, season_of


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2022Q1", "2022-01-01", "2022-03-31"),
        ("2022-Q4", "2022-10-01", "2022-12-31"),
        ("2022H2", "2022-07-01", "2022-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-04-30", "2022-04-30", "2022-04-30"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(name, first, last):
    period = Period.of(name)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize("name", ["soon", "2022Q5", "2022-13", "2022-02-30", "22Q1", ""])
def test_what_names_no_period_is_refused(name):
    with pytest.raises(av.AhpValueError, match="names no period"):
        Period.of(name)


def test_the_same_season_is_a_year_before():
    assert season_of("2022Q2") == ["2021Q2"]
    assert season_of("2022-04") == ["2021-04"]
    assert season_of("2022H1") == ["2021H1"]
    assert season_of("2022") == ["2021"]


def test_trailing_periods_run_up_to_this_one():
    assert season_of("2022Q2", "trailing") == ["2021Q2", "2021Q3", "2021Q4", "2022Q1"]
    assert season_of("2022-02", "trailing", 3) == ["2021-11", "2021-12", "2022-01"]


def test_a_day_has_no_season():
    with pytest.raises(av.AhpValueError, match="2022-04-30 has no season"):
        season_of("2022-04-30")
    with pytest.raises(av.AhpValueError, match="no kind of season"):
        season_of("2022Q2", "spring")


@pytest.mark.parametrize("trailing", [0, -2, True])
def test_a_season_has_at_least_one_period(trailing):
    with pytest.raises(av.AhpValueError, match="trailing is how many periods, 1 or more"):
        season_of("2022Q2", "trailing", trailing)
