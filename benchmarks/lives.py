"""A replay lived through in minutes: its entries are gathered and filed hour by hour, without a network."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.data import existing, json_lines
from config.catalogue import load_topics
from config.gazetteer import load_names, load_speakers
from digests.adapters.sqlite.archive import SqliteArchive
from digests.adapters.sqlite.database import Database
from digests.editing.compose import Composer
from digests.editing.positions import Speakers
from digests.filing.file import Filer
from digests.filing.relevance import Relevance
from digests.gathering.articles import article, identity
from digests.model.articles import Article, Entry
from digests.model.sources import Feed, FeedSlug, FeedState, Gap, Outlet, Ownership
from digests.model.topics import Topic
from digests.ports import Gathering
from digests.text.names import Names

TOPICS = Path(__file__).parent.parent / "config" / "topics"
MONTHS = {"january": "replay", "february": "replay-february"}
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a replay holds: its feeds, its articles in the order of time, the archive that they come to be in, and who edits it."""

    feeds: tuple[Feed, ...]
    topics: tuple[Topic, ...]
    articles: tuple[Article, ...]
    archive: SqliteArchive
    speakers: Speakers
    composer: Composer
    hours: AsyncIterator[datetime]


@asynccontextmanager
async def life(data: Path, month: str) -> AsyncIterator[Life]:
    """The replay of a month. `hours` files one more hour at each step and says which moment it is then."""
    folder = existing(data / MONTHS[month])
    feeds = tuple(_feed(row) for row in json.loads((folder / "feeds.json").read_text(encoding="utf-8")))
    articles = _articles(folder, {feed.slug: feed for feed in feeds})
    topics = load_topics(TOPICS)
    async with Database(":memory:") as database:
        archive = SqliteArchive(database)
        names = load_names()
        speakers = Speakers(names, load_speakers(names))
        yield Life(
            feeds=feeds,
            topics=topics,
            articles=articles,
            archive=archive,
            speakers=speakers,
            composer=Composer(archive, topics, feeds, speakers),
            hours=_hours(archive, feeds, topics, articles, names),
        )


async def _hours(
    archive: SqliteArchive,
    feeds: tuple[Feed, ...],
    topics: tuple[Topic, ...],
    articles: tuple[Article, ...],
    names: Names,
) -> AsyncIterator[datetime]:
    now = begin = articles[0].published.replace(minute=0, second=0, microsecond=0)
    filer = Filer(archive, Relevance(topics).match, names, lambda: now)
    last = articles[-1].published
    moments = [begin + HOUR * number for number in range(int((last - begin) / HOUR) + 2)]
    gaps = tuple(Gap(feed=feed.slug, start=None, end=begin) for feed in feeds)
    for before, moment in pairwise(moments):
        now = moment
        await archive.save_gathering(
            Gathering(
                states=tuple(FeedState(feed=feed.slug, last_good=now, oldest_entry=begin) for feed in feeds),
                gaps=gaps,
                articles=tuple(each for each in articles if before < each.published <= now),
            )
        )
        gaps = ()
        await filer.file()
        yield now


def _feed(row: dict[str, str]) -> Feed:
    country = row["country"]
    outlet = Outlet(
        name=row["outlet"], country=country, ownership=Ownership(row["ownership"]), vantage=row.get("vantage", country)
    )
    return Feed(slug=FeedSlug(row["feed"]), url=row["url"], outlet=outlet, language=row.get("language", "en"))


def _articles(folder: Path, feeds: dict[FeedSlug, Feed]) -> tuple[Article, ...]:
    known: set[str] = set()
    made = []
    for row in json_lines(folder / "entries.jsonl.gz"):
        feed = feeds[FeedSlug(row["feed"])]
        published = datetime.fromisoformat(row["published"])
        entry = Entry(link=row["link"], title=row["title"], summary=row.get("summary", ""), published=published)
        named = identity(entry, feed)
        each = article(entry, feed, named, published) if named and known.isdisjoint(named.keys) else None
        if named and each:
            known.update(named.keys)
            made.append(each)
    return tuple(sorted(made, key=lambda each: (each.published, each.id)))
