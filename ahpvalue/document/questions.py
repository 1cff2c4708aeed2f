"""What a document asks its experts, whether or not anybody has answered yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from ahpvalue.document.schema import ModelDocument
from ahpvalue.errors import ModelError, Problem, did_you_mean
from ahpvalue.support.display import Result, Table

__all__ = ["Question", "Questions", "hash_asked", "list_questions"]


@dataclass(frozen=True)
class Question:
    """One set of items to be compared pairwise.

    Attributes
    ----------
    node : str
        The node of the hierarchy the items stand below, or the indicator whose categories
        they are.
    items : tuple of str
        In the order of the document.
    are_categories : bool
        Whether the items are categories of an indicator.
    """

    node: str
    items: tuple[str, ...]
    are_categories: bool

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every pair, row by row of the upper triangle."""
        return tuple(combinations(self.items, 2))


@dataclass(frozen=True, repr=False)
class Questions(Result):
    """All that a document asks of each of its experts.

    Attributes
    ----------
    document : ModelDocument
        With whatever answers it holds already.
    asked : tuple of Question
        Nodes in the order of the hierarchy, then indicators whose categories are compared.
    outdated : tuple of Problem
        Experts' files that were left out because they answer other questions.
    """

    document: ModelDocument
    asked: tuple[Question, ...]
    outdated: tuple[Problem, ...] = ()

    def __getitem__(self, node: str) -> Question:
        """What is asked about one node."""
        for question in self.asked:
            if question.node == node:
                return question
        known = [question.node for question in self.asked]
        raise ModelError(f"nothing is compared below {node!r}{did_you_mean(node, known)}")

    @cached_property
    def hash(self) -> str:
        """Sixteen hexadecimal digits that change when the nodes or items asked about do.

        Labels, answers, experts and values make no difference, so that answers can be
        checked against the model they were asked for, whatever has come in since.
        """
        return _hash(self.asked)

    @property
    def experts(self) -> tuple[str, ...]:
        """Who is asked."""
        return tuple(self.document.judgments.experts)

    def label(self, name: str, *, language: str) -> str:
        """What a node or item is called in a language; its name where no label is given."""
        return self.document.labels.get(name, {}).get(language) or name

    def expert_label(self, expert: str, *, language: str) -> str:
        """What an expert is called in a language; else the full name, else the name."""
        entry = self.document.judgments.experts[expert]
        return entry.label.get(language) or entry.name or expert

    def answers_of(self, expert: str) -> dict[str, Any]:
        """Node -> the expert's judgments as they stand in the document."""
        found = {}
        for question in self.asked:
            by_expert = self._comparisons(question)
            if expert in by_expert:
                found[question.node] = by_expert[expert]
        return found

    def _comparisons(self, question: Question) -> Mapping[str, Any]:
        if question.are_categories:
            categories = self.document.indicators[question.node].categories
            return {} if categories is None else categories.comparisons
        return self.document.judgments.comparisons.get(question.node, {})

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        answered = [
            ", ".join(who for who in self.experts if who in self._comparisons(question))
            for question in self.asked
        ]
        return Table(
            "What is asked",
            {
                "node": [question.node for question in self.asked],
                "pairs": [len(question.pairs) for question in self.asked],
                "items": [", ".join(question.items) for question in self.asked],
                "answers of": answered,
            },
            formats={"pairs": "d"},
            note=f"questions {self.hash}, for {', '.join(self.experts) or 'no expert yet'}",
        )


def list_questions(document: ModelDocument, children: Mapping[str, Sequence[str]]) -> Questions:
    """What the document asks.

    Every inner node with more than one child and no direct weights, and every indicator
    whose categories are compared.
    """
    return Questions(document, tuple(_asked(document, children)))


def hash_asked(document: ModelDocument, children: Mapping[str, Sequence[str]]) -> str:
    """`Questions.hash` of a document."""
    return _hash(_asked(document, children))


def _asked(document: ModelDocument, children: Mapping[str, Sequence[str]]) -> Iterator[Question]:
    for node, below in children.items():
        if len(below) > 1 and node not in document.judgments.weights:
            yield Question(node, tuple(below), are_categories=False)
    # In the order of the hierarchy: the order of the section indicators means nothing.
    leaves = dict.fromkeys(node for below in children.values() for node in below)
    for leaf in leaves:
        indicator = document.indicators.get(leaf)
        if indicator is not None and indicator.categories is not None:
            names = indicator.categories.names
            if len(names) > 1:
                yield Question(leaf, tuple(names), are_categories=True)


def _hash(asked: Iterator[Question] | Sequence[Question]) -> str:
    data = [[question.node, list(question.items)] for question in asked]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
