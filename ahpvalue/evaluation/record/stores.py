"""The kinds of places a long table can be kept in, each with the same two verbs.

``replace(run, period, blocks)`` writes rows instead of those with the same run and period, all
or none; ``rows(wanted)`` gives the rows in which some columns have the wanted values. Two
processes may write into one place: a database is waited for, and in a folder every run and period
has a file of its own.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from ahpvalue.errors import AhpValueError
from ahpvalue.support.extras import need
from ahpvalue.support.files import written_whole

__all__ = ["Store", "store_for"]

Rows = Mapping[str, list[Any]]
Types = Mapping[str, str]

_PLACES = "a database ending in .sqlite, .db or .duckdb, or a folder for Parquet files"
_PATIENCE = 60.0  # seconds to wait for another process that writes


class Store(Protocol):
    """What every place can do."""

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        """Write rows instead of those with the same run and period."""

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        """The rows in which these columns have these values."""


@contextmanager
def store_for(place: Any, table: str, types: Types) -> Iterator[Store]:
    """The store for a path or a connection.

    Raises
    ------
    AhpValueError
        Nobody knows how to write there.
    """
    kind = f"{type(place).__module__}.{type(place).__name__}"
    if isinstance(place, Path):
        with _store_at(place, table, types) as store:
            yield store
    elif isinstance(place, sqlite3.Connection) or (hasattr(place, "cursor") and "adbc" in kind):
        yield _Database(place, table, types)
    elif "duckdb" in kind:
        yield _DuckDb(place, table, types)
    elif hasattr(place, "connect") and "sqlalchemy" in kind:
        yield _AnyDatabase(place, table, types)
    else:
        raise AhpValueError(
            f"a record is written to {_PLACES}, an open SQLite, DuckDB or ADBC connection, or an "
            f"SQLAlchemy engine, not to a {kind}"
        )


@contextmanager
def _store_at(path: Path, table: str, types: Types) -> Iterator[Store]:
    if not path.parent.is_dir():
        raise AhpValueError(f"{path}: there is no folder {path.parent}")
    ending = path.suffix.lower()
    if path.is_dir() or not (ending or path.exists()):
        yield _Folder(path, types)
    elif ending in (".sqlite", ".db"):
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
            yield _Database(connection, table, types)
    elif ending == ".duckdb":
        with closing(_duckdb_file(path)) as connection:
            yield _DuckDb(connection, table, types)
    else:
        raise AhpValueError(f"{path}: a history is {_PLACES}; name one of these")


def _duckdb_file(path: Path) -> Any:
    """An open DuckDB file, which one process at a time can have."""
    duckdb = need("duckdb", "engines", "a DuckDB file")
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return duckdb.connect(str(path))
        except duckdb.IOException as wrong:
            if "lock" not in str(wrong).lower() or time.monotonic() > end:
                raise
        time.sleep(0.1)


# -- a folder --------------------------------------------------------------------------------


@dataclass
class _Folder:
    """A folder with one Parquet file per run and period, each written whole."""

    folder: Path
    types: Types

    def _files(self, wanted: Mapping[str, str]) -> list[Path]:
        """The files of a run or a period, or of all; their names tell both."""
        run, period = (quote(wanted[k], safe="") if k in wanted else "*" for k in ("run", "period"))
        return sorted(self.folder.glob(f"{run}@{period}.parquet"))

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        arrow = need("pyarrow", "engines", "writing Parquet")
        parquet = need("pyarrow.parquet", "engines", "writing Parquet")
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{quote(run, safe='')}@{quote(period, safe='')}.parquet"
        self._refuse_another(path)
        schema, written = _arrow_schema(arrow, self.types), 0
        with (
            written_whole(path) as unfinished,
            parquet.ParquetWriter(unfinished, schema) as writer,
        ):
            for block in blocks:
                columns = arrow.table(dict(block), schema=schema)
                writer.write_table(columns)
                written += columns.num_rows
        return written

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        parquet = need("pyarrow.parquet", "engines", "reading Parquet")
        filters = [(name, "=", value) for name, value in wanted.items()] or None
        found: list[Sequence[Any]] = []
        for path in self._files(wanted):
            self._refuse_another(path)
            columns = parquet.read_table(path, filters=filters).to_pydict()
            found += zip(*columns.values(), strict=True)
        return found

    def _refuse_another(self, path: Path) -> None:
        parquet = need("pyarrow.parquet", "engines", "reading Parquet")
        if path.exists() and parquet.read_schema(path).names != list(self.types):
            raise AhpValueError(f"{path}: holds another table; name another folder")


def _arrow_schema(arrow: Any, types: Types) -> Any:
    kinds = {"TEXT": arrow.string(), "DOUBLE PRECISION": arrow.float64()}
    return arrow.schema([(name, kinds[kind]) for name, kind in types.items()])


# -- databases -------------------------------------------------------------------------------


@dataclass
class _Database:
    """Anything with cursors and question marks: SQLite, and ADBC drivers that take them."""

    connection: Any
    table: str
    types: Types

    def _create(self) -> str:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.types.items())
        return f"CREATE TABLE IF NOT EXISTS {self.table} ({columns})"

    def _delete(self) -> str:
        return f'DELETE FROM {self.table} WHERE "run" = ? AND "period" = ?'  # noqa: S608

    def _insert(self) -> str:
        marks = ", ".join("?" * len(self.types))
        return f"INSERT INTO {self.table} VALUES ({marks})"  # noqa: S608

    def _select(self, wanted: Mapping[str, str]) -> str:
        # With the table's name: SQLite takes a quoted name it does not know for a text.
        columns = ", ".join(f'{self.table}."{name}"' for name in self.types)
        where = " AND ".join(f'"{name}" = ?' for name in wanted)
        return f"SELECT {columns} FROM {self.table}" + (f" WHERE {where}" if where else "")  # noqa: S608

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        written = 0
        # Within the caller's own transaction, which stays the caller's to end (SQLite).
        is_inside = getattr(self.connection, "in_transaction", False)
        cursor = self.connection.cursor()
        try:
            if is_inside:
                cursor.execute("SAVEPOINT ahpvalue_write")
            cursor.execute(self._create())
            cursor.execute(self._delete(), (run, period))
            for block in blocks:
                rows = list(zip(*block.values(), strict=True))
                cursor.executemany(self._insert(), rows)
                written += len(rows)
            if is_inside:
                cursor.execute("RELEASE ahpvalue_write")
            else:
                self.connection.commit()
        except BaseException:
            if is_inside:
                cursor.execute("ROLLBACK TO ahpvalue_write")
                cursor.execute("RELEASE ahpvalue_write")
            else:
                self.connection.rollback()
            raise
        finally:
            cursor.close()
        return written

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        cursor = self.connection.cursor()
        try:
            cursor.execute(self._create())
            cursor.execute(self._select(wanted), tuple(wanted.values()))
            found: Sequence[Sequence[Any]] = cursor.fetchall()
        finally:
            cursor.close()
        return found


class _DuckDb(_Database):
    """DuckDB takes whole columns: row by row it is a thousand times slower."""

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        arrow = need("pyarrow", "engines", "writing to DuckDB")
        written = 0
        self.connection.begin()
        try:
            self.connection.execute(self._create())
            self.connection.execute(self._delete(), (run, period))
            for block in blocks:
                columns = arrow.table(dict(block), schema=_arrow_schema(arrow, self.types))
                self.connection.register("ahpvalue_block", columns)
                self.connection.execute(f"INSERT INTO {self.table} SELECT * FROM ahpvalue_block")  # noqa: S608
                self.connection.unregister("ahpvalue_block")
                written += columns.num_rows
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        return written

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        self.connection.execute(self._create())
        found: Sequence[Sequence[Any]] = self.connection.execute(
            self._select(wanted), tuple(wanted.values())
        ).fetchall()
        return found


class _AnyDatabase(_Database):
    """An SQLAlchemy engine, for every database it knows."""

    def _named(self, statement: str, names: Iterable[str]) -> Any:
        text = need("sqlalchemy", "database", "writing through SQLAlchemy").text
        for name in names:
            statement = statement.replace("?", f":{name}", 1)
        return text(statement)

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        written = 0
        insert = self._named(self._insert(), self.types)
        with self.connection.begin() as transaction:
            transaction.execute(self._named(self._create(), ()))
            transaction.execute(
                self._named(self._delete(), ("run", "period")), {"run": run, "period": period}
            )
            for block in blocks:
                rows = [
                    dict(zip(block, row, strict=True)) for row in zip(*block.values(), strict=True)
                ]
                if rows:
                    transaction.execute(insert, rows)
                written += len(rows)
        return written

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        with self.connection.begin() as transaction:
            transaction.execute(self._named(self._create(), ()))
            found = transaction.execute(self._named(self._select(wanted), wanted), dict(wanted))
            return [tuple(row) for row in found]
