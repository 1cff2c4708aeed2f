"""Tiers of a scored table: lines frozen by fit, state that travels, vetoes and overrides."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import yaml

import ahpvalue as av

BASE = {
    "hierarchy": {"value": ["sales", "trust"]},
    "judgments": {"weights": {"value": {"sales": 0.5, "trust": 0.5}}},
    "indicators": {
        "sales": {"linear": [[0, 0], [100, 100]]},
        "trust": {"linear": [[0, 0], [100, 100]], "missing": "renormalise"},
    },
}
LEVELS = {"core": {"top": "20%"}, "key": {"top": "50%"}, "general": {}}


def model_of(**tiers):
    return av.Model(**BASE, tiers={"levels": LEVELS} | tiers)


def customers(*totals, names=None):
    values = np.array(totals, dtype=float)
    ids = names or [f"{k:03d}" for k in range(len(values))]
    return {"customer": np.array(ids), "sales": values, "trust": values}


TEN = customers(*range(10, 101, 10))


def lines(model):
    return [level.lowest for level in model.document.tiers.levels.values()]


# -- lines -----------------------------------------------------------------------------------


def test_fit_freezes_the_lines_into_the_document():
    fitted = model_of().fit(TEN)
    assert lines(fitted) == [85, 55, None]
    assert [level.customers for level in fitted.document.tiers.levels.values()] == [2, 3, 5]
    assert yaml.safe_load(fitted.to_yaml())["tiers"]["levels"]["core"]["line"] == 85


@pytest.mark.parametrize("periods", [["2022Q1"], ["2022Q1", "2022Q2", "2022Q3"]])
def test_every_table_of_a_reference_is_named_or_none(periods):
    with pytest.raises(av.CustomerDataError, match=r"is 2 table\(s\) and . period\(s\) are named"):
        model_of().fit([TEN, TEN], periods=periods)


def test_who_else_is_in_the_table_changes_nobodys_tier():
    fitted = model_of().fit(TEN)
    alone = fitted.score(customers(60)).tiers().tier
    among = fitted.score(customers(60, *[99] * 50)).tiers().tier
    assert alone[0] == among[0] == "key"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"a": {"count": 3}, "b": {}}, 75),
        ({"a": {"count": 99}, "b": {}}, 10),
        ({"a": {"score": 71.5}, "b": {}}, 71.5),
        # 100 + 90 + 80 of 550 is 49.1 %: the customer of 70 is the one who reaches the half.
        ({"a": {"cumulative": "50%", "of": "sales"}, "b": {}}, 65),
        ({"a": {"top": 0.13}, "b": {}}, 85),
    ],
)
def test_a_line_is_drawn_by_score_share_count_or_sum(levels, expected):
    assert lines(model_of(levels=levels).fit(TEN))[0] == pytest.approx(expected)


def test_customers_tied_on_the_line_are_all_in_or_all_out():
    tied = customers(10, 50, 50, 50, 90)
    counts = {}
    for ties in ("in", "out"):
        fitted = model_of(levels={"a": {"count": 2}, "b": {}}, ties=ties).fit(tied)
        counts[ties] = int((fitted.score(tied).tiers().level == 0).sum())
    assert counts == {"in": 4, "out": 1}


def test_a_share_that_is_no_whole_number_takes_in_whom_the_linear_percentile_does():
    seven = customers(1, 2, 3, 4, 5, 6, 7)  # the 80th percentile is 5.8
    assert lines(model_of().fit(seven))[0] == pytest.approx(5.5)


def test_a_customer_on_the_line_is_above_it_to_the_last_bit():
    values = customers(*(np.arange(1, 12) / 7))  # the 80th percentile is a customer's own
    fitted = model_of().fit(values)
    assert (fitted.score(values).tiers().level == 0).sum() == 3


def test_a_fitted_document_with_tiers_is_read_back_as_the_same(tmp_path):
    fitted = model_of(
        band="5%", vetoes={"late": {"when": {"trust": {"below": 9}}, "at_most": "key"}}
    ).fit(TEN)
    fitted.save(tmp_path / "m.yaml")
    assert av.load_model(tmp_path / "m.yaml").hash == fitted.hash
    assert av.load_model(tmp_path / "m.yaml").to_yaml() == fitted.to_yaml()


def test_the_order_of_tiers_is_part_of_the_hash():
    by_score = {"a": {"score": 80}, "b": {"top": "30%"}, "c": {}}
    other = {"b": {"top": "30%"}, "a": {"score": 80}, "c": {}}
    assert model_of(levels=by_score).hash != model_of(levels=other).hash


def test_tiers_may_be_drawn_on_a_figure():
    fitted = model_of(on="sales").fit(TEN)
    assert fitted.score(customers(95)).tiers().values[0] == 95


def test_lines_wait_for_a_reference_population():
    with pytest.raises(av.ModelError, match="the lines of core, key depend on a reference"):
        model_of().score(TEN).tiers()
    with pytest.raises(av.ModelError, match="has no section tiers"):
        av.Model(**BASE).score(TEN).tiers()
    assert not model_of().is_fitted
    assert model_of(levels={"a": {"score": 50}, "b": {}}).is_fitted


def test_a_sum_that_is_not_above_0_cannot_be_shared_out():
    model = model_of(levels={"a": {"cumulative": "80%", "of": "profit"}, "b": {}})
    with pytest.raises(av.CustomerDataError, match="the sum of profit over the reference is -10"):
        model.fit(TEN | {"profit": np.full(10, -1.0)})


def test_a_tier_that_takes_in_nobody_is_warned_of():
    with pytest.warns(av.CustomerDataWarning, match="tiers.levels.key: none of the reference"):
        model_of().fit(customers(10, *[50] * 9))


# -- state -----------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", ["self", "pandas", "polars", "csv"])
def test_the_state_travels_in_a_table(keep, tmp_path):
    fitted = model_of(confirmation=2).fit(TEN)
    now, tiers = customers(95, 95, names=["007", "008"]), None
    if keep != "self":
        now = pd.DataFrame(now) if keep in ("pandas", "csv") else pl.DataFrame(now)
    rose = []
    for total in (10, 95, 95):
        table = (
            now | {"sales": np.array([95, total]), "trust": np.array([95, total])}
            if keep == "self"
            else (
                now.assign(sales=[95, total], trust=[95, total])
                if keep != "polars"
                else now.with_columns(sales=pl.Series([95, total]), trust=pl.Series([95, total]))
            )
        )
        tiers = fitted.score(table).tiers(tiers)
        rose.append(tiers.tier[1])
        if keep != "self":
            tiers = tiers.frame
        if keep == "csv":
            tiers.to_csv(tmp_path / "state.csv", index=False)
            tiers = pd.read_csv(tmp_path / "state.csv", dtype={"customer": str})
    assert rose == ["general", "general", "core"]


def test_ids_that_lost_their_zeros_are_noticed():
    fitted = model_of().fit(TEN)
    tiers = fitted.score(pd.DataFrame(TEN)).tiers()
    numbers = tiers.frame.assign(customer=range(10))
    with pytest.raises(av.CustomerDataError, match="read the column 'customer' as text in both"):
        fitted.score(TEN).tiers(numbers)


def test_a_gap_between_two_periods_is_said():
    scores = model_of(confirmation=2).fit(TEN).score(TEN)
    before = scores.tiers(period="2020Q2")
    with pytest.warns(av.CustomerDataWarning, match="2020Q2 and 2025Q4 does not follow it at once"):
        scores.tiers(before, period="2025Q4")
    scores.tiers(before, period="2020Q3")


@pytest.mark.parametrize(
    ("before", "now"), [("2022Q1", "2022-02"), ("2022", "2022Q1"), ("2022Q1", "2022H1")]
)
def test_periods_that_overlap_do_not_follow_each_other(before, now):
    scores = model_of().fit(TEN).score(TEN)
    with pytest.raises(av.CustomerDataError, match=f"those of {before}, which overlaps {now}"):
        scores.tiers(scores.tiers(period=before), period=now)


def test_nobody_needs_to_be_there_still_but_that_is_said():
    """A table of one customer may be of a new one; a table of strangers may be a mistake."""
    fitted = model_of().fit(TEN)
    before = fitted.score(customers(50, names=["a"]))
    now = fitted.score(customers(90, names=["b"]))
    with pytest.warns(av.CustomerDataWarning, match=r"the customer \(b\) is not among the 1 of"):
        tiers = now.tiers(before.tiers())
    assert tiers.tier.tolist() == ["core"]
    with pytest.warns(av.CustomerDataWarning, match="not among the 1 of the period before"):
        assert now.compare(before).now.tolist() == ["core", "(left)"]


@pytest.mark.parametrize("kind", [str, float])
def test_whole_numbers_are_the_same_customers_however_they_were_kept(kind):
    fitted = model_of().fit(TEN)
    numbers = TEN | {"customer": np.arange(1, 11)}
    kept = fitted.score(numbers | {"customer": np.arange(1, 11).astype(kind)}).tiers()
    assert fitted.score(numbers).tiers(kept).standing.tier_periods.tolist() == [2] * 10


def test_a_customer_in_two_rows_is_refused():
    fitted = model_of().fit(TEN)
    with pytest.raises(av.CustomerDataError, match="007 in more than one row"):
        fitted.score(customers(1, 2, names=["007", "007"]), outputs=["total"]).tiers()


def test_a_period_does_not_follow_itself():
    fitted = model_of().fit(TEN)
    tiers = fitted.score(TEN).tiers(period="2022Q1")
    with pytest.raises(av.CustomerDataError, match="those of 2022Q1, too"):
        fitted.score(TEN).tiers(tiers, period="2022Q1")


@pytest.mark.parametrize("kind", ["self", "frame"])
def test_a_period_does_not_follow_a_later_one(kind):
    fitted = model_of().fit(TEN)
    later = fitted.score(pd.DataFrame(TEN)).tiers(period="2022Q3")
    state = later if kind == "self" else later.frame
    with pytest.raises(av.CustomerDataError, match="of 2022Q3, which is later than 2022Q2"):
        fitted.score(TEN).tiers(state, period="2022Q2")
    assert fitted.score(TEN).tiers(state, period="2022Q4").period == "2022Q4"


def test_a_customer_without_a_total_has_no_tier():
    model = av.Model(**BASE, missing={"minimum_coverage": 0.9}, tiers={"levels": LEVELS})
    fitted = model.fit(TEN)
    scored = fitted.score({"customer": ["x"], "sales": [99.0], "trust": [np.nan]})
    assert scored.tiers().tier.tolist() == [None]


# -- vetoes and overrides --------------------------------------------------------------------

VETOES = {
    "untrusted": {"when": {"trust": {"below": 40}}, "at_most": "general"},
    "small": {"when": {"sales": {"below": 30}}, "at_most": "key"},
}


def test_a_veto_caps_the_tier_and_both_are_kept():
    fitted = model_of(
        levels={"core": {"score": 50}, "key": {"score": 30}, "general": {}}, vetoes=VETOES
    )
    table = {"customer": ["a", "b", "c"], "sales": [99, 99, 29], "trust": [99, 30, 99]}
    frame = fitted.score(pd.DataFrame(table)).tiers().frame
    assert frame["tier"].tolist() == ["core", "general", "key"]
    assert frame["tier_by_rule"].tolist() == ["core", "core", "core"]
    assert frame["vetoed_by"].fillna("").tolist() == ["", "untrusted", "small"]


OVERRIDE = {
    "customer": ["000", "zzz", "001"],
    "tier": ["core", "core", "key"],
    "reason": ["opens a second shop", "gone", "was in court"],
    "author": ["ann", "ann", "bo"],
    "expires": ["2022Q2", "2022Q2", "2021-12-31"],
}


def test_an_override_counts_until_it_expires_and_both_tiers_are_kept():
    fitted = model_of().fit(TEN)
    tiers = fitted.score(TEN).tiers(period="2022Q2", overrides=OVERRIDE)
    assert (tiers.tier[0], tiers.named(tiers.standing.level)[0]) == ("core", "general")
    assert tiers.frame["override_author"][0] == "ann"
    assert "by override: 1; overrides expired: 1; overrides for unknown customers: 1" in str(tiers)
    later = fitted.score(TEN).tiers(tiers, period="2022Q3", overrides=OVERRIDE)
    assert later.tier[0] == "general"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ["", "x", "x"]}, "override of 000: reason is missing"),
        (
            {"tier": ["cor", "core", "key"]},
            "override of 000: cor is not a tier; did you mean 'core'?",
        ),
        ({"expires": ["soon", "2022", "2022"]}, "override of 000: expires: 'soon' names no period"),
        ({"customer": ["000", "000", "001"]}, "000 in more than one row"),
    ],
)
def test_an_override_states_everything(change, said):
    fitted = model_of().fit(TEN)
    with pytest.raises(av.CustomerDataError) as refused:
        fitted.score(TEN).tiers(period="2022Q2", overrides=OVERRIDE | change)
    assert said in str(refused.value)


def override(customer, expires="2022Q2", tier="core"):
    return {
        "customer": [customer], "tier": [tier], "reason": ["x"], "author": ["y"],
        "expires": [expires],
    }  # fmt: skip


def both(*tables):
    return {name: [one for table in tables for one in table[name]] for name in tables[0]}


def decided(overrides, table=TEN):
    return model_of().fit(TEN).score(table).tiers(period="2022Q2", overrides=overrides)


def test_an_override_of_a_customer_who_left_is_counted():
    with pytest.warns(av.CustomerDataWarning, match=r"the customer \(99999\) is not"):
        assert "overrides for unknown customers: 1" in str(decided(override("99999")))


def test_an_expired_override_makes_room_for_the_next():
    tiers = decided(both(override("000", "2022Q1", "gone"), override("000", "2022Q3")))
    assert tiers.tier[0] == "core"
    assert "overrides expired: 1" in str(tiers)


@pytest.mark.parametrize("day", [pd.Timestamp("2022-04-30"), "2022-04-30T00:00:00"])
def test_an_override_expires_on_a_day_however_it_is_written(day):
    assert decided(pd.DataFrame(override("000", day))).tier[0] == "core"


def test_an_override_of_a_customer_without_a_score_is_said_to_have_no_effect():
    table = {name: values.copy() for name, values in TEN.items()}
    model = av.Model(
        **BASE | {"indicators": {n: i | {"missing": "renormalise"} for n, i in
                                 BASE["indicators"].items()}},
        tiers={"levels": {"core": {"score": 82}, "general": {}}},
    )  # fmt: skip
    table["sales"][0] = table["trust"][0] = np.nan
    with pytest.warns(
        av.CustomerDataWarning, match="overrides of 000 have no effect: .* not rated"
    ):
        tiers = model.score(table).tiers(period="2022Q2", overrides=override("000"))
    assert tiers.frame["override"][0] is None


def test_overrides_need_the_period_to_know_whether_they_expired():
    with pytest.raises(av.CustomerDataError, match="the period must be given"):
        model_of().fit(TEN).score(TEN).tiers(overrides=OVERRIDE)


# -- the document ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ({"levels": {"core": {"top": "20%"}}}, "tiers need at least two levels"),
        (
            {"levels": {"core": {"top": "20%"}, "key": {"top": "50%"}}},
            "the last tier takes everybody else",
        ),
        ({"levels": {"core": {}, "key": {}}}, "only the last tier has no line"),
        (
            {"levels": {"a": {"top": "50%"}, "b": {"top": "20%"}, "c": {}}},
            "takes in no more than a",
        ),
        ({"levels": {"a": {"score": 5}, "b": {"score": 9}, "c": {}}}, "lies above that of a (5)"),
        ({"levels": {"a": {"score": 5, "top": 0.2}, "c": {}}}, "score and top are given"),
        ({"levels": {"a": {"cumulative": "80%"}, "c": {}}}, "cumulative needs of"),
        ({"levels": {"a": {"top": "120%"}, "c": {}}}, "a share is written 20% or 0.2"),
        (
            {"levels": LEVELS, "on": "valeu"},
            "neither a criterion nor an indicator; did you mean 'value'?",
        ),
        (
            {"levels": LEVELS, "vetoes": {"x": {"when": {}, "at_most": "key"}}},
            "a rule names at least one value",
        ),
        (
            {"levels": LEVELS, "vetoes": {"x": {"when": {"a": {}}, "at_most": "key"}}},
            "says what is wanted",
        ),
        (
            {"levels": LEVELS, "vetoes": {"x": {"when": {"a": 1}, "at_most": "kee"}}},
            "kee is not a tier; did you mean 'key'?",
        ),
        ({"levels": LEVELS, "confirmation": 0}, "must be at least 1"),
        ({"levels": {"active": {"top": "20%"}, "rest": {}}}, "active is a status of customers"),
        ({"levels": LEVELS, "bnad": 0.1}, "unknown key; did you mean 'band'?"),
    ],
)
def test_tiers_that_do_not_hold_together_are_refused(tiers, said):
    with pytest.raises(av.ModelError) as refused:
        av.Model(**BASE, tiers=tiers)
    assert said in str(refused.value)


def test_a_rule_on_a_column_that_is_not_there_names_the_nearest():
    model = model_of(
        levels={"a": {"score": 5}, "b": {}}, vetoes={"x": {"when": {"truts": 1}, "at_most": "b"}}
    )
    with pytest.raises(av.CustomerDataError, match="no column 'truts'; did you mean 'trust'"):
        model.score(TEN).tiers()


@pytest.mark.parametrize(
    "use",
    [
        lambda scores, tiers: scores.segments(tiers),
        lambda scores, tiers: scores.explain("000", tiers=tiers),
        lambda scores, tiers: scores.path_up("000", tiers=tiers),
        lambda scores, tiers: scores.paths_up(tiers),
        lambda scores, tiers: scores.compare(scores, tiers, tiers),
        lambda scores, tiers: scores.compare(
            av.Scores(tiers.scored), scores.tiers(), scores.tiers()
        ),
        lambda scores, tiers: scores.compare(av.Scores(tiers.scored), tiers, scores.tiers()),
        lambda scores, tiers: scores.record("r", "2024", tiers=tiers),
    ],
)
def test_tiers_of_another_table_are_refused_everywhere(use):
    """Tiers go with customers by the row, so that the same customers in another order are wrong."""
    model = av.Model(
        hierarchy={"value": ["sales"]},
        indicators={"sales": {"linear": [[0, 0], [100, 100]], "changeable": {}}},
        tiers={"levels": {"core": {"top": "20%"}, "general": {}}},
        segments={"rules": {"core": {"when": {"tier": "core"}}}},
    )
    table = {"customer": ["000", "001", "002", "003", "004"], "sales": [90.0, 10, 40, 30, 20]}
    fitted = model.fit(table)
    other = fitted.score({name: values[::-1] for name, values in table.items()})
    with pytest.raises(av.CustomerDataError, match="other scores"):
        use(fitted.score(table), other.tiers())
