"""The commands that turn scores into decisions: tiers, compare, explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from ahpvalue.cli.names import check_target
from ahpvalue.cli.options import AllowOutside
from ahpvalue.cli.show import as_json, note, show
from ahpvalue.cli.table_files import read_table, write_table
from ahpvalue.errors import AhpValueError, CustomerDataError, Problem
from ahpvalue.evaluation.record import History, check_history
from ahpvalue.evaluation.tiers import Tiers, refuse_later
from ahpvalue.model import Model, load_model
from ahpvalue.scores import Scores
from ahpvalue.scoring import without_ending

__all__ = ["compare", "explain", "tiers"]

FittedFile = Annotated[Path, typer.Argument(help="The fitted model (YAML).")]
CustomersFile = Annotated[Path, typer.Argument(help="Customers: .csv, .csv.gz or .parquet.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the table.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Language = Annotated[str, typer.Option(help="en or zh.")]
State = Annotated[
    Path | None, typer.Option(help="The tiers of the period before, as 'tiers' wrote them.")
]
Period = Annotated[str, typer.Option(help="The period's name, such as 2022Q1.")]


Published = Annotated[
    Path | None, typer.Option("--tiers", help="This period's tiers, as 'tiers' wrote them.")
]


def tiers(
    model_file: FittedFile,
    customers: CustomersFile,
    previous: State = None,
    period: Period = "",
    overrides: Annotated[
        Path | None,
        typer.Option(help="Decisions of people: id, tier, reason, author, expires."),
    ] = None,
    output: Output = None,
    history: Annotated[
        Path | None,
        typer.Option(
            help="Also record it here, by model and period: .sqlite, .duckdb or a folder."
        ),
    ] = None,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Draw the tiers of one period, and write them as the next period's state."""
    target = output or Path(f"{without_ending(customers)}.tiers.csv")
    check_target(target, [model_file, customers, previous, overrides])
    if history is not None:
        check_history(history)
        if not period:
            raise AhpValueError("a history is kept by period; give --period, such as 2022Q1")
    model = load_model(model_file, allow_outside=allow_outside)
    scores = _scored(model, customers)
    state = None if previous is None else read_table(previous, model.document)
    by_hand = None if overrides is None else read_table(overrides, model.document)
    found = _in_files(lambda: scores.tiers(state, period=period, overrides=by_hand), previous)
    write_table(found.frame, target)
    written = [target]
    if history is not None:
        record = scores.record(model.hash, period, tiers=found)  # one run per model
        History(history).write(record)
        written.append(history)
    _tell(found.table(), {"model": model.hash, "written": list(map(str, written))}, json)
    if not json:
        for path in written:
            note(f"wrote {path}")


def compare(
    model_file: FittedFile,
    customers: CustomersFile,
    previous: Annotated[Path, typer.Argument(help="The customers of the period before.")],
    previous_model: Annotated[
        Path | None, typer.Option(help="The model of the period before, if it was another one.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="The tiers that the period before started from.")
    ] = None,
    tiers: Published = None,
    previous_tiers: Annotated[
        Path | None, typer.Option(help="The tiers of the period before, as 'tiers' wrote them.")
    ] = None,
    period: Period = "",
    value: Annotated[str, typer.Option(help="A value for the matrix by value.")] = "",
    output: Output = None,
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Show who moved between two periods, and why; write one row per customer."""
    target = output or Path(f"{without_ending(customers)}.movements.csv")
    read = [model_file, customers, previous, previous_model, state, tiers, previous_tiers]
    check_target(target, read)
    model = load_model(model_file, allow_outside=allow_outside)
    earlier = model
    if previous_model is not None:
        earlier = load_model(previous_model, allow_outside=allow_outside)
    before, now = _scored(earlier, previous), _scored(model, customers)
    both: tuple[Any, Any] = (None, None)
    if tiers is not None or previous_tiers is not None:
        both = _both_published(now, before, tiers, previous_tiers, period, state)
    elif model.document.tiers is not None and earlier.document.tiers is not None:
        kept = None if state is None else read_table(state, earlier.document)
        _in_files(lambda: refuse_later(kept, period), state)
        first = _in_files(lambda: before.tiers(kept), state)
        both = now.tiers(first, period=period), first
    found = now.compare(before, *both, value=value or None)
    frame: pl.DataFrame = found.to_frame("polars")
    write_table(frame, target)
    shown = [found.table(), found.causes]
    if value:
        shown += [found.by_value("before"), found.by_value("now")]
    if json:
        tables = {table.title.partition(" (")[0]: table.to_dict() for table in shown}
        as_json({"written": str(target), "tiers": found.tiers_are} | tables)
        return
    for table in shown:
        show(table)
    note(f"wrote {target}")


def explain(
    model_file: FittedFile,
    customers: CustomersFile,
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    language: Language = "en",
    previous: State = None,
    tiers: Published = None,
    period: Period = "",
    json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Tell one customer why its score is what it is, and what would lift it."""
    model = load_model(model_file, allow_outside=allow_outside)
    scores = _scored(model, customers)
    drawn = None
    if tiers is not None:
        if previous is not None:
            raise AhpValueError("published tiers start from nothing; give --tiers or --previous")
        drawn = _published(scores, tiers, period)
    elif model.document.tiers is not None:
        state = None if previous is None else read_table(previous, model.document)
        drawn = _in_files(lambda: scores.tiers(state, period=period), previous)
    found = scores.explain(customer, language=language, tiers=drawn)
    way = None if drawn is None else scores.path_up(customer, language=language, tiers=drawn)
    if json:
        told: dict[str, Any] = {
            "customer": found.customer,
            "total": found.total,
            "tier": found.tier,
            "reasons": [dict(reason) for reason in found.reasons],
            "told": list(found.sentences),
        }
        if way is not None:
            changes = {"status": way.status, "smallest": way.smallest, "cheapest": way.cheapest}
            told["way_up"] = changes | {"told": list(way.sentences)}
        as_json(told)
        return
    note(str(found))
    if way is not None:
        note(f"\n{way}")


def _both_published(
    now: Scores,
    before: Scores,
    tiers: Path | None,
    previous: Path | None,
    period: str,
    state: Path | None,
) -> tuple[Tiers, Tiers]:
    if tiers is None or previous is None or state is not None:
        raise AhpValueError(
            "published tiers are compared with published tiers; give --tiers and "
            "--previous-tiers, without --state"
        )
    after, first = _published(now, tiers, period), _published(before, previous)
    _in_files(lambda: refuse_later({"period": [first.period]}, after.period), previous)
    return after, first


def _published(scores: Scores, file: Path, period: str = "") -> Tiers:
    table = read_table(file, scores.scored.model.document)
    found: Tiers = _in_files(lambda: scores.published_tiers(table, period=period), file)
    return found


def _scored(model: Model, file: Path) -> Scores:
    table = read_table(file, model.document)
    scores: Scores = _in_files(lambda: model.score(table), file)
    return scores


def _in_files(work: Any, file: Path | None) -> Any:
    """Do the work; what is wrong with a table is said with its file."""
    try:
        return work()
    except CustomerDataError as wrong:
        if file is None:
            raise
        raise CustomerDataError(
            [Problem(p.text, p.path, str(file)) for p in wrong.problems]
        ) from None


def _tell(table: Any, about: dict[str, Any], json: bool) -> None:
    if json:
        as_json(about | {"tiers": table.to_dict()})
    else:
        show(table)
