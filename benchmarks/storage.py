"""What the stores cost: claims, a part's way through the ledger, turns, and subscriptions, on SQLite and PostgreSQL.

Four PostgreSQL workers are four processes with a connection each, as workers are.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from multiprocessing import get_context
from pathlib import Path

from benchmarks.data import figure, options
from benchmarks.databases import database
from digests.adapters.postgres.database import Database as Postgres
from digests.adapters.postgres.ledger import PostgresLedger
from digests.adapters.postgres.people import PostgresPeople
from digests.adapters.postgres.turns import PostgresTurns
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.delivery.agenda import OwnAgenda
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading, MessageId, Schedule, Subscription
from digests.model.stories import DigestId
from digests.model.topics import TopicSlug
from digests.ports import Ledger, Limit, Plan

WORKERS = 4
AT_ONCE = 50
DUE = datetime(2026, 2, 4, 6, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def machine() -> datetime:
    """This machine's time."""
    return datetime.now(UTC)


def editions(first: int, count: int) -> list[Edition]:
    """Editions of so many chats."""
    return [
        Edition(address=Address(chat=ChatId(chat)), day=date(2026, 2, 4), slot=time_of_day(8), due=DUE)
        for chat in range(first, first + count)
    ]


def subscriptions(count: int) -> list[Subscription]:
    """So many people who follow three topics."""
    topics = tuple(map(TopicSlug, ("ukraine-talks", "china-russia", "new-start")))
    schedule = Schedule(since=DUE, zone="Europe/Kyiv", city="Kyiv")
    return [Subscription(address=Address(chat=ChatId(chat)), topics=topics, schedule=schedule) for chat in range(count)]


@asynccontextmanager
async def sqlite() -> AsyncIterator[SqliteLedger]:
    """A ledger in a file."""
    with tempfile.TemporaryDirectory() as folder:
        async with Database(Path(folder) / "ledger.sqlite") as opened:
            yield SqliteLedger(opened, machine)


async def claims(ledger: Ledger, wanted: list[Edition], at_once: int) -> int:
    """Claim them in batches; how many were had."""
    had = 0
    for first in range(0, len(wanted), at_once):
        had += len(await ledger.claim_many(wanted[first : first + at_once], LEASE))
    return had


async def parts(ledger: Ledger, wanted: list[Edition]) -> None:
    """Bring each of them through the ledger, as a delivery does."""
    heading = Heading(at=DUE, zone="UTC", city=None)
    plan = Plan(digest=DigestId("aaaaaaaaaa"), heading=heading, states=(DeliveryState.PENDING,))
    for edition in wanted:
        claim = await ledger.claim(edition, LEASE)
        assert claim is not None
        await ledger.save_plan(claim, plan)
        await ledger.sending(claim, 1)
        await ledger.sent(claim, 1, MessageId(1))
        await ledger.release(claim, timedelta())


def claim_beside_others(url: str, worker: int, count: int, at_once: int, start: float) -> tuple[int, float]:
    """One of several workers who want all of the same editions, each from another place; how many it had, and until when."""

    async def work() -> tuple[int, float]:
        async with Postgres(url, machine, connections=2) as opened:
            ledger = PostgresLedger(opened, machine, f"{worker}-x")
            everything = editions(0, count)
            begin = count // WORKERS * worker
            mine = everything[begin:] + everything[:begin]
            await asyncio.sleep(max(0.0, start - time.time()))
            had = await claims(ledger, mine, at_once)
            return had, time.time()

    return asyncio.run(work())


def crowd(url: str, count: int, at_once: int) -> float:
    """Editions claimed a second by all workers together; every edition by one of them."""
    start = time.time() + 3.0
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        work = [pool.submit(claim_beside_others, url, worker, count, at_once, start) for worker in range(WORKERS)]
        results = [each.result() for each in work]
    had = sum(number for number, _ in results)
    if had != count:
        sys.exit(f"{had} claims were given on {count} editions")
    return count / (max(end for _, end in results) - start)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


async def one_process(url: str) -> None:
    """Figures of one process on either store."""
    async with sqlite() as ledger:
        figure(
            "storage.sqlite.claims_singly", 500 / await timed(lambda: claims(ledger, editions(0, 500), 1)), "claims/s"
        )
        batches = await timed(lambda: claims(ledger, editions(1000, 5000), AT_ONCE))
        figure("storage.sqlite.claims_in_batches", 5000 / batches, "claims/s")
        figure("storage.sqlite.part", await timed(lambda: parts(ledger, editions(9000, 300))) / 300 * 1000, "ms")
    async with Postgres(url, machine) as opened:
        ledger = PostgresLedger(opened, machine, "1-x")
        singly = await timed(lambda: claims(ledger, editions(100_000, 500), 1))
        figure("storage.postgres.claims_singly", 500 / singly, "claims/s")
        figure("storage.postgres.part", await timed(lambda: parts(ledger, editions(200_000, 300))) / 300 * 1000, "ms")
        turns = PostgresTurns(opened)
        every = [Limit(key="all", most=1_000, span=timedelta(milliseconds=1))]
        one = await timed(lambda: _repeat(lambda: turns.take(every), 500))
        figure("storage.postgres.turn", one / 500 * 1000, "ms")
        await _people(opened)


async def _people(opened: Postgres) -> None:
    everybody = subscriptions(100_000)
    people = PostgresPeople(opened)
    figure("storage.postgres.change", await timed(lambda: _all(people, everybody[:300])) / 300 * 1000, "ms")

    async def fill() -> None:
        async def work(connection) -> None:
            await connection.execute(
                """INSERT INTO people SELECT number, 0, replace(document, '"chat": 0,', '"chat": ' || number || ','), 1
                FROM people, generate_series(300, 99999) AS number WHERE chat = 0"""
            )

        await opened.run(work)

    await fill()
    fresh = PostgresPeople(opened)
    figure("storage.postgres.people_first", await timed(fresh.all), "s, 100,000 people")
    await _ticks(PostgresPeople(opened), everybody[0])
    figure("storage.postgres.people_unchanged", await timed(fresh.all) * 1000, "ms")
    await people.put(everybody[0])
    figure("storage.postgres.people_one_changed", await timed(fresh.all) * 1000, "ms")


async def _ticks(people: PostgresPeople, one: Subscription) -> None:
    """How long the loop is held up while an agenda is asked by a hundred ticks, somebody changing before every tenth."""
    agenda, lags = OwnAgenda(people), []
    enough = asyncio.Event()

    async def watch() -> None:
        while not enough.is_set():
            begun = time.perf_counter()
            await asyncio.sleep(0.002)
            lags.append((time.perf_counter() - begun - 0.002) * 1000)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        for number in range(100):
            if number % 10 == 5:
                await people.change(one.address, lambda _, paused=str(number): replace(one, paused=paused))
            await agenda.due(DUE - timedelta(hours=1), 100)
        enough.set()
    lags.sort()
    figure("storage.postgres.ticks_lag_p99", lags[int(len(lags) * 0.99)], "ms, 100,000 people")
    figure("storage.postgres.ticks_lag_max", lags[-1], "ms, 100,000 people")


async def _repeat(work: Callable[[], Awaitable[object]], times: int) -> None:
    for _ in range(times):
        await work()


async def _all(people: PostgresPeople, everybody: list[Subscription]) -> None:
    for each in everybody:
        await people.put(each)


def main() -> None:
    """Print all figures."""
    options(__doc__ or "", needs_data=False).parse_args()
    with database() as url:
        asyncio.run(one_process(url))
    for at_once, count in ((AT_ONCE, 20_000), (1, 2_000)):
        with database() as url:
            figure(f"storage.postgres.{WORKERS}_workers.claims_by_{at_once}", crowd(url, count, at_once), "claims/s")


if __name__ == "__main__":
    main()
