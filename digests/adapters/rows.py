"""Rows to domain types and back, the same in every database: instants are whole microseconds, lists and headings JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, overload

from digests.model.articles import Article, ArticleId, Page
from digests.model.people import Address, ChatId, Delivery, DeliveryState, Edition, Heading
from digests.model.sources import FeedSlug, FeedState, Outlet, Ownership
from digests.model.stories import DigestId, Report, StoryId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

STATE = "feed, etag, modified, body_hash, failures, problem, next_check, last_good, oldest_entry"
ARTICLE = "a.id, a.keys, a.feed, a.title, a.text, a.url, a.published, a.first_seen, a.language"
TOLD = ARTICLE.replace("a.text", "coalesce((SELECT text FROM pages WHERE article = a.id), a.text)")
"""ARTICLE as stories are told: with the opening of the article's page, where it was read."""

PAGE = "article, asked, text, failures, problem, next_check"
EDITION = "chat, thread, day, slot, due, zone, city"

Value = int | str | None


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


# The archive --------------------------------------------------------------------------------------------------------


def state_row(state: FeedState) -> tuple[Value, ...]:
    """The columns STATE."""
    return (
        state.feed,
        state.etag,
        state.modified,
        state.body_hash,
        state.failures,
        state.problem,
        stamp(state.next_check),
        stamp(state.last_good),
        stamp(state.oldest_entry),
    )


def read_state(row: Sequence[Any]) -> FeedState:
    """Read the columns STATE."""
    feed, etag, modified, body_hash, failures, problem, next_check, last_good, oldest_entry = row
    return FeedState(
        feed=FeedSlug(feed),
        etag=etag,
        modified=modified,
        body_hash=body_hash,
        failures=failures,
        problem=problem,
        next_check=moment(next_check),
        last_good=moment(last_good),
        oldest_entry=moment(oldest_entry),
    )


def read_outlet(row: Sequence[Any]) -> tuple[FeedSlug, Outlet]:
    """Read slug, outlet, country, ownership, vantage."""
    slug, name, country, ownership, vantage = row
    return FeedSlug(slug), Outlet(name=name, country=country, ownership=Ownership(ownership), vantage=vantage)


def article_row(article: Article) -> tuple[Value, ...]:
    """The columns ARTICLE."""
    return (
        article.id,
        json.dumps(article.keys, ensure_ascii=False),
        article.feed,
        article.title,
        article.text,
        article.url,
        stamp(article.published),
        stamp(article.first_seen),
        article.language,
    )


def read_article(row: Sequence[Any], outlets: Mapping[FeedSlug, Outlet]) -> Article:
    """Read the columns ARTICLE or TOLD; the outlet is the one that its feed has now."""
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


def page_row(page: Page) -> tuple[Value, ...]:
    """The columns PAGE; a page without a text has none, so that the feed's own stands."""
    return page.article, stamp(page.asked), page.text or None, page.failures, page.problem, stamp(page.next_check)


def read_page(row: Sequence[Any]) -> Page:
    """Read the columns PAGE."""
    article, asked, text, failures, problem, next_check = row
    return Page(
        article=ArticleId(article),
        asked=moment(asked),
        text=text or "",
        failures=failures,
        problem=problem,
        next_check=moment(next_check),
    )


def read_report(row: Sequence[Any], outlets: Mapping[FeedSlug, Outlet]) -> tuple[Report, StoryId]:
    """Read the columns ARTICLE or TOLD, then origin and story."""
    return Report(article=read_article(row[:-2], outlets), origin=row[-2]), StoryId(row[-1])


# The ledger ---------------------------------------------------------------------------------------------------------


def edition_key(edition: Edition) -> tuple[int, int, str, str]:
    """Chat, thread, day, slot: what names an edition."""
    return edition.address.chat, edition.address.thread, edition.day.isoformat(), edition.slot.isoformat()


def edition_row(edition: Edition) -> tuple[int, int, str, str, int, str, str | None]:
    """The columns EDITION."""
    return *edition_key(edition), stamp(edition.due), edition.zone, edition.city


def read_edition(row: Sequence[Any]) -> Edition:
    """Read the columns EDITION."""
    chat, thread, day, slot, due, zone, city = row
    return Edition(
        address=Address(chat=ChatId(chat), thread=thread),
        day=date.fromisoformat(day),
        slot=time.fromisoformat(slot),
        due=moment(due),
        zone=zone,
        city=city,
    )


def read_delivery(row: Sequence[Any], state: DeliveryState) -> Delivery:
    """Read the columns EDITION, then digest and part; it stands in `state`."""
    *edition, digest, part = row
    return Delivery(edition=read_edition(edition), digest=DigestId(digest), part=part, state=state)


def written_heading(heading: Heading) -> str:
    """A heading without its moment, which has a column of its own."""
    late_slot = heading.late_slot and heading.late_slot.isoformat()
    return json.dumps({"zone": heading.zone, "city": heading.city, "late_slot": late_slot}, ensure_ascii=False)


def read_heading(text: str, at: int) -> Heading:
    """The heading that was written, of its moment."""
    stored = json.loads(text)
    late_slot = stored["late_slot"]
    return Heading(
        at=moment(at),
        zone=stored["zone"],
        city=stored["city"],
        late_slot=late_slot if late_slot is None else time.fromisoformat(late_slot),
    )


def written_stories(stories: Mapping[StoryId, frozenset[ArticleId]]) -> str:
    """What a part brings, by story."""
    return json.dumps({story: sorted(articles) for story, articles in stories.items()})


def read_stories(texts: Sequence[str]) -> dict[StoryId, frozenset[ArticleId]]:
    """What several parts brought, together."""
    brought: dict[StoryId, frozenset[ArticleId]] = {}
    for text in texts:
        for story, articles in json.loads(text).items():
            known = brought.get(StoryId(int(story)), frozenset())
            brought[StoryId(int(story))] = known | frozenset(articles)
    return brought
