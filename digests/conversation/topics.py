"""Which topics there are, which of them a person means, and how much news they have."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from digests.conversation.words import fold, repeatable
from digests.errors import PersonError
from digests.model.answers import TopicLine
from digests.model.people import Address
from digests.model.stories import Window
from digests.model.topics import Topic, TopicSlug
from digests.ports import Clock, People, ReadingArchive

DAY = timedelta(hours=24)

_ALIKE = 0.6  # of difflib's ratio: "new strat" is near, "new york" is not
_SUGGESTED = 3


class Topics:
    """The catalogue, and who follows what of it."""

    def __init__(self, topics: Sequence[Topic], archive: ReadingArchive, people: People, clock: Clock) -> None:
        self._topics = {topic.slug: topic for topic in topics}
        self._names = {fold(name): topic for topic in reversed(topics) for name in _names(topic)}
        self._words = {topic.slug: _words(topic) for topic in topics}
        self._archive = archive
        self._people = people
        self._clock = clock

    @property
    def titles(self) -> Mapping[TopicSlug, str]:
        """Every topic's title by its slug."""
        return {slug: topic.title for slug, topic in self._topics.items()}

    def of(self, slugs: Iterable[TopicSlug]) -> tuple[Topic, ...]:
        """Those of `slugs` that the catalogue still has, in their order."""
        return tuple(self._topics[slug] for slug in slugs if slug in self._topics)

    def known(self, text: str) -> Topic | None:
        """The topic of exactly this name: its slug, its title, or a term that alone makes an article belong to it."""
        return self._names.get(fold(text))

    def find(self, text: str) -> Topic:
        """The topic that is meant. Raises PersonError with the slugs of those that come near."""
        found = self.known(text)
        if found:
            return found
        near = self._near(fold(text))
        hint = f"Did you mean {near[0].title}?" if near else "/topics shows what there is."
        raise PersonError(f"I have no topic “{repeatable(text)}”. {hint}", tuple(topic.slug for topic in near))

    async def lines(self, address: Address) -> tuple[TopicLine, ...]:
        """The whole catalogue as a chat sees it."""
        return await self._lines(address, tuple(self._topics.values()))

    async def line(self, address: Address, text: str) -> TopicLine:
        """One topic as a chat sees it. Raises PersonError as `find` does."""
        (line,) = await self._lines(address, (self.find(text),))
        return line

    async def _lines(self, address: Address, topics: Sequence[Topic]) -> tuple[TopicLine, ...]:
        now = self._clock()
        counts = await self._archive.story_counts(Window(start=now - DAY, end=now))
        subscription = await self._people.get(address)
        followed = subscription.topics if subscription else ()
        return tuple(
            TopicLine(topic=topic, stories=counts.get(topic.slug, 0), followed=topic.slug in followed)
            for topic in topics
        )

    def _near(self, name: str) -> tuple[Topic, ...]:
        """Topics whose names are spelt alike, then those that share most words with it, best first."""
        alike = difflib.get_close_matches(name, self._names, n=_SUGGESTED, cutoff=_ALIKE)
        shared = {slug: len(words & set(name.split())) for slug, words in self._words.items()}
        sharing = sorted((slug for slug in shared if shared[slug]), key=lambda slug: -shared[slug])
        slugs = dict.fromkeys((*(self._names[match].slug for match in alike), *sharing))
        return self.of(tuple(slugs)[:_SUGGESTED])


def _names(topic: Topic) -> Iterator[str]:
    yield topic.slug
    yield topic.title
    for anchor in topic.anchors:
        yield from anchor.aliases


def _words(topic: Topic) -> frozenset[str]:
    """The words of its title, and the names in one word of those who act in it."""
    terms = (term for side in topic.sides for term in side.terms)
    names = {fold(alias) for term in (*topic.anchors, *terms) for alias in term.aliases}
    return frozenset({*fold(topic.title).split(), *(name for name in names if " " not in name)})
