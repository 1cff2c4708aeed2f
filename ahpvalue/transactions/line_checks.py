"""What is said of lines in memory: what they lack, what is left out, what stands there twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ahpvalue.errors import CustomerDataError, CustomerDataWarning, Problem, warn
from ahpvalue.support.periods import calendar_periods
from ahpvalue.transactions.roles import Roles

__all__ = ["check_lines", "check_rule", "covered_periods", "warn_of_copies"]


def check_rule(frame: Any, roles: Roles) -> None:
    """Refuse a rule for returns that does not fit the lines, and objects that are no numbers.

    Raises
    ------
    CustomerDataError
    """
    import narwhals as nw

    schema = frame.collect_schema()
    problems = []
    for role, column in roles.values().items():
        if schema[column] == nw.Object:
            try:
                frame.select(nw.col(column).cast(nw.Float64))
            except (ValueError, TypeError, ArithmeticError) as wrong:
                text = f"{roles.place(role)}: holds what is no number ({wrong}); convert it first"
                problems.append(Problem(text))
    if isinstance(roles.is_return, nw.Expr):
        try:
            held = frame.select(rule=roles.is_return).collect_schema()["rule"]
        except Exception as wrong:  # each engine has its own kinds
            text = f"is_return: the rule does not fit the lines ({str(wrong).splitlines()[0]})"
            problems.append(Problem(f"{text}; name a column that is there, with texts as texts"))
        else:
            if held != nw.Boolean:
                text = f"is_return: the rule gives {held}; let it give true or false"
                problems.append(Problem(text))
    if problems:
        raise CustomerDataError(problems)


def warn_of_copies(frame: Any) -> None:
    """Say how many lines are exact copies of others."""
    copies = len(frame) - len(frame.unique())
    if copies:
        warn(
            f"{copies:,} of {len(frame):,} lines are exact copies of others and are counted; say "
            "drop_duplicates=True to count each once, or False if they are meant",
            CustomerDataWarning,
        )


def check_lines(lines: Any, roles: Roles, lacking: Mapping[str, Any]) -> None:
    """Refuse lines that lack something; say how many count nowhere.

    Parameters
    ----------
    lines : narwhals.DataFrame
        With the columns `ahpvalue.transactions.lines` makes, and ``known``: the
        line has a customer.
    roles : Roles
    lacking : dict of str to narwhals.Expr
        Role to where it is missing.

    Raises
    ------
    CustomerDataError
        Names each column that is missing in a line with a customer, and the first such row.

    Warns
    -----
    CustomerDataWarning
        Lines without a customer, and lines that are neither sale nor return.
    """
    import narwhals as nw

    known = nw.col("known")
    found = lines.select(*((known & where).alias(role) for role, where in lacking.items()))
    problems = []
    for role in lacking:
        count = int(found[role].sum())
        if count:
            row = int(found[role].to_numpy().argmax())
            problems.append(
                Problem(
                    f"{roles.place(role)}: missing or infinite in {count:,} of {len(lines):,} "
                    f"lines, first for customer {lines['customer'][row]} in row {row + 1}; "
                    "complete these lines or leave them out"
                )
            )
    if problems:
        raise CustomerDataError(problems)
    without = len(lines) - int(lines["known"].sum())
    if without:
        warn(
            f"{roles.place('customer')}: {without:,} of {len(lines):,} lines have no customer and "
            "are left out",
            CustomerDataWarning,
        )
    _warn_of_idle(lines)


def _warn_of_idle(lines: Any) -> None:
    """Say how many lines are neither sale nor return, whose they are, and who has no other."""
    import narwhals as nw

    held = lines.filter(nw.col("known"))
    idle = held.filter(~nw.col("sale") & ~nw.col("return"))
    if not len(idle):
        return
    theirs = idle["customer"].n_unique()
    others = held.filter(nw.col("sale") | nw.col("return"))["customer"].n_unique()
    alone = held["customer"].n_unique() - others
    warn(
        f"{len(idle):,} of {len(lines):,} lines, of {theirs:,} customer{'s' * (theirs != 1)}, are "
        "neither sale nor return (their amount is 0, or below 0 where is_return says no) and "
        f"count nowhere; {alone:,} of these customers {'has' if alone == 1 else 'have'} no other "
        "line",
        CustomerDataWarning,
    )


def covered_periods(frame: Any, roles: Roles, kind: str) -> Any:
    """The calendar periods in which lines in memory lie.

    Raises
    ------
    CustomerDataError
        There is no such kind, no line has a date, or the lines are not in memory.

    Warns
    -----
    CustomerDataWarning
        The lines begin or end within a period, whose row may then speak of a part of it only.
    """
    import narwhals as nw

    if not isinstance(frame, nw.DataFrame):
        raise CustomerDataError(
            f"period: which ones a {kind!r} gives depends on the lines, and these are not read "
            f"yet; give period=calendar_periods({kind!r}, first, last)"
        )
    days = frame[roles.date]
    if len(days.drop_nulls()) == 0:
        raise CustomerDataError(
            f"{roles.place('date')}: no line has a date; give the days a period"
        )
    first, last = days.min(), days.max()
    first, last = (day.date() if hasattr(day, "date") else day for day in (first, last))
    periods = calendar_periods(kind, first, last)
    cut = [name for name, (begin, end) in periods.items() if begin < first or last < end]
    if cut:
        warn(
            f"{roles.place('date')}: the lines run from {first} to {last}, so that they may cover "
            f"only a part of {' and '.join(cut)}; give period= as days to leave "
            f"{'it' if len(cut) == 1 else 'them'} out",
            CustomerDataWarning,
        )
    return periods
