"""The database that the tests share, one after the other."""

from contextlib import asynccontextmanager
from functools import cache

from benchmarks.databases import made
from digests.adapters.postgres.database import Database


@cache
def shared():
    """The URL of a database that the tests share, one after the other."""
    return made()


@asynccontextmanager
async def emptied(clock):
    """The shared database with its tables and nothing in them."""
    async with Database(shared(), clock, connections=4) as database:
        tables = await database.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        full = [name for (name,) in tables if name not in {"schema_version", "people_changes"}]
        await database.ask("UPDATE people_changes SET latest = 0, removals = 0 RETURNING 1")
        await database.run(lambda connection: connection.execute(f"TRUNCATE {', '.join(full)} RESTART IDENTITY"))
        yield database
