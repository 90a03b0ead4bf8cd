"""When things happen by themselves: gathering, delivery and housekeeping, each at its interval. APScheduler's only home."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from digests.errors import CablegramError
from digests.ports import Clock

logger = logging.getLogger(__name__)

HOUSEKEEPING_EVERY = 3600.0  # seconds
HOLD = 60.0  # seconds that deliveries wait for the first gathering pass, so that no start sends out empty editions

Work = Callable[[], Awaitable[object]]


class Jobs:
    """Runs `gather` (which files, too) at once and then every `gather_every` seconds of this machine, likewise the others.

    No job overlaps with itself; what it misses in the meantime it does once. A job that raises runs again at its next
    time; the same problem is logged once until a run has gone well.
    """

    def __init__(
        self,
        *,
        gather: Work,
        tick: Work,
        housekeeping: Work,
        gather_every: float,
        tick_every: float,
        machine_clock: Clock,
    ) -> None:
        self._gather = gather
        self._tick = tick
        self._machine_clock = machine_clock
        self._work: dict[str, tuple[Work, float]] = {
            "gathering": (self._gather_and_open, gather_every),
            "delivery": (self._tick_when_open, tick_every),
            "housekeeping": (housekeeping, HOUSEKEEPING_EVERY),
        }
        self._open = asyncio.Event()
        self._running: set[asyncio.Task[object]] = set()
        self._problems: dict[str, str] = {}
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    async def start(self) -> None:
        """Begin; gathering starts at once, deliveries when its first pass has ended, or after a minute."""
        # It warns of every run that is skipped because the last one goes on; what jobs raise is logged here.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for name, (work, every) in self._work.items():
            self._scheduler.add_job(partial(self._run, name, work), "interval", seconds=every, id=name, name=name)
        self._scheduler.modify_job("gathering", next_run_time=self._machine_clock())
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing more, break off what is under way and wait until it has ended."""
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it takes a job that is broken off for an error
        if self._scheduler.running:
            self._scheduler.pause()
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # it shuts down in the loop's next turn; what it had begun is in `_running` then
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, name: str, work: Work) -> None:
        task = asyncio.current_task()
        assert task is not None, "jobs are run as tasks"
        self._running.add(task)
        try:
            await work()
        except CablegramError as problem:
            if self._is_new(name, problem):
                logger.error("The job of %s failed and will be tried again: %s", name, problem)  # noqa: TRY400 expected
        except Exception as problem:
            if self._is_new(name, problem):
                logger.exception("The job of %s failed by a bug and will be tried again.", name)
        else:
            self._problems.pop(name, None)
        finally:
            self._running.discard(task)

    def _is_new(self, name: str, problem: Exception) -> bool:
        former, self._problems[name] = self._problems.get(name), repr(problem)
        return former != self._problems[name]

    async def _gather_and_open(self) -> None:
        try:
            await self._gather()
        finally:
            self._open.set()

    async def _tick_when_open(self) -> None:
        try:
            async with asyncio.timeout(HOLD):
                await self._open.wait()
        except TimeoutError:
            logger.warning("Deliveries begin although the first gathering pass has not ended in %d s.", HOLD)
            self._open.set()
        await self._tick()
