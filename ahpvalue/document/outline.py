"""The hierarchy as a person writes it (nested lists and mappings) -> node: children."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ahpvalue.document.fields import is_name, no_name
from ahpvalue.errors import Path, Problem, shown

__all__ = ["read_outline"]


def read_outline(outline: dict[str, Any]) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Every inner node with its children, and what is wrong with the outline.

    A node is written as a mapping of its children, as a list of them, or (an indicator,
    or a node described elsewhere) with nothing behind it. A list may hold names and
    one-key mappings. A node that several criteria share is described once and named
    wherever else it serves.
    """
    reader = _OutlineReader()
    if len(outline) != 1:
        names = ", ".join(outline) or "nothing"
        text = f"a hierarchy starts with one goal, here it starts with {names}"
        reader.problems.append(Problem(text, ("hierarchy",)))
    for goal, below in outline.items():
        reader.node(goal, below, ("hierarchy", goal))
        if not reader.problems and goal not in reader.children:
            text = f"the goal {goal} has nothing below it"
            reader.problems.append(Problem(text, ("hierarchy", goal)))
    return reader.children, reader.problems


class _OutlineReader:
    def __init__(self) -> None:
        self.children: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []

    def node(self, name: str, below: Any, path: Path) -> None:
        if below is None:
            return
        if not isinstance(below, (dict, list, tuple)):
            text = f"below {name} a list or mapping of nodes is needed, not {shown(below)}"
            self.problems.append(Problem(text, path))
            return
        if name in self.children:
            text = f"{name} is described twice; describe it once and elsewhere only name it"
            self.problems.append(Problem(text, path, at_key=True))
            return
        self.children[name] = ()  # keeps the order of the outline: parents first
        children = (
            self._from_mapping(below, path)
            if isinstance(below, dict)
            else self._from_list(below, path)
        )
        if not children:
            self.problems.append(Problem(f"{name} has nothing below it", path))
        for child, times in Counter(children).items():
            if times > 1:
                self.problems.append(Problem(f"{child} stands twice under {name}", path))
            if not is_name(child):
                at: str | int = child if isinstance(below, dict) else children.index(child)
                self.problems.append(Problem(no_name(child), (*path, at)))
        self.children[name] = tuple(children)

    def _from_mapping(self, below: dict[str, Any], path: Path) -> list[str]:
        for child, further in below.items():
            self.node(child, further, (*path, child))
        return list(below)

    def _from_list(self, below: list[Any] | tuple[Any, ...], path: Path) -> list[str]:
        children = []
        for k, item in enumerate(below):
            if isinstance(item, str):
                children.append(item)
            elif isinstance(item, dict) and len(item) == 1:
                ((child, further),) = item.items()
                children.append(child)
                self.node(child, further, (*path, k, child))
            else:
                text = f"a node is a name, not {shown(item)}"
                self.problems.append(Problem(text, (*path, k)))
        return children
