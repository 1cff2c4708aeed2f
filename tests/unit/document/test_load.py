"""A document as a whole: every problem in one go, experts' own files, save and load."""

import copy
import shutil

import pytest

import ahpvalue as av
from ahpvalue.document import json_schema, plain
from ahpvalue.templates.bundled import template_folder

SMALL = {
    "hierarchy": {"value": {"loyalty": ["orders", "tenure"], "profit": ["sales", "orders"]}},
    "judgments": {
        "experts": {"ann": {}, "bo": {"weight": 2}},
        "comparisons": {
            "value": {"ann": [[2]], "bo": [["1/2"]]},
            "loyalty": {"ann": {"orders vs tenure": 3}},
            "profit": {"ann": [[1, 4], ["1/4", 1]]},
        },
    },
    "indicators": {
        "orders": {"bands": {"edges": [5], "scores": [0, 100], "closed": "left"}},
        "tenure": {"linear": [[0, 0], [10, 100]]},
        "sales": {"minmax": {"lower": 0, "upper": 9}},
    },
}


def changed(path, value):
    """SMALL with one part replaced; the value ... deletes it."""
    document = copy.deepcopy(SMALL)
    part = document
    for step in path[:-1]:
        part = part[step]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return document


def refusal(document):
    with pytest.raises(av.ModelError) as refused:
        av.Model(**document)
    return str(refused.value)


def test_the_small_document_is_a_model():
    assert av.Model(**SMALL).is_fitted


ORDERS = ("indicators", "orders")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("hierarchy",), {"a": ["b"], "c": ["d"]}, "hierarchy: a hierarchy starts with one goal"),
        (("hierarchy",), {"value": None}, "hierarchy.value: the goal value has nothing below it"),
        (("hierarchy", "value", "profit"), ["sales", "sales"], "sales stands twice under profit"),
        (
            ("hierarchy", "value", "profit"),
            [3],
            "hierarchy.value.profit[0]: a node is a name, not 3",
        ),
        (("hierarchy", "value", "profit"), [], "profit has nothing below it"),
        (("hierarchy", "value", "profit"), "sales", "a list or mapping of nodes is needed"),
        (("hierarchy", "value", "profit"), ["value"], "a node cannot be below itself"),
        (("hierarchy", "value", "total"), ["sales"], "'total' is a column of every result"),
        (
            ("judgments", "methd"),
            "eigenvector",
            "judgments.methd: unknown key; did you mean 'method'?",
        ),
        (
            ("judgments", "method"),
            "eigen",
            "'eigen' is not known here; did you mean 'eigenvector'?",
        ),
        (("judgments", "scale"), "log", "judgments.scale: 'log' is not known here"),
        (("judgments", "consistency"), {"limit": 0}, "a limit is a number above 0"),
        (("judgments", "experts", "bo"), {"weight": -1}, "must be above 0, not -1"),
        (("judgments", "experts", "ann"), {"file": "x"}, "read by load_model"),
        (("judgments", "comparisons", "profit", "anne"), [[1]], "did you mean 'ann'?"),
        (("judgments", "comparisons", "proft"), {"ann": [[1]]}, "did you mean 'profit'?"),
        (("judgments", "comparisons", "sales"), {"ann": [[1]]}, "sales has nothing below it"),
        (("judgments", "comparisons", "profit"), ..., "nothing says how the 2 nodes below profit"),
        (
            ("judgments", "comparisons", "profit", "ann"),
            [[1, 4], ["1/5", 1]],
            "judgments.comparisons.profit.ann[0][1]: 4 here and 0.2 in row 2",
        ),
        (
            ("judgments", "comparisons", "profit", "ann"),
            [[1, 3, 3], [1, 1, 1], [1, 1, 1]],
            "2 items (sales, orders) are compared by 2 rows",
        ),
        (
            ("judgments", "comparisons", "profit", "ann"),
            {"sales vs ordrs": 3},
            "ann.sales vs ordrs: 'ordrs' is not compared here; did you mean 'orders'?",
        ),
        (("judgments", "comparisons", "profit", "ann"), {}, "judge sales vs orders, for one"),
        (("judgments", "comparisons", "profit", "ann"), 3, "judgments are rows of numbers"),
        (
            ("judgments", "weights"),
            {"profit": {"sales": 0.5, "orders": 0.5}},
            "profit is compared and weighted directly",
        ),
        (("indicators", "sales"), ..., "sales stands in the hierarchy and has no entry"),
        (("indicators", "slaes"), {"linear": [[0, 0]]}, "did you mean 'sales'?"),
        (("indicators", "sales"), {}, "an indicator has one of bands, linear"),
        (("indicators", "sales"), {"linear": [[0, 0], [5, 101]]}, "between 0 and 100, not 101"),
        (("indicators", "sales"), {"linear": [[3, 0], [3, 9]]}, "values must rise: 3 follows 3"),
        (("indicators", "sales"), {"linear": [[0, "5"]]}, "not the text '5'; write 5"),
        (("indicators", "sales"), {"linear": [[0, True]]}, "a number is needed here, not True"),
        (("indicators", "sales"), {"minmax": {"lower": 3, "upper": 1}}, "must be below upper"),
        (("indicators", "sales"), {"minmax": {"lower": "p105"}}, "a percentile such as p5"),
        (("indicators", "sales"), {"minmax": {"better": "Low"}}, "did you mean 'low'?"),
        (("indicators", "sales"), {"log": {"lower": 0, "upper": 9}}, "lower + offset above 0"),
        (("indicators", "sales"), {"target": {"best": 3, "lower": 5}}, "in rising order"),
        (("indicators", "sales"), {"percentile": {"points": 1}}, "must be at least 2, not 1"),
        (("indicators", "sales"), {"categories": {}}, "a score for every category"),
        (
            ("indicators", "sales"),
            {"categories": {"names": ["a", "b"]}},
            "the categories are compared by nobody",
        ),
        (
            ("indicators", "sales"),
            {"categories": {"A": 1}, "missing": "median"},
            "categories have no median",
        ),
        ((*ORDERS, "bands", "closed"), ..., "orders.bands: closed is missing and has no default"),
        ((*ORDERS, "bands", "scores"), [0], "1 edges make 2 bands, but there are 1 scores"),
        ((*ORDERS, "missing"), "renormalize", "did you mean 'renormalise'?"),
        ((*ORDERS, "missing"), "zero", "is not a policy for missing values"),
        ((*ORDERS, "missing"), {"score": 101}, "a score lies between 0 and 100"),
        (("labels",), {"loyality": {"en": "x"}}, "did you mean 'loyalty'?"),
        (("missing",), {"minimum_coverage": 60}, "a coverage is a share between 0 and 1"),
        (("missing",), {"minimum_coverage": {"sales": 0.5}}, "sales is not a criterion"),
        (("missing",), {"policy": {"median": 3}}, "a median belongs to one indicator"),
        (("customer",), "rank", "'rank' is a column of every result"),
        (("tears",), {}, "tears: unknown key; did you mean 'tiers'?"),
        (("version",), 3, "version: 3 is not known here"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_a_remedy(path, value, said):
    assert said in refusal(changed(path, value))


def test_direct_weights_are_for_every_child_and_sum_to_1():
    document = changed(("judgments", "comparisons", "profit"), ...)
    for weights, said in (
        ({"sales": 0.5}, "no weight for orders"),
        ({"sales": 0.5, "orders": 0.6}, "the weights sum to 1.1; they must sum to 1"),
        ({"sales": 1.5, "orders": -0.5}, "weights.profit.orders: a weight is not below 0"),
        ({"sales": 0.5, "ordrs": 0.5}, "did you mean 'orders'?"),
    ):
        document["judgments"]["weights"] = {"profit": weights}
        assert said in refusal(document)


def test_all_problems_are_reported_in_one_go():
    document = changed(("judgments", "comparisons", "profit", "ann"), [[1, 4], [0.3, 1]])
    document["judgments"]["random_index"] = "satty"
    document["indicators"]["orders"]["colum"] = "x"
    document["indicators"]["tenure"] = {"linear": [[5, 0], [1, 100]]}
    document["labels"] = {"nobody": {}}
    document["hierarchy"]["value"]["profit"].append("margin")
    said = refusal(document)
    for part in ("random_index", "colum:", "values must rise", "nobody", "margin"):
        assert part in said
    assert len(said.splitlines()) == 6


def test_a_part_that_is_wrong_is_not_said_to_be_absent_as_well():
    said = refusal(changed(("indicators", "sales"), {"linear": [["x", 0]]}))
    assert len(said.splitlines()) == 1


# -- files -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(template_folder("retail-terminal"), tmp_path / "model")


def test_experts_files_and_one_file_are_the_same_model(folder):
    model = av.load_model(folder / "model.yaml")
    model.save(folder / "one.yaml")
    assert "file:" not in (folder / "one.yaml").read_text(encoding="utf-8")
    assert av.load_model(folder / "one.yaml") == model


def test_save_and_load_are_inverse_and_the_text_is_stable(folder):
    model = av.load_model(folder / "model.yaml")
    again = av.Model(**plain(model.document))
    assert again.document == model.document
    assert again.to_yaml() == model.to_yaml()
    assert "1/2" in model.to_yaml()


def test_a_mistake_in_an_experts_file_names_that_file_and_line(folder):
    path = folder / "experts" / "credit_officer.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "  credit: [[5]]", "  credit: [[-5]]\n  crdit: [[1]]"
        ),
        encoding="utf-8",
    )
    with pytest.raises(av.ModelError) as refused:
        av.load_model(folder / "model.yaml")
    first, second = str(refused.value).splitlines()
    line = path.read_text(encoding="utf-8").split("  credit: ")[0].count("\n") + 1
    assert first.startswith(f"{path}:{line}: judgments.comparisons.credit.credit_officer[0][0]: ")
    assert second.startswith(f"{path}:{line + 1}: ")
    assert "did you mean 'credit'?" in second


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("expert: somebody\njudgments: {value: [[1]]}\n", "this file belongs to 'somebody'"),
        ("expert: credit_officer\n", "judgments (node: matrix) are missing"),
        ("- 1\n", "is not an expert's file, which holds expert and judgments"),
        (
            "expert: credit_officer\njudgements: {}\njudgments: {value: [[1]]}\n",
            "did you mean 'judgments'?",
        ),
        ("expert: credit_officer\njudgments: {monthly_order: [[1]]}\n", "neither compared"),
    ],
)
def test_an_experts_file_is_checked_as_such(folder, text, said):
    (folder / "experts" / "credit_officer.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(av.ModelError) as refused:
        av.load_model(folder / "model.yaml")
    assert said in str(refused.value)
    assert "credit_officer.yaml:" in str(refused.value)


def test_a_comparison_in_two_places_is_refused(folder):
    path = folder / "model.yaml"
    text = path.read_text(encoding="utf-8")
    inline = "  comparisons: {credit: {credit_officer: [[2]]}}\n  experts:\n"
    path.write_text(text.replace("  experts:\n", inline, 1), encoding="utf-8")
    with pytest.raises(
        av.ModelError, match="already holds a comparison of credit by credit_officer"
    ):
        av.load_model(path)


def test_an_experts_file_that_is_not_there_is_named(folder):
    (folder / "experts" / "credit_officer.yaml").unlink()
    with pytest.raises(av.ModelError, match=r"credit_officer\.yaml: cannot be read"):
        av.load_model(folder / "model.yaml")


# -- the hash --------------------------------------------------------------------------------


def test_the_hash_does_not_see_how_a_document_is_laid_out():
    same = copy.deepcopy(SMALL)
    same["version"] = 2
    same["customer"] = "customer"
    same["judgments"]["experts"] = {"bo": {"weight": 2.0}, "ann": None}
    same["judgments"]["comparisons"]["value"] = {"bo": [[0.5]], "ann": [[2.0]]}
    same["indicators"]["sales"]["minmax"]["better"] = "high"
    assert av.Model(**same).hash == av.Model(**SMALL).hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "another"),
        (("hierarchy", "value"), {"profit": ["sales", "orders"], "loyalty": ["orders", "tenure"]}),
        (("judgments", "comparisons", "value", "ann"), [[3]]),
        (("indicators", "sales", "minmax", "upper"), 10),
        (("indicators", "sales", "missing"), "worst"),
    ],
)
def test_the_hash_sees_everything_else(path, value):
    assert av.Model(**changed(path, value)).hash != av.Model(**SMALL).hash


def test_the_json_schema_describes_every_section():
    schema = json_schema()
    assert set(schema["properties"]) >= set(SMALL)
    assert schema["required"] == ["hierarchy"]
    assert schema["additionalProperties"] is False
