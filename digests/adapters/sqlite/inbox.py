"""Updates as Telegram sent them, from before it is told that we have them until they were handled."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from digests.adapters.rows import stamp
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.rows import listed
from digests.ports import Clock


class SqliteInbox:
    """The store behind the bot's inbox. `clock` tells when an update was received."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, update_id: int, body: bytes) -> bool:
        """Store an update; False where it is known already, handled or not."""
        received = stamp(self._clock())

        def store(connection: sqlite3.Connection) -> bool:
            query = "INSERT INTO updates (id, body, received) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING"
            return connection.execute(query, (update_id, body, received)).rowcount == 1

        return await self._database.run(store)

    async def unhandled(self, but: Collection[int] = ()) -> tuple[bytes, ...]:
        """Bodies of the updates not yet handled, in the order of their ids, without those whose ids are in `but`."""

        def read(connection: sqlite3.Connection) -> tuple[bytes, ...]:
            query = (
                "SELECT body FROM updates WHERE NOT handled AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id"
            )
            rows = connection.execute(query, (listed(but),))
            return tuple(body for (body,) in rows)

        return await self._database.read(read)

    async def handled(self, update_id: int) -> None:
        """Note that an update was handled. Its id stays known; what the person wrote is not kept."""

        def note(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE updates SET handled = 1, body = x'' WHERE id = ?", (update_id,))

        await self._database.run(note)

    async def prune(self, before: datetime) -> None:
        """Forget updates that were received before `before` and handled."""

        def forget(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM updates WHERE handled AND received < ?", (stamp(before),))

        await self._database.run(forget)
