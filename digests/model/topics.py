"""What readers follow: a topic and the terms that tell whether an article belongs to it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from digests.model.articles import ArticleId

TopicSlug = NewType("TopicSlug", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entity or concept with all its spellings, in every language.

    An alias in capitals ("US", "START") or of three letters ("Xi") matches only as written; a trailing * matches any
    ending ("переговор*"), a lone one any word ("end * war"); Chinese matches as a substring. `weight` is what one
    mention counts for, 1 being a clear one; of a context, the share that it takes away, up to 1.
    """

    name: str
    aliases: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Terms that stand for one of the things which must come together, such as "China" or "acts of diplomacy"."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A question of world politics that people follow.

    An article belongs when it names one of `anchors` (enough alone), or a term of every side near one another, or of
    every side of one of the combinations in `also`, unless `contexts` (other conflicts, round-ups …) weaken it or `hidden`
    phrases ("Russia-Ukraine war" as an adjective) are all that was found; an article with a term of `excluded` never does. `line` is one sentence for the catalogue, `background` one for the state of play, `questions`
    the standing ones that a reader has.
    """

    slug: TopicSlug
    title: str
    line: str
    background: str
    questions: tuple[str, ...]
    sides: tuple[Side, ...]
    also: tuple[tuple[Side, ...], ...] = ()
    anchors: tuple[Term, ...] = ()
    contexts: tuple[Term, ...] = ()
    hidden: tuple[str, ...] = ()
    excluded: tuple[Term, ...] = ()


class Breadth(StrEnum):
    """How much a person's own words let in: all of them in a title, all of them near one another, or most of them."""

    NARROW = "narrow"
    USUAL = "usual"
    WIDE = "wide"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """A topic in a person's own words, as he wrote them; `filing.wishes` makes a Topic of it."""

    words: str
    breadth: Breadth = Breadth.USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Words that mean one thing where they name a topic: `heads` stand for all of `words`, `wide` are looser ones.

    What is named is the act of a `state`, where whoever holds its offices acts for it.
    """

    name: str
    heads: tuple[str, ...]
    words: tuple[str, ...]
    wide: tuple[str, ...]
    state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article belongs to a topic: `score` from 0 to 1, `why` in the words that were found."""

    topic: TopicSlug
    article: ArticleId
    score: float
    why: str
