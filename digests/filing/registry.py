"""Every topic that articles are filed under: the shipped ones, and those of people's own words as they come to be known."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from threading import Lock

from digests.errors import PersonError
from digests.filing.own_words import OwnTopics, slug_of
from digests.filing.relevance import Relevance
from digests.model.articles import Article
from digests.model.topics import Match, OwnWords, Topic, TopicSlug


class Registry:
    """Shared by all that file, compose and answer. Own topics are known once learnt, and filed once followed."""

    def __init__(self, shipped: Sequence[Topic], own: OwnTopics) -> None:
        self._own = own
        self._shipped = {topic.slug: topic for topic in shipped}
        self._learnt: dict[TopicSlug, Topic] = {}  # never changed, only replaced, so that it can be read anywhere
        self._learning = Lock()
        self._asked: set[TopicSlug] = set()
        self._followed: frozenset[TopicSlug] = frozenset()
        self._matching = Relevance(shipped)
        self._matching_own = Relevance(())

    def __iter__(self) -> Iterator[Topic]:
        return iter((*self._shipped.values(), *self._learnt.values()))

    def get(self, slug: TopicSlug) -> Topic | None:
        """The topic of a slug, where it is shipped or was learnt."""
        return self._shipped.get(slug) or self._learnt.get(slug)

    def read(self, own: OwnWords) -> Topic:
        """The topic of own words, which need not be learnt. Raises PersonError where they make none."""
        return self._learnt.get(slug_of(own)) or self._own.topic(own)

    def learn(self, words: Iterable[OwnWords]) -> None:
        """Know these topics from now on; several threads may teach at a time."""
        asked = {slug_of(own): own for own in words}
        self._asked.update(asked)
        new = {slug: own for slug, own in asked.items() if slug not in self._learnt}
        topics = {}
        for slug, own in new.items():
            # Words that made a topic of an earlier version's names may make none of today's.
            with suppress(PersonError):
                topics[slug] = self._own.topic(own)
        if topics:
            with self._learning:
                self._learnt = {**self._learnt, **topics}

    def mark(self) -> None:
        """From now on what is learnt will be kept: whoever teaches it may not be among the people who are read next."""
        self._asked = set()

    def keep(self, words: Iterable[OwnWords]) -> None:
        """Know no other own topics than these, and what was learnt since the last mark. It belongs into a thread."""
        wanted = {slug_of(own) for own in words}
        with self._learning:
            wanted |= self._asked
            self._learnt = {slug: topic for slug, topic in self._learnt.items() if slug in wanted}
        self.follow(self._followed)

    def follow(self, slugs: Iterable[TopicSlug]) -> frozenset[TopicSlug]:
        """File under exactly these own topics from now on, as far as they were learnt; returns those that are new.

        It takes a second for thousands, so it belongs into a thread.
        """
        followed = frozenset(slug for slug in slugs if slug in self._learnt)
        new = followed - self._followed
        if followed != self._followed:
            self._matching_own = Relevance([self._learnt[slug] for slug in sorted(followed)])
            self._followed = followed
        return new

    def why(self, slug: TopicSlug, articles: Iterable[Article]) -> str | None:
        """What makes the one that fits best belong to the topic; None where none does, or nobody knows the topic here."""
        topic = self.get(slug)
        if topic is None:
            return None
        matching = self._matching if slug in self._shipped else Relevance([topic])
        found = (match for article in articles for match in matching.match(article) if match.topic == slug)
        best = max(found, key=lambda match: match.score, default=None)
        return best.why if best else None

    def match(self, article: Article) -> tuple[Match, ...]:
        """The shipped and the followed topics that the article belongs to, best first."""
        found = (*self._matching.match(article), *self._matching_own.match(article))
        return tuple(sorted(found, key=lambda match: -match.score))
