"""What a few sentences together are worth as the account of a story: how well its voices' own openings bear them out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from digests.editing.quotable import Quotable
from digests.editing.weights import Vector, likeness, words
from digests.model.stories import Report

# Learnt by benchmarks/train_condense.py from editors' summaries of three outlets' reports (split train alone): by how
# much an account with the feature comes nearer to the editor's.
WEIGHTS = {
    "length": 0.011,
    "length_squared": -0.004,
    "thread": 0.1515,
    "words": 0.0657,
    "titles": 0.1803,
    "title": 0.0409,
    "echo": 0.1045,
    "opening": 0.039,
}
_LEAST_OPENING = 70  # tokens of a voice's text that count as its opening, or as many as there is room for
_VOICES = 8  # more voices than these change no choice, and cost time
_TOKEN = re.compile(r"[\u3400-\u9fff]|\w+")
_STEM = 5  # letters, a stem in any language that is good enough to follow a thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that may be said.

    `trust` is below 1 where its outlet is not independent or writes another language than English. `echo` is its likeness to the nearest sentence of each other voice, `borne_out` how much of its weight stands in
    their texts, both as means from 0 to 1.
    """

    said: Quotable
    vector: Vector
    may_open: bool
    trust: float = 1.0
    tokens: tuple[str, ...] = ()
    echo: float = 0.0
    borne_out: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Sentences in their order, with what the voices have in common with them."""

    picked: tuple[Candidate, ...] = ()
    words: int = 0
    tokens: int = 0
    told: int = 0
    threads: tuple[int, ...] = ()


class Voices:
    """The independent voices of a story as drafts are held against them: their titles, their openings.

    `room` is how many words the account may have.
    """

    def __init__(self, reports: Sequence[Report], room: int) -> None:
        heard = voices(reports)
        self._room = room
        self._bits: dict[str, int] = {}
        self._openings = [
            Opening(tokens(each.article.text or each.article.title)[: max(_LEAST_OPENING, room)]) for each in heard
        ]
        self._said = [self._set(opening.tokens) for opening in self._openings]
        self._titles = [self._set(tokens(each.article.title)) for each in heard]

    def start(self) -> Draft:
        """A draft of nothing."""
        return Draft(threads=tuple(opening.unmatched for opening in self._openings))

    def extend(self, draft: Draft, candidate: Candidate) -> Draft:
        """The draft with a further sentence at its end."""
        return Draft(
            picked=(*draft.picked, candidate),
            words=draft.words + candidate.said.words,
            tokens=draft.tokens + len(candidate.tokens),
            told=draft.told | self._set(candidate.tokens),
            threads=tuple(
                opening.follow(thread, candidate.tokens)
                for opening, thread in zip(self._openings, draft.threads, strict=True)
            ),
        )

    def features(self, draft: Draft) -> tuple[float, ...]:
        """The values of the features in the order of WEIGHTS; the draft is not empty."""
        length = draft.words / self._room
        told = draft.told.bit_count()
        return (
            length,
            length * length,
            _mean(
                2 * (opening.size - thread.bit_count()) / (draft.tokens + opening.size)
                for opening, thread in zip(self._openings, draft.threads, strict=True)
            ),
            _mean(_overlap(draft.told, told, said) for said in self._said),
            _mean(_overlap(draft.told, told, title) for title in self._titles),
            max((draft.told & title).bit_count() / (title.bit_count() or 1) for title in self._titles),
            sum(each.echo * each.said.words for each in draft.picked) / draft.words,
            draft.picked[0].borne_out,
        )

    def value(self, draft: Draft) -> float:
        """What a draft that is not empty is worth; of two the greater is the better account."""
        return sum(weight * feature for weight, feature in zip(WEIGHTS.values(), self.features(draft), strict=True))

    def _set(self, of: Iterable[str]) -> int:
        bits = 0
        for token in of:
            bits |= 1 << self._bits.setdefault(token, len(self._bits))
        return bits


def voices(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Of each independent origin the fullest report, of as many as are worth hearing."""
    fullest: dict[str, Report] = {}
    for report in reports:
        known = fullest.get(report.origin)
        if known is None or len(report.article.text) > len(known.article.text):
            fullest[report.origin] = report
    return tuple(fullest.values())[:_VOICES]


def weighed(pool: Sequence[Candidate], reports: Sequence[Report]) -> tuple[Candidate, ...]:
    """The candidates with what the other voices make of them."""
    heard = voices(reports)
    texts = {each.origin: frozenset(words(f"{each.article.title} {each.article.text}")) for each in heard}
    origins = {report.article.id: report.origin for report in reports}
    by_origin: dict[str, list[Candidate]] = {}
    for each in pool:
        by_origin.setdefault(origins[each.said.article.id], []).append(each)
    found = []
    for each in pool:
        others = [origin for origin in texts if origin != origins[each.said.article.id]]
        total = sum(each.vector.values()) or 1.0
        found.append(
            replace(
                each,
                tokens=tokens(each.said.text),
                echo=_mean(
                    max((likeness(each.vector, other.vector) for other in by_origin.get(origin, ())), default=0.0)
                    for origin in others
                ),
                borne_out=_mean(
                    sum(weight for term, weight in each.vector.items() if term in texts[origin]) / total
                    for origin in others
                ),
            )
        )
    return tuple(found)


class Opening:
    """One voice's opening; follows the longest common subsequence with a growing text, by bits (Hyyrö 2004)."""

    def __init__(self, of: Sequence[str]) -> None:
        self.tokens = of
        self.size = len(of)
        self.unmatched = (1 << self.size) - 1
        self._places: dict[str, int] = {}
        for place, token in enumerate(of):
            self._places[token] = self._places.get(token, 0) | 1 << place

    def follow(self, thread: int, said: Iterable[str]) -> int:
        """The bits of the opening that stay unmatched when `said` goes on."""
        for token in said:
            matched = thread & self._places.get(token, 0)
            thread = ((thread + matched) | (thread - matched)) & self.unmatched
        return thread


def tokens(text: str) -> tuple[str, ...]:
    """Words in their order, function words too, shortened to what mostly is their stem; Chinese by character."""
    return tuple(token[:_STEM] for token in _TOKEN.findall(text.casefold()))


def _overlap(one: int, size: int, other: int) -> float:
    return 2 * (one & other).bit_count() / (size + other.bit_count() or 1)


def _mean(values: Iterable[float]) -> float:
    found = tuple(values)
    return sum(found) / len(found) if found else 0.0
