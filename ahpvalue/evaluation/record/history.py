"""Where records are kept: a database or a folder, written without doubles and read back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ahpvalue.document import ModelDocument
from ahpvalue.errors import AhpValueError, CustomerDataError
from ahpvalue.evaluation.record.record import COLUMNS, STATE, Record, as_columns
from ahpvalue.evaluation.record.stores import DRIVERS, Store, store_for
from ahpvalue.evaluation.tiers import OLD_STATE
from ahpvalue.scoring import Plan
from ahpvalue.support.periods import period_name

__all__ = ["History", "check_history"]

Rows = dict[str, list[Any]]


def check_history(path: Path) -> None:
    """Refuse a place that cannot be a history before any work is done for it."""
    with _opened(path, "ahpvalue_record"):
        pass


class Planned(Protocol):
    """A model, or a compiled one: what says which column is which."""

    @property
    def document(self) -> ModelDocument: ...

    @property
    def plan(self) -> Plan: ...


class History:
    """The records of many runs and periods in one place.

    Parameters
    ----------
    place : path, or connection
        A database ending in ``.sqlite``, ``.db`` or ``.duckdb``; a folder, which gets a Parquet
        file per run and period; an open SQLite, DuckDB or ADBC connection; or an SQLAlchemy
        engine.
    table : str
        The table's name in a database.

    Examples
    --------
    >>> import tempfile
    >>> from ahpvalue import Model
    >>> model = Model(
    ...     hierarchy={"value": ["sales"]}, indicators={"sales": {"linear": [[0, 0], [9, 100]]}}
    ... )
    >>> scores = model.score({"customer": ["C1"], "sales": [4.5]})
    >>> history = History(f"{tempfile.mkdtemp()}/scores.sqlite")
    >>> history.write(scores.record("first", "2022Q1"))
    2
    >>> history.periods(), history.read(level="total")["score"]
    (['2022Q1'], [50.0])
    """

    def __init__(self, place: Any, table: str = "ahpvalue_record") -> None:
        if not (table.isidentifier() and table.isascii()):
            raise AhpValueError(
                f"{table!r} is no name of a table; use letters, digits and _, a letter first"
            )
        # A partial, not a lambda: a history goes to other processes, too.
        self._store: Callable[[], Any] = partial(_opened, place, table)

    def write(self, record: Record) -> int:
        """Write a record; one with the same run and period is replaced.

        Returns
        -------
        int
            How many rows were written. Either all of them are there or none.
        """
        if not hasattr(record, "blocks"):
            raise AhpValueError(
                f"a history keeps records, not {type(record).__name__}; write "
                "scores.record(run, period)"
            )
        with self._store() as store:
            written: int = store.replace(record.run, record.period, record.blocks)
        return written

    def read(
        self, period: str | None = None, run: str | None = None, level: str | None = None
    ) -> Rows:
        """Rows of the long table, as columns."""
        named = None if period is None else period_name(period)
        wanted = {"period": named, "run": run, "level": level}
        with self._store() as store:
            return as_columns(
                store.rows({name: value for name, value in wanted.items() if value is not None})
            )

    def periods(self, run: str | None = None) -> list[str]:
        """The periods there are records of, in order of their names."""
        return sorted(set(self.read(run=run, level="total")["period"]))

    def tiers(self, period: str, model: Planned, run: str | None = None) -> dict[str, Any]:
        """The tiers of a period, as `Scores.tiers` takes them for `previous`.

        Raises
        ------
        CustomerDataError
            There are none, or several runs have some and none is named.
        """
        rows = self._one_run(self.read(period, run, "tier"), period, "tiers")
        rows["item"] = [OLD_STATE.get(item, item) for item in rows["item"]]
        columns = _pivoted(rows, [*STATE])
        columns[model.document.customer] = columns["customer"]
        values = _values(rows, "tier", columns["customer"], "raw")
        return columns | {"value": values, "period": [period_name(period)] * len(values)}

    def customers(self, period: str, model: Planned, run: str | None = None) -> dict[str, Any]:
        """The customers' values of a period, as the model's `score` takes them.

        Raises
        ------
        CustomerDataError
            There are none, or several runs have some and none is named.
        """
        rows = self._one_run(self.read(period, run), period, "scores")
        found: dict[str, Any] = {}
        customers = [
            one
            for one, level in zip(rows["customer"], rows["level"], strict=True)
            if level == "total"
        ]
        found[model.document.customer] = customers
        for indicator in model.plan.indicators:
            kind = "raw" if indicator.categories is None else "text"
            found[indicator.column] = _values(rows, indicator.name, customers, kind)
        items = zip(rows["level"], rows["item"], strict=True)
        for item in dict.fromkeys(item for level, item in items if level == "column"):
            raw, text = (_values(rows, item, customers, kind) for kind in ("raw", "text"))
            found.setdefault(item, text if any(one is not None for one in text) else raw)
        return {
            name: np.array([np.nan if one is None else one for one in values], dtype=float)
            if all(one is None or isinstance(one, float) for one in values)
            else np.array(values, dtype=object)
            for name, values in found.items()
        }

    def _one_run(self, rows: Rows, period: str, what: str) -> Rows:
        runs = sorted(set(rows["run"]))
        if not runs:
            raise CustomerDataError(f"there are no {what} of {period} in this history")
        if len(runs) > 1:
            raise CustomerDataError(
                f"several runs hold {what} of {period} ({', '.join(runs)}); name one"
            )
        return rows


def _values(rows: Rows, item: str, customers: list[str], kind: str) -> list[Any]:
    """One item's raw values or texts in the order of the customers."""
    found = {
        customer: value
        for customer, name, value in zip(rows["customer"], rows["item"], rows[kind], strict=True)
        if name == item
    }
    return [found.get(customer) for customer in customers]


def _pivoted(rows: Rows, items: list[str]) -> dict[str, Any]:
    pairs = zip(rows["customer"], rows["item"], strict=True)
    customers = [customer for customer, item in pairs if item == items[0]]
    columns: dict[str, Any] = {"customer": customers}
    for item in items:
        kind = "raw" if item in ("pending_periods", "tier_periods") else "text"
        columns[item] = _values(rows, item, customers, kind)
    return columns


@contextmanager
def _opened(place: Any, table: str) -> Iterator[Store]:
    path = Path(place) if isinstance(place, (str, os.PathLike)) else None
    try:
        with store_for(place if path is None else path, table, COLUMNS) as store:
            yield store
    except Exception as wrong:
        if type(wrong).__module__.partition(".")[0] not in DRIVERS:
            raise
        said = str(wrong).strip().splitlines()[0]
        where = f"the table {table}" if path is None else str(path)
        raise AhpValueError(
            f"{where}: cannot be used as a history: {said}; name another place or table"
        ) from wrong
