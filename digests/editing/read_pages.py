"""The pass that reads the pages of what the next digests bring with titles alone. It only orders the calls."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from digests.editing.pages import failed, read, speakers, wanted
from digests.editing.ranking import rank, spread
from digests.model.articles import Article, ArticleId, Page
from digests.model.sources import Feed
from digests.model.stories import Story, Window
from digests.model.topics import TopicSlug
from digests.ports import Clock, PageArchive, PageFailure, PageFetcher, PageReader, People

_LONGEST = 20.0  # seconds in which pages are begun
_GRACE = 20.0  # seconds that one has then to come
_HOSTS_AT_ONCE = 8
_MOST = 8  # stories a topic: as many as a digest brings in all


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesReport:
    """What one pass came to: pages read and failed, and those for which there was no time; `seconds` are this machine's."""

    read: int
    failures: tuple[str, ...]
    left: int
    seconds: float


class PagePass:
    """Reads pages for stories that will be shown: one after the other at a host, several hosts at once.

        stories of each topic ─► rank, spread ─► speakers ─► wanted ─► fetch ─► read ─► opening ─┐
                                                    pages asked ┘        └────────┴─ a failure ──┴─► save

    What has not begun when `longest` seconds are over is left to the next pass.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        fetcher: PageFetcher,
        reader: PageReader,
        archive: PageArchive,
        clock: Clock,
        *,
        longest: float = _LONGEST,
        grace: float = _GRACE,
    ) -> None:
        self._feeds = {feed.slug: feed for feed in in_full(feeds)}
        self._fetcher = fetcher
        self._reader = reader
        self._archive = archive
        self._clock = clock
        self._longest = longest
        self._grace = grace

    async def read(self, topics: Iterable[TopicSlug], window: Window) -> PagesReport:
        """One pass over the topics' stories of a window. Raises StorageError."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        stories = {slug: await self._archive.stories(slug, window) for slug in sorted(set(topics))}
        told = await asyncio.to_thread(self._told, stories, window)
        known = await self._archive.pages([article.id for each in told for article in each])
        queue = wanted(told, known, self._clock())
        pages = await self._of_all(queue, known, begun + self._longest)
        if pages:
            await self._archive.save_pages(pages)
        return PagesReport(
            read=sum(bool(page.text) for page in pages),
            failures=tuple(page.problem for page in pages if page.problem is not None),
            left=len(queue) - len(pages),
            seconds=loop.time() - begun,
        )

    def _told(self, stories: Mapping[TopicSlug, Sequence[Story]], window: Window) -> list[tuple[Article, ...]]:
        shown = [
            each.lead for slug, found in stories.items() for each in spread(rank({slug: found}, window.end))[:_MOST]
        ]
        return [speakers(each, self._feeds.keys()) for each in shown]

    async def _of_all(
        self, queue: Sequence[Article], known: Mapping[ArticleId, Page], deadline: float
    ) -> tuple[Page, ...]:
        hosts: defaultdict[str, list[Article]] = defaultdict(list)
        for article in queue:
            hosts[urlsplit(article.url).hostname or ""].append(article)
        turn = asyncio.Semaphore(_HOSTS_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._of_host(each, known, turn, deadline)) for each in hosts.values()]
        return tuple(page for task in tasks for page in task.result())

    async def _of_host(
        self, queue: Sequence[Article], known: Mapping[ArticleId, Page], turn: asyncio.Semaphore, deadline: float
    ) -> list[Page]:
        pages: list[Page] = []
        async with turn:
            for article in queue:
                if asyncio.get_running_loop().time() >= deadline:
                    break
                text = await self._text(article, deadline + self._grace)
                if text is None:
                    break
                pages.append(await asyncio.to_thread(self._page, article, text, known.get(article.id)))
        return pages

    def _page(self, article: Article, text: str | PageFailure, before: Page | None) -> Page:
        now = self._clock()
        if isinstance(text, PageFailure):
            return failed(article, text.reason, text.retry_after, now, before)
        return read(article, text, now, before)

    async def _text(self, article: Article, end: float) -> str | PageFailure | None:
        try:
            async with asyncio.timeout_at(end) as limit:
                document = await self._fetcher.fetch(article.url, self._feeds[article.feed])
                if document is None or isinstance(document, PageFailure):
                    return document
                return await self._reader.read(document)
        except TimeoutError:
            if not limit.expired():
                raise
            return PageFailure(reason="It was not read before the pass ended.")


def in_full(feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """The feeds in service whose articles' pages are to be read."""
    return tuple(feed for feed in feeds if feed.enabled and feed.full_text)


async def followed(people: People) -> frozenset[TopicSlug]:
    """The topics of which anybody is sent digests. Raises StorageError."""
    return frozenset(slug for each in await people.all() if each.paused is None for slug in each.topics)
