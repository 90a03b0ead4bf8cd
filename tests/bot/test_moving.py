"""Moving house and back: everybody is answered as before, and nothing is sent twice."""

import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import date, time, timedelta

import pytest

from benchmarks import databases
from bot.clock import machine_clock
from bot.moving import move
from bot.shared_stores import shared
from bot.stores import opened
from config.settings import Settings
from digests.adapters.data_folder import DataFolder
from digests.adapters.postgres.database import Database
from digests.adapters.transfer import TABLES
from digests.errors import StorageBusy, StorageError
from digests.model.articles import ArticleId, Page
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading, MessageId
from digests.model.sources import Coverage, FeedSlug, FeedState, Gap
from digests.model.stories import Digest, DigestId, Placement, Report, Section, StoryId, Window
from digests.model.topics import Match, TopicSlug
from digests.ports import Filing, Gathering, Plan
from tests.builders import NOON, article, subscription

HERE = Address(chat=ChatId(7))
TALKS = TopicSlug("ukraine-talks")
WINDOW = Window(start=NOON - timedelta(days=1), end=NOON)
LEASE = timedelta(minutes=5)
ARTICLES = tuple(article(number, f"Посланники зустрілися {number}") for number in (1, 2, 3))
REPORT = Report(article=ARTICLES[0], origin="Northern Herald")
DIGEST = Digest(
    id=DigestId("aaaaaaaaaa"),
    window=WINDOW,
    sections=(Section(topic=TALKS, title="Talks", briefs=(), nearest=REPORT),),
    coverage=Coverage(read=1, feeds=1),
)


@pytest.fixture
def url():
    with databases.database() as made:
        yield made


@asynccontextmanager
async def embedded(folder):
    async with opened(Settings(data_dir=folder, _env_file=None)) as stores:
        yield stores


@asynccontextmanager
async def on_postgres(url):
    async with shared(url, timedelta(seconds=20)) as stores:
        yield stores


def edition(day):
    return Edition(address=HERE, day=date(2026, 2, day), slot=time(8), due=NOON, zone="Europe/Kyiv", city="Kyiv")


async def furnish(stores):
    """Of everything something: articles, a digest that was shown, editions in every state, people, updates."""
    assert stores.begin_pass()
    gap, state = Gap(feed=FeedSlug("herald"), start=None, end=NOON), FeedState(feed=FeedSlug("herald"), last_good=NOON)
    await stores.archive.save_gathering(Gathering(states=(state,), gaps=(gap,), articles=ARTICLES))
    placements = tuple(Placement(article=ArticleId(number), story=StoryId(10), origin="x") for number in (1, 2))
    matches = (Match(topic=TALKS, article=ArticleId(1), score=0.123456789, why="посланники …"),)
    filed = (ArticleId(1), ArticleId(2))
    await stores.archive.save_filing(
        Filing(filed=filed, matches=matches, placements=placements, moved={StoryId(9): StoryId(10)})
    )
    read = Page(article=ArticleId(1), asked=NOON, text="Посланники.\n\nЗустрілися.")
    await stores.archive.save_pages(
        [read, Page(article=ArticleId(2), asked=NOON, failures=1, problem="x", next_check=NOON)]
    )
    await stores.digests.save_digest(DIGEST)
    await stores.digests.remember_message(HERE, MessageId(5), DIGEST.id, NOON)
    heading = Heading(at=NOON, zone="Europe/Kyiv", city="Kyiv")
    for day, end in ((2, "sent"), (3, "sending"), (4, "pending")):
        claim = await stores.ledger.claim(edition(day), LEASE)
        stories = ({StoryId(10): frozenset({ArticleId(1)})},)
        await stores.ledger.save_plan(
            claim, Plan(digest=DIGEST.id, heading=heading, states=(DeliveryState.PENDING,), stories=stories)
        )
        if end != "pending":
            await stores.ledger.sending(claim, 1)
        if end == "sent":
            await stores.ledger.sent(claim, 1, MessageId(5))
        if end != "sending":
            await stores.ledger.release(claim, timedelta())
    for chat in (7, 8, -100):
        await stores.people.put(subscription(chat))
    for number in (1, 2):
        await stores.updates.put(number, b'{"text": "\x00"}')
    await stores.updates.handled(1)


async def answers(stores):
    """What people are told: subscriptions, the latest, one more, what was shown, what is open."""
    return {
        "subscriptions": sorted(await stores.people.all(), key=lambda each: each.address),
        "latest": await stores.archive.stories(TALKS, WINDOW),
        "pages": await stores.archive.pages([1, 2]),
        "unfiled": await stores.archive.unfiled(10),
        "feeds": (await stores.archive.feed_states(), await stores.archive.gaps(WINDOW.start)),
        "more": await stores.digests.digest(await stores.digests.digest_of_message(HERE, MessageId(5))),
        "shown": await stores.ledger.shown(HERE, WINDOW.start),
        "covered": await stores.ledger.covered_until(HERE),
        "updates": await stores.updates.unhandled(),
    }


async def test_there_and_back_everybody_is_answered_as_before_and_nothing_is_sent_twice(tmp_path, url):
    async with embedded(tmp_path / "old") as stores:
        await furnish(stores)
        before = await answers(stores)
    said = await move(tmp_path / "old", url, back=False)
    assert said.startswith("Moved and compared: 3 subscriptions, 3 editions, ")
    async with on_postgres(url) as stores:
        assert await answers(stores) == before
        (left,) = await stores.ledger.settle()
        assert (left.edition, left.state) == (edition(3), DeliveryState.UNCERTAIN)
        assert await stores.ledger.claim(edition(2), LEASE) is None
        assert [each.day.day for each in await stores.ledger.open_editions()] == [3, 4]
        assert await stores.ledger.claim(Edition(address=HERE, day=date(2026, 2, 5), slot=time(8), due=NOON), LEASE)
        assert stores.begin_pass()
        await stores.archive.save_gathering(Gathering(states=(), gaps=(), articles=(article(4),)))
        before = await answers(stores)
    await move(tmp_path / "new", url, back=True)
    async with embedded(tmp_path / "new") as stores:
        assert await answers(stores) == before
        assert await stores.ledger.claim(edition(2), LEASE) is None
        assert len(await stores.ledger.unannounced()) == 1
    with closing(sqlite3.connect(tmp_path / "new" / "cablegram.sqlite")) as database:
        found = database.execute("SELECT count(*) FROM article_words WHERE article_words MATCH 'посланники'")
        assert found.fetchone() == (3,)


async def test_a_move_that_was_interrupted_goes_on_and_one_that_has_ended_only_compares(tmp_path, url):
    async with embedded(tmp_path) as stores:
        await furnish(stores)
    first = await move(tmp_path, url, back=False)
    async with Database(url, machine_clock) as database:  # as if it had ended after the tables
        await database.ask("DELETE FROM people WHERE chat > 0 RETURNING 1")
    assert await move(tmp_path, url, back=False) == first
    assert await move(tmp_path, url, back=False) == first


@pytest.mark.parametrize("foreign", ["people", "rows"])
async def test_a_target_that_holds_something_else_is_refused_and_left_as_it_is(tmp_path, url, foreign):
    async with embedded(tmp_path) as stores:
        await furnish(stores)
    async with on_postgres(url) as stores:
        if foreign == "people":
            await stores.people.put(subscription(99))
        else:
            await stores.updates.put(99, b"{}")
    with pytest.raises(StorageError, match=r"The target holds other (people|data) already; name an empty one"):
        await move(tmp_path, url, back=False)
    async with on_postgres(url) as stores:
        assert len(await stores.people.all()) == (foreign == "people")


async def test_nobody_moves_house_while_somebody_works_there(tmp_path, url):
    async with on_postgres(url):
        with pytest.raises(StorageBusy, match="Workers are running on this database"):
            await move(tmp_path, url, back=True)
    with DataFolder(tmp_path), pytest.raises(StorageBusy, match="is using DATA_DIR"):
        await move(tmp_path, url, back=False)


async def test_every_table_is_carried_or_known_to_be_the_moments(tmp_path, url):
    async with embedded(tmp_path):
        with closing(sqlite3.connect(tmp_path / "cablegram.sqlite")) as database:
            rows = database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'article_words%'"
            )
            assert {name for (name,) in rows} - set(TABLES) == {"intents"}
    async with Database(url, machine_clock) as database:
        rows = await database.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        here = {"people", "people_changes", "leases", "turns", "schema_version"}
        assert {name for (name,) in rows} - set(TABLES) == here
