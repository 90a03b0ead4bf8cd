"""How likely two articles in different languages report the same event: by names, acts, numbers and dates that both tell."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from operator import mul

from digests.filing.evidence import Rarity
from digests.filing.sheets import Sheet
from digests.filing.weights import ACROSS, INTERCEPT_ACROSS
from digests.model.articles import ArticleId

FEATURES_ACROSS = (
    "cosine",
    "covered",
    "covered_least",
    "shared",
    "rarest",
    "second_rarest",
    "third_rarest",
    "numbers",
    "other_numbers",
    "acts",
    "other_acts",
    "people",
    "other_people",
    "other_places",
    "days",
)

_FEWEST = 2  # names, acts or numbers in common, below which a pair is not looked at
_COMMON = 0.05  # what more than this share of the window tells finds no candidates


class Languages:
    """What the articles of the window tell in no language, and who of another language tells it, too."""

    def __init__(self) -> None:
        self._sheets: dict[ArticleId, Sheet] = {}
        self._frequency: Counter[str] = Counter()
        self._holders: defaultdict[str, defaultdict[str, dict[ArticleId, None]]] = defaultdict(
            lambda: defaultdict(dict)
        )

    def count(self, sheets: Collection[Sheet]) -> None:
        """Let these count before any of them is compared."""
        for sheet in sheets:
            self._frequency.update(sheet.meant_told)

    def rarity(self) -> Rarity:
        """What each meaning weighs at the moment."""
        return Rarity(self._frequency, len(self._sheets))

    def add(self, sheet: Sheet, rarity: Rarity, hours: float) -> Iterator[tuple[ArticleId, tuple[float, ...]]]:
        """Take an article in; yields those of other languages within some hours, with the evidence for each."""
        common = max(30.0, len(self._sheets) * _COMMON)
        shared: Counter[ArticleId] = Counter()
        for meaning in sheet.meant:
            if self._frequency[meaning] <= common:
                for language, holders in self._holders[meaning].items():
                    if language != sheet.language:
                        shared.update(iter(holders))
        for other in shared:
            there = self._sheets[other]
            if abs(there.hours - sheet.hours) <= hours and len(sheet.meant & there.meant_told) >= _FEWEST:
                yield other, evidence_across(sheet, there, rarity)
        self._sheets[sheet.article] = sheet
        for meaning in sheet.meant:
            self._holders[meaning][sheet.language][sheet.article] = None

    def remove(self, article: ArticleId) -> None:
        """Let an article go that has left the window."""
        sheet = self._sheets.pop(article)
        self._frequency.subtract(sheet.meant_told)
        for meaning in sheet.meant:
            del self._holders[meaning][sheet.language][article]


def likely_across(found: tuple[float, ...]) -> float:
    """The logarithmic odds of one story."""
    odds: float = INTERCEPT_ACROSS + sum(map(mul, ACROSS, found))
    return odds


def evidence_across(a: Sheet, b: Sheet, rarity: Mapping[str, float]) -> tuple[float, ...]:
    """The evidence in the order of FEATURES_ACROSS; symmetrical."""
    both = a.meant & b.meant
    weight_a, weight_b = (sum(rarity[each] for each in sheet.meant) or 1.0 for sheet in (a, b))
    covered = sorted(
        (
            sum(rarity[each] for each in a.meant & b.meant_told) / weight_a,
            sum(rarity[each] for each in b.meant & a.meant_told) / weight_b,
        )
    )
    rarest = (*sorted((rarity[each] for each in both), reverse=True)[:3], 0.0, 0.0, 0.0)
    square = sum(rarity[each] ** 2 for each in both)
    lengths = [sum(rarity[each] ** 2 for each in sheet.meant) or 1.0 for sheet in (a, b)]
    numbers, acts = (_starting(sign, a.meant, b.meant) for sign in "#~")
    return (
        square / math.sqrt(lengths[0] * lengths[1]),
        sum(covered) / 2,
        covered[0],
        sum(rarity[each] for each in both) / 10,
        *rarest[:3],
        len(numbers[0] & numbers[1]),
        _apart(*numbers),
        len(acts[0] & acts[1]),
        _apart(*acts),
        bool(a.people & b.people),
        _apart(a.people, b.people),
        _apart(a.places_told, b.places_told),
        abs(a.hours - b.hours) / 24,
    )


def _starting(sign: str, *told: frozenset[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(each for each in meant if each[0] == sign) for meant in told)


def _apart(a: AbstractSet[str], b: AbstractSet[str]) -> bool:
    return bool(a and b) and a.isdisjoint(b)
