"""`ScoredFiles`: what scoring files into a folder came to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ahpvalue.support.display import Result, Table

__all__ = ["ScoredFile", "ScoredFiles"]

_SHOWN = 20


@dataclass(frozen=True)
class ScoredFile:
    """One file and its scores.

    Attributes
    ----------
    input, output : Path
    size : int
        Bytes of the input.
    rows : int
        Customers in it, lines without an id among them.
    rated : int
        How many have a total.
    refused : int
        How many have no score, because a value or the id cannot be used.
    warned : int
        How many values are outside the expected range, and customers of whom the rule for who
        is active cannot tell.
    skipped : bool
        Whether its scores were there already.
    """

    input: Path
    output: Path
    size: int
    rows: int
    rated: int
    refused: int
    warned: int
    skipped: bool


@dataclass(frozen=True, repr=False)
class ScoredFiles(Result):
    """Scores of files in a folder.

    Attributes
    ----------
    folder : Path
    files : tuple of ScoredFile
    statuses : dict of str to int
        How many customers have which status; `refused` counts lines without an id, too.
    mean_total : float or None
        Of those who are rated.
    inputs : Table
        What the columns held, all files together; see `Scores.inputs`.
    warnings : tuple of str
        What was said of the columns and of refused customers, all files together.
    model_hash, reference_hash : str
    """

    folder: Path
    files: tuple[ScoredFile, ...]
    statuses: dict[str, int]
    mean_total: float | None
    inputs: Table
    warnings: tuple[str, ...]
    model_hash: str
    reference_hash: str

    @property
    def rows(self) -> int:
        """Customers in all files."""
        return sum(one.rows for one in self.files)

    @property
    def refused(self) -> int:
        """Customers without a score, because a value or the id cannot be used."""
        return sum(one.refused for one in self.files)

    @property
    def skipped(self) -> int:
        """Files whose scores were there already."""
        return sum(one.skipped for one in self.files)

    def to_dict(self) -> dict[str, Any]:
        """One row per file: column name to list."""
        return {
            "file": [str(one.input) for one in self.files],
            "scores": [str(one.output) for one in self.files],
            "rows": [one.rows for one in self.files],
            "rated": [one.rated for one in self.files],
            "refused": [one.refused for one in self.files],
            "warned": [one.warned for one in self.files],
            "skipped": [one.skipped for one in self.files],
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """One row per file, as a frame."""
        return Table("", self.to_dict()).to_frame(backend)

    def table(self) -> Table:
        """The first files, and what all came to."""
        shown = {name: values[:_SHOWN] for name, values in self.to_dict().items()}
        shown["skipped"] = ["there already" if one else "" for one in shown["skipped"]]
        statuses = ", ".join(f"{count:,} {status}" for status, count in self.statuses.items())
        said = [f"{self.rows:,} customers" + (f": {statuses}" if statuses else "")]
        if self.mean_total is not None:
            said.append(f"Mean total {self.mean_total:.1f}")
        if len(self.files) > _SHOWN:
            said.insert(0, f"{_SHOWN} of {len(self.files):,} files")
        if self.skipped:
            said.append(f"{self.skipped:,} of {len(self.files):,} files were there already")
        hashes = f"model {self.model_hash}"
        if self.reference_hash:
            hashes += f", reference {self.reference_hash}"
        return Table(
            f"Scores in {self.folder}",
            shown,
            dict.fromkeys(("rows", "rated", "refused", "warned"), ",d"),
            note=f"{'. '.join(said)}. {hashes}",
            details=["scores"],
        )
