"""Experts' own files: broken ones, and names that lead elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import ahpvalue as av
from ahpvalue.document import dump_yaml
from ahpvalue.document.read_yaml import read_text
from ahpvalue.templates.bundled import template_folder
from tests.fuzz.odd import NAMES, PLAIN, break_text, change_one

SECRET = "topsecret"
TEMPLATE = template_folder("retail-terminal")
EXPERT = "credit_officer"
TEXT = (TEMPLATE / "experts" / f"{EXPERT}.yaml").read_text(encoding="utf-8")
SECRETS = [
    f"{SECRET}: {SECRET}\n",
    f"user:{SECRET}:0\nroot\n",
    f"- {SECRET}\n",
    f'{{"key": "{SECRET}"',
    SECRET,
    f"a: *{SECRET}\n",
    f"a: !{SECRET} 1\n",
    f"? [{SECRET}]\n: 1\n",
    f"{SECRET}: 1\n{SECRET}: 2\n",
    f"x: '{SECRET}\n",
    f"x: 1{SECRET}: 2: 3\n",
    f"{SECRET}: .inf\n",
    f"a: {SECRET}：b\nc: d\n",
]


def draw(rng: Random, folder: Path) -> tuple[str, Callable[[], object]]:
    """The template with one expert's file broken, or leading elsewhere."""
    model = folder / "model"
    shutil.copytree(TEMPLATE, model)
    own = model / "experts" / f"{EXPERT}.yaml"
    way = rng.randrange(4)
    if way == 0:
        broken, raw = break_text(rng, TEXT)
    elif way == 1:
        broken, data = change_one(rng, read_text(TEXT).data, PLAIN)
        raw = dump_yaml(data).encode("utf-8", "surrogatepass")
    elif way == 2:
        broken, raw = "a file of somebody else's", rng.choice(SECRETS).encode()
    else:
        return _elsewhere(rng, folder, model)
    own.write_bytes(raw)
    return broken, lambda: _loaded(model, secret=way == 2)


def _elsewhere(rng: Random, folder: Path, model: Path) -> tuple[str, Callable[[], object]]:
    (folder / "secret.yaml").write_text(rng.choice(SECRETS), encoding="utf-8")
    (model / "link.yaml").symlink_to(folder / "secret.yaml")
    (model / "loop").symlink_to(model / "loop")
    (model / "linked").symlink_to(folder)
    os.mkfifo(model / "pipe")
    with (model / "large.yaml").open("wb") as file:
        file.truncate(3 * 2**30)
    names = [
        "../secret.yaml",
        "link.yaml",
        "linked/secret.yaml",
        "loop",
        "pipe",
        "large.yaml",
        "/dev/zero",
        "/etc/passwd",
        str(folder / "secret.yaml"),
        "experts",
        ".",
        "",
        "experts/../../secret.yaml",
        "nowhere.yaml",
        "model.yaml",
        "/proc/self/environ",
        "x" * 300,
        "~/secret",
        *NAMES,
    ]
    name = rng.choice(names)
    path = model / "model.yaml"
    written = f"experts/{EXPERT}.yaml"
    text = path.read_text(encoding="utf-8").replace(written, dump_yaml({"a": name})[3:].strip())
    path.write_text(text, encoding="utf-8")
    return f"file: {name[:60]!r}", lambda: _loaded(model, secret=True)


def _loaded(model: Path, secret: bool) -> None:
    try:
        av.load_model(model / "model.yaml")
    except av.AhpValueError as error:
        if secret and SECRET in str(error):
            raise AssertionError(f"repeats what it read: {error}") from None
        raise
