"""Where a topic stands, for whoever comes to it anew."""

import asyncio
from collections.abc import Callable

from digests.conversation.topics import Topics
from digests.editing.outlook import REACH, outlook
from digests.editing.positions import Speakers
from digests.model.answers import StateOfPlay
from digests.model.articles import Article
from digests.model.people import Address
from digests.model.stories import Window
from digests.model.topics import Match, TopicSlug
from digests.ports import Clock, People, ReadingArchive

Matching = Callable[[Article], tuple[Match, ...]]
"""What tells which topics an article belongs to; `filing.registry.Registry.match` does."""


class Outlooks:
    """Draws the state of play from what was filed."""

    def __init__(
        self, topics: Topics, archive: ReadingArchive, people: People, speakers: Speakers, match: Matching, clock: Clock
    ) -> None:
        self._topics = topics
        self._archive = archive
        self._people = people
        self._speakers = speakers
        self._match = match
        self._clock = clock

    async def of(self, address: Address, text: str) -> StateOfPlay:
        """The state of play of the topic that is meant. Raises PersonError as `Topics.find` does."""
        line = await self._topics.line(address, text)
        slug, now = line.topic.slug, self._clock()
        stories = await self._archive.stories(slug, Window(start=now - REACH, end=now))
        drawn = await asyncio.to_thread(outlook, stories, slug, self._speakers, self._fit(slug), now)
        subscription = await self._people.get(address)
        zone = subscription.schedule.zone if subscription else None
        return StateOfPlay(line=line, outlook=drawn, zone=zone or "UTC")

    def _fit(self, slug: TopicSlug) -> Callable[[Article], float]:
        def fit(article: Article) -> float:
            return max((match.score for match in self._match(article) if match.topic == slug), default=0.0)

        return fit
