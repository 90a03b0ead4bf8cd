"""The archive: what gathering found, what filing decided, and what composing reads of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from digests.adapters.keeping import KEYS_A_FEED, KEYS_OUTLIVE, PRUNED_AT_ONCE, living
from digests.adapters.postgres.database import Connection, Database
from digests.adapters.postgres.leases import Duty
from digests.adapters.postgres.rows import articles, reports
from digests.adapters.rows import (
    PAGE,
    STATE,
    TOLD,
    article_row,
    moment,
    page_row,
    read_page,
    read_state,
    stamp,
    state_row,
)
from digests.model.articles import Article, ArticleId, Page
from digests.model.sources import FeedSlug, FeedState, Gap
from digests.model.stories import Report, Story, StoryId, Window
from digests.model.topics import Match, TopicSlug
from digests.ports import Filing, Gathering

_PLACED = "FROM placements AS p JOIN articles AS a ON a.id = p.article"
_STORIES = """SELECT DISTINCT p.story FROM matches AS m JOIN placements AS p ON p.article = m.article
    WHERE m.topic = %s AND m.published > %s AND m.published <= %s"""


_SAVE_PAGE = f"""INSERT INTO pages ({PAGE})
    SELECT id, found.asked, found.text, found.failures, found.problem, found.next_check
    FROM articles JOIN (VALUES (%s::BIGINT, %s::BIGINT, %s, %s::BIGINT, %s, %s::BIGINT))
        AS found (article, asked, text, failures, problem, next_check) ON id = found.article
    ON CONFLICT (article) DO UPDATE SET asked = excluded.asked, text = excluded.text, failures = excluded.failures,
        problem = excluded.problem, next_check = excluded.next_check"""  # noqa: S608 names of columns


class PostgresArchive:
    """GatheringArchive, FilingArchive, PageArchive and ReadingArchive over one database.

    Saving raises DutyLost where `duty` is not, or no longer, this process's.
    """

    def __init__(self, database: Database, duty: Duty) -> None:
        self._database = database
        self._duty = duty

    async def feed_states(self) -> Mapping[FeedSlug, FeedState]:
        states = map(read_state, await self._database.ask(f"SELECT {STATE} FROM feed_states"))  # noqa: S608
        return {state.feed: state for state in states}

    async def known_keys(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` under which an article is, or not long ago was, stored."""
        found = await self._database.ask("SELECT key FROM article_keys WHERE key = ANY(%s)", (list(keys),))
        return frozenset(key for (key,) in found)

    async def save_gathering(self, gathering: Gathering) -> int:
        async def work(connection: Connection) -> int:
            await self._duty.confirm(connection)
            return await _save_gathering(connection, gathering)

        return await self._database.run(work)

    async def unfiled(self, limit: int) -> tuple[Article, ...]:
        source = "FROM unfiled AS u JOIN articles AS a ON a.id = u.article ORDER BY u.published, u.article LIMIT %s"
        return await self._database.run(lambda connection: articles(connection, source, (limit,)))

    async def placed_since(self, since: datetime) -> tuple[tuple[Report, StoryId], ...]:
        source = f"{_PLACED} WHERE p.published > %s ORDER BY p.published, p.article"
        return await self._database.run(lambda connection: reports(connection, source, (stamp(since),)))

    async def save_filing(self, filing: Filing) -> None:
        async def work(connection: Connection) -> None:
            await self._duty.confirm(connection)
            await _save_filing(connection, filing)

        await self._database.run(work)

    async def save_matches(self, matches: Sequence[Match]) -> None:
        async def work(connection: Connection) -> None:
            await connection.cursor().executemany(
                """INSERT INTO matches (article, topic, score, why, published)
                SELECT article, %s, %s, %s, published FROM placements WHERE article = %s
                ON CONFLICT (article, topic) DO NOTHING""",
                [(match.topic, match.score, match.why, match.article) for match in matches],
            )

        await self._database.run(work)

    async def stories(self, topic: TopicSlug, window: Window) -> tuple[Story, ...]:
        """Stories with an article of the topic published in the window, in the order of their oldest reports."""
        return await self._database.run(lambda connection: _stories(connection, topic, window))

    async def latest_match(self, topic: TopicSlug, before: datetime) -> Report | None:
        source = """FROM matches AS m JOIN placements AS p ON p.article = m.article
            JOIN articles AS a ON a.id = m.article WHERE m.topic = %s AND m.published <= %s
            ORDER BY m.published DESC, m.article DESC LIMIT 1"""
        found = await self._database.run(lambda connection: reports(connection, source, (topic, stamp(before))))
        return found[0][0] if found else None

    async def gaps(self, since: datetime) -> tuple[Gap, ...]:
        """The gaps that end after `since`, by their ends."""
        query = "SELECT feed, start, until FROM gaps WHERE until > %s ORDER BY until, feed"
        rows = await self._database.ask(query, (stamp(since),))
        return tuple(Gap(feed=FeedSlug(feed), start=moment(start), end=moment(until)) for feed, start, until in rows)

    async def pages(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, Page]:
        query = f"SELECT {PAGE} FROM pages WHERE article = ANY(%s)"  # noqa: S608 names of columns
        return {page.article: page for page in map(read_page, await self._database.ask(query, (list(articles),)))}

    async def save_pages(self, pages: Sequence[Page]) -> None:
        async def work(connection: Connection) -> None:
            await self._duty.confirm(connection)
            await connection.cursor().executemany(_SAVE_PAGE, map(page_row, pages))

        await self._database.run(work)

    async def prune_pages(self, before: datetime) -> None:
        """Forget what was asked for of pages before `before`."""
        await self._database.ask("DELETE FROM pages WHERE asked < %s RETURNING article", (stamp(before),))

    async def prune(self, before: datetime) -> None:
        """Forget articles first seen before `before`, but for those that a kept digest shows, and what hangs on them.

        Their keys are kept for KEYS_OUTLIVE longer, and the newest KEYS_A_FEED of each feed for good.
        """
        while len(await self._database.ask(_PRUNE, (stamp(before), PRUNED_AT_ONCE))) == PRUNED_AT_ONCE:
            pass
        await self._database.run(lambda connection: _prune_traces(connection, before))


# Gathering -----------------------------------------------------------------------------------------------------------


async def _save_gathering(connection: Connection, gathering: Gathering) -> int:
    cursor = connection.cursor()
    await cursor.executemany(
        f"""INSERT INTO feed_states ({STATE}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (feed) DO UPDATE SET
        etag = excluded.etag, modified = excluded.modified, body_hash = excluded.body_hash, failures = excluded.failures,
        problem = excluded.problem, next_check = excluded.next_check, last_good = excluded.last_good,
        oldest_entry = excluded.oldest_entry""",  # noqa: S608
        [state_row(state) for state in gathering.states],
    )
    await cursor.executemany(
        "INSERT INTO gaps (feed, start, until) VALUES (%s, %s, %s)",
        [(gap.feed, stamp(gap.start), stamp(gap.end)) for gap in gathering.gaps],
    )
    outlets = {article.feed: article.outlet for article in gathering.articles}
    await cursor.executemany(
        """INSERT INTO feeds (slug, outlet, country, ownership, vantage) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (slug) DO UPDATE SET outlet = excluded.outlet, country = excluded.country,
        ownership = excluded.ownership, vantage = excluded.vantage""",
        [(feed, each.name, each.country, each.ownership, each.vantage) for feed, each in outlets.items()],
    )
    fresh = await _fresh(connection, gathering.articles)
    await cursor.executemany(
        "INSERT INTO article_keys (key, feed, seen) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING",
        [(key, article.feed, stamp(article.first_seen)) for article in fresh for key in article.keys],
    )
    stored = await _stored(connection, fresh)
    new = [article for article in fresh if article.id not in stored]
    await cursor.executemany(
        """INSERT INTO articles (id, keys, feed, title, text, url, published, first_seen, language)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING""",
        [article_row(article) for article in new],
    )
    await cursor.executemany(
        "INSERT INTO unfiled (published, article) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [(stamp(article.published), article.id) for article in new],
    )
    return len({article.id for article in new})


async def _fresh(connection: Connection, found: Sequence[Article]) -> list[Article]:
    """Those of which no key is known; of several that share one, the first."""
    keys = {key for article in found for key in article.keys}
    rows = await connection.execute("SELECT key FROM article_keys WHERE key = ANY(%s)", (list(keys),))
    known = {key async for (key,) in rows}
    fresh = []
    for article in found:
        if known.isdisjoint(article.keys):
            fresh.append(article)
            known.update(article.keys)
    return fresh


async def _stored(connection: Connection, found: Sequence[Article]) -> set[int]:
    """The ids that are stored: an article's keys may be forgotten before it is."""
    rows = await connection.execute("SELECT id FROM articles WHERE id = ANY(%s)", ([each.id for each in found],))
    return {number async for (number,) in rows}


# Filing --------------------------------------------------------------------------------------------------------------


async def _save_filing(connection: Connection, filing: Filing) -> None:
    query = "DELETE FROM unfiled WHERE article = ANY(%s) RETURNING article, published"
    queued = await (await connection.execute(query, (list(filing.filed),))).fetchall()
    published: dict[ArticleId, int] = dict(queued)
    before = set(filing.filed) - published.keys()
    cursor = connection.cursor()
    await cursor.executemany(
        "INSERT INTO matches (article, topic, score, why, published) VALUES (%s, %s, %s, %s, %s)",
        [
            (match.article, match.topic, match.score, match.why, published[match.article])
            for match in filing.matches
            if match.article in published
        ],
    )
    await cursor.executemany(
        """INSERT INTO placements (article, story, origin, published)
        SELECT id, %s, %s, published FROM articles WHERE id = %s
        ON CONFLICT (article) DO UPDATE SET story = excluded.story, origin = excluded.origin""",
        [(place.story, place.origin, place.article) for place in filing.placements if place.article not in before],
    )
    # A story that parts again from the one that took its place is born under its old id, and leads to itself then.
    born = list({place.story for place in filing.placements})
    await connection.execute("DELETE FROM story_moves WHERE story = ANY(%s)", (born,))
    for story in filing.moved:
        # What was filed before the window that is grouped anew stays where it is: then the story has lost others and lives.
        left = await connection.execute("SELECT 1 FROM placements WHERE story = %s LIMIT 1", (story,))
        if await left.fetchone() is None:
            await _move_story(connection, story, living(story, filing.moved))


async def _move_story(connection: Connection, story: StoryId, successor: StoryId) -> None:
    await connection.execute("DELETE FROM story_moves WHERE story = %s", (successor,))
    await connection.execute("UPDATE story_moves SET successor = %s WHERE successor = %s", (successor, story))
    await connection.execute(
        """INSERT INTO story_moves (story, successor) VALUES (%s, %s)
        ON CONFLICT (story) DO UPDATE SET successor = excluded.successor""",
        (story, successor),
    )


# Reading -------------------------------------------------------------------------------------------------------------


async def _stories(connection: Connection, topic: TopicSlug, window: Window) -> tuple[Story, ...]:
    rows = await connection.execute(_STORIES, (topic, stamp(window.start), stamp(window.end)))
    found = [story async for (story,) in rows]
    told: defaultdict[StoryId, list[Report]] = defaultdict(list)
    source = f"{_PLACED} WHERE p.story = ANY(%s) ORDER BY p.published, p.article"
    for report, story in await reports(connection, source, (found,), TOLD):
        told[story].append(report)
    matches: defaultdict[StoryId, list[Match]] = defaultdict(list)
    rows = await connection.execute(
        """SELECT p.story, m.topic, m.article, m.score, m.why
        FROM placements AS p JOIN matches AS m ON m.article = p.article
        WHERE p.story = ANY(%s) ORDER BY p.published, p.article, m.topic COLLATE "C" """,
        (found,),
    )
    async for story, slug, article, score, why in rows:
        matches[story].append(Match(topic=TopicSlug(slug), article=ArticleId(article), score=score, why=why))
    return tuple(Story(id=story, reports=tuple(told[story]), matches=tuple(matches[story])) for story in told)


# Housekeeping --------------------------------------------------------------------------------------------------------

_PRUNE = """DELETE FROM articles WHERE number IN (
    SELECT number FROM articles AS a WHERE first_seen < %s
    AND NOT EXISTS (SELECT FROM digest_articles WHERE article = a.id) ORDER BY first_seen LIMIT %s) RETURNING number"""


async def _prune_traces(connection: Connection, before: datetime) -> None:
    await connection.execute("DELETE FROM gaps WHERE until < %s", (stamp(before),))
    await connection.execute(
        "DELETE FROM story_moves WHERE NOT EXISTS (SELECT FROM placements WHERE story = story_moves.successor)"
    )
    await connection.execute(
        """DELETE FROM article_keys USING feeds WHERE feed = slug AND seen < least(%s, (SELECT coalesce(min(seen), 0)
            FROM (SELECT seen FROM article_keys AS k WHERE k.feed = slug ORDER BY seen DESC LIMIT %s) AS newest))""",
        (stamp(before - KEYS_OUTLIVE), KEYS_A_FEED),
    )
