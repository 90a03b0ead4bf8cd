"""What speaks for and against two articles being of one story: words, time, names, speakers, kinds, phases, topics."""

import math
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from digests.filing.sheets import Sheet

FEATURES = (
    "titles",
    "wholes",
    "root_wholes",
    "second_rarest",
    "log_gap",
    "days",
    "over_20_hours",
    "same_outlet",
    "same_number",
    "leads",
    "wholes_with_leads",
    "one_is_no_report",
    "same_kind",
    "same_phase",
    "other_phases",
    "one_second_day",
    "titles_same_day",
    "wholes_same_day",
    "rarest_same_day",
    "second_rarest_same_day",
    "same_person",
    "two_same_persons",
    "other_persons",
    "each_an_own_person",
    "same_body",
    "other_bodies",
    "other_places",
    "other_first_name",
    "same_place_told",
    "shared_of_all",
    "unshared",
    "beside_speakers",
    "speakers",
    "same_topic",
    "other_topics",
    "beside_names_same_day",
    "pairs_of_words",
)

_Vector = dict[str, float]  # of length one


@dataclass(frozen=True, slots=True)
class Seen:
    """A sheet and its vectors, of the title and of title and lead together (the same object where there is no lead).

    `unspoken` is the length of the title without whom it quotes, `plain` that without names.
    """

    sheet: Sheet
    title: _Vector
    whole: _Vector
    unspoken: float
    plain: float


class Rarity(dict[str, float]):
    """What a term weighs: the logarithm of how many articles there are for each that holds it."""

    def __init__(self, frequency: Mapping[str, int], articles: int) -> None:
        super().__init__()
        self._frequency = frequency
        self._articles = articles + 200  # in a small window no term is rare

    def __missing__(self, term: str) -> float:
        weight = self[term] = math.log(self._articles / (self._frequency[term] + 0.5))
        return weight


def seen(sheet: Sheet, rarity: Rarity) -> Seen:
    """Weigh the terms of an article."""
    title = _unit({term: math.sqrt(n) * rarity[term] for term, n in Counter(sheet.title).items()})
    whole = title
    if sheet.lead:
        counts = Counter(sheet.title * 2 + sheet.lead)
        whole = _unit({term: math.sqrt(n) * rarity[term] for term, n in counts.items()})
    unspoken = math.sqrt(sum(weight * weight for term, weight in title.items() if term not in sheet.speaker))
    plain = math.sqrt(sum(title[term] * title[term] for term in sheet.plain))
    return Seen(sheet, title, whole, unspoken, plain)


def evidence(one: Seen, other: Seen, rarity: Rarity) -> tuple[float, ...]:
    """The evidence in the order of FEATURES; symmetrical."""
    a, b = one.sheet, other.sheet
    in_titles = one.title.keys() & other.title.keys()
    titles = sum(one.title[term] * other.title[term] for term in in_titles)
    if one.whole is one.title and other.whole is other.title:
        in_both, wholes = in_titles, titles
    else:
        in_both = one.whole.keys() & other.whole.keys()
        wholes = sum(one.whole[term] * other.whole[term] for term in in_both)
    rarest, second = (*sorted((rarity[term] for term in in_both), reverse=True)[:2], 0.0, 0.0)[:2]
    shared = sum(rarity[term] for term in in_titles)
    only_a = [rarity[term] for term in one.title if term not in in_titles]
    only_b = [rarity[term] for term in other.title if term not in in_titles]
    gap = abs(a.hours - b.hours)
    day = math.exp(-gap / 24)
    with_leads = bool(a.lead and b.lead)
    return (
        titles,
        wholes,
        math.sqrt(wholes),
        second,
        math.log1p(gap),
        gap / 24,
        gap > 20,
        a.outlet == b.outlet,
        bool(a.numbers & b.numbers),
        with_leads,
        wholes if with_leads else 0.0,
        bool(a.kinds) != bool(b.kinds),
        bool(a.kinds & b.kinds),
        bool(a.phases & b.phases),
        _apart(a.phases, b.phases),
        ("second day" in a.phases) != ("second day" in b.phases),
        titles * day,
        wholes * day,
        rarest * day,
        second * day,
        bool(a.people & b.people),
        len(a.people & b.people) > 1,
        _apart(a.people, b.people),
        bool(a.people - b.people and b.people - a.people),
        bool(a.bodies & b.bodies),
        _apart(a.bodies, b.bodies),
        _apart(a.places, b.places),
        a.first is not None and b.first is not None and a.first != b.first,
        bool(a.places_told & b.places_told),
        shared / (shared + sum(only_a) + sum(only_b) or 1.0),
        max(only_a, default=0.0) + max(only_b, default=0.0),
        _cosine(one, other, in_titles - a.speaker - b.speaker, one.unspoken * other.unspoken),
        len(a.speaker & b.speaker) / max(1, len(a.speaker | b.speaker)),
        bool(a.topics & b.topics),
        _apart(a.topics, b.topics),
        day * _cosine(one, other, in_titles & a.plain & b.plain, one.plain * other.plain),
        math.log1p(len(a.pairs & b.pairs)),
    )


def _apart(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and a.isdisjoint(b)


def _cosine(one: Seen, other: Seen, terms: AbstractSet[str], lengths: float) -> float:
    """The cosine of parts of two titles, by the terms that both parts hold and the product of their lengths."""
    return sum(one.title[term] * other.title[term] for term in terms) / lengths if terms else 0.0


def _unit(vector: _Vector) -> _Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / length for term, weight in vector.items()}
