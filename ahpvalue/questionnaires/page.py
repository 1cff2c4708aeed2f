"""The questionnaire as one HTML page that needs no server, no network and no installation.

Style and scripts stand in the page and are allowed by their hashes, everything else is
forbidden by the page's own content-security policy. What differs from page to page is JSON
in a block of data that no browser executes; the script shows every word of it as text.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from fractions import Fraction
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from ahpvalue.compiling import consistency_scale
from ahpvalue.document import ModelDocument
from ahpvalue.judgments import (
    limit_for,
    pairs_can_be_named,
    random_index,
    worth,
)
from ahpvalue.questionnaires.answers import STEPS
from ahpvalue.questionnaires.form import Form, FormNode

__all__ = ["page"]

_SCRIPTS = ("consistency.js", "expert_file.js", "page.js")
# In JSON these only ever stand inside strings, where an escape means the same.
_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def page(form: Form) -> str:
    """The form as a self-contained HTML page."""
    style, *scripts = (_part(name) for name in ("page.css", *_SCRIPTS))
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_source, scripts))}; "
        f"style-src {_source(style)}; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{escape(form.language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(form.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f"<noscript>{escape(form.texts['no_script'])}</noscript>",
            f'<script type="application/json" id="form">{_json(_data(form))}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body>",
            "</html>",
            "",
        )
    )


@cache
def _part(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """How a policy names an inline style or script: by the hash of its text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{b64encode(digest).decode('ascii')}'"


def _json(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate is no character of any encoding, but may stand in a name all the same.
    return text.translate(_ESCAPED).encode("utf-8", "backslashreplace").decode("utf-8")


def _data(form: Form) -> dict[str, Any]:
    given = {
        node.question.node: [node.answers.get(pair) for pair in node.pairs] for node in form.nodes
    }
    started = any(answer for answers in given.values() for answer in answers)
    digest = hashlib.sha256(_json(given).encode("utf-8")).hexdigest()[:8] if started else ""
    document = form.questions.document
    return {
        "expert": form.expert,
        "model": form.questions.hash,
        # Another start is another questionnaire: what was kept of the blank one stays apart.
        "keep": ":".join(filter(None, ("ahpvalue", form.questions.hash, form.expert, digest))),
        "title": form.title,
        "addressee": form.addressee,
        "method": document.judgments.method,
        "texts": form.texts,
        "nodes": [_node(node) | _consistency(node, document) for node in form.nodes],
    }


def _node(node: FormNode) -> dict[str, Any]:
    items = node.question.items
    position = {item: k for k, item in enumerate(items)}
    return {
        "name": node.question.node,
        "label": node.label,
        "levels": node.question.are_categories,
        "named": pairs_can_be_named(node.question.items),
        "items": list(items),
        "labels": [node.items[item] for item in items],
        "pairs": [[position[first], position[second]] for first, second in node.pairs],
        "answers": [node.answers.get(pair) for pair in node.pairs],
    }


def _consistency(node: FormNode, document: ModelDocument) -> dict[str, Any]:
    """The numbers that CR is computed with: what an answer is worth, random indices, limit."""
    section = document.judgments
    scale = consistency_scale(document)
    n = len(node.question.items)
    missing = range((n - 1) * (n - 2) // 2)  # with one more missing there is nothing to test
    table = section.random_index
    answers = (*STEPS, *node.answers.values())
    return {
        "worth": {answer: worth(float(Fraction(answer)), scale, n) for answer in answers},
        "ri": [random_index(n, table, missing=m, scale=scale).value for m in missing],
        "limit": limit_for(n, section.consistency.limit),
    }
