"""PostgreSQL's tables as rows, to be carried to another store and back."""

from collections.abc import Iterable, Iterator

import psycopg
from psycopg import sql

from digests.adapters.transfer import Row

AT_ONCE = 2_000  # rows in memory
_COUNTED = ("articles", "number"), ("editions", "id")


class PostgresShelf:
    """transfer.Shelf over a database to which nobody else writes; its schema is up to date."""

    def __init__(self, url: str) -> None:
        self._url = url

    def columns(self, table: str) -> tuple[str, ...]:
        query = """SELECT attname FROM pg_attribute
            WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"""
        with psycopg.connect(self._url) as connection:
            return tuple(name for (name,) in connection.execute(query, (table,)))

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
        query = sql.SQL("SELECT {} FROM {}").format(_names(columns), sql.Identifier(table))
        with psycopg.connect(self._url) as connection, connection.cursor("shelf") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(query)

    def fill(self, tables: Iterable[tuple[str, tuple[str, ...], Iterable[Row]]]) -> None:
        with psycopg.connect(self._url) as connection, connection.cursor() as cursor:
            for table, columns, rows in tables:
                kinds = self._kinds(cursor, table, columns)
                query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
                with cursor.copy(query) as copy:
                    for row in rows:
                        copy.write_row([bool(value) if kind else value for value, kind in zip(row, kinds, strict=True)])
            for table, column in _COUNTED:
                numbers = sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, {}), (SELECT coalesce(max({}), 0) + 1 FROM {}), FALSE)"
                ).format(table, column, sql.Identifier(column), sql.Identifier(table))
                cursor.execute(numbers)

    def _kinds(self, cursor: psycopg.Cursor[Row], table: str, columns: tuple[str, ...]) -> list[bool]:
        """Which of the columns say yes or no."""
        query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'boolean'::regtype"
        yes_or_no = {name for (name,) in cursor.execute(query, (table,))}
        return [column in yes_or_no for column in columns]


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
