"""Customers in files of any size: how they are read, and how they are scored into a folder."""

from ahpvalue.scoring.files.file_places import find_files, is_pattern
from ahpvalue.scoring.files.file_scoring import FileScoring, score_files
from ahpvalue.scoring.files.kinds import KINDS, kind_of, without_ending
from ahpvalue.scoring.files.scored_files import ScoredFile, ScoredFiles
from ahpvalue.scoring.files.table_scan import ColumnType, in_file, read_table

__all__ = [
    "KINDS",
    "ColumnType",
    "FileScoring",
    "ScoredFile",
    "ScoredFiles",
    "find_files",
    "in_file",
    "is_pattern",
    "kind_of",
    "read_table",
    "score_files",
    "without_ending",
]
