"""A plan as columns made one after another: what lazy engines execute.

The formula and its order are the kernel's, so that every engine gives the kernel's bits: values,
then scores, then nodes from the bottom up. What the kernel refuses cannot be refused before the
engine runs; such a row's score is missing and its status *refused*, and missing it stays in
every node above. What is never needed is never made: only what can be absent is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from sys import float_info

from ahpvalue.scoring.lazy.dialect import Kind, Language, Term, all_of, any_of, look_up
from ahpvalue.scoring.plan import (
    NEARLY,
    CategoryScores,
    Plan,
    PlanIndicator,
    PlanNode,
    ValueFunction,
)

__all__ = ["Stage", "Steps"]


@dataclass
class Stage:
    """Columns that are made at once, of those of the stage before.

    Attributes
    ----------
    name : str
    made : dict of str to Term
    kept : set of str
        Columns of the stage before that are handed on as they are.
    used : set of str
        Columns of the stage before that the new ones are made of.
    """

    name: str
    made: dict[str, Term] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


class Steps:
    """Writes a plan in an engine's language, stage by stage.

    Parameters
    ----------
    plan : Plan
    kinds : mapping of str to Kind
        What the columns of the customers' table hold.
    language : Language
    coverages : set of str
        The nodes whose coverage is wanted.
    """

    def __init__(
        self, plan: Plan, kinds: Mapping[str, Kind], language: Language, coverages: set[str]
    ) -> None:
        self.plan, self.kinds, self.say = plan, kinds, language
        self.stages: list[Stage] = []
        self.indicators = {one.name: one for one in plan.indicators}
        self._nodes = {one.name: one for one in plan.nodes}
        self._losing = self._nodes_that_lose(coverages)

    # -- the scaffolding ---------------------------------------------------------------------

    def stage(self, name: str) -> Stage:
        """Begin the next stage."""
        self.stages.append(Stage(name))
        return self.stages[-1]

    def column(self, name: str) -> Term:
        """A column of the stage before the one that is being made."""
        self.stages[-1].used.add(name)
        return self.say.column(name)

    def make(self, name: str, term: Term) -> None:
        """A column of the stage that is being made."""
        self.stages[-1].made[name] = term

    def finished(self) -> list[Stage]:
        """The stages, each handing on what a later one needs and nothing else."""
        needed = set(self.stages[-1].made)
        for stage in reversed(self.stages):
            stage.made = {name: term for name, term in stage.made.items() if name in needed}
            stage.kept = needed - set(stage.made)
            needed = stage.kept | stage.used
        return [stage for stage in self.stages if stage.made]

    # -- what can happen to a node -----------------------------------------------------------

    def can_be_absent(self, name: str) -> bool:
        """Whether some customer may go without an indicator or node."""
        return self._absent_at_times[name]

    def _can_lose(self, name: str) -> bool:
        """Whether data may be missing for it that the model can do without."""
        return self._lossy[name]

    @cached_property
    def _absent_at_times(self) -> dict[str, bool]:
        """Answers of `can_be_absent`, each worked out once however many nodes share a part."""
        found = {name: one.missing == "renormalise" for name, one in self.indicators.items()}
        for node in self.plan.nodes:
            found[node.name] = any(found[child] for child in node.children) or (
                node.minimum_coverage > 0 and any(map(self._can_lose, node.children))
            )
        return found

    @cached_property
    def _lossy(self) -> dict[str, bool]:
        """Answers of `_can_lose`, each worked out once."""
        found = {name: one.missing != "refuse" for name, one in self.indicators.items()}
        for node in self.plan.nodes:
            found[node.name] = any(found[child] for child in node.children)
        return found

    def _nodes_that_lose(self, coverages: set[str]) -> set[str]:
        """The nodes for which it must be known how much of their weight had no data."""
        found: set[str] = set()
        for node in reversed(self.plan.nodes):
            wanted = node.minimum_coverage > 0 or node.name in coverages or node.name in found
            if wanted and self._can_lose(node.name):
                found.add(node.name)
                found.update(child for child in node.children if child in self._nodes)
        return {name for name in found if self._can_lose(name)}

    # -- values and scores ------------------------------------------------------------------

    def numbers(self) -> None:
        """The columns as values without NaN, or as texts; within the stage that is begun."""
        for one in self.plan.indicators:
            coded = isinstance(one.function, CategoryScores)
            self.make(f"number_{one.name}", self.cleaned(one.column, texts=coded))

    def cleaned(self, column: str, texts: bool) -> Term:
        """A column of the table as values without NaN, or as texts."""
        kind, raw = self.kinds.get(column, "unknown"), self.column(column)
        if texts and kind in ("text", "boolean"):
            return raw
        if texts and kind in ("other", "unknown"):
            return self.say.as_text(raw)
        if kind == "text":  # a column in which nothing stands may be one of text; else no value
            missing = (self.say.is_missing(raw), self.say.nothing("number"))
            return self.say.choose([missing], self.say.number(inf))
        number = self.say.as_number(raw)
        if kind not in ("float", "unknown"):
            return number
        return self.say.choose([(self.say.is_nan(number), self.say.nothing("number"))], number)

    def logarithms(self) -> None:
        """The logarithms of values, brought between the outer knots first."""
        say = self.say
        for name, function in self._functions("log_").items():
            if function.log_offset is None:
                continue
            number = self.column(f"number_{name.removeprefix('log_')}")
            low, high = say.number(function.low), say.number(function.high)
            within = say.choose([(number <= low, low), (number >= high, high)], number)
            found = say.log(within + say.number(function.log_offset))
            missing = say.is_missing(number)
            self.make(name, say.choose([(missing, say.nothing("number"))], found))

    def _functions(self, prefix: str) -> dict[str, ValueFunction]:
        return {
            prefix + one.name: one.function
            for one in self.plan.indicators
            if isinstance(one.function, ValueFunction)
        }

    def scores(self) -> None:
        """Every indicator's score: 0 where it is absent, missing where it is refused."""
        for one in self.plan.indicators:
            self.make(f"score_{one.name}", self.score(one))

    def score(self, one: PlanIndicator) -> Term:
        """One indicator's score by its value function."""
        say, number = self.say, self.column(f"number_{one.name}")
        refused = say.nothing("number")
        instead = refused if one.missing == "refuse" else say.number(_instead(one))
        branches = [(say.is_missing(number), instead)]
        if isinstance(one.function, CategoryScores):
            branches += [
                (self._is_level(one, level), say.number(score) if one.scored else instead)
                for level, score in zip(one.function.names, one.function.scores, strict=True)
            ]
            return say.choose(branches, refused)
        if self.kinds.get(one.column, "unknown") in ("float", "text", "unknown"):
            largest = float_info.max
            infinite = (number > say.number(largest)) | (number < say.number(-largest))
            branches.append((infinite, refused))
        return say.choose(branches, self._on_segments(one, one.function) if one.scored else instead)

    def _on_segments(self, one: PlanIndicator, function: ValueFunction) -> Term:
        say = self.say
        is_log = function.log_offset is not None
        x = self.column(f"log_{one.name}" if is_log else f"number_{one.name}")
        values = []
        for x0, y0, slope in zip(function.x0, function.y0, function.slope, strict=True):
            level = say.number(y0)
            values.append(level + (x - say.number(x0)) * say.number(slope) if slope else level)
        edges = list(function.edges)
        if not function.is_flat:  # a value below the first knot scores like it
            edges.insert(0, function.x0[0])
            values.insert(0, say.number(function.y0[0]))
        limits = map(say.number, edges)
        conditions = [x < edge if function.closed == "left" else x <= edge for edge in limits]
        found = look_up(say, conditions, values)
        if not is_log:
            return found
        # Engines' logarithms differ by last bits; at the outer knots the value itself decides.
        number = self.column(f"number_{one.name}")
        below = (number <= say.number(function.low), say.number(function.y0[0]))
        above = (number >= say.number(function.high), say.number(function.y0[-1]))
        return say.choose([below, above], found)

    def is_known(self, one: PlanIndicator) -> Term:
        """Whether a category is missing or one of the model's."""
        assert isinstance(one.function, CategoryScores)
        missing = self.say.is_missing(self.column(f"number_{one.name}"))
        levels = [
            (self._is_level(one, level), self.say.boolean(True)) for level in one.function.names
        ]
        branches = [(missing, self.say.boolean(True)), *levels]
        return self.say.choose(branches, self.say.boolean(False))

    def _is_level(self, one: PlanIndicator, level: str) -> Term:
        """Whether a category is this one, in any of the ways it may be written."""
        assert isinstance(one.function, CategoryScores)
        held, kind = self.column(f"number_{one.name}"), self.kinds.get(one.column, "unknown")
        if kind == "boolean":
            truth = {"true": True, "false": False}.get(level)
            return self.say.boolean(False) if truth is None else held == self.say.boolean(truth)
        if kind in ("number", "float"):
            number = _as_number(level)
            return self.say.boolean(False) if number is None else held == self.say.number(number)
        ways = [level, f"{level}.0", *({"true": ["True"], "false": ["False"]}.get(level, []))]
        others = set(one.function.names) - {level}
        return any_of([held == self.say.text(way) for way in ways if way not in others])

    # -- nodes -------------------------------------------------------------------------------

    def nodes(self, family: str = "score", own: frozenset[str] = frozenset()) -> None:
        """Scores of all nodes, in stages from the bottom up.

        Parameters
        ----------
        family : str
            Prefix of the columns with the scores.
        own : frozenset of str
            The indicators of which the family has columns; of the others it takes ``score_``.
        """
        below: dict[str, str] = {
            name: f"{family if name in own or family == 'score' else 'score'}_{name}"
            for name in self.indicators
        }
        waiting = list(self.plan.nodes)
        while waiting:
            ready = [node for node in waiting if all(child in below for child in node.children)]
            self._sums(ready, family, below)
            if any(self.can_be_absent(node.name) for node in ready):
                self._who_is_absent(ready, family)
                self._settled(ready, family)
            below |= {node.name: f"{family}_{node.name}" for node in ready}
            waiting = [node for node in waiting if node.name not in below]

    def _sums(self, nodes: Sequence[PlanNode], family: str, below: Mapping[str, str]) -> None:
        """Sums over children, left to right; where some are absent, the weights that are left."""
        say, first = self.say, family == "score"
        self.stage(f"{family} sums")
        for node in nodes:
            scores = [self.column(below[child]) for child in node.children]
            self.make(f"{family}_{node.name}", self._weighted(scores, node.weights))
            absents = [self.absent(child) for child in node.children]
            some = [absent for absent in absents if absent is not None]
            if first and some:
                parts = [
                    say.number(weight)
                    if absent is None
                    else say.choose([(absent, say.number(0.0))], say.number(weight))
                    for absent, weight in zip(absents, node.weights, strict=True)
                ]
                left = parts[0]
                for part in parts[1:]:
                    left = left + part
                none = say.nothing("number")
                self.make(f"left_{node.name}", say.choose([(any_of(some), left)], none))
            if first and node.name in self._losing:
                lost = [self._lost(child) for child in node.children]
                held = [
                    (term, w)
                    for term, w in zip(lost, node.weights, strict=True)
                    if term is not None
                ]
                terms, weights = zip(*held, strict=True)
                self.make(f"without_{node.name}", self._weighted(terms, weights))

    def _weighted(self, terms: Sequence[Term], weights: Sequence[float]) -> Term:
        total = terms[0] * self.say.number(weights[0])
        for term, weight in zip(terms[1:], weights[1:], strict=True):
            total = total + term * self.say.number(weight)
        return total

    def absent(self, name: str) -> Term | None:
        """Where a part is absent; None if it never is."""
        if not self.can_be_absent(name):
            return None
        if name not in self.indicators:
            return self.column(f"absent_{name}")
        if not self.indicators[name].scored:
            return self.say.boolean(True)
        return self.say.is_missing(self.column(f"number_{name}"))

    def _lost(self, name: str) -> Term | None:
        """What a part's parent loses by it; None if nothing ever."""
        if not self._can_lose(name):
            return None
        if name not in self.indicators:
            kind = "lost" if self.can_be_absent(name) else "without"
            return self.column(f"{kind}_{name}")
        one, zero = self.say.number(1.0), self.say.number(0.0)
        if not self.indicators[name].scored:
            return one
        missing = self.say.is_missing(self.column(f"number_{name}"))
        return self.say.choose([(missing, one)], zero)

    def _who_is_absent(self, nodes: Sequence[PlanNode], family: str) -> None:
        """Nodes with too little data; a refused customer has none of them."""
        if family != "score":
            return
        say = self.say
        self.stage("not rated")
        for node in nodes:
            if not self.can_be_absent(node.name):
                continue
            reasons = []
            if self._has_left(node):
                left = self.column(f"left_{node.name}")
                reasons.append(~say.is_missing(left) & (left <= say.number(0.0)))
            if node.minimum_coverage > 0 and self._can_lose(node.name):
                enough = say.number(node.minimum_coverage - NEARLY)
                reasons.append(self.coverage(node.name) < enough)
            counted = ~say.is_missing(self.column(f"score_{node.name}"))
            self.make(f"absent_{node.name}", all_of([counted, any_of(reasons)]))

    def _has_left(self, node: PlanNode) -> bool:
        return any(map(self.can_be_absent, node.children))

    def left_over(self, node: PlanNode) -> tuple[Term, Term] | None:
        """Where a node's weights all count, and what is left of them elsewhere; None if all do."""
        if not self._has_left(node):
            return None
        left = self.column(f"left_{node.name}")
        return self.say.is_missing(left) | self.column(f"absent_{node.name}"), left

    def coverage(self, node: str) -> Term:
        """The share of a node's weight that had data."""
        say = self.say
        if node not in self._losing:
            return say.number(1.0)
        covered = say.number(1.0) - self.column(f"without_{node}")
        return say.choose([(covered < say.number(NEARLY), say.number(0.0))], covered)

    def _settled(self, nodes: Sequence[PlanNode], family: str) -> None:
        """Sums divided by the weights that are left; 0 where a node is not rated."""
        say = self.say
        self.stage(f"{family} nodes")
        for node in nodes:
            if not self.can_be_absent(node.name):
                continue
            total, absent = self.column(f"{family}_{node.name}"), self.column(f"absent_{node.name}")
            branches = [(absent, say.number(0.0))]
            settled = total
            if self._has_left(node):
                left, best = self.column(f"left_{node.name}"), say.number(100.0)
                branches.append((say.is_missing(left), total))
                shared = say.divided(total, left)
                settled = say.choose([(shared > best, best)], shared)
            missing = (say.is_missing(total), say.nothing("number"))
            self.make(f"{family}_{node.name}", say.choose([missing, *branches], settled))
            if family == "score" and node.name in self._losing:
                lost = self.column(f"without_{node.name}")
                self.make(f"lost_{node.name}", say.choose([(absent, say.number(1.0))], lost))


def _instead(one: PlanIndicator) -> float:
    """What stands where a value is missing: a score, or nothing in the parent's sum."""
    return one.missing_score if one.missing == "score" else 0.0


def _as_number(level: str) -> float | None:
    """A category as the number that is written so; None for any other."""
    try:
        number = float(level)
    except ValueError:
        return None
    written = str(int(number)) if number.is_integer() else str(number)
    return number if written == level else None
