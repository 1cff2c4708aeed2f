"""What importing costs, in processes of their own that find every module compiled."""

from tests.benchmarks.measure import process, report

__all__ = ["imports"]

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
