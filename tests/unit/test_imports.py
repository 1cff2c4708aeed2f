"""Who imports whom in the package: no circle, and no way into a room but through its door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import ahpvalue as av

PACKAGE = Path(av.__file__).parent
# Their modules are taken by name.
SHELVES = {"ahpvalue.support", "ahpvalue.cli", "ahpvalue.evaluation"}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
ROOMS = {name for name, path in FILES.items() if path.name == "__init__.py"}


def handed_on(room: str) -> set[str]:
    """The names that a room's `__init__` hands on; some are those of its modules, too."""
    if room not in ROOMS:
        return set()
    top = ast.parse(FILES[room].read_text(encoding="utf-8")).body
    return {alias.name for one in top if isinstance(one, ast.ImportFrom) for alias in one.names}


class Imports(ast.NodeVisitor):
    """The package's modules that one file imports, at its top or inside a function."""

    def __init__(self, module: str) -> None:
        self.package = module if module in ROOMS else module.rpartition(".")[0]
        self.found: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found |= {alias.name for alias in node.names} & FILES.keys()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        above = self.package.split(".")[: 1 - node.level or None] if node.level else []
        source = ".".join([*above, *([node.module] if node.module else [])])
        if source in FILES:
            inside = source == self.package or self.package.startswith(f"{source}.")
            known = set() if inside else handed_on(source)
            for name in {alias.name for alias in node.names}:
                module = f"{source}.{name}"
                self.found.add(module if module in FILES and name not in known else source)


def imports_of(module: str) -> set[str]:
    visitor = Imports(module)
    visitor.visit(ast.parse(FILES[module].read_text(encoding="utf-8")))
    return visitor.found


GRAPH = {module: imports_of(module) for module in FILES}


def rooms_around(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (name for k in range(len(parts)) if (name := ".".join(parts[: k + 1])) in ROOMS)


def test_the_graph_is_that_of_the_package():
    """So that the two tests below cannot pass by finding nothing."""
    assert len(GRAPH) > 100
    assert sum(map(len, GRAPH.values())) > 300
    assert "ahpvalue.errors" in GRAPH["ahpvalue.judgments.scales"]
    assert "ahpvalue.model" in GRAPH["ahpvalue.templates.bundled"]


def test_no_module_imports_itself_over_others():
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as circle:
        raise AssertionError(" imports ".join(reversed(circle.args[1]))) from None


def test_a_room_is_entered_through_its_door():
    past = [
        f"{module} imports {target}, past {room}"
        for module, targets in GRAPH.items()
        for target in sorted(targets)
        for room in rooms_around(target)
        if target not in ROOMS and room not in {*SHELVES, *rooms_around(module)}
    ]
    assert past == []
