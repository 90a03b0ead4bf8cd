"""When a process gathers, and what belongs to a pass."""

import logging
from datetime import timedelta
from types import SimpleNamespace

from bot.newsdesk import Newsdesk, Shift
from digests.editing.read_pages import PagesReport
from digests.filing.file import FilingReport
from digests.gathering.gather import GatherReport
from digests.model.stories import Window
from tests.builders import NOON


class Desk:
    """Counts its passes."""

    def __init__(self):
        self.passes = 0

    async def gather_and_file(self):
        self.passes += 1


class Duty:
    """A duty that is ours or not."""

    def __init__(self):
        self.ours = True

    def begin(self):
        return self.ours


async def test_it_gathers_at_its_interval_however_often_it_is_asked():
    desk, now = Desk(), [NOON]
    shift = Shift(desk, Duty().begin, 300, lambda: now[0])
    for seconds, passes in ((0, 1), (15, 1), (284, 2), (15, 2), (300, 3)):
        now[0] += timedelta(seconds=seconds)
        await shift.gather()
        assert desk.passes == passes


async def test_who_takes_over_gathers_at_once_and_who_has_lost_the_duty_no_more():
    desk, duty, now = Desk(), Duty(), [NOON]
    shift = Shift(desk, duty.begin, 300, lambda: now[0])
    duty.ours = False
    await shift.gather()
    assert desk.passes == 0
    now[0] += timedelta(seconds=15)
    duty.ours = True
    await shift.gather()
    assert desk.passes == 1
    duty.ours = False
    now[0] += timedelta(seconds=300)
    await shift.gather()
    assert desk.passes == 1


class Doing:
    """A pass that notes that it was called, and ends with its report."""

    def __init__(self, name, report, done):
        self.name, self.report, self.done = name, report, done

    async def gather(self, *asked):
        self.done.append((self.name, *asked))
        return self.report

    file = read = gather


def desk_of(done, **more):
    gathered = GatherReport(
        due=0, read=0, unchanged=0, failures=(), truncated=(), dead=(), resting=(), new=0, seconds=0
    )
    filed = FilingReport(filed=0, matches=0, moved=0, seconds=0)
    return Newsdesk(
        archive=SimpleNamespace(),
        clock=lambda: NOON,
        gatherer=Doing("gather", gathered, done),
        filer=Doing("file", filed, done),
        composer=SimpleNamespace(),
        **more,
    )


async def test_pages_are_read_after_filing_for_what_is_followed_and_told_in_figures(caplog):
    caplog.set_level(logging.DEBUG)
    done = []
    report = PagesReport(read=3, failures=("Busy.", "Busy.", "Gone."), left=2, seconds=1)

    async def followed():
        return ("ukraine-talks",)

    await desk_of(done, pages=Doing("read", report, done), followed=followed).gather_and_file()
    day = Window(start=NOON - timedelta(days=1), end=NOON)
    assert done == [("gather",), ("file",), ("read", ("ukraine-talks",), day)]
    assert "Read 3 pages in 1.00 s: 3 without a text, 2 left for later." in caplog.text
    assert "Pages without a text, 2: Busy." in caplog.text


async def test_where_no_feed_is_to_be_read_in_full_nobody_is_asked_what_is_followed():
    done = []

    async def followed():
        done.append("asked")

    desk = desk_of(done, followed=followed)
    await desk.gather_and_file()
    await desk.read_pages(["ukraine-talks"], Window(start=NOON, end=NOON))
    assert done == [("gather",), ("file",)]
