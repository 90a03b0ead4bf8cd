"""The present: this machine's, or in a rehearsal another day's at another speed. The only place that reads the time."""

import time
from datetime import UTC, datetime, timedelta

from config.settings import Rehearsal
from digests.ports import Clock


def machine_clock() -> datetime:
    """The present of this machine: for leases, pauses and network timeouts."""
    return datetime.now(UTC)  # noqa: TID251 this is the home of the time


_SINCE_START = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the first counts on while the machine sleeps


def steady_clock() -> datetime:
    """A clock that nobody sets: it shows no time of day, but goes right while this machine's own is put right."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time.clock_gettime_ns(_SINCE_START) // 1_000)


def program_clock(rehearsal: Rehearsal | None) -> Clock:
    """Give the clock that all editorial and delivery time follows: the machine's, or the rehearsal's."""
    if rehearsal is None:
        return machine_clock

    def clock() -> datetime:
        return rehearsal.replayed + (machine_clock() - rehearsal.present) * rehearsal.speed

    return clock
