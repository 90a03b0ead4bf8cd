"""When a process gathers: at its interval, and only while that is its duty."""

from datetime import timedelta

from bot.newsdesk import Shift
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
