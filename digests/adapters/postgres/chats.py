"""What is held on a chat, in whichever table: moved, shown and erased whole, each in one transaction."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row

from digests.adapters.documents import heard_in, read_subscription, written_subscription
from digests.adapters.own_topics import had, outlived
from digests.adapters.postgres.database import Connection, Database
from digests.adapters.postgres.ledger import move_editions
from digests.adapters.postgres.people import lock_people, store, subscriptions_of
from digests.filing.own_words import PREFIX
from digests.model.people import ChatId, Subscription, merged

_OWN = {"people", "editions"}  # tables with a column `chat` that are not treated like the others

_UNSEEN = """NOT EXISTS (SELECT FROM messages WHERE digest = digests.id)
    AND NOT EXISTS (SELECT FROM editions WHERE digest = digests.id)"""


class PostgresChats:
    """ports.Chats over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def move(self, chat: ChatId, to: ChatId) -> None:
        async def work(connection: Connection) -> None:
            await _move_people(connection, chat, to)
            await move_editions(connection, chat, to)
            for table in await _tables(connection):
                await _move_rows(connection, table, chat, to)

        await self._database.run(work)

    async def forget(self, chat: ChatId) -> None:
        """What was erased stands in no row; the server's own vacuum clears its pages later."""

        async def work(connection: Connection) -> None:
            await lock_people(connection)
            for each in await subscriptions_of(connection, chat):
                await store(connection, each.address, None)
            for table in (*await _tables(connection), "editions"):
                await connection.execute(f"DELETE FROM {table} WHERE chat = %s", (chat,))  # noqa: S608

        await self._database.run(work)
        await self._forget_words()

    async def export(self, chat: ChatId) -> Mapping[str, object]:
        async def work(connection: Connection) -> Mapping[str, object]:
            shown: dict[str, list[Any]] = {
                "subscriptions": [written_subscription(each) for each in await subscriptions_of(connection, chat)]
            }
            for table in (*await _tables(connection), "editions"):
                shown[table] = await _rows(connection, f"SELECT * FROM {table} WHERE chat = %s", chat)  # noqa: S608
            shown["deliveries"] = await _rows(
                connection, "SELECT deliveries.* FROM deliveries JOIN editions ON edition = id WHERE chat = %s", chat
            )
            bodies = await connection.execute("SELECT body FROM updates WHERE NOT handled ORDER BY id")
            shown["updates"] = list(heard_in(chat, [body async for (body,) in bodies]))
            return {table: rows for table, rows in shown.items() if rows or table == "subscriptions"}

        return await self._database.run(work)

    async def settle(self) -> None:
        """Forget what is left of chats that are no longer among the people: claimed or filed while they were forgotten."""
        query = "DELETE FROM editions WHERE NOT EXISTS (SELECT FROM people WHERE chat = editions.chat) RETURNING 1"
        await self._database.ask(query)
        await self._forget_words()

    async def _forget_words(self) -> None:
        await self._database.run(_forget_matches)
        await self._database.run(_forget_digests)


async def _forget_matches(connection: Connection) -> None:
    """Forget matches of own topics that nobody has any more; people are locked, so that nobody comes to meanwhile."""
    rows = await connection.execute("SELECT DISTINCT topic FROM matches WHERE starts_with(topic, %s)", (PREFIX,))
    filed = {topic for (topic,) in await rows.fetchall()}
    await lock_people(connection)
    gone = filed - await _kept(connection)
    await connection.execute("DELETE FROM matches WHERE topic = ANY (%s)", (list(gone),))


async def _forget_digests(connection: Connection) -> None:
    """Forget digests with such topics that no message and no edition has. They are read first: it takes its time."""
    rows = await connection.execute(
        f"SELECT id, snapshot FROM digests WHERE strpos(snapshot, %s) > 0 AND {_UNSEEN}",  # noqa: S608
        (f'"{PREFIX}',),
    )
    digests = await rows.fetchall()
    left = outlived(digests, await _kept(connection))
    await connection.execute(f"DELETE FROM digests WHERE id = ANY (%s) AND {_UNSEEN}", (left,))  # noqa: S608


async def _kept(connection: Connection) -> frozenset[str]:
    """The own topics of all who have any."""
    rows = await connection.execute("SELECT document FROM people WHERE strpos(document, '\"own\": [[') > 0")
    return had([read_subscription(json.loads(document)) async for (document,) in rows])


async def _move_people(connection: Connection, chat: ChatId, to: ChatId) -> None:
    await lock_people(connection)
    there: Mapping[int, Subscription] = {each.address.thread: each for each in await subscriptions_of(connection, to)}
    for former in await subscriptions_of(connection, chat):
        address = replace(former.address, chat=to)
        present = there.get(address.thread)
        await store(connection, former.address, None)
        await store(connection, address, merged(former, present) if present else replace(former, address=address))


async def _move_rows(connection: Connection, table: str, chat: ChatId, to: ChatId) -> None:
    """Move the rows of a chat one by one; those that the other id has as well are dropped."""
    rows = await connection.execute(f"SELECT ctid FROM {table} WHERE chat = %s", (chat,))  # noqa: S608
    for (row,) in await rows.fetchall():
        try:
            async with connection.transaction():
                await connection.execute(f"UPDATE {table} SET chat = %s WHERE ctid = %s", (to, row))  # noqa: S608
        except UniqueViolation:
            await connection.execute(f"DELETE FROM {table} WHERE ctid = %s", (row,))  # noqa: S608


async def _tables(connection: Connection) -> list[str]:
    """The tables whose rows are on a chat and are moved as they are."""
    rows = await connection.execute(
        """SELECT table_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name = 'chat' ORDER BY table_name"""
    )
    return [name async for (name,) in rows if name not in _OWN]


async def _rows(connection: Connection, query: str, chat: ChatId) -> list[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        return await (await cursor.execute(query, (chat,))).fetchall()
