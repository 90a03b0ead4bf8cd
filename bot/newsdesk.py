"""Gathering and filing as one piece of work, with a line of figures to read for each pass."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digests.editing.compose import Composer
from digests.filing.file import Filer, FilingReport
from digests.gathering.gather import Gatherer, GatherReport
from digests.ports import Clock, FilingArchive, GatheringArchive, ReadingArchive

_log = logging.getLogger(__name__)


class Archive(GatheringArchive, FilingArchive, ReadingArchive, Protocol):
    """All that the newsroom asks of an archive, and forgetting."""

    async def prune(self, before: datetime) -> None:
        """Forget articles first seen before."""
        ...


async def _nothing() -> None:
    """Nobody follows topics in his own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsdesk:
    """What turns feeds into digests, once it is wired."""

    archive: Archive
    gatherer: Gatherer
    filer: Filer
    composer: Composer
    before_filing: Callable[[], Awaitable[object]] = _nothing

    async def gather_and_file(self) -> GatherReport:
        """One pass of each; the second files what the first brought. Raises StorageError."""
        gathered = await self.gatherer.gather()
        _log.info("%s", gathering_line(gathered))
        for failure in gathered.failures:
            _log.debug("Feed %s: %s", failure.feed, failure.reason)
        await self.before_filing()
        filed = await self.filer.file()
        _log.info("%s", filing_line(filed))
        return gathered


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

    async def gather(self) -> None:
        """One pass of each where one is due and the duty is this process's. Raises StorageError, DutyLost."""
        now = self._machine_clock()
        if (self._last is None or now - self._last >= self._every) and self._begin():
            self._last = now
            await self._desk.gather_and_file()


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
