"""Documents of earlier days: they are read, keep their hash, and score as they did.

`kept/NAME.method_N.yaml` was written by `fit` of its day, with invented experts and customers;
the JSON beside it holds some customers, their totals and tiers of that day.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import ahpvalue as av

KEPT = sorted(Path(__file__).with_name("kept").glob("*.yaml"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::ahpvalue.CustomerDataWarning")
def test_a_document_of_earlier_days_is_read_and_scores_as_it_did(path, tmp_path):
    kept = json.loads(path.with_suffix(".json").read_text("utf-8"))
    model = av.load_model(path)
    assert model.hash == kept["hash"]
    assert model.is_fitted
    scores = model.score({name: np.array(column) for name, column in kept["customers"].items()})
    total = np.array([np.nan if one is None else one for one in kept["total"]])
    np.testing.assert_allclose(scores.values("value"), total, atol=1e-9)
    assert list(map(str, scores.tiers().tier)) == kept["tier"]
    model.save(tmp_path / "again.yaml")
    assert av.load_model(tmp_path / "again.yaml").hash == kept["hash"]


def test_documents_of_both_methods_are_kept():
    assert {path.stem.split(".")[1] for path in KEPT} >= {"method_1", "method_2"}
