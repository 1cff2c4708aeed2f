"""Long tables are cut where they are printed, and whole as data."""

import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from ahpvalue.support.display import Table


def long_table(rows):
    return Table(
        "Days", {"day": [f"d{k}" for k in range(rows)], "n": list(range(rows))}, {"n": "d"}
    )


@pytest.mark.parametrize(
    ("rows", "more"), [(60, ""), (61, "1 more row: "), (7_043, "6,983 more rows: ")]
)
def test_a_long_table_is_cut_and_says_how_many_more_and_how_to_get_them(rows, more):
    table = long_table(rows)
    for shown, count in ((str(table), 3 + min(rows, 60)), (table._repr_html_(), None)):
        assert (more in shown) if more else ("more row" not in shown)
        if count is not None:
            assert len(shown.splitlines()) == count + bool(more)
    assert table._repr_html_().count("<tr>") == 1 + min(rows, 60)
    whole = table.printed()
    assert len(str(whole).splitlines()) == rows + 3
    assert "more row" not in str(whole)
    assert len(str(table.printed(5)).splitlines()) == 9
    assert (
        len(table.to_dict()["day"]) == len(table.to_frame("polars")) == len(table.cells()) == rows
    )


def test_results_are_cut_in_one_place():
    customers = synthetic_customers(700)
    scores = av.template("retail-terminal").fit(customers).score(customers)
    reasons = scores.reasons(3)
    assert len(reasons) > 3_000
    core = scores.core("monthly_order")
    for table in (reasons, core.disagreements, core.printed(1)):
        assert len(str(table).splitlines()) <= 64
        assert len(table._repr_html_()) < 100_000
    assert "more rows: .printed() shows all, .to_frame() holds them" in str(core.disagreements)
    assert len(reasons.to_frame("polars")) == len(reasons)


def test_indents_and_bars_stay_with_their_rows():
    values = list(range(70))
    table = Table("T", {"n": values}, {"n": "d"}, {"n": 70.0}, indents=values)
    assert table.html().count("<svg") == 60
    assert [line.strip() for line in str(table.printed(2)).splitlines()[3:5]] == ["0", "1"]
