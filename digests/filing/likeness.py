"""How likely it is that two articles report the same event: a probability from words, time, speakers and phases."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import mul

from digests.filing.sheets import Sheet
from digests.filing.weights import INTERCEPT, WEIGHTS
from digests.model.articles import ArticleId

WINDOW_HOURS = 72.0
"""Articles published further apart are never linked."""

_FLOOR = 0.1  # a pair whose decayed cosines of titles and of texts stay below this on average is not looked at
_FADE_HOURS = 48.0
_COMMON = 0.06  # a term in more than this share of the window finds no candidates; it still counts in their cosines
_LEAST = 0.05  # probabilities below this are not kept
_COEFFICIENTS = tuple(WEIGHTS.values())

_Vector = dict[str, float]  # of length one


class Likeness:
    """The articles of the window, and for each the articles that may be of one story with it, with probabilities.

    Words weigh by how rare they are among the articles of the window, so that "Abu Dhabi" says little on the days of
    the talks. A link is made once, when the later of its two articles is added.
    """

    def __init__(self) -> None:
        self.links: dict[ArticleId, dict[ArticleId, float]] = {}
        self._sheets: dict[ArticleId, Sheet] = {}
        self._vectors: dict[ArticleId, tuple[_Vector, _Vector]] = {}
        self._frequency: Counter[str] = Counter()
        self._holders: defaultdict[str, dict[ArticleId, tuple[float, float]]] = defaultdict(dict)

    def add(self, sheets: Iterable[Sheet]) -> None:
        """Take articles in, all of them counted before any is compared; one that is in already stays as it was."""
        fresh = [sheet for sheet in sheets if sheet.article not in self._sheets]
        for sheet in fresh:
            self._frequency.update(sheet.words)
        rarity = _Rarity(self._frequency, len(self._sheets) + len(fresh))
        for sheet in fresh:
            self._add(sheet, rarity)

    def remove(self, articles: Iterable[ArticleId]) -> None:
        """Let articles go that have left the window."""
        for article in articles:
            sheet = self._sheets.pop(article)
            del self._vectors[article]
            for other in self.links.pop(article):
                del self.links[other][article]
            for term in sheet.words:
                self._frequency[term] -= 1
                del self._holders[term][article]
                if not self._frequency[term]:
                    del self._frequency[term], self._holders[term]

    def _add(self, sheet: Sheet, rarity: "_Rarity") -> None:
        title = _unit({term: math.sqrt(n) * rarity[term] for term, n in Counter(sheet.title).items()})
        counts = Counter(sheet.title * 2 + sheet.lead)
        whole = _unit({term: math.sqrt(n) * rarity[term] for term, n in counts.items()}) if sheet.lead else title
        links = {}
        for other in self._candidates(sheet, title, whole, rarity):
            seen = features(sheet, (title, whole), self._sheets[other], self._vectors[other], rarity)
            probability = _logistic(INTERCEPT + sum(map(mul, _COEFFICIENTS, seen)))
            if probability >= _LEAST:
                links[other] = probability
                self.links[other][sheet.article] = probability
        self.links[sheet.article] = links
        self._sheets[sheet.article] = sheet
        self._vectors[sheet.article] = (title, whole)
        for term, weight in whole.items():
            self._holders[term][sheet.article] = (title.get(term, 0.0), weight)

    def _candidates(self, sheet: Sheet, title: _Vector, whole: _Vector, rarity: "_Rarity") -> Iterable[ArticleId]:
        """Articles near in time that share rarer words, judged by the sum of both cosines over those words."""
        sums: defaultdict[ArticleId, float] = defaultdict(float)
        for term, weight in whole.items():
            if self._frequency[term] > rarity.common:
                continue
            in_title = title.get(term, 0.0)
            for other, (other_title, other_whole) in self._holders[term].items():
                sums[other] += in_title * other_title + weight * other_whole
        for other, both in sums.items():
            if both > 2 * _FLOOR:
                gap = abs(self._sheets[other].hours - sheet.hours)
                if gap <= WINDOW_HOURS and both * math.exp(-gap / _FADE_HOURS) > 2 * _FLOOR:
                    yield other


class _Rarity(dict[str, float]):
    """What a term weighs: the logarithm of how many articles there are for each that holds it."""

    def __init__(self, frequency: Counter[str], articles: int) -> None:
        super().__init__()
        self._frequency = frequency
        self._articles = articles + 50  # in a small window no term is rare
        self.common = max(30.0, articles * _COMMON)

    def __missing__(self, term: str) -> float:
        weight = self[term] = math.log(self._articles / (self._frequency[term] + 0.5))
        return weight


def features(
    a: Sheet, vectors_a: tuple[_Vector, _Vector], b: Sheet, vectors_b: tuple[_Vector, _Vector], rarity: _Rarity
) -> tuple[float, ...]:
    """The evidence for and against, in the order of WEIGHTS; symmetrical. Vectors are those of title and of whole."""
    (title_a, whole_a), (title_b, whole_b) = vectors_a, vectors_b
    in_titles = title_a.keys() & title_b.keys()
    in_both = in_titles if whole_a is title_a and whole_b is title_b else whole_a.keys() & whole_b.keys()
    titles = sum(title_a[term] * title_b[term] for term in in_titles)
    wholes = titles if in_both is in_titles else sum(whole_a[term] * whole_b[term] for term in in_both)
    rare = sorted((rarity[term] for term in in_both), reverse=True)
    rarest, second = (*rare, 0.0, 0.0)[:2]
    gap = abs(a.hours - b.hours)
    day = math.exp(-gap / 24)
    with_leads = bool(a.lead and b.lead)
    return (
        titles,
        math.sqrt(titles),
        wholes,
        math.sqrt(wholes),
        rarest,
        second,
        max((rarity[term] for term in in_titles), default=0.0),
        len(in_titles) / max(1, min(len(title_a), len(title_b))),
        math.log1p(gap),
        gap / 24,
        gap > 20,
        a.outlet == b.outlet,
        bool(a.numbers & b.numbers),
        bool(a.numbers and b.numbers and not a.numbers & b.numbers),
        bool(a.speaker & b.speaker),
        bool(a.speaker and b.speaker and not a.speaker & b.speaker),
        with_leads,
        wholes if with_leads else 0.0,
        bool(a.kinds) != bool(b.kinds),
        bool(a.kinds & b.kinds),
        bool(a.phases & b.phases),
        bool(a.phases and b.phases and not a.phases & b.phases),
        ("second day" in a.phases) != ("second day" in b.phases),
        titles * day,
        wholes * day,
        math.exp(-gap / 6),
        rarest * day,
        second * day,
    )


def _unit(vector: _Vector) -> _Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / length for term, weight in vector.items()}


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
