"""Own topics meet what was filed before they were followed, so that a first digest is not empty.

people ─► own words ─► registry ─► followed anew ─┐
                                                  ├─► relevance ─► matches ─► archive
placed (the last week) ───────────────────────────┘
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from digests.filing.registry import Registry
from digests.filing.relevance import Relevance
from digests.model.people import Subscription
from digests.model.stories import Report, StoryId
from digests.model.topics import Match, OwnWords, Topic, TopicSlug
from digests.ports import Clock, FilingArchive, People

WEEK = timedelta(days=7)
FRESH = timedelta(minutes=1)  # how old the week's articles may be that a person is shown before he follows anything

_Placed = tuple[tuple[Report, StoryId], ...]


class BackFiler:
    """Keeps the registry to what people follow, and files back what they follow anew.

    After a start that is all of them once, for a bot that died between following and filing back; known matches stay.
    """

    def __init__(self, archive: FilingArchive, people: People, registry: Registry, clock: Clock) -> None:
        self._archive = archive
        self._people = people
        self._registry = registry
        self._clock = clock
        self._looking = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._week: tuple[datetime, _Placed] | None = None

    async def week(self) -> _Placed:
        """The week's articles with their stories, read once for all who ask within a minute. Raises StorageError."""
        async with self._reading:
            now = self._clock()
            if self._week is None or now - self._week[0] >= FRESH:
                self._week = now, await self._archive.placed_since(now - WEEK)
            return self._week[1]

    async def refresh(self) -> int:
        """Follow what people follow now; returns how many matches were found in the week. Raises StorageError."""
        self._week = None  # tens of megabytes that perhaps nobody asks for again
        async with self._looking:
            self._registry.mark()
            subscriptions = await self._people.all()
            followed = {slug for each in subscriptions if each.own for slug in each.topics}
            new = await asyncio.to_thread(self._learn_and_follow, _words(subscriptions), followed)
        topics = [topic for slug in sorted(new) if (topic := self._registry.get(slug))]
        return await self.file_back(topics)

    async def forget(self) -> None:
        """Know no longer what nobody follows or tries any more. Raises StorageError."""
        self._week = None
        async with self._looking:
            self._registry.mark()
            await asyncio.to_thread(self._registry.keep, _words(await self._people.all()))

    def _learn_and_follow(self, words: Sequence[OwnWords], followed: set[TopicSlug]) -> frozenset[TopicSlug]:
        self._registry.keep(words)
        self._registry.learn(words)
        return self._registry.follow(followed)

    async def file_back(self, topics: Sequence[Topic]) -> int:
        """Match the week's articles with these topics and keep what belongs; returns how many. Raises StorageError.

        They are read anew: what was filed since the last reading was not yet filed under these.
        """
        if not topics:
            return 0
        placed = await self._archive.placed_since(self._clock() - WEEK)
        matches = await asyncio.to_thread(matched, topics, placed)
        await self._archive.save_matches(matches)
        return len(matches)


def _words(subscriptions: Sequence[Subscription]) -> list[OwnWords]:
    return [own for each in subscriptions for own in each.own]


def matched(topics: Sequence[Topic], placed: Sequence[tuple[Report, StoryId]]) -> tuple[Match, ...]:
    """What of the placed articles belongs to the topics; pure, a tenth of a millisecond an article."""
    relevance = Relevance(topics)
    return tuple(match for report, _ in placed for match in relevance.match(report.article))
