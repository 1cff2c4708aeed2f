"""The number of the method: written by fit, kept apart, never mixed silently."""

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.compiling.method import METHOD

LETTERS = list("abcd")
CONSISTENT = [[3, 9, None], [3, 9], [3]]
JUMPING = [[3, 9, None], [3, 8.9], [3]]


def model(rows, **judgments):
    return av.Model(
        hierarchy={"value": LETTERS},
        judgments={"experts": {"ann": {}}, "comparisons": {"value": {"ann": rows}}} | judgments,
        indicators={name: {"minmax": {}} for name in LETTERS},
    )


def table():
    rng = np.random.default_rng(0)
    return {"customer": np.arange(50)} | {name: rng.random(50) for name in LETTERS}


def of_method_one(fitted):
    data = fitted.to_dict()
    del data["method"], data["reference"]["weights"], data["reference"]["judgments"]
    return data


def test_fit_writes_the_method_and_keeps_it_through_a_file(tmp_path):
    fitted = model(CONSISTENT).fit(table())
    assert fitted.document.method == METHOD
    fitted.save(tmp_path / "fitted.yaml")
    assert av.load_model(tmp_path / "fitted.yaml") == fitted
    assert model(CONSISTENT).document.method is None


@pytest.mark.parametrize("rows", [[[3, 9, 9], [3, 9], [3]], [[3, None, None], [3, None], [3]]])
def test_an_older_fitted_document_scores_as_it_did_where_the_methods_agree(rows):
    fitted = model(rows).fit(table())
    older = av.Model(**of_method_one(fitted))
    assert older.document.method is None
    for name in ("value", *LETTERS):
        found, wanted = (one.score(table()).values(name) for one in (older, fitted))
        assert found == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    "judgments",
    [{}, {"method": "column-mean"}, {"method": "geometric-mean", "completion": "lambda-minimal"}],
)
def test_an_older_fitted_document_whose_weights_are_others_now_is_refused(judgments):
    data = of_method_one(model(JUMPING, **judgments).fit(table()))
    with pytest.raises(av.ModelError, match=r"fitted by method 1.*value other weights.*fit the"):
        av.Model(**data)


@pytest.mark.parametrize("completion", ["harker", "least-squares"])
def test_ways_that_cut_nothing_are_the_same_in_both(completion):
    method = "eigenvector" if completion == "harker" else "geometric-mean"
    data = of_method_one(model(JUMPING, method=method, completion=completion).fit(table()))
    assert av.Model(**data).is_fitted


def test_a_method_that_is_not_computed_is_refused():
    data = model(CONSISTENT).to_dict()
    with pytest.raises(av.ModelError, match="method 1 is no longer computed; delete this line"):
        av.Model(**data, method=1)
    with pytest.raises(av.ModelError, match="method 3 is of a later version"):
        av.Model(**data, method=3)


def test_a_comparison_over_the_change_of_method_has_a_cause_of_its_own():
    """The same judgments and customers, fitted by both: what differs is the method's."""
    rng = np.random.default_rng(5)
    customers = table() | {"a": rng.lognormal(size=50)}
    sections = {
        "hierarchy": {"value": LETTERS},
        "judgments": {"experts": {"ann": {}}, "comparisons": {"value": {"ann": CONSISTENT}}},
        "indicators": {name: {"percentile": {}} for name in LETTERS},
        "tiers": {"levels": {"core": {"top": "30%"}, "general": {}}},
    }
    now = av.Model(**sections).fit(customers)
    data = of_method_one(now)
    data["indicators"]["a"]["percentile"]["knots"] = [[0.0, 0.0], [10.0, 100.0]]
    before = av.Model(**data)
    moved = now.score(customers).compare(before.score(customers))
    parts = moved.score_parts
    assert set(parts) == {"own values", "method", "missing data"}
    assert "the models follow methods 1 and 2 (docs/model-yaml.md)\n" in f"{moved}\n"
    change = now.score(customers).values("value") - before.score(customers).values("value")
    assert np.abs(change).max() > 1
    assert parts["method"] == pytest.approx(change, abs=1e-9)
    # Other judgments or another population are causes still.
    other = data | {"judgments": data["judgments"] | {"method": "geometric-mean"}}
    mixed = now.score(customers).compare(av.Model(**other).score(customers))
    assert "weights" in mixed.score_parts
    assert "what it changed is in weights, too" in str(mixed)
    again = av.Model(**sections).fit(table())
    assert "reference" in again.score(customers).compare(before.score(customers)).score_parts
