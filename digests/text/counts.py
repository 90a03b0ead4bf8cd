"""Which figures of two texts count the same thing, and whether they differ. Pure; where in doubt, they don't."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from digests.text.facts import Figure, Stage, facts, figures
from digests.text.tokens import terms

_CLAUSE = re.compile(r"[;:!?。；：]|,\s|—|\s–\s|\.\s|，|\s(?:and|while|but|as|after|и|а|та|і)\s")
_HEDGED_UP = re.compile(
    r"(?:at least|more than|over|above|не менее|не менш|более|понад|至少|超过|逾)\W*(?:US)?[$€£]?$", re.IGNORECASE
)
_HEDGED = re.compile(
    r"(?:about|around|nearly|almost|some|roughly|approximately|close to|up to|as many as|less than|fewer than|under|estimated|"
    r"около|почти|до|близько|майже|约|近|最多)\W*(?:US)?[$€£]?$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-ZА-ЯІЇЄҐ][\w’'-]*")
_CLOSE = 0.1  # a tenth apart, figures may be one another's rounding
_NOT_COUNTED = frozenset(
    [
        "hour",
        "day",
        "week",
        "month",
        "year",
        "minut",
        "time",
        "round",
        "point",
        "page",
        "part",
        "step",
        "stage",
        "way",
        "thing",
        "km",
        "kilometr",
        "mile",
        "metr",
    ]
)
_WORDS_AFTER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A figure with what it is about: what is counted, the acts of its clause, and who is named before it in the clause.

    `at_least` of a figure that is a lower bound, `about` of one that is a rough one. `words` are the text's own.
    """

    value: float
    unit: str
    counted: frozenset[str]
    acts: frozenset[str]
    actors: frozenset[str]
    at_least: bool
    about: bool
    words: str


def counts(text: str) -> tuple[Count, ...]:
    """The figures of a sentence that say what they count and in which act; others can be compared with nothing."""
    found = []
    for figure in figures(text):
        clause, start = _clause(text, figure)
        acts = frozenset(act.name for act in facts(clause).acts if act.stage is Stage.DONE)
        counted = figure.counts - _NOT_COUNTED
        if not acts or not counted or counted != figure.counts:
            continue
        before = text[: figure.start]
        found.append(
            Count(
                value=figure.value,
                unit=figure.unit,
                counted=counted,
                acts=acts,
                actors=frozenset(_actors(clause[: figure.start - start])),
                at_least=bool(_HEDGED_UP.search(before.rstrip())),
                about=bool(_HEDGED.search(before.rstrip())),
                words=_words(text, figure),
            )
        )
    return tuple(found)


def comparable(one: Count, other: Count) -> bool:
    """Whether both count the same things in the same acts of the same parties."""
    return (
        one.unit == other.unit
        and one.counted == other.counted
        and one.acts == other.acts
        and (one.actors <= other.actors or other.actors <= one.actors)
    )


def differ(one: Count, other: Count) -> bool:
    """Whether two comparable figures cannot both be right: neither a bound nor a rounding of the other."""
    less, more = sorted((one, other), key=lambda each: each.value)
    if less.at_least or one.about or other.about:
        return False
    return more.value - less.value > (_CLOSE * more.value if more.value >= 20 else 0)


def unambiguous(said: tuple[Count, ...]) -> tuple[Count, ...]:
    """Without figures of one text that seem to count the same and are not the same."""
    confused = {
        id(each)
        for one, other in combinations(said, 2)
        if comparable(one, other) and one.value != other.value
        for each in (one, other)
    }
    return tuple(each for each in said if id(each) not in confused)


def _clause(text: str, figure: Figure) -> tuple[str, int]:
    start = max((cut.end() for cut in _CLAUSE.finditer(text, 0, figure.start)), default=0)
    end = _CLAUSE.search(text, figure.end)
    return text[start : end.start() if end else len(text)], start


def _actors(before: str) -> Iterator[str]:
    """Whoever is named: words with a capital that are no acts, at the start of the sentence too."""
    for word in _CAPITAL.findall(before):
        if not facts(word).acts:
            yield from terms(word)


def _words(text: str, figure: Figure) -> str:
    """The figure with a few words on either side, whole words only."""
    before = text[: figure.start].split()[-3:]
    after = text[figure.end :].split()[:_WORDS_AFTER]
    glued = "" if text[figure.end : figure.end + 1].strip() else " "
    return f"{' '.join(before)} {text[figure.start : figure.end]}{glued}{' '.join(after)}".strip()


def same_terms(one: str, other: str) -> bool:
    """Whether two short texts have the same terms, whatever their case, order and endings."""
    return set(terms(one)) == set(terms(other))
