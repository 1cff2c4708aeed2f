"""Which pairs to ask the experts when all of them are too many, and what that costs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ahpvalue.document import Questions
from ahpvalue.errors import JudgmentError
from ahpvalue.judgments import Accuracy, choose_pairs, expected_accuracy
from ahpvalue.model import Model
from ahpvalue.questionnaires.make_questionnaire import find_questions
from ahpvalue.support.defaults import SEED
from ahpvalue.support.display import Result, Table

__all__ = ["QuestionDesign", "design_questions"]


@dataclass(frozen=True)
class NodeDesign:
    """What is asked about one node.

    Attributes
    ----------
    items : tuple of str
    pairs : tuple of (str, str)
    accuracy, whole : Accuracy
        What is to be expected of these questions, and of all.
    """

    items: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    accuracy: Accuracy
    whole: Accuracy


@dataclass(frozen=True, repr=False)
class QuestionDesign(Result):
    """A choice of pairs per node, with the accuracy to expect.

    Attributes
    ----------
    nodes : dict of str to NodeDesign
    per_item : int
        In how many questions each item was to stand.
    noise : float
        How far off the simulated experts' answers were (see `expected_accuracy`).
    """

    nodes: Mapping[str, NodeDesign]
    per_item: int
    noise: float

    @property
    def pairs(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Node -> pairs, as `ahpvalue.questionnaire` takes them."""
        return {node: design.pairs for node, design in self.nodes.items()}

    @property
    def questions(self) -> int:
        """How many questions there are in all."""
        return sum(len(design.pairs) for design in self.nodes.values())

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        found = list(self.nodes.values())
        columns: dict[str, list[Any]] = {
            "node": list(self.nodes),
            "items": [len(one.items) for one in found],
            "asked": [len(one.pairs) for one in found],
            "of": [one.whole.questions for one in found],
            "error": [one.accuracy.error for one in found],
            "with all": [one.whole.error for one in found],
            "first right": [one.accuracy.first for one in found],
            "all: first right": [one.whole.first for one in found],
            "order right": [one.accuracy.order for one in found],
            "all: order right": [one.whole.order for one in found],
        }
        formats = {"items": "d", "asked": "d", "of": "d", "error": ".4f", "with all": ".4f"}
        shares = dict.fromkeys(list(columns)[6:], ".0%")
        everything = sum(one.whole.questions for one in found)
        note = (
            f"{self.questions} questions instead of {everything}. error: mean distance of a local "
            f"priority from the true one; simulated, answers off by a factor exp({self.noise:g} z)"
        )
        details = ("all: order right", "order right", "all: first right", "first right")
        return Table("Choice of questions", columns, formats | shares, note=note, details=details)


def design_questions(
    asked: str | os.PathLike[str] | Questions | Model | Mapping[str, Sequence[str]],
    per_item: int = 4,
    *,
    noise: float = 0.3,
    draws: int = 2_000,
    seed: int = SEED,
) -> QuestionDesign:
    """Choose which pairs to ask.

    Parameters
    ----------
    asked : path, Questions, Model, or mapping of str to sequence of str
        What a model asks, or node to items.
    per_item : int
        In how many questions each item is to stand, at least 2: with fewer, nothing could
        contradict the answers. Nodes that have no more pairs are asked in full.
    noise, draws, seed
        Of the simulation that states the accuracy; see
        `ahpvalue.judgments.pair_choice.expected_accuracy`.

    Returns
    -------
    QuestionDesign

    Examples
    --------
    >>> design = design_questions({"value": ["a", "b", "c", "d", "e", "f"]}, per_item=3, draws=200)
    >>> design.questions, design.pairs["value"][0]
    (9, ('a', 'b'))
    """
    if isinstance(per_item, bool) or not isinstance(per_item, int) or per_item < 2:
        raise JudgmentError(
            "an item stands in a whole number of questions, at least 2, so that answers can be "
            f"checked, not in {per_item!r}"
        )
    if not 0 <= noise < 10:  # NaN is neither
        raise JudgmentError(f"the noise of answers is a number from 0 to 10, not {noise!r}")
    items = (
        {node: _items(node, names) for node, names in asked.items()}
        if isinstance(asked, Mapping)
        else {question.node: question.items for question in find_questions(asked).asked}
    )
    nodes = {}
    for node, names in items.items():
        n = len(names)
        if n < 2 or len(set(names)) < n or any(not isinstance(name, str) for name in names):
            raise JudgmentError(f"{node} needs two items or more, each named once, not {names}")
        every = choose_pairs(n, n * (n - 1) // 2)
        chosen = every
        if len(every) > (n * per_item + 1) // 2:
            chosen = choose_pairs(n, (n * per_item + 1) // 2)
        nodes[node] = NodeDesign(
            names,
            tuple((names[i], names[j]) for i, j in chosen),
            expected_accuracy(n, chosen, noise, draws, seed),
            expected_accuracy(n, every, noise, draws, seed),
        )
    return QuestionDesign(nodes, per_item, noise)


def _items(node: str, names: Any) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise JudgmentError(f"the items of {node} are a list of names, not {names!r}")
    return tuple(names)
