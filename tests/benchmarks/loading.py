"""What importing and starting cost, in processes of their own that find every module compiled."""

import tempfile
from pathlib import Path

import ahpvalue as av
from ahpvalue.demo import synthetic_customers
from tests.benchmarks.measure import process, report

__all__ = ["command", "imports"]

BASE = "import numpy, pydantic, yaml"
USED = f"{BASE}\nclass Used(pydantic.BaseModel): x: int"


def imports():
    """Against the three packages imported, and against those with pydantic used for one field.

    What a process costs that does nothing is taken off everywhere.
    """
    nothing = process("pass")
    base, used = process(BASE) - nothing, process(USED) - nothing
    for name, target in (
        ("", 1.15),
        ("; ahpvalue.PairwiseMatrix", 1.15),
        ("; ahpvalue.Model", 1.15),
    ):
        seconds = process(f"import ahpvalue{name}") - nothing
        report(f"import ahpvalue{name}", seconds, "numpy + pydantic + yaml", base, target)
    report("import ahpvalue; ahpvalue.Model", seconds, "the same, pydantic used", used)
    report("pydantic used for one field", used, "numpy + pydantic + yaml", base)


def command():
    """`ahpvalue score` on 1,000 customers, CSV to CSV, from start to end of the process."""
    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        customers = pl.DataFrame(synthetic_customers(1_000), nan_to_null=True)
        model, table = Path(folder) / "model.yaml", Path(folder) / "customers.csv"
        av.template("retail-terminal").fit(customers).save(model)
        customers.write_csv(table)
        words = ["ahpvalue", "score", str(model), str(table), "-o", f"{folder}/scores.csv"]
        run = f"import sys; sys.argv = {words!r}; from ahpvalue.__main__ import main; main()"
        base = process(BASE)
        read = process(f"import ahpvalue; ahpvalue.load_model({str(model)!r})")
        report("ahpvalue score, 1,000 rows", process(run), "numpy + pydantic + yaml", base, 2)
        report("of which reading the fitted model", read, "numpy + pydantic + yaml", base)
        engine = process(f"{BASE}; import polars")
        report("the same and polars, imported", engine, "numpy + pydantic + yaml", base)
