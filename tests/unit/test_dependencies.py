"""What a fresh process loads: whoever loads, fits and scores pays for no more than that."""

import subprocess
import sys

LOAD_FIT_SCORE = """
import sys
import ahpvalue as av
from ahpvalue.demo import synthetic_customers

customers = synthetic_customers(50)
model = av.template("retail-terminal")
model.weights(), model.consistency()
model.fit(customers).score(customers).frame
print("scipy" in sys.modules)
"""


def test_scipy_is_not_needed_to_load_fit_and_score():
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOAD_FIT_SCORE],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False"
