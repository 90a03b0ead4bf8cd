"""Which topics there are, which of them a person means, and how much news they have."""

import asyncio
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from digests.conversation.times import split_times
from digests.conversation.words import fold, repeatable
from digests.editing.ranking import told
from digests.errors import PersonError
from digests.filing.own_words import PREFIX, OwnTopics, slug_of
from digests.filing.registry import Registry
from digests.model.answers import TopicLine
from digests.model.people import Address, Subscription
from digests.model.stories import Window
from digests.model.topics import Breadth, OwnWords, Topic, TopicSlug
from digests.ports import Clock, People, ReadingArchive
from digests.text.names import Names

DAY = timedelta(hours=24)

_ALIKE = 0.6  # of difflib's ratio: "new strat" is near, "new york" is not
_MISSPELT = 0.8  # "nwe start" is a slip, "iran talks" is not "ukraine talks"
_SUGGESTED = 3
_TELLING = 4  # letters: "new" of "New START" says nothing
_LISTED = re.compile(r"[,;+&\n]|\band\b|\s(?:и|й|та|і)\s|[，、；和]", re.IGNORECASE)
_CHINESE = re.compile("[\u3400-\u9fff]{2,}")


class Topics:
    """The catalogue, and who follows what of it.

    Own topics are found by the slug, and by the words of the chat whose they are; `registry` keeps them.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        archive: ReadingArchive,
        people: People,
        clock: Clock,
        registry: Registry | None = None,
    ) -> None:
        self._registry = registry or Registry(topics, OwnTopics(Names(()), ()))
        self._topics = {topic.slug: topic for topic in topics}
        self._names = {fold(name): topic for topic in reversed(topics) for name in _names(topic)}
        self._words = {topic.slug: _words(topic) for topic in topics}
        self._archive = archive
        self._people = people
        self._clock = clock

    @property
    def titles(self) -> Mapping[TopicSlug, str]:
        """Every topic's title by its slug."""
        return {topic.slug: topic.title for topic in self._registry}

    def learn(self, subscription: Subscription | None) -> None:
        """Know a chat's own topics; they may have come to it through another process."""
        if subscription is not None:
            self._registry.learn(subscription.own)

    def of(self, slugs: Iterable[TopicSlug]) -> tuple[Topic, ...]:
        """Those of `slugs` that the catalogue still has, or that are own topics which were learnt, in their order."""
        return tuple(topic for slug in slugs if (topic := self._registry.get(slug)))

    def known(self, text: str, subscription: Subscription | None = None) -> Topic | None:
        """The topic of exactly this name: its slug, its title, or a term that alone makes an article belong to it.

        An own topic of the chat is known by its words, too, the one that is followed first.
        """
        self.learn(subscription)
        return self._names.get(fold(text)) or self._own(text.strip(), subscription)

    def _own(self, text: str, subscription: Subscription | None) -> Topic | None:
        if text.startswith(PREFIX):
            return self._registry.get(TopicSlug(text))
        if subscription is None:
            return None
        meant = {slug_of(OwnWords(words=text, breadth=breadth)) for breadth in Breadth}
        known = [slug_of(own) for own in reversed(subscription.own) if slug_of(own) in meant]
        followed = [slug for slug in known if slug in subscription.topics]
        return next(iter(self.of((*followed, *known))), None)

    def spelt_like(self, text: str) -> tuple[Topic, ...]:
        """Topics of the catalogue of which the text is a misspelt name, unless it stands in quotation marks."""
        if any(mark in text for mark in '"“”„«»'):
            return ()
        name = fold(text)
        alike = difflib.get_close_matches(name, self._names, n=_SUGGESTED, cutoff=_MISSPELT)
        # Chinese is not spaced: "中俄关系" is the name and a word that adds little.
        chinese = [known for known in self._names if _CHINESE.fullmatch(known)] if _CHINESE.fullmatch(name) else []
        longer = [known for known in chinese if known in name and 2 * len(known) >= len(name)]
        return tuple(dict.fromkeys(self._names[match] for match in (*alike, *longer)))

    def sharing(self, text: str) -> Topic | None:
        """The topic of the catalogue that shares most words of its title with the text, then of its other names."""
        given = set(fold(text).split())
        shared = {
            slug: (len(given & set(fold(topic.title).split())), len(given & self._words[slug]))
            for slug, topic in self._topics.items()
        }
        best = max(shared, key=lambda slug: shared[slug], default=None)
        return self._topics[best] if best is not None and shared[best][0] else None

    def readable(self, text: str, subscription: Subscription | None = None) -> Topic:
        """The topic to read of, where a wrong guess costs nothing: also the only one whose title has all the words.

        Raises PersonError as `find` does.
        """
        words = set(fold(text).split())
        titled = [topic for topic in self._topics.values() if words <= set(fold(topic.title).split())]
        telling = any(len(word) >= _TELLING for word in words)
        if telling and len(titled) == 1 and self.known(text, subscription) is None:
            return titled[0]
        return self.find(text, subscription)

    def several(self, text: str) -> tuple[Topic, ...]:
        """The topics that are named beside one another: "new start, ukraine talks"; empty unless each part is one.

        Times may stand at the end. Raises PersonError where what is meant as a time is none.
        """
        if self.known(text):
            return ()
        parts = [split_times(part)[0] for part in _LISTED.split(text)]
        found = [self._names.get(fold(part)) for part in parts if part]
        known = tuple(dict.fromkeys(topic for topic in found if topic))
        return known if len(known) > 1 and all(found) else ()

    def find(self, text: str, subscription: Subscription | None = None) -> Topic:
        """The topic that is meant. Raises PersonError with the slugs of those that come near."""
        found = self.known(text, subscription)
        if found:
            return found
        near = self._near(fold(text))
        hint = f"Did you mean {near[0].title}?" if near else "/topics shows what there is."
        raise PersonError(f"I have no topic “{repeatable(text)}”. {hint}", tuple(topic.slug for topic in near))

    async def lines(self, address: Address) -> tuple[TopicLine, ...]:
        """The whole catalogue as a chat sees it, and what it follows in its own words."""
        subscription = await self._people.get(address)
        self.learn(subscription)
        own = self.of(slug for slug in (subscription.topics if subscription else ()) if slug not in self._topics)
        return await self._lines(subscription, (*self._topics.values(), *own))

    async def line(self, address: Address, text: str) -> TopicLine:
        """One topic to read of, as a chat sees it. Raises PersonError as `find` does."""
        subscription = await self._people.get(address)
        (line,) = await self._lines(subscription, (self.readable(text, subscription),))
        return line

    async def _lines(self, subscription: Subscription | None, topics: Sequence[Topic]) -> tuple[TopicLine, ...]:
        followed = subscription.topics if subscription else ()
        return tuple(
            [
                TopicLine(topic=each, stories=await self._stories(each.slug), followed=each.slug in followed)
                for each in topics
            ]
        )

    async def _stories(self, slug: TopicSlug) -> int:
        now = self._clock()
        found = await self._archive.stories(slug, Window(start=now - DAY, end=now))
        return await asyncio.to_thread(told, found, slug, now) if found else 0

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
