"""All that is kept, carried from one kind of store to the other: as it is, once, and compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import orjson

from digests.errors import StorageError

# In the order in which they hang on each other. People are carried beside them; leases and turns are the moment's.
TABLES = (
    "feeds",
    "feed_states",
    "gaps",
    "articles",
    "article_keys",
    "unfiled",
    "pages",
    "placements",
    "matches",
    "story_moves",
    "digests",
    "digest_articles",
    "messages",
    "editions",
    "deliveries",
    "updates",
)

Row = tuple[Any, ...]


class Shelf(Protocol):
    """A store's tables, seen as rows. Methods block."""

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns."""
        ...

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
        """A table's rows, in any order."""
        ...

    def fill(self, tables: Iterable[tuple[str, tuple[str, ...], Iterable[Row]]]) -> None:
        """Store rows in tables that are empty, all of them in one transaction."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a table holds: how many rows, and a sum over their hashes that does not depend on their order."""

    rows: int
    hash: int


def carry(source: Shelf, target: Shelf) -> dict[str, Content]:
    """Carry all tables over and compare; what each of them holds.

    The target is empty, or holds the same already because an earlier call got that far. Raises StorageError where it
    holds anything else, and where it holds something else afterwards.
    """
    shared = {table: _shared_columns(source, target, table) for table in TABLES}
    wanted = {table: _content(source, table, columns) for table, columns in shared.items()}
    found = {table: _content(target, table, columns) for table, columns in shared.items()}
    if found == wanted:
        return wanted
    if any(content.rows for content in found.values()):
        message = "The target holds other data already; name an empty one, or empty it first."
        raise StorageError(message)
    target.fill((table, columns, source.rows(table, columns)) for table, columns in shared.items())
    arrived = {table: _content(target, table, columns) for table, columns in shared.items()}
    if arrived != wanted:
        wrong = ", ".join(table for table in TABLES if arrived[table] != wanted[table])
        message = f"What arrived is not what was sent ({wrong}): stop whatever writes to either store, empty the target and try again."
        raise StorageError(message)
    return wanted


def _shared_columns(source: Shelf, target: Shelf, table: str) -> tuple[str, ...]:
    there = set(target.columns(table))
    return tuple(column for column in source.columns(table) if column in there)


def _content(shelf: Shelf, table: str, columns: tuple[str, ...]) -> Content:
    count = total = 0
    for row in shelf.rows(table, columns):
        count += 1
        total += int.from_bytes(sha256(orjson.dumps([_plain(value) for value in row])).digest())
    return Content(rows=count, hash=total % (1 << 256))


def _plain(value: Any) -> Any:
    """A value as both kinds of store have it: one keeps truth as a number."""
    if isinstance(value, bool):
        return int(value)
    return value.hex() if isinstance(value, bytes) else value
