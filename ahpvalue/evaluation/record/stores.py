"""The kinds of places a long table can be kept in, each with the same two verbs.

``replace(run, period, blocks)`` writes rows instead of those with the same run and period, all
or none; ``rows(wanted)`` gives the rows in which some columns have the wanted values.
"""

from __future__ import annotations

import csv
import gzip
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from ahpvalue.errors import AhpValueError
from ahpvalue.support.extras import need
from ahpvalue.support.files import written_whole

__all__ = ["Store", "store_for"]

Rows = Mapping[str, list[Any]]
Types = Mapping[str, str]

_FILES = (".csv", ".csv.gz", ".parquet", ".sqlite", ".db", ".duckdb")


class Store(Protocol):
    """What every place can do."""

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        """Write rows instead of those with the same run and period."""

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        """The rows in which these columns have these values."""


@contextmanager
def store_for(place: Any, table: str, types: Types) -> Iterator[Store]:
    """The store for a file or a connection.

    Raises
    ------
    AhpValueError
        Nobody knows how to write there.
    """
    if isinstance(place, Path):
        with _file_store(place, table, types) as store:
            yield store
        return
    kind = f"{type(place).__module__}.{type(place).__name__}"
    if isinstance(place, sqlite3.Connection):
        yield _Database(place, table, types)
    elif "duckdb" in kind:
        yield _DuckDb(place, table, types)
    elif hasattr(place, "connect") and "sqlalchemy" in kind:
        yield _Engine(place, table, types)
    elif hasattr(place, "cursor") and "adbc" in kind:
        yield _Database(place, table, types)
    else:
        raise AhpValueError(
            f"a record is written to a file ({', '.join(_FILES)}), an open SQLite, DuckDB or ADBC "
            f"connection, or an SQLAlchemy engine, not to a {kind}"
        )


@contextmanager
def _file_store(path: Path, table: str, types: Types) -> Iterator[Store]:
    name = path.name.lower()
    if not path.parent.is_dir():
        raise AhpValueError(f"{path}: there is no folder {path.parent}")
    if name.endswith((".csv", ".csv.gz")):
        yield _Csv(path, types)
    elif name.endswith(".parquet"):
        yield _Parquet(path, types)
    elif name.endswith((".sqlite", ".db")):
        with closing(sqlite3.connect(path)) as connection:
            yield _Database(connection, table, types)
    elif name.endswith(".duckdb"):
        duckdb = need("duckdb", "engines", "a DuckDB file")
        with closing(duckdb.connect(str(path))) as connection:
            yield _DuckDb(connection, table, types)
    else:
        raise AhpValueError(f"{path}: a record is a file ending in {', '.join(_FILES)}")


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


class _Engine(_Database):
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


# -- files -----------------------------------------------------------------------------------


@dataclass
class _Csv:
    path: Path
    types: Types

    def _open(self, path: Path, mode: str) -> IO[str]:
        if self.path.name.lower().endswith(".gz"):
            return gzip.open(path, mode + "t", encoding="utf-8", newline="")  # type: ignore[return-value]
        return path.open(mode, encoding="utf-8", newline="")

    def _kept(self) -> Iterator[list[str]]:
        if not self.path.exists():
            return
        with self._open(self.path, "r") as lines:
            reader = csv.reader(lines)
            if next(reader, None) != list(self.types):
                raise AhpValueError(f"{self.path}: holds another table; name a new file")
            yield from reader

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        written = 0
        names = list(self.types)
        at = names.index("run"), names.index("period")
        with written_whole(self.path) as unfinished, self._open(unfinished, "w") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(
                row for row in self._kept() if (row[at[0]], row[at[1]]) != (run, period)
            )
            for block in blocks:
                rows = list(zip(*block.values(), strict=True))
                writer.writerows(rows)
                written += len(rows)
        return written

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        names = list(self.types)
        at = [(names.index(name), value) for name, value in wanted.items()]
        numbers = [kind != "TEXT" for kind in self.types.values()]
        return [
            [_read(cell, number) for cell, number in zip(row, numbers, strict=True)]
            for row in self._kept()
            if all(row[k] == value for k, value in at)
        ]


def _read(cell: str, number: bool) -> Any:
    if cell == "":
        return None
    return float(cell) if number else cell


@dataclass
class _Parquet:
    path: Path
    types: Types

    def replace(self, run: str, period: str, blocks: Iterable[Rows]) -> int:
        arrow = need("pyarrow", "engines", "writing Parquet")
        parquet = need("pyarrow.parquet", "engines", "writing Parquet")
        compute = need("pyarrow.compute", "engines", "writing Parquet")
        schema, written = _arrow_schema(arrow, self.types), 0
        kept = None
        if self.path.exists():
            kept = parquet.read_table(self.path)
            if kept.schema.names != schema.names:
                raise AhpValueError(f"{self.path}: holds another table; name a new file")
            same = compute.and_(
                compute.equal(kept["run"], run), compute.equal(kept["period"], period)
            )
            kept = kept.filter(compute.invert(same))
        with (
            written_whole(self.path) as unfinished,
            parquet.ParquetWriter(unfinished, schema) as writer,
        ):
            if kept is not None and kept.num_rows:
                writer.write_table(kept.cast(schema))
            for block in blocks:
                columns = arrow.table(dict(block), schema=schema)
                writer.write_table(columns)
                written += columns.num_rows
        return written

    def rows(self, wanted: Mapping[str, str]) -> Sequence[Sequence[Any]]:
        parquet = need("pyarrow.parquet", "engines", "reading Parquet")
        if not self.path.exists():
            return []
        filters = [(name, "=", value) for name, value in wanted.items()] or None
        found = parquet.read_table(self.path, filters=filters).to_pydict()
        return list(zip(*found.values(), strict=True))


def _arrow_schema(arrow: Any, types: Types) -> Any:
    return arrow.schema(
        [
            (name, arrow.string() if kind == "TEXT" else arrow.float64())
            for name, kind in types.items()
        ]
    )
