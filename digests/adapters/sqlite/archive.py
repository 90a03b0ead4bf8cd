"""The archive: what gathering found, what filing decided, and what composing reads of it."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from digests.adapters.keeping import KEYS_A_FEED, KEYS_OUTLIVE, PRUNED_AT_ONCE, living
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
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.rows import articles, listed, reports
from digests.model.articles import Article, ArticleId, Page
from digests.model.sources import FeedSlug, FeedState, Gap
from digests.model.stories import Report, Story, StoryId, Window
from digests.model.topics import Match, TopicSlug
from digests.ports import Filing, Gathering

_PLACED = "FROM placements AS p JOIN articles AS a ON a.id = p.article"
_STORIES = (
    "SELECT DISTINCT p.story FROM matches AS m JOIN placements AS p ON p.article = m.article"
    " WHERE m.topic = ? AND m.published > ? AND m.published <= ?"
)


class SqliteArchive:
    """GatheringArchive, FilingArchive, PageArchive and ReadingArchive over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def feed_states(self) -> Mapping[FeedSlug, FeedState]:
        return await self._database.read(_feed_states)

    async def known_keys(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` under which an article is, or not long ago was, stored."""
        return await self._database.read(partial(_known_keys, keys=keys))

    async def save_gathering(self, gathering: Gathering) -> int:
        return await self._database.run(partial(_save_gathering, gathering=gathering))

    async def unfiled(self, limit: int) -> tuple[Article, ...]:
        source = "FROM unfiled AS u JOIN articles AS a ON a.id = u.article ORDER BY u.published, u.article LIMIT ?"
        return await self._database.read(partial(articles, source=source, parameters=(limit,)))

    async def placed_since(self, since: datetime) -> tuple[tuple[Report, StoryId], ...]:
        source = f"{_PLACED} WHERE p.published > ? ORDER BY p.published, p.article"
        return await self._database.read(partial(reports, source=source, parameters=(stamp(since),)))

    async def save_filing(self, filing: Filing) -> None:
        await self._database.run(partial(_save_filing, filing=filing))

    async def save_matches(self, matches: Sequence[Match]) -> None:
        await self._database.run(partial(_save_matches, matches=matches))

    async def stories(self, topic: TopicSlug, window: Window) -> tuple[Story, ...]:
        """Stories with an article of the topic published in the window, in the order of their oldest reports."""
        return await self._database.read(partial(_stories, topic=topic, window=window))

    async def latest_match(self, topic: TopicSlug, before: datetime) -> Report | None:
        return await self._database.read(partial(_latest_match, topic=topic, before=before))

    async def gaps(self, since: datetime) -> tuple[Gap, ...]:
        """The gaps that end after `since`, by their ends."""
        return await self._database.read(partial(_gaps, since=since))

    async def pages(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, Page]:
        return await self._database.read(partial(_pages, articles=articles))

    async def save_pages(self, pages: Sequence[Page]) -> None:
        await self._database.run(partial(_save_pages, pages=pages))

    async def prune_pages(self, before: datetime) -> None:
        """Forget what was asked for of pages before `before`."""
        await self._database.run(partial(_prune_pages, before=before))

    async def prune(self, before: datetime) -> None:
        """Forget articles first seen before `before`, but for those that a kept digest shows, and what hangs on them.

        Their keys are kept for KEYS_OUTLIVE longer, and the newest KEYS_A_FEED of each feed for good.
        """
        while await self._database.run(partial(_prune_articles, before=before)) == PRUNED_AT_ONCE:
            pass
        await self._database.run(partial(_prune_traces, before=before))


# Gathering -----------------------------------------------------------------------------------------------------------


def _feed_states(connection: sqlite3.Connection) -> dict[FeedSlug, FeedState]:
    states = (read_state(row) for row in connection.execute(f"SELECT {STATE} FROM feed_states"))  # noqa: S608
    return {state.feed: state for state in states}


def _known_keys(connection: sqlite3.Connection, keys: Sequence[str]) -> frozenset[str]:
    query = "SELECT key FROM article_keys WHERE key IN (SELECT value FROM json_each(?))"
    return frozenset(key for (key,) in connection.execute(query, (listed(keys),)))


def _save_gathering(connection: sqlite3.Connection, gathering: Gathering) -> int:
    connection.executemany(
        f"INSERT OR REPLACE INTO feed_states ({STATE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 names of columns
        map(state_row, gathering.states),
    )
    connection.executemany(
        "INSERT INTO gaps (feed, start, until) VALUES (?, ?, ?)",
        [(gap.feed, stamp(gap.start), stamp(gap.end)) for gap in gathering.gaps],
    )
    connection.executemany(
        "INSERT INTO feeds (slug, outlet, country, ownership, vantage) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (slug) DO UPDATE SET outlet = excluded.outlet, country = excluded.country,"
        " ownership = excluded.ownership, vantage = excluded.vantage",
        {
            each.feed: (each.feed, each.outlet.name, each.outlet.country, each.outlet.ownership, each.outlet.vantage)
            for each in gathering.articles
        }.values(),
    )
    return sum(_save_article(connection, article) for article in gathering.articles)


def _save_article(connection: sqlite3.Connection, article: Article) -> bool:
    """Save an article unless it is known, by a key or (its keys may be forgotten before it is) by its id."""
    if _known_keys(connection, article.keys):
        return False
    stored = connection.execute(
        "INSERT INTO articles (id, keys, feed, title, text, url, published, first_seen, language)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        article_row(article),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO article_keys (key, feed, seen) VALUES (?, ?, ?)",
        [(key, article.feed, stamp(article.first_seen)) for key in article.keys],
    )
    if not stored.rowcount:
        return False
    connection.execute("INSERT INTO unfiled (published, article) VALUES (?, ?)", (stamp(article.published), article.id))
    return True


def _gaps(connection: sqlite3.Connection, since: datetime) -> tuple[Gap, ...]:
    rows = connection.execute(
        "SELECT feed, start, until FROM gaps WHERE until > ? ORDER BY until, feed", (stamp(since),)
    )
    return tuple(Gap(feed=FeedSlug(feed), start=moment(start), end=moment(until)) for feed, start, until in rows)


# Filing --------------------------------------------------------------------------------------------------------------


def _save_filing(connection: sqlite3.Connection, filing: Filing) -> None:
    queued = connection.execute(
        "DELETE FROM unfiled WHERE article IN (SELECT value FROM json_each(?)) RETURNING article, published",
        (listed(filing.filed),),
    )
    published = dict(queued.fetchall())
    before = set(filing.filed) - published.keys()
    connection.executemany(
        "INSERT INTO matches (article, topic, score, why, published) VALUES (?, ?, ?, ?, ?)",
        [
            (match.article, match.topic, match.score, match.why, published[match.article])
            for match in filing.matches
            if match.article in published
        ],
    )
    connection.executemany(
        "INSERT INTO placements (article, story, origin, published) SELECT id, ?, ?, published FROM articles WHERE id = ?"
        " ON CONFLICT (article) DO UPDATE SET story = excluded.story, origin = excluded.origin",
        [(place.story, place.origin, place.article) for place in filing.placements if place.article not in before],
    )
    # A story that parts again from the one that took its place is born under its old id, and leads to itself then.
    connection.execute(
        "DELETE FROM story_moves WHERE story IN (SELECT value FROM json_each(?))",
        (listed({place.story for place in filing.placements}),),
    )
    for story in filing.moved:
        # What was filed before the window that is grouped anew stays where it is: then the story has lost others and lives.
        if connection.execute("SELECT 1 FROM placements WHERE story = ?", (story,)).fetchone() is None:
            _move_story(connection, story, living(story, filing.moved))


def _save_matches(connection: sqlite3.Connection, matches: Sequence[Match]) -> None:
    connection.executemany(
        "INSERT INTO matches (article, topic, score, why, published) SELECT article, ?, ?, ?, published FROM placements"
        " WHERE article = ? ON CONFLICT (article, topic) DO NOTHING",
        [(match.topic, match.score, match.why, match.article) for match in matches],
    )


def _move_story(connection: sqlite3.Connection, story: StoryId, successor: StoryId) -> None:
    connection.execute("DELETE FROM story_moves WHERE story = ?", (successor,))
    connection.execute("UPDATE story_moves SET successor = ? WHERE successor = ?", (successor, story))
    connection.execute("INSERT OR REPLACE INTO story_moves (story, successor) VALUES (?, ?)", (story, successor))


# Reading -------------------------------------------------------------------------------------------------------------


def _stories(connection: sqlite3.Connection, topic: TopicSlug, window: Window) -> tuple[Story, ...]:
    found = listed(story for (story,) in connection.execute(_STORIES, (topic, stamp(window.start), stamp(window.end))))
    told: defaultdict[StoryId, list[Report]] = defaultdict(list)
    source = _PLACED + " WHERE p.story IN (SELECT value FROM json_each(?)) ORDER BY p.published, p.article"  # noqa: S608 both are ours
    for report, story in reports(connection, source, (found,), TOLD):
        told[story].append(report)
    matches: defaultdict[StoryId, list[Match]] = defaultdict(list)
    rows = connection.execute(
        "SELECT p.story, m.topic, m.article, m.score, m.why FROM placements AS p JOIN matches AS m ON m.article = p.article"
        " WHERE p.story IN (SELECT value FROM json_each(?)) ORDER BY p.published, p.article, m.topic",
        (found,),
    )
    for story, slug, article, score, why in rows:
        matches[story].append(Match(topic=TopicSlug(slug), article=ArticleId(article), score=score, why=why))
    return tuple(Story(id=story, reports=tuple(told[story]), matches=tuple(matches[story])) for story in told)


def _latest_match(connection: sqlite3.Connection, topic: TopicSlug, before: datetime) -> Report | None:
    source = (
        "FROM matches AS m JOIN placements AS p ON p.article = m.article"
        " JOIN articles AS a ON a.id = m.article WHERE m.topic = ? AND m.published <= ?"
        " ORDER BY m.published DESC, m.article DESC LIMIT 1"
    )
    found = reports(connection, source, (topic, stamp(before)))
    return found[0][0] if found else None


# Pages ---------------------------------------------------------------------------------------------------------------


def _pages(connection: sqlite3.Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, Page]:
    query = f"SELECT {PAGE} FROM pages WHERE article IN (SELECT value FROM json_each(?))"  # noqa: S608 names of columns
    found = (read_page(row) for row in connection.execute(query, (listed(articles),)))
    return {page.article: page for page in found}


def _save_pages(connection: sqlite3.Connection, pages: Sequence[Page]) -> None:
    connection.executemany(
        f"INSERT OR REPLACE INTO pages ({PAGE}) SELECT id, ?2, ?3, ?4, ?5, ?6 FROM articles WHERE id = ?1",  # noqa: S608
        map(page_row, pages),
    )


def _prune_pages(connection: sqlite3.Connection, before: datetime) -> None:
    connection.execute("DELETE FROM pages WHERE asked < ?", (stamp(before),))


# Housekeeping --------------------------------------------------------------------------------------------------------


def _prune_articles(connection: sqlite3.Connection, before: datetime) -> int:
    return connection.execute(
        "DELETE FROM articles WHERE number IN (SELECT number FROM articles AS a WHERE first_seen < ?"
        " AND NOT EXISTS (SELECT 1 FROM digest_articles WHERE article = a.id) ORDER BY first_seen LIMIT ?)",
        (stamp(before), PRUNED_AT_ONCE),
    ).rowcount


def _prune_traces(connection: sqlite3.Connection, before: datetime) -> None:
    connection.execute("DELETE FROM gaps WHERE until < ?", (stamp(before),))
    connection.execute(
        "DELETE FROM story_moves WHERE NOT EXISTS (SELECT 1 FROM placements WHERE story = story_moves.successor)"
    )
    for (feed,) in connection.execute("SELECT slug FROM feeds").fetchall():
        connection.execute(
            "DELETE FROM article_keys WHERE feed = ?1 AND seen < min(?2, (SELECT coalesce(min(seen), 0) FROM"
            " (SELECT seen FROM article_keys WHERE feed = ?1 ORDER BY seen DESC LIMIT ?3)))",
            (feed, stamp(before - KEYS_OUTLIVE), KEYS_A_FEED),
        )
