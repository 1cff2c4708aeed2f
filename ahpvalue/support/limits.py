"""What a document may be at most: one place for the numbers that docs/model-yaml.md states.

They lie far beyond any model that people judge, and well below what would exhaust a machine.
"""

__all__ = [
    "DEEPEST",
    "LARGEST_EXPERT_FILE",
    "LARGEST_FILE",
    "LONGEST_NAME",
    "LONGEST_NUMBER",
    "MOST_COMPARED",
    "MOST_EXPERTS",
    "MOST_LEVELS",
    "MOST_NODES",
    "MOST_PROBLEMS",
    "MOST_VALUES",
]

LARGEST_FILE = 16 * 2**20
"""Bytes of a model's own file, or of a questionnaire that came back."""

LARGEST_EXPERT_FILE = 2**20
"""Bytes of an expert's own file."""

MOST_VALUES = 1_000_000
"""Keys and values of a document, those that aliases repeat included."""

DEEPEST = 100
"""How deep lists and mappings may lie in each other."""

LONGEST_NUMBER = 100
"""Characters of a number; more than five times what a float can tell apart."""

LONGEST_NAME = 200
"""Characters of a name of a node, an indicator or an expert."""

MOST_NODES = 100_000
"""Criteria and indicators of a hierarchy."""

MOST_LEVELS = 100
"""Criteria and indicators from the goal down to an indicator, both counted."""

MOST_EXPERTS = 1_000
"""Experts of a model."""

MOST_COMPARED = 200
"""Items below one node, or categories of one indicator, that are compared pairwise."""

MOST_PROBLEMS = 100
"""Problems that are told of a document at once."""
