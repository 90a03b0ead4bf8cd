import asyncio
import logging
from datetime import UTC, datetime

import pytest

from bot import jobs
from bot.jobs import Jobs
from digests.errors import StorageError

SOON = 5  # seconds, for what takes milliseconds


def machine_clock():
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def _frequent_housekeeping(monkeypatch):
    """It does nothing here, and its runs tell that time has passed in which others might have run."""
    monkeypatch.setattr(jobs, "HOUSEKEEPING_EVERY", 0.01)


class Work:
    """Counts its runs; does what it is told to in each."""

    def __init__(self, deed=None):
        self.deed = deed
        self.runs = 0
        self.again = asyncio.Condition()

    async def __call__(self):
        self.runs += 1
        async with self.again:
            self.again.notify_all()
        if self.deed is not None:
            await self.deed()

    async def has_run(self, times):
        async with self.again:
            await asyncio.wait_for(self.again.wait_for(lambda: self.runs >= times), SOON)


class Running:
    """Jobs that are stopped at the end whatever happens."""

    def __init__(self, gather=None, tick=None, housekeeping=None, *, gather_every=0.01, tick_every=0.01):
        self.gather, self.tick, self.housekeeping = gather or Work(), tick or Work(), housekeeping or Work()
        self.jobs = Jobs(
            gather=self.gather,
            tick=self.tick,
            housekeeping=self.housekeeping,
            gather_every=gather_every,
            tick_every=tick_every,
            machine_clock=machine_clock,
        )

    async def __aenter__(self):
        await self.jobs.start()
        return self

    async def __aexit__(self, *_):
        await self.jobs.stop()


async def test_each_job_runs_again_and_again_at_fractions_of_a_second():
    async with Running() as running:
        await running.gather.has_run(3)
        await running.tick.has_run(3)


async def test_gathering_starts_at_once_and_deliveries_follow_its_first_pass():
    end = asyncio.Event()
    async with Running(gather=Work(end.wait), gather_every=3600) as running:
        await running.housekeeping.has_run(5)
        assert running.tick.runs == 0
        end.set()
        await running.tick.has_run(2)
        assert running.gather.runs == 1


async def test_deliveries_begin_too_when_the_first_pass_fails():
    async def fail():
        raise StorageError("the disk is full")

    async with Running(gather=Work(fail), gather_every=3600) as running:
        await running.tick.has_run(1)


async def test_deliveries_wait_a_minute_at_most(monkeypatch, caplog):
    monkeypatch.setattr(jobs, "HOLD", 0.02)
    async with Running(gather=Work(asyncio.Event().wait)) as running:
        await running.tick.has_run(3)
    assert len([record for record in caplog.records if "not ended" in record.message]) == 1


async def test_no_job_overlaps_with_itself_and_nothing_is_said_of_it(caplog):
    caplog.set_level(logging.INFO)
    end = asyncio.Event()
    async with Running(gather=Work(end.wait)) as running:
        await running.housekeeping.has_run(5)
        assert running.gather.runs == 1
        end.set()
        await running.gather.has_run(2)
    assert [record for record in caplog.records if record.name.startswith("apscheduler")] == []


async def test_housekeeping_runs_at_its_interval():
    async with Running() as running:
        await running.housekeeping.has_run(2)


@pytest.mark.parametrize(("problem", "traceback"), [(ZeroDivisionError("a bug"), True), (StorageError("full"), False)])
async def test_a_job_that_raises_runs_again_and_the_same_problem_is_logged_once(problem, traceback, caplog):
    async def fail():
        raise problem

    async with Running(tick=Work(fail)) as running:
        await running.tick.has_run(4)
    (record,) = caplog.records
    assert (record.levelname, bool(record.exc_info)) == ("ERROR", traceback)


async def test_a_problem_that_comes_back_after_a_good_run_is_logged_again(caplog):
    ends = [ZeroDivisionError("a bug"), None, ZeroDivisionError("a bug"), TypeError("another"), None]

    async def fail():
        if ends and (problem := ends.pop(0)):
            raise problem

    async with Running(tick=Work(fail)) as running:
        await running.tick.has_run(6)
    assert len(caplog.records) == 3


async def test_stopping_breaks_off_what_is_under_way_and_waits_for_its_end(caplog):
    ended = []

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("gathering")

    running = Running(gather=Work(forever))
    await running.jobs.start()
    await running.gather.has_run(1)
    await running.jobs.stop()
    assert ended == ["gathering"]
    async with Running() as others:
        await others.tick.has_run(5)
    assert (running.gather.runs, running.tick.runs) == (1, 0)
    assert caplog.records == []


async def test_stopping_what_never_started_is_no_error():
    await Running().jobs.stop()
