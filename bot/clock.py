"""The present: this machine's, or in a rehearsal another day's at another speed. The only place that reads the time."""

from datetime import UTC, datetime

from config.settings import Rehearsal
from digests.ports import Clock


def machine_clock() -> datetime:
    """The present of this machine: for leases, pauses and network timeouts."""
    return datetime.now(UTC)  # noqa: TID251 this is the home of the time


def program_clock(rehearsal: Rehearsal | None) -> Clock:
    """Give the clock that all editorial and delivery time follows: the machine's, or the rehearsal's."""
    if rehearsal is None:
        return machine_clock

    def clock() -> datetime:
        return rehearsal.replayed + (machine_clock() - rehearsal.present) * rehearsal.speed

    return clock
