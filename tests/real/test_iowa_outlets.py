"""Iowa's licensed outlets: a reference quarter, then three quarters scored with its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import ahpvalue as av
from ahpvalue import CustomerDataWarning, load_model

REFERENCE = "2021Q3"
LATER = ("2021Q4", "2022Q1", "2022Q2")


@pytest.fixture(scope="module")
def quarters(read):
    return {name: read(f"iowa_indicators_{name}", "store_number") for name in (REFERENCE, *LATER)}


@pytest.fixture(scope="module")
def active(quarters):
    return {name: table[table["status"] == "active"] for name, table in quarters.items()}


@pytest.fixture(scope="module")
def model(load):
    return load("iowa_outlets")


@pytest.fixture(scope="module")
def fitted(model, active):
    with pytest.warns(CustomerDataWarning, match="return_rate"):
        return model.fit(active[REFERENCE])


@pytest.fixture(scope="module")
def scores(fitted, quarters):
    return {name: fitted.score(table) for name, table in quarters.items()}


def test_the_model_is_what_its_readme_says(model, as_described):
    as_described(model)
    assert model.hierarchy.parents("sales") == ("contribution", "influence")
    assert model.hierarchy.parents("new_items") == ("dependence", "growth")


# -- fitting ---------------------------------------------------------------------------------


def test_the_reference_is_the_1852_active_stores(fitted, active):
    assert len(active[REFERENCE]) == 1852
    assert fitted.document.reference.customers == 1852
    assert fitted.is_fitted


def test_a_column_that_is_wholly_empty_is_reported_by_name(model, active):
    with pytest.warns(CustomerDataWarning) as caught:
        model.fit(active[REFERENCE])
    about = [str(one.message) for one in caught if "'return_rate'" in str(one.message)]
    assert len(about) == 1
    assert "all 1,852 reference customers lack it" in about[0]


def test_a_constant_margin_is_reported_by_name_and_scores_stay_defined(model, active):
    # In the data the margin is fixed by law up to the rounding of the fourth digit.
    rounded = active[REFERENCE].assign(gross_margin_pct=lambda t: t["gross_margin_pct"].round(2))
    with pytest.warns(CustomerDataWarning) as caught:
        fitted = model.fit(rounded)
    about = [str(one.message) for one in caught if "'gross_margin_pct'" in str(one.message)]
    assert len(about) == 1
    assert "tells nobody apart" in about[0]
    assert not np.isnan(fitted.score(rounded)["total"]).any()


@pytest.mark.parametrize("function", ["minmax", "percentile", "log"])
def test_a_constant_margin_gives_everybody_50_when_it_is_fitted(active, function):
    rounded = active[REFERENCE].assign(gross_margin_pct=0.33)
    model = av.Model(
        customer="store_number",
        hierarchy={"value": ["gross_margin_pct"]},
        indicators={"gross_margin_pct": {"unit": "share", function: {}}},
    )
    with pytest.warns(CustomerDataWarning, match="tells nobody apart"):
        fitted = model.fit(rounded)
    assert (fitted.score(rounded)["total"] == 50).all()


def test_a_margin_fixed_by_law_moves_no_total_by_a_hundredth_of_a_point(fitted, active):
    # On a fixed line the rounding of the fourth digit stays as small as it is.
    table = active[REFERENCE][active[REFERENCE]["gross_margin_pct"].notna()]
    alike = table.assign(gross_margin_pct=0.3335)
    moved = fitted.score(alike)["total"] - fitted.score(table)["total"]
    assert np.abs(moved).max() < 0.01


def test_the_order_of_the_reference_does_not_matter(model, fitted, active):
    shuffled = active[REFERENCE].sample(frac=1, random_state=3)
    with pytest.warns(CustomerDataWarning):
        again = model.fit(pl.from_pandas(shuffled))
    assert again.hash == fitted.hash
    assert again.reference_hash == fitted.reference_hash


def test_a_saved_model_is_the_same_model(fitted, scores, quarters, tmp_path, same_bits):
    fitted.save(tmp_path / "model.2021Q3.yaml")
    again = load_model(tmp_path / "model.2021Q3.yaml")
    assert again.hash == fitted.hash
    assert again.to_yaml() == fitted.to_yaml()
    same_bits(again.score(quarters["2021Q4"]), scores["2021Q4"])


# -- scoring ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [REFERENCE, *LATER])
def test_totals_are_0_to_100_and_the_sum_of_their_contributions(scores, name, parts_add_up):
    parts_add_up(scores[name])


@pytest.mark.parametrize("name", [REFERENCE, *LATER])
def test_every_active_store_is_rated(fitted, active, name):
    rated = fitted.score(active[name])
    assert (rated["status"] == "rated").all()
    for criterion in ("total", "customer_side", "company_side", "dependence", "contribution"):
        assert not np.isnan(rated[criterion]).any()


@pytest.mark.parametrize("name", LATER)
def test_credit_without_a_single_figure_is_not_rated_and_never_0(scores, model, name):
    frame = scores[name].frame
    assert frame["credit"].isna().all()
    assert (frame["coverage_credit"] == 0).all()
    rated = frame[frame["status"] == "rated"]
    assert rated["coverage"].max() == pytest.approx(1 - model.weights()["credit"], abs=1e-12)
    in_polars = scores[name].to_frame("polars")
    assert in_polars["credit"].null_count() == len(frame)


def test_the_weight_of_credit_goes_to_the_other_criteria(model, fitted, active):
    frame = fitted.score(active["2021Q4"]).frame
    share = {c: model.weights()[c] for c in ("contribution", "growth", "influence")}
    full = frame[frame["growth"].notna()]
    expected = sum(full[c] * w for c, w in share.items()) / sum(share.values())
    np.testing.assert_allclose(full["company_side"], expected, rtol=1e-12)


@pytest.mark.parametrize("name", [REFERENCE, *LATER])
def test_lapsed_stores_are_not_rated_rather_than_0(scores, quarters, name):
    frame = scores[name].frame[quarters[name]["status"] == "lapsed"]
    assert len(frame) > 90
    assert (frame["status"] == "not rated").all()
    # Of contribution they have sales of 0 and nothing else: 44 % of its weight.
    for criterion in ("total", "company_side", "contribution", "credit"):
        assert frame[criterion].isna().all()
    assert (frame["coverage"] < 0.25).all()
    assert frame[["rank", "percentile"]].isna().all(axis=None)
    # What is known counts: a last order months ago is a low dependence, and above 0.
    assert frame["dependence"].between(0, 25).all()


def test_new_stores_have_no_growth_and_still_a_total(scores, quarters):
    table, frame = quarters["2022Q2"], scores["2022Q2"].frame
    new = (table["status"] == "active") & table["growth_yoy"].isna()
    assert new.sum() == 183
    assert frame["growth"][new].isna().all()
    assert (frame["coverage_growth"][new] < 0.5).all()
    assert frame["total"][new].notna().all()


# -- a store's score is its own --------------------------------------------------------------


def test_a_store_alone_gets_the_same_bits_as_among_all(fitted, quarters, scores, same_bits):
    table = quarters["2021Q4"]
    for row in range(0, len(table), 24):
        same_bits(scores["2021Q4"], fitted.score(table.iloc[[row]]), [row])


def test_a_total_does_not_change_when_other_stores_are_added(fitted, quarters, scores, same_bits):
    table = quarters["2022Q1"]
    same_bits(scores["2022Q1"], fitted.score(table.head(700)), slice(700))
    many = pd.concat([table, *(quarters[name] for name in ("2021Q4", "2022Q2"))])
    many["store_number"] = [f"{row}-{name}" for row, name in enumerate(many["store_number"])]
    same_bits(fitted.score(many), scores["2022Q1"], slice(len(table)))


def test_the_order_of_rows_does_not_matter(fitted, quarters, scores, same_bits):
    order = np.random.default_rng(5).permutation(len(quarters["2022Q2"]))
    shuffled = fitted.score(quarters["2022Q2"].iloc[order])
    same_bits(scores["2022Q2"], shuffled, order)
    assert shuffled.frame.index.tolist() == order.tolist()
    assert np.array_equal(shuffled["rank"], scores["2022Q2"]["rank"][order], equal_nan=True)


@pytest.mark.parametrize("name", LATER)
def test_pandas_polars_and_arrays_give_the_same_bits(
    fitted, quarters, scores, name, data, same_bits
):
    own_reader = pl.read_csv(
        data / f"iowa_indicators_{name}.csv.gz", schema_overrides={"store_number": pl.String}
    )
    arrays = {column: quarters[name][column].to_numpy() for column in quarters[name]}
    for table in (own_reader, pl.from_pandas(quarters[name]), arrays):
        same_bits(scores[name], fitted.score(table))
    answer = fitted.score(own_reader).frame
    assert answer["total"].null_count() == int(np.isnan(scores[name]["total"]).sum())
    assert answer["total"].is_nan().sum() == 0


def test_store_ids_stay_the_text_they_are(fitted, quarters, scores):
    table = quarters["2021Q4"]
    assert scores["2021Q4"].frame["store_number"].tolist() == table["store_number"].tolist()
    padded = pl.from_pandas(table.assign(store_number="0" + table["store_number"]))
    ids = fitted.score(padded).frame["store_number"]
    assert ids.dtype == pl.String
    assert ids.to_list() == padded["store_number"].to_list()


# -- what the values say --------------------------------------------------------------------


def test_the_season_shows_on_a_frozen_scale(fitted, active):
    growth = {name: np.nanmean(fitted.score(table)["growth"]) for name, table in active.items()}
    assert min(growth, key=growth.get) == "2022Q1"
    assert growth["2022Q1"] < growth["2021Q4"] - 10


def test_every_readme_figure_comes_out(run_readme):
    run_readme("iowa_outlets")


def test_the_readmes_commands_run(run_commands):
    written = run_commands("iowa_outlets")
    scores = pl.read_csv(
        written / "scores.2021Q4.csv", schema_overrides={"store_number": pl.String}
    )
    assert len(scores) == 1968
    assert scores["store_number"].str.len_chars().min() == 4
    assert scores["credit"].null_count() == len(scores)
    assert (written / "model.2021Q3.yaml").read_text("utf-8").count("customers: 1957") == 1
