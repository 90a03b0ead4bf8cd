"""A world of feeds in memory: build it with feed(1) and entry(1, 2), break it with fails, then gather from it."""

from dataclasses import replace
from datetime import timedelta

from digests.model.articles import Entry
from digests.model.sources import FeedState
from digests.ports import Document, FeedFailure, NotModified
from tests.builders import NOON, feed


class FakeFeeds:
    """Fetcher and Parser over the same built feeds; `asked` counts fetches a feed."""

    def __init__(self):
        self.feeds = []
        self.asked = []
        self._entries = {}
        self._answers = {}
        self._unreadable = {}

    def feed(self, number, **of_feed):
        made = feed(f"feed-{number}", **of_feed)
        self.feeds.append(made)
        self._entries[made.slug] = {}
        return made

    def entry(self, feed_number, number, *, minutes=0, **of_entry):
        """Entry `number` of a feed, published that many minutes before noon unless `published` says otherwise."""
        values = {
            "guid": f"{feed_number}-{number}",
            "link": f"https://feed-{feed_number}.example/{number}",
            "title": f"Envoys of feed {feed_number} meet for the {number}th time",
            "published": NOON - timedelta(minutes=minutes),
        }
        made = Entry(**{**values, **of_entry})
        self._entries[f"feed-{feed_number}"][number] = made
        return made

    def drop(self, feed_number, *numbers):
        for number in numbers:
            del self._entries[f"feed-{feed_number}"][number]

    def fails(self, feed_number, reason="It answered with status 500.", retry_after=None):
        self._answers[f"feed-{feed_number}"] = FeedFailure(
            feed=f"feed-{feed_number}", reason=reason, retry_after=retry_after
        )

    def not_modified(self, feed_number):
        self._answers[f"feed-{feed_number}"] = NotModified(feed=f"feed-{feed_number}")

    def answers(self, feed_number, answer):
        """Any answer, an exception to be raised, or an awaitable function to wait in."""
        self._answers[f"feed-{feed_number}"] = answer

    def unreadable(self, feed_number, reason="It is an HTML page and not a feed."):
        self._unreadable[f"feed-{feed_number}"] = reason

    def works(self, feed_number):
        self._answers.pop(f"feed-{feed_number}", None)
        self._unreadable.pop(f"feed-{feed_number}", None)

    async def fetch(self, feed, state):
        self.asked.append(feed.slug)
        answer = self._answers.get(feed.slug)
        if isinstance(answer, BaseException):
            raise answer
        if callable(answer):
            await answer()
        elif answer is not None:
            return answer
        body = repr(tuple(self._entries[feed.slug].values()))
        return Document(
            feed=feed.slug,
            url=feed.url,
            body=body.encode(),
            content_type="application/rss+xml",
            body_hash=body,
            etag=f'"{len(body)}"',
        )

    async def parse(self, document):
        if reason := self._unreadable.get(document.feed):
            return FeedFailure(feed=document.feed, reason=reason)
        return tuple(self._entries[document.feed].values())


class FakeGatheringArchive:
    """What gathering remembers, in memory; `raises` makes the next call of that name fail."""

    def __init__(self):
        self.states = {}
        self.gaps = []
        self.articles = []
        self.raises = {}

    async def feed_states(self):
        return dict(self.states)

    async def known_keys(self, keys):
        if "known_keys" in self.raises:
            raise self.raises.pop("known_keys")
        return frozenset(keys) & {key for article in self.articles for key in article.keys}

    async def save_gathering(self, gathering):
        before = len(self.articles)
        known = {key for article in self.articles for key in article.keys}
        for article in gathering.articles:
            if known.isdisjoint(article.keys):
                self.articles.append(article)
                known.update(article.keys)
        self.states.update({state.feed: state for state in gathering.states})
        self.gaps.extend(gathering.gaps)
        return len(self.articles) - before

    def forget_etag(self, slug):
        self.states[slug] = replace(self.states.get(slug, FeedState(feed=slug)), etag=None)
