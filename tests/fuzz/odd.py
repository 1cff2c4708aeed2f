"""Odd values, names and texts that people, spreadsheets and attackers write."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

__all__ = ["NAMES", "PLAIN", "PYTHON", "break_text", "change_one", "deep", "places"]


def deep(levels: int) -> Any:
    """A mapping in a mapping in a mapping."""
    found: Any = None
    for level in range(levels):
        found = {f"n{level}": found}
    return found


NAMES = [
    "",
    " ",
    "a b",
    "x" * 5_000,
    "a\nb",
    "a\x07b",
    "\u202eabc",
    "e\u0301",
    "客户",
    "👍",
    "total",
    "customer",
    "coverage_x",
    "1",
    "-",
    "_",
    "no",
    "=cmd|' /C calc'!A0",
    "../../x",
    "a.b",
    "a vs b",
    "{x}",
    "%s",
    "a\u2028b",
    "'",
    '"',
    "`",
    "sales ",
    "\ufeffsales",
    "ｓａｌｅｓ",
]

PLAIN: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    -0.0,
    3,
    9.5,
    1e-320,
    1e300,
    -1e300,
    10**20,
    1e16,
    0.5,
    0.1,
    "",
    " ",
    "no",
    "yes",
    "1/3",
    "1/0",
    "0/1",
    "1e3",
    "12:30",
    "20%",
    "3 ",
    "nan",
    "inf",
    "2026-13-45",
    "2022Q1",
    "p5",
    "p101",
    "median",
    "refuse",
    "x" * 3_000,
    "1/" + "3" * 29,
    "3" * 95,
    [],
    {},
    [[]],
    [None],
    [1, "a"],
    [[1, 2], [3]],
    {"": 1},
    {"score": 50},
    {"a": {"b": {"c": 1}}},
    list(range(300)),
    {f"k{k}": k for k in range(300)},
    deep(40),
    deep(99),
    [[3]],
    [[1, 2], [3]],
    *NAMES,
]
"""What YAML can hold."""

PYTHON: list[Any] = [
    *PLAIN,
    float("nan"),
    float("inf"),
    10**400,
    Fraction(1, 3),
    Fraction(10**300, 3),
    Decimal("0.3"),
    Decimal("1e9999999"),
    Decimal("NaN"),
    np.float32(0.3),
    np.int8(3),
    np.array([1.0, 2.0]),
    np.array([["a"]]),
    np.datetime64("2022-01-01"),
    np.str_("a"),
    np.bool_(True),
    date(2022, 1, 1),
    datetime(2022, 1, 1, 12),
    b"bytes",
    {1, 2},
    object(),
    1j,
    range(3),
    (1, 2),
    {(1, 2): 3},
    {1: 2},
    {None: 1},
    deep(400),
    len,
    Exception("x"),
    [float("nan")] * 3,
]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path of plain data but the root."""
    if path:
        yield path
    if isinstance(data, dict):
        for key, inner in data.items():
            yield from places(inner, (*path, key))
    elif isinstance(data, (list, tuple)):
        for k, inner in enumerate(data):
            yield from places(inner, (*path, k))


def change_one(rng: Random, data: Any, values: list[Any]) -> tuple[str, Any]:
    """Plain data with one place changed: another value, another name, gone, twice, moved."""
    data = copy.deepcopy(data)
    path = rng.choice(list(places(data)))
    inner = data
    for part in path[:-1]:
        inner = inner[part]
    last, way = path[-1], rng.randrange(6)
    shown = ".".join(map(str, path))
    if way == 0:
        del inner[last]
        return f"{shown} left out", data
    if way == 1 and isinstance(inner, dict):
        name = rng.choice([*NAMES, str(last)[:-1], str(last) * 2, rng.choice(list(inner))])
        changed = {(name if key == last else key): value for key, value in inner.items()}
        inner.clear()
        inner.update(changed)
        return f"{shown} called {name[:40]!r}", data
    if way == 2:
        other = data
        for part in rng.choice(list(places(data))):
            other = other[part]
        inner[last] = copy.deepcopy(other)
        return f"{shown} with another part's value", data
    if way == 3 and isinstance(inner, list):
        inner[last:last] = [inner[last]] * rng.choice([1, 2, 200])
        return f"{shown} several times", data
    value = rng.choice(values)
    inner[last] = value
    return f"{shown} = {repr(value)[:60] if not isinstance(value, int) else 'a number'}", data


def break_text(rng: Random, text: str) -> tuple[str, bytes]:
    """A text with one thing broken in its letters, lines or bytes."""
    lines = text.splitlines(keepends=True)
    k = rng.randrange(len(lines))
    at = rng.randrange(len(text))
    signs = {":": "：", ",": "，", "[": "［", "]": "］", "{": "｛", "}": "｝", '"': "“", "/": "／"}
    ways = {
        "a line left out": lambda: "".join(lines[:k] + lines[k + 1 :]),
        "a line twice": lambda: "".join(lines[: k + 1] + lines[k:]),
        "two lines exchanged": lambda: "".join(
            lines[:k] + lines[k + 1 : k + 2] + lines[k : k + 1] + lines[k + 2 :]
        ),
        "a line indented": lambda: "".join([*lines[:k], "  " + lines[k], *lines[k + 1 :]]),
        "a line indented by a tab": lambda: "".join([*lines[:k], "\t" + lines[k], *lines[k + 1 :]]),
        "cut off": lambda: text[:at],
        "a letter left out": lambda: text[:at] + text[at + 1 :],
        "an odd letter": lambda: (
            text[:at] + rng.choice("\0\x07\t\r\x85\u2028\ufeff👍'\"&*!|>%@`[]{}:,#?-客") + text[at:]
        ),
        "full-width signs in a line": lambda: "".join(
            [*lines[:k], lines[k].translate(str.maketrans(signs)), *lines[k + 1 :]]
        ),
        "a full-width sign": lambda: text[:at] + signs.get(text[at], text[at]) + text[at + 1 :],
        "brackets": lambda: text[:at] + "[" * rng.choice([1, 90, 5_000]) + text[at:],
        "a huge number": lambda: text[:at] + "9" * rng.choice([30, 99, 101, 5_000]) + text[at:],
        "another document behind": lambda: text + "\n---\n" + text,
        "CR LF": lambda: text.replace("\n", "\r\n"),
        "CR": lambda: text.replace("\n", "\r"),
        "twice": lambda: text + text,
        "as nothing": lambda: "",
        "as a comment": lambda: "# " + text.replace("\n", "\n# "),
    }
    bytes_ways = {
        "UTF-16": lambda: text.encode("utf-16"),
        "UTF-32": lambda: text.encode("utf-32"),
        "GB 18030": lambda: text.encode("gb18030"),
        "a byte order mark": lambda: text.encode("utf-8-sig"),
        "a broken byte": lambda: (
            text.encode()[:at] + bytes([rng.randrange(256)]) + text.encode()[at + 1 :]
        ),
        "other bytes": lambda: rng.randbytes(rng.choice([1, 50, 5_000])),
        "zeros": lambda: bytes(1_000),
    }
    way = rng.choice([*ways, *ways, *bytes_ways])
    if way in bytes_ways:
        return way, bytes_ways[way]()
    return f"{way}, line {k + 1}, letter {at}", ways[way]().encode("utf-8", "surrogatepass")
