"""Everything a lazy engine is asked for: a plan's outputs, or its points, as stages of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ahpvalue.scoring.customers import NOT_RATED, RATED, REFUSED
from ahpvalue.scoring.lazy.dialect import Kind, Language, Term, all_of, any_of
from ahpvalue.scoring.lazy.lazy_conditions import asked_for, is_text, label_of, rule_term
from ahpvalue.scoring.lazy.stages import Stage, Steps
from ahpvalue.scoring.peers import BETWEEN
from ahpvalue.scoring.plan import CategoryScores, Plan, PlanIndicator

__all__ = [
    "STANDINGS",
    "checked_stages",
    "columns_read",
    "doubted",
    "names_asked",
    "output_stages",
    "point_stages",
]

STANDINGS = ("rank", "percentile", "peer_rank", "peer_percentile")
"""Outputs that depend on the other customers: made only when asked for."""

_PEERS = ("peer_group", "peer_total", "peer_rank", "peer_percentile")
_TOTAL, _GROUP = "peer total ", "peer group "  # with a space: no node can be called so


def columns_read(plan: Plan, peers: bool = True) -> dict[str, str]:
    """Every column a plan reads, and what for: the indicator, or the rule or peer group's name."""
    read = {one.column: one.name for one in plan.indicators}
    for name in names_asked(plan, peers):
        read.setdefault(_column_of(plan, name), name)
    return read


def names_asked(plan: Plan, peers: bool) -> list[str]:
    """The names in the rule for who is active, and of what peers have in common."""
    names = [] if plan.active is None else asked_for(plan.active)
    return [*names, *(plan.peers.by if peers and plan.peers is not None else ())]


def _column_of(plan: Plan, name: str) -> str:
    return next((one.column for one in plan.indicators if one.name == name), name)


def output_stages(
    plan: Plan,
    kinds: Mapping[str, Kind],
    say: Language,
    wanted: Sequence[str],
    hashes: Mapping[str, str],
    numbers: Sequence[str] = (),
) -> list[Stage]:
    """The stages that end in the customers' ids and the wanted outputs, in this order.

    Parameters
    ----------
    plan : Plan
    kinds : mapping of str to Kind
        What the table's columns hold.
    say : Language
    wanted : sequence of str
    hashes : mapping of str to str
        Of the model and of the reference.
    numbers : sequence of str
        Indicators and columns whose values are wanted, too, as ``number_NAME``.
    """
    answers = _Answers(plan, kinds, say, wanted, hashes, numbers)
    answers.begin()
    answers.steps.nodes()
    for depth in answers.depths:
        answers.steps.nodes(f"peer{depth}", answers.own_references(depth))
    answers.outputs()
    answers.standings()
    return answers.finished([plan.customer, *wanted, *(f"number_{name}" for name in numbers)])


def point_stages(plan: Plan, kinds: Mapping[str, Kind], say: Language) -> list[Stage]:
    """The stages that end in every indicator's points and their sum, the total."""
    answers = _Answers(plan, kinds, say, (), {})
    answers.begin()
    answers.steps.nodes()
    answers.points()
    return answers.finished([plan.customer, *(one.name for one in plan.indicators), "total"])


def checked_stages(plan: Plan, kinds: Mapping[str, Kind], say: Language) -> list[Stage]:
    """The stages that end in ids and values, who is active, and whose peer everybody is."""
    peers = () if plan.peers is None else ("peer_group",)
    answers = _Answers(plan, kinds, say, peers, {})
    answers.begin()
    known = []
    answers.steps.stage("known")
    for one in plan.indicators:
        if isinstance(one.function, CategoryScores):
            answers.steps.make(f"known_{one.name}", answers.steps.is_known(one))
            known.append(f"known_{one.name}")
    active = ["row_active", "row_label"] if plan.active is not None else []
    numbers = [f"number_{one.name}" for one in plan.indicators]
    values = [*doubted(plan), *(plan.peers.by if plan.peers is not None else ())]
    return answers.finished(
        ["row_id", *numbers, *known, *active, *(f"value_{name}" for name in dict.fromkeys(values))]
    )


def doubted(plan: Plan) -> list[str]:
    """What the rule for who is active asks for, and cannot tell where it is missing."""
    when = () if plan.active is None else plan.active.when
    return sorted({one.name for rule in when for one in rule if not one.missing})


class _Answers:
    def __init__(
        self,
        plan: Plan,
        kinds: Mapping[str, Kind],
        say: Language,
        wanted: Sequence[str],
        hashes: Mapping[str, str],
        handed_on: Sequence[str] = (),
    ) -> None:
        self.plan, self.kinds, self.say = plan, kinds, say
        self.wanted, self.hashes, self.handed_on = wanted, hashes, handed_on
        self.among_peers = bool({*_PEERS} & {*wanted})
        covered = {name for name in wanted if name.startswith("coverage")}
        nodes = {name.removeprefix("coverage_") for name in covered} | {plan.goal}
        self.steps = Steps(plan, kinds, say, nodes if covered else set())
        groups = plan.peers.groups if self.among_peers and plan.peers is not None else ()
        self.depths = sorted({len(group) for group in groups}, reverse=True)

    def finished(self, names: Iterable[str]) -> list[Stage]:
        """The stages, the last with these columns in this order."""
        steps = self.steps
        steps.stage("answer")
        for name in names:
            steps.make(name, steps.column(name))
        return steps.finished()

    # -- the beginning -----------------------------------------------------------------------

    def begin(self) -> None:
        """Values, who is active, whose peer somebody is, and every indicator's score."""
        steps, plan = self.steps, self.plan
        steps.stage("values")
        steps.make("row_id", steps.column(plan.customer))
        steps.numbers()
        for name in dict.fromkeys(names_asked(plan, self.among_peers)):
            steps.make(f"value_{name}", self._value(name))
        for name in self.handed_on:
            if name not in steps.indicators:
                steps.make(f"number_{name}", steps.cleaned(name, texts=False))
        steps.stage("customers")
        steps.logarithms()
        if plan.active is not None:
            steps.make("row_active", rule_term(self.say, plan.active.when, self._values))
            steps.make("row_label", label_of(self.say, plan.active, self._values))
        if self.among_peers:
            steps.make("row_group", self._group(self._groups()))
        for depth in self.depths:
            steps.make(f"row_group_{depth}", self._group(self._groups(depth)))
        steps.stage("scores")
        steps.scores()
        for depth in self.depths:
            for one in plan.indicators:
                if one.name in self.own_references(depth):
                    steps.make(f"peer{depth}_{one.name}", self._peer_score(one, depth))

    def _is_text(self, name: str) -> bool:
        kind = self.kinds.get(_column_of(self.plan, name), "unknown")
        if self.plan.active is not None and name in asked_for(self.plan.active):
            return is_text(kind, name, self.plan.active)
        return kind not in ("number", "float")

    def _value(self, name: str) -> Term:
        say, column = self.say, _column_of(self.plan, name)
        if self.kinds.get(column) == "boolean":
            raw = self.steps.column(column)
            missing = (say.is_missing(raw), say.nothing("text"))
            return say.choose([missing, (raw, say.text("true"))], say.text("false"))
        return self.steps.cleaned(column, texts=self._is_text(name))

    def _values(self, name: str) -> tuple[Term, bool]:
        return self.steps.column(f"value_{name}"), self._is_text(name)

    # -- peers -------------------------------------------------------------------------------

    def _groups(self, depth: int | None = None) -> list[tuple[str, ...]]:
        """The groups with a reference of their own, the narrowest first, or those of a depth.

        The depth is how many columns tell the group.
        """
        assert self.plan.peers is not None
        found = sorted(self.plan.peers.groups, key=len, reverse=True)
        return [group for group in found if depth in (None, len(group))]

    def _group(self, groups: Sequence[tuple[str, ...]]) -> Term:
        """The number of the first of these groups a customer is in; 0 for none of them."""
        assert self.plan.peers is not None
        say, by = self.say, self.plan.peers.by
        branches = [
            (
                all_of([self._is(name, value) for name, value in zip(by, group, strict=False)]),
                say.number(float(number)),
            )
            for number, group in enumerate(groups, 1)
        ]
        return say.choose(branches, say.number(0.0)) if branches else say.number(0.0)

    def _is(self, name: str, value: str) -> Term:
        found, texts = self._values(name)
        if texts:
            return found == self.say.text(value)
        try:
            return found == self.say.number(float(value))
        except ValueError:
            return self.say.boolean(False)

    def own_references(self, depth: int) -> frozenset[str]:
        """The indicators that some group of a depth scores otherwise than everybody."""
        return frozenset(one.name for one in self.plan.indicators if self._own(one, depth))

    def _own(self, one: PlanIndicator, depth: int) -> dict[int, PlanIndicator]:
        """The groups of a depth that score an indicator otherwise than everybody."""
        assert self.plan.peers is not None
        at = self.plan.indicators.index(one)
        groups = self.plan.peers.groups
        numbered = enumerate((groups[group][at] for group in self._groups(depth)), 1)
        return {number: own for number, own in numbered if own != one}

    def _peer_score(self, one: PlanIndicator, depth: int) -> Term:
        group = self.steps.column(f"row_group_{depth}")
        branches = [
            (group == self.say.number(float(number)), self.steps.score(own))
            for number, own in self._own(one, depth).items()
        ]
        return self.say.choose(branches, self.steps.score(one))

    def _by_depth(self, terms: Mapping[int, Term], otherwise: Term, group: str) -> Term:
        """What holds in the narrowest group a customer is in, else what holds for everybody."""
        nobody = self.say.number(0.0)
        inside = {depth: self.steps.column(f"{group}{depth}") for depth in terms}
        branches = [(inside[depth] > nobody, term) for depth, term in terms.items()]
        return self.say.choose(branches, otherwise) if branches else otherwise

    # -- the end -----------------------------------------------------------------------------

    def _shown(self, node: str, term: Term) -> Term:
        """A node's value where the customer is scored and the node is rated."""
        hidden = []
        if self.plan.active is not None:
            hidden.append(~self.steps.column("row_active"))
        if self.steps.can_be_absent(node):
            hidden.append(self.steps.column(f"absent_{node}"))
        return (
            self.say.choose([(any_of(hidden), self.say.nothing("number"))], term)
            if hidden
            else term
        )

    def _covered(self, node: str) -> Term:
        say, steps = self.say, self.steps
        hidden = [say.is_missing(steps.column(f"score_{node}"))]
        if self.plan.active is not None:
            hidden.append(~steps.column("row_active"))
        return say.choose([(any_of(hidden), say.nothing("number"))], steps.coverage(node))

    def outputs(self) -> None:
        """Everything that depends on nothing but the customer's own row."""
        say, steps, goal = self.say, self.steps, self.plan.goal
        steps.stage("scores")
        steps.make(self.plan.customer, steps.column("row_id"))
        nodes = {"total": goal, **{name: name for name in self.plan.criteria}}
        for name, node in nodes.items():
            suffix = "" if name == "total" else f"_{name}"
            if suffix and not {name, f"coverage{suffix}"} & {*self.wanted}:
                continue  # asking for it would carry its columns through every stage
            steps.make(name, self._shown(node, steps.column(f"score_{node}")))
            if f"coverage{suffix}" in self.wanted:
                steps.make(f"coverage{suffix}", self._covered(node))
        if self.among_peers:
            totals = {d: self._shown(goal, steps.column(f"peer{d}_{goal}")) for d in self.depths}
            everybody = self._shown(goal, steps.column(f"score_{goal}"))
            steps.make("peer_total", self._by_depth(totals, everybody, "row_group_"))
            steps.make("peer_group", self._group_name())
            for depth, total in totals.items():
                steps.make(f"{_TOTAL}{depth}", total)
                steps.make(f"{_GROUP}{depth}", steps.column(f"row_group_{depth}"))
        if "status" in self.wanted:
            steps.make("status", self._status())
        for name in ("model", "reference"):
            if name in self.wanted:
                steps.make(name, say.text(self.hashes[name]))

    def _group_name(self) -> Term:
        say, group = self.say, self.steps.column("row_group")
        branches = [
            (group == say.number(float(number)), say.text(BETWEEN.join(names)))
            for number, names in enumerate(self._groups(), 1)
        ]
        if self.plan.active is not None:
            branches.insert(0, (~self.steps.column("row_active"), say.nothing("text")))
        return say.choose(branches, say.text("")) if branches else say.text("")

    def _status(self) -> Term:
        """One word for every customer; *refused* is what an eager table is refused for."""
        say, steps, goal = self.say, self.steps, self.plan.goal
        branches = [(say.is_missing(steps.column(f"score_{goal}")), say.text(REFUSED))]
        if steps.can_be_absent(goal):
            branches.append((steps.column(f"absent_{goal}"), say.text(NOT_RATED)))
        otherwise = say.text(RATED)
        if self.plan.active is not None:
            otherwise = steps.column("row_label")
            branches.insert(0, (~steps.column("row_active"), otherwise))
        return say.choose(branches, otherwise)

    def standings(self) -> None:
        """Ranks and percentiles, by window functions."""
        asked = {*STANDINGS} & {*self.wanted}
        if not asked:
            return
        self.steps.stage("standings")
        for name, place in (("rank", self._rank), ("percentile", self._percentile)):
            if name in asked:
                self.steps.make(name, place("total", None))
            if f"peer_{name}" in asked:
                # Ranked in the group that is named: among all its members, scored by it.
                inside = {d: place(f"{_TOTAL}{d}", f"{_GROUP}{d}") for d in self.depths}
                everybody = place("total", None)
                self.steps.make(f"peer_{name}", self._by_depth(inside, everybody, _GROUP))

    def _rank(self, of: str, within: str | None) -> Term:
        say = self.say
        unrated = say.is_missing(self._over(of, within))
        place = say.rank(of, descending=True, within=within)
        return say.choose([(unrated, say.nothing("whole"))], place)

    def _over(self, of: str, within: str | None) -> Term:
        if within is not None:
            self.steps.column(within)
        return self.steps.column(of)

    def _percentile(self, of: str, within: str | None) -> Term:
        say, one = self.say, self.say.number(1.0)
        unrated = say.is_missing(self._over(of, within))
        below = say.as_number(say.rank(of, descending=False, within=within)) - one
        ties = say.as_number(say.alike(of, within)) - one
        others = say.as_number(say.held(of, within)) - one
        each = say.divided(say.number(100.0), others)
        share = (below + ties * say.number(0.5)) * each
        nobody = (unrated | (others < one), say.nothing("number"))
        return say.choose([nobody], share)

    def points(self) -> None:
        """What every indicator gives to the total: shares from the top down, times scores."""
        say, steps, plan = self.say, self.steps, self.plan
        steps.stage("share of the goal")
        steps.make(f"share_{plan.goal}", say.number(1.0))
        made = {plan.goal}
        for node in reversed(plan.nodes):
            steps.stage(f"shares of {node.name}")
            share = steps.column(f"share_{node.name}")
            left = steps.left_over(node)
            if left is not None:
                whole, rest = left
                share = say.choose([(whole, share)], say.divided(share, rest))
            for child, weight in zip(node.children, node.weights, strict=True):
                passed = share * say.number(weight)
                absent = steps.absent(child)
                if absent is not None:
                    passed = say.choose([(absent, say.number(0.0))], passed)
                if child in made:
                    passed = steps.column(f"share_{child}") + passed
                steps.make(f"share_{child}", passed)
            made.update(node.children)
        steps.stage("points")
        steps.make(plan.customer, steps.column("row_id"))
        refused = say.is_missing(steps.column(f"score_{plan.goal}"))
        for one in plan.indicators:
            points = steps.column(f"share_{one.name}") * steps.column(f"score_{one.name}")
            points = say.choose([(refused, say.nothing("number"))], points)
            steps.make(one.name, self._shown(plan.goal, points))
        steps.make("total", self._shown(plan.goal, steps.column(f"score_{plan.goal}")))
