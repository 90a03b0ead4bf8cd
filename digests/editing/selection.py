"""Which sentences of a story stand under its headline: central ones, each of which adds to what was said."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from digests.editing.merit import Candidate, Draft, Voices, weighed
from digests.editing.quotable import quotable
from digests.editing.repetition import adds, told
from digests.editing.titles import dates_itself
from digests.editing.voices import Voice, voice
from digests.editing.weights import Vector, centre, familiar, likeness, vector, words
from digests.model.stories import Length, Report, Sentence

_HEARD = 0.3  # what words of a title still count that were said already
_FIRST = 0.15  # what the first sentence of an article gains
_OTHER_LANGUAGE = 0.5
_ALIKE = 0.65  # two sentences this like each other say the same
_NEW_TERMS = 2
_TRUST = {Voice.INDEPENDENT: 1.0, Voice.UNCLEAR: 0.6, Voice.STATE: 0.8}
_ACT = re.compile(
    r"\b(?:says?|tells?|urges?|warns?|calls?|vows?|demands?|rejects?|offers?|agrees?|denies|deny|invites?|proposes?|according to|\d+)\b|[“‘]|^[^:]{2,40}:\s",
    re.IGNORECASE,
)
_ACTED = 1.4  # what a title gains that says who said or did what
_LOOKED_AT = 4  # sentences, and three more for each that may be said
_DRAFTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be said: sentences and words in all and of one article.

    The fullest account stands that is worth at least the share `least` of the best: against editors' own summaries two
    central sentences do better than four that fill the room. `least_title` is the same of each further title alone.
    """

    sentences: int
    words: int
    sentences_an_article: int = 2
    words_an_article: int = 60
    least: float = 1.0
    least_title: float = 0.5


ROOMS = {
    Length.SHORT: Room(sentences=1, words=40),
    Length.NORMAL: Room(sentences=3, words=65),
    Length.LONG: Room(sentences=6, words=130, least=0.0),
}
MORE = Room(sentences=10, words=400, sentences_an_article=4, words_an_article=120, least=0.0, least_title=0.2)


def select(
    reports: Sequence[Report], headline: str, room: Room, *, among: Sequence[Report] | None = None
) -> tuple[Sentence, ...]:
    """The sentences of `among` (all reports unless given) to stand under a headline, independent outlets' first.

    State media never open them where an independent outlet reports the story: their sentences come after one of its
    own, or not at all. First the texts speak, then titles of outlets that gave no more, where they add to that.
    """
    pool = candidates(reports, among or reports)
    texts = _nearest([each for each in pool if each.said.place >= 0], centre(reports), _LOOKED_AT + 3 * room.sentences)
    picked = list(_account(weighed(texts, reports), Voices(reports, room.words), headline, room))
    titles = [each for each in pool if each.said.place < 0 and not dates_itself(each.said.text)]
    picked += _titles(titles, centre(reports), headline, room, picked)
    return tuple(
        Sentence(text=each.said.text, article=each.said.article.id, speaker=each.said.article.outlet.name)
        for each in picked
    )


def candidates(reports: Sequence[Report], among: Sequence[Report]) -> tuple[Candidate, ...]:
    """What the articles of `among` have to say that may be quoted."""
    vouched = any(voice(report, reports) is Voice.INDEPENDENT for report in reports)
    return tuple(
        Candidate(
            said=said,
            vector=vector(said.text),
            may_open=not vouched or whose is Voice.INDEPENDENT,
            trust=_TRUST[whose] * (1.0 if said.article.language == "en" else _OTHER_LANGUAGE),
        )
        for report, whose in ((report, voice(report, reports)) for report in among)
        for said in quotable(report.article)
    )


def _nearest(pool: Sequence[Candidate], middle: Vector, many: int) -> list[Candidate]:
    """As many as are worth a closer look, in their order."""

    def nearness(place: int) -> float:
        candidate = pool[place]
        return candidate.trust * (likeness(candidate.vector, middle) + _FIRST / (1 + candidate.said.place))

    chosen = sorted(range(len(pool)), key=nearness, reverse=True)[:many]
    return [pool[place] for place in sorted(chosen)]


def _account(pool: Sequence[Candidate], voices: Voices, headline: str, room: Room) -> tuple[Candidate, ...]:
    """The best of many drafts that grow by a sentence at a time."""
    known = frozenset(words(headline))
    drafts = [voices.start()]
    fullest: list[tuple[float, Draft]] = []
    for _ in range(room.sentences):
        grown = [voices.extend(draft, each) for draft in drafts for each in pool if goes_on(draft, each, known, room)]
        if not grown:
            break
        valued = nlargest(_DRAFTS, ((voices.value(draft), draft) for draft in grown), key=itemgetter(0))
        fullest.append(valued[0])
        drafts = [draft for _, draft in valued]
    enough = room.least * max((worth for worth, _ in fullest), default=0.0)
    return next((draft.picked for worth, draft in reversed(fullest) if worth >= enough), ())


def goes_on(draft: Draft, candidate: Candidate, told: frozenset[str], room: Room) -> bool:
    """Whether a sentence of a text may come next: it fits, and brings something unlike each sentence before."""
    picked = draft.picked
    if not _fits(candidate, picked, room):
        return False
    told = told.union(*(each.said.terms for each in picked))
    new = {term for term in candidate.said.terms - told if not familiar(term)}
    return len(new) >= _NEW_TERMS and all(likeness(candidate.vector, each.vector) < _ALIKE for each in picked)


def _titles(
    pool: Sequence[Candidate], middle: Vector, headline: str, room: Room, before: Sequence[Candidate]
) -> list[Candidate]:
    """Take greedily the best title of what still fits and adds, until the next is too little."""
    picked = list(before)
    enough = 0.0
    while len(picked) < room.sentences:
        known = told([headline, *(each.said.text for each in picked)])
        fitting = [each for each in pool if _fits(each, picked, room) and adds(each.said.text, known)]
        if not fitting:
            break
        worth, best = max(((_worth(each, middle, known.terms), each) for each in fitting), key=itemgetter(0))
        if worth < enough:
            break
        enough = enough or worth * room.least_title
        picked.append(best)
    return picked[len(before) :]


def _fits(candidate: Candidate, picked: Sequence[Candidate], room: Room) -> bool:
    said = candidate.said
    same = [other.said for other in picked if other.said.article.id == said.article.id]
    return (
        (bool(picked) or candidate.may_open)
        and all(other.said is not said for other in picked)
        and sum(other.said.words for other in picked) + said.words <= room.words
        and len(same) < room.sentences_an_article
        and sum(other.words for other in same) + said.words <= room.words_an_article
    )


def _worth(candidate: Candidate, middle: Vector, told: AbstractSet[str]) -> float:
    """How central a title is by what it adds, the more where it says who said or did what."""
    unheard = {term: weight * (_HEARD if term in told else 1.0) for term, weight in candidate.vector.items()}
    return likeness(unheard, middle) * candidate.trust * (_ACTED if _ACT.search(candidate.said.text) else 1.0)
