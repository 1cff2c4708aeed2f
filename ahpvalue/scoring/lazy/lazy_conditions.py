"""Rules for who is active, in an engine's language: what `conditions` says of arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ahpvalue.errors import CustomerDataError
from ahpvalue.scoring.conditions import (
    ACTIVE,
    INACTIVE,
    LIMITS,
    NEW,
    Activity,
    Requirement,
    Rule,
    as_numbers,
    as_texts,
)
from ahpvalue.scoring.lazy.dialect import Kind, Language, Term, all_of, any_of

__all__ = ["asked_for", "is_text", "label_of", "rule_term"]

Values = Callable[[str], tuple[Term, bool]]
"""A name's values, and whether they are texts."""


def asked_for(activity: Activity) -> list[str]:
    """Every name that the rules ask for."""
    rules = [activity.when, *(rule for _, rule in activity.others)]
    rules += [activity.new] if activity.new is not None else []
    names = [one.name for rule in rules for alternative in rule for one in alternative]
    return list(dict.fromkeys(names))


def is_text(kind: Kind, name: str, activity: Activity) -> bool:
    """Whether a column is compared as text; one of unknown kind is what the rules make of it."""
    if kind != "unknown":
        return kind in ("text", "boolean", "other")
    rules = [activity.when, activity.new or (), *(rule for _, rule in activity.others)]
    return any(
        isinstance(value, str)
        for rule in rules
        for alternative in rule
        for one in alternative
        if one.name == name
        for value in (*one.equals, *one.differs)
    )


def rule_term(say: Language, rule: Rule, values: Values) -> Term:
    """Where one of a rule's alternatives is met; never missing."""
    alternatives = [
        all_of([_requirement(say, one, *values(one.name)) for one in alternative])
        if alternative
        else say.boolean(True)
        for alternative in rule
    ]
    return any_of(alternatives) if alternatives else say.boolean(False)


def _requirement(say: Language, one: Requirement, value: Term, texts: bool) -> Term:
    present = ~say.is_missing(value)
    met = [present]
    read = as_texts if texts else as_numbers
    if one.equals:
        met.append(_among(say, value, read(one.equals)))
    if one.differs:
        met.append(~_among(say, value, read(one.differs)))
    if one.limits and texts:
        raise CustomerDataError(one.no_limit_on_texts())
    met += [LIMITS[kind](value, say.number(limit)) for kind, limit in one.limits]
    if one.missing is not None and len(met) == 1:
        return ~present if one.missing else present
    return all_of(met)


def _among(say: Language, value: Term, wanted: Sequence[str | float]) -> Term:
    if not wanted:
        return say.boolean(False)
    return any_of(
        [value == (say.text(one) if isinstance(one, str) else say.number(one)) for one in wanted]
    )


def label_of(say: Language, activity: Activity, values: Values) -> Term:
    """Every customer's status by the rules."""
    active = rule_term(say, activity.when, values)
    branches = []
    if activity.new is not None:
        branches.append((active & rule_term(say, activity.new, values), say.text(NEW)))
    branches.append((active, say.text(ACTIVE)))
    branches += [
        (rule_term(say, rule, values), say.text(status)) for status, rule in activity.others
    ]
    return say.choose(branches, say.text(INACTIVE))
