"""What an expert is told about the answers given, in the expert's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ahpvalue.judgments import judgment_text
from ahpvalue.support.texts import say

if TYPE_CHECKING:
    from ahpvalue.experts.matrix_review import MatrixReview

__all__ = ["Wording"]


@dataclass(frozen=True)
class Wording:
    """A language, and what items are called in it.

    Attributes
    ----------
    language : str
    label : callable
        An item's name to what it is called.
    """

    language: str
    label: Callable[[str], str] = str

    def sentences(self, review: MatrixReview, node: str) -> list[str]:
        """Everything to be said about one matrix; `node` is what the node is called."""
        found = review.consistency
        said = [self._verdict(review, node)]
        said += [self._cycle(cycle) for cycle in found.cycles]
        if found.exceeds:
            said += self._way_out(review)
        elif found.cycles and review.influences:
            said += self._least_fitting(review)
        return said

    def _verdict(self, review: MatrixReview, node: str) -> str:
        found = review.consistency
        if found.cr is None:
            answered = found.n * (found.n - 1) // 2 - found.missing
            pair = self._pair(review.matrix.missing[0])
            return self._say("not testable", node=node, answered=answered, pair=pair)
        key = "over" if found.exceeds else "fine"
        return self._say(key, node=node, cr=found.cr, limit=found.limit)

    def _cycle(self, cycle: tuple[str, ...]) -> str:
        pairs = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        steps = [self._say("beats", a=self.label(a), b=self.label(b)) for a, b in pairs]
        return self._say("cycle", cycle=self._say("between").join(steps))

    def _way_out(self, review: MatrixReview) -> list[str]:
        repair = review.repair
        if repair is None:
            return [self._say("nothing found")]
        changes = [
            {"old": self._judgment(review, c.i, c.j, c.old)}
            | {"new": self._judgment(review, c.i, c.j, c.new)}
            for c in repair.changes
        ]
        if len(changes) == 1:
            said = [self._say("one", **changes[0], after=repair.cr)]
        else:
            key = "several" if repair.fewest else "one by one"
            listed = self._say("between").join(self._say("change", **one) for one in changes)
            first = self._say(key, count=len(changes), after=repair.cr)
            said = [f"{first}{listed}{self._say('end')}"]
        if repair.alternatives:
            said.append(self._say("others", others=repair.alternatives))
        return said

    def _least_fitting(self, review: MatrixReview) -> list[str]:
        one = review.influences[0]
        if np.isnan(one.best) or one.most < 1e-9 or one.fitting == one.given:
            return []
        old = self._judgment(review, one.i, one.j, one.given)
        new = self._judgment(review, one.i, one.j, one.fitting)
        return [self._say("most", old=old, new=new)]

    def _judgment(self, review: MatrixReview, i: int, j: int, value: float) -> str:
        a, b = review.matrix.labels[i], review.matrix.labels[j]
        if abs(value - 1) < 1e-9:
            return self._say("equal", a=self.label(a), b=self.label(b))
        if value < 1:
            a, b, value = b, a, 1 / value
        times = judgment_text(value)
        return self._say("outweighs", a=self.label(a), b=self.label(b), times=times)

    def _pair(self, pair: tuple[str, str]) -> str:
        return self._say("pair", a=self.label(pair[0]), b=self.label(pair[1]))

    def _say(self, key: str, **parts: object) -> str:
        return say("REVIEW", self.language, key, **parts)
