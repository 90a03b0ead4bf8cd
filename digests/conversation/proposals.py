"""A topic in a person's own words: shown with what it would bring before anything is followed, wider or narrower."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import time

from digests.conversation.times import split_times
from digests.conversation.topics import Topics
from digests.conversation.words import wish
from digests.errors import PersonError
from digests.filing.file_back import BackFiler, matched
from digests.filing.own_words import slug_of, unheard
from digests.filing.registry import Registry
from digests.model.answers import Proposal
from digests.model.people import Address, Schedule, Subscription
from digests.model.stories import Report, StoryId
from digests.model.topics import Breadth, OwnWords, Topic, TopicSlug
from digests.ports import Clock, People

TRIED = 10  # own words that are kept without being followed, so that their buttons stay good
_EXAMPLES = 3
_NEAR = 2
_WEIGHED = 100  # stories that tell whether a shipped topic is meant


class Proposals:
    """Reads own words, shows what they match, and remembers them with the chat, so that its buttons outlive a restart."""

    def __init__(
        self,
        people: People,
        topics: Topics,
        registry: Registry,
        back_filer: BackFiler,
        clock: Clock,
    ) -> None:
        self._people = people
        self._topics = topics
        self._registry = registry
        self._back_filer = back_filer
        self._clock = clock
        self._matching = asyncio.Lock()  # it takes a second of a processor, which others need as well

    async def propose(self, address: Address, text: str) -> Proposal | None:
        """What "words [times]" would bring; None where a topic is meant that is there, or nearly so.

        Raises PersonError where the words name nothing, or what is meant as a time is none.
        """
        subscription = await self._people.get(address)
        if self._there(text, subscription):
            return None
        words, slots = split_times(wish(text))
        if not words or self._there(words, subscription) or self._topics.spelt_like(words):
            return None
        return await self._proposal(address, OwnWords(words=words), slots)

    def _there(self, text: str, subscription: Subscription | None) -> bool:
        """Whether it is the name of a topic that is shipped, or followed: words that were only tried are shown again."""
        known = self._topics.known(text, subscription)
        return known is not None and (
            not slug_is_own(known.slug) or (subscription is not None and known.slug in subscription.topics)
        )

    async def vary(self, address: Address, slug: TopicSlug, breadth: Breadth, slots: tuple[time, ...]) -> Proposal:
        """The same words with another breadth. Raises PersonError where the chat has no such words any more."""
        own = await self._own(address, slug)
        return await self._proposal(address, replace(own, breadth=breadth), slots)

    async def cancel(self, address: Address, slug: TopicSlug) -> None:
        """Forget words that were tried, in every breadth that is not followed."""

        def cancelled(present: Subscription | None) -> Subscription | None:
            if present is None:
                return None
            words = {own.words for own in present.own if slug_of(own) == slug}
            kept = (own for own in present.own if own.words not in words or slug_of(own) in present.topics)
            return replace(present, own=tuple(kept))

        await self._people.change(address, cancelled)

    async def followed(self, topic: Topic) -> None:
        """File back what is followed from now on, if it is in own words. Raises StorageError."""
        if slug_is_own(topic.slug):
            await self._back_filer.refresh()

    async def _own(self, address: Address, slug: TopicSlug) -> OwnWords:
        subscription = await self._people.get(address)
        known = {slug_of(own): own for own in (subscription.own if subscription else ())}
        if slug not in known:
            raise PersonError("I no longer have those words; write /subscribe and the words again.")
        return known[slug]

    async def _proposal(self, address: Address, own: OwnWords, slots: tuple[time, ...]) -> Proposal:
        topic = await asyncio.to_thread(self._registry.read, own)
        wider = await asyncio.to_thread(self._registry.read, replace(own, breadth=_wider(own.breadth)))
        subscription = await self._people.change(address, lambda present: _tried(present or self._new(address), own))
        self._registry.learn([own])
        async with self._matching:
            placed = await self._back_filer.week()
            found, near = await asyncio.to_thread(_found, topic, wider, placed)
            told = [report.article for report, _ in placed]
            absent = () if found else await asyncio.to_thread(unheard, topic, told)
            shipped = (
                await asyncio.to_thread(self._mostly, found.values()) if found else self._topics.sharing(own.words)
            )
        return Proposal(
            topic=topic,
            own=own,
            slots=slots,
            followed=subscription is not None and topic.slug in subscription.topics,
            stories=len(found),
            examples=tuple(found.values())[:_EXAMPLES],
            near=tuple(near.values())[:_NEAR],
            unheard=absent,
            instead=shipped,
        )

    def _mostly(self, found: Iterable[Report]) -> Topic | None:
        """The shipped topic to which at least half of the newest stories belong."""
        newest = list(found)[:_WEIGHED]
        belonging = Counter(match.topic for report in newest for match in self._registry.match(report.article))
        often = [slug for slug, count in belonging.most_common() if 2 * count >= len(newest) and not slug_is_own(slug)]
        return self._registry.get(often[0]) if often else None

    def _new(self, address: Address) -> Subscription:
        return Subscription(address=address, topics=(), schedule=Schedule(since=self._clock()))


def slug_is_own(slug: TopicSlug) -> bool:
    """Whether the topic is one of own words."""
    return slug.startswith("own-")


def _wider(breadth: Breadth) -> Breadth:
    return Breadth.USUAL if breadth is Breadth.NARROW else Breadth.WIDE


def _tried(present: Subscription, own: OwnWords) -> Subscription:
    """With these words as the newest; of those that were only tried the oldest are let go."""
    words = (*(each for each in present.own if each != own), own)
    tried = [each for each in words if slug_of(each) not in present.topics][-TRIED:]
    return replace(present, own=tuple(each for each in words if slug_of(each) in present.topics or each in tried))


def _found(
    topic: Topic, wider: Topic, placed: Sequence[tuple[Report, StoryId]]
) -> tuple[dict[StoryId, Report], dict[StoryId, Report]]:
    """The stories that the topic has, and those that only the wider one has, each with its newest report, newest first."""
    matches = matched([topic, wider], placed)
    own = {match.article for match in matches if match.topic == topic.slug}
    loose = {match.article for match in matches} - own
    found = _newest((report, story) for report, story in placed if report.article.id in own)
    near = _newest((report, story) for report, story in placed if report.article.id in loose and story not in found)
    return found, near


def _newest(placed: Iterable[tuple[Report, StoryId]]) -> dict[StoryId, Report]:
    newest: dict[StoryId, Report] = {}
    for report, story in sorted(placed, key=lambda each: each[0].article.published, reverse=True):
        newest.setdefault(story, report)
    return newest
