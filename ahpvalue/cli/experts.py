"""The commands of the experts' room: review, accept, consensus, uncertainty."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ahpvalue.cli.names import check_document
from ahpvalue.cli.options import AllowOutside, DryRun, Force, Json, ModelFile
from ahpvalue.cli.show import about, as_json, note, rows_of, show, show_difference
from ahpvalue.errors import AhpValueError
from ahpvalue.experts import MatrixReview, ModelReview
from ahpvalue.judgments import judgment_text
from ahpvalue.model import Model, load_model
from ahpvalue.support.defaults import SEED
from ahpvalue.support.files import refuse_overwriting

__all__ = ["accept", "consensus", "review", "uncertainty"]


def review(
    model_file: ModelFile,
    expert: Annotated[str, typer.Option(help="Only this expert.")] = "",
    language: Annotated[str, typer.Option(help="Language of the sentences: en or zh.")] = "en",
    everything: Annotated[
        bool, typer.Option("--all", help="Also say what is in order, and list every judgment.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when something should be taken back.")
    ] = False,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Show which judgments an expert should reconsider, and the smallest change that is enough."""
    model = load_model(model_file, allow_outside=allow_outside)
    found = model.experts.review()
    said = found.sentences(expert or None, language=language, everything=everything)
    if json:
        as_json(about(model) | {"review": _as_data(found, expert), "sentences": said})
    else:
        show(found.table())
        for row in found.rows:
            if everything and expert in ("", row.expert):
                show(row.table())
                show(row.errors)
        for who, sentences in said.items():
            note(f"\nTo {who}:")
            for sentence in sentences:
                note(f"  {sentence}")
    if strict and any(row for row in found.open if expert in ("", row.expert)):
        raise typer.Exit(1)


def _as_data(found: ModelReview, expert: str) -> list[dict[str, Any]]:
    return [_row(row) for row in found.rows if expert in ("", row.expert)]


def _row(row: MatrixReview) -> dict[str, Any]:
    repaired = row.repair
    labels = row.matrix.labels
    return {
        "node": row.node,
        "expert": row.expert,
        "cr": row.consistency.cr,
        "limit": row.consistency.limit,
        "verdict": row.consistency.verdict,
        "cycles": row.consistency.cycles,
        "changes": None
        if repaired is None
        else [
            {
                "pair": f"{labels[c.i]} vs {labels[c.j]}",
                "old": judgment_text(c.old),
                "new": judgment_text(c.new),
            }
            for c in repaired.changes
        ],
        "cr_then": None if repaired is None else repaired.cr,
        "fewest": None if repaired is None else repaired.fewest,
        "judgments": rows_of(row.to_dict()),
    }


def accept(
    model_file: ModelFile,
    expert: Annotated[str, typer.Argument(help="Whose answers change.")],
    node: Annotated[str, typer.Argument(help="The node they are about.")],
    answers: Annotated[
        list[str] | None, typer.Argument(help="New answers, such as 'sales vs credit=1/2'.")
    ] = None,
    proposal: Annotated[
        bool, typer.Option("--proposal", help="Take the changes that 'review' proposes.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who agreed to it.")] = "",
    reason: Annotated[str, typer.Option("--note", help="Why.")] = "",
    day: Annotated[str, typer.Option(help="When, as 2026-03-31; today when left out.")] = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the expert's answers to a file of their own."),
    ] = None,
    force: Force = False,
    dry_run: DryRun = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Change answers in the file that holds them; who agreed and when goes on record."""
    model = load_model(model_file, allow_outside=allow_outside)
    if output is not None:
        check_document(output, (), force=force)
        refuse_overwriting(output, [model_file])
    changes: dict[Any, str] = dict(_read_answers(answers or []))
    if proposal and changes:
        raise AhpValueError("either --proposal or answers of one's own, not both")
    if proposal:
        changes = model.experts.review().of(expert, node).proposal
        if not changes:
            raise AhpValueError(f"nothing is proposed for {expert} on {node}")
    if not by:
        raise AhpValueError("name who agreed to the change: --by 'regional manager'")
    changed = model.experts.accept(expert, node, changes, by=by, day=day or None, note=reason)
    for pair, answer in changes.items():
        named = pair if isinstance(pair, str) else " vs ".join(pair)
        note(f"{node}: {named} is now {answer}")
    cr = changed.comparisons[node].consistency(changed.document)[expert].cr
    note(f"CR of {expert} on {node}: {'not testable' if cr is None else f'{cr:.3f}'}")
    if output is None:
        _write_back(changed, dry_run)
    elif not dry_run:
        changed.experts.save_expert(expert, output)
        note(f"wrote {output}")
        note(
            f"To use it, name it in {model_file} under judgments.experts.{expert}.file, where no "
            f"other answers of {expert} may stand"
        )


def _write_back(changed: Model, dry_run: bool) -> None:
    """Show what changes in the files of a model, then write them unless it is a dry run."""
    assert changed.origin is not None
    texts = changed.unsaved()
    names = {file: os.path.relpath(file) for file in texts}
    for file, text in texts.items():
        show_difference(changed.origin.files[file], text, names[file])
    if dry_run:
        note("nothing is written: --dry-run")
        return
    changed.save()
    for name in names.values():
        note(f"wrote {name}")


def _read_answers(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        pair, sign, answer = text.partition("=")
        if not sign or not answer.strip():
            raise AhpValueError(f"{text!r} is no answer; write 'sales vs credit=1/2'")
        if pair.strip() in found:
            raise AhpValueError(f"{pair.strip()} is answered twice; give each pair once")
        found[pair.strip()] = answer.strip()
    return found


def consensus(
    model_file: ModelFile, json: Json = False, allow_outside: AllowOutside = False
) -> None:
    """How far the experts agree, where they differ, and what each of them changes."""
    model = load_model(model_file, allow_outside=allow_outside)
    found = model.experts.consensus()
    if json:
        as_json(
            about(model)
            | {
                "overall": found.overall,
                "homogeneity": found.homogeneity,
                "nodes": rows_of(found.to_dict()),
                "pairs": rows_of(found.pairs.to_dict()),
                "representation": rows_of(found.representation.to_dict()),
                "groups": rows_of(found.groups.to_dict()),
                "leave_one_out": rows_of(found.leave_one_out.to_dict()),
            }
        )
        return
    for table in (found.table(), found.pairs, found.representation, found.groups):
        if len(table):
            show(table)
    show(found.leave_one_out)


def uncertainty(
    model_file: ModelFile,
    draws: Annotated[int, typer.Option(min=1, help="How many.")] = 1_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = SEED,
    steps: Annotated[
        float, typer.Option(min=0, max=8, help="Judgments vary by so many steps of the scale.")
    ] = 0.5,
    experts: Annotated[
        bool, typer.Option("--experts/--no-experts", help="Whether experts are resampled.")
    ] = True,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """How sure the weights are: judgments and experts drawn at random."""
    model = load_model(model_file, allow_outside=allow_outside)
    found = model.experts.uncertainty(draws, seed, steps=steps, experts=experts)
    if json:
        as_json(
            about(model)
            | {
                "draws": draws,
                "seed": seed,
                "weights": rows_of(found.nodes.to_dict()),
                "local": rows_of(found.local_table.to_dict()),
            }
        )
        return
    show(found.table())
    show(found.local_table)
