"""The commands that go to the experts and come back: questionnaire, collect."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from ahpvalue.cli.names import check_document
from ahpvalue.cli.options import AllowOutside, DryRun, Force, Json, ModelFile
from ahpvalue.cli.show import as_json, note, show, show_difference
from ahpvalue.document import Origin, Questions, document_text, read_file, write_text
from ahpvalue.errors import AhpValueError, ConsistencyWarning, ModelError
from ahpvalue.questionnaires import FORMS, Collection, design_questions, load_questions
from ahpvalue.questionnaires import collect as collect_answers
from ahpvalue.questionnaires import questionnaire as questionnaire_of
from ahpvalue.support.files import (
    is_same_place,
    made_folder,
    refuse_former,
    refuse_overwriting,
    written_whole,
)

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
    force: Force = False,
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
    refuse_former(targets.values(), force)
    for path in targets.values():
        refuse_overwriting(path, [model_file])
    design = design_questions(questions, per_item) if per_item else None
    pairs = None if design is None else design.pairs
    contents = {
        who: questionnaire_of(
            questions, who, kind, language=language, pairs=pairs, with_answers=with_answers
        )
        for who in targets
    }
    if output is not None and not single:
        made_folder(output)
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
    dry_run: DryRun = False,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Read the questionnaires in a folder; exit with 1 when something was refused."""
    if output is not None:
        check_document(output, (), force=True)  # what changes in it is shown
    found = collect_answers(folder, _questions(model_file, allow_outside))
    for problem in found.refused:
        sys.stderr.write(f"{problem}\n")
    usable = any(found.judgments.values())
    texts = _texts(found, model_file, output, experts) if usable else {}
    for path in texts:
        refuse_overwriting(path, _files_in(folder))
    if not json:
        _show_changes(texts)
    written = [] if dry_run else _write(texts)
    missing = _still_missing(found)
    if json:
        as_json(
            found.to_dict()
            | {"missing": missing, "waiting": found.waiting, "written": list(map(str, written))}
        )
    elif usable:
        show(found.table())
        _tell(written, missing, dry_run)
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


def _texts(
    found: Collection, model_file: Path, output: Path | None, experts: Path | None
) -> dict[Path, str]:
    """What is to be written: the model with the answers, and each expert's answers alone."""
    texts = {}
    if output is not None:
        is_amended = is_same_place(output, model_file)
        texts[output] = _amended(found, model_file) if is_amended else found.to_yaml()
    if experts is not None:
        texts |= {experts / name: text for name, text in found.expert_files().items()}
    return texts


def _amended(found: Collection, model_file: Path) -> str:
    """The text of the model that was asked, with the answers in it and its comments kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConsistencyWarning)  # the table says so
            model = found.model
    except ModelError:  # not yet a model, which is said
        return found.to_yaml()
    return document_text(model.document, Origin(read_file(model_file).text))


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def _show_changes(texts: Mapping[Path, str]) -> None:
    """What changes in the documents that are there already."""
    for path, text in texts.items():
        if path.is_file():
            before = path.read_text(encoding="utf-8", errors="replace")
            show_difference(before, text, str(path))


def _tell(written: list[Path], missing: list[str], dry_run: bool) -> None:
    if dry_run:
        note("nothing is written: --dry-run")
    for path in written:
        note(f"wrote {path}")
    for line in missing:
        note(f"not a model yet: {line}")


def _write(texts: Mapping[Path, str]) -> list[Path]:
    for path, text in texts.items():
        made_folder(path.parent)
        write_text(path, text)
    return list(texts)


def _still_missing(found: Collection) -> list[str]:
    """Why the answers do not make a model yet; empty when they do."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the table says which matrices are over the limit
            _ = found.model
    except ModelError as wrong:
        return [str(problem) for problem in wrong.problems]
    return []
