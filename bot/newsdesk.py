"""Gathering and filing as one piece of work, with a line of figures to read for each pass."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digests.editing.compose import Composer
from digests.editing.read_pages import PagePass, PagesReport
from digests.filing.file import Filer, FilingReport
from digests.gathering.gather import Gatherer, GatherReport
from digests.model.stories import Window
from digests.model.topics import TopicSlug
from digests.ports import Clock, FilingArchive, GatheringArchive, PageArchive, ReadingArchive

_log = logging.getLogger(__name__)

DAY = timedelta(hours=24)


class Archive(GatheringArchive, FilingArchive, PageArchive, ReadingArchive, Protocol):
    """All that the newsroom asks of an archive, and forgetting."""

    async def prune(self, before: datetime) -> None:
        """Forget articles first seen before."""
        ...

    async def prune_pages(self, before: datetime) -> None:
        """Forget pages asked for before."""
        ...


async def _nothing() -> None:
    """Nobody follows topics in his own words."""


async def _nobody() -> Iterable[TopicSlug]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsdesk:
    """What turns feeds into digests, once it is wired.

    `pages` is there where a feed is to be read in full; after filing it reads what the next digests of the topics that
    are `followed` would bring.
    """

    archive: Archive
    gatherer: Gatherer
    filer: Filer
    composer: Composer
    clock: Clock
    pages: PagePass | None = None
    before_filing: Callable[[], Awaitable[object]] = _nothing
    followed: Callable[[], Awaitable[Iterable[TopicSlug]]] = _nobody

    async def gather_and_file(self) -> GatherReport:
        """One pass of each; the second files what the first brought, a third may read pages of it. Raises StorageError."""
        gathered = await self.gatherer.gather()
        _log.info("%s", gathering_line(gathered))
        for failure in gathered.failures:
            _log.debug("Feed %s: %s", failure.feed, failure.reason)
        await self.before_filing()
        filed = await self.filer.file()
        _log.info("%s", filing_line(filed))
        if self.pages is not None:
            now = self.clock()
            await self.read_pages(await self.followed(), Window(start=now - DAY, end=now))
        return gathered

    async def read_pages(self, topics: Iterable[TopicSlug], window: Window) -> None:
        """Read the pages of what digests of the topics would bring with titles alone, where that is wished.

        Raises StorageError.
        """
        if self.pages is not None:
            report = await self.pages.read(topics, window)
            _log.info("%s", pages_line(report))
            for problem, count in Counter(report.failures).most_common():
                _log.debug("Pages without a text, %d: %s", count, problem)


class Shift:
    """Passes at their interval, as long as they are this process's duty, which `begin` says and takes upon it.

    It may be asked more often than a pass is due: a worker that takes over then need not wait for a whole interval.
    """

    def __init__(self, desk: Newsdesk, begin: Callable[[], bool], every: float, machine_clock: Clock) -> None:
        self._desk = desk
        self._begin = begin
        self._every = timedelta(seconds=every) * 0.9  # what comes a little early has come at its time
        self._machine_clock = machine_clock
        self._last: datetime | None = None

    async def gather(self) -> GatherReport | None:
        """One pass of each where one is due and the duty is this process's, else None. Raises StorageError, DutyLost."""
        now = self._machine_clock()
        if (self._last is not None and now - self._last < self._every) or not self._begin():
            return None
        self._last = now
        return await self._desk.gather_and_file()


def gathering_line(report: GatherReport) -> str:
    """The pass in figures."""
    return (
        f"Gathered {report.new} new articles from {report.due} feeds in {report.seconds:.2f} s: {report.read} read, "
        f"{report.unchanged} unchanged, {len(report.failures)} failed, {len(report.truncated)} with a gap."
    )


def failure_lines(report: GatherReport) -> list[str]:
    """Why feeds were not read: those that failed, then those that rest since they did."""
    failed = [f"{each.feed}: {each.reason}" for each in report.failures]
    return failed + [
        f"{each.feed}: left alone until {each.next_check:%d %b %H:%M} UTC, for it failed {each.failures}×. {each.problem}"
        for each in report.resting
    ]


def filing_line(report: FilingReport) -> str:
    """The pass in figures."""
    return f"Filed {report.filed} articles in {report.seconds:.2f} s: {report.matches} on a topic, {report.moved} moved to another story."


def pages_line(report: PagesReport) -> str:
    """The pass in figures."""
    return (
        f"Read {report.read} pages in {report.seconds:.2f} s: {len(report.failures)} without a text, "
        f"{report.left} left for later."
    )
