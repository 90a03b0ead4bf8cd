"""Which sentences of a story stand under its headline: central ones, each of which adds to what was said."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from digests.editing.quotable import Quotable, quotable
from digests.editing.voices import Voice, voice
from digests.editing.weights import Vector, centre, familiar, likeness, vector, words
from digests.model.stories import Length, Report, Sentence

_HEARD = 0.3  # what words of a title still count that were said already
_FIRST = 0.15  # what the first sentence of an article gains
_OTHER_LANGUAGE = 0.5
_ALIKE = 0.65  # two sentences this like each other say the same
_NEW_TERMS = 2
_NEW_SHARE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be said: sentences and words in all and of one article.

    `least` is how good a further sentence must be, as a share of the best one: where little is left to say, less is
    said. Against editors' own summaries two central sentences do better than four that fill the room.
    """

    sentences: int
    words: int
    sentences_an_article: int = 2
    words_an_article: int = 60
    least: float = 0.5


ROOMS = {
    Length.SHORT: Room(sentences=1, words=40),
    Length.NORMAL: Room(sentences=3, words=65),
    Length.LONG: Room(sentences=6, words=130),
}
MORE = Room(sentences=10, words=400, sentences_an_article=4, words_an_article=120, least=0.2)


def select(
    reports: Sequence[Report], headline: str, room: Room, *, among: Sequence[Report] | None = None
) -> tuple[Sentence, ...]:
    """The sentences of `among` (all reports unless given) to stand under a headline, independent outlets' first.

    State media never open them where an independent outlet reports the story: their sentences come after one of its
    own, or not at all.
    """
    vouched = any(voice(report, reports) is Voice.INDEPENDENT for report in reports)
    pool = [
        _Candidate(said=said, vector=vector(said.text), may_open=not vouched or whose is Voice.INDEPENDENT)
        for report, whose in ((report, voice(report, reports)) for report in (reports if among is None else among))
        for said in quotable(report.article)
    ]
    return tuple(
        Sentence(text=each.said.text, article=each.said.article.id, speaker=each.said.article.outlet.name)
        for each in _pick(pool, centre(reports), headline, room)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    said: Quotable
    vector: Vector
    may_open: bool


def _pick(pool: Sequence[_Candidate], middle: Vector, headline: str, room: Room) -> list[_Candidate]:
    """Take greedily the best of what still fits and adds, until the next is too little."""
    picked: list[_Candidate] = []
    told: AbstractSet[str] = frozenset(words(headline))
    above = vector(headline)
    enough = 0.0
    while len(picked) < room.sentences:
        fitting = [each for each in pool if _fits(each, picked, room) and _adds(each, picked, told, above)]
        if not fitting:
            break
        best = max(fitting, key=lambda each: _worth(each, picked, middle, told))
        worth = _worth(best, picked, middle, told)
        if worth < enough:
            break
        enough = enough or worth * room.least
        picked.append(best)
        told = told | best.said.terms
    return picked


def _fits(candidate: _Candidate, picked: Sequence[_Candidate], room: Room) -> bool:
    said = candidate.said
    same = [other.said for other in picked if other.said.article.id == said.article.id]
    return (
        (bool(picked) or candidate.may_open)
        and all(other.said is not said for other in picked)
        and sum(other.said.words for other in picked) + said.words <= room.words
        and len(same) < room.sentences_an_article
        and sum(other.words for other in same) + said.words <= room.words_an_article
    )


def _adds(candidate: _Candidate, picked: Sequence[_Candidate], told: AbstractSet[str], above: Vector) -> bool:
    """Whether it tells something: new words that are not familiar, and unlike each sentence before.

    A title must be unlike the headline `above`, too: it was written to say the same.
    """
    telling = {term for term in candidate.said.terms if not familiar(term)}
    new = telling - told
    if len(new) < _NEW_TERMS or len(new) < _NEW_SHARE * len(telling):
        return False
    if candidate.said.place < 0 and likeness(candidate.vector, above) >= _ALIKE:
        return False
    return all(likeness(candidate.vector, other.vector) < _ALIKE for other in picked)


def _worth(candidate: _Candidate, picked: Sequence[_Candidate], middle: Vector, told: AbstractSet[str]) -> float:
    """How central it is, less what it repeats.

    A sentence of a text may tell the headline's matter in full and is held against the sentences before; a title beside
    a title counts for what it adds.
    """
    if candidate.said.place < 0:
        unheard = {term: weight * (_HEARD if term in told else 1.0) for term, weight in candidate.vector.items()}
        value = likeness(unheard, middle)
    else:
        repeated = max((likeness(candidate.vector, other.vector) for other in picked), default=0.0)
        value = likeness(candidate.vector, middle) + _FIRST / (1 + candidate.said.place) - repeated
    return value if candidate.said.article.language == "en" else value * _OTHER_LANGUAGE
