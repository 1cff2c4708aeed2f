"""Do the tests notice a changed program? ``python -m tests.reliability.mutants``.

mutmut (``pip install mutmut``, 3.8) makes the mutants in a copy of the committed tree. A sample
of them, drawn by seed and spread over the modules by their number of mutants, is run against the
unit tests of its room. Left out of the draw are mutants that change only what is said
(`out_of_scope`); mutmut makes none of code outside functions and of properties. A mutant whose
tests do not end counts as killed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
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
ROOMS = {
    "ahpvalue/judgments/": "tests/unit/judgments",
    "ahpvalue/hierarchy": "tests/unit/test_hierarchy.py",
    "ahpvalue/scoring/eager/": "tests/unit/scoring/eager",
    "ahpvalue/evaluation/tiers/": "tests/unit/evaluation/tiers",
    "ahpvalue/evaluation/change/": "tests/unit/evaluation/change",
}
FEWEST = 8  # mutants of a module, if it has as many
FIRST = "ahpvalue.hierarchy.x__roots__mutmut_1"  # any; mutmut makes all of them first
PATIENCE = 90  # seconds
# The last says that a fork begins with the imports done.
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
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
        "pytest_add_cli_args_test_selection": [ROOMS["ahpvalue/hierarchy"]],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-n", "0", "-q"],
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in wanted.items())
    project.write_text("\n".join([text, "[tool.mutmut]", *lines, ""]))


def mutmut(where: Path, names: list[str]) -> None:
    """Make all mutants; mutmut does so before it runs those that are named."""
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
    """Whether a mutant changes only messages, displays or the guard of a zip."""
    if any(f"ǁ{name}" in function for name in DISPLAYS):
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


def names_by_module(where: Path, modules: Iterable[str]) -> dict[str, list[str]]:
    """Module -> its mutants."""
    listed = {m: json.loads((where / "mutants" / f"{m}.meta").read_text()) for m in modules}
    return {m: list(one["exit_code_by_key"]) for m, one in listed.items()}


def alive(where: Path, sample: list[Mutant]) -> set[Mutant]:
    """The mutants that no test noticed, each tried in a fork that begins with the imports done."""
    os.chdir(where / "mutants")
    sys.path.insert(0, str(Path.cwd()))
    os.environ["MUTANT_UNDER_TEST"] = ""
    for name in ("ahpvalue", "pytest", "pandas", "polars", "scipy.optimize"):
        import_module(name)
    control = Mutant(sample[0].module, "none", "")
    if noticed(control, tests_of(control)):
        raise SystemExit("the tests fail without a mutant")
    return {one for one in sample if not noticed(one, tests_of(one))}


def tests_of(one: Mutant) -> list[str]:
    """The tests of a mutant's room."""
    return [tests for room, tests in ROOMS.items() if one.module.startswith(room)]


def noticed(one: Mutant, tests: list[str]) -> bool:
    """Whether a test fails, or does not end."""
    child = os.fork()
    if not child:
        os.environ["MUTANT_UNDER_TEST"] = one.name
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        pytest = import_module("pytest")
        os._exit(int(pytest.main([*OPTIONS, *tests])))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        over, status = os.waitpid(child, os.WNOHANG)
        if over:
            return status != 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


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
    found = {module: names for module, names in names_by_module(where, modules).items() if names}
    sample = drawn(where, found, asked.count, asked.seed)
    report(sample, alive(where, sample))
    print(f"{sum(map(len, found.values())):,} mutants made; {time.perf_counter() - start:.0f} s")


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
