"""Decides which topics an article belongs to, how well, and says why."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, product
from math import prod

from digests.filing.phrases import Found, PhraseIndex, words
from digests.model.articles import Article
from digests.model.topics import Match, Term, Topic

ENOUGH = 0.5  # the least score of a match

# A round-up, press review or live page touches many topics and is about none.
ROUND_UPS = Term(
    name="round-up",
    weight=0.55,
    aliases=(
        "press review", "big headlines", "top headlines", "headlines today", "top stories", "top updates",
        "morning news", "evening news", "news briefing", "morning briefing", "daily briefing", "week in review",
        "monday briefing", "tuesday briefing", "wednesday briefing", "thursday briefing", "friday briefing",
        "weekend briefing", "evening briefing", "news in brief", "world in brief",
        "daily quiz", "news quiz", "global relations reads", "things to know today", "обзор прессы", "главное за день",
        "итоги дня", "огляд преси", "головне за день", "підсумки дня", "新闻早报", "每日要闻", "一周回顾",
    ),
)  # fmt: skip

# Where a report was written says nothing of what it is about: "TEHRAN – ", "MOSCOW, February 4 /TASS/."
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'’]{2,40}(?:, [A-Z][a-z]+\.? \d{1,2}\.? )?(?:/[A-Z]+/\.?|\([^)]{2,30}\))?\s*(?:[-–—]+\s|(?<=/)|(?<=/\.))"
)
_ROUND_UPS = frozenset(ROUND_UPS.aliases)
_LIST = re.compile(r"[;；].*[;；]")  # a title that lists what is in it is a round-up's

_IN_TEXT = 0.9  # of a match in the title, where the title names one of the sides
_TEXT_ALONE = 0.45  # where the title names none: half a sentence of background
_ACROSS = 0.65  # one side in the title, the other in the first sentences of the text
_FIRST_SENTENCES = 2
_NEAR, _FAR, _FAR_APART = 9, 34, 0.6  # words from first to last; from _FAR on, a match counts _FAR_APART
_FOLLOWING = 0.5  # a context after the whole match weakens half as much as one before or inside it
_TITLE_SAYS = 1.25  # a context in the title weakens a match in the text more: the title says what the article is about
_MENTIONS = 6  # of a side in a sentence: more say nothing new

_TITLE = 0  # the title counts as one sentence, the text's follow from 1
_ANCHOR, _CONTEXT, _HIDDEN, _EXCLUDED = -1, -2, -3, -4  # what a phrase is to a topic; sides count from 0


@dataclass(frozen=True, slots=True)
class _Role:
    """What a phrase means to one topic: a side's number, or _ANCHOR, _CONTEXT, _HIDDEN, _EXCLUDED."""

    kind: int
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Mention:
    role: _Role
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Mentions that speak for a topic, before contexts weaken them."""

    strength: float
    mentions: tuple[_Mention, ...]

    @property
    def sentence(self) -> int:
        return max(mention.sentence for mention in self.mentions)


_Spellings = int  # the number of a tuple of aliases: terms of many topics are spelt the same


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A topic as articles are held against it: what the terms mean to it, and which sides must come together."""

    topic: Topic
    roles: dict[_Spellings, tuple[_Role, ...]]
    combinations: tuple[range, ...]
    anchors: tuple[_Spellings, ...]
    needed: tuple[tuple[tuple[_Spellings, ...], ...], ...]  # of each combination, of each side, the terms

    def may_match(self, found: Container[_Spellings]) -> bool:
        """Whether an anchor was found, or of every side of a combination a term; costs less than to weigh them."""
        return any(term in found for term in self.anchors) or any(
            all(any(term in found for term in side) for side in sides) for sides in self.needed
        )


class Relevance:
    """Topics compiled into one index. `match` is pure.

    An article meets only the topics of which it has a rare term: an anchor, or a term of the side that fewest other topics
    share. So it costs as much as it has words, and hardly more where thousands of topics name the same countries.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        numbers: dict[tuple[str, ...], _Spellings] = {}
        self._topics = tuple(_compiled(topic, numbers) for topic in topics)
        popular = Counter(term for each in self._topics for term in each.roles)
        self._telling: defaultdict[_Spellings, list[int]] = defaultdict(list)
        for number, each in enumerate(self._topics):
            for term in _telling(each, popular):
                self._telling[term].append(number)
        self._terms: defaultdict[str, list[_Spellings]] = defaultdict(list)
        for aliases, term in numbers.items():
            for phrase in dict.fromkeys(aliases):
                self._terms[phrase].append(term)
        self._index = PhraseIndex((*self._terms, *ROUND_UPS.aliases))

    def match(self, article: Article) -> tuple[Match, ...]:
        """The topics that the article belongs to, best first."""
        title = self._index.find(words(article.title))
        text = self._index.find(words(_DATELINE.sub("", article.text)))
        round_up = bool(_LIST.search(article.title)) or any(each.phrase in _ROUND_UPS for each in title)
        found: defaultdict[_Spellings, list[tuple[int, Found]]] = defaultdict(list)
        for sentence, each in chain(((_TITLE, each) for each in title), ((each.sentence + 1, each) for each in text)):
            for term in self._terms.get(each.phrase, ()):
                found[term].append((sentence, each))
        matches = []
        for number in dict.fromkeys(number for term in found for number in self._telling.get(term, ())):
            compiled = self._topics[number]
            if not compiled.may_match(found):
                continue
            score, evidence = _best(_mentions(found, compiled.roles), compiled.combinations)
            score = round(min(score * (1 - ROUND_UPS.weight if round_up else 1), 1.0), 4)
            if evidence and score >= ENOUGH:
                matches.append(Match(topic=compiled.topic.slug, article=article.id, score=score, why=_why(evidence)))
        return tuple(sorted(matches, key=lambda match: -match.score))


def _compiled(topic: Topic, numbers: dict[tuple[str, ...], _Spellings]) -> _Compiled:
    roles: defaultdict[_Spellings, list[_Role]] = defaultdict(list)
    sides: defaultdict[int, list[_Spellings]] = defaultdict(list)
    for aliases, role in _roles(topic):
        term = numbers.setdefault(aliases, len(numbers))
        roles[term].append(role)
        sides[role.kind].append(term)
    combinations = _combinations(topic)
    return _Compiled(
        topic=topic,
        roles={term: tuple(each) for term, each in roles.items()},
        combinations=combinations,
        anchors=tuple(sides[_ANCHOR]),
        needed=tuple(tuple(tuple(sides[side]) for side in each) for each in combinations if each),
    )


def _telling(compiled: _Compiled, popular: Mapping[_Spellings, int]) -> Iterable[_Spellings]:
    """The terms without one of which the topic cannot match: its anchors, and one side of each combination."""
    rarest = (min(sides, key=lambda side: sum(popular[each] for each in side)) for sides in compiled.needed)
    return dict.fromkeys(chain(compiled.anchors, *rarest))


def _mentions(
    found: Mapping[_Spellings, Sequence[tuple[int, Found]]], roles: Mapping[_Spellings, Sequence[_Role]]
) -> list[_Mention]:
    """What of the article concerns a topic, in its order; nothing where it has a term that the topic excludes."""
    mentions = [
        _Mention(role, sentence, each.start, each.end)
        for term, meant in roles.items()
        for sentence, each in found.get(term, ())
        for role in meant
    ]
    if any(each.role.kind == _EXCLUDED for each in mentions):
        return []
    return _visible(sorted(mentions, key=lambda each: (each.sentence, each.start)))


def _combinations(topic: Topic) -> tuple[range, ...]:
    """The numbers of the sides that must come together, a range a combination."""
    ends = accumulate(map(len, (topic.sides, *topic.also)))
    return tuple(range(start, end) for start, end in pairwise((0, *ends)))


def _roles(topic: Topic) -> Iterable[tuple[tuple[str, ...], _Role]]:
    sides = [(number, side.terms) for number, side in enumerate(chain(topic.sides, *topic.also))]
    for kind, terms in (*sides, (_ANCHOR, topic.anchors), (_CONTEXT, topic.contexts), (_EXCLUDED, topic.excluded)):
        for term in terms:
            yield term.aliases, _Role(kind, term.name, term.weight)
    if topic.hidden:
        yield topic.hidden, _Role(_HIDDEN, "hidden", 0)


def _visible(mentions: Sequence[_Mention]) -> list[_Mention]:
    """Without what stands inside a hidden phrase."""
    hidden = [each for each in mentions if each.role.kind == _HIDDEN]
    return [each for each in mentions if not any(_within(each, other) for other in hidden)]


def _within(inner: _Mention, outer: _Mention) -> bool:
    return inner.sentence == outer.sentence and outer.start <= inner.start and inner.end <= outer.end


def _best(mentions: Sequence[_Mention], combinations: Sequence[range]) -> tuple[float, _Evidence | None]:
    contexts = [each for each in mentions if each.role.kind == _CONTEXT]
    scored = [
        (evidence.strength * _weakening(evidence, contexts), evidence)
        for evidence in _evidence([each for each in mentions if each.role.kind >= _ANCHOR], combinations)
    ]
    return max(scored, key=lambda each: each[0], default=(0.0, None))


def _evidence(mentions: Sequence[_Mention], combinations: Sequence[range]) -> Iterable[_Evidence]:
    in_title = any(each.sentence == _TITLE for each in mentions)
    by_place: defaultdict[tuple[int, int], list[_Mention]] = defaultdict(list)
    for each in mentions:
        by_place[each.sentence, each.role.kind].append(each)
    for sentence in {each.sentence for each in mentions}:
        place = 1.0 if sentence == _TITLE else _IN_TEXT if in_title else _TEXT_ALONE
        for anchor in by_place.get((sentence, _ANCHOR), ()):
            yield _Evidence(anchor.role.weight * place, (anchor,))
        for sides in combinations:
            for together in product(*(by_place.get((sentence, side), ())[:_MENTIONS] for side in sides)):
                if together and _distinct(together):
                    yield _Evidence(prod(each.role.weight for each in together) * _nearness(together) * place, together)
            if sentence != _TITLE and sentence <= _FIRST_SENTENCES:
                yield from _across(by_place, sentence, sides)


def _across(by_place: dict[tuple[int, int], list[_Mention]], sentence: int, sides: range) -> Iterable[_Evidence]:
    """Some sides in the title, the others in a first sentence of the text."""
    choices = [(by_place.get((_TITLE, side)) or by_place.get((sentence, side), []))[:_MENTIONS] for side in sides]
    for together in product(*choices):
        if len({each.sentence for each in together}) > 1:
            yield _Evidence(prod(each.role.weight for each in together) * _ACROSS, together)


def _distinct(together: Sequence[_Mention]) -> bool:
    return len({(each.sentence, each.start) for each in together}) == len(together)


def _nearness(together: Sequence[_Mention]) -> float:
    """From 1 for mentions within a few words of one another down to _FAR_APART."""
    span = max(each.end for each in together) - min(each.start for each in together)
    beyond = min(max(span - _NEAR, 0), _FAR - _NEAR) / (_FAR - _NEAR)
    return 1 - beyond * (1 - _FAR_APART)


def _weakening(evidence: _Evidence, contexts: Sequence[_Mention]) -> float:
    """What the contexts in the title and in the evidence's sentence leave, each term counted once."""
    weakest: dict[str, float] = {}
    places = {_TITLE, evidence.sentence}
    for context in contexts:
        if context.sentence in places and not any(_within(context, each) for each in evidence.mentions):
            follows = all((context.sentence, context.start) > (each.sentence, each.start) for each in evidence.mentions)
            elsewhere = context.sentence == _TITLE and all(each.sentence != _TITLE for each in evidence.mentions)
            weight = context.role.weight * (_FOLLOWING if follows else _TITLE_SAYS if elsewhere else 1)
            weakest[context.role.name] = max(weight, weakest.get(context.role.name, 0.0))
    return prod(max(1 - weight, 0.0) for weight in weakest.values())


def _why(evidence: _Evidence) -> str:
    names = " + ".join(dict.fromkeys(each.role.name for each in evidence.mentions))
    places = sorted({"title" if each.sentence == _TITLE else "text" for each in evidence.mentions}, reverse=True)
    return f"{names} in the {' and '.join(places)}"
