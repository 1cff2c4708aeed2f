"""A document back as YAML, and its hash."""

from __future__ import annotations

import hashlib
import json
import sys
from fractions import Fraction
from typing import Any

import yaml

from ahpvalue.document.read_yaml import SCALARS
from ahpvalue.document.schema import Categories, Condition, ModelDocument, Part
from ahpvalue.document.upgrade import CURRENT, in_old_words

__all__ = ["WIDTH", "document_hash", "dump_block", "dump_flow", "dump_yaml", "json_schema", "plain"]

WIDTH = 96


def plain(document: ModelDocument) -> dict[str, Any]:
    """The document as plain data, without what is at its default."""
    return {"version": CURRENT, **_plain(document)}


def _plain(value: Any) -> Any:
    # Not pydantic's own dump, which turns fractions into text.
    short = _shortened(value)
    if short is not None:
        return short
    if isinstance(value, Part):
        given = ((name, getattr(value, name)) for name in type(value).model_fields)
        fields = type(value).model_fields
        return {name: _plain(inner) for name, inner in given if inner != fields[name].default}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, tuple) and any(isinstance(inner, (dict, Part)) for inner in value):
        alternatives = [_plain(inner) for inner in value]  # of a rule; one is written as it is
        value = alternatives[0] if len(alternatives) == 1 else alternatives
    return value


def _shortened(value: Any) -> Any:
    """Parts that people write as their one value; None for everything else."""
    if isinstance(value, Categories) and value.scores:
        return dict(value.scores)
    if isinstance(value, Condition) and value.only_equals:
        return value.equals[0] if len(value.equals) == 1 else list(value.equals)
    return None


_ORDERED = [("tiers", "levels"), ("tiers", "vetoes"), ("segments", "rules")]
"""Mappings whose order says something: the best tier stands first, the first segment counts."""


def document_hash(document: ModelDocument) -> str:
    """Sixteen hexadecimal digits that change when anything in the document does.

    Layout, comments, the order of keys (but not of the hierarchy, whose order is the order
    of summation, nor of tiers and segments), defaults written out, ``1/2``
    against ``0.5``, experts' own files against one file and the version of the format make no
    difference.
    """
    data = plain(document)
    data["hierarchy"] = _ordered(data["hierarchy"])
    for part, key in _ORDERED:
        if key in data.get(part, {}):
            data[part] = data[part] | {key: list(data[part][key].items())}
    text = json.dumps(
        _canonical(in_old_words(data)), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _ordered(outline: Any) -> Any:
    """A mapping of the hierarchy as a list of pairs, so that its order counts."""
    if isinstance(outline, dict):
        return [[name, _ordered(below)] for name, below in outline.items()]
    if isinstance(outline, (list, tuple)):
        return [[item, None] if isinstance(item, str) else _ordered(item)[0] for item in outline]
    return outline


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(inner) for inner in value]
    if isinstance(value, Fraction) and Fraction(float(value)) != value:
        return str(value)  # 1/3 is no float, and weighs by its exact reciprocal
    if isinstance(value, (int, float, Fraction)) and not isinstance(value, bool):
        return float(value) + 0.0  # -0.0 is 0.0
    return value


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document, for editors that check YAML while it is typed.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12: every key with its type and its default. What only the
        whole document can show, such as names that lead nowhere, `load_model` checks.

    Examples
    --------
    Write it to a file, and name that file in the first line of a model
    (``# yaml-language-server: $schema=model.schema.json``):

    >>> import json
    >>> import ahpvalue as av
    >>> schema = av.json_schema()
    >>> text = json.dumps(schema, indent=2)
    >>> schema["required"], schema["properties"]["version"]["const"]
    (['hierarchy'], 2)
    >>> sorted(schema["$defs"]["Veto"]["properties"])
    ['at_most', 'reason', 'when']
    """
    return ModelDocument.model_json_schema()


class _Dumper(yaml.SafeDumper):
    """Writes what `ahpvalue.document.read_yaml` reads back as the same: same idea of scalars."""

    yaml_implicit_resolvers: Any = {}

    def ignore_aliases(self, _: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, *_: Any, **__: Any) -> Any:
        return super().increase_indent(flow, False)


for _tag, _pattern, _first in SCALARS:
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


def _number(dumper: _Dumper, value: float) -> yaml.Node:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    kind = "int" if isinstance(value, int) else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", repr(value))


def _fraction(dumper: _Dumper, value: Fraction) -> yaml.Node:
    if value.denominator == 1:
        return _number(dumper, value.numerator)
    return dumper.represent_scalar("tag:yaml.org,2002:fraction", str(value))


def _text(dumper: _Dumper, value: str) -> yaml.Node:
    # YAML folds these line ends like spaces unless they are escaped.
    style = '"' if any(end in value for end in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


def _mapping(dumper: _Dumper, value: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), _on_one_line(value))


def _list(dumper: _Dumper, value: Any) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, _on_one_line(value))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(int, _number)
_Dumper.add_representer(Fraction, _fraction)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(tuple, _list)


def _on_one_line(value: Any) -> bool:
    """Short leaves, matrices and lists of points read best on one line."""
    inner = list(value.values()) if isinstance(value, dict) else value
    return not any(isinstance(one, dict) for one in inner) and len(_one_line(value)) <= WIDTH - 24


def _one_line(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_one_line(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_one_line, value))}]"
    return str(value)


def dump_yaml(data: dict[str, Any]) -> str:
    """Plain data as YAML text, laid out for people."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text


class _Block(dict[str, Any]):
    """A mapping whose entries stand below each other, however short they are."""


def _block(dumper: _Dumper, value: _Block) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), False)


_Dumper.add_representer(_Block, _block)


def dump_block(entries: dict[str, Any]) -> str:
    """Entries of a mapping as YAML text, below each other."""
    return dump_yaml(_Block(entries))


class _FlowDumper(_Dumper):
    """Writes everything on one line."""

    def represent_mapping(self, tag: str, mapping: Any, _: Any = None) -> Any:
        return super().represent_mapping(tag, mapping, True)

    def represent_sequence(self, tag: str, sequence: Any, _: Any = None) -> Any:
        return super().represent_sequence(tag, sequence, True)


def dump_flow(value: Any) -> str:
    """One value as YAML text on one line, to stand inside brackets."""
    text: str = yaml.dump(
        [value], Dumper=_FlowDumper, sort_keys=False, allow_unicode=True, width=sys.maxsize
    )
    return text.rstrip("\n")[1:-1]
