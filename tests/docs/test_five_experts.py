"""The example of five invented experts does what its README says."""

import subprocess
import sys
from pathlib import Path

import pytest

import ahpvalue as av

EXAMPLE = Path(__file__).parents[2] / "examples" / "five_experts"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the script prints, and the folder it writes to."""
    folder = tmp_path_factory.mktemp("five")
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "agree.py"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONUTF8": "1", "PATH": ""},
    )
    return done.stdout, folder


def test_every_expert_gets_a_page_and_a_stranger_is_refused(told):
    out, folder = told
    pages = sorted(path.stem for path in (folder / "asked").iterdir())
    assert pages == sorted(av.load_questions(EXAMPLE / "model.yaml").experts)
    assert "refused: returned/intern.yaml: intern is not among" in out


def test_one_answer_of_the_credit_officer_is_taken_back_and_stays_on_record(told):
    out, folder = told
    assert "over the limit, intransitive  service_cost vs sales: 4 to 1/2     0.081" in out
    assert "Other sets" not in out  # no other one alone
    (change,) = av.load_model(folder / "agreed.yaml").document.judgments.changes
    assert (change.expert, change.pair, float(change.old), float(change.new)) == (
        "credit_officer",
        "sales vs service_cost",
        0.25,
        2.0,
    )
    assert "credit officer (invented)" in (folder / "credit_officer.yaml").read_text("utf-8")


def test_the_readmes_figures_are_what_the_agreed_model_gives(told):
    _, folder = told
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    agreed = av.load_model(folder / "agreed.yaml")
    consensus = {one.node: one for one in agreed.experts.consensus().nodes}
    assert f"moderate on the company's side ({consensus['company_side'].consensus:.0%})" in (
        readme.replace("70 %", "70%")
    )
    assert consensus["company_side"].misrepresented[0] == "credit_officer"
    weight = agreed.weights()["late_payment"]
    low, _, high = agreed.experts.uncertainty(draws=1000)["late_payment"]
    assert f"{weight:.3f}, from {low:.3f} to {high:.3f}" in readme
    groups = agreed.experts.consensus().clusters["(all nodes)"].groups
    named = [{agreed.experts.consensus().experts[k] for k in group} for group in groups]
    assert {"finance_controller", "credit_officer"} in named
    assert sum(found.missing for node, who, found in agreed.consistency().rows) == 2
