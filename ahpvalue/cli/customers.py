"""The commands that meet customers: fit and score."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ahpvalue.cli.inputs import check_folders, is_many, names_folder, table_files
from ahpvalue.cli.names import KINDS, check_target, without_ending
from ahpvalue.cli.options import CustomersFile, Json, ModelFile
from ahpvalue.cli.show import about, as_json, counted, note, progress_bar, rows_of, show
from ahpvalue.errors import AhpValueError, CustomerDataError, Problem
from ahpvalue.model import Model, load_model
from ahpvalue.scores import Scores
from ahpvalue.support.files import check_folder

if TYPE_CHECKING:
    from ahpvalue.cli.streaming import Run

__all__ = ["fit", "score"]


def fit(
    model_file: ModelFile,
    reference: CustomersFile,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: MODEL.fitted.yaml here.")
    ] = None,
    json: Json = False,
) -> None:
    """Fit a model to a reference population and write it with explicit numbers."""
    model = load_model(model_file)
    target = output or Path(f"{model_file.stem}.fitted.yaml")
    if target.suffix not in (".yaml", ".yml"):
        raise AhpValueError(f"{target}: a model is a file ending in .yaml or .yml")
    check_folder(target)
    _refuse_same(target, model_file, reference)
    fitted = _fitted(model, reference, _read(reference, model))
    fitted.save(target)
    if json:
        as_json(about(fitted) | {"written": str(target)})
        return
    population = fitted.document.reference
    assert population is not None
    note(
        f"wrote {target}: model {fitted.hash}, fitted to {population.customers:,} customers "
        f"(reference {fitted.reference_hash})"
    )


def _read(file: Path, model: Model) -> Any:
    from ahpvalue.cli.table_files import read_table  # with polars, after the model has been read

    return read_table(file, model.document)


def _fitted(model: Model, file: Path, table: Any) -> Model:
    try:
        return model.fit(table)
    except CustomerDataError as wrong:
        raise _in_file(wrong, file) from None


def _in_file(wrong: CustomerDataError, file: Path) -> CustomerDataError:
    return CustomerDataError([Problem(p.text, p.path, str(file)) for p in wrong.problems])


def _refuse_same(target: Path, *sources: Path) -> None:
    for source in sources:
        if target.exists() and source.exists() and target.samefile(source):
            raise AhpValueError(f"{target}: would overwrite what is read; name another output")


def score(
    model_file: ModelFile,
    customers: Annotated[
        list[str],
        typer.Argument(
            help="Customers: .csv, .csv.gz or .parquet; several files, a 'pattern*' or a folder."
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="Default: CUSTOMERS.scores.csv here. FOLDER/: score in pieces."
        ),
    ] = "",
    fit_first: Annotated[
        bool,
        typer.Option("--fit", help="Fit to these customers first; writes the fitted model beside."),
    ] = False,
    contributions: Annotated[
        Path | None,
        typer.Option(help="Also write every indicator's points to this file (or folder)."),
    ] = None,
    outputs: Annotated[
        str, typer.Option(help="Only these columns, separated by commas (total,rank,...).")
    ] = "",
    batch: Annotated[
        int | None, typer.Option(min=1, help="Into a folder: how many customers at a time.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Into a folder: write over scores of something else.")
    ] = False,
    json: Json = False,
) -> None:
    """Score customers and write the scores; into a folder in pieces, whatever their size."""
    wanted = [name.strip() for name in outputs.split(",") if name.strip()] or None
    if is_many(customers) or names_folder(output):
        if fit_first:
            raise AhpValueError(
                "--fit: needs all customers at once, and into a folder they are scored in pieces; "
                "run 'ahpvalue fit' on a table of them first, and score with the fitted model"
            )
        from ahpvalue.cli.streaming import score_in_pieces

        folders = _folders(output, contributions)
        files = table_files(customers)
        check_folders(folders, files)
        model = load_model(model_file)
        run = score_in_pieces(model, files, folders, wanted, batch, force)
        _report_run(model, run, folders, json)
        return
    if batch is not None or force:
        raise AhpValueError("--batch and --force are for scores in pieces; give --output FOLDER/")
    _score_whole(model_file, Path(customers[0]), output, fit_first, contributions, wanted, json)


def _folders(output: str, contributions: Path | None) -> dict[str, Path]:
    """Where scores in pieces are to go."""
    if not output:
        raise AhpValueError("several files are scored into a folder; name it: --output FOLDER/")
    found = {"scores": Path(output)}
    if contributions is not None:
        found["contributions"] = contributions
    for folder in found.values():
        if folder.suffix and not folder.is_dir() and folder.name.lower().endswith(KINDS):
            raise AhpValueError(
                f"{folder}: is a file's name; scores in pieces are several files, so name a folder"
            )
    return found


def _score_whole(
    model_file: Path,
    customers: Path,
    output: str,
    fit_first: bool,
    contributions: Path | None,
    wanted: list[str] | None,
    json: bool,
) -> None:
    target = Path(output or f"{without_ending(customers)}.scores.csv")
    for path in filter(None, (target, contributions)):
        check_target(path)
        _refuse_same(path, model_file, customers)
    if target == contributions:
        raise AhpValueError(f"{target}: scores and contributions need a file each")
    model = load_model(model_file)
    table = _read(customers, model)
    written = [target]
    if fit_first:
        model = _fitted(model, customers, table)
        beside = target.with_name(f"{without_ending(target)}.model.yaml")
        _refuse_same(beside, model_file)
        model.save(beside)
        written.append(beside)
    try:
        with progress_bar(len(table)) as progress:
            scores = model.score(table, outputs=wanted, progress=progress)
    except CustomerDataError as wrong:
        raise _in_file(wrong, customers) from None
    _write(scores.frame, target)
    if contributions is not None:
        _write(scores.contributions, contributions)
        written.append(contributions)
    _report(model, scores, written, json)


def _write(frame: Any, path: Path) -> None:
    from ahpvalue.cli.table_files import write_table

    write_table(frame, path)


def _report(model: Model, scores: Scores, written: list[Path], json: bool) -> None:
    best = scores.table()
    inputs = scores.inputs
    if json:
        as_json(
            about(model)
            | {
                "customers": len(scores),
                "written": list(map(str, written)),
                "best": rows_of(best.to_dict()),
                "inputs": rows_of(inputs.to_dict()),
            }
        )
        return
    show(best)
    show(inputs)
    for path in written:
        note(f"wrote {path}")


def _report_run(model: Model, run: Run, folders: dict[str, Path], json: bool) -> None:
    tally, inputs = run.tally, run.tally.inputs(model.plan)
    mean = tally.total / tally.rated if tally.rated else None
    speed = run.scored / max(run.seconds, 1e-9)
    if json:
        as_json(
            about(model)
            | {
                "files": run.files,
                "pieces": run.pieces,
                "pieces_there_already": run.there,
                "customers": tally.customers,
                "statuses": tally.statuses,
                "mean_total": mean,
                "seconds": run.seconds,
                "customers_per_second": speed,
                "written": list(map(str, folders.values())),
                "inputs": rows_of(inputs.to_dict()),
            }
        )
        return
    show(inputs)
    statuses = ", ".join(f"{count:,} {status}" for status, count in tally.statuses.items())
    note(f"{counted(run.files, 'file')}, {counted(tally.customers, 'customer')}: {statuses}")
    if mean is not None:
        note(f"mean total {mean:.1f}")
    if run.there:
        note(f"{run.there:,} of {counted(run.pieces, 'piece')} there already, not scored again")
    if run.there == run.pieces:
        note("nothing was left to score")
        return
    note(f"{counted(run.scored, 'customer')} scored in {run.seconds:.1f} s, {speed:,.0f} a second")
    for folder in folders.values():
        note(f"wrote {folder}{os.sep}")
