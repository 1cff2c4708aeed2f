"""docs/model-yaml.md and the schema say the same of every key."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from ahpvalue.document import json_schema, schema
from ahpvalue.document.schema import FUNCTIONS, Part
from ahpvalue.judgments import METHODS, RANDOM_INDICES

PAGE = (Path(__file__).parents[2] / "docs" / "model-yaml.md").read_text(encoding="utf-8")

SECTIONS = {
    "The whole document": schema.ModelDocument,
    "judgments": schema.JudgmentSection,
    "judgments.consistency": schema.ConsistencyRule,
    "judgments.experts.NAME": schema.Expert,
    "judgments.changes": schema.AnswerChange,
    "judgments.objective": schema.Objective,
    "indicators.NAME": schema.Indicator,
    "indicators.NAME.bands": schema.Bands,
    "indicators.NAME.log": schema.Log,
    "indicators.NAME.minmax": schema.MinMax,
    "indicators.NAME.percentile": schema.Percentile,
    "indicators.NAME.target": schema.Target,
    "indicators.NAME.categories": schema.Categories,
    "indicators.NAME.changeable": schema.Changeable,
    "missing": schema.MissingDefault,
    "peers": schema.Peers,
    "peers.groups": schema.PeerGroup,
    "active": schema.Active,
    "Rules": schema.Condition,
    "tiers": schema.TierSection,
    "tiers.levels.NAME": schema.Level,
    "tiers.vetoes.NAME": schema.Veto,
    "segments": schema.SegmentSection,
    "segments.rules.NAME": schema.SegmentRule,
    "segments.grids.NAME": schema.Grid,
    "reference": schema.Reference,
    "reference.indicators.NAME": schema.ReferenceColumn,
}


def rows_of(section):
    """Key -> default, from the section's first table that has defaults."""
    text = PAGE.split(f"# {section}\n", 1)[1].split("\n#", 1)[0]
    rows = [
        [c.strip() for c in row.strip("|").split(" | ")]
        for row in text.splitlines()
        if row.startswith("| `")
    ]
    return {row[0].strip("| `"): row[2] for row in rows if len(row) >= 4}


def shown_default(field):
    if field.default is PydanticUndefined:
        return "required"
    default = field.default
    if default is None or default in ({}, [], ()) or isinstance(default, Part):
        return "none"
    if default == "":
        return '`""`'
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_lists_every_key_with_its_default(section):
    fields = SECTIONS[section].model_fields
    assert rows_of(section) == {name: shown_default(field) for name, field in fields.items()}


def test_every_part_of_the_schema_has_its_section():
    parts = {
        kind for kind in vars(schema).values() if isinstance(kind, type) and issubclass(kind, Part)
    }
    assert parts - {Part} == set(SECTIONS.values())


def test_every_key_stands_in_an_example():
    examples = "".join(block.split("```")[0] for block in PAGE.split("```yaml\n")[1:])
    examples += PAGE.split("needs no fitting: `")[1].split("`")[0]  # knots
    written_by_fit = {schema.Reference, schema.ReferenceColumn, schema.PeerGroup}
    for part in set(SECTIONS.values()) - written_by_fit:
        for key in part.model_fields:
            if (part, key) not in {
                (schema.Categories, "scores"),
                (schema.ModelDocument, "reference"),
                (schema.Peers, "groups"),
                (schema.Level, "line"),
                (schema.ModelDocument, "method"),
                (schema.Percentile, "error"),
                (schema.Level, "customers"),
            }:
                assert re.search(rf"\b{key}:", examples), f"{part.__name__}.{key}"


def test_the_schema_knows_the_methods_and_tables_of_the_judgments():
    properties = json_schema()["$defs"]["JudgmentSection"]["properties"]
    assert properties["method"]["enum"] == list(METHODS)
    assert properties["random_index"]["enum"] == list(RANDOM_INDICES)
    for name in (*METHODS, *RANDOM_INDICES, *FUNCTIONS):
        assert name in PAGE
