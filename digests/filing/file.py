"""The filing pass: new articles are given topics, an origin and a story, once, in one transaction a batch.

unfiled ─► relevance ─► matches ─┐
   │                             ├─► Filing ─► archive
placed (the last four days) ─► originals, desk ─► placements, moved
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from time import perf_counter

from digests.filing.reprints import Originals
from digests.filing.sheets import Sheet, sheet_of
from digests.filing.stories import Desk
from digests.model.articles import Article
from digests.model.stories import Placement, Report, StoryId
from digests.model.topics import Match
from digests.ports import Clock, Filing, FilingArchive
from digests.text.names import Names

_BATCH = 1000
_WINDOW = timedelta(hours=96)
"""How far back placed articles are looked at: the 72 h in which two articles may be of one story, and a day for late ones.

Articles older than that (a feed's first reading brings months) are grouped among the others of their batch.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingReport:
    """What a pass did; `moved` counts articles that came to another story, `seconds` are of this machine."""

    filed: int
    matches: int
    moved: int
    seconds: float


class Filer:
    """Files what was gathered. It keeps what it has read of the window from pass to pass; the archive stays the truth."""

    def __init__(
        self, archive: FilingArchive, relevance: Callable[[Article], tuple[Match, ...]], names: Names, clock: Clock
    ) -> None:
        self._archive = archive
        self._relevance = relevance
        self._names = names
        self._clock = clock
        self._desk = Desk()
        self._originals = Originals()

    async def file(self) -> FilingReport:
        """File all that is unfiled, oldest first; a batch that cannot be saved raises StorageError and stays unfiled."""
        start = perf_counter()
        filed = matches = moved = 0
        while articles := await self._archive.unfiled(_BATCH):
            placed = await self._archive.placed_since(self._clock() - _WINDOW)
            filing = await asyncio.to_thread(self._decide, articles, placed)
            await self._archive.save_filing(filing)
            filed += len(filing.filed)
            matches += len(filing.matches)
            moved += len(filing.placements) - len(filing.filed)
            if len(articles) < _BATCH:
                break
        return FilingReport(filed=filed, matches=matches, moved=moved, seconds=perf_counter() - start)

    def _decide(self, articles: Sequence[Article], placed: Sequence[tuple[Report, StoryId]]) -> Filing:
        former = {report.article.id: story for report, story in placed}
        origins = {report.article.id: report.origin for report, _ in placed}
        lacking = [report for report, _ in placed if self._desk.lacks(report.article.id)]
        self._originals.remove([article for article in self._originals if article not in former])
        known = [self._sheet(report.article, self._relevance(report.article)) for report in lacking]
        for report, sheet in zip(lacking, known, strict=True):
            self._originals.add(report.article, sheet, report.origin)
        matches = [self._relevance(article) for article in articles]
        fresh = list(map(self._sheet, articles, matches))
        for article, sheet in zip(articles, fresh, strict=True):
            origins[article.id] = self._originals.add(article, sheet)
        naming = self._desk.group(former, fresh, known)
        return Filing(
            filed=tuple(article.id for article in articles),
            matches=tuple(chain.from_iterable(matches)),
            placements=tuple(
                Placement(article=article, story=story, origin=origins[article])
                for article, story in naming.stories.items()
                if former.get(article) != story
            ),
            moved=naming.moved,
        )

    def _sheet(self, article: Article, matches: Sequence[Match]) -> Sheet:
        return sheet_of(article, self._names, frozenset(match.topic for match in matches))
