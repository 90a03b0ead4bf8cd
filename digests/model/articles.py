"""What outlets publish: an Entry as the feed had it, an Article once it is normalised."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from digests.model.sources import FeedSlug, Outlet

ArticleId = NewType("ArticleId", int)  # 63 bits of a hash of its first key: the same wherever and whenever it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as published: markup, entities and tracking parameters still in it; strings may be empty."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A normalised entry: plain text, the outlet's own link without tracking parameters, a repaired date.

    `text` is the feed's summary and may be empty; where a story is told, the opening of the page's text takes its place. `published` is never more than an hour
    after `first_seen`. `keys` are all the names under which a feed may bring it again; one in common is the same article.
    """

    id: ArticleId
    keys: tuple[str, ...]
    feed: FeedSlug
    outlet: Outlet
    title: str
    text: str
    url: str
    published: datetime
    first_seen: datetime
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came of asking for an article's page: the opening of its text or, where `text` is empty, a problem.

    `failures` counts those in a row; before `next_check` it is not asked for again, without one never.
    """

    article: ArticleId
    asked: datetime
    text: str = ""
    failures: int = 0
    problem: str | None = None
    next_check: datetime | None = None
