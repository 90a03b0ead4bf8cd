"""What SQLite holds on a chat, in whichever table: moved, shown and erased whole; and what was begun over both stores."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from digests.adapters.documents import heard_in
from digests.adapters.own_topics import outlived
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.ledger import move_editions
from digests.filing.own_words import PREFIX
from digests.model.people import ChatId

MOVE, FORGET, FOLD = "move", "forget", "fold"

_NOBODY = ChatId(0)
_OWN = {"intents", "editions"}  # tables with a column `chat` that are not treated like the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A change of both stores that has begun; `target` is the new id of a chat that moves."""

    id: int
    kind: str
    chat: ChatId
    target: ChatId | None


class SqliteChats:
    """SQLite's share of ports.Chats, each method one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def move(self, chat: ChatId, to: ChatId) -> Intent:
        """Move what is here, and note that the other store is to follow."""

        def work(connection: sqlite3.Connection) -> Intent:
            move_editions(connection, chat, to)
            for table in _tables(connection):
                # Left where they are by IGNORE, and dropped: those that the other id has as well.
                connection.execute(f"UPDATE OR IGNORE {table} SET chat = ? WHERE chat = ?", (to, chat))  # noqa: S608
                connection.execute(f"DELETE FROM {table} WHERE chat = ?", (chat,))  # noqa: S608
            return _note(connection, MOVE, chat, to)

        return await self._database.run(work)

    async def intend_to_forget(self, chat: ChatId) -> Intent:
        """Note that a chat is to be forgotten, here and in the other store."""
        return await self._database.run(lambda connection: _note(connection, FORGET, chat, None))

    async def forget(self, intent: Intent, kept: frozenset[str]) -> None:
        """Erase what is here, and the intent; `kept` are others' own topics. `fold` is to follow."""

        def work(connection: sqlite3.Connection) -> None:
            for table in (*_tables(connection), "editions", "intents"):
                connection.execute(f"DELETE FROM {table} WHERE chat = ?", (intent.chat,))  # noqa: S608
            _forget_words(connection, kept)
            _note(connection, FOLD, _NOBODY, None)

        await self._database.run(work)

    async def fold(self) -> bool:
        """Overwrite where what was erased stood; False where somebody still reads it, and it is to be tried again."""
        query = "SELECT max(id) FROM intents WHERE kind = ?"
        ((newest,),) = await self._database.read(lambda connection: connection.execute(query, (FOLD,)).fetchall())
        if newest is None:
            return True
        if not await self._database.fold():
            return False
        # What was erased meanwhile has a number that is higher.
        await self._database.run(_executing("DELETE FROM intents WHERE kind = ? AND id <= ?", FOLD, newest))
        return True

    async def done(self, intent: Intent) -> None:
        """The other store has followed."""
        await self._database.run(_executing("DELETE FROM intents WHERE id = ?", intent.id))

    async def intents(self) -> tuple[Intent, ...]:
        """What was begun and is not ended, in its order."""

        def work(connection: sqlite3.Connection) -> tuple[Intent, ...]:
            query = "SELECT id, kind, chat, target FROM intents WHERE kind <> ? ORDER BY id"
            rows = connection.execute(query, (FOLD,)).fetchall()
            return tuple(
                Intent(id=number, kind=kind, chat=ChatId(chat), target=target and ChatId(target))
                for number, kind, chat, target in rows
            )

        return await self._database.read(work)

    async def export(self, chat: ChatId) -> Mapping[str, list[Mapping[str, Any]]]:
        """Every row on a chat by its table; instants as they are stored, in microseconds since 1970."""

        def work(connection: sqlite3.Connection) -> Mapping[str, list[Mapping[str, Any]]]:
            shown = {
                table: _rows(connection, f"SELECT * FROM {table} WHERE chat = ?", chat)  # noqa: S608
                for table in (*_tables(connection), "editions")
            }
            shown["deliveries"] = _rows(
                connection, "SELECT deliveries.* FROM deliveries JOIN editions ON edition = id WHERE chat = ?", chat
            )
            bodies = connection.execute("SELECT body FROM updates WHERE NOT handled ORDER BY id")
            shown["updates"] = list(heard_in(chat, (body for (body,) in bodies)))
            return {table: rows for table, rows in shown.items() if rows}

        return await self._database.read(work)

    async def newest_editions(self) -> Mapping[ChatId, int]:
        """The chats of which the ledger knows, each with the number of its newest edition."""

        def work(connection: sqlite3.Connection) -> Mapping[ChatId, int]:
            rows = connection.execute("SELECT chat, max(id) FROM editions GROUP BY chat")
            return {ChatId(chat): number for chat, number in rows}

        return await self._database.read(work)

    async def forget_left(self, newest: Mapping[ChatId, int], kept: frozenset[str]) -> None:
        """Erase the editions of chats up to the given numbers, and what is here on own topics that are not `kept`."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM editions WHERE chat = ? AND id <= ?", list(newest.items()))
            if _forget_words(connection, kept) or newest:
                _note(connection, FOLD, _NOBODY, None)

        await self._database.run(work)


def _tables(connection: sqlite3.Connection) -> list[str]:
    """The tables whose rows are on a chat and are moved as they are."""
    rows = connection.execute(
        """SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND c.name = 'chat' ORDER BY m.name"""
    )
    return [name for (name,) in rows if name not in _OWN]


def _forget_words(connection: sqlite3.Connection, kept: frozenset[str]) -> int:
    """Forget matches of own topics that nobody has any more, and digests with them that no message and no edition has."""
    rows = connection.execute("SELECT DISTINCT topic FROM matches WHERE topic GLOB ?", (f"{PREFIX}*",))
    gone = [(topic,) for (topic,) in rows if topic not in kept]
    connection.executemany("DELETE FROM matches WHERE topic = ?", gone)
    digests = connection.execute(
        """SELECT id, snapshot FROM digests WHERE instr(snapshot, ?)
        AND NOT EXISTS (SELECT 1 FROM messages WHERE digest = digests.id)
        AND id NOT IN (SELECT digest FROM editions WHERE digest IS NOT NULL)""",
        (f'"{PREFIX}',),
    )
    left = [(identity,) for identity in outlived(digests, kept)]
    connection.executemany("DELETE FROM digests WHERE id = ?", left)
    return len(gone) + len(left)


def _note(connection: sqlite3.Connection, kind: str, chat: ChatId, target: ChatId | None) -> Intent:
    row = connection.execute(
        "INSERT INTO intents (kind, chat, target) VALUES (?, ?, ?) RETURNING id", (kind, chat, target)
    ).fetchone()
    return Intent(id=row[0], kind=kind, chat=chat, target=target)


def _executing(statement: str, *values: int | str) -> Callable[[sqlite3.Connection], None]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute(statement, values)

    return work


def _rows(connection: sqlite3.Connection, query: str, chat: ChatId) -> list[Mapping[str, Any]]:
    cursor = connection.execute(query, (chat,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
