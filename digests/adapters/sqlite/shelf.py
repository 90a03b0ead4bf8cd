"""SQLite's tables as rows, to be carried to another store and back."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from digests.adapters.transfer import Row


class SqliteShelf:
    """transfer.Shelf over a file that nobody else writes; its schema is up to date."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def columns(self, table: str) -> tuple[str, ...]:
        with closing(sqlite3.connect(self._path)) as connection:
            return tuple(name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
        with closing(sqlite3.connect(self._path)) as connection:
            yield from connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 names of ours

    def fill(self, tables: Iterable[tuple[str, tuple[str, ...], Iterable[Row]]]) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # undone by the closing where it does not come to its end
            for table, columns, rows in tables:
                places = ", ".join("?" * len(columns))
                query = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
                connection.executemany(query, rows)
            connection.execute("COMMIT")
