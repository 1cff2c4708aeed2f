"""The commands that go to the experts and come back: questionnaire, collect."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from ahpvalue.cli.options import AllowOutside, Json, ModelFile
from ahpvalue.cli.show import as_json, note, show
from ahpvalue.document import Questions
from ahpvalue.errors import AhpValueError, ModelError
from ahpvalue.questionnaires import FORMS, Collection, design_questions, load_questions
from ahpvalue.questionnaires import collect as collect_answers
from ahpvalue.questionnaires import questionnaire as questionnaire_of
from ahpvalue.support.files import check_folder, written_whole

__all__ = ["collect", "questionnaire"]


def questionnaire(
    model_file: ModelFile,
    expert: Annotated[
        str | None, typer.Option(help="Who is asked; left out, every expert gets a file.")
    ] = None,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    form: Annotated[
        str | None, typer.Option(help="html (the default), xlsx or csv; or by the output's name.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file, or for every expert a folder."),
    ] = None,
    per_item: Annotated[
        int, typer.Option(help="Ask fewer pairs: each item in so many questions; 0 asks all.")
    ] = 0,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="Start from the answers the model holds.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Overwrite files that are there.")] = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Write questionnaires for the experts: a page to open by double click, or a table."""
    questions = _questions(model_file, allow_outside)
    single = expert is not None and output is not None and not output.is_dir()
    by_name = output.suffix.removeprefix(".").lower() if single and output is not None else ""
    kind = form or (by_name if by_name in FORMS else "html")
    if single and kind != by_name:
        raise AhpValueError(f"{output}: a questionnaire in {kind} is a file ending in .{kind}")
    targets: dict[str, Path] = {}
    for who in questions.experts if expert is None else (expert,):
        targets[who] = output if single and output else (output or Path()) / f"{who}.{kind}"
    if not targets:
        raise ModelError("judgments.experts names nobody to ask; add those who are to judge")
    there = [str(path) for path in targets.values() if path.exists()]
    if there and not force:
        raise AhpValueError(f"{', '.join(there)}: there already; --force overwrites")
    design = design_questions(questions, per_item) if per_item else None
    pairs = None if design is None else design.pairs
    contents = {
        who: questionnaire_of(
            questions, who, kind, language=language, pairs=pairs, with_answers=with_answers
        )
        for who in targets
    }
    if output is not None and not single:
        output.mkdir(parents=True, exist_ok=True)
    for who, path in targets.items():
        with written_whole(path) as unfinished:
            unfinished.write_bytes(contents[who])
        note(f"wrote {path}")
    if design is not None:
        show(design.table())
    count = sum(len(one.pairs) for one in questions.asked) if design is None else design.questions
    again = f" --per-item {per_item}" if per_item else ""
    note(
        f"{count} pairs each, questions {questions.hash}. Put what comes back into one folder; "
        f"next: 'ahpvalue collect FOLDER --model {model_file}{again}'"
    )


def collect(
    folder: Annotated[Path, typer.Argument(help="The folder with what came back.")],
    model_file: Annotated[Path, typer.Option("--model", help="The model that was asked.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the model with the answers in it."),
    ] = None,
    experts: Annotated[
        Path | None,
        typer.Option(help="Write each expert's answers to a file of its own in this folder."),
    ] = None,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Read the questionnaires in a folder; exit with 1 when something was refused."""
    if output is not None:
        _check_target(output, model_file)
    found = collect_answers(folder, _questions(model_file, allow_outside))
    for problem in found.refused:
        sys.stderr.write(f"{problem}\n")
    usable = any(found.judgments.values())
    written = _write(found, output, experts) if usable else []
    missing = _still_missing(found)
    if json:
        as_json(
            found.to_dict()
            | {"missing": missing, "waiting": found.waiting, "written": list(map(str, written))}
        )
    elif usable:
        show(found.table())
        for path in written:
            note(f"wrote {path}")
        for line in missing:
            note(f"not a model yet: {line}")
    if not usable:
        sys.stderr.write(f"{folder}: holds no answers that could be used\n")
        raise typer.Exit(2)
    if found.refused:
        raise typer.Exit(1)


def _questions(model_file: Path, allow_outside: bool) -> Questions:
    questions = load_questions(model_file, allow_outside=allow_outside)
    for problem in questions.outdated:
        sys.stderr.write(f"warning: {problem}\n")
    return questions


def _check_target(output: Path, model_file: Path) -> None:
    if output.suffix not in (".yaml", ".yml"):
        raise AhpValueError(f"{output}: a model is a file ending in .yaml or .yml")
    check_folder(output)
    if output.exists() and model_file.exists() and output.samefile(model_file):
        raise AhpValueError(f"{output}: would overwrite what is read; name another output")


def _write(found: Collection, output: Path | None, experts: Path | None) -> list[Path]:
    written = []
    if output is not None:
        found.save(output)
        written.append(output)
    if experts is not None:
        written += found.save_experts(experts)
    return written


def _still_missing(found: Collection) -> list[str]:
    """Why the answers do not make a model yet; empty when they do."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the table says which matrices are over the limit
            _ = found.model
    except ModelError as wrong:
        return [str(problem) for problem in wrong.problems]
    return []
