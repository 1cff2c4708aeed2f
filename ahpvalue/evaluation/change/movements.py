"""Movements between two periods: who went where, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahpvalue.errors import CustomerDataError, did_you_mean
from ahpvalue.evaluation.change.causes import REFERENCE, WEIGHTS, hybrids
from ahpvalue.evaluation.change.tier_causes import RULES, spread, tier_parts
from ahpvalue.evaluation.tiers import NONE, Tiers, check_tiers, draw_tiers
from ahpvalue.scored import Scored
from ahpvalue.scoring import NOT_THERE, Match, match_customers
from ahpvalue.support.display import Result, Table, as_data

__all__ = ["Movements", "compare_scores"]

Array = NDArray[np.float64]

ENTRANT, EXIT = "(entered)", "(left)"
IMPROVING, STEADY, DECLINING, UNKNOWN = "improving", "steady", "declining", "not enough information"
UNDETERMINED = "cannot be told"
_PLACES = (
    "new",
    "active",
    "rated",
    "not rated",
    "inactive",
    "lapsed",
    "returns only",
    "never bought",
)


@dataclass(frozen=True, repr=False)
class Movements(Result):
    """Two periods side by side, over everybody who was in one of them.

    Attributes
    ----------
    ids : tuple of str
        The customers of this period in its order, then those who were in the previous only.
    places : tuple of str
        Where a customer can be: the tiers, best first, then every status that occurs.
    before, now : ndarray of str
        Each customer's place; ``(entered)`` before and ``(left)`` now for those not there.
    total_before, total_now : ndarray
    trend : ndarray of str
        Improving, steady or declining by more than `steady` points, or *not enough
        information* where a total is missing in one of the periods.
    score_parts : dict of str to ndarray
        Cause to points of the change in total; they add up to it.
    own : dict of str to ndarray
        The part of the customers' own values, per indicator.
    tier_change : ndarray
        By how many tiers a customer rose; NaN where it had none in one of the periods.
    tier_parts : dict of str to ndarray
        Cause to tiers: those of the score, and the rules (moving, veto, override).
    values : tuple of ndarray, or None
        A value per customer in both periods, for the matrix by value.
    steady : float
    tiers_are : str
        Which tiers the movements speak of; empty without any.
    match : Match
        Where this period's customers stand among those of the period before.
    methods : (int, int)
        The methods of both models; see docs/model-yaml.md.
    """

    ids: tuple[str, ...]
    places: tuple[str, ...]
    before: NDArray[Any]
    now: NDArray[Any]
    total_before: Array
    total_now: Array
    trend: NDArray[Any]
    score_parts: Mapping[str, Array]
    own: Mapping[str, Array]
    tier_change: Array
    tier_parts: Mapping[str, Array]
    values: tuple[Array, Array] | None
    steady: float
    tiers_are: str
    match: Match
    methods: tuple[int, int]

    def __len__(self) -> int:
        return len(self.ids)

    # -- the matrix --------------------------------------------------------------------------

    def _matrix(self, title: str, weights: Array, format_: str) -> Table:
        rows, columns = [*self.places, ENTRANT], [*self.places, EXIT]
        row = {place: k for k, place in enumerate(rows)}
        column = {place: k for k, place in enumerate(columns)}
        cells = np.zeros((len(rows), len(columns)))
        at = [row[place] for place in self.before], [column[place] for place in self.now]
        np.add.at(cells, at, weights)
        used_rows, used_columns = np.any(cells, axis=1), np.any(cells, axis=0)
        names = [place for place, used in zip(columns, used_columns, strict=True) if used]
        shown: dict[str, list[Any]] = {
            "from \\ to": [place for place, used in zip(rows, used_rows, strict=True) if used]
        }
        kept = cells[used_rows][:, used_columns]
        for name, values in zip(names, kept.T, strict=True):
            shown[name] = [*values.tolist(), float(values.sum())]
        shown["from \\ to"].append("all")
        shown["all"] = [*kept.sum(axis=1).tolist(), float(kept.sum())]
        return Table(self._titled(title), shown, dict.fromkeys([*names, "all"], format_))

    def _titled(self, title: str) -> str:
        return f"{title} ({self.tiers_are})" if self.tiers_are else title

    @property
    def matrix(self) -> Table:
        """How many went from where to where; the margins are both populations."""
        return self._matrix("Movements, number of customers", np.ones(len(self)), ",.0f")

    def by_value(self, when: str = "now") -> Table:
        """The same by value: what the customers brought in one of the periods.

        Parameters
        ----------
        when : {"before", "now"}
            Rows add up to the previous period's sums, or columns to this period's.
        """
        if self.values is None:
            raise CustomerDataError("name the value to weigh by, as in compare(..., value='sales')")
        if when not in ("before", "now"):
            raise CustomerDataError(f"when is before or now, not {when!r}")
        weights = np.nan_to_num(self.values[when == "now"])
        return self._matrix(f"Movements, by value {when}", weights, ",.0f")

    @property
    def rates(self) -> Table:
        """The matrix in shares of each row."""
        counts = self.matrix
        whole = counts.columns["all"]
        shares = {
            name: [v / all_ if all_ else None for v, all_ in zip(values, whole, strict=True)]
            for name, values in counts.columns.items()
            if name != "from \\ to"
        }
        columns = {"from \\ to": counts.columns["from \\ to"]} | shares
        return Table(
            self._titled("Movements, share of each row"), columns, dict.fromkeys(shares, ".1%")
        )

    @property
    def upgrades(self) -> int:
        """How many rose."""
        return int((self.tier_change > 0).sum())

    @property
    def downgrades(self) -> int:
        """How many fell."""
        return int((self.tier_change < 0).sum())

    # -- the customers -----------------------------------------------------------------------

    @cached_property
    def why(self) -> NDArray[Any]:
        """The main cause of every customer's change of tier (or of score, where there is none)."""
        found = np.full(len(self), "", dtype=object)
        for parts, change in (
            (self.score_parts, self.total_now - self.total_before),
            (self.tier_parts, self.tier_change),
        ):
            changed = np.abs(change) > 0
            if parts:
                # The largest part in the direction of the change, not one against it.
                stacked = np.nan_to_num(np.array(list(parts.values())) * np.sign(change))
                causes = np.array(list(parts), dtype=object)[np.argmax(stacked, axis=0)]
                told = changed & (stacked > 0).any(axis=0)
                found[told] = causes[told]
                found[changed & ~told] = "several causes together"
                found[changed & np.isnan(np.array(list(parts.values()))).any(axis=0)] = UNDETERMINED
        moved = (self.before != self.now) & (np.isnan(self.tier_change) | (self.before == ENTRANT))
        elsewhere = moved & ~np.isin(self.now, self._tier_names)
        found[elsewhere] = self.now[elsewhere]
        came = moved & np.isin(self.now, self._tier_names)
        found[came] = np.where(self.before[came] == ENTRANT, ENTRANT, self.before[came])
        return found

    @property
    def undetermined(self) -> NDArray[np.bool_]:
        """Who has a score in both periods, but none in some mixture of old and new.

        Where the values, functions or weights of one period alone grade nothing of a customer,
        its change cannot be taken apart.
        """
        change = self.total_now - self.total_before
        lacking = np.isnan(np.array(list(self.score_parts.values()))).any(axis=0)
        return ~np.isnan(change) & lacking

    @property
    def _tier_names(self) -> list[str]:
        return [place for place in self.places if place not in _PLACES]

    def to_dict(self) -> dict[str, Any]:
        """One row per customer: places, totals, trend, and every cause's part."""
        columns: dict[str, Any] = {
            "customer": list(self.ids),
            "before": self.before.tolist(),
            "now": self.now.tolist(),
            "why": self.why.tolist(),
            "trend": self.trend.tolist(),
            "total_before": self.total_before.tolist(),
            "total_now": self.total_now.tolist(),
            "score_change": (self.total_now - self.total_before).tolist(),
        }
        columns |= {f"score_by_{_key(c)}": v.tolist() for c, v in self.score_parts.items()}
        if self.tier_parts:
            columns["tier_change"] = self.tier_change.tolist()
            columns |= {f"tier_by_{_key(c)}": v.tolist() for c, v in self.tier_parts.items()}
        return as_data(columns)

    @property
    def causes(self) -> Table:
        """What moved scores and tiers, summed up over all customers."""
        rows: dict[str, list[Any]] = {"cause": [], "points, mean": [], "points, mean size": []}
        both = ~np.isnan(self.total_now - self.total_before) & ~self.undetermined
        for cause in [*self.score_parts, *(RULES if self.tier_parts else ())]:
            part = self.score_parts.get(cause, np.zeros(len(self)))[both]
            rows["cause"].append(cause)
            rows["points, mean"].append(float(part.mean()) if len(part) else None)
            rows["points, mean size"].append(float(abs(part).mean()) if len(part) else None)
        formats = {"points, mean": "+.2f", "points, mean size": ".2f"}
        if self.tier_parts:
            rows["tiers up"] = [
                float(np.nansum(np.clip(self.tier_parts[c], 0, None))) for c in rows["cause"]
            ]
            rows["tiers down"] = [
                float(np.nansum(np.clip(self.tier_parts[c], None, 0))) for c in rows["cause"]
            ]
            rows["chiefly by it"] = [
                int(((self.why == c) & (np.abs(self.tier_change) > 0)).sum()) for c in rows["cause"]
            ]
            formats |= {"tiers up": "+.2f", "tiers down": ".2f", "chiefly by it": ",d"}
        return Table("Why scores and tiers changed", rows, formats, note=self._undetermined_note())

    def _undetermined_note(self) -> str:
        """How many changes the table leaves out, and why."""
        count = int(self.undetermined.sum())
        if not count:
            return ""
        return (
            f"of {count:,} of {int((~np.isnan(self.total_now - self.total_before)).sum()):,} "
            "customers it cannot be told: old and new mixed give no score"
        )

    def table(self) -> Table:
        """The matrix, with the ratio of upgrades to downgrades and the trends."""
        shown = self.matrix
        ratio = f" ({self.upgrades / self.downgrades:.2f} : 1)" if self.downgrades else ""
        trends = ", ".join(
            f"{int((self.trend == word).sum()):,} {word}"
            for word in (IMPROVING, STEADY, DECLINING, UNKNOWN)
        )
        note = f"{self.upgrades:,} up, {self.downgrades:,} down{ratio}; {trends}; "
        note += self.match.counts + self._of_two_methods()
        return Table(shown.title, shown.columns, shown.formats, note=note)

    def _of_two_methods(self) -> str:
        """That numbers of two methods are compared, and where what the method changed stands."""
        before, now = self.methods
        if before == now:
            return ""
        elsewhere = [cause for cause in (REFERENCE, WEIGHTS) if cause in self.score_parts]
        where = f"; what it changed is in {' and '.join(elsewhere)}, too" if elsewhere else ""
        return f"; the models follow methods {before} and {now} (docs/model-yaml.md){where}"


def _key(cause: str) -> str:
    return cause.replace(" ", "_")


def compare_scores(
    now: Scored,
    before: Scored,
    tiers: Tiers | None = None,
    previous_tiers: Tiers | None = None,
    value: str | None = None,
    steady: float = 2.0,
) -> Movements:
    """Compare two periods; see `Scores.compare`."""
    _refuse_other_kinds(tiers, previous_tiers, steady)
    both = _tiers(now, before, tiers, previous_tiers)
    match = match_customers(now.customers, before.customers, "the period before")
    at, gone = match.rows, match.gone
    joined = _Joined(at, gone)
    totals = joined.before(before.total), joined.now(now.total)
    common = np.flatnonzero(~np.isnan(totals[0]) & ~np.isnan(totals[1]))
    rows = at[common], common  # those in both stand where they stand now
    on = [tiers.basis.node for tiers in both] if both else [before.plan.goal, now.plan.goal]
    _refuse_unknown_node((before, now), on)
    split = hybrids(before, now, (rows[0], rows[1]), (on[0], on[1]))
    size = len(at) + len(gone)
    where = [
        _place(scored, None if both is None else both[k]) for k, scored in enumerate((before, now))
    ]
    change, parts = tier_parts(both, split, rows, size)
    return Movements(
        (*map(str, now.customers.id_texts), *_picked(before.customers.id_texts, gone)),
        _all_places(both, where),
        joined.before(where[0], ENTRANT),
        joined.now(where[1], EXIT),
        *totals,
        _trend(totals, steady),
        {cause: spread(part, common, size) for cause, part in split.parts.items()},
        {name: spread(part, common, size) for name, part in split.own.items()},
        change,
        parts,
        None
        if value is None
        else (joined.before(_values(before, value)), joined.now(_values(now, value))),
        steady,
        _origin(tiers, both),
        match,
        (before.model.method, now.model.method),
    )


def _refuse_other_kinds(tiers: Any, previous_tiers: Any, steady: Any) -> None:
    if isinstance(steady, bool) or not steady >= 0:
        raise CustomerDataError(f"steady is a number of points, 0 or more, not {steady!r}")
    for given in (tiers, previous_tiers):
        if given is not None and not isinstance(given, Tiers):
            raise CustomerDataError(
                f"compare takes tiers as Scores.tiers gives them, not {type(given).__name__}"
            )


def _refuse_unknown_node(both: tuple[Scored, Scored], on: Sequence[str]) -> None:
    """A node that one of the models does not have cannot be scored by a mixture of both."""
    for scored, node, other in zip(both, on, both[::-1], strict=True):
        known = {*other.plan.criteria, *(i.name for i in other.plan.indicators)}
        if node != scored.plan.goal and node not in known:
            raise CustomerDataError(
                f"tiers are drawn on {node}, which the other period's model does not have"
                f"{did_you_mean(node, known)}"
            )


def _values(scored: Scored, name: str) -> Array:
    values = scored.values(name)
    if values.dtype.kind == "O":
        raise CustomerDataError(f"{name} holds texts; weigh by a value such as sales or profit")
    return values


@dataclass(frozen=True)
class _Joined:
    """Both periods' customers in one row each: this period's, then those who are gone."""

    at: NDArray[np.intp]
    gone: NDArray[np.intp]

    def before(self, values: NDArray[Any], otherwise: Any = np.nan) -> NDArray[Any]:
        known = np.concatenate([np.where(self.at == NOT_THERE, 0, self.at), self.gone])
        found = values[known] if len(values) else np.full(len(known), otherwise)
        found[: len(self.at)][self.at == NOT_THERE] = otherwise
        return found

    def now(self, values: NDArray[Any], otherwise: Any = np.nan) -> NDArray[Any]:
        return np.concatenate([values, np.full(len(self.gone), otherwise, dtype=values.dtype)])


def _tiers(
    now: Scored, before: Scored, tiers: Tiers | None, previous: Tiers | None
) -> tuple[Tiers, Tiers] | None:
    if (tiers is None) != (previous is None):
        raise CustomerDataError("give the tiers of both periods, or of none")
    check_tiers(now, tiers)
    check_tiers(before, previous, "previous_tiers")
    if tiers is None or previous is None:
        if now.model.document.tiers is None or before.model.document.tiers is None:
            return None
        tiers, previous = draw_tiers(now), draw_tiers(before)
    if tiers.names != previous.names:
        raise CustomerDataError(
            f"the tiers were {', '.join(previous.names)} and are {', '.join(tiers.names)}; draw "
            "both periods' tiers with the same levels to compare them"
        )
    return previous, tiers


def _picked(ids: Sequence[str | None], rows: NDArray[np.intp]) -> list[str]:
    return [str(ids[row]) for row in rows]


def _origin(given: Tiers | None, both: tuple[Tiers, Tiers] | None) -> str:
    """Which tiers are compared; those that nobody gave are not the published ones."""
    if both is None:
        return ""
    if given is None:
        return "tiers drawn anew by the lines alone"
    before, now = (tiers.origin for tiers in both)
    return f"tiers {now}" if before == now else f"tiers before {before}, now {now}"


def _place(scored: Scored, tiers: Tiers | None) -> NDArray[Any]:
    """A customer's tier, or its status where it has none."""
    status = scored.status.astype(object)
    return status if tiers is None else np.where(tiers.level == NONE, status, tiers.tier)


def _all_places(both: tuple[Tiers, Tiers] | None, where: Sequence[NDArray[Any]]) -> tuple[str, ...]:
    names = () if both is None else both[0].names
    met = {place for places in where for place in places.tolist()}
    return (*names, *(place for place in _PLACES if place in met))


def _trend(totals: tuple[Array, Array], steady: float) -> NDArray[Any]:
    change = totals[1] - totals[0]
    return np.select(
        [np.isnan(change), change > steady, change < -steady],
        [UNKNOWN, IMPROVING, DECLINING],
        STEADY,
    )
