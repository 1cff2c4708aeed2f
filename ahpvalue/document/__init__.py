"""What a person wrote: the schema, the strict YAML reader, problems with lines, the writer."""

from ahpvalue.document.decision_links import list_rules
from ahpvalue.document.load import (
    AllowOutside,
    Draft,
    expert_file_problems,
    make_draft,
    read_draft,
)
from ahpvalue.document.origin import (
    Origin,
    document_text,
    expert_text,
    in_reading_order,
    text_of_expert,
    upgrade_text,
)
from ahpvalue.document.questions import Question, Questions, list_questions
from ahpvalue.document.read_yaml import read_file
from ahpvalue.document.save import changed_files, save_document, write_text
from ahpvalue.document.schema import (
    FUNCTIONS,
    RESERVED,
    Indicator,
    ModelDocument,
    Percentile,
    ReferenceColumn,
)
from ahpvalue.document.schema_decisions import (
    Condition,
    Grid,
    Level,
    SegmentSection,
    TierSection,
    When,
)
from ahpvalue.document.write_yaml import document_hash, dump_yaml, json_schema, plain

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "AllowOutside",
    "Condition",
    "Draft",
    "Grid",
    "Indicator",
    "Level",
    "ModelDocument",
    "Origin",
    "Percentile",
    "Question",
    "Questions",
    "ReferenceColumn",
    "SegmentSection",
    "TierSection",
    "When",
    "changed_files",
    "document_hash",
    "document_text",
    "dump_yaml",
    "expert_file_problems",
    "expert_text",
    "in_reading_order",
    "json_schema",
    "list_questions",
    "list_rules",
    "make_draft",
    "plain",
    "read_draft",
    "read_file",
    "save_document",
    "text_of_expert",
    "upgrade_text",
    "write_text",
]
