"""Do the tests notice a changed program? ``python -m tests.reliability.mutants``.

mutmut (``pip install mutmut``, 3.8) makes the mutants in a copy of the committed tree; a sample
of them, drawn by seed and spread over the modules by their number of mutants, is run against the
unit tests of the same rooms and the published examples. Left out of the draw are mutants that
change only what is said (`out_of_scope`). mutmut makes none of code outside functions and of
properties. A mutant that hangs is tried once more in a process of its own, and counts as killed
if its tests fail there or do not end.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

MUTATED = (
    "ahpvalue/judgments/*",
    "ahpvalue/hierarchy.py",
    "ahpvalue/scoring/eager/*",
    "ahpvalue/evaluation/tiers/rule.py",
    "ahpvalue/evaluation/change/causes.py",
    "ahpvalue/evaluation/change/tier_causes.py",
)
TESTS = (
    "tests/unit/judgments",
    "tests/unit/test_hierarchy.py",
    "tests/unit/scoring/eager",
    "tests/unit/evaluation/tiers",
    "tests/unit/evaluation/change",
    "tests/golden",
)
FEWEST = 8  # mutants of a module, if it has as many
FIRST = "ahpvalue.hierarchy.x__roots__mutmut_1"  # any; mutmut makes all of them first
SURVIVED = (0, 5, 33, None)  # mutmut's codes: the tests passed, or none ran
PATIENCE = 120  # seconds
HUNG = (-24, 24, 36, 152, 255)
AT_IMPORT = ("x__from_three", "x__with_eigenvalue")  # called before mutmut switches a mutant on
DISPLAYS = ("__str__", "__repr__", "_repr_html_")


@dataclass(frozen=True)
class Mutant:
    """One mutant: its module, its name in mutmut, and the lines it changes."""

    module: str
    name: str
    change: str


def copy_of_the_tree(where: Path) -> None:
    """The committed tree, with what mutmut is to do in its pyproject.toml."""
    packed = subprocess.run(["git", "archive", "HEAD"], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as tree:
        tree.extractall(where, filter="data")
    project = where / "pyproject.toml"
    text = re.sub(r' *"--(doctest-modules|numprocesses|dist)\b.*\n', "", project.read_text())
    wanted = {
        "source_paths": ["ahpvalue/"],
        "only_mutate": MUTATED,
        "also_copy": ["tests", "docs", "examples", "README.md", "pyproject.toml"],
        "pytest_add_cli_args_test_selection": TESTS,
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-n", "0", "-q"],
        "timeout_multiplier": 3.0,
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in wanted.items())
    project.write_text("\n".join([text, "[tool.mutmut]", *lines, ""]))


def mutmut(where: Path, names: list[str]) -> None:
    """Run mutants; the first run makes all of them and learns which tests reach which function."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "HYPOTHESIS_PROFILE")}
    with (where / "mutmut.log").open("a") as log:
        subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names],
            cwd=where,
            env=kept | {"OPENBLAS_NUM_THREADS": "1"},
            stdout=log,
            stderr=log,
            check=True,
        )


class _OnlyWhatActs(ast.NodeTransformer):
    """A function without what it says: messages, f-strings, docstrings, and zip's strict."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("Problem", "warn", "did_you_mean") or name.endswith("Error"):
            return node.func
        if name == "zip":
            node.keywords = []
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("")

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else self.generic_visit(node)


def out_of_scope(function: str, original: str, mutated: str) -> bool:
    """Whether a mutant changes only messages, displays or the guard of a zip, or is never on."""
    stem = function.rpartition("__mutmut_")[0]
    if stem in AT_IMPORT or any(f"ǁ{name}" in stem for name in DISPLAYS):
        return True
    first, second = (
        ast.dump(_OnlyWhatActs().visit(ast.parse(text))) for text in (original, mutated)
    )
    return first == second


def in_scope(where: Path, module: str, names: list[str]) -> Iterator[Mutant]:
    """Of the mutants of one module those that change what it does, in the given order."""
    tree = ast.parse((where / "mutants" / module).read_text())
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for name in names:
        function = name.rpartition(".")[2]
        stem = function.rpartition("__mutmut_")[0]
        functions[function].name = functions[f"{stem}__mutmut_orig"].name
        original = ast.unparse(functions[f"{stem}__mutmut_orig"])
        mutated = ast.unparse(functions[function])
        if not out_of_scope(function, original, mutated):
            lines = difflib.unified_diff(original.split("\n"), mutated.split("\n"), n=0)
            change = "\n".join(re.sub("^(.) *", r"\1 ", line) for line in list(lines)[3:])
            yield Mutant(module, name, change)


def drawn(where: Path, found: dict[str, list[str]], count: int, seed: int) -> list[Mutant]:
    """A sample: of every module its share of the mutants, and no fewer than `FEWEST`."""
    rng = random.Random(seed)
    whole = sum(map(len, found.values()))
    sample: list[Mutant] = []
    for module, names in sorted(found.items()):
        share = max(FEWEST, round(count * len(names) / whole))
        shuffled = rng.sample(sorted(names), len(names))
        sample += islice(in_scope(where, module, shuffled), share)
    return sample


def ended(where: Path, modules: Iterable[str]) -> dict[str, dict[str, int | None]]:
    """Module -> mutant -> the code its tests ended with, None before they ran."""
    return {
        module: json.loads((where / "mutants" / f"{module}.meta").read_text())["exit_code_by_key"]
        for module in modules
    }


def fails_alone(where: Path, name: str) -> bool:
    """Whether a mutant's own tests fail, or hang, in a process of their own.

    A copy made by fork may hang for the fork's sake: a lock that a thread held.
    """
    reached = json.loads((where / "mutants" / "mutmut-stats.json").read_text())
    tests = reached["tests_by_mangled_function_name"][name.rpartition("__mutmut_")[0]]
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "HYPOTHESIS_PROFILE")}
    try:
        tested = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *sorted(tests)],
            cwd=where / "mutants",
            env=kept | {"OPENBLAS_NUM_THREADS": "1", "MUTANT_UNDER_TEST": name},
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return True
    return tested.returncode != 0


def main() -> None:
    """Print the table, and what survived."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=400, help="mutants, about")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--folder", type=Path, help="keep the copy here, and go on from there")
    asked = reader.parse_args()
    where = asked.folder or Path(tempfile.mkdtemp())
    start = time.perf_counter()
    if not (where / "mutants").exists():
        where.mkdir(parents=True, exist_ok=True)
        copy_of_the_tree(where)
        mutmut(where, [FIRST])
    paths = sorted(path for pattern in MUTATED for path in where.glob(pattern))
    modules = [path.relative_to(where).as_posix() for path in paths if path.suffix == ".py"]
    found = {module: list(names) for module, names in ended(where, modules).items() if names}
    sample = drawn(where, found, asked.count, asked.seed)
    mutmut(where, [one.name for one in sample])
    report(sample, alive(where, sample))
    print(f"{sum(map(len, found.values())):,} mutants made; {time.perf_counter() - start:.0f} s")


def alive(where: Path, sample: list[Mutant]) -> set[Mutant]:
    """The mutants that no test noticed."""
    codes = ended(where, {one.module for one in sample})
    code = {one: codes[one.module][one.name] for one in sample}
    survived = {one for one in sample if code[one] in SURVIVED}
    hung = {one for one in sample if code[one] in HUNG}
    return survived | {one for one in hung if not fails_alone(where, one.name)}


def report(sample: list[Mutant], survived: set[Mutant]) -> None:
    """Module, mutants drawn, killed and survived; then the survivors' lines."""
    print(f"{'module':<42}{'mutants':>8}{'killed':>8}{'survived':>10}")
    for module in (*sorted({one.module for one in sample}), ""):
        of = [one for one in sample if one.module == module or not module]
        left = len(survived.intersection(of))
        print(f"{module or 'all':<42}{len(of):>8}{len(of) - left:>8}{left:>10}")
    print(f"killed: {1 - len(survived) / len(sample):.1%}")
    for one in sample:
        if one in survived:
            print(f"\n{one.name}\n{one.change}")


if __name__ == "__main__":
    main()
