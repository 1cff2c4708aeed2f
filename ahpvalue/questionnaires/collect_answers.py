"""Reading a folder of questionnaires that came back, in any of their forms."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from ahpvalue.compiling import read_matrix
from ahpvalue.document import Question, Questions, expert_file_problems, read_file
from ahpvalue.errors import JudgmentError, ModelError, Problem, did_you_mean
from ahpvalue.judgments import write_pairs
from ahpvalue.model import Model
from ahpvalue.questionnaires.answers import Entry, Returned, read_answer
from ahpvalue.questionnaires.collection import Answered, Collection
from ahpvalue.questionnaires.form import Pairs, check_pair, select_pairs
from ahpvalue.questionnaires.make_questionnaire import find_questions
from ahpvalue.questionnaires.table import read_table
from ahpvalue.questionnaires.workbook import read_workbook

__all__ = ["collect"]


def collect(
    folder: str | os.PathLike[str],
    model: str | os.PathLike[str] | Questions | Model,
    pairs: Pairs | None = None,
) -> Collection:
    """Take in the questionnaires in a folder: saved pages (.yaml), workbooks and CSV tables.

    What does not fit is refused with its place, and the rest stays usable: a pair is
    refused that the model does not ask about, that is answered twice with different answers
    or off the scale; a file is refused that answers another model, belongs to nobody the
    model knows, or is the second of one expert (then the first is, too).

    Parameters
    ----------
    folder : path
        Files elsewhere in it (folders in the folder) are not looked at.
    model : path, Questions or Model
        What was asked; the document may hold no answers yet.
    pairs : mapping of str to list, optional
        What was asked, where it was not every pair (see `questionnaire`): counts of
        questions skipped are against it.

    Returns
    -------
    Collection

    Raises
    ------
    ModelError
        The model's document cannot be used, or there is no such folder.
    """
    questions = find_questions(model)
    asked = select_pairs(questions, pairs)
    place = Path(folder)
    if not place.is_dir():
        raise ModelError(
            Problem("is no folder; name the folder the answers lie in", file=str(place))
        )
    refused: list[Problem] = []
    returned = _only_ones(list(_fitting(questions, place, refused)), refused)
    files = {answers.expert: answers.file for answers in returned}
    judgments: dict[str, dict[str, Any]] = {}
    for answers in returned:
        judgments[answers.expert] = _judgments(questions, answers, refused)
    rows = tuple(
        Answered.of(questions, expert, files[expert], node, asked[node.node], given.get(node.node))
        for expert, given in judgments.items()
        for node in questions.asked
    )
    refused.sort(key=lambda problem: (problem.file or "", problem.line or 0))
    changes = {answers.expert: answers.changes for answers in returned if answers.changes}
    return Collection(questions, rows, judgments, tuple(refused), changes)


# -- files -----------------------------------------------------------------------------------


def _fitting(questions: Questions, folder: Path, refused: list[Problem]) -> Iterator[Returned]:
    """What could be read, was asked for this model and is signed by one of its experts."""
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        try:
            found = _read(path, questions)
        except ModelError as wrong:
            refused += wrong.problems
            continue
        except OSError as wrong:
            refused.append(Problem(f"cannot be read: {wrong.strerror}", file=str(path)))
            continue
        for returned in found:
            refused += returned.problems
            problem = _misfit(questions, returned)
            if problem:
                refused.append(Problem(problem, file=returned.file))
            else:
                yield returned


def _misfit(questions: Questions, returned: Returned) -> str:
    if returned.model and returned.model != questions.hash:
        return (
            f"was asked for another model: questions {returned.model}, here {questions.hash}; "
            "nodes or items have changed since"
        )
    if not returned.expert:
        return "does not say which expert answered"
    if returned.is_blank:
        return "holds no answers"
    if returned.expert not in questions.experts:
        near = did_you_mean(returned.expert, questions.experts)
        return f"{returned.expert} is not among judgments.experts{near}"
    return ""


def _only_ones(found: list[Returned], refused: list[Problem]) -> list[Returned]:
    """The files of experts who sent one; of two nobody can tell which one is meant."""
    by_expert: dict[str, list[Returned]] = {}
    for returned in found:
        by_expert.setdefault(returned.expert, []).append(returned)
    for expert, several in by_expert.items():
        for returned in several[1:]:
            text = f"{expert} has answered in {Path(several[0].file).name} too; keep one of the two"
            refused.append(Problem(text, file=returned.file))
    return [several[0] for several in by_expert.values() if len(several) == 1]


def _read(path: Path, questions: Questions) -> list[Returned]:
    kind = path.suffix.lower()
    if kind in _READERS:
        return _READERS[kind](path, questions)
    if kind in (".html", ".htm"):
        text = "is a questionnaire, not its answers: these are in the .yaml file that it saves"
    else:
        text = f"answers are in a file ending in {', '.join(_READERS)}"
    raise ModelError(Problem(text, file=str(path)))


def _read_yaml(path: Path, questions: Questions) -> list[Returned]:
    """An expert's own file, as the page saves it or somebody wrote it."""
    source = read_file(path)
    data = source.data
    if not isinstance(data, dict) or not isinstance(data.get("judgments"), dict):
        text = "is no expert's file; it holds expert, model and judgments (node: pairs)"
        raise ModelError(Problem(text, file=str(path), line=1))

    def at(*steps: str | int) -> Problem:
        return source.marks.locate(Problem("", ("judgments", *steps)))

    entries: list[Entry] = []
    problems = list(source.problems)
    for node, answers in data["judgments"].items():
        question = _question(questions, node)
        if isinstance(question, str):
            problems.append(Entry(node, "", "", None, at(node)).wrong(question))
        elif isinstance(answers, dict):
            for key, value in answers.items():
                first, _, second = key.partition(" vs ")
                entries.append(Entry(node, first, second, value, at(node, key)))
        else:
            entries += _from_rows(question, answers, at, problems)
    model, changes = data.get("model"), data.get("changes", [])
    wrong = expert_file_problems(data)
    problems += map(source.marks.locate, wrong)
    if any(problem.path[:1] == ("changes",) for problem in wrong):
        changes = []
    return [
        Returned(
            str(path),
            str(data.get("expert") or ""),
            "" if model is None else str(model),
            tuple(entries),
            tuple(problems),
            tuple(changes),
        )
    ]


def _from_rows(
    question: Question, answers: Any, at: Callable[..., Problem], problems: list[Problem]
) -> list[Entry]:
    """The entries of a triangle or a full matrix that holds together."""
    node = question.node
    n = len(question.items)
    try:
        read_matrix(answers, question.items)
    except JudgmentError as wrong:
        problems += [
            Entry(node, "", "", None, at(node, *problem.path)).wrong(problem.text)
            for problem in wrong.problems
        ]
        return []
    entries = []
    for first, second in question.pairs:
        i, j = question.items.index(first), question.items.index(second)
        row, column = (i, j - i - 1) if len(answers) == n - 1 else (i, j)
        value = answers[row][column]
        if value is None and len(answers) == n:
            first, second, value = second, first, answers[j][i]  # noqa: PLW2901
        entries.append(Entry(node, first, second, value, at(node, row, column)))
    return entries


_READERS: dict[str, Callable[[Path, Questions], list[Returned]]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".xlsx": lambda path, _: read_workbook(path),
    ".csv": lambda path, _: read_table(path),
}


# -- answers ---------------------------------------------------------------------------------


def _question(questions: Questions, node: str) -> Question | str:
    """What is asked about a node, or why nothing is."""
    try:
        return questions[node]
    except ModelError as wrong:
        return wrong.problems[0].text


def _judgments(questions: Questions, returned: Returned, refused: list[Problem]) -> dict[str, Any]:
    """Node -> judgments as an expert's file holds them, of all that fits."""
    kept: dict[str, dict[tuple[str, str], tuple[Fraction, Entry]]] = {}
    contradicted: set[tuple[str, tuple[str, str]]] = set()
    for entry in returned.entries:
        question = _question(questions, entry.node)
        said = _checked(question, entry, refused)
        if said is None or isinstance(question, str):
            continue
        pair, value = said
        if (question.node, pair) in contradicted:
            continue
        node = kept.setdefault(question.node, {})
        if pair in node and node[pair][0] != value:
            refused.append(entry.wrong(_contradiction(pair, node[pair][0], value)))
            contradicted.add((question.node, pair))
            del node[pair]
        else:
            node.setdefault(pair, (value, entry))
    return {
        question.node: write_pairs(
            {pair: value for pair, (value, _) in kept[question.node].items()}, question.items
        )
        for question in questions.asked
        if kept.get(question.node)
    }


def _contradiction(pair: tuple[str, str], before: Fraction, now: Fraction) -> str:
    a, b = pair
    return (
        f"{a} vs {b} is answered twice, {before} and {now}; neither is taken, keep one of the two"
    )


def _checked(
    question: Question | str, entry: Entry, refused: list[Problem]
) -> tuple[tuple[str, str], Fraction] | None:
    """The pair in the order it was asked, and the answer; None for nothing, or what is refused."""
    try:
        if isinstance(question, str):
            raise ValueError(question)
        names = [name if name in question.items else name.strip() for name in entry.names]
        pair = check_pair(question, names)
        value = read_answer(entry.value)
    except ValueError as wrong:
        refused.append(entry.wrong(str(wrong)))
        return None
    if value is None:
        return None
    assert isinstance(question, Question)
    return (pair, value) if pair in question.pairs else (pair[::-1], 1 / value)
