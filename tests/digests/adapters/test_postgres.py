"""PostgreSQL beyond what the ports promise: its errors, its migrations, what is forgotten, and workers beside each other."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest

from benchmarks import databases
from digests.adapters.keeping import KEYS_OUTLIVE
from digests.adapters.postgres import database as database_module
from digests.adapters.postgres.archive import PostgresArchive
from digests.adapters.postgres.database import Database
from digests.adapters.postgres.digests import PostgresDigests
from digests.adapters.postgres.inbox import PostgresInbox
from digests.adapters.postgres.leases import Duty, Leases
from digests.adapters.postgres.ledger import PostgresLedger
from digests.adapters.postgres.people import PostgresPeople
from digests.adapters.postgres.schema import MIGRATIONS
from digests.adapters.postgres.turns import PostgresTurns
from digests.errors import ClaimLost, ConfigurationError, DutyLost, StorageError
from digests.model.articles import ArticleId, Page
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading, MessageId
from digests.model.sources import Coverage, FeedSlug, Gap
from digests.model.stories import Digest, DigestId, Placement, Report, Section, StoryId, Window
from digests.model.topics import TopicSlug
from digests.ports import Filing, Gathering, Limit, Plan
from tests.builders import NOON, article, subscription
from tests.postgres import emptied, shared

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DESK = "gathering and filing"
SPAN, EVERY = timedelta(seconds=20), timedelta(seconds=4)
HERE = Address(chat=ChatId(7))


class Machine:
    """A clock that stands until it is told to pass."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
async def database(machine):
    async with emptied(machine) as opened:
        yield opened


@pytest.fixture
def url():
    with databases.database() as made:
        yield made


def gathering(*articles, gaps=()):
    return Gathering(states=(), gaps=tuple(gaps), articles=articles)


def edition(chat=7):
    return Edition(address=Address(chat=ChatId(chat)), day=date(2026, 2, 4), slot=time(8), due=NOON)


async def count(database, table):
    ((number,),) = await database.ask(f"SELECT count(*) FROM {table}")
    return number


# The database


async def test_two_programs_that_start_at_once_migrate_one_after_the_other_and_once(url, machine):
    async def start():
        async with Database(url, machine) as opened:
            return await count(opened, "schema_version")

    assert await asyncio.gather(*(start() for _ in range(3))) == [len(MIGRATIONS)] * 3


async def test_a_newer_schema_than_the_program_knows_is_refused_in_a_sentence(url, machine):
    async with Database(url, machine) as opened:
        await opened.ask("INSERT INTO schema_version VALUES (99) RETURNING 1")
    with pytest.raises(StorageError, match="was written by a newer Cablegram; run that version") as refused:
        async with Database(url, machine):
            pass
    assert "\n" not in str(refused.value)


async def test_a_migration_that_fails_leaves_the_schema_as_it_was(url, machine, monkeypatch):
    monkeypatch.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE half (); CREATE TABLE feeds ()"))
    with pytest.raises(psycopg.errors.DuplicateTable):
        async with Database(url, machine):
            pass
    monkeypatch.undo()
    async with Database(url, machine) as opened:
        assert await opened.ask("SELECT to_regclass('half')") == [(None,)]


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("postgresql://me:hush@127.0.0.1:1/none", StorageError, r"The database 127\.0\.0\.1/none cannot be read"),
        ("postgresql://me:hush@127.0.0.1/none?colour=red", ConfigurationError, "DATABASE_URL=…: it cannot be read"),
        ("postgresql://me:hu%sh@127.0.0.1/none", ConfigurationError, "% as %25"),
        ("postgresql://me:hush/hush@127.0.0.1:1/none", ConfigurationError, "/ as %2F"),
        ("postgresql://me:1/hush@127.0.0.1:1/none", ConfigurationError, "/ as %2F"),
        ("postgresql://me:x@hush@127.0.0.1:1/none", ConfigurationError, "@ as %40"),
        ("postgres//me:hush@127.0.0.1:1/none", ConfigurationError, "write postgresql://user:password@host/database"),
        ("postgresql://me:hush]hush[@127.0.0.1:1/none", StorageError, r"The database 127\.0\.0\.1/none cannot be read"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_named_without_its_password(address, kind, said, machine):
    with pytest.raises(kind, match=said) as raised:
        async with Database(address, machine):
            pass
    assert "hush" not in str(raised.value)
    assert "hu%sh" not in str(raised.value)


async def test_a_stranger_who_may_not_make_tables_is_told_so(url, machine):
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS stranger")
        owner.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(StorageError, match="permission denied"):
        async with Database(url.replace("user=postgres", "user=stranger"), machine):
            pass


async def test_a_connection_that_breaks_is_a_storage_error_and_the_next_call_has_another(database):
    async def work(connection):
        await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StorageError, match="cannot be read or written"):
        await database.run(work)
    with pytest.raises(StorageError, match="cannot be read or written"):
        await database.ask("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await database.ask("SELECT 1") == [(1,)]


async def test_a_mistake_in_a_statement_comes_as_it_is_and_rolls_back(database):
    async def work(connection):
        await connection.execute("INSERT INTO leases VALUES ('x', 'y', 1, 1)")
        await connection.execute("SELECT nonsense")

    with pytest.raises(psycopg.errors.UndefinedColumn):
        await database.run(work)
    assert await count(database, "leases") == 0


async def test_its_clock_is_the_servers(machine):
    async with Database(shared(), machine) as opened:
        ((server,),) = await opened.ask("SELECT clock_timestamp()")
        assert abs(opened.clock() - server) < timedelta(seconds=30)
        machine.now += HOUR
        assert opened.clock() - server > timedelta(minutes=59)
        async with worker(opened, opened.clock) as leases:
            assert abs(opened.clock() - server) < timedelta(seconds=30), "at every sign of life it is asked anew"
            assert leases.held(DESK)


# What is forgotten


async def test_old_articles_are_forgotten_with_what_hangs_on_them_but_not_those_in_a_digest(database):
    async with Leases(database, database.clock, [DESK], SPAN) as leases:
        duty = Duty(leases, DESK)
        assert duty.begin()
        archive = PostgresArchive(database, duty)
        old, shown, new = article(1, published=NOON - 40 * DAY), article(2, published=NOON - 40 * DAY), article(3)
        gap = Gap(feed=FeedSlug("herald"), start=None, end=NOON - 40 * DAY)
        await archive.save_gathering(gathering(old, shown, new, gaps=[gap]))
        place = [Placement(article=ArticleId(number), story=StoryId(number), origin="x") for number in (1, 2, 3)]
        moved = {StoryId(9): StoryId(1), StoryId(8): StoryId(3), StoryId(2): StoryId(3)}  # but 2 keeps an article
        filed = tuple(each.article for each in place)
        await archive.save_filing(Filing(filed=filed, matches=(), placements=tuple(place), moved=moved))
        section = Section(
            topic=TopicSlug("talks"), title="Talks", briefs=(), nearest=Report(article=shown, origin="Northern Herald")
        )
        window = Window(start=NOON - DAY, end=NOON)
        digest = Digest(
            id=DigestId("aaaaaaaaaa"), window=window, sections=(section,), coverage=Coverage(read=1, feeds=1)
        )
        digests = PostgresDigests(database)
        await digests.save_digest(digest)

        await archive.prune(NOON - DAY)
        assert [report.article.id for report, _ in await archive.placed_since(NOON - 50 * DAY)] == [2, 3]
        assert await archive.gaps(NOON - 50 * DAY) == ()
        assert await database.ask("SELECT story FROM story_moves") == [(8,)]
        assert await archive.known_keys(old.keys) == frozenset(old.keys)

        await database.ask("UPDATE article_keys SET seen = 0 WHERE key = %s RETURNING 1", (old.keys[0],))
        await archive.prune(NOON - KEYS_OUTLIVE)
        assert await archive.known_keys(old.keys) == frozenset(old.keys), "the newest thousand of a feed stay"

        await digests.remember_message(HERE, MessageId(1), digest.id, NOON)
        await digests.prune(NOON)
        assert await digests.digest(digest.id) == digest
        await digests.prune(NOON + HOUR)
        assert await digests.digest(digest.id) is None


async def test_many_old_articles_are_forgotten_in_several_steps(database, monkeypatch):
    monkeypatch.setattr("digests.adapters.postgres.archive.PRUNED_AT_ONCE", 2)
    async with Leases(database, database.clock, [DESK], SPAN) as leases:
        duty = Duty(leases, DESK)
        duty.begin()
        archive = PostgresArchive(database, duty)
        await archive.save_gathering(gathering(*(article(number) for number in range(1, 6))))
        await archive.prune(NOON + HOUR)
        assert await archive.unfiled(10) == ()


async def test_handled_updates_are_forgotten_when_they_are_old(database):
    inbox = PostgresInbox(database, lambda: NOON)
    for number in (1, 2):
        await inbox.put(number, b"{}")
    await inbox.handled(1)
    await inbox.prune(NOON + HOUR)
    assert await database.ask("SELECT id FROM updates") == [(2,)]


async def test_a_key_under_which_nothing_counts_any_more_is_forgotten(database):
    turns = PostgresTurns(database)
    await turns.take([Limit(key="short", most=1, span=timedelta(microseconds=1)), Limit(key="long", most=1, span=HOUR)])
    await turns.hold("held", HOUR)
    await turns.prune()
    assert {key for (key,) in await database.ask("SELECT key FROM turns")} == {"long", "held"}


# Workers beside each other


def worker(database, machine, span=SPAN):
    return Leases(database, machine, [DESK], span)


async def test_a_duty_is_one_workers_until_its_sign_of_life_lapses_and_then_anothers(database, machine):
    async with worker(database, machine) as first, worker(database, machine) as second:
        assert (first.held(DESK), second.held(DESK)) == (True, False)
        former = first.token(DESK)
        machine.now += EVERY
        await first.beat()
        await second.beat()
        assert (first.token(DESK), second.held(DESK)) == (former, False)
        machine.now += SPAN
        assert not first.held(DESK), "who has not renewed it must not believe that he has it"
        await second.beat()
        assert second.token(DESK) == former + 1
        await first.beat()
        assert not first.held(DESK)


async def test_who_stops_gives_his_duties_back_at_once(database, machine):
    async with worker(database, machine) as second:
        async with worker(database, machine):
            pass
        await second.beat()
        assert second.held(DESK)
    assert await database.ask("SELECT name FROM leases") == [(DESK,)]


async def test_the_names_of_workers_who_died_long_ago_are_forgotten(database, machine):
    async with worker(database, machine) as living:
        await database.ask("INSERT INTO leases VALUES ('worker of old', 'of old', 1, 1) RETURNING 1")
        await living.prune()
        assert await database.ask("SELECT name FROM leases WHERE holder = %s ORDER BY name", (living.worker,)) == [
            (DESK,),
            (f"worker {living.worker}",),
        ]
        assert await count(database, "leases") == 2


async def test_a_worker_that_the_others_have_forgotten_lives_again_when_it_wakes(database, machine):
    async with worker(database, machine) as sleeper, worker(database, machine) as waker:
        machine.now += 2 * HOUR
        await waker.beat()
        await waker.prune()
        assert await count(database, "leases") == 2
        await sleeper.beat()
        ledger = PostgresLedger(database, machine, sleeper.worker)
        claim = await ledger.claim(edition(), HOUR)
        plan = Plan(
            digest=DigestId("aaaaaaaaaa"),
            heading=Heading(at=NOON, zone="UTC", city=None),
            states=(DeliveryState.PENDING,),
        )
        await ledger.save_plan(claim, plan)
        await ledger.sending(claim, 1)
        assert await PostgresLedger(database, machine, waker.worker).settle() == ()
        await ledger.sent(claim, 1, MessageId(1))


async def test_what_a_worker_found_before_another_took_over_is_not_saved(database, machine):
    async with worker(database, machine) as first, worker(database, machine) as second:
        slow, quick = Duty(first, DESK), Duty(second, DESK)
        assert (slow.begin(), quick.begin()) == (True, False)
        with pytest.raises(DutyLost):
            await PostgresArchive(database, quick).save_gathering(gathering(article(1)))
        machine.now += SPAN
        await second.beat()
        assert quick.begin()
        await PostgresArchive(database, quick).save_gathering(gathering(article(1)))
        with pytest.raises(DutyLost, match="Another worker has taken over gathering and filing"):
            await PostgresArchive(database, slow).save_filing(
                Filing(filed=(ArticleId(1),), matches=(), placements=(), moved={})
            )
        with pytest.raises(DutyLost):
            await PostgresArchive(database, slow).save_pages([Page(article=ArticleId(1), asked=NOON, text="Met.")])
        assert len(await PostgresArchive(database, quick).unfiled(10)) == 1
        assert await PostgresArchive(database, quick).pages([ArticleId(1)]) == {}


async def test_nobody_takes_over_while_something_is_being_saved(database, machine):
    async with worker(database, machine) as first, worker(database, machine) as second:
        duty = Duty(first, DESK)
        duty.begin()

        async def save(connection):
            await duty.confirm(connection)
            machine.now += SPAN
            await second.beat()
            assert not second.held(DESK)

        await database.run(save)
        await second.beat()
        assert second.held(DESK)


class Flaky:
    """A database that is away from time to time."""

    def __init__(self, database):
        self.database, self.down, self.asked = database, False, asyncio.Condition()

    async def ask(self, *what):
        async with self.asked:
            self.asked.notify_all()
        if self.down:
            raise StorageError("The database is away.")
        return await self.database.ask(*what)

    async def set_clock(self):
        await self.ask("SELECT 1")
        await self.database.set_clock()

    async def until(self, holds):
        """Wait for something that is so after one of the next calls."""
        async with asyncio.timeout(10), self.asked:
            await self.asked.wait_for(holds)


async def test_a_database_that_is_away_for_a_while_is_a_line_and_the_beat_goes_on(database, machine, caplog):
    flaky, tries = Flaky(database), iter(range(5))
    async with worker(flaky, machine, span=timedelta(milliseconds=5)) as leases:
        flaky.down = True
        await flaky.until(lambda: next(tries, None) is None)
        assert len([line for line in caplog.messages if "could not be renewed" in line]) == 1
        flaky.down = False
        machine.now += SPAN
        await flaky.until(lambda: leases.held(DESK))
        flaky.down = True
    assert "The leases could not be given back" in caplog.text


async def test_settling_leaves_what_the_living_are_sending_and_makes_doubt_of_what_the_dead_were(database, machine):
    async with worker(database, machine) as first, worker(database, machine) as second:
        of_first, of_second = (PostgresLedger(database, machine, each.worker) for each in (first, second))
        claims = [await of_first.claim(edition(7), HOUR), await of_second.claim(edition(8), HOUR)]
        heading = Heading(at=NOON, zone="UTC", city=None)
        plan = Plan(digest=DigestId("aaaaaaaaaa"), heading=heading, states=(DeliveryState.PENDING,))
        for ledger, claim in zip((of_first, of_second), claims, strict=True):
            await ledger.save_plan(claim, plan)
            await ledger.sending(claim, 1)
        assert await of_second.settle() == ()
        machine.now += SPAN
        await second.beat()
        (left,) = await of_second.settle()
        assert (left.edition, left.part, left.state) == (edition(7), 1, DeliveryState.UNCERTAIN)
        with pytest.raises(ClaimLost):
            await of_first.sent(claims[0], 1, MessageId(1))
        await of_second.sent(claims[1], 1, MessageId(2))


async def test_workers_who_claim_at_once_have_each_edition_once(database, machine):
    ledgers = [PostgresLedger(database, machine, f"worker {number}") for number in range(4)]
    editions = [edition(chat) for chat in range(200)]
    claimed = await asyncio.gather(
        *(ledger.claim_many(editions[start : start + 50], HOUR) for start in (150, 0, 100, 50) for ledger in ledgers)
    )
    had = [claim.edition for claims in claimed for claim in claims]
    assert len(had) == len(set(had)) == 200


async def test_a_worker_sees_what_another_changed_and_keeps_what_did_not_change(database):
    mine, theirs = PostgresPeople(database), PostgresPeople(database)
    await mine.put(subscription(7))
    await mine.put(subscription(8))
    seen = {each.address.chat: each for each in await theirs.all()}
    await mine.put(subscription(8, "treaty"))
    await mine.put(subscription(9))
    await mine.remove(Address(chat=ChatId(9)))
    now = {each.address.chat: each for each in await theirs.all()}
    assert now == {7: subscription(7), 8: subscription(8, "treaty")}
    assert now[7] is seen[7]
    await mine.remove(HERE)
    assert [each.address.chat for each in await theirs.all()] == [8]


async def test_an_address_that_comes_back_is_read_anew(database):
    mine, theirs = PostgresPeople(database), PostgresPeople(database)
    await mine.put(subscription(7))
    await theirs.all()
    await mine.remove(HERE)
    await mine.put(replace(subscription(7), paused="blocked"))
    assert [each.paused for each in await theirs.all()] == ["blocked"]
