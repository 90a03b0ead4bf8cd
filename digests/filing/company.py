"""What the neighbours say: two articles that resemble the same third ones are likelier of one story than their words tell."""

import math
from collections.abc import Callable, Collection, Mapping
from functools import cache
from operator import mul

from digests.filing.likeness import Likeness, logistic
from digests.filing.weights import COMPANY, INTERCEPT_AMONG
from digests.model.articles import ArticleId

COMPANY_FEATURES = (
    "odds",
    "common",
    "best_third",
    "odds_common",
)

_LEAST = 0.2  # what is less likely, once neighbours are asked, holds nothing together
_FAINT = 0.1  # neighbours that weigh less together say nothing

Links = Mapping[ArticleId, Mapping[ArticleId, float]]


class Company:
    """The probabilities of links now that neighbours are asked; it remembers them until a link of either end changes."""

    def __init__(self) -> None:
        self.likely: dict[ArticleId, dict[ArticleId, float]] = {}

    def ask(self, changed: Collection[ArticleId], likeness: Likeness) -> None:
        """Judge the links of these articles anew, near topics by their neighbours; those that likeness no longer holds are let go."""
        company = evidence_among(likeness.links)
        for article in changed:
            for other in self.likely.pop(article, ()):
                self.likely[other].pop(article, None)
        for a in changed:
            asked = likeness.evidence.get(a, {})
            for b, alone in likeness.links.get(a, {}).items():
                if a < b or b not in changed:
                    probability = self._among(asked[b], company(a, b)) if b in asked else alone
                    if probability >= _LEAST:
                        self.likely.setdefault(a, {})[b] = self.likely.setdefault(b, {})[a] = probability

    def _among(self, told: float, company: tuple[float, ...]) -> float:
        return logistic(INTERCEPT_AMONG + told + sum(map(mul, COMPANY, company)))


def evidence_among(links: Links) -> Callable[[ArticleId, ArticleId], tuple[float, ...]]:
    """What the company says of a linked pair, in the order of COMPANY_FEATURES; symmetrical.

    Lengths are worked out once an article, so ask again when links have changed.
    """

    @cache
    def length(article: ArticleId) -> float:
        return sum(probability * probability for probability in links[article].values())

    def evidence(a: ArticleId, b: ArticleId) -> tuple[float, ...]:
        near_a, near_b = links[a], links[b]
        own = near_a[b]
        shared = [(near_a[third], near_b[third]) for third in near_a.keys() & near_b.keys()]
        length_a, length_b = (math.sqrt(max(0.0, length(article) - own * own)) for article in (a, b))
        dot = sum(here * there for here, there in shared)
        common = dot / (length_a * length_b) if min(length_a, length_b) > _FAINT else 0.0
        odds = math.log(own / (1 - own + 1e-6))
        return odds, common, max(map(min, shared), default=0.0), odds * common

    return evidence
