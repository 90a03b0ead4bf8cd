"""The present: this machine's, or in a rehearsal another day's at another speed. The only place that reads the time."""

from datetime import UTC, datetime

from config.settings import Rehearsal
from digests.ports import Clock


def machine_clock() -> datetime:
    """The present of this machine: for leases, pauses and network timeouts."""
    return datetime.now(UTC)  # noqa: TID251 this is the home of the time


def rehearsal_clock(rehearsal: Rehearsal) -> Clock:
    """A clock that showed `replayed` when this machine showed `present`, and runs `speed` times as fast."""

    def clock() -> datetime:
        return rehearsal.replayed + (machine_clock() - rehearsal.present) * rehearsal.speed

    return clock
