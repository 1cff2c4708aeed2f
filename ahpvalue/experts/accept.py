"""Writing down what was agreed: an expert's answer changed, with the old one kept on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ahpvalue.compiling import Comparison, read_matrix, thaw_weights
from ahpvalue.document import ModelDocument, plain
from ahpvalue.errors import JudgmentError, ModelError, Problem, did_you_mean
from ahpvalue.judgments import PairwiseMatrix, exact_judgment, pairs_can_be_named, write_pairs

__all__ = ["accept_answers", "expert_data"]

Pair = tuple[str, str]


def accept_answers(
    document: ModelDocument,
    comparison: Comparison | None,
    node: str,
    expert: str,
    answers: Mapping[Any, Any],
    *,
    by: str,
    day: date | str | None = None,
    note: str = "",
) -> dict[str, Any]:
    """The document as plain data with an expert's answers changed and the change recorded.

    Raises
    ------
    ModelError
        The expert did not answer the node, nobody is named who agreed, or no answer changes.
    JudgmentError
        A pair is not compared there or an answer is no judgment.
    """
    if comparison is None or expert not in comparison.answers:
        known = () if comparison is None else tuple(comparison.answers)
        near = did_you_mean(expert, known) if known else "; nobody has"
        raise ModelError(f"{expert} has not answered {node}{near}")
    if not isinstance(by, str) or not by.strip():
        raise ModelError("an accepted change names who agreed to it: by='...'")
    matrix = comparison.answers[expert]
    new = _read(answers, matrix, (*comparison.path, expert))
    old = _given(matrix)
    changed = {pair: value for pair, value in new.items() if _differs(old.get(pair), value)}
    if not changed:
        raise ModelError(f"{expert} already answers {node} like that; nothing changes")
    data = plain(document)
    where: Any = data
    for part in comparison.path:
        where = where[part]
    where[expert] = _written(where[expert], old | changed, changed, matrix.labels)
    today = str(date.today() if day is None else day)
    kept = list(data["judgments"].get("changes", []))
    for pair, value in changed.items():
        before = {"old": old[pair]} if pair in old else {}
        named = " vs ".join(pair) if pairs_can_be_named(matrix.labels) else list(pair)
        record = {"expert": expert, "node": node, "pair": named, **before}
        record |= {"new": value, "by": by, "day": today} | ({"note": note} if note else {})
        kept.append(record)
    data["judgments"]["changes"] = kept
    return thaw_weights(data)


def _read(answers: Mapping[Any, Any], matrix: PairwiseMatrix, path: Any) -> dict[Pair, Any]:
    """The new answers, each pair in the order of the items."""
    try:
        read = PairwiseMatrix.from_judgments(answers, labels=matrix.labels)
    except JudgmentError as wrong:
        raise JudgmentError([problem.under(*path) for problem in wrong.problems]) from None
    found = _given(read)
    if not found:
        raise JudgmentError(Problem("no answer is given; name a pair and its new answer", path))
    for pair, answer in found.items():
        if not 1 / 9 <= answer <= 9:
            text = f"{' vs '.join(pair)}: an answer lies between 1/9 and 9, not {float(answer):g}"
            raise JudgmentError(Problem(text, path))
    return found


def _given(matrix: PairwiseMatrix) -> dict[Pair, Any]:
    """Every judgment there is, each pair in the order of the items."""
    labels, missing = matrix.labels, set(matrix.missing)
    return {
        (a, b): exact_judgment(matrix[a, b])
        for i, a in enumerate(labels)
        for b in labels[i + 1 :]
        if (a, b) not in missing
    }


def _written(
    given: Any, wanted: dict[Pair, Any], changed: Mapping[Pair, Any], labels: Sequence[str]
) -> Any:
    """The answers in the form they were given in; as named pairs where that cannot say them."""
    try:
        found = _in_its_form(given, changed, labels)
        read = _given(read_matrix(found, labels))
    except (JudgmentError, IndexError):
        read = {}
    same = read.keys() == wanted.keys() and not any(_differs(read[k], wanted[k]) for k in read)
    return found if same else write_pairs(wanted, labels)


def _in_its_form(given: Any, changed: Mapping[Pair, Any], labels: Sequence[str]) -> Any:
    """The answers as they were written, as pairs, triangle or full matrix, with some changed."""
    if isinstance(given, Mapping):
        return _in_pairs(dict(given), changed)
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in given]
    full = len(rows) == len(labels)
    for (a, b), value in changed.items():
        i, j = labels.index(a), labels.index(b)
        rows[i][j if full else j - i - 1] = value
        if full:
            rows[j][i] = exact_judgment(1 / float(value))
    return rows


def _in_pairs(given: dict[Any, Any], changed: Mapping[Pair, Any]) -> dict[Any, Any]:
    """Named pairs, each in the order it was written in; a new one stands last."""
    found = dict(given)
    for (a, b), value in changed.items():
        if f"{b} vs {a}" in found:
            found[f"{b} vs {a}"] = exact_judgment(1 / float(value))
        else:
            found[f"{a} vs {b}"] = value
    return found


def _differs(old: Any, new: Any) -> bool:
    return old is None or abs(float(old) / float(new) - 1) > 1e-9


def expert_data(
    document: ModelDocument, comparisons: Mapping[str, Comparison], asked: str, expert: str
) -> dict[str, Any]:
    """An expert's own file as plain data: the answers and the record of their changes.

    `asked` is the hash of the questions, by which the file is known to belong to the model.
    """
    experts = document.judgments.experts
    if expert not in experts:
        raise ModelError(f"{expert} is not among judgments.experts{did_you_mean(expert, experts)}")
    data = plain(document)
    answers = {}
    for node, comparison in comparisons.items():
        if expert in comparison.answers:
            where: Any = data
            for part in (*comparison.path, expert):
                where = where[part]
            answers[node] = where
    own: dict[str, Any] = {"expert": expert, "model": asked, "judgments": answers}
    changes = [
        {key: value for key, value in change.items() if key != "expert"}
        for change in data["judgments"].get("changes", [])
        if change["expert"] == expert
    ]
    return own | ({"changes": changes} if changes else {})
