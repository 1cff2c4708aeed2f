"""What importing costs, in processes of their own."""

from tests.benchmarks.measure import process, report

__all__ = ["imports"]


def imports():
    base = process("import numpy, pydantic, yaml") - process("pass")
    bare = process("pass")
    for name in ("ahpvalue", "ahpvalue; ahpvalue.PairwiseMatrix", "ahpvalue; ahpvalue.Model"):
        report(f"import {name}", process(f"import {name}") - bare, "numpy + pydantic + yaml", base)
