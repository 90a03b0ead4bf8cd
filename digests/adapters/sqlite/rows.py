"""Rows to domain types and back: instants, articles, reports."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, overload

from digests.model.articles import Article, ArticleId
from digests.model.sources import FeedSlug, Outlet, Ownership
from digests.model.stories import Report, StoryId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_ARTICLE = "SELECT a.id, a.keys, a.feed, a.title, a.text, a.url, a.published, a.first_seen, a.language"
_REPORT = _ARTICLE + ", p.origin, p.story"


@overload
def stamp(instant: datetime) -> int: ...
@overload
def stamp(instant: None) -> None: ...
def stamp(instant: datetime | None) -> int | None:
    """Whole microseconds since 1970; exact, where a float of seconds would not be."""
    return None if instant is None else (instant - _EPOCH) // _MICROSECOND


@overload
def moment(microseconds: int) -> datetime: ...
@overload
def moment(microseconds: None) -> None: ...
def moment(microseconds: int | None) -> datetime | None:
    """The aware UTC datetime of a stamp."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


def listed(values: Iterable[int | str]) -> str:
    """Any number of values as one parameter, read by `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))


def articles(connection: sqlite3.Connection, source: str, parameters: tuple[int | str, ...]) -> tuple[Article, ...]:
    """The articles that `source`, from FROM on, finds; it calls their table `a`."""
    by_feed = _outlets(connection)
    return tuple(_article(row, by_feed) for row in connection.execute(f"{_ARTICLE} {source}", parameters))


def reports(
    connection: sqlite3.Connection, source: str, parameters: tuple[int | str, ...]
) -> tuple[tuple[Report, StoryId], ...]:
    """The reports, each with its story, that `source`, from FROM on, finds; it calls its tables `a` and `p`."""
    by_feed = _outlets(connection)
    return tuple(
        (Report(article=_article(row[:-2], by_feed), origin=row[-2]), StoryId(row[-1]))
        for row in connection.execute(f"{_REPORT} {source}", parameters)
    )


def _outlets(connection: sqlite3.Connection) -> Mapping[FeedSlug, Outlet]:
    """The outlet of every feed that an article came from: few, and shared by the articles."""
    return {
        FeedSlug(slug): Outlet(name=name, country=country, ownership=Ownership(ownership), vantage=vantage)
        for slug, name, country, ownership, vantage in connection.execute(
            "SELECT slug, outlet, country, ownership, vantage FROM feeds"
        )
    }


def _article(row: Sequence[Any], outlets: Mapping[FeedSlug, Outlet]) -> Article:
    identity, keys, slug, title, text, url, published, first_seen, language = row
    feed = FeedSlug(slug)
    return Article(
        id=ArticleId(identity),
        keys=tuple(json.loads(keys)),
        feed=feed,
        outlet=outlets[feed],
        title=title,
        text=text,
        url=url,
        published=moment(published),
        first_seen=moment(first_seen),
        language=language,
    )
