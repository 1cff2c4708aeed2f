"""What one expert is asked, in one language: the content that every kind of form shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ahpvalue.compiling import read_matrix
from ahpvalue.document import Question, Questions
from ahpvalue.errors import AhpValueError, ModelError, did_you_mean
from ahpvalue.judgments import exact_judgment
from ahpvalue.support.texts import catalogue, check_language

__all__ = ["Form", "FormNode", "Pairs", "check_pair", "prepare_form", "select_pairs"]

Pair = tuple[str, str]
Pairs = Mapping[str, Iterable[str | Pair]]


@dataclass(frozen=True)
class FormNode:
    """The pairs asked about one node, and what the expert has said of them already.

    Attributes
    ----------
    question : Question
    label : str
        What the node is called.
    items : dict of str to str
        Item -> what it is called.
    pairs : tuple of (str, str)
        What is asked, in order; all pairs or a chosen few.
    answers : dict of (str, str) to str
        Pair -> judgment as text (``"3"``, ``"1/3"``), for pairs answered before.
    """

    question: Question
    label: str
    items: Mapping[str, str]
    pairs: tuple[Pair, ...]
    answers: Mapping[Pair, str]


@dataclass(frozen=True)
class Form:
    """One expert's questionnaire before it takes the shape of a page, a workbook or a table."""

    questions: Questions
    expert: str
    language: str
    nodes: tuple[FormNode, ...]

    @property
    def texts(self) -> dict[str, Any]:
        """The words in the form's language."""
        return catalogue("QUESTIONNAIRE", self.language)

    @property
    def title(self) -> str:
        """What the questionnaire is called."""
        name = self.questions.document.name
        title: str = self.texts["title" if name else "untitled"]
        return title.replace("{name}", name)

    @property
    def addressee(self) -> str:
        """Whom it is for, in words."""
        label = self.questions.expert_label(self.expert, language=self.language)
        text: str = self.texts["for_expert"]
        return text.replace("{expert}", label)


def prepare_form(
    questions: Questions,
    expert: str,
    *,
    language: str,
    pairs: Pairs | None = None,
    with_answers: bool = False,
) -> Form:
    """What `expert` is asked; see `ahpvalue.questionnaire` for the parameters."""
    check_language(language)
    if expert not in questions.experts:
        near = did_you_mean(expert, questions.experts)
        raise ModelError(f"{expert} is not among judgments.experts{near}")
    if not questions.asked:
        raise ModelError("this model compares nothing: every node has one child or direct weights")
    asked = select_pairs(questions, pairs)
    before = questions.answers_of(expert) if with_answers else {}
    nodes = [
        FormNode(
            question,
            questions.label(question.node, language=language),
            {item: _item_label(questions, question, item, language) for item in question.items},
            asked[question.node],
            _as_texts(question, before.get(question.node)),
        )
        for question in questions.asked
        if asked[question.node]
    ]
    return Form(questions, expert, language, tuple(nodes))


def _item_label(questions: Questions, question: Question, item: str, language: str) -> str:
    return item if question.are_categories else questions.label(item, language=language)


def select_pairs(questions: Questions, pairs: Pairs | None) -> dict[str, tuple[Pair, ...]]:
    """Node -> the pairs asked: all, or of the nodes that `pairs` names only those it lists.

    Raises
    ------
    ModelError
        A node or an item that is not compared.
    """
    chosen = {question.node: question.pairs for question in questions.asked}
    for node, few in (pairs or {}).items():
        question = questions[node]
        wanted = {frozenset(check_pair(question, _names(pair))) for pair in few}
        chosen[node] = tuple(pair for pair in question.pairs if frozenset(pair) in wanted)
    return chosen


def _names(pair: str | Pair) -> Sequence[str]:
    return pair.split(" vs ") if isinstance(pair, str) else pair


def check_pair(question: Question, names: Sequence[str]) -> Pair:
    """Two items that the question compares.

    Raises
    ------
    AhpValueError
        They are not two, not compared here, or the same.
    """
    if len(names) != 2 or not names[1]:
        shown = " vs ".join(filter(None, names))
        raise AhpValueError(f"{shown!r} is not a pair; write two names, such as 'sales vs credit'")
    for name in names:
        if name not in question.items:
            near = did_you_mean(name, question.items)
            raise ModelError(f"{name!r} is not compared below {question.node}{near}")
    first, second = names
    if first == second:
        raise AhpValueError(f"{first!r} is compared with itself")
    return first, second


def _as_texts(question: Question, answers: Any) -> dict[Pair, str]:
    """An expert's judgments on one node, in whatever way they are written, per pair."""
    if answers is None:
        return {}
    values = read_matrix(answers, question.items).values
    rows, columns = np.triu_indices(len(question.items), 1)
    return {
        (question.items[i], question.items[j]): str(exact_judgment(float(values[i, j])))
        for i, j in zip(rows, columns, strict=True)
        if not np.isnan(values[i, j])
    }
