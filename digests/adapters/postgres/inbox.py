"""Updates as Telegram sent them, from before it is told that we have them until they were handled."""

from collections.abc import Collection
from datetime import datetime

from digests.adapters.postgres.database import Database
from digests.adapters.rows import stamp
from digests.ports import Clock


class PostgresInbox:
    """The store behind the bot's inbox. `clock` tells when an update was received."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, update_id: int, body: bytes) -> bool:
        """Store an update; False where it is known already, handled or not."""
        query = "INSERT INTO updates (id, body, received) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING id"
        return bool(await self._database.ask(query, (update_id, body, stamp(self._clock()))))

    async def unhandled(self, but: Collection[int] = ()) -> tuple[bytes, ...]:
        """Bodies of the updates not yet handled, in the order of their ids, without those whose ids are in `but`."""
        query = "SELECT body FROM updates WHERE NOT handled AND id <> ALL (%s) ORDER BY id"
        return tuple(body for (body,) in await self._database.ask(query, (list(but),)))

    async def handled(self, update_id: int) -> None:
        """Note that an update was handled. Its id stays known; what the person wrote is not kept."""
        query = "UPDATE updates SET handled = TRUE, body = '' WHERE id = %s RETURNING id"
        await self._database.ask(query, (update_id,))

    async def prune(self, before: datetime) -> None:
        """Forget updates that were received before `before` and handled."""
        await self._database.ask("DELETE FROM updates WHERE handled AND received < %s RETURNING id", (stamp(before),))
