"""Scoring files of any size into a folder: polars reads, scores and writes each in a stream."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ahpvalue.errors import AhpValueError, CustomerDataError, CustomerDataWarning, warn
from ahpvalue.scoring.customers import REFUSED
from ahpvalue.scoring.eager import chosen_outputs, output_names
from ahpvalue.scoring.files.file_counts import FileCounts
from ahpvalue.scoring.files.file_places import find_files, score_places
from ahpvalue.scoring.files.files_record import Done, FilesRecord, Input
from ahpvalue.scoring.files.kinds import kind_of
from ahpvalue.scoring.files.scored_files import ScoredFile, ScoredFiles
from ahpvalue.scoring.files.table_scan import (
    ColumnType,
    check_table,
    column_names,
    in_file,
    no_id,
    polars,
    readable,
    scan_table,
    without_id,
)
from ahpvalue.scoring.inputs import inputs_table
from ahpvalue.scoring.lazy import (
    STANDINGS,
    LazyCheck,
    LazyCustomers,
    check_lazy,
    columns_read,
    score_lazy,
)
from ahpvalue.scoring.plan import Plan
from ahpvalue.support.files import is_write_error, made_folder

__all__ = ["FileScoring", "score_files"]

AnyPath = str | os.PathLike[str]


@dataclass(frozen=True)
class FileScoring:
    """What files are scored with.

    Attributes
    ----------
    plan : Plan
    types : mapping of str to {"id", "value", "number", "text"}
        What the columns of a CSV file hold.
    model_hash, reference_hash : str
    """

    plan: Plan
    types: Mapping[str, ColumnType]
    model_hash: str
    reference_hash: str


def score_files(
    scoring: FileScoring,
    paths: AnyPath | Iterable[AnyPath],
    folder: AnyPath,
    *,
    outputs: Sequence[str] | None = None,
    format: str = "parquet",  # noqa: A002 - the word of everybody
    progress: Callable[[ScoredFile], None] | None = None,
) -> ScoredFiles:
    """Score files into a folder; see `Model.score_files`."""
    run = _Run(scoring, _row_outputs(scoring.plan, outputs), Path(folder), format)
    places = score_places(find_files(paths), run.folder, format)
    record = FilesRecord(run.folder)
    record.refuse_others(places)
    for text in run.check(places.values()):
        warn(text, CustomerDataWarning)
    made_folder(run.folder)
    record.sweep()
    files, total = [], FileCounts()
    for name, path in places.items():
        entry = record.find(name, path, run.how)
        is_there = entry is not None
        if entry is None:
            entry = run.scored(record, name, path)
        counts = FileCounts.from_dict(entry.counts)
        total.add(counts)
        files.append(counts.of_file(path, run.folder / name, entry.input.size, is_there))
        if progress is not None:
            progress(files[-1])
    return run.result(files, total)


def _row_outputs(plan: Plan, outputs: Sequence[str] | None) -> list[str]:
    """The outputs asked for; left out, all that do not need all customers at once."""
    known = output_names(plan)
    if outputs is None:
        return [name for name in known if name not in STANDINGS]
    standings = [name for name in outputs if name in STANDINGS]
    if standings:
        raise AhpValueError(
            f"{', '.join(standings)}: needs all customers at once, and files are scored one after "
            "another; leave it out, or score one table"
        )
    return list(chosen_outputs(known, outputs))


class _Run:
    """What all files of a run have in common."""

    def __init__(self, scoring: FileScoring, outputs: list[str], folder: Path, ending: str) -> None:
        self.scoring, self.plan = scoring, scoring.plan
        self.is_parquet = ending == "parquet"
        self.outputs, self.folder = outputs, folder
        self.columns = list(
            dict.fromkeys([self.plan.customer, *columns_read(self.plan, self._peers)])
        )
        self.how = {
            "model": scoring.model_hash,
            "reference": scoring.reference_hash,
            "outputs": outputs,
        }

    @property
    def _peers(self) -> bool:
        return any(name.startswith("peer_") for name in self.outputs)

    def check(self, files: Iterable[Path]) -> list[str]:
        """Refuse files that cannot be scored before one is; what is to be warned of.

        Raises
        ------
        CustomerDataError
            Columns are not there or hold no values, or ids differ in type between files.
        """
        said: dict[str, None] = {}
        first: tuple[Path, Any] | None = None
        for path in files:
            names = column_names(path, self.scoring.types)
            with warnings.catch_warnings(record=True) as caught, readable(path), in_file(path):
                warnings.simplefilter("always")
                read = self.columns if {*self.columns} <= {*names} else names
                customers = self._customers(scan_table(path, self.scoring.types, read))
                customers.check(self.plan, self._peers)
            said |= dict.fromkeys(str(one.message) for one in caught)
            held = customers.schema[self.plan.customer]
            first = first or (path, held)
            if held != first[1]:
                raise CustomerDataError(
                    f"{path}: column {self.plan.customer!r} (the customers' ids) is {held}, but "
                    f"{first[1]} in {first[0]}; write it alike in all files"
                )
        return list(said)

    def _customers(self, frame: Any) -> LazyCustomers:
        import narwhals as nw

        return LazyCustomers(nw.from_native(frame))

    def scored(self, record: FilesRecord, name: str, path: Path) -> Done:
        """Score one file, and record it."""
        pl, source, odd = polars(), Input.of(path), check_table(path)
        with record.unfinished(name) as (part, finish), readable(path, writes=True), in_file(path):
            try:
                counts = self._written(path, part, as_texts=False)
            except pl.exceptions.ComputeError as wrong:
                if kind_of(path) == ".parquet" or is_write_error(wrong):
                    raise
                counts = self._written(path, part, as_texts=True)
            counts.notes = odd
            if not source.is_same(path):
                raise CustomerDataError("changed while it was read; score it again")
            found = Done(source, self.how, part.stat().st_size, counts.to_dict())
            finish(found)
        return found

    def _written(self, path: Path, part: Path, as_texts: bool) -> FileCounts:
        """Write a file's scores, and count what its customers held and got."""
        pl, types = polars(), self.scoring.types
        frame = scan_table(path, types, self.columns, as_texts=as_texts)
        if as_texts:
            self._refuse_words(frame)
        counts = FileCounts()
        frame = self._with_ids(frame, path, counts)
        customers = self._customers(frame)
        scores = self._scores(customers, self.outputs)
        (scores.sink_parquet if self.is_parquet else scores.sink_csv)(part)
        if self.is_parquet and {"total", "status"} <= {*self.outputs}:
            scores = pl.scan_parquet(part, glob=False)
        else:
            scores = self._scores(customers, ["total", "status"])
        counts.add_statuses(scores)
        words = [name for name, kind in types.items() if kind == "value"] if as_texts else []
        check = LazyCheck(self.plan, customers, ids=False, words=words)
        counts.columns.add(check)
        return counts

    def _scores(self, customers: LazyCustomers, outputs: Sequence[str]) -> Any:
        hashes = {"model": self.scoring.model_hash, "reference": self.scoring.reference_hash}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CustomerDataWarning)  # said before
            check_lazy(self.plan, customers, outputs)
        return score_lazy(self.plan, customers, outputs, hashes)

    def _with_ids(self, frame: Any, path: Path, counts: FileCounts) -> Any:
        """The customers with an id; the others are counted, and the first are named."""
        count, places = without_id(frame, path, self.plan.customer)
        if not count:
            return frame
        counts.without_id = count
        counts.places = [f"{path}, {place}" for place in places]
        return frame.filter(~no_id(frame, self.plan.customer))

    def _refuse_words(self, frame: Any) -> None:
        """Refuse words in columns that rules compare with numbers: nobody can tell who is meant."""
        pl = polars()
        types = self.scoring.types
        for name in (one for one in self.columns if types.get(one) == "number"):
            lost = frame.filter(pl.col(name).is_infinite()).select(self.plan.customer).head(1)
            found = lost.collect(engine="streaming")
            if len(found):
                raise CustomerDataError(
                    f"column {name!r}: holds no number for {found.item()}, and a rule compares it "
                    "with numbers; write a number, or nothing"
                )

    def result(self, files: Sequence[ScoredFile], total: FileCounts) -> ScoredFiles:
        """What all files came to; warns of it once."""
        said = total.warnings(self.plan)
        for text in said:
            warn(text, CustomerDataWarning)
        summaries = ((one, total.columns.summary(one)) for one in self.plan.indicators)
        statuses = dict(total.statuses)
        if total.without_id:
            statuses[REFUSED] = statuses.get(REFUSED, 0) + total.without_id
        return ScoredFiles(
            self.folder,
            tuple(files),
            statuses,
            total.total / total.rated if total.rated else None,
            inputs_table(summaries),
            tuple(said),
            self.scoring.model_hash,
            self.scoring.reference_hash,
        )
