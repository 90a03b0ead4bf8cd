"""Where all that is kept is kept: in a folder of this process alone, or in a PostgreSQL that several share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

from bot.clock import machine_clock
from bot.inbox import UpdateStore
from bot.newsdesk import Archive
from config.settings import Settings
from digests.adapters.data_folder import DataFolder
from digests.adapters.embedded_chats import EmbeddedChats
from digests.adapters.sqlite.archive import SqliteArchive
from digests.adapters.sqlite.chats import SqliteChats
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.digests import SqliteDigests
from digests.adapters.sqlite.inbox import SqliteInbox
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.adapters.tinydb_people import TinyPeople
from digests.delivery.turns import OwnTurns
from digests.ports import Chats, DigestStore, Ledger, People, Turns

NEWSDESK = "gathering and filing"
UPDATES = "answering"

KEPT = timedelta(days=21)  # articles; a story is looked back on for at most two weeks
PAGES_KEPT = timedelta(days=14) - timedelta(hours=2)  # fourteen days at most, though housekeeping comes by the hour
DIGESTS_KEPT = timedelta(days=8)  # numbers bind to a digest for seven
UPDATES_KEPT = timedelta(days=2)  # Telegram repeats one for at most a day


class LastingChats(Chats, Protocol):
    """Chats, with what is to be done at start and now and then."""

    async def settle(self) -> None:
        """End what was begun and not ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All that is kept. `held` says whether a duty of UPDATES or NEWSDESK is this process's now.

    `shared` says that other processes may have the same stores.
    """

    archive: Archive
    digests: DigestStore
    people: People
    ledger: Ledger
    chats: LastingChats
    updates: UpdateStore
    turns: Turns
    shared: bool
    held: Callable[[str], bool]
    begin_pass: Callable[[], bool]
    """Take a pass of gathering and filing upon oneself; False where another process does it."""
    prune: Callable[[datetime], Awaitable[None]]
    """Forget what is too old at a time of the program's clock."""


def alone(_: str) -> bool:
    """Every duty is that of a process that is alone."""
    return True


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Stores]:
    """The stores that the settings name.

    Raises StorageBusy where another process has DATA_DIR, StorageError where a store cannot be opened.
    """
    if settings.database_url is None:
        async with _embedded(settings.data_dir) as stores:
            yield stores
    else:
        from bot.shared_stores import shared  # its library is a tenth of what an embedded bot weighs

        span = timedelta(seconds=settings.worker_lease)
        async with shared(settings.database_url.get_secret_value(), span) as stores:
            yield stores


@asynccontextmanager
async def passing_archive() -> AsyncIterator[Archive]:
    """An archive that nobody keeps."""
    async with Database(":memory:") as database:
        yield SqliteArchive(database)


@asynccontextmanager
async def _embedded(path: Path) -> AsyncIterator[Stores]:
    with DataFolder(path) as folder:
        async with Database(folder.database) as database, TinyPeople(folder.people) as people:
            archive, digests = SqliteArchive(database), SqliteDigests(database)
            ledger, updates = SqliteLedger(database, machine_clock), SqliteInbox(database, machine_clock)
            chats = EmbeddedChats(SqliteChats(database), people)

            async def prune(now: datetime) -> None:
                await ledger.prune(now - DIGESTS_KEPT)
                await digests.prune(now - DIGESTS_KEPT)
                await archive.prune_pages(now - PAGES_KEPT)
                await archive.prune(now - KEPT)
                await updates.prune(machine_clock() - UPDATES_KEPT)
                await chats.settle()

            yield Stores(
                archive=archive,
                digests=digests,
                people=people,
                ledger=ledger,
                chats=chats,
                updates=updates,
                turns=OwnTurns(monotonic),
                shared=False,
                held=alone,
                begin_pass=lambda: True,
                prune=prune,
            )
