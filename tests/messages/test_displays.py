"""What results look like, word for word.

The texts lie beside this file. After a change that is meant, write them anew with
``AHPVALUE_RENEW=1 pytest tests/messages`` and read the difference before committing it.
"""

import os
from pathlib import Path

import pytest

import ahpvalue as av
from ahpvalue.demo import synthetic_customers

HERE = Path(__file__).parent


def displays():
    model = av.template("retail-terminal")
    customers = synthetic_customers(40)
    scores = model.fit(customers).score(customers)
    matrix = av.PairwiseMatrix.from_triangle(
        [3, None, "1/5", 7, 2, 1], labels=["sales", "credit", "growth", "price"]
    )
    contradiction = av.PairwiseMatrix.from_triangle([5, "1/5", 5], labels=["a", "b", "c"])
    return {
        "matrix.txt": str(matrix),
        "matrix_consistency.txt": str(contradiction.consistency(limit="by-size")),
        "model_consistency.txt": str(model.consistency()),
        "weights.txt": str(model.weights(language="zh")),
        "indicators.txt": str(model.weights(language="en").indicators),
        "scores.txt": str(scores),
        "inputs.txt": str(scores.inputs),
        "weights.html": model.weights(language="zh")._repr_html_(),
        "scores.html": scores._repr_html_(),
    }


@pytest.mark.parametrize("name", displays())
def test_a_display_is_what_it_was(name):
    shown, kept = displays()[name] + "\n", HERE / name
    if os.environ.get("AHPVALUE_RENEW"):
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8")
