"""Every store that the contracts are held against: SQLite in a file and in memory, TinyDB, PostgreSQL, and the fakes."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

from digests.adapters.embedded_chats import EmbeddedChats
from digests.adapters.postgres.archive import PostgresArchive
from digests.adapters.postgres.chats import PostgresChats
from digests.adapters.postgres.digests import PostgresDigests
from digests.adapters.postgres.inbox import PostgresInbox
from digests.adapters.postgres.leases import Duty, Leases
from digests.adapters.postgres.ledger import PostgresLedger
from digests.adapters.postgres.people import PostgresPeople
from digests.adapters.postgres.turns import PostgresTurns
from digests.adapters.sqlite.archive import SqliteArchive
from digests.adapters.sqlite.chats import SqliteChats
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.digests import SqliteDigests
from digests.adapters.sqlite.inbox import SqliteInbox
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.adapters.tinydb_people import TinyPeople
from digests.delivery.turns import OwnTurns
from tests.builders import NOON
from tests.fakes.stores import MemoryArchive, MemoryDigests, MemoryPeople, MemoryUpdates
from tests.postgres import emptied

_SPAN = timedelta(seconds=20)


@pytest.fixture(params=["file", "memory", "postgres", "fake"])
async def stores(request, tmp_path):
    if request.param == "postgres":
        async with (
            emptied(lambda: NOON) as shared,
            Leases(shared, shared.clock, ["newsdesk"], _SPAN) as leases,
        ):
            duty = Duty(leases, "newsdesk")
            assert duty.begin()
            yield SimpleNamespace(
                archive=PostgresArchive(shared, duty),
                digests=PostgresDigests(shared),
                updates=PostgresInbox(shared, shared.clock),
            )
        return
    if request.param == "fake":
        yield SimpleNamespace(archive=MemoryArchive(), digests=MemoryDigests(), updates=MemoryUpdates())
        return
    async with Database(":memory:" if request.param == "memory" else tmp_path / "cablegram.sqlite") as database:
        yield SimpleNamespace(
            archive=SqliteArchive(database),
            digests=SqliteDigests(database),
            updates=SqliteInbox(database, lambda: NOON),
        )


@pytest.fixture
def archive(stores):
    return stores.archive


@pytest.fixture
def digests(stores):
    return stores.digests


@pytest.fixture
def updates(stores):
    return stores.updates


@pytest.fixture(params=["tinydb", "postgres", "fake"])
async def people(request, tmp_path):
    if request.param == "postgres":
        async with emptied(lambda: NOON) as shared:
            yield PostgresPeople(shared)
        return
    if request.param == "fake":
        yield MemoryPeople()
        return
    async with TinyPeople(tmp_path / "people.json") as tiny:
        yield tiny


@pytest.fixture(params=["own", "postgres"])
async def turns(request):
    if request.param == "own":
        yield OwnTurns(time.monotonic)
        return
    async with emptied(lambda: NOON) as shared:
        yield PostgresTurns(shared)


@pytest.fixture(params=["embedded", "postgres"])
async def office(request, tmp_path):
    """Chats, and the stores that they change."""
    if request.param == "postgres":
        async with emptied(lambda: NOON) as shared, Leases(shared, shared.clock, ["newsdesk"], _SPAN) as leases:
            duty = Duty(leases, "newsdesk")
            assert duty.begin()
            yield SimpleNamespace(
                archive=PostgresArchive(shared, duty),
                chats=PostgresChats(shared),
                people=PostgresPeople(shared),
                ledger=PostgresLedger(shared, shared.clock, "a worker"),
                digests=PostgresDigests(shared),
                updates=PostgresInbox(shared, shared.clock),
            )
        return
    async with Database(tmp_path / "cablegram.sqlite") as database, TinyPeople(tmp_path / "people.json") as people:
        yield SimpleNamespace(
            archive=SqliteArchive(database),
            chats=EmbeddedChats(SqliteChats(database), people),
            people=people,
            ledger=SqliteLedger(database, lambda: NOON),
            digests=SqliteDigests(database),
            updates=SqliteInbox(database, lambda: NOON),
        )
