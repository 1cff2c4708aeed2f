"""What results look like, word for word.

The texts lie beside this file. After a change that is meant, write them anew with
``AHPVALUE_RENEW=1 pytest tests/messages`` and read the difference before committing it.
"""

import os
import warnings
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
    incomplete = av.PairwiseMatrix.from_judgments(
        {"a vs b": 5, "b vs c": 3, "c vs d": 2, "a vs d": 9}
    )
    divided = _divided()
    return {
        "incomplete_consistency.txt": str(incomplete.consistency()),
        "incomplete_priorities.txt": str(incomplete.priorities(scale="balanced")),
        "review.txt": str(divided.experts.review()),
        "review_matrix.txt": str(divided.experts.review().rows[0]),
        "review_sentences.txt": _sentences(divided),
        "consensus.txt": str(divided.experts.consensus()),
        "consensus.html": divided.experts.consensus()._repr_html_(),
        "consensus_pairs.txt": str(divided.experts.consensus().pairs),
        "consensus_groups.txt": str(divided.experts.consensus().groups),
        "leave_one_out.txt": str(divided.experts.consensus().leave_one_out),
        "uncertainty.txt": str(divided.experts.uncertainty(draws=500)),
        "uncertainty_local.txt": str(divided.experts.uncertainty(draws=500).local_table),
        "expert_file.txt": _accepted(divided).experts.expert_yaml("cy"),
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


def _divided():
    """Four invented experts in two camps, one of whom is intransitive."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", av.ConsistencyWarning)
        return av.Model(
            hierarchy={"value": {"sales": None, "credit": ["payment", "order"], "growth": None}},
            labels={"value": {"en": "Customer value", "zh": "客户价值"}, "sales": {"zh": "销量"}},
            judgments={
                "experts": {"ann": {}, "bo": {}, "cy": {}, "di": {}},
                "comparisons": {
                    "value": {
                        "ann": [[3, 5], [2]],
                        "bo": [[3, 4], [2]],
                        "cy": [["1/5", 3], ["1/4"]],
                        "di": {"sales vs credit": "1/5", "credit vs growth": 2},
                    },
                    "credit": {"ann": [[4]], "bo": [[5]], "cy": [["1/3"]], "di": [["1/4"]]},
                },
            },
        )


def _sentences(model):
    said = [
        line
        for language in ("en", "zh")
        for who, lines in model.experts.review()
        .sentences(language=language, everything=True)
        .items()
        for line in (f"{who}:", *lines)
    ]
    return "\n".join(said)


def _accepted(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", av.ConsistencyWarning)
        proposal = model.experts.review().of("cy", "value").proposal
        return model.experts.accept("cy", "value", proposal, by="Cy", day="2026-03-31")


@pytest.mark.parametrize("name", displays())
def test_a_display_is_what_it_was(name):
    shown, kept = displays()[name] + "\n", HERE / name
    if os.environ.get("AHPVALUE_RENEW"):
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8")
