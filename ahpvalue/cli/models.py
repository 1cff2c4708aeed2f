"""The commands about a model as it is written: demo, init, check, weights, upgrade."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from ahpvalue.cli.options import AllowOutside, DryRun, Force, Json, Language, ModelFile
from ahpvalue.cli.show import about, as_json, note, rows_of, show, show_difference
from ahpvalue.document import document_text, read_file, upgrade_text, write_text
from ahpvalue.errors import AhpValueError, ModelError
from ahpvalue.model import Model, load_model
from ahpvalue.support.files import (
    check_folder,
    is_same_place,
    made_folder,
    refuse_former,
    written_whole,
)
from ahpvalue.templates import template_folder

__all__ = ["check", "demo", "init", "upgrade", "weights"]


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")] = Path(
        "ahpvalue-demo"
    ),
    customers: Annotated[int, typer.Option(min=20, help="How many customers to make up.")] = 500,
    seed: Annotated[int, typer.Option(help="Seed of the made-up customers.")] = 7,
    language: Language = "en",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> None:
    """Run a demo: invented experts, synthetic customers, real computation."""
    import polars as pl

    from ahpvalue.cli.table_files import write_table
    from ahpvalue.demo import synthetic_customers

    if not force:
        _refuse_other_folder(folder)
    table = pl.DataFrame(synthetic_customers(customers, seed), nan_to_null=True)
    fitted = load_model(template_folder("retail-terminal") / "model.yaml").fit(table)
    made = {
        folder / "model.fitted.yaml": document_text(fitted.document, fitted.origin),
        folder / "customers.csv": table.write_csv(),
    }
    refuse_former([path for path, text in made.items() if _differs(path, text)], force)
    made_folder(folder)
    _copy_template("retail-terminal", folder, force=True)
    model = load_model(folder / "model.yaml")
    write_table(table, folder / "customers.csv")
    note(
        f"The customers are SYNTHETIC ({customers:,} made up from seed {seed}) and the experts' "
        "judgments are INVENTED.\n"
    )
    show(model.consistency().table())
    show(model.weights(language=language).table())
    show(model.weights(language=language).indicators)
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


def _differs(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() != text.encode("utf-8")


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
    refuse_former([folder / file for file in files], force)
    for file in files:
        made_folder((folder / file).parent)
        with written_whole(folder / file) as unfinished:
            shutil.copyfile(source / file, unfinished)
    return [folder / file for file in files]


def check(
    model_file: ModelFile,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when a CR is over the limit.")
    ] = False,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Check a model document and the consistency of its judgments."""
    model = load_model(model_file, allow_outside=allow_outside)
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


def weights(
    model_file: ModelFile,
    synthesis: Annotated[str, typer.Option(help="distributive or ideal.")] = "distributive",
    language: Language = "",
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Show local and global priorities, and every indicator's effective weight."""
    model = load_model(model_file, allow_outside=allow_outside)
    found = model.weights(synthesis, language=language or None)
    if json:
        as_json(about(model) | {"synthesis": synthesis, "weights": rows_of(found.to_dict())})
        return
    show(found.table())
    show(found.indicators)


def upgrade(
    model_file: ModelFile,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default: the document itself.")
    ] = None,
    force: Force = False,
    dry_run: DryRun = False,
) -> None:
    """Rewrite a document of version 1 as version 2; comments, order and layout stay."""
    target = output or model_file
    check_folder(target)
    if not is_same_place(target, model_file):
        refuse_former([target], force or dry_run)
    source = read_file(model_file)
    if source.problems:
        raise ModelError(source.problems)
    text = upgrade_text(source.text, unversioned=True)
    if text == source.text:
        note(f"{model_file}: nothing to upgrade")
    else:
        show_difference(source.text, text, str(model_file), str(target))
    if dry_run:
        note("nothing is written: --dry-run")
    elif text != source.text or output is not None:
        write_text(target, text)
        note(f"wrote {target}; experts' own files stay as they are")
