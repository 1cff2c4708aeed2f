"""What a customer is told: why its score and tier are what they are, and what would lift them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ahpvalue.evaluation.explain.reasons import Effects, measure_effects
from ahpvalue.evaluation.explain.words import rounded_outwards, say, value_text
from ahpvalue.evaluation.recourse import (
    BEST,
    DECIDED,
    HOLD,
    NOT_RATED,
    REACHABLE,
    VETO,
    Paths,
    find_paths,
)
from ahpvalue.evaluation.tiers import NONE, MoveRule, Tiers, check_tiers, draw_tiers
from ahpvalue.scored import Scored
from ahpvalue.scoring import CategoryScores, find_customer
from ahpvalue.support.display import Result, Table

__all__ = ["Explanation", "PathUp", "explain_customer", "find_path_up", "list_reasons"]

_NOTHING = 0.05  # points; less than this is not shown as a reason


@dataclass(frozen=True, repr=False)
class Explanation(Result):
    """Why one customer's score is what it is.

    Attributes
    ----------
    customer : str
    language : str
    total, baseline : float
        The customer's total, and that of a made-up customer with every value at the median; NaN
        when there is none.
    median_score : float
        The median of the reference customers' scores, which is another thing than `baseline`: half
        of them have it or more. NaN where the model was fitted before it was kept.
    reasons : tuple of dict
        Indicator, label, value and median as shown (of categories the commonest), points, and
        whether it is a category; largest effect first. Over all indicators the points add up to
        total - baseline.
    tier : str or None
    sentences : tuple of str
        The whole, fit to be shown to the customer.
    opening : int
        How many of them come before the reasons.
    """

    customer: str
    language: str
    total: float
    baseline: float
    median_score: float
    reasons: tuple[Mapping[str, Any], ...]
    tier: str | None
    sentences: tuple[str, ...]
    opening: int = 1

    @property
    def up(self) -> tuple[Mapping[str, Any], ...]:
        """The reasons that raise the score."""
        return tuple(reason for reason in self.reasons if reason["points"] > 0)

    @property
    def down(self) -> tuple[Mapping[str, Any], ...]:
        """The reasons that lower it."""
        return tuple(reason for reason in self.reasons if reason["points"] < 0)

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    __repr__ = __str__

    def table(self) -> Table:
        """Every indicator's effect, as shown in a notebook."""
        columns = {
            "indicator": [reason["label"] for reason in self.reasons],
            "value": [reason["value"] for reason in self.reasons],
            "median": [reason["median"] for reason in self.reasons],
            "points": [reason["points"] for reason in self.reasons],
        }
        title = f"{self.customer}: {self.total:.1f} points"
        if not np.isnan(self.baseline):
            title += f", {self.baseline:.1f} with every value at the median"
        return Table(
            title, columns, {"points": "+.1f"}, note=" ".join(self.sentences[: self.opening])
        )


def explain_customer(
    scored: Scored, customer: Any, language: str = "en", tiers: Tiers | None = None, most: int = 4
) -> Explanation:
    """Explain one customer's score; see `Scores.explain`."""
    check_tiers(scored, tiers)
    row = find_customer(scored.customers, customer)
    one = str(scored.customers.ids[row])
    total = float(scored.total[row])
    if np.isnan(total):
        told = say(language, "no score", status=str(scored.status[row]))
        nothing = float("nan")
        return Explanation(one, language, total, nothing, nothing, (), None, (told,))
    effects = measure_effects(scored)
    reasons = tuple(_reasons(scored, effects, row, language))
    baseline = float(effects.baseline[row])
    given = tiers is not None
    if (
        tiers is None
        and scored.model.document.tiers is not None
        and not scored.model.unfitted.tiers
    ):
        tiers = draw_tiers(scored)
    median = _median_score(scored)
    sentences = [say(language, "score", total=total)]
    if not np.isnan(median):
        sentences.append(say(language, "median score", median=median))
    if tiers is not None:
        alone = not given and _has_memory(tiers.rule)
        sentences += _about_tier(tiers, row, language, "by lines" if alone else "tier")
    opening = len(sentences)
    shown = [reason for reason in reasons if abs(reason["points"]) >= _NOTHING]
    for word, chosen in (
        ("up", [reason for reason in shown if reason["points"] > 0][:most]),
        ("down", [reason for reason in shown if reason["points"] < 0][:most]),
    ):
        if chosen:
            sentences.append(say(language, word))
            sentences += [f"  {_reason_sentence(reason, language)}" for reason in chosen]
    if not shown:
        sentences.append(say(language, "nothing"))
    unknown = [
        scored.model.label(indicator.name, language=language)
        for indicator in scored.plan.indicators
        if scored.customers.absent(indicator.name)[row]
    ]
    if unknown:
        joined = say(language, "list").join(unknown)
        sentences.append(say(language, "unknown", labels=joined))
    tier = None if tiers is None else tiers.tier[row]
    return Explanation(
        one, language, total, baseline, median, reasons, tier, tuple(sentences), opening
    )


def _median_score(scored: Scored) -> float:
    """What fit wrote; the customers of today's table say nothing of the reference."""
    reference = scored.model.document.reference
    found = None if reference is None else reference.median_score
    return float("nan") if found is None else found


def _reasons(scored: Scored, effects: Effects, row: int, language: str) -> list[dict[str, Any]]:
    found = []
    for indicator in scored.plan.indicators:
        name = indicator.name
        points = float(effects.points[name][row])
        if not effects.shares[name][row] > 0 or scored.customers.absent(name)[row]:
            continue
        written = scored.model.document.indicators[name]
        unit = written.unit
        found.append(
            {
                "indicator": name,
                "label": scored.model.label(name, language=language),
                "value": value_text(_raw(scored, name, row), unit),
                "median": value_text(effects.median.get(name, ""), unit),
                "points": points,
                "is_category": written.categories is not None,
            }
        )
    return sorted(found, key=lambda reason: -abs(reason["points"]))


def _reason_sentence(reason: Mapping[str, Any], language: str) -> str:
    key = "reason category" if reason["is_category"] else "reason"
    return say(language, key, **reason)


def _raw(scored: Scored, name: str, row: int) -> float | str:
    value = scored.customers.columns[name][row]
    function = next(i.function for i in scored.plan.indicators if i.name == name)
    return function.names[int(value)] if isinstance(function, CategoryScores) else float(value)


def _tier_name(tiers: Tiers, level: int, language: str) -> str:
    name = tiers.names[level]
    return str(tiers.basis.section.levels[name].label.get(language, name))


def _has_memory(rule: MoveRule) -> bool:
    """Whether the tier that counts may differ from where the lines alone would put a customer."""
    still = rule.band or rule.grace or rule.minimum_stay or rule.steps is not None
    return bool(still) or rule.confirmation > 1


def _about_tier(tiers: Tiers, row: int, language: str, opening: str) -> list[str]:
    level = int(tiers.level[row])
    if level == NONE:
        return [say(language, "no tier")]
    sentences = [say(language, opening, tier=_tier_name(tiers, level, language))]
    if tiers.level[row] != tiers.after_vetoes[row]:
        # The reason was written for colleagues; it is in the table of tiers, not told here.
        until = tiers.overrides.column("expires")[row]
        sentences.append(say(language, "decided", until=until))
    elif tiers.after_vetoes[row] != tiers.standing.level[row]:
        reason = _veto_reason(tiers, row, language)
        tier = _tier_name(tiers, int(tiers.after_vetoes[row]), language)
        sentences.append(say(language, "capped", tier=tier, reason=reason))
    elif tiers.held[row]:
        tier = _tier_name(tiers, int(tiers.by_lines[row]), language)
        sentences.append(say(language, "held", tier=tier, reason=say(language, tiers.held[row])))
    return sentences


def _veto_reason(tiers: Tiers, row: int, language: str) -> str:
    vetoes = tiers.basis.section.vetoes
    names = tiers.vetoes[row].split(", ")
    return say(language, "list").join(vetoes[name].reason.get(language, name) for name in names)


def list_reasons(scored: Scored, most: int = 4) -> Table:
    """The main reasons of every customer; see `Scores.reasons`."""
    effects = measure_effects(scored)
    names = list(effects.points)
    points = np.nan_to_num(np.array([effects.points[name] for name in names]))
    columns: dict[str, list[Any]] = {
        "customer": [], "direction": [], "place": [], "indicator": [], "points": [],
    }  # fmt: skip
    for direction, sign in (("up", 1), ("down", -1)):
        order = np.argsort(-sign * points, axis=0, kind="stable")[:most]
        for place, chosen in enumerate(order):
            effect = points[chosen, np.arange(points.shape[1])]
            rows = np.flatnonzero(sign * effect >= _NOTHING)
            columns["customer"] += [str(scored.customers.ids[int(row)]) for row in rows]
            columns["direction"] += [direction] * len(rows)
            columns["place"] += [place + 1] * len(rows)
            columns["indicator"] += [names[k] for k in chosen[rows]]
            columns["points"] += effect[rows].tolist()
    return Table("Main reasons", columns, {"place": "d", "points": "+.1f"})


# -- ways up ---------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class PathUp(Result):
    """What would lift one customer to the next tier.

    Attributes
    ----------
    customer : str
    status : str
        See `Paths.status`.
    target : str or None
        The next tier.
    needed, value : float
        The score (or value) to reach, and the customer's.
    singles : dict of str to float or str
        Changes of one indicator that suffice, the smallest effort first; values with as few
        digits as are enough, as the sentences tell them.
    cheapest : dict of str to float or str
        The cheapest few changes together.
    effort : float
        Of the cheapest.
    sentences : tuple of str
    """

    customer: str
    status: str
    target: str | None
    needed: float
    value: float
    singles: Mapping[str, Any]
    cheapest: Mapping[str, Any]
    effort: float
    sentences: tuple[str, ...]

    @property
    def smallest(self) -> dict[str, Any]:
        """The smallest single change; empty where none suffices."""
        return dict(list(self.singles.items())[:1])

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    __repr__ = __str__

    def table(self) -> Table:
        """Every single change that suffices, then the cheapest way."""
        rows = [("one change", *one) for one in self.singles.items()]
        rows += [("cheapest", *one) for one in self.cheapest.items()]
        columns = {
            "way": [way for way, *_ in rows],
            "indicator": [name for _, name, _ in rows],
            "to": [value_text(to, exact=True) for *_, to in rows],
        }
        return Table(f"{self.customer}: {self.status}", columns, note=" ".join(self.sentences))


def find_path_up(
    scored: Scored,
    customer: Any,
    language: str = "en",
    tiers: Tiers | None = None,
    changes: int = 2,
) -> PathUp:
    """Find one customer's way up; see `Scores.path_up`."""
    row = find_customer(scored.customers, customer)
    tiers = draw_tiers(scored) if tiers is None else tiers
    paths = find_paths(scored, tiers, changes, np.array([row]))
    status, level = str(paths.status[row]), int(paths.target[row])
    target = None if level == NONE else tiers.names[level]
    singles, cheapest = paths.told(row)
    return PathUp(
        str(scored.customers.ids[row]),
        status,
        target,
        float(paths.needed[row]),
        float(tiers.values[row]),
        singles,
        cheapest,
        float(paths.effort[row]),
        tuple(_way_sentences(paths, tiers, row, language, singles, cheapest)),
    )


def _way_sentences(
    paths: Paths,
    tiers: Tiers,
    row: int,
    language: str,
    singles: Mapping[str, Any],
    cheapest: Mapping[str, Any],
) -> list[str]:
    status = str(paths.status[row])
    if status in (NOT_RATED, BEST):
        return [_nowhere_up(tiers, row, language)]
    tier = _tier_name(tiers, int(paths.target[row]), language)
    if status == DECIDED:
        until = tiers.overrides.column("expires")[row]
        return [say(language, "fixed", tier=tier, until=until)]
    if status == VETO and tiers.vetoes[row]:
        return [say(language, "vetoed", tier=tier, reason=_veto_reason(tiers, row, language))]
    if status == HOLD:
        left = int(paths.periods[row])
        more = say(language, "one more") if left == 1 else say(language, "periods", periods=left)
        return [say(language, "hold", tier=tier), more]
    needed = say(
        language,
        "way" if tiers.basis.is_score else "way value",
        tier=tier,
        needed=rounded_outwards(float(paths.needed[row]), 1),
        value=rounded_outwards(float(tiers.values[row]), -1),
    )
    if status != REACHABLE:
        return [needed, say(language, "unreachable", tier=tier)]
    return [needed, *_told_ways(paths, row, language, singles, cheapest)]


def _nowhere_up(tiers: Tiers, row: int, language: str) -> str:
    """Of who is in the best tier already, or in none."""
    scored = tiers.scored
    if tiers.level[row] != NONE:
        return say(language, "best")
    if np.isnan(scored.total[row]):
        return say(language, "no score", status=str(scored.status[row]))
    return say(language, "no tier")


def _told_ways(
    paths: Paths,
    row: int,
    language: str,
    singles: Mapping[str, Any],
    cheapest: Mapping[str, Any],
) -> list[str]:
    sentences = []
    if singles:
        sentences.append(say(language, "single"))
        for k, change in enumerate(_changes(paths, row, singles, language)):
            sentences.append(f"  {say(language, 'or') if k else ''}{change}")
    if cheapest and (not singles or len(cheapest) > 1):
        sentences.append(say(language, "cheapest"))
        sentences += [f"  {change}" for change in _changes(paths, row, cheapest, language)]
    return [*sentences, *_periods(paths, row, language)]


def _periods(paths: Paths, row: int, language: str) -> list[str]:
    periods = int(paths.periods[row])
    return [say(language, "periods", periods=periods)] if periods > 1 else []


def _changes(paths: Paths, row: int, changes: Mapping[str, Any], language: str) -> list[str]:
    model = paths.tiers.scored.model
    told = []
    for name, to in changes.items():
        unit = model.document.indicators[name].unit
        start, aim = (
            paths.shown(name, float(paths.now[name][row])),
            value_text(to, unit, exact=True),
        )
        now = value_text(start, unit)
        if now == aim:  # a change that four digits do not show
            now = value_text(start, unit, exact=True)
        label = model.label(name, language=language)
        told.append(say(language, "change", label=label, now=now, to=aim))
    return told
