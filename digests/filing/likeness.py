"""How likely it is that two articles report the same event, from what each says: links between articles of the window."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import mul

from digests.filing.evidence import FEATURES, Rarity, Seen, evidence, seen
from digests.filing.languages import Languages, likely_across
from digests.filing.sheets import Sheet
from digests.filing.weights import AFAR, ALONE, AMONG, INTERCEPT_AFAR, INTERCEPT_ALONE
from digests.model.articles import ArticleId

WINDOW_HOURS = 72.0
"""Articles published further apart are never linked."""

LEAST = 0.1
"""Probabilities below this are not kept."""

_FLOOR = 0.08  # a pair whose decayed cosines of titles and of texts stay below this on average is not looked at
_FADE_HOURS = 48.0
_BESIDE_SPEAKERS = FEATURES.index("beside_speakers")
_COMMON = 0.06  # a term in more than this share of the window finds no candidates; it still counts in their cosines


class Likeness:
    """The articles of the window, and for each the articles that may be of one story with it.

    `links` says how likely a pair is of one story by itself; `evidence` what speaks for it once its neighbours are asked,
    too, where stories are many and alike: near a topic, and between statements. Both hold each pair from both sides.
    Elsewhere, and across languages, a pair stands by itself.

    Words weigh by how rare they are among the articles of the window, so that "Abu Dhabi" says little on the days of
    the talks. A link is made once, when the later of its two articles is added.
    """

    def __init__(self) -> None:
        self.links: dict[ArticleId, dict[ArticleId, float]] = {}
        self.evidence: dict[ArticleId, dict[ArticleId, float]] = {}
        self._seen: dict[ArticleId, Seen] = {}
        self._languages = Languages()
        self._frequency: Counter[str] = Counter()
        self._holders: defaultdict[str, dict[ArticleId, tuple[float, float]]] = defaultdict(dict)

    def add(self, sheets: Iterable[Sheet]) -> set[ArticleId]:
        """Take articles in, all of them counted before any is compared; one that is in already stays as it was.

        Returns those that have other links than before.
        """
        fresh = [sheet for sheet in sheets if sheet.article not in self._seen]
        for sheet in fresh:
            self._frequency.update(sheet.words)
        self._languages.count(fresh)
        articles = len(self._seen) + len(fresh)
        rarity, meant = Rarity(self._frequency, articles), self._languages.rarity()
        for sheet in fresh:
            self._add(seen(sheet, rarity), rarity, max(30.0, articles * _COMMON))
            for other, found in self._languages.add(sheet, meant, WINDOW_HOURS):
                self._link(sheet.article, other, self.weigh_across(found, sheet.article, other))
        return {other for sheet in fresh for other in (sheet.article, *self.links[sheet.article])}

    def remove(self, articles: Iterable[ArticleId]) -> set[ArticleId]:
        """Let articles go that have left the window; returns those that have fewer links than before."""
        fewer: set[ArticleId] = set()
        for article in articles:
            words = self._seen.pop(article).sheet.words
            self._languages.remove(article)
            fewer.discard(article)
            del self.evidence[article]
            for other in self.links.pop(article):
                del self.links[other][article]
                self.evidence[other].pop(article, None)
                fewer.add(other)
            for term in words:
                self._frequency[term] -= 1
                del self._holders[term][article]
                if not self._frequency[term]:
                    del self._frequency[term], self._holders[term]
        return fewer

    def _add(self, one: Seen, rarity: Rarity, common: float) -> None:
        article = one.sheet.article
        self.links[article], self.evidence[article] = {}, {}
        for other in self._candidates(one, common):
            there = self._seen[other]
            found = evidence(one, there, rarity)
            if _of_one_ministry(one.sheet, there.sheet, found):
                continue
            near = _crowded(one.sheet, there.sheet)
            linked = self._link(article, other, self.weigh(found, article, other, near=near))
            if linked and near:
                self.evidence[article][other] = self.evidence[other][article] = sum(map(mul, AMONG, found))
        self._seen[article] = one
        for term, weight in one.whole.items():
            self._holders[term][article] = (one.title.get(term, 0.0), weight)

    def _link(self, article: ArticleId, other: ArticleId, probability: float) -> bool:
        if linked := probability >= LEAST:
            self.links[article][other] = self.links[other][article] = probability
        return linked

    def weigh(self, found: tuple[float, ...], _a: ArticleId, _b: ArticleId, *, near: bool) -> float:
        """How likely a pair is by itself; whoever learns the weights looks here at what there is."""
        if near:
            return logistic(INTERCEPT_ALONE + sum(map(mul, ALONE, found)))
        return logistic(INTERCEPT_AFAR + sum(map(mul, AFAR, found)))

    def weigh_across(self, found: tuple[float, ...], _a: ArticleId, _b: ArticleId) -> float:
        """The same for a pair in two languages."""
        return logistic(likely_across(found))

    def _candidates(self, one: Seen, common: float) -> Iterable[ArticleId]:
        """Articles near in time that share rarer words, judged by the sum of both cosines over those words."""
        sums: defaultdict[ArticleId, float] = defaultdict(float)
        for term, weight in one.whole.items():
            if self._frequency[term] > common:
                continue
            in_title = one.title.get(term, 0.0)
            for other, (other_title, other_whole) in self._holders[term].items():
                sums[other] += in_title * other_title + weight * other_whole
        for other, both in sums.items():
            if both > 2 * _FLOOR:
                there = self._seen[other].sheet
                gap = abs(there.hours - one.sheet.hours)
                near = gap <= WINDOW_HOURS and there.language == one.sheet.language
                if near and both * math.exp(-gap / _FADE_HOURS) > 2 * _FLOOR:
                    yield other


def _of_one_ministry(a: Sheet, b: Sheet, found: tuple[float, ...]) -> bool:
    """Statements that share nobody but a nameless speaker, who speaks of everything on one day."""
    return a.unnamed and b.unnamed and not found[_BESIDE_SPEAKERS]


def _crowded(a: Sheet, b: Sheet) -> bool:
    return bool(a.topics or b.topics or (a.speaker and b.speaker))


def logistic(x: float) -> float:
    """A probability from its logarithmic odds."""
    return 1 / (1 + math.exp(-x))
