"""What is held on a chat, in whichever table: moved, shown and erased whole, each in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row

from digests.adapters.documents import heard_in, written_subscription
from digests.adapters.postgres.database import Connection, Database
from digests.adapters.postgres.ledger import move_editions
from digests.adapters.postgres.people import lock_people, store, subscriptions_of
from digests.model.people import ChatId, Subscription, merged

_OWN = {"people", "editions"}  # tables with a column `chat` that are not treated like the others


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
        """Forget editions of chats that are no longer among the people: claimed while their chat was forgotten."""
        query = "DELETE FROM editions WHERE NOT EXISTS (SELECT FROM people WHERE chat = editions.chat) RETURNING 1"
        await self._database.ask(query)


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
