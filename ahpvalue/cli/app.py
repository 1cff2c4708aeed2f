"""The commands: demo, init, check, weights, fit, score; others are registered at the end."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from ahpvalue import __version__
from ahpvalue.cli.decisions import register
from ahpvalue.cli.experts import accept, consensus, review, uncertainty
from ahpvalue.cli.files import check_target, read_table, without_ending, write_table
from ahpvalue.cli.options import CustomersFile, Json, Language, ModelFile
from ahpvalue.cli.questionnaires import collect, questionnaire
from ahpvalue.cli.show import (
    about,
    as_json,
    note,
    progress_bar,
    rows_of,
    show,
    warnings_as_lines,
)
from ahpvalue.demo import synthetic_customers
from ahpvalue.errors import AhpValueError, CustomerDataError, Problem
from ahpvalue.files import check_folder, written_whole
from ahpvalue.model import Model, load_model
from ahpvalue.ready import template_folder
from ahpvalue.scoring import Scores

__all__ = ["app", "run"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Score customers by the Analytic Hierarchy Process, from a model document in YAML.",
    epilog="Exit codes: 0 done, 1 a finding under --strict, 2 input that cannot be used.",
)


def run() -> int:
    """Run the command line; returns the exit code."""
    with warnings_as_lines():
        try:
            code = app(standalone_mode=False)
        except AhpValueError as wrong:
            sys.stderr.write(f"{wrong}\n")
            return 2
        except BrokenPipeError:
            # Whoever read our output has seen enough; say nothing more to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except OSError as wrong:
            sys.stderr.write(": ".join(filter(None, (wrong.filename, wrong.strerror))) + "\n")
            return 2
        except typer.Abort:
            return 2
        except Exception as wrong:
            # Usage errors of the argument parser show themselves and carry their exit code.
            if not hasattr(wrong, "exit_code"):
                raise
            if hasattr(wrong, "show"):
                wrong.show()
            return int(wrong.exit_code)
    return code if isinstance(code, int) else 0


def _version(wanted: bool) -> None:
    if wanted:
        note(f"ahpvalue {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")] = Path(
        "ahpvalue-demo"
    ),
    customers: Annotated[int, typer.Option(min=20, help="How many customers to make up.")] = 500,
    seed: Annotated[int, typer.Option(help="Seed of the made-up customers.")] = 7,
    language: Language = "en",
) -> None:
    """Show the whole way: invented experts, synthetic customers, real computation."""
    _refuse_other_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _copy_template("retail-terminal", folder, force=True)
    model = load_model(folder / "model.yaml")
    table = pl.DataFrame(synthetic_customers(customers, seed), nan_to_null=True)
    write_table(table, folder / "customers.csv")
    note(
        f"The customers are SYNTHETIC ({customers:,} made up from seed {seed}) and the experts' "
        "judgments are INVENTED.\n"
    )
    show(model.consistency().table())
    show(model.weights(language=language).table())
    show(model.weights(language=language).indicators)
    fitted = model.fit(table)
    scores = fitted.score(table)
    fitted.save(folder / "model.fitted.yaml")
    write_table(scores.frame, folder / "scores.csv")
    write_table(scores.contributions, folder / "contributions.csv")
    show(scores.table())
    note(f"Written to {folder}{'' if str(folder).endswith('/') else '/'}:")
    for name, what in (
        ("model.yaml", "the model: hierarchy, experts, indicators"),
        ("experts/", "each expert's judgments in a file of its own"),
        ("customers.csv", "the synthetic customers"),
        ("model.fitted.yaml", "the model with every number explicit"),
        ("scores.csv", "every customer's scores, coverage and rank"),
        ("contributions.csv", "how many points each indicator gives to each total"),
    ):
        note(f"  {name:<18} {what}")


def _refuse_other_folder(folder: Path) -> None:
    """The demo writes over an earlier demo, and over nothing else."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    source = template_folder("retail-terminal")
    for mine in source.rglob("*.yaml"):
        theirs = folder / mine.relative_to(source)
        if theirs.is_file() and theirs.read_bytes() == mine.read_bytes():
            continue
        raise AhpValueError(f"{folder}: holds other files; name a new folder for the demo")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to write the model.")] = Path(),
    template: Annotated[str, typer.Option(help="Which ready model.")] = "retail-terminal",
    force: Annotated[bool, typer.Option(help="Overwrite files that are there.")] = False,
) -> None:
    """Write a ready model to start from, with one file per expert."""
    for path in _copy_template(template, folder, force):
        note(f"wrote {path}")
    target = folder / "model.yaml"
    note(f"Its judgments are invented. Next: edit them, then 'ahpvalue check {target}'")


def _copy_template(name: str, folder: Path, force: bool) -> list[Path]:
    source = template_folder(name)
    files = [path.relative_to(source) for path in sorted(source.rglob("*.yaml"))]
    there = [str(folder / file) for file in files if (folder / file).exists()]
    if there and not force:
        raise AhpValueError(f"{', '.join(there)}: there already; --force overwrites")
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        with written_whole(folder / file) as unfinished:
            shutil.copyfile(source / file, unfinished)
    return [folder / file for file in files]


@app.command()
def check(
    model_file: ModelFile,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when a CR is over the limit.")
    ] = False,
    json: Json = False,
) -> None:
    """Check a model document and the consistency of its judgments."""
    model = load_model(model_file)
    consistency = model.consistency()
    if json:
        as_json(
            about(model)
            | {"acceptable": consistency.acceptable}
            | {"consistency": rows_of(consistency.to_dict())}
        )
    else:
        show(consistency.table())
        note(f"{model_file}: well formed, model {model.hash}, {_fitness(model)}")
        over = len(consistency.exceeding)
        for expert in _silent_experts(model):
            note(f"{expert} has answered nothing")
        if over:
            note(f"{over} of {len(consistency.rows)} matrices are over the consistency limit")
    if strict and not consistency.acceptable:
        raise typer.Exit(1)


def _silent_experts(model: Model) -> list[str]:
    answering = {who for comparison in model.comparisons.values() for who in comparison.answers}
    return [who for who in model.document.judgments.experts if who not in answering]


def _fitness(model: Model) -> str:
    if model.reference_hash:
        return f"fitted to reference {model.reference_hash}"
    return "ready to score" if model.is_fitted else "to be fitted before it can score"


@app.command()
def weights(
    model_file: ModelFile,
    synthesis: Annotated[str, typer.Option(help="distributive or ideal.")] = "distributive",
    language: Language = "",
    json: Json = False,
) -> None:
    """Show local and global priorities, and every indicator's effective weight."""
    model = load_model(model_file)
    found = model.weights(synthesis, language or None)
    if json:
        as_json(about(model) | {"synthesis": synthesis, "weights": rows_of(found.to_dict())})
        return
    show(found.table())
    show(found.indicators)


@app.command()
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
    fitted = _fitted(model, reference, read_table(reference, model))
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


def _fitted(model: Model, file: Path, table: pl.DataFrame) -> Model:
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


@app.command()
def score(
    model_file: ModelFile,
    customers: CustomersFile,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: CUSTOMERS.scores.csv here.")
    ] = None,
    fit_first: Annotated[
        bool,
        typer.Option("--fit", help="Fit to these customers first; writes the fitted model beside."),
    ] = False,
    contributions: Annotated[
        Path | None, typer.Option(help="Also write every indicator's points to this file.")
    ] = None,
    outputs: Annotated[
        str, typer.Option(help="Only these columns, separated by commas (total,rank,...).")
    ] = "",
    json: Json = False,
) -> None:
    """Score customers and write the scores."""
    target = output or Path(f"{without_ending(customers)}.scores.csv")
    for path in filter(None, (target, contributions)):
        check_target(path)
        _refuse_same(path, model_file, customers)
    if target == contributions:
        raise AhpValueError(f"{target}: scores and contributions need a file each")
    model = load_model(model_file)
    table = read_table(customers, model)
    written = [target]
    if fit_first:
        model = _fitted(model, customers, table)
        beside = target.with_name(f"{without_ending(target)}.model.yaml")
        _refuse_same(beside, model_file)
        model.save(beside)
        written.append(beside)
    wanted = [name.strip() for name in outputs.split(",") if name.strip()] or None
    try:
        with progress_bar(len(table)) as progress:
            scores = model.score(table, outputs=wanted, progress=progress)
    except CustomerDataError as wrong:
        raise _in_file(wrong, customers) from None
    write_table(scores.frame, target)
    if contributions is not None:
        write_table(scores.contributions, contributions)
        written.append(contributions)
    _report(model, scores, written, json)


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


for _command in (questionnaire, collect, review, accept, consensus, uncertainty):
    app.command()(_command)
register(app)
