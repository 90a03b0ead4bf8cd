"""The database under every embedded store: transactions, failures of the world, indexes, housekeeping."""

import asyncio
import resource
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.adapters.rows import moment, stamp
from digests.adapters.sqlite import archive as archive_module
from digests.adapters.sqlite import database as database_module
from digests.adapters.sqlite.archive import SqliteArchive
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.digests import SqliteDigests
from digests.adapters.sqlite.inbox import SqliteInbox
from digests.errors import StorageError
from digests.model.articles import ArticleId
from digests.model.people import Address, ChatId, MessageId
from digests.model.sources import Coverage, FeedSlug, Gap
from digests.model.stories import Digest, DigestId, Placement, Report, Section, StoryId, Window
from digests.model.topics import Match, TopicSlug
from digests.ports import Filing, Gathering
from tests.builders import NOON, article

DAY = timedelta(days=1)
TALKS = TopicSlug("talks")


@pytest.fixture
async def database(tmp_path):
    async with Database(tmp_path / "cablegram.sqlite") as opened:
        yield opened


def selecting(query, *parameters):
    return lambda connection: connection.execute(query, parameters).fetchall()


def count(table):
    return selecting(f"SELECT count(*) FROM {table}")


async def gather(archive, *articles, gaps=()):
    await archive.save_gathering(Gathering(states=(), gaps=tuple(gaps), articles=articles))


async def file(archive, number, story, moved=None, along=()):
    """File an article, and place others that were filed before with it."""
    await archive.save_filing(
        Filing(
            filed=(ArticleId(number),),
            matches=(Match(topic=TALKS, article=ArticleId(number), score=1.0, why="talks"),),
            placements=tuple(
                Placement(article=ArticleId(each), story=StoryId(story), origin="AP") for each in (number, *along)
            ),
            moved=moved or {},
        )
    )


# Transactions


async def test_what_was_committed_is_there_after_opening_again(tmp_path):
    async with Database(tmp_path / "cablegram.sqlite") as database:
        await gather(SqliteArchive(database), article(1))
    async with Database(tmp_path / "cablegram.sqlite") as database:
        assert await SqliteArchive(database).unfiled(10) == (article(1),)


async def test_work_that_raises_leaves_nothing_behind_and_the_next_one_runs(database):
    def half(connection):
        connection.execute("INSERT INTO gaps (feed, until) VALUES ('herald', 1)")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await database.run(half)
    assert await database.run(count("gaps")) == [(0,)]


async def test_a_mistake_in_the_work_comes_as_sqlite_raises_it(database):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.run(selecting("SELECT * FROM nowhere"))
    with pytest.raises(sqlite3.IntegrityError):
        await database.run(selecting("INSERT INTO unfiled (published, article) VALUES (1, 1)"))
    with pytest.raises(sqlite3.ProgrammingError):
        await database.run(selecting("SELECT ?", 1, 2))


async def test_a_full_disk_is_a_storage_error_and_leaves_the_former_state(database):
    await database.run(selecting("PRAGMA max_page_count = 60"))
    archive = SqliteArchive(database)
    with pytest.raises(StorageError, match=r"cablegram\.sqlite cannot be read or written: database or disk is full"):
        await gather(archive, *(article(number, text="words " * 500) for number in range(200)))
    assert await archive.unfiled(10) == ()
    await gather(archive, article(1))
    assert await archive.unfiled(10) == (article(1),)


async def test_a_full_disk_while_the_log_is_folded_is_a_storage_error_too(database):
    await gather(SqliteArchive(database), *(article(number, text="words " * 500) for number in range(200)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StorageError, match=r"cablegram\.sqlite cannot be read or written"):
            await database.fold()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await database.fold()


async def test_work_whose_caller_gave_up_is_committed_all_the_same(database):
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection):
        begun.set()
        go_on.wait(10)
        connection.execute("INSERT INTO gaps (feed, until) VALUES ('herald', 1)")

    caller = asyncio.ensure_future(database.run(slow))
    assert await asyncio.to_thread(begun.wait, 10)
    caller.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await database.run(count("gaps")) == [(1,)]


# Opening


async def test_a_file_that_is_no_database_is_named_in_one_sentence(tmp_path):
    (tmp_path / "cablegram.sqlite").write_bytes(b"this was never a database" * 100)
    with pytest.raises(StorageError, match=r"cannot be opened as a database of Cablegram: file is not a database\.$"):
        async with Database(tmp_path / "cablegram.sqlite"):
            pass


async def test_a_folder_that_is_missing_is_named_in_one_sentence(tmp_path):
    with pytest.raises(StorageError, match="cannot be opened"):
        async with Database(tmp_path / "nowhere" / "cablegram.sqlite"):
            pass


async def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "cablegram.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="written by a newer Cablegram"):
        async with Database(path):
            pass
    assert path.read_bytes() == before


async def test_migrations_that_are_missing_run_once_and_in_order(tmp_path, monkeypatch):
    async with Database(tmp_path / "cablegram.sqlite"):
        pass
    later = (*database_module.MIGRATIONS, "CREATE TABLE later (a)", "INSERT INTO later VALUES (1)")
    monkeypatch.setattr(database_module, "MIGRATIONS", later)
    for _ in range(2):
        async with Database(tmp_path / "cablegram.sqlite") as database:
            assert await database.run(count("later")) == [(1,)]


async def test_a_migration_that_is_wrong_changes_nothing_and_says_so_as_a_bug(tmp_path, monkeypatch):
    wrong = (*database_module.MIGRATIONS, "CREATE TABLE later (a); CREATE TABLE later (a)")
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "MIGRATIONS", wrong)
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            async with Database(tmp_path / "cablegram.sqlite"):
                pass
    async with Database(tmp_path / "cablegram.sqlite") as database:
        assert await database.run(selecting("SELECT name FROM sqlite_schema WHERE name = 'later'")) == []


# Rows


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_kept_to_the_microsecond(instant):
    assert moment(stamp(instant)) == instant


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 bounds
def test_an_instant_in_any_zone_comes_back_as_the_same_moment_in_utc(instant):
    kept = moment(stamp(instant))
    assert kept == instant.astimezone(UTC)
    assert kept.tzinfo is UTC


# Indexes


async def test_no_read_scans_a_table_that_grows(tmp_path):
    """Every statement of the stores is explained as it was really run; automatic indexes are scans, too."""
    said = set()
    async with Database(tmp_path / "cablegram.sqlite") as database:
        await database.run(lambda connection: connection.set_trace_callback(said.add))
        archive, digests, inbox = SqliteArchive(database), SqliteDigests(database), SqliteInbox(database, lambda: NOON)
        await use_everything(archive, digests, inbox)
        await database.run(lambda connection: connection.set_trace_callback(None))
        plans = [
            (statement, step)
            for statement in said
            if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            for *_, step in await database.run(selecting(f"EXPLAIN QUERY PLAN {statement}"))
        ]
    # A handful of rows each; `u` is the queue of unfiled articles, read in its own order up to a limit.
    small = ("SCAN feeds", "SCAN feed_states", "SCAN story_moves", "SCAN json_each", "SCAN u")
    assert len(plans) > 40
    wrong = [plan for plan in plans if "AUTOMATIC" in plan[1] or ("SCAN" in plan[1] and not plan[1].startswith(small))]
    assert wrong == []


async def use_everything(archive, digests, inbox):
    await gather(archive, article(1), gaps=[Gap(feed=FeedSlug("herald"), start=None, end=NOON)])
    await archive.unfiled(5)
    await file(archive, 1, 10, moved={StoryId(9): StoryId(10)})
    await archive.feed_states()
    await archive.placed_since(NOON - DAY)
    await archive.stories(TALKS, Window(start=NOON - DAY, end=NOON))
    await archive.latest_match(TALKS, NOON)
    await archive.gaps(NOON - DAY)
    await digests.save_digest(quiet_digest())
    await digests.digest(DigestId("quiet23456"))
    await digests.remember_message(Address(chat=ChatId(7)), MessageId(1), DigestId("quiet23456"), NOON)
    await digests.digest_of_message(Address(chat=ChatId(7)), MessageId(1))
    await digests.newest_digest(Address(chat=ChatId(7)), NOON - DAY)
    await inbox.put(1, b"{}")
    await inbox.unhandled()
    await inbox.handled(1)
    await inbox.prune(NOON + DAY)
    await digests.prune(NOON - DAY)
    await archive.prune(NOON - DAY)


# The words of articles


async def found(database, words):
    query = "SELECT a.id FROM article_words AS w JOIN articles AS a ON a.number = w.rowid WHERE w.article_words MATCH ?"
    return [number for (number,) in await database.run(selecting(query, words))]


async def test_title_and_text_are_found_from_the_transaction_that_saves_them_until_they_are_pruned(database):
    archive = SqliteArchive(database)
    await gather(archive, article(1, "Посол прибув", text="Café talks"), article(2, first_seen=NOON + DAY))
    assert await found(database, "посол") == [1]
    assert await found(database, "cafe") == [1]
    assert await found(database, "envoys") == [2]
    await archive.prune(NOON + DAY)
    assert await found(database, "посол") == []
    await database.run(selecting("INSERT INTO article_words (article_words) VALUES ('integrity-check')"))


# Moves of stories


async def moves(database):
    return dict(await database.run(selecting("SELECT story, successor FROM story_moves")))


async def test_each_story_that_ceased_leads_to_the_living_one(database):
    archive = SqliteArchive(database)
    await gather(archive, *(article(number) for number in range(1, 5)))
    await file(archive, 1, 2, moved={1: 2})
    assert await moves(database) == {1: 2}
    await file(archive, 2, 4, moved={2: 3, 3: 4}, along=[1])
    assert await moves(database) == {1: 4, 2: 4, 3: 4}
    await file(archive, 3, 2, moved={4: 2}, along=[1, 2])
    assert await moves(database) == {1: 2, 3: 2, 4: 2}


async def test_a_story_that_keeps_what_was_filed_long_before_has_not_ceased(database):
    archive = SqliteArchive(database)
    await gather(archive, *(article(number) for number in range(1, 4)))
    await file(archive, 1, 10)
    await file(archive, 2, 10)
    await file(archive, 3, 20, moved={10: 20}, along=[2])
    assert await moves(database) == {}


async def test_a_story_that_parts_again_and_is_born_under_its_old_id_leads_to_itself(database):
    archive = SqliteArchive(database)
    await gather(archive, article(1), article(2))
    await file(archive, 1, 20, moved={10: 20})
    await file(archive, 2, 10)
    assert await moves(database) == {}


async def test_moves_to_stories_that_were_pruned_are_forgotten(database):
    archive = SqliteArchive(database)
    await gather(archive, article(1), article(2, first_seen=NOON + DAY))
    await file(archive, 1, 10, moved={9: 10})
    await file(archive, 2, 20, moved={19: 20})
    await archive.prune(NOON + DAY)
    assert await moves(database) == {19: 20}


# Housekeeping


def quiet_digest(number=1, until=NOON, digest_id="quiet23456"):
    return Digest(
        id=DigestId(digest_id),
        window=Window(start=until - DAY, end=until),
        sections=(
            Section(topic=TALKS, title="Talks", briefs=(), nearest=Report(article=article(number), origin="AP")),
        ),
        coverage=Coverage(read=1, feeds=1),
    )


async def test_pruning_forgets_articles_first_seen_before_with_all_that_hangs_on_them(database):
    archive = SqliteArchive(database)
    old = [article(number, first_seen=NOON - 20 * DAY) for number in range(1, archive_module.PRUNED_AT_ONCE + 2)]
    await gather(archive, *old, article(9_999), gaps=[Gap(feed=FeedSlug("herald"), start=None, end=NOON - 20 * DAY)])
    await file(archive, 1, 10)
    await archive.prune(NOON - 14 * DAY)
    assert [each.id for each in await archive.unfiled(10)] == [9_999]
    for table in ("articles", "unfiled"):
        assert await database.run(count(table)) == [(1,)]
    for table in ("placements", "matches", "gaps"):
        assert await database.run(count(table)) == [(0,)]


async def test_what_was_pruned_does_not_come_back_as_new(database):
    archive = SqliteArchive(database)
    await gather(archive, article(1, first_seen=NOON - 20 * DAY))
    await archive.prune(NOON - 14 * DAY)
    await gather(archive, article(1))
    assert await archive.unfiled(10) == ()


async def test_keys_are_forgotten_at_last_but_for_the_newest_of_each_feed(database, monkeypatch):
    monkeypatch.setattr(archive_module, "KEYS_A_FEED", 2)
    archive = SqliteArchive(database)
    ages = {1: 40, 2: 39, 3: 38, 4: 20}
    await gather(archive, *(article(number, first_seen=NOON - days * DAY) for number, days in ages.items()))
    await archive.prune(NOON - 14 * DAY)
    keys = {number: article(number).keys[0] for number in ages}
    assert await archive.known_keys(list(keys.values())) == {keys[3], keys[4]}


async def test_articles_of_a_kept_digest_stay_until_it_is_pruned(database):
    archive, digests = SqliteArchive(database), SqliteDigests(database)
    await gather(archive, article(1), article(2))
    await digests.save_digest(quiet_digest())
    await archive.prune(NOON + DAY)
    assert await digests.digest(DigestId("quiet23456")) == quiet_digest()
    assert await database.run(count("articles")) == [(1,)]
    await digests.prune(NOON + DAY)
    assert await digests.digest(DigestId("quiet23456")) is None
    await archive.prune(NOON + DAY)
    assert await database.run(count("articles")) == [(0,)]


async def test_an_article_whose_keys_were_forgotten_before_it_is_still_known_by_its_id(database):
    archive, digests = SqliteArchive(database), SqliteDigests(database)
    await gather(archive, article(1))
    await digests.save_digest(quiet_digest())
    await database.run(selecting("DELETE FROM article_keys"))
    await gather(archive, article(1, "Envoys met"))
    assert [each.title for each in await archive.unfiled(5)] == [article(1).title]


async def test_a_digest_is_kept_as_long_as_a_message_that_shows_it(database):
    digests = SqliteDigests(database)
    await gather(SqliteArchive(database), article(1))
    await digests.save_digest(quiet_digest())
    here = Address(chat=ChatId(7))
    await digests.remember_message(here, MessageId(1), DigestId("quiet23456"), NOON + 3 * DAY)
    await digests.prune(NOON + DAY)
    assert await digests.digest(DigestId("quiet23456")) == quiet_digest()
    await digests.prune(NOON + 4 * DAY)
    assert await digests.digest(DigestId("quiet23456")) is None
    assert await digests.digest_of_message(here, MessageId(1)) is None


async def test_updates_are_forgotten_once_they_are_handled_and_old(database):
    inbox = SqliteInbox(database, lambda: NOON)
    await inbox.put(1, b"handled")
    await inbox.put(2, b"waiting")
    await inbox.handled(1)
    await inbox.prune(NOON)
    assert not await inbox.put(1, b"handled")
    await inbox.prune(NOON + DAY)
    assert await inbox.unhandled() == (b"waiting",)
    assert await inbox.put(1, b"handled")


async def test_what_a_person_wrote_is_not_kept_once_it_was_handled(database):
    inbox = SqliteInbox(database, lambda: NOON)
    await inbox.put(1, b"a private word")
    await inbox.handled(1)
    assert await database.run(selecting("SELECT body FROM updates")) == [(b"",)]
