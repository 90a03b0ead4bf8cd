"""What the neighbours say: two articles that resemble the same third ones are likelier of one story than their words tell."""

import heapq
import math
from collections.abc import Callable, Collection, Mapping
from functools import cache
from operator import mul

from digests.filing.likeness import LEAST, Likeness, logistic
from digests.filing.weights import COMPANY, INTERCEPT_AMONG
from digests.model.articles import ArticleId

COMPANY_FEATURES = (
    "odds",
    "common",
    "best_third",
    "second_third",
    "ahead_of_both",
    "ahead_of_one",
    "rivals",
    "odds_common",
)

_FAINT = 0.1  # neighbours that weigh less together say nothing

Links = Mapping[ArticleId, Mapping[ArticleId, float]]


class Company:
    """The probabilities of links now that neighbours are asked; it remembers them until a link of either end changes."""

    def __init__(self) -> None:
        self.likely: dict[ArticleId, dict[ArticleId, float]] = {}

    def ask(self, changed: Collection[ArticleId], likeness: Likeness) -> None:
        """Judge the links of these articles anew; those that likeness no longer holds are let go."""
        company = evidence_among(likeness.links)
        for article in changed:
            for other in self.likely.pop(article, ()):
                self.likely[other].pop(article, None)
        for a in changed:
            for b, told in likeness.evidence.get(a, {}).items():
                if a < b or b not in changed:
                    odds = INTERCEPT_AMONG + told + sum(map(mul, COMPANY, company(a, b)))
                    if (probability := logistic(odds)) >= LEAST:
                        self.likely.setdefault(a, {})[b] = self.likely.setdefault(b, {})[a] = probability


def evidence_among(links: Links) -> Callable[[ArticleId, ArticleId], tuple[float, ...]]:
    """What the company says of a linked pair, in the order of COMPANY_FEATURES; symmetrical.

    Lengths and rivals are worked out once an article, so ask again when links have changed.
    """

    @cache
    def length(article: ArticleId) -> float:
        return sum(probability * probability for probability in links[article].values())

    @cache
    def nearest(article: ArticleId) -> list[tuple[float, ArticleId]]:
        return heapq.nlargest(2, ((probability, other) for other, probability in links[article].items()))

    def rival(article: ArticleId, beside: ArticleId) -> float:
        return next((probability for probability, other in nearest(article) if other != beside), 0.0)

    def evidence(a: ArticleId, b: ArticleId) -> tuple[float, ...]:
        near_a, near_b = links[a], links[b]
        own = near_a[b]
        shared = [(near_a[third], near_b[third]) for third in near_a.keys() & near_b.keys()]
        thirds = heapq.nlargest(2, map(min, shared))
        best, second = (*thirds, 0.0, 0.0)[:2]
        length_a, length_b = (math.sqrt(max(0.0, length(article) - own * own)) for article in (a, b))
        dot = sum(here * there for here, there in shared)
        common = dot / (length_a * length_b) if min(length_a, length_b) > _FAINT else 0.0
        rival_a, rival_b = rival(a, b), rival(b, a)
        odds = math.log(own / (1 - own + 1e-6))
        return (
            odds,
            common,
            best,
            second,
            own - max(rival_a, rival_b),
            own - min(rival_a, rival_b),
            min(rival_a, rival_b),
            odds * common,
        )

    return evidence
