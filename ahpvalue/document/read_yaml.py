"""A strict YAML reader that knows the line of everything it read.

What YAML 1.1 turns into something else stays what a person wrote: ``no`` is a word,
``1:30`` and ``012`` are text (and refused where a number is needed), ``1e3`` is a thousand,
``1/3`` is the exact fraction. Keys are always text. Duplicate keys, tags, endless aliases and
files that are not UTF-8 are refused.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isfinite
from pathlib import Path as FilePath
from typing import Any, ClassVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ahpvalue.document.full_width import find_odd_line, odd_sign, use_the_plain_one
from ahpvalue.errors import ModelError, Path, Problem, shown
from ahpvalue.support.limits import DEEPEST, LARGEST_FILE, LONGEST_NUMBER, MOST_VALUES
from ahpvalue.support.regular_files import read_regular_file

__all__ = [
    "BYTE_ORDER_MARK",
    "SCALARS",
    "Marks",
    "Source",
    "compose_text",
    "read_file",
    "read_text",
]

BYTE_ORDER_MARK = "\ufeff"
_ALIASED_NODES = 100_000
_TAG = "tag:yaml.org,2002:"

# tag, what it looks like, and the characters it can start with
SCALARS: tuple[tuple[str, re.Pattern[str], list[str]], ...] = (
    (_TAG + "null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    (_TAG + "bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    (_TAG + "int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")),
    (
        _TAG + "float",
        re.compile(
            r"^[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+|(?:0|[1-9][0-9]*)(?=[eE]))(?:[eE][-+]?[0-9]+)?$"
            r"|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$"
        ),
        list("-+0123456789."),
    ),
    (_TAG + "fraction", re.compile(r"^[-+]?[1-9][0-9]*/[1-9][0-9]*$"), list("-+0123456789")),
    (_TAG + "merge", re.compile(r"^<<$"), ["<"]),
)

_PATTERNS = {tag.removeprefix(_TAG): pattern for tag, pattern, _ in SCALARS}

_VALUES: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "fraction": Fraction,
    "int": int,
}

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_QUOTED = re.compile(r" (?:'[^']*'|\"[^\"]*\")(?= |$)")
_TOO_DEEP = "is nested too deeply to be a model"


class _TooManyError(Exception):
    """A document holds more than `MOST_VALUES`."""


class _Loader(_Base):  # type: ignore[misc]  # libyaml's loader when the wheel has it
    """PyYAML's parser with our own idea of what a plain scalar is, and a floor to nesting.

    The composer calls itself for every level, in C without any guard: some ten thousand
    brackets would end the process.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}
    _depth = 0
    _count = 0

    def descend_resolver(self, *_: Any) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise RecursionError
        self._count += 1
        if self._count > MOST_VALUES:
            raise _TooManyError

    def ascend_resolver(self) -> None:
        self._depth -= 1


for _tag, _pattern, _first in SCALARS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


@dataclass
class Marks:
    """Where each part of a document stands: path -> (file, line)."""

    values: dict[Path, tuple[str, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[str, int]] = field(default_factory=dict)
    written: dict[Path, Path] = field(default_factory=dict)  # of keys that are called otherwise now
    odd: dict[Path, tuple[int, str]] = field(default_factory=dict)  # full-width signs: line, sign
    unread: set[Path] = field(default_factory=set)  # values with a problem told already

    def locate(self, problem: Problem) -> Problem:
        """The problem with the file and line of the nearest part that was written."""
        if problem.file is not None:
            return problem
        path = problem.path
        while path and path not in self.values:
            path = path[:-1]
        file, line = self.values.get(path, (None, None))
        if problem.at_key or path != problem.path:
            file, line = self.keys.get(path, (file, line))
        if path in self.odd and path == problem.path:
            line, sign = self.odd[path]
            problem = replace(problem, text=f"{problem.text}; {use_the_plain_one(sign)}")
        return Problem(problem.text, self._as_written(problem.path), file, line, problem.at_key)

    def _as_written(self, path: Path) -> Path:
        for place, written in self.written.items():
            if path[: len(place)] == place:
                return written + path[len(place) :]
        return path

    def rename(self, path: Path, new: str) -> None:
        """The key at the end of `path` is called otherwise from here on, but not in problems."""
        place = (*path[:-1], new)
        self.graft(self, path, place)
        self.written[place] = path

    def graft(self, other: Marks, at: Path, onto: Path) -> None:
        """Take over another file's marks from below `at`, as if they stood below `onto`.

        Marks that are there already stay.
        """
        for mine, theirs in ((self.values, other.values), (self.keys, other.keys)):
            for path, mark in list(theirs.items()):
                if path[: len(at)] == at:
                    mine.setdefault(onto + path[len(at) :], mark)
        for path, odd in list(other.odd.items()):
            if path[: len(at)] == at:
                self.odd.setdefault(onto + path[len(at) :], odd)
        below = {path for path in other.unread if path[: len(at)] == at}
        self.unread |= {onto + path[len(at) :] for path in below}


@dataclass(frozen=True)
class Source:
    """What was read: plain Python data, the marks, problems found while reading, the text."""

    data: Any
    marks: Marks
    problems: tuple[Problem, ...] = ()
    text: str = ""


def read_file(path: FilePath, most: int = LARGEST_FILE) -> Source:
    """Read a YAML file; raises `ModelError` when there is nothing that could be checked."""
    return read_text(_decoded(read_regular_file(path, most), str(path)), str(path))


def _decoded(raw: bytes, file: str) -> str:
    remedy = "save it with the encoding UTF-8"
    if raw[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) or (len(raw) > 1 and 0 in raw[:2]):
        raise ModelError(Problem(f"is UTF-16 text; {remedy}", file=file, line=1))
    try:
        text, at = raw.decode("utf-8"), raw.find(b"\0")
    except UnicodeDecodeError as wrong:
        text, at = "", wrong.start
    if at < 0:
        return text
    line = raw[:at].count(b"\n") + 1
    said = "holds a NUL character, so that it is no text" if text else "is not UTF-8 text"
    raise ModelError(Problem(f"{said}; {remedy}", file=file, line=line))


def read_text(text: str, file: str = "<text>") -> Source:
    """Read YAML text; see `read_file`."""
    node = compose_text(text, file)
    builder = _Builder(file, text)
    try:
        data = builder.build(node, ())
    except RecursionError:
        raise ModelError(Problem(_TOO_DEEP, file=file)) from None
    return Source(data, builder.marks, tuple(builder.problems), text)


def compose_text(text: str, file: str = "<text>") -> Node:
    """YAML text as nodes, each with its place in the text (behind a byte order mark)."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    try:
        node = _composed(text)
    except yaml.YAMLError as wrong:
        raise ModelError(_yaml_problem(wrong, text, file)) from None
    except RecursionError:
        raise ModelError(Problem(_TOO_DEEP, file=file)) from None
    except _TooManyError:
        said = f"holds more than {MOST_VALUES:,} keys and values, too many for a model"
        raise ModelError(Problem(said, file=file)) from None
    if node is None:
        raise ModelError(Problem("is empty; 'ahpvalue init' writes one to start from", file=file))
    return node


def _composed(text: str) -> Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _wrong_line(text: str) -> int | None:
    """The line where text stops being YAML; None where it does not."""
    try:
        _composed(text)
    except yaml.YAMLError as wrong:
        return _line_of(wrong) or 0
    except (RecursionError, _TooManyError):
        return 0
    return None


def _line_of(wrong: yaml.YAMLError) -> int | None:
    mark = getattr(wrong, "problem_mark", None)
    return None if mark is None else mark.line + 1


def _yaml_problem(wrong: yaml.YAMLError, text: str, file: str) -> Problem:
    line = _line_of(wrong)
    odd = None if line is None else find_odd_line(text, line, _wrong_line)
    lines = text.splitlines()
    if odd is not None:
        sign = odd_sign(lines[odd - 1]) or ""
        return Problem(use_the_plain_one(sign), file=file, line=odd)
    said = str(getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or wrong)
    said = _QUOTED.sub("", said)  # what is not YAML may be anything; none of it is repeated
    written = lines[line - 1] if line is not None and line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        said = "a tab is used to indent; use spaces"
    elif "but found another document" in said:
        said = "a model is one YAML document; a second one starts here ('---')"
    elif "special characters" in said or "control characters" in said:
        said = "holds a control character, which YAML does not allow"
    elif "nesting depth" in said:
        said = _TOO_DEEP  # libyaml has a limit of its own, lower or higher than ours
    elif "found undefined alias" in said:
        said = f"{said}; an alias (*name) needs its anchor (&name) above it"
    else:
        said = f"is not valid YAML here: {said}"
    return Problem(said, file=file, line=line)


class _Builder:
    """Turns YAML nodes into plain data, noting where each part stands."""

    def __init__(self, file: str, text: str = "") -> None:
        self.file = file
        self.lines = text.removeprefix(BYTE_ORDER_MARK).splitlines()
        self.marks = Marks()
        self.problems: list[Problem] = []
        self._above: list[int] = []
        self._built: set[int] = set()
        self._aliased = 0

    def build(self, node: Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.marks.values[path] = (self.file, line)
        self._guard(node, path, line)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self._above.append(id(node))
        data = (
            self._mapping(node, path) if isinstance(node, MappingNode) else self._list(node, path)
        )
        self._above.pop()
        return data

    def _guard(self, node: Node, path: Path, line: int) -> None:
        """Refuse aliases that contain themselves or multiply beyond any real model."""
        if id(node) in self._above:
            text = "an alias stands inside its own anchor"
            raise ModelError(Problem(text, path, self.file, line))
        if id(node) in self._built:
            self._aliased += 1
            if self._aliased > _ALIASED_NODES:
                text = f"aliases repeat more than {_ALIASED_NODES:,} parts; write them out"
                raise ModelError(Problem(text, path, self.file, line))
        self._built.add(id(node))

    def _note_odd(self, node: ScalarNode, path: Path) -> None:
        """Remember a plain text with signs that look like YAML's: it may be meant otherwise."""
        if node.style or node.value.isascii() or odd_sign(node.value) is None:
            return
        first, last = node.start_mark.line, node.end_mark.line + 1
        for k, line in enumerate(self.lines[first:last], first + 1):
            sign = odd_sign(line)
            if sign is not None:
                self.marks.odd[path] = (k, sign)
                return

    def _refuse_tag(self, path: Path, node: Node) -> None:
        self._problem(f"tags such as {node.tag[:60]} are not used in a model", path, node)

    def _unread(self, text: str, path: Path, node: Node) -> float:
        """A number instead of one that cannot be read, of which nothing else is said."""
        self._problem(text, path, node)
        self.marks.unread.add(path)
        return 0.0

    def _problem(self, text: str, path: Path, node: Node) -> None:
        self.problems.append(Problem(text, path, self.file, node.start_mark.line + 1))

    def _list(self, node: Node, path: Path) -> list[Any]:
        if node.tag != _TAG + "seq":
            self._problem(
                f"tags such as {shown(node.tag)[1:-1]} are not used in a model", path, node
            )
        return [self.build(item, (*path, k)) for k, item in enumerate(node.value)]

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        if node.tag != _TAG + "map":
            self._problem(
                f"tags such as {shown(node.tag)[1:-1]} are not used in a model", path, node
            )
        own: dict[str, int] = {}
        data: dict[str, Any] = {}
        for key, value in self._merged(node, path):
            data[key] = self.build(value, (*path, key))
        for key_node, value in node.value:
            if key_node.tag == _TAG + "merge":
                continue
            if not isinstance(key_node, ScalarNode):
                self._problem("a key is a single word", path, key_node)
                continue
            key, line = key_node.value, key_node.start_mark.line + 1
            self._note_odd(key_node, (*path, key))
            if key in own:
                text = f"{shown(key)} stands here twice, first in line {own[key]}; keep one"
                self._problem(text, (*path, key), key_node)
                continue
            own[key] = line
            self.marks.keys[(*path, key)] = (self.file, line)
            data[key] = self.build(value, (*path, key))
        return data

    def _merged(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Node]]:
        """What a merge key (<<) brings in; keys written beside it win."""
        for key_node, value in node.value:
            if key_node.tag != _TAG + "merge":
                continue
            sources = value.value if isinstance(value, SequenceNode) else [value]
            for source in reversed(sources):
                if not isinstance(source, MappingNode):
                    self._problem("a merge key (<<) takes a mapping", path, value)
                    continue
                self._guard(source, path, value.start_mark.line + 1)
                self._above.append(id(source))
                yield from self._merged(source, path)
                self._above.pop()
                for inner, below in source.value:
                    if inner.tag != _TAG + "merge" and isinstance(inner, ScalarNode):
                        mark = (self.file, inner.start_mark.line + 1)
                        self.marks.keys[(*path, inner.value)] = mark
                        yield inner.value, below

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        kind, text = node.tag.removeprefix(_TAG), node.value
        if kind in ("str", "merge"):
            self._note_odd(node, path)
            return text
        if kind not in _PATTERNS or not _PATTERNS[kind].match(text):
            self._problem(
                f"tags such as {shown(node.tag)[1:-1]} are not used in a model", path, node
            )
            return text
        if len(text) > LONGEST_NUMBER:
            said = f"a number has at most {LONGEST_NUMBER} characters, not {len(text):,}"
            return self._unread(f"{said}; round it", path, node)
        if kind in _VALUES:
            return _VALUES[kind](text)
        value = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if not isfinite(value):
            return self._unread(f"{text} is not a finite number", path, node)
        return value
