"""Asking: the questions of a document, and one expert's questionnaire in a chosen form."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from ahpvalue.compiling import read_matrix
from ahpvalue.document import AllowOutside, Questions, list_questions, read_draft
from ahpvalue.errors import AhpValueError, JudgmentError, ModelError, Problem, did_you_mean
from ahpvalue.hierarchy import Hierarchy
from ahpvalue.model import Model
from ahpvalue.questionnaires.form import Form, Pairs, prepare_form
from ahpvalue.questionnaires.page import page
from ahpvalue.questionnaires.table import table
from ahpvalue.questionnaires.workbook import workbook

__all__ = ["FORMS", "find_questions", "load_questions", "questionnaire"]

FORMS: dict[str, Callable[[Form], bytes]] = {
    "html": lambda form: page(form).encode("utf-8", "backslashreplace"),
    "xlsx": workbook,
    "csv": lambda form: table(form).encode("utf-8", "backslashreplace"),
}
"""Form -> what writes it."""


def load_questions(
    path: str | os.PathLike[str], *, allow_outside: AllowOutside = False
) -> Questions:
    """Read what a model document asks, whether or not anybody has answered.

    Parameters
    ----------
    path : path
        A model document. Nodes may be without comparisons, and the experts' own files it
        names may be still to come, or answer what was asked before nodes or items changed
        (see `Questions.outdated`); otherwise it is checked as `load_model` does.
    allow_outside : bool or path
        Where the experts' own files may lie; see `load_model`.

    Raises
    ------
    ModelError
        Lists every problem with its file, line and path.
    """
    draft = read_draft(path, answered=False, allow_outside=allow_outside)
    document = draft.document
    if document is None or not draft.outline_is_sound:
        draft.refuse_problems()
    assert document is not None
    try:
        Hierarchy(draft.children)
    except ModelError as wrong:
        draft.problems += [problem.under("hierarchy") for problem in wrong.problems]
    questions = list_questions(document, draft.children)
    draft.problems += _judgment_problems(questions)
    draft.refuse_problems()
    return replace(questions, outdated=tuple(draft.outdated))


def _judgment_problems(questions: Questions) -> list[Problem]:
    """What is wrong with the answers a document holds already."""
    problems: list[Problem] = []
    for question in questions.asked:
        path = (
            ("indicators", question.node, "categories", "comparisons")
            if question.are_categories
            else ("judgments", "comparisons", question.node)
        )
        for expert in questions.experts:
            try:
                answers = questions.answers_of(expert).get(question.node)
                if answers is not None:
                    read_matrix(answers, question.items)
            except JudgmentError as wrong:
                problems += [problem.under(*path, expert) for problem in wrong.problems]
    return problems


def find_questions(model: str | os.PathLike[str] | Questions | Model) -> Questions:
    """The questions of a document's file or a model; questions are returned as they are."""
    if isinstance(model, Questions):
        return model
    return model.questions if isinstance(model, Model) else load_questions(model)


def questionnaire(
    model: str | os.PathLike[str] | Questions | Model,
    expert: str,
    form: str = "html",
    *,
    language: str = "en",
    pairs: Pairs | None = None,
    with_answers: bool = False,
) -> bytes:
    """One expert's questionnaire, ready to be written to a file and sent.

    Parameters
    ----------
    model : path, Questions or Model
        What is asked; a document may hold no answers yet.
    expert : str
        One of the document's ``judgments.experts``.
    form : {"html", "xlsx", "csv"}
        A page that opens by double click, a workbook (extra ``[xlsx]``) or a table.
    language : {"en", "zh"}
        Of the wording, and of the labels where the document gives some.
    pairs : mapping of str to list, optional
        Node -> the pairs to ask (``("a", "b")`` or ``"a vs b"``), for nodes where not all
        are; an empty list leaves a node out.
    with_answers : bool
        Start from the answers of this expert that the document holds, not from a blank form.

    Returns
    -------
    bytes
        The content of a file.

    Raises
    ------
    ModelError
        The document cannot be used, or the expert, a node or an item is not in it.
    MissingExtraError
        A workbook is wanted and openpyxl is not installed.

    Examples
    --------
    >>> from ahpvalue import template
    >>> asked = questionnaire(template("retail-terminal"), "credit_officer", "csv")
    >>> print(asked.decode("utf-8-sig").splitlines()[1][:76])
    credit_officer,ahpvalue-e004a950ecf2d7e3,value,customer_side,company_side,,H
    """
    if form not in FORMS:
        raise AhpValueError(f"there is no form {form!r}{did_you_mean(form, FORMS)}")
    questions = find_questions(model)
    asked = prepare_form(
        questions, expert, language=language, pairs=pairs, with_answers=with_answers
    )
    return FORMS[form](asked)
