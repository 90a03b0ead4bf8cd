"""The stores of several processes in one PostgreSQL, each duty of one process at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.clock import steady_clock
from bot.inbox import UpdateStore
from bot.stores import DIGESTS_KEPT, KEPT, NEWSDESK, PAGES_KEPT, UPDATES, UPDATES_KEPT, Stores
from digests.adapters.postgres.archive import PostgresArchive
from digests.adapters.postgres.chats import PostgresChats
from digests.adapters.postgres.database import Database
from digests.adapters.postgres.digests import PostgresDigests
from digests.adapters.postgres.inbox import PostgresInbox
from digests.adapters.postgres.leases import Duty, Leases
from digests.adapters.postgres.ledger import PostgresLedger
from digests.adapters.postgres.people import PostgresPeople
from digests.adapters.postgres.turns import PostgresTurns


@asynccontextmanager
async def shared(url: str, span: timedelta) -> AsyncIterator[Stores]:
    """All that is kept, for one of several workers, each given up after a `span` without a sign of life.

    Raises StorageError where the database cannot be opened.
    """
    duties = (NEWSDESK, UPDATES)
    async with Database(url, steady_clock) as database, Leases(database, database.clock, duties, span) as leases:
        duty = Duty(leases, NEWSDESK)
        archive, digests = PostgresArchive(database, duty), PostgresDigests(database)
        ledger = PostgresLedger(database, database.clock, leases.worker)
        updates, turns = PostgresInbox(database, database.clock), PostgresTurns(database)
        chats = PostgresChats(database)

        async def prune(now: datetime) -> None:
            await turns.prune()
            await leases.prune()
            if not leases.held(NEWSDESK):
                return
            await ledger.prune(now - DIGESTS_KEPT)
            await digests.prune(now - DIGESTS_KEPT)
            await archive.prune_pages(now - PAGES_KEPT)
            await archive.prune(now - KEPT)
            await updates.prune(database.clock() - UPDATES_KEPT)
            await chats.settle()

        yield Stores(
            archive=archive,
            digests=digests,
            people=PostgresPeople(database),
            ledger=ledger,
            chats=chats,
            updates=updates,
            turns=turns,
            shared=True,
            held=leases.held,
            begin_pass=duty.begin,
            prune=prune,
        )


@asynccontextmanager
async def intake(url: str) -> AsyncIterator[UpdateStore]:
    """The inbox alone, for a process that does nothing but take updates in."""
    async with Database(url, steady_clock) as database:
        yield PostgresInbox(database, database.clock)
