"""What a person wrote: the schema, the strict YAML reader, problems with lines, the writer."""

from ahpvalue.document.load import Draft, draft_of, expert_file_problems, read_draft
from ahpvalue.document.questions import Question, Questions, questions_of
from ahpvalue.document.schema import FUNCTIONS, RESERVED, Indicator, ModelDocument
from ahpvalue.document.writer import document_hash, json_schema, plain, to_yaml, yaml_of

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "Draft",
    "Indicator",
    "ModelDocument",
    "Question",
    "Questions",
    "document_hash",
    "draft_of",
    "expert_file_problems",
    "json_schema",
    "plain",
    "questions_of",
    "read_draft",
    "to_yaml",
    "yaml_of",
]
