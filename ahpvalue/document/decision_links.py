"""Names and lines of the decisions' parts of a document that must hold together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from ahpvalue.document.schema import Level, ModelDocument
from ahpvalue.document.schema_decisions import When
from ahpvalue.errors import Path, Problem, did_you_mean

__all__ = ["STATUSES", "decision_problems", "list_rules"]

STATUSES = ("new", "active", "rated", "inactive", "lapsed")
"""Words that stand beside tiers where customers are counted; a tier needs another name."""

_WORDS = ("new", "rated", "not rated", "inactive", "lapsed", "returns only", "never bought")
_HISTORY = ("previous_tier", "best_tier", "previous_value", "periods")
_TIER_WORDS = ("tier", "best_tier", "previous_tier")


def list_rules(document: ModelDocument) -> Iterator[tuple[Path, When]]:
    """Every rule of the document: who is active, vetoed, and in which segment."""
    active = document.active
    if active is not None:
        for key in ("when", "new", "never_bought", "returns_only", "lapsed"):
            if getattr(active, key) is not None:
                yield ("active", key), getattr(active, key)
    for name, veto in (document.tiers.vetoes if document.tiers else {}).items():
        yield ("tiers", "vetoes", name, "when"), veto.when
    for name, segment in (document.segments.rules if document.segments else {}).items():
        yield ("segments", "rules", name, "when"), segment.when


def decision_problems(
    document: ModelDocument, criteria: Collection[str], leaves: Collection[str]
) -> list[Problem]:
    """What is wrong with them beyond the shape of each part."""
    return [
        *_tier_problems(document, criteria, leaves),
        *_change_problems(document),
        *_grid_problems(document, [*criteria, *leaves]),
        *_rule_problems(document),
        *_shadow_problems(document, criteria, leaves),
    ]


def _names_used(document: ModelDocument) -> Iterator[tuple[Path, str]]:
    """Every name by which a rule, the peers or a sum ask for a score, a value or a column."""
    for path, when in list_rules(document):
        for name in dict.fromkeys(name for alternative in when for name in alternative):
            yield path, name
    for k, name in enumerate(document.peers.by if document.peers else ()):
        yield ("peers", "by", k), name
    for level, one in (document.tiers.levels if document.tiers else {}).items():
        if one.of is not None:
            yield ("tiers", "levels", level, "of"), one.of


def _shadow_problems(
    document: ModelDocument, criteria: Collection[str], leaves: Collection[str]
) -> Iterator[Problem]:
    """Names that may mean two things; that the table has such a column is known when it comes."""
    readers: dict[str, str] = {}
    for name, indicator in document.indicators.items():
        readers.setdefault(indicator.column or name, name)
    for path, name in _names_used(document):
        own = document.indicators[name].column or name if name in document.indicators else None
        other = readers.get(name)
        if name in criteria and path[0] in ("active", "peers"):
            text = f"{name} is a criterion, and here only values and columns are known; rename one"
            yield Problem(text, path)
        elif own not in (None, name) and other is not None:
            text = f"{name} may mean the indicator, which reads column {own}, or the column that"
            yield Problem(f"{text} {other} reads; rename one of them", path)
        elif name in criteria and other is not None:
            text = f"{name} may mean the criterion, or the column that {other} reads"
            yield Problem(f"{text}; rename one of them", path)
        elif path[0] == "segments" and name in _HISTORY and name in (*criteria, *leaves):
            text = f"{name} is what the history says of a customer; call the node otherwise"
            yield Problem(text, path)


def _rule_problems(document: ModelDocument) -> Iterator[Problem]:
    """Rules of segments that can never hold, because nobody is ever called so."""
    if document.segments is None:
        return
    tiers = list(document.tiers.levels) if document.tiers else []
    known = {"status": [*_WORDS, "active"], **dict.fromkeys(_TIER_WORDS, tiers)}
    for name, segment in document.segments.rules.items():
        path: Path = ("segments", "rules", name)
        if name == "unassigned":
            text = "unassigned are those whom no rule takes; call the segment otherwise"
            yield Problem(text, path, at_key=True)
        for word, wanted in (one for each in segment.when for one in each.items()):
            for text in (*wanted.equals, *wanted.differs):
                if known.get(word) and text not in known[word]:
                    kind = "status" if word == "status" else "tier"
                    said = f"{word}: {text} is not a {kind}{did_you_mean(str(text), known[word])}"
                    yield Problem(said, (*path, "when"))


def _grid_problems(document: ModelDocument, known: Collection[str]) -> Iterator[Problem]:
    for name, grid in (document.segments.grids if document.segments else {}).items():
        for axis in ("rows", "columns"):
            node = getattr(grid, axis)
            if node not in known:
                text = f"{node} is neither a criterion nor an indicator{did_you_mean(node, known)}"
                yield Problem(text, ("segments", "grids", name, axis))


def _change_problems(document: ModelDocument) -> Iterator[Problem]:
    for name, indicator in document.indicators.items():
        if indicator.changeable is None:
            continue
        path: Path = ("indicators", name, "changeable")
        categories = indicator.categories
        known = [] if categories is None else [*(categories.scores or categories.names)]
        if categories is not None and indicator.changeable.step is not None:
            yield Problem("categories have no step; leave it out", (*path, "step"))
        for wanted in indicator.changeable.categories:
            if wanted not in known:
                yield Problem(f"{wanted} is not a category{did_you_mean(wanted, known)}", path)


def _tier_problems(
    document: ModelDocument, criteria: Collection[str], leaves: Collection[str]
) -> Iterator[Problem]:
    tiers = document.tiers
    if tiers is None:
        return
    known = [*criteria, *leaves]
    if tiers.on is not None and tiers.on not in known:
        text = f"{tiers.on} is neither a criterion nor an indicator{did_you_mean(tiers.on, known)}"
        yield Problem(text, ("tiers", "on"))
    indicator = document.indicators.get(tiers.on or "")
    if indicator is not None and indicator.categories is not None:
        text = f"{tiers.on} has categories; tiers need values or a criterion's score"
        yield Problem(text, ("tiers", "on"))
    yield from _level_problems(document)
    for name, veto in tiers.vetoes.items():
        if veto.at_most not in tiers.levels:
            near = did_you_mean(veto.at_most, tiers.levels)
            yield Problem(
                f"{veto.at_most} is not a tier{near}", ("tiers", "vetoes", name, "at_most")
            )


def _way_problems(level: Level, path: Path) -> Iterator[Problem]:
    """A tier above the last one that has no line, or one that divides nobody from anybody."""
    if level.way is None:
        text = "only the last tier has no line; give score, top, count or cumulative"
        yield Problem(text, path)
    for way, share in (("top", level.top), ("cumulative", level.cumulative)):
        if share == 0 or (way == "top" and share == 1):
            who = "nobody" if share == 0 else "everybody, and leaves nobody for the last tier"
            yield Problem(f"{share:.0%} takes in {who}", (*path, way))


def _level_problems(document: ModelDocument) -> Iterator[Problem]:
    assert document.tiers is not None
    path: Path = ("tiers", "levels")
    levels = document.tiers.levels
    if len(levels) < 2:
        yield Problem("tiers need at least two levels, best first; the last is {}", path)
        return
    *above, (last, lowest) = levels.items()
    if lowest.way is not None:
        text = "the last tier takes everybody else; write {} behind it, or add a tier below"
        yield Problem(text, (*path, last))
    for name in levels:
        if name in STATUSES:
            text = f"{name} is a status of customers; call the tier otherwise"
            yield Problem(text, (*path, name), at_key=True)
    for name, level in above:
        yield from _way_problems(level, (*path, name))
    yield from _order_problems(above, path)


def _order_problems(above: Sequence[tuple[str, Level]], path: Path) -> Iterator[Problem]:
    """Tiers that do not come best first, each wider than the one before."""
    for (before, higher), (name, lower) in pairwise(above):
        first, second = higher.lowest, lower.lowest
        if first is not None and second is not None and second > first:
            text = f"its line {second:g} lies above that of {before} ({first:g}); best tier first"
            yield Problem(text, (*path, name))
        elif first == second and higher.way == lower.way == "score":
            text = f"its line {second:g} is that of {before}, so that nobody is in it"
            yield Problem(text, (*path, name))
        elif _no_wider(lower, higher):
            text = f"takes in no more than {before}; best tier first, each wider than the last"
            yield Problem(text, (*path, name))


def _no_wider(lower: Level, higher: Level) -> bool:
    """Whether a lower tier, drawn in the same way, reaches no further than a higher one."""
    way = lower.way
    if way is None or way == "score" or way != higher.way or lower.of != higher.of:
        return False
    return bool(getattr(lower, way) <= getattr(higher, way))
