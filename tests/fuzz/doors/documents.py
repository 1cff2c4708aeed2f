"""Model documents: as text, as a file of any kind, as Python data."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import ahpvalue as av
from ahpvalue.document import dump_yaml
from ahpvalue.document.read_yaml import read_text
from ahpvalue.templates.bundled import template_folder
from tests.fuzz.odd import NAMES, PLAIN, PYTHON, break_text, change_one

ROOT = Path(__file__).parents[3]
SMALL = """\
version: 2
hierarchy: {value: {loyalty: [orders, tenure], profit: [sales, orders]}}
labels: {value: {zh: 价值}}
judgments:
  experts: {ann: {weight: 2}, bo: {}}
  comparisons:
    value: {ann: [[1/2]], bo: [[1]]}
    loyalty: {ann: {orders vs tenure: 3}}
    profit: {bo: [[1, 3], [1/3, 1]]}
indicators:
  orders: {bands: {edges: [2, 5], scores: [10, 40, 100], closed: left}}
  tenure: {column: days, linear: [[0, 0], [730, 100]]}
  sales: {minmax: {lower: 0, upper: 10}, missing: renormalise}
tiers: {levels: {core: {score: 60}, general: {}}, band: 5%, confirmation: 2}
missing: {minimum_coverage: 0.5}
active: {when: {orders: {above: 0}}}
"""
TEXTS = [
    *[SMALL] * 24,
    *(
        (ROOT / "examples" / name / "model.yaml").read_text(encoding="utf-8")
        for name in ("online_retail", "iowa_outlets", "iowa_quarters", "five_experts")
    ),
    (template_folder("retail-terminal") / "model.yaml").read_text(encoding="utf-8"),
]
_DATA: dict[str, Any] = {}


def plain_data(text: str) -> Any:
    """What a text says, read once."""
    if text not in _DATA:
        _DATA[text] = read_text(text).data
    return _DATA[text]


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """A document with one thing broken."""
    text = rng.choice(TEXTS)
    way = rng.randrange(10)
    if way < 4:
        broken, raw = break_text(rng, text)
        return broken, lambda: _load(folder, raw)
    if way < 6:
        broken, data = change_one(rng, plain_data(text), PLAIN)
        return broken, lambda: _load(folder, dump_yaml(data).encode("utf-8", "surrogatepass"))
    if way < 8:
        broken, data = change_one(rng, plain_data(text), PYTHON)
        return f"Python data: {broken}", lambda: _asked(av.Model(**data))
    if way < 9:
        name, make = rng.choice(list(_SHAPES.items()))
        return name, lambda: _load(folder, make(rng).encode())
    kind, path = _odd_path(rng, folder)
    return kind, lambda: av.load_model(path)


def _load(folder: Path, raw: bytes) -> None:
    (folder / "model.yaml").write_bytes(raw)
    _asked(av.load_model(folder / "model.yaml"))


def _asked(model: av.Model) -> None:
    model.to_dict()
    model.weights().table()
    model.consistency().table()
    if model.is_fitted and model.document.indicators:
        model.to_sql("duckdb")


def _bomb(rng: Random) -> str:
    rows = [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 9)]
    return "\n".join(["hierarchy: {v: [a]}", "a0: &a0 [x, x]", *rows])


def _chain(levels: int, inside: bool) -> str:
    if inside:
        return "hierarchy:\n" + "\n".join(f"{' ' * (k + 1)}n{k}:" for k in range(levels))
    rows = "\n".join(f"    - n{k}: [n{k + 1}]" for k in range(levels))
    return f"hierarchy:\n  goal:\n{rows}\n"


_SHAPES: dict[str, Callable[[Random], str]] = {
    "aliases that multiply": _bomb,
    "an alias in itself": lambda _: "hierarchy: &h {value: *h}\n",
    "many levels": lambda rng: _chain(rng.choice([90, 101, 3_000]), inside=True),
    "a long chain": lambda rng: _chain(rng.choice([90, 101, 3_000]), inside=False),
    "many nodes": lambda rng: f"hierarchy: {{v: [{', '.join(f'n{k}' for k in range(12_000))}]}}",
    "many wrong names": lambda _: (
        "hierarchy: {v: [a, b]}\nlabels: {"
        + ", ".join(f"x{k}: {{en: x}}" for k in range(3_000))
        + "}"
    ),
    "many items compared": lambda _: (
        f"hierarchy: {{v: [{', '.join(f'n{k}' for k in range(400))}]}}\n"
        "judgments: {experts: {a: }, comparisons: {v: {a: {n0 vs n1: 3}}}}"
    ),
    "many experts": lambda _: (
        "hierarchy: {v: [a, b]}\njudgments: {experts: {"
        + ", ".join(f"e{k}: " for k in range(1_200))
        + "}}"
    ),
    "a name for two things": lambda _: (
        "hierarchy: {v: {a: [a, b]}}\nindicators: {a: {linear: [[0, 0]]}, b: {linear: [[0, 0]]}}"
    ),
    "a long text": lambda _: f"hierarchy: {{v: [a]}}\nname: {'x' * 2_000_000}\n",
    "many numbers": lambda _: (
        "hierarchy: {v: [a]}\nindicators: {a: {linear: ["
        + ", ".join(f"[{k}, 1]" for k in range(20_000))
        + "]}}"
    ),
}


def _odd_path(rng: Random, folder: Path) -> tuple[str, Any]:
    pipe, loop = folder / "pipe", folder / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    large = folder / "large.yaml"
    with large.open("wb") as file:
        file.truncate(2**33)
    paths: list[Any] = [
        pipe,
        loop,
        large,
        folder,
        folder / "nowhere.yaml",
        "/dev/zero",
        "/dev/null",
        "a\0b",
        "",
        " ",
        {"hierarchy": {"v": ["a"]}},
        SMALL,
        SMALL.encode(),
        b"x",
        3,
        None,
        folder / ("x" * 300),
        [],
        *NAMES,
    ]
    path = rng.choice(paths)
    return f"a path: {str(path)[:60]!r}", path
