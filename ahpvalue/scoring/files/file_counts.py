"""What the customers of files held and got: counts that are kept in the record and added up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ahpvalue.scoring.customers import REFUSED
from ahpvalue.scoring.files.scored_files import ScoredFile
from ahpvalue.scoring.files.table_scan import some_places
from ahpvalue.scoring.lazy import SHOWN, ColumnCounts
from ahpvalue.scoring.plan import Plan
from ahpvalue.support.extras import need

__all__ = ["FileCounts"]


@dataclass
class FileCounts:
    """Counts of one file, or of several.

    Attributes
    ----------
    columns : ColumnCounts
        What the columns of the active customers held.
    statuses : dict of str to int
        How many customers have which status.
    rated : int
        How many have a total.
    total : float
        The sum of their totals.
    without_id : int
        Rows that have no id, and so no score.
    places : list of str
        The first of these.
    notes : list of str
        What is odd about files, with their names.
    """

    columns: ColumnCounts = field(default_factory=ColumnCounts)
    statuses: dict[str, int] = field(default_factory=dict)
    rated: int = 0
    total: float = 0.0
    without_id: int = 0
    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_statuses(self, scores: Any) -> None:
        """Count the customers of a lazy polars frame with ``total`` and ``status``."""
        pl = need("polars", "engines", "a table in a file")
        totals = {"rows": pl.len(), "rated": pl.col("total").count(), "sum": pl.col("total").sum()}
        found = scores.group_by("status").agg(**totals).sort("status")
        for status, rows, rated, total in found.collect(engine="streaming").iter_rows():
            self.statuses[status] = rows
            self.rated += rated
            self.total += total

    def add(self, other: FileCounts) -> None:
        """Count another file's customers, too."""
        self.columns.add(other.columns)
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        self.rated += other.rated
        self.total += other.total
        self.without_id += other.without_id
        self.places = (self.places + other.places)[:SHOWN]
        self.notes = self.notes + other.notes

    def of_file(self, path: Path, output: Path, size: int, skipped: bool) -> ScoredFile:
        """What these counts say of one file."""
        found = self.columns.found
        odd = ("expected ", "unsure ")
        return ScoredFile(
            input=path,
            output=output,
            size=size,
            rows=sum(self.statuses.values()) + self.without_id,
            rated=self.rated,
            refused=self.statuses.get(REFUSED, 0) + self.without_id,
            warned=sum(count for name, count in found.items() if name.startswith(odd)),
            skipped=skipped,
        )

    def warnings(self, plan: Plan) -> list[str]:
        """What is said of the customers of all files, a sentence each."""
        said = list(self.notes)
        if self.without_id:
            rows = "a row has" if self.without_id == 1 else f"{self.without_id:,} rows have"
            some = some_places(self.without_id, self.places)
            said.append(
                f"column {plan.customer!r}: {rows} no id and so no score ({some}); give everybody "
                "an id"
            )
        said += [
            f"{problem.text}; they have no score and the status {REFUSED}"
            for one in plan.indicators
            for problem in self.columns.problems(one)
        ]
        return said + self.columns.warnings(plan)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FileCounts:
        """What `to_dict` gave."""
        columns = ColumnCounts(data["columns"]["found"], data["columns"]["first"])
        return cls(**{**data, "columns": columns})
