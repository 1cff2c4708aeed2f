"""The commands that meet customers: fit and score."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ahpvalue.cli.names import check_document, check_target, refuse_files_of
from ahpvalue.cli.options import AllowOutside, CustomersFile, Force, Json, ModelFile
from ahpvalue.cli.show import about, as_json, note, progress_bar, rows_of, share_bar, show
from ahpvalue.errors import AhpValueError
from ahpvalue.model import Model, load_model
from ahpvalue.scores import Scores
from ahpvalue.scoring import ScoredFiles, find_files, in_file, is_pattern, without_ending
from ahpvalue.support.files import is_same_place

__all__ = ["fit", "score"]


def fit(
    model_file: ModelFile,
    reference: CustomersFile,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: MODEL.fitted.yaml here.")
    ] = None,
    force: Force = False,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Fit a model to a reference population and write it with explicit numbers."""
    target = output or Path(f"{model_file.stem}.fitted.yaml")
    check_document(target, [model_file, reference], force=force)
    model = load_model(model_file, allow_outside=allow_outside)
    refuse_files_of(model, target)
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
        + (f", {fitted.compiled.accuracy}" if fitted.compiled.accuracy else "")
    )


def _read(file: Path, model: Model) -> Any:
    from ahpvalue.cli.table_files import read_table  # with polars, after the model has been read

    return read_table(file, model.document)


def _fitted(model: Model, file: Path, table: Any) -> Model:
    with in_file(file):
        return model.fit(table)


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
            "--output", "-o", help="Default: CUSTOMERS.scores.csv here. FOLDER/: a file per file."
        ),
    ] = "",
    fit_first: Annotated[
        bool,
        typer.Option("--fit", help="Fit to these customers first; writes the fitted model beside."),
    ] = False,
    contributions: Annotated[
        Path | None,
        typer.Option(help="Also write every indicator's points to this file; not into a folder."),
    ] = None,
    outputs: Annotated[
        str, typer.Option(help="Only these columns, separated by commas (total,rank,...).")
    ] = "",
    kind: Annotated[
        str, typer.Option("--format", help="Into a folder: parquet (the default) or csv.")
    ] = "",
    force: Force = False,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Score customers and write the scores; with a folder as output, files of any size."""
    wanted = [name.strip() for name in outputs.split(",") if name.strip()] or None
    if _is_many(customers) or _is_folder(output):
        if not output:
            raise AhpValueError("several files are scored into a folder; name it: --output FOLDER/")
        if fit_first or contributions is not None:
            raise AhpValueError(
                "--fit and --contributions need all customers at once, and into a folder files are "
                "scored one after another; leave them out, or score one file into one file"
            )
        model = load_model(model_file, allow_outside=allow_outside)
        _score_files(model, customers, output, wanted, kind or "parquet", json)
        return
    if kind:
        raise AhpValueError("--format is for scores in a folder; give --output FOLDER/")
    table = Path(customers[0])
    target = Path(output or f"{without_ending(table)}.scores.csv")
    targets = [path for path in (target, contributions) if path is not None]
    for path in targets:
        check_target(path, [model_file, table])
    if contributions is not None and is_same_place(target, contributions):
        raise AhpValueError(f"{target}: scores and contributions need a file each")
    fitted = target.with_name(f"{without_ending(target)}.model.yaml") if fit_first else None
    if fitted is not None:
        check_document(fitted, [model_file, *targets], force=force)
    model = load_model(model_file, allow_outside=allow_outside)
    _score_whole(model, table, target, fitted, contributions, wanted, json)


def _is_many(customers: list[str]) -> bool:
    """Whether more than one file is meant, or may be."""
    return len(customers) != 1 or Path(customers[0]).is_dir() or is_pattern(customers[0])


def _is_folder(output: str) -> bool:
    """Whether an output is a folder: one that is there, or written with a slash at its end."""
    return bool(output) and (output.endswith(("/", os.sep)) or Path(output).is_dir())


def _score_files(
    model: Model, customers: list[str], folder: str, wanted: list[str] | None, kind: str, json: bool
) -> None:
    size = sum(path.stat().st_size for path in find_files(customers))
    try:
        with share_bar(size) as advance:
            found = model.score_files(
                customers,
                folder,
                outputs=wanted,
                format=kind,
                progress=lambda file: advance(file.size, file.rows),
            )
    except KeyboardInterrupt:
        raise AhpValueError(
            f"{folder}: stopped; what is there is whole, and the same command goes on from it"
        ) from None
    _report_files(model, found, json)


def _score_whole(
    model: Model,
    customers: Path,
    target: Path,
    fitted: Path | None,
    contributions: Path | None,
    wanted: list[str] | None,
    json: bool,
) -> None:
    table = _read(customers, model)
    written = [target]
    if fitted is not None:
        refuse_files_of(model, fitted)
        model = _fitted(model, customers, table)
        model.save(fitted)
        written.append(fitted)
    with in_file(customers), progress_bar(len(table)) as progress:
        scores = model.score(table, outputs=wanted, progress=progress)
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


def _report_files(model: Model, found: ScoredFiles, json: bool) -> None:
    if json:
        as_json(
            about(model)
            | {
                "customers": found.rows,
                "refused": found.refused,
                "statuses": found.statuses,
                "mean_total": found.mean_total,
                "skipped": found.skipped,
                "written": str(found.folder),
                "files": rows_of(found.to_dict()),
                "inputs": rows_of(found.inputs.to_dict()),
            }
        )
        return
    show(found.inputs)
    show(found.table())
