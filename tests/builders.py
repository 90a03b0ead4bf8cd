"""Small ways to make domain values in tests: only what the test is about need be said."""

from datetime import UTC, datetime, time

from digests.model.articles import Article, ArticleId
from digests.model.people import Address, ChatId, Schedule, Subscription
from digests.model.sources import Feed, FeedSlug, Outlet, Ownership
from digests.model.stories import Report, Story, StoryId
from digests.model.topics import Match, TopicSlug

NOON = datetime(2026, 2, 4, 12, 0, tzinfo=UTC)


def outlet(name="Northern Herald", country="GB", ownership=Ownership.PRIVATE, vantage=None):
    return Outlet(name=name, country=country, ownership=ownership, vantage=vantage or country)


def feed(slug="herald", url=None, **of_outlet):
    language = of_outlet.pop("language", "en")
    return Feed(
        slug=FeedSlug(slug), url=url or f"https://{slug}.example/rss", outlet=outlet(**of_outlet), language=language
    )


def article(number=1, title="Envoys meet in Ankara", *, text="", published=NOON, first_seen=None, of=None, url=None):
    of = of or outlet()
    url = url or f"https://news.example/{number}"
    return Article(
        id=ArticleId(number),
        keys=(f"url:{url}",),
        feed=FeedSlug(of.name.lower().replace(" ", "-")),
        outlet=of,
        title=title,
        text=text,
        url=url,
        published=published,
        first_seen=first_seen or published,
        language="en",
    )


def story(number, *articles, topic="ukraine-talks", score=1.0, origins=None):
    origins = origins or [each.outlet.name for each in articles]
    return Story(
        id=StoryId(number),
        reports=tuple(Report(article=each, origin=origin) for each, origin in zip(articles, origins, strict=True)),
        matches=tuple(Match(topic=TopicSlug(topic), article=each.id, score=score, why="talks") for each in articles),
    )


def subscription(chat=7, *topics, slots=(time(8, 0),), zone="Europe/Kyiv", since=NOON, paused=None):
    return Subscription(
        address=Address(chat=ChatId(chat)),
        topics=tuple(TopicSlug(slug) for slug in topics or ("ukraine-talks",)),
        schedule=Schedule(since=since, slots=slots, zone=zone),
        paused=paused,
    )
