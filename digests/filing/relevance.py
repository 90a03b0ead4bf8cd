"""Decides which topics an article belongs to, how well, and says why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    weight=0.5,
    aliases=(
        "press review", "big headlines", "top headlines", "headlines today", "top stories", "top updates",
        "morning news", "evening news", "news briefing", "morning briefing", "daily briefing", "week in review",
        "daily quiz", "news quiz", "global relations reads", "things to know today", "обзор прессы", "главное за день",
        "итоги дня", "огляд преси", "головне за день", "підсумки дня", "新闻早报", "每日要闻", "一周回顾",
    ),
)  # fmt: skip

_ROUND_UPS = frozenset(ROUND_UPS.aliases)

_IN_TEXT = 0.9  # of a match in the title, where the title names one of the sides
_TEXT_ALONE = 0.45  # where the title names none: half a sentence of background
_ACROSS = 0.65  # one side in the title, the other in the first sentences of the text
_FIRST_SENTENCES = 2
_NEAR, _FAR, _FAR_APART = 9, 34, 0.6  # words from first to last; from _FAR on, a match counts _FAR_APART
_FOLLOWING = 0.5  # a context after the whole match weakens half as much as one before or inside it
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


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A topic as articles are held against it: what each phrase means to it, and which sides must come together."""

    topic: Topic
    roles: dict[str, tuple[_Role, ...]]
    combinations: tuple[range, ...]


class Relevance:
    """Topics compiled into one index. `match` is pure.

    An article meets only the topics of which it has a rare term: an anchor, or a term of the side that fewest other topics
    share. So it costs as much as it has words, and hardly more where thousands of topics name the same countries.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = tuple(_compiled(topic) for topic in topics)
        popular = Counter(phrase for each in self._topics for phrase in each.roles)
        self._telling: defaultdict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(self._topics):
            for phrase in _telling(each, popular):
                self._telling[phrase].append(number)
        self._index = PhraseIndex((*popular, *ROUND_UPS.aliases))

    def match(self, article: Article) -> tuple[Match, ...]:
        """The topics that the article belongs to, best first."""
        found = [(_TITLE, each) for each in self._index.find(words(article.title))]
        round_up = any(each.phrase in _ROUND_UPS for _, each in found)
        found += [(each.sentence + 1, each) for each in self._index.find(words(article.text))]
        phrases = dict.fromkeys(each.phrase for _, each in found)
        matches = []
        for number in dict.fromkeys(number for phrase in phrases for number in self._telling.get(phrase, ())):
            compiled = self._topics[number]
            score, evidence = _best(_mentions(found, compiled.roles), compiled.combinations)
            score = round(min(score * (1 - ROUND_UPS.weight if round_up else 1), 1.0), 4)
            if evidence and score >= ENOUGH:
                matches.append(Match(topic=compiled.topic.slug, article=article.id, score=score, why=_why(evidence)))
        return tuple(sorted(matches, key=lambda match: -match.score))


def _compiled(topic: Topic) -> _Compiled:
    roles: defaultdict[str, list[_Role]] = defaultdict(list)
    for phrase, role in _roles(topic):
        roles[phrase].append(role)
    return _Compiled(topic, {phrase: tuple(each) for phrase, each in roles.items()}, _combinations(topic))


def _telling(compiled: _Compiled, popular: Mapping[str, int]) -> Iterable[str]:
    """The phrases without one of which the topic cannot match: its anchors, and one side of each combination."""
    sides: defaultdict[int, list[str]] = defaultdict(list)
    for phrase, roles in compiled.roles.items():
        for role in roles:
            sides[role.kind].append(phrase)
    rarest = (
        min((sides[side] for side in combination), key=lambda side: sum(popular[each] for each in side), default=[])
        for combination in compiled.combinations
    )
    return dict.fromkeys(chain(sides[_ANCHOR], *rarest))


def _mentions(found: Sequence[tuple[int, Found]], roles: Mapping[str, Sequence[_Role]]) -> list[_Mention]:
    """What of the article concerns a topic; nothing where it has a term that the topic excludes."""
    mentions = [
        _Mention(role, sentence, each.start, each.end)
        for sentence, each in found
        for role in roles.get(each.phrase, ())
    ]
    if any(each.role.kind == _EXCLUDED for each in mentions):
        return []
    return _visible(mentions)


def _combinations(topic: Topic) -> tuple[range, ...]:
    """The numbers of the sides that must come together, a range a combination."""
    ends = accumulate(map(len, (topic.sides, *topic.also)))
    return tuple(range(start, end) for start, end in pairwise((0, *ends)))


def _roles(topic: Topic) -> Iterable[tuple[str, _Role]]:
    sides = [(number, side.terms) for number, side in enumerate(chain(topic.sides, *topic.also))]
    for kind, terms in (*sides, (_ANCHOR, topic.anchors), (_CONTEXT, topic.contexts), (_EXCLUDED, topic.excluded)):
        for term in terms:
            for alias in term.aliases:
                yield alias, _Role(kind, term.name, term.weight)
    for phrase in topic.hidden:
        yield phrase, _Role(_HIDDEN, phrase, 0)


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
            weight = context.role.weight * (_FOLLOWING if follows else 1)
            weakest[context.role.name] = max(weight, weakest.get(context.role.name, 0.0))
    return prod(max(1 - weight, 0.0) for weight in weakest.values())


def _why(evidence: _Evidence) -> str:
    names = " + ".join(dict.fromkeys(each.role.name for each in evidence.mentions))
    places = sorted({"title" if each.sentence == _TITLE else "text" for each in evidence.mentions}, reverse=True)
    return f"{names} in the {' and '.join(places)}"
