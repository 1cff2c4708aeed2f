"""Peer groups: pooled scores and scores among peers from one run, small groups falling back."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import ahpvalue as av

MODEL = {
    "hierarchy": {"value": ["sales", "visits", "grade"]},
    "judgments": {"weights": {"value": {"sales": 0.6, "visits": 0.2, "grade": 0.2}}},
    "indicators": {
        "sales": {"minmax": {}},
        "visits": {"percentile": {"better": "low"}, "missing": "median"},
        "grade": {"categories": {"A": 100, "B": 0}},
    },
    "peers": {"by": ["kind", "market"], "minimum": 4},
}


def table(rows=40, seed=3):
    rng = np.random.default_rng(seed)
    kind = np.array(["kiosk"] * 20 + ["store"] * 18 + ["bar"] * 2, dtype=object)[:rows]
    return {
        "customer": np.array([f"{k:03d}" for k in range(rows)]),
        "kind": kind,
        "market": np.array((["town", "city"] * 20)[:rows], dtype=object),
        "sales": rng.uniform(1, 10, rows) * np.where(kind == "store", 10, 1),
        "visits": rng.integers(1, 9, rows).astype(float),
        "grade": rng.choice(np.array(["A", "B"], dtype=object), rows),
    }


@pytest.fixture(scope="module")
def customers():
    return table()


@pytest.fixture(scope="module")
def fitted(customers):
    with pytest.warns(av.CustomerDataWarning, match=r"fewer than 4 customers in bar \(2\), bar / "):
        return av.Model(**MODEL).fit(customers)


def groups(model):
    return {tuple(group.of): group for group in model.document.peers.groups}


def test_fit_writes_a_reference_per_group_and_names_the_small_ones(fitted):
    found = groups(fitted)
    assert found["kiosk",].customers == 20
    assert found["kiosk", "town"].customers == 10
    assert found["bar",].hash == ""
    assert set(found["kiosk",].indicators) == {"sales", "visits"}
    assert found["kiosk",].indicators["sales"].minmax.upper < 11
    assert found["store",].indicators["sales"].minmax.upper > 11


def test_one_run_gives_pooled_scores_and_scores_among_peers(fitted, customers):
    frame = fitted.score(pd.DataFrame(customers)).frame
    assert {"total", "rank", "peer_group", "peer_total", "peer_rank", "peer_percentile"} <= set(
        frame
    )
    for group, part in frame.groupby("peer_group"):
        order = part.sort_values("peer_total", ascending=False)
        assert order["peer_rank"].is_monotonic_increasing, group
        assert (order["peer_rank"].iloc[0] == 1) == bool(group)
    left = frame[frame["peer_group"] == ""]
    assert left["customer"].tolist() == ["038", "039"]
    assert left["peer_rank"].tolist() == left["rank"].tolist() != [1, 2]
    assert left["peer_percentile"].tolist() == left["percentile"].tolist()


def test_whoever_falls_back_is_ranked_among_all_of_the_group_that_is_named(fitted, customers):
    """One kiosk in a village among 20 in town and city, all scored by the kiosks' reference."""
    village = {name: values[[3]] for name, values in customers.items()}
    village |= {"customer": np.array(["v"]), "market": np.array(["village"], dtype=object)}
    both = {name: np.concatenate([customers[name], village[name]]) for name in customers}
    scores = fitted.score(both)
    assert scores["peer_group"][-1] == "kiosk"
    data = fitted.to_dict()
    data["peers"]["by"] = ["kind"]
    data["peers"]["groups"] = [one for one in data["peers"]["groups"] if len(one["of"]) == 1]
    wide = av.Model(**data).score(both)
    for name in ("peer_total", "peer_rank", "peer_percentile"):
        assert scores[name][-1] == wide[name][-1], name
    assert wide["peer_rank"][-1] > 1


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_ranks_among_peers_are_counted_by_hand(fitted, customers, order):
    table = {name: values[order] for name, values in customers.items()}
    scores = fitted.score(table)
    for row, group in enumerate(scores["peer_group"]):
        if not group:
            inside = scores["total"]
        else:
            parts = group.split(" / ")
            rows = np.ones(40, dtype=bool)
            for column, value in zip(("kind", "market"), parts, strict=False):
                rows &= table[column] == value
            inside = scores["peer_total"][rows & (scores["peer_group"] == group)]
        assert scores["peer_rank"][row] == 1 + (inside > scores["peer_total"][row]).sum()


def test_lazy_engines_rank_whoever_falls_back_alike(fitted, customers):
    both = {name: np.concatenate([customers[name], customers[name][:3]]) for name in customers}
    both["customer"] = np.array([f"{k:03d}" for k in range(43)])
    both["market"] = np.concatenate([customers["market"], np.array(["village"] * 3, dtype=object)])
    names = ["peer_group", "peer_total", "peer_rank", "peer_percentile"]
    here = fitted.score(both)
    there = fitted.score(pl.DataFrame(both).lazy(), outputs=names).frame.collect()
    for name in names:
        assert there[name].to_list() == here[name].tolist(), name


def test_a_group_is_scored_as_if_it_were_alone(fitted, customers):
    """The peer total is the total of a model fitted to the group only."""
    rows = (customers["kind"] == "kiosk") & (customers["market"] == "town")
    part = {name: values[rows] for name, values in customers.items()}
    alone = av.Model(**{k: v for k, v in MODEL.items() if k != "peers"}).fit(part).score(part)
    among = fitted.score(customers)["peer_total"][rows]
    assert alone["total"].tobytes() == among.tobytes()


def test_a_small_or_unknown_group_is_scored_by_the_next_wider_one(fitted, customers):
    odd = {name: values[[0, 0, 0, 0]] for name, values in customers.items()} | {
        "customer": np.array(["a", "b", "c", "d"]),
        "kind": np.array(["bar", "kiosk", "kiosk", "zoo"], dtype=object),
        "market": np.array(["town", "village", None, "town"], dtype=object),
    }
    scores = fitted.score(odd)
    assert scores["peer_group"].tolist() == ["", "kiosk", "kiosk", ""]
    assert scores["peer_total"][0] == scores["total"][0]
    assert scores["peer_total"][1] != scores["total"][1]


def test_the_pooled_score_does_not_know_of_peers(fitted, customers):
    without = av.Model(**{k: v for k, v in MODEL.items() if k != "peers"}).fit(customers)
    assert without.score(customers)["total"].tobytes() == fitted.score(customers)["total"].tobytes()


def test_a_peer_score_does_not_depend_on_who_else_is_scored(fitted, customers):
    together = fitted.score(customers)["peer_total"]
    for row in range(0, 40, 7):
        alone = fitted.score({name: values[[row]] for name, values in customers.items()})
        assert alone["peer_total"].tobytes() == together[[row]].tobytes()


def test_missing_figures_get_the_median_of_the_peers(fitted, customers):
    gap = {name: values[[0]] for name, values in customers.items()} | {"visits": np.array([np.nan])}
    own = groups(fitted)["kiosk", "town"].indicators["visits"].missing["median"]
    filled = gap | {"visits": np.array([own])}
    first, second = fitted.score(gap), fitted.score(filled)
    assert first["peer_total"][0] == second["peer_total"][0]


def test_a_document_with_peers_is_read_back_as_the_same(fitted, tmp_path):
    fitted.save(tmp_path / "m.yaml")
    again = av.load_model(tmp_path / "m.yaml")
    assert again.hash == fitted.hash
    assert again.to_yaml() == fitted.to_yaml()


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame])
def test_every_kind_of_table_gives_the_same_groups(fitted, customers, kind):
    scores = fitted.score(kind(customers))
    assert scores["peer_group"].tolist() == fitted.score(customers)["peer_group"].tolist()
    assert len(scores.frame["peer_rank"]) == 40


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(av.CustomerDataError, match="no column 'kinds'; did you mean 'kind'"):
        av.Model(**MODEL | {"peers": {"by": ["kinds"]}}).fit(table())


def test_a_table_without_the_peers_columns_is_refused_when_it_is_scored(fitted, customers):
    without = {name: values for name, values in customers.items() if name != "market"}
    with pytest.raises(av.CustomerDataError, match="no column 'market'"):
        fitted.score(without)
    assert len(fitted.score(without, outputs=["total", "rank"]).frame["total"]) == 40


def test_a_group_of_one_is_not_a_group():
    with pytest.raises(av.ModelError, match="must be at least 2"):
        av.Model(**MODEL | {"peers": {"by": ["kind"], "minimum": 1}})


# -- several periods -------------------------------------------------------------------------


def test_a_reference_may_span_several_periods():
    model = av.Model(hierarchy={"v": ["x"]}, indicators={"x": {"minmax": {}}})
    quarters = [{"customer": [1, 2], "x": [1.0, 5.0]}, {"customer": [1, 2], "x": [3.0, 9.0]}]
    fitted = model.fit(quarters, periods=["2021Q1", "2021Q2"])
    assert fitted.document.reference.customers == 4
    assert fitted.document.reference.periods == ["2021Q1", "2021Q2"]
    assert fitted.document.indicators["x"].minmax.upper == 9
    with pytest.raises(av.CustomerDataError, match="1 in more than one row"):
        model.fit([{"customer": [1, 1], "x": [1.0, 5.0]}])
    with pytest.raises(av.CustomerDataError, match="reference population is empty"):
        model.fit([])


def test_tiers_of_several_periods_are_drawn_over_all_of_them():
    model = av.Model(
        hierarchy={"v": ["x"]},
        indicators={"x": {"linear": [[0, 0], [10, 100]]}},
        tiers={"levels": {"top": {"count": 1}, "rest": {}}},
    )
    fitted = model.fit(
        [{"customer": [1, 2], "x": [1.0, 5.0]}, {"customer": [1, 2], "x": [3.0, 9.0]}]
    )
    assert fitted.document.tiers.levels["top"].line == 70  # between 90 and 50
