"""Scoring files of any size: a piece is read, scored and written before the next one."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ahpvalue.cli.manifest import Entry, Manifest, Origin, piece_file
from ahpvalue.cli.pieces import CsvPieces, ParquetPieces, Piece, pieces_of
from ahpvalue.cli.show import aside, share_bar
from ahpvalue.cli.table_files import write_table
from ahpvalue.cli.tally import Tally
from ahpvalue.errors import (
    AhpValueError,
    CustomerDataError,
    CustomerDataWarning,
    Problem,
    did_you_mean,
    warn,
)
from ahpvalue.model import Model
from ahpvalue.scoring import STANDINGS, Plan, chosen_outputs, columns_read, output_names

__all__ = ["Run", "score_in_pieces", "streamed_outputs"]

_ROWS = 2**20  # of a piece at most: polars' and pyarrow's own row groups fit into it
_CELLS = 2**24  # of a piece, read and written: 128 MB
_FEWEST = 2**14


@dataclass
class Run:
    """What scoring some files has come to.

    Attributes
    ----------
    files, pieces : int
    there : int
        How many of the pieces were there already.
    tally : Tally
        Of all pieces, whenever they were scored.
    scored : int
        Customers scored in this run.
    seconds : float
    """

    files: int
    pieces: int = 0
    there: int = 0
    tally: Tally = field(default_factory=Tally)
    scored: int = 0
    seconds: float = 0.0


def streamed_outputs(plan: Plan, outputs: Sequence[str] | None) -> list[str]:
    """The outputs asked for; left out, all that do not need all customers at once."""
    known = output_names(plan)
    if outputs is None:
        return [name for name in known if name not in STANDINGS]
    standings = [name for name in outputs if name in STANDINGS]
    if standings:
        raise AhpValueError(
            f"--outputs: {', '.join(standings)}: needs all customers at once, and into a folder "
            "they are scored in pieces; leave it out, or score one file into one file"
        )
    return list(chosen_outputs(known, outputs))


def score_in_pieces(
    model: Model,
    files: Sequence[Path],
    folders: dict[str, Path],
    outputs: Sequence[str] | None = None,
    rows: int | None = None,
    force: bool = False,
) -> Run:
    """Score files into a folder; what is there already, whole and of the same, is left.

    Parameters
    ----------
    model : Model
    files : sequence of Path
    folders : dict of str to Path
        Where the ``scores`` go, and the ``contributions`` if they are wanted.
    outputs : sequence of str, optional
    rows : int, optional
        How many customers a piece has, about; left out, as many as 128 MB hold.
    force : bool
        Write over scores of another model, or of another file of the same name.

    Raises
    ------
    CustomerDataError
        A file cannot be used; names it, the column, and the rows or customers.
    AhpValueError
        The folder holds other scores.
    """
    wanted = streamed_outputs(model.plan, outputs)
    others = columns_read(model.plan, any(name.startswith("peer_") for name in wanted))
    columns = {model.plan.customer: "the customers' ids", **others}
    rows = rows or _rows_of(len(columns) + len(wanted))
    inputs = [pieces_of(file, list(columns), rows, model.document) for file in files]
    _refuse_different(inputs, columns)
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    common = {"model": model.hash, "reference": model.reference_hash, "outputs": wanted}
    record = Manifest.opened(folders, {"manifest": 1, **common}, force)
    work = _Work(model, record, wanted, Run(len(files)))
    origins = [Origin.of(one.path) for one in inputs]
    for one, origin in zip(inputs, origins, strict=True):
        if record.keep(one.path.name, origin, force):
            aside(f"{one.path}: has changed since it was scored; it is scored again")
    began = time.perf_counter()
    with _stoppable(folders["scores"]), share_bar(sum(one.size for one in origins)) as advance:
        for one, origin in zip(inputs, origins, strict=True):
            for share in work.file(one, origin):
                advance(share * origin.size, work.run.tally.customers)
    work.run.seconds = time.perf_counter() - began
    for remark in work.run.tally.remarks(model.plan):
        warn(remark, CustomerDataWarning)
    return work.run


@dataclass
class _Work:
    """One run: what is scored, where it is recorded, and what it has come to."""

    model: Model
    record: Manifest
    wanted: list[str]
    run: Run

    def file(self, pieces: ParquetPieces | CsvPieces, origin: Origin) -> Iterator[float]:
        """Score a file; gives every piece's share of it."""
        name, before = pieces.path.name, 0

        def done(number: int, start: int) -> int | None:
            entry = self.record.find(name, number, start)
            return None if entry is None else entry.stop

        for piece in pieces.pieces(done):
            entry = self.record.find(name, piece.number, piece.start)
            if entry is not None:
                tally = Tally.from_dict(entry.tally)
                self.run.there += 1
            else:
                tally = self._scored(pieces.path, origin, piece, before)
                self.run.scored += tally.customers
            before += tally.customers
            self.run.tally.add(tally)
            self.run.pieces += 1
            yield piece.share
        self.record.end(name, piece.number)

    def _scored(self, path: Path, origin: Origin, piece: Piece, before: int) -> Tally:
        """Score a piece, write it, and only then record it."""
        assert piece.table is not None
        outputs = list(dict.fromkeys([*self.wanted, "total", "status"]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CustomerDataWarning)  # said once, of all pieces
            try:
                scores = self.model.score(piece.table, outputs=outputs)
            except CustomerDataError as wrong:
                raise _in_rows(wrong, path, before, before + len(piece.table)) from None
        sizes = {}
        for role, folder in reversed(self.record.folders.items()):
            frame = scores.contributions
            if role == "scores":
                frame = scores.frame.select(self.model.plan.customer, *self.wanted)
            target = folder / piece_file(path.name, piece.number)
            write_table(frame, target)
            sizes[role] = target.stat().st_size
        tally = Tally.of(scores)
        self.record.add(
            Entry(path.name, origin, piece.number, piece.start, piece.stop, sizes, tally.to_dict())
        )
        return tally


def _rows_of(columns: int) -> int:
    """How many customers a piece has: a power of two, so that it ends where row groups do."""
    rows = _ROWS
    while rows * columns > _CELLS and rows > _FEWEST:
        rows //= 2
    return rows


def _in_rows(wrong: CustomerDataError, path: Path, start: int, stop: int) -> CustomerDataError:
    place = f"{path}, rows {start + 1:,} to {stop:,}"
    return CustomerDataError([Problem(p.text, p.path, place) for p in wrong.problems])


def _refuse_different(inputs: Sequence[ParquetPieces | CsvPieces], columns: dict[str, str]) -> None:
    """Every file needs the columns that are read, and ids of one type."""
    problems = []
    for one in inputs:
        for column, name in columns.items():
            if column not in one.names:
                near = did_you_mean(column, one.names)
                text = f"there is no column {column!r} ({name}){near}"
                problems.append(Problem(text, file=str(one.path)))
    if problems:
        raise CustomerDataError(problems)
    customer = next(iter(columns))
    typed = [(one.path, one.schema[customer]) for one in inputs if one.schema]
    for path, dtype in typed:
        if dtype != typed[0][1]:
            raise CustomerDataError(
                f"{path}: column {customer!r} (the customers' ids) is {dtype}, but "
                f"{typed[0][1]} in {typed[0][0]}; write it alike in all files"
            )


@contextmanager
def _stoppable(folder: Path) -> Iterator[None]:
    """Ctrl-C ends a run between two files; says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise AhpValueError(
            f"{folder}: stopped; what is there is whole, and the same command goes on from it"
        ) from None
