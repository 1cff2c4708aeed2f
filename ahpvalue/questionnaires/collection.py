"""What came back from the experts, as a frozen result."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ahpvalue.compiling import judge_answers, read_matrix, thaw_weights
from ahpvalue.document import ModelDocument, Question, Questions, dump_yaml, plain
from ahpvalue.errors import JudgmentError, Problem
from ahpvalue.model import Model
from ahpvalue.support.display import Result, Table
from ahpvalue.support.files import made_folder, written_whole

__all__ = ["Answered", "Collection"]


@dataclass(frozen=True)
class Answered:
    """What one expert answered about one node.

    Attributes
    ----------
    expert, node, file : str
    answered, asked : int
        Pairs.
    cr : float or None
        None where it cannot be tested.
    message : str
        Why CR cannot be tested, or that it is over the limit.
    replaces : bool
        Whether the document held other answers of this expert on this node.
    """

    expert: str
    node: str
    file: str
    answered: int
    asked: int
    cr: float | None
    message: str
    replaces: bool

    @classmethod
    def of(
        cls,
        questions: Questions,
        expert: str,
        file: str,
        question: Question,
        asked: tuple[tuple[str, str], ...],
        judgments: Any,
    ) -> Answered:
        """Count and test what came back on one node (None: nothing)."""
        before = questions.answers_of(expert).get(question.node)
        stays = "" if before is None else "; what the model held before stays"
        answered, cr, message = 0, None, f"nothing answered{stays}"
        if judgments is not None:
            matrix = read_matrix(judgments, question.items)
            answered = len(question.pairs) - len(matrix.missing)
            cr, message = _consistency(questions.document, matrix)
        replaces = (
            judgments is not None
            and before is not None
            and (read_matrix(before, question.items) != read_matrix(judgments, question.items))
        )
        return cls(
            expert, question.node, file, answered, max(len(asked), answered), cr, message, replaces
        )


def _consistency(document: ModelDocument, matrix: Any) -> tuple[float | None, str]:
    try:
        found = judge_answers(document, matrix)
    except JudgmentError as wrong:
        return None, wrong.problems[0].text
    if not found.exceeds:
        few = "not testable: too few answers to contradict each other"
        return found.cr, "" if found.testable else few
    pair = " vs ".join(found.worst or ())
    return found.cr, f"over the limit {found.limit:g}; look at {pair} first"


@dataclass(frozen=True, repr=False)
class Collection(Result):
    """Questionnaires that came back, checked against what was asked.

    Attributes
    ----------
    questions : Questions
        What was asked.
    rows : tuple of Answered
        Per expert and node.
    judgments : dict of str to dict of str to judgments
        Expert -> node -> what an expert's file holds.
    refused : tuple of Problem
        Everything that was not taken, with its file and place.
    changes : dict of str to tuple
        Expert -> the record of changed answers, where an own file holds one.
    """

    questions: Questions
    rows: tuple[Answered, ...]
    judgments: Mapping[str, Mapping[str, Any]]
    refused: tuple[Problem, ...]
    changes: Mapping[str, tuple[Any, ...]]

    @property
    def waiting(self) -> tuple[str, ...]:
        """Experts from whom nothing usable has come back, and of whom nothing was known."""
        known = (who for who in self.questions.experts if self.questions.answers_of(who))
        heard = {who for who, answers in self.judgments.items() if answers} | set(known)
        return tuple(expert for expert in self.questions.experts if expert not in heard)

    def to_yaml(self) -> str:
        """The model document with the answers in it, whether or not they suffice for a model."""
        return dump_yaml(self._data())

    def _data(self) -> dict[str, Any]:
        data = plain(self.questions.document)
        for expert, answers in self.judgments.items():
            data["judgments"]["experts"][expert].pop("file", None)
            for node, judgments in answers.items():
                if self.questions[node].are_categories:
                    place = data["indicators"][node]["categories"].setdefault("comparisons", {})
                else:
                    place = data["judgments"].setdefault("comparisons", {}).setdefault(node, {})
                place[expert] = judgments
        for expert, changes in self.changes.items():
            kept = data["judgments"].setdefault("changes", [])
            of_expert = ({"expert": expert, **change} for change in changes)
            kept += [change for change in of_expert if change not in kept]
        return thaw_weights(data)

    @cached_property
    def model(self) -> Model:
        """The model with the answers in it.

        Raises
        ------
        ModelError
            Lists what is still missing before it is one: nodes that nobody has compared.
        """
        return Model(**self._data())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model document with the answers in it, as one file."""
        with written_whole(Path(path)) as unfinished:
            unfinished.write_text(self.to_yaml(), encoding="utf-8")

    def save_experts(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write each expert's answers to ``NAME.yaml`` in a folder; returns the files written."""
        place = Path(folder)
        made_folder(place)
        for name, text in self.expert_files().items():
            with written_whole(place / name) as unfinished:
                unfinished.write_text(text, encoding="utf-8")
        return [place / name for name in self.expert_files()]

    def expert_files(self) -> dict[str, str]:
        """``NAME.yaml`` and what stands in it, for each expert who answered."""
        return {f"{expert}.yaml": dump_yaml(self._expert_data(expert)) for expert in self.judgments}

    def _expert_data(self, expert: str) -> dict[str, Any]:
        answers = dict(self.judgments[expert])
        data = {"expert": expert, "model": self.questions.hash, "judgments": answers}
        changes = {"changes": list(self.changes[expert])} if expert in self.changes else {}
        return data | changes

    def table(self) -> Table:
        """What is printed and shown in a notebook."""
        notes = []
        if self.waiting:
            notes.append(f"nothing has come back from {', '.join(self.waiting)}")
        replaced = [f"{row.node} of {row.expert}" for row in self.rows if row.replaces]
        if replaced:
            notes.append(f"earlier answers replaced: {', '.join(replaced)}")
        if self.refused:
            notes.append(f"refused: {len(self.refused)}")
        return Table(
            "Answers that came back",
            {
                "expert": [row.expert for row in self.rows],
                "node": [row.node for row in self.rows],
                "answered": [row.answered for row in self.rows],
                "asked": [row.asked for row in self.rows],
                "skipped": [row.asked - row.answered for row in self.rows],
                "CR": [row.cr for row in self.rows],
                "message": [row.message for row in self.rows],
            },
            formats={"answered": "d", "asked": "d", "skipped": "d", "CR": ".4f"},
            note="; ".join(notes),
            details=("message",),
        )

    def to_dict(self) -> dict[str, Any]:
        """The rows column by column, and what was refused as lines of text."""
        names = ("expert", "node", "file", "answered", "asked", "cr", "message", "replaces")
        columns: dict[str, Any] = {
            name: [getattr(row, name) for row in self.rows] for name in names
        }
        return columns | {"refused": list(map(str, self.refused))}
