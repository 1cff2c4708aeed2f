"""YAML text edited where its data changes: comments, order and layout of the rest stay.

What differs between the data a text holds and the data it should hold is written at its own
place: a value over the old one, a new key behind its siblings, a part anew where its shape
changed. Whoever edits reads the result again, because not every text can be edited so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ahpvalue.document.read_yaml import BYTE_ORDER_MARK, compose_text
from ahpvalue.document.write_yaml import WIDTH, dump_block, dump_flow
from ahpvalue.errors import Path

__all__ = ["CannotEditError", "edit_text", "is_same", "rename_keys"]

_ALIAS = re.compile(r"\s*:\s+(\*[^\s,\]}]+)")
_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")
_MERGE = "tag:yaml.org,2002:merge"


class CannotEditError(Exception):
    """The text cannot be edited at the place of the change; it is written anew."""


def edit_text(text: str, was: Any, wanted: Any) -> str:
    """The text changed from the data it holds to the data it should hold.

    Parameters
    ----------
    text : str
        YAML.
    was, wanted : dict
        Plain data of what the text says and of what it should say. Keys of the text that are
        in neither stay as they are.

    Raises
    ------
    CannotEditError
        The change has no place of its own in the text.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    editor = _Editor(text.removeprefix(mark))
    editor.change(_Place(compose_text(text)), was, wanted)
    return mark + editor.result()


def rename_keys(text: str, renamed: list[tuple[Path, str]], values: dict[str, str]) -> str:
    """The text with keys called otherwise, and top-level values exchanged for others."""
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    editor = _Editor(text.removeprefix(mark))
    root = compose_text(text)
    found = {_key_at(root, path).start_mark.index: (path, new) for path, new in renamed}
    for path, new in found.values():  # a key behind an anchor serves several paths
        key = _key_at(root, path)
        editor.edits.append((key.start_mark.index, key.end_mark.index, new))
    for key, value in root.value:
        if key.value in values:
            editor.edits.append((value.start_mark.index, value.end_mark.index, values[key.value]))
    return mark + editor.result()


def is_same(one: Any, other: Any) -> bool:
    """Whether plain data says the same, the order of mappings included."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(is_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _key_at(node: Node, path: Path) -> ScalarNode:
    """The node of the key at the end of a path, through merge keys (<<) if need be."""
    if isinstance(node, SequenceNode) and len(path) > 1:
        return _key_at(node.value[int(path[0])], path[1:])
    for key, value in _entries(node):
        if key.value == path[0]:
            return key if len(path) == 1 else _key_at(value, path[1:])
    raise CannotEditError(path)


def _entries(node: Node) -> Iterator[tuple[ScalarNode, Node]]:
    """A mapping's own keys and values, then those it merges in."""
    pairs = node.value if isinstance(node, MappingNode) else []
    yield from (pair for pair in pairs if pair[0].tag != _MERGE)
    for key, value in pairs:
        if key.tag == _MERGE:
            for source in value.value if isinstance(value, SequenceNode) else [value]:
                yield from _entries(source)


def _is_flow(node: Node) -> bool:
    return bool(getattr(node, "flow_style", False))


@dataclass(frozen=True)
class _Place:
    """A value in the text: its node, its key where it has one, whether brackets are around it."""

    node: Node
    key: ScalarNode | None = None
    in_flow: bool = False


class _Editor:
    """Collects edits (from, to, new text) on a text and applies them together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.edits: list[tuple[int, int, str]] = []

    def result(self) -> str:
        pieces, done = [], 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            if start < done:
                raise CannotEditError("two changes meet in one place")
            pieces += [self.text[done:start], new]
            done = end
        return "".join([*pieces, self.text[done:]])

    def change(self, place: _Place, was: Any, wanted: Any) -> None:
        """Edit whatever differs at a place and below it."""
        if is_same(was, wanted):
            return
        inside = was and wanted and self._alias(place) is None
        if inside and isinstance(was, dict) and isinstance(wanted, dict):
            done = self._change_mapping(place, was, wanted)
        elif inside and isinstance(was, (list, tuple)) and isinstance(wanted, (list, tuple)):
            done = self._change_sequence(place, was, wanted)
        else:
            done = False
        if not done:
            self._write_anew(place, wanted)

    # -- mappings --------------------------------------------------------------------------

    def _change_mapping(self, place: _Place, was: dict[str, Any], wanted: dict[str, Any]) -> bool:
        """Edit inside a mapping; False where it has to be written anew."""
        node = place.node
        if not isinstance(node, MappingNode) or any(key.tag == _MERGE for key, _ in node.value):
            return False
        own = {key.value: _Place(value, key, _is_flow(node)) for key, value in node.value}
        kept = [key for key in was if key in wanted]
        if not was.keys() <= own.keys() or kept != [key for key in wanted if key in was]:
            return False
        if not own.keys() & wanted.keys() or self._grows_too_long(place, wanted):
            return False
        gone = [key for key in was if key not in wanted]
        if gone and not _is_flow(node) and not self._begins_its_line(own[gone[0]]):
            return False
        before: _Place | None = None
        for key, value in wanted.items():
            if key not in own:
                self._add(own, before, key, value, wanted)
                continue
            before = own[key]
            if key in was:
                self.change(before, was[key], value)
            else:
                self._write_anew(before, value)
        for key in gone:
            self._remove(list(own.values()), own[key])
        return True

    def _grows_too_long(self, place: _Place, wanted: Any) -> bool:
        """Whether what stood in brackets on one line should be written below each other."""
        node = place.node
        if not _is_flow(node) or place.in_flow or place.key is None:
            return False
        written = self.text[node.start_mark.index : node.end_mark.index]
        width = max(2 * WIDTH, len(written))
        return "\n" not in written and len(dump_flow(wanted)) > width

    def _begins_its_line(self, place: _Place) -> bool:
        assert place.key is not None
        start = place.key.start_mark.index
        return not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip()

    def _add(
        self,
        own: dict[str, _Place],
        before: _Place | None,
        key: str,
        value: Any,
        wanted: dict[str, Any],
    ) -> None:
        """A new entry behind the one that precedes it, or at the front."""
        anchor = before or next(own[one] for one in wanted if one in own)
        assert anchor.key is not None
        if anchor.in_flow:
            entry = dump_flow({key: value})[1:-1]
            start = anchor.key.start_mark.index
            if before is None:
                self._insert(start, f"{entry}, ")
            else:
                self._insert(self._end(anchor), f", {entry}")
            return
        indent = " " * anchor.key.start_mark.column
        entry = self._lines(dump_block({key: value}), indent)
        if before is None:
            self._insert(anchor.key.start_mark.index, entry + self.newline + indent)
        else:
            self._insert(self._line_end(self._end(anchor)), self.newline + indent + entry)

    def _remove(self, own: list[_Place], place: _Place) -> None:
        """Take out an entry: in brackets with its comma, else with its own lines of comment."""
        assert place.key is not None
        start, end = place.key.start_mark.index, self._end(place)
        at = own.index(place)
        if not place.in_flow:
            start = self._start_with_comments(start, int(place.key.start_mark.column))
            self.edits.append((start, self._line_end(end), ""))
        elif at + 1 < len(own):
            following = own[at + 1].key
            assert following is not None
            self.edits.append((start, following.start_mark.index, ""))
        elif at:
            self.edits.append((self._end(own[at - 1]), end, ""))

    def _start_with_comments(self, start: int, column: int) -> int:
        """The end of the line above an entry and above the comment that belongs to it."""
        above = self.text.rfind("\n", 0, start)
        first = above
        while first >= 0:
            before = self.text.rfind("\n", 0, first)
            line = self.text[before + 1 : first]
            if not (line[column:].startswith("#") and not line[:column].strip()):
                break
            first = before
        end = above if first < 0 else first  # what heads the file stays
        if end < 0:
            raise CannotEditError("the first line of a text is not taken out")
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    # -- lists -----------------------------------------------------------------------------

    def _change_sequence(self, place: _Place, was: Any, wanted: Any) -> bool:
        """Edit the items of a list and add to its end; False where it is written anew."""
        node = place.node
        if not isinstance(node, SequenceNode) or len(node.value) != len(was):
            return False
        if len(wanted) < len(was):
            return False
        flow = _is_flow(node)
        items = [_Place(item, None, flow) for item in node.value]
        starts = [item.start_mark.index for item in node.value]
        if starts != sorted(set(starts)) or starts[0] < node.start_mark.index:
            return False  # an alias stands for its anchor, which is elsewhere
        for item, old, new in zip(items, was, wanted, strict=False):
            self.change(item, old, new)
        end = self._end(items[-1])
        for new in wanted[len(was) :]:
            if flow:
                self._insert(end, f", {dump_flow(new)}")
            else:
                indent = " " * node.start_mark.column
                entry = f"{self.newline}{indent}- {self._item(new, indent)}"
                self._insert(self._line_end(end), entry)
        return True

    # -- values ----------------------------------------------------------------------------

    def _write_anew(self, place: _Place, wanted: Any) -> None:
        """Write a value over the old one."""
        start, end = self._span(place)
        if place.in_flow:
            space = " " if self.text[start - 1 : start] == ":" else ""
            self.edits.append((start, end, space + dump_flow(wanted)))
        elif place.key is not None:
            self._write_entry_anew(place.key, start, end, wanted)
        elif place.node.start_mark.index:  # an item
            indent = " " * (place.node.start_mark.column - 2)
            self.edits.append((start, end, self._item(wanted, indent)))
        else:
            raise CannotEditError("a whole document is written anew")

    def _write_entry_anew(self, key: ScalarNode, start: int, end: int, wanted: Any) -> None:
        """What stands behind a key, keeping the comments on its first and last line."""
        body = self._lines(dump_block({"k": wanted}), " " * key.start_mark.column)[1:]
        key_end = key.end_mark.index
        first, newline, rest = body.partition(self.newline)
        above = _COMMENT.search(self.text[key_end:start].partition("\n")[0])
        behind = _COMMENT.match(self.text, end)
        if newline and first == ":":  # below its key, which keeps the comments
            first += "".join(f"  {comment[1]}" for comment in (above, behind) if comment)
            end = behind.end() if behind else end
        elif above:
            rest += f"  {above[1]}"
        self.edits.append((key_end, end, first + newline + rest))

    def _item(self, value: Any, indent: str) -> str:
        """An item of a list in lines, without its dash."""
        if not isinstance(value, dict):
            return dump_flow(value)
        return self._lines(dump_block(value), indent + "  ")

    def _lines(self, text: str, indent: str) -> str:
        """Lines of YAML, indented but for the first."""
        first, *others = text.rstrip("\n").split("\n")
        return self.newline.join([first, *(indent + line if line else "" for line in others)])

    def _insert(self, at: int, text: str) -> None:
        self.edits.append((at, at, text))

    # -- where a value ends ------------------------------------------------------------------

    def _alias(self, place: _Place) -> re.Match[str] | None:
        return None if place.key is None else _ALIAS.match(self.text, place.key.end_mark.index)

    def _span(self, place: _Place) -> tuple[int, int]:
        alias = self._alias(place)
        return alias.span(1) if alias else (place.node.start_mark.index, self._end(place))

    def _end(self, place: _Place) -> int:
        """The end of a value itself: a node's own mark may lie behind comments below it."""
        alias = self._alias(place)
        if alias:
            return alias.end()
        node = place.node
        if isinstance(node, ScalarNode) and node.style not in ("|", ">"):
            return int(node.end_mark.index)
        if node.value and not isinstance(node, ScalarNode) and not _is_flow(node):
            last = node.value[-1]
            inner = _Place(last[1], last[0]) if isinstance(node, MappingNode) else _Place(last)
            return self._end(inner)
        end = int(node.end_mark.index)
        return len(self.text[:end].rstrip()) if isinstance(node, ScalarNode) else end

    def _line_end(self, index: int) -> int:
        end = self.text.find("\n", index)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" else end
