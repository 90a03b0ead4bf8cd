"""Moving house: all that is kept goes from DATA_DIR into a PostgreSQL, or back."""

import asyncio
from pathlib import Path

from bot.clock import steady_clock
from digests.adapters.data_folder import DataFolder
from digests.adapters.embedded_chats import EmbeddedChats
from digests.adapters.postgres.database import Database as Postgres
from digests.adapters.postgres.leases import living
from digests.adapters.postgres.people import PostgresPeople
from digests.adapters.postgres.shelf import PostgresShelf
from digests.adapters.sqlite.chats import SqliteChats
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.shelf import SqliteShelf
from digests.adapters.tinydb_people import TinyPeople
from digests.adapters.transfer import carry
from digests.errors import StorageBusy, StorageError
from digests.ports import People


async def move(path: Path, url: str, *, back: bool) -> str:
    """Move from a folder into a database, or `back`; returns a line of figures. The source stays as it is.

    Begun again after an interruption it ends what was begun; after its end it only compares. Raises StorageBusy where
    somebody works with either, StorageError where the target holds other data.
    """
    with DataFolder(path) as folder:
        async with (
            Database(folder.database) as database,
            TinyPeople(folder.people) as tiny,
            Postgres(url, steady_clock) as shared,
        ):
            if await living(shared):
                message = "Workers are running on this database: stop them first."
                raise StorageBusy(message)
            if not back:
                await EmbeddedChats(SqliteChats(database), tiny).settle()
            shelves = SqliteShelf(folder.database), PostgresShelf(url)
            people = tiny, PostgresPeople(shared)
            tables = await asyncio.to_thread(carry, *(reversed(shelves) if back else shelves))
            moved = await _carry_people(*(reversed(people) if back else people))
    rows = sum(content.rows for content in tables.values())
    return f"Moved and compared: {moved} subscriptions, {tables['editions'].rows} editions, {rows} rows in all."


async def _carry_people(source: People, target: People) -> int:
    wanted, found = set(await source.all()), set(await target.all())
    if found - wanted:
        message = "The target holds other people already; name an empty one, or empty it first."
        raise StorageError(message)
    async with asyncio.TaskGroup() as group:
        for subscription in wanted - found:
            group.create_task(target.put(subscription))
    if set(await target.all()) != wanted:
        message = (
            "The people who arrived are not those who were sent: stop whatever writes to either store, and try again."
        )
        raise StorageError(message)
    return len(wanted)
