"""The kinds of places a long table can be kept in, each with the same two verbs.

``replace(run, period, blocks)`` writes rows instead of those with the same run and period, all
or none; ``rows(wanted)`` gives the rows in which some columns have the wanted values.

Several may write into one place. In a folder every run and period has a file of its own, which is
replaced whole. The threads of a process take turns at a database; of several processes one writes
at a time, and the others try again for a minute.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from ahpvalue.errors import AhpValueError
from ahpvalue.support.extras import need
from ahpvalue.support.files import written_whole

__all__ = ["DRIVERS", "Store", "store_for"]

Rows = Mapping[str, list[Any]]
Types = Mapping[str, str]
Blocks = Callable[[], Iterable[Rows]]  # made anew whenever they are tried again

DRIVERS = ("sqlite3", "duckdb", "_duckdb", "pyarrow", "sqlalchemy", "adbc_driver_manager")
"""Whose errors are told in our words: they know neither the file nor what it is for."""

_PLACES = "a database ending in .sqlite, .db or .duckdb, or a folder for Parquet files"
_PATIENCE = 60.0  # seconds to wait for another process that writes
_PAUSE = 0.1
_TURNS: dict[Any, Any] = defaultdict(threading.RLock)  # by file, or by connection
_BUSY = re.compile(
    # Two that create a table at once: for PostgreSQL one of them breaks a key of its own.
    r"\block|busy|conflict|deadlock|serializ|concurrent|pg_type_typname",
    re.IGNORECASE,
)
"""What databases say when somebody else is writing."""


class Store(Protocol):
    """What every place can do."""

    def replace(self, run: str, period: str, blocks: Blocks) -> int:
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
        with _store_at(place, table, types) as found:
            yield found
        return
    if isinstance(place, sqlite3.Connection) or (hasattr(place, "cursor") and "adbc" in kind):
        store: Store = _Database(place, table, types)
    elif "duckdb" in kind:
        store = _DuckDb(place, table, types)
    elif hasattr(place, "connect") and "sqlalchemy" in kind:
        store = _AnyDatabase(place, table, types)
    else:
        raise AhpValueError(
            f"a record is written to {_PLACES}, an open SQLite, DuckDB or ADBC connection, or an "
            f"SQLAlchemy engine, not to a {kind}"
        )
    with _TURNS[id(place)]:
        yield store


@contextmanager
def _store_at(path: Path, table: str, types: Types) -> Iterator[Store]:
    if not path.parent.is_dir():
        raise AhpValueError(f"{path}: there is no folder {path.parent}")
    ending = path.suffix.lower()
    if path.is_dir() or not (ending or path.exists()):
        yield _Folder(path, types)
    elif ending in (".sqlite", ".db"):
        with (
            _TURNS[path.resolve()],
            closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection,
        ):
            yield _Database(connection, table, types)
    elif ending == ".duckdb":
        with _TURNS[path.resolve()], closing(_duckdb_file(path)) as connection:
            yield _DuckDb(connection, table, types)
    else:
        raise AhpValueError(f"{path}: a history is {_PLACES}; name one of these")


def _duckdb_file(path: Path) -> Any:
    """An open DuckDB file, which one process at a time can have."""
    duckdb = need("duckdb", "engines", "a DuckDB file")
    return _patiently(lambda: duckdb.connect(str(path)))


def _patiently(work: Callable[[], Any]) -> Any:
    """Do what another process may be in the way of; again, as long as it is."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return work()
        except Exception as wrong:
            if not _is_busy(wrong) or time.monotonic() > end:
                raise
        time.sleep(_PAUSE)


def _is_busy(wrong: Exception) -> bool:
    """Whether a database refused only because somebody else was writing."""
    if type(wrong).__module__.partition(".")[0] not in DRIVERS:
        return False
    return _BUSY.search(str(wrong)) is not None


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

    def replace(self, run: str, period: str, blocks: Blocks) -> int:
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
            for block in blocks():
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

    def replace(self, run: str, period: str, blocks: Blocks) -> int:
        if getattr(self.connection, "in_transaction", False):
            # The caller's own transaction (SQLite) stays the caller's to end, or to try again.
            return self._written(
                (run, period), blocks, "SAVEPOINT ahpvalue_write",
                ("RELEASE ahpvalue_write",),
                ("ROLLBACK TO ahpvalue_write", "RELEASE ahpvalue_write"),
            )  # fmt: skip
        # SQLite: the lock to write first, whatever the connection does by itself.
        begin = "BEGIN IMMEDIATE" if isinstance(self.connection, sqlite3.Connection) else ""
        written: int = _patiently(lambda: self._written((run, period), blocks, begin, (), ()))
        return written

    def _written(
        self,
        named: tuple[str, str],
        blocks: Blocks,
        begin: str,
        end: Sequence[str],
        undo: Sequence[str],
    ) -> int:
        """Write within a transaction; without words to end it, it is committed or rolled back."""
        written = 0
        cursor = self.connection.cursor()
        try:
            if begin:
                cursor.execute(begin)
            cursor.execute(self._create())
            cursor.execute(self._delete(), named)
            for block in blocks():
                rows = list(zip(*block.values(), strict=True))
                cursor.executemany(self._insert(), rows)
                written += len(rows)
            for statement in end:
                cursor.execute(statement)
            if not end:
                self.connection.commit()
        except BaseException:
            for statement in undo:
                cursor.execute(statement)
            if not undo:
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

    def replace(self, run: str, period: str, blocks: Blocks) -> int:
        written: int = _patiently(lambda: self._inserted(run, period, blocks))
        return written

    def _inserted(self, run: str, period: str, blocks: Blocks) -> int:
        arrow = need("pyarrow", "engines", "writing to DuckDB")
        written = 0
        self.connection.begin()
        try:
            self.connection.execute(self._create())
            self.connection.execute(self._delete(), (run, period))
            for block in blocks():
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

    def replace(self, run: str, period: str, blocks: Blocks) -> int:
        written: int = _patiently(lambda: self._inserted(run, period, blocks))
        return written

    def _one_after_another(self) -> Any:
        """The engine, as strict as it can: two that replace the same rows would find none."""
        try:
            levels = self.connection.dialect.get_isolation_level_values(None)
        except NotImplementedError:
            return self.connection
        if "SERIALIZABLE" not in levels:
            return self.connection
        return self.connection.execution_options(isolation_level="SERIALIZABLE")

    def _inserted(self, run: str, period: str, blocks: Blocks) -> int:
        written = 0
        insert = self._named(self._insert(), self.types)
        with self._one_after_another().begin() as transaction:
            transaction.execute(self._named(self._create(), ()))
            transaction.execute(
                self._named(self._delete(), ("run", "period")), {"run": run, "period": period}
            )
            for block in blocks():
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
