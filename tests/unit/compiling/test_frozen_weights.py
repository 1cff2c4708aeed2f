"""A fitted file carries its weights, and scores to the same bits on every processor."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ahpvalue as av
from ahpvalue.compiling.frozen_weights import _decimals

CUSTOMERS = 400


def customers(seed=1):
    rng = np.random.default_rng(seed)
    return {
        "customer": np.array([f"C{k:04}" for k in range(CUSTOMERS)]),
        "sales": rng.lognormal(6, 1, CUSTOMERS),
        "visits": rng.poisson(3, CUSTOMERS).astype(float),
        "late": rng.exponential(9, CUSTOMERS),
        "kind": rng.choice(["shop", "bar", "kiosk"], CUSTOMERS),
    }


def unfitted(**sections):
    return av.Model(
        hierarchy={"value": {"now": ["sales", "visits"], "later": ["late", "kind", "visits"]}},
        judgments={
            "experts": {"ann": {}, "bo": {}},
            "comparisons": {
                "value": {"ann": [["1/2"]], "bo": [[3]]},
                "now": {"ann": [[4]], "bo": [[2]]},
                "later": {"ann": [[3, 5], [2]], "bo": {"late vs kind": 4, "kind vs visits": 3}},
            },
        },
        indicators={
            "sales": {"percentile": {}},
            "visits": {"minmax": {"lower": "p5", "upper": "p95"}},
            "late": {"linear": [[0, 100], [60, 0]]},
            "kind": {
                "categories": {
                    "names": ["shop", "bar", "kiosk"],
                    "comparisons": {"ann": [[3, 7], [2]]},
                }
            },
        },
        tiers={"levels": {"core": {"top": "20%"}, "key": {"count": 200}, "general": {}}},
        **sections,
    )


def test_fit_writes_every_weight_with_twelve_decimals_that_sum_to_one():
    fitted = unfitted().fit(customers())
    written = fitted.document.reference.weights
    assert set(written) == {"value", "now", "later", "kind"}
    for items in written.values():
        assert sum(round(w * 10**12) for w in items.values()) == 10**12
        assert all(w == round(w, 12) for w in items.values())
    for node, own in unfitted().local_priorities.items():
        assert list(written[node].values()) == pytest.approx(own.tolist(), abs=2e-12)
        assert fitted.local_priorities[node].tolist() == list(written[node].values())


def test_scores_are_those_of_the_written_weights_and_of_the_judgments_to_1e_10():
    table = customers()
    fitted = unfitted().fit(table)
    data = fitted.to_dict()
    del data["reference"]["weights"]
    by_judgments = av.Model(**data)
    assert fitted.score(table).values("value") == pytest.approx(
        by_judgments.score(table).values("value"), abs=1e-9
    )


@pytest.mark.parametrize(
    "weights", [[0.5, 0.5], [1 / 3] * 3, [1.0], [1 / 7] * 7, [1e-13, 1 - 1e-13], [0.0, 1.0]]
)
def test_decimals_sum_to_one_and_are_within_a_unit(weights):
    found = _decimals(np.array(weights))
    assert sum(round(w * 10**12) for w in found) == 10**12
    assert found == pytest.approx(weights, abs=1.001e-12)


def broken(change):
    data = unfitted().fit(customers()).to_dict()
    change(data)
    return data


CHANGES = {
    "another answer": lambda d: d["judgments"]["comparisons"]["now"].update(ann=[[5]]),
    "an expert counts more": lambda d: d["judgments"]["experts"]["bo"].__setitem__("weight", 2),
    "another method": lambda d: d["judgments"].__setitem__("method", "column-mean"),
    "another scale": lambda d: d["judgments"].__setitem__("scale", "root"),
    "a weight by hand": lambda d: d["reference"]["weights"]["now"].update(sales=0.5, visits=0.5),
    "a weight that is not there": lambda d: d["reference"]["weights"].pop("later"),
    "another category": lambda d: d["indicators"]["kind"]["categories"]["comparisons"].update(
        ann=[[4, 7], [2]]
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_judgments_that_no_longer_give_the_weights_are_refused_with_what_to_do(change):
    with pytest.raises(av.ModelError, match=r"reference\.weights.*do not give the weights of"):
        av.Model(**broken(CHANGES[change]))


def test_a_judgment_written_otherwise_gives_the_weights_still():
    data = broken(
        lambda d: d["judgments"]["comparisons"]["now"].__setitem__(
            "ann", {"visits vs sales": "1/4"}
        )
    )
    assert av.Model(**data).is_fitted


def test_accept_and_new_judgments_take_the_weights_out():
    fitted = unfitted().fit(customers())
    agreed = fitted.experts.accept("ann", "now", {("sales", "visits"): 6}, by="Ann")
    assert agreed.document.reference.weights == {}
    assert agreed.document.reference.hash == fitted.document.reference.hash
    judgments = fitted.to_dict()["judgments"] | {"method": "geometric-mean"}
    assert fitted.with_sections(judgments=judgments).document.reference.weights == {}
    assert fitted.with_sections(name="other").document.reference.weights


SCRIPT = """
import hashlib, json, sys
import numpy as np
import ahpvalue as av
sys.path.insert(0, {here!r})
from test_frozen_weights import customers, unfitted
fitted = av.load_model({path!r})
scores = fitted.score(customers())
bits = hashlib.sha256(np.ascontiguousarray(scores.values("value")).tobytes()).hexdigest()
tiers = hashlib.sha256(repr(scores.tiers().to_dict()).encode()).hexdigest()
again = unfitted().fit(customers())
print(json.dumps([bits, tiers, fitted.hash, again.hash]))
"""

PROCESSORS = [
    {},
    {"OPENBLAS_CORETYPE": "Nehalem"},
    {"OPENBLAS_CORETYPE": "Haswell"},
    {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"},
    {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"},
]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names of x86-64 processors")
def test_a_fitted_file_scores_to_the_same_bits_on_every_processor(tmp_path):
    path = tmp_path / "fitted.yaml"
    unfitted().fit(customers()).save(path)
    script = SCRIPT.format(here=str(Path(__file__).parent), path=str(path))
    found = []
    for settings in PROCESSORS:
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(json.loads(ran.stdout))
    assert all(one == found[0] for one in found), found
