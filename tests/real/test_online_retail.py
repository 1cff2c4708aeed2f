"""Online Retail: two half years; returns, losses, and customers without a history."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from ahpvalue import CustomerDataError, CustomerDataWarning, load_model

# Nobody in the first half has growth on the half year before; see the test that says so.
pytestmark = pytest.mark.filterwarnings("ignore:.*customers lack it:ahpvalue.CustomerDataWarning")

FIRST, SECOND = "2010-12_2011-05", "2011-06_2011-11"


@pytest.fixture(scope="module")
def halves(read):
    return {
        name: read(f"online_retail_indicators_{name}", "customer_id") for name in (FIRST, SECOND)
    }


@pytest.fixture(scope="module")
def active(halves):
    return {name: table[table["status"] == "active"] for name, table in halves.items()}


@pytest.fixture(scope="module")
def model(load):
    return load("online_retail")


@pytest.fixture(scope="module")
def fitted(model, active):
    """Fitted to the second half year, the only one in which all indicators have values."""
    return model.fit(active[SECOND])


@pytest.fixture(scope="module")
def on_first(model, active):
    with pytest.warns(CustomerDataWarning, match="growth_prev"):
        return model.fit(active[FIRST])


@pytest.fixture(scope="module")
def scores(fitted, halves):
    return {name: fitted.score(table) for name, table in halves.items()}


def of(scores, halves, name, customer):
    """One customer's row of results."""
    frame = scores[name].frame
    return frame[frame["customer_id"] == customer].iloc[0]


def test_the_model_is_what_its_readme_says(model, as_described):
    as_described(model)
    assert model.hierarchy.parents("net_sales") == ("contribution", "influence")
    assert model.hierarchy.parents("assortment") == ("dependence", "growth")


# -- which half year to fit on ---------------------------------------------------------------


def test_the_second_half_year_has_figures_for_every_indicator(fitted):
    assert fitted.document.reference.customers == 3465
    assert all(column.values for column in fitted.document.reference.indicators.values())


def test_the_first_half_year_cannot_grade_growth_on_the_one_before(on_first, active):
    assert active[FIRST]["growth_prev"].isna().all()
    assert on_first.document.reference.indicators["growth_half_year"].values == 0
    assert not np.isnan(on_first.score(active[FIRST])["total"]).any()


def test_a_column_that_nobody_has_a_figure_in_is_reported_when_scoring(fitted, active):
    with pytest.warns(CustomerDataWarning, match=r"growth_prev.*all 2,716 customers lack it"):
        fitted.score(active[FIRST])


def test_figures_that_come_alive_later_are_not_scored_and_that_is_said(on_first, active):
    with pytest.warns(CustomerDataWarning, match="growth_prev.*the reference had none"):
        later = on_first.score(active[SECOND])
    assert later["coverage_growth"].max() < 0.5
    without = on_first.score(active[SECOND].assign(growth_prev=np.nan))
    assert later["total"].tobytes() == without["total"].tobytes()


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_each_half_year_fitted_on_itself_rates_all_its_active_customers(
    on_first, fitted, active, name, parts_add_up
):
    scores = {FIRST: on_first, SECOND: fitted}[name].score(active[name])
    assert (scores["status"] == "rated").all()
    parts_add_up(scores)


# -- both half years, with the numbers of the second -----------------------------------------


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_totals_are_0_to_100_and_the_sum_of_their_contributions(scores, name, parts_add_up):
    parts_add_up(scores[name])


@pytest.mark.parametrize(("name", "rated", "not_rated"), [(FIRST, 2716, 45), (SECOND, 3465, 832)])
def test_the_active_customers_are_rated_and_nobody_else(scores, halves, name, rated, not_rated):
    is_rated = scores[name]["status"] == "rated"
    assert is_rated.tolist() == (halves[name]["status"] == "active").tolist()
    assert (is_rated.sum(), (~is_rated).sum()) == (rated, not_rated)


def test_1557_customers_without_a_history_get_a_total_and_a_coverage(fitted, active):
    frame = fitted.score(active[SECOND]).frame
    new = frame[active[SECOND]["growth_prev"].isna()]
    assert len(new) == 1557
    assert new["total"].notna().all()
    assert (new["coverage_growth"] < 0.5).all()
    assert (new["coverage"] < 0.93).all()
    # 587 are rated on the half year's own growth, 970 have too little even for that.
    assert (new["growth"].notna().sum(), new["growth"].isna().sum()) == (587, 970)
    known = frame[active[SECOND]["growth_prev"].notna()]
    assert known["growth"].notna().all()


def test_growth_that_is_not_known_changes_nothing_else(fitted, active):
    with_growth = active[SECOND][active[SECOND]["growth_prev"].notna()]
    frame = fitted.score(with_growth).frame
    without = fitted.score(with_growth.assign(growth_prev=np.nan, growth_half=np.nan)).frame
    for criterion in ("dependence", "contribution", "credit", "influence"):
        assert frame[criterion].equals(without[criterion])
    assert without["growth"].isna().all()
    assert without["total"].notna().all()


# -- losses ----------------------------------------------------------------------------------


def test_net_sales_below_0_and_returns_above_everything_bought_survive(scores, halves):
    table, frame = halves[SECOND], scores[SECOND].frame
    losses = (table["status"] == "active") & (table["net_sales"] < 0)
    assert losses.sum() == 4
    assert (table["return_rate"][losses] > 1).all()
    assert frame["total"][losses].between(0, 100).all()
    assert frame["credit"][losses].max() < 25
    seen = {row["indicator"]: row for row in scores[SECOND].inputs.to_frame("polars").to_dicts()}
    assert seen["net_sales"]["lowest"] == -464.9
    assert seen["return_rate"]["highest"] == 4.1212


def test_a_larger_loss_scores_lower_than_none(fitted, active):
    one = active[SECOND].head(1)
    totals = [
        fitted.score(one.assign(net_sales=net))["contribution"][0] for net in (-400.0, -100.0, 0.0)
    ]
    assert totals == sorted(totals)
    assert len(set(totals)) == 3


def test_who_returned_everything_is_among_the_last(scores, halves):
    """Customer 12346: the second-largest sales of the half year, all of them sent back."""
    table = halves[FIRST].set_index("customer_id")
    assert table["sales"].rank(ascending=False)["12346"] == 2
    assert table.loc["12346", "net_sales"] == 0
    row = of(scores, halves, FIRST, "12346")
    assert row["credit"] == 0
    assert 17 < row["total"] < 19
    assert row["percentile"] < 1


def test_the_same_customer_gone_is_not_rated_and_not_0(scores, halves):
    row = of(scores, halves, SECOND, "12346")
    assert np.isnan(row["total"])
    assert row["status"] == "not rated"
    assert np.isnan(row["credit"])  # nothing bought, nothing known of returns
    assert np.isnan(row["contribution"])


def test_net_sales_must_be_known(fitted, active):
    gap = active[SECOND].head(3).assign(net_sales=[1.0, np.nan, 2.0])
    with pytest.raises(CustomerDataError, match=r"'net_sales'.*missing for 12348"):
        fitted.score(gap)


# -- a customer's score is its own -----------------------------------------------------------


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_a_customer_alone_gets_the_same_bits_as_among_all(fitted, halves, scores, name, same_bits):
    table = halves[name]
    for row in range(0, len(table), 53):
        same_bits(scores[name], fitted.score(table.iloc[[row]]), [row])


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_order_and_kind_of_table_do_not_matter(fitted, halves, scores, name, data, same_bits):
    table = halves[name]
    order = np.random.default_rng(11).permutation(len(table))
    same_bits(scores[name], fitted.score(table.iloc[order]), order)
    file = data / f"online_retail_indicators_{name}.csv.gz"
    own_reader = pl.read_csv(
        file, schema_overrides={"customer_id": pl.String}, infer_schema_length=None
    )
    arrays = {column: table[column].to_numpy() for column in table}
    for other in (own_reader, pl.from_pandas(table), arrays):
        same_bits(scores[name], fitted.score(other))


def test_a_saved_model_is_the_same_model(fitted, scores, halves, tmp_path, same_bits):
    fitted.save(tmp_path / "model.2011H2.yaml")
    again = load_model(tmp_path / "model.2011H2.yaml")
    assert again.hash == fitted.hash
    same_bits(again.score(halves[SECOND]), scores[SECOND])


# -- the example as it is described ----------------------------------------------------------


def test_every_readme_figure_comes_out(run_readme):
    run_readme("online_retail")


def test_the_readmes_commands_run(run_commands):
    written = run_commands("online_retail")
    scores = pl.read_csv(written / "scores.2011H2.csv", schema_overrides={"customer_id": pl.String})
    assert len(scores) == 4297
    assert scores["total"].count() == 3465
