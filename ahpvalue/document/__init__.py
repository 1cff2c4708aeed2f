"""What a person wrote: the schema, the strict YAML reader, problems with lines, the writer."""

from ahpvalue.document.decision_links import rules_of
from ahpvalue.document.load import Draft, draft_of, expert_file_problems, read_draft
from ahpvalue.document.questions import Question, Questions, questions_of
from ahpvalue.document.read_yaml import read_file
from ahpvalue.document.schema import FUNCTIONS, RESERVED, Indicator, ModelDocument, ReferenceColumn
from ahpvalue.document.schema_decisions import Grid, Level, Requirement, Tiers, When
from ahpvalue.document.write_yaml import document_hash, json_schema, plain, to_yaml, yaml_of

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "Draft",
    "Grid",
    "Indicator",
    "Level",
    "ModelDocument",
    "Question",
    "Questions",
    "ReferenceColumn",
    "Requirement",
    "Tiers",
    "When",
    "document_hash",
    "draft_of",
    "expert_file_problems",
    "json_schema",
    "plain",
    "questions_of",
    "read_draft",
    "read_file",
    "rules_of",
    "to_yaml",
    "yaml_of",
]
