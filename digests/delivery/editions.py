"""When an edition is due: a schedule's local times turned into instants, once a local date and slot. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from digests.model.people import Edition, Subscription
from digests.model.stories import Window

OVERDUE = timedelta(hours=12)  # later than this a digest is old news, and the next one covers it
LATE = timedelta(minutes=30)
FIRST_LOOK_BACK = timedelta(hours=24)
OVERLAP = timedelta(hours=2)
LONGEST_LOOK_BACK = timedelta(hours=72)
_HOUR = timedelta(hours=1)
_STEP = timedelta(minutes=5)
_DAY = timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Slot(NamedTuple):
    """One time on one local date, ordered by the moment in UTC that it falls on; then the later date and time win."""

    due: datetime
    day: date
    time: time


def instant(day: date, slot: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which a clock in `zone` shows `slot` on `day`: exactly one for each.

    A time that occurs twice is taken the first time; one that the clocks skip comes as much later as they jump.
    """
    return datetime.combine(day, slot.replace(fold=0), tzinfo=zone).astimezone(UTC)


def next_edition(subscription: Subscription, after: datetime) -> Edition | None:
    """The first edition due after `after`; None where nothing will ever be sent as things stand.

    Of two slots that fall on one moment, because the clocks skipped the first, the second counts.
    """
    after = max(after, subscription.schedule.since)
    best: Slot | None = None
    # Some zones jump across midnight, so that a slot of the evening comes after one of the next morning: hence one
    # day more on both sides.
    for slot in _slots(subscription, after, first=-1, last=9):
        if best is not None and slot.day > best.day + _DAY:
            break
        if slot.due > after and (best is None or slot.due <= best.due):
            best = slot
    return best and _edition(subscription, best)


def due_edition(subscription: Subscription, now: datetime) -> Edition | None:
    """The edition that should be with its reader by now: the newest slot of the last 12 hours.

    Older slots fold into it, and none counts that is not after the schedule's `since`.
    """
    earliest = max(now - OVERDUE, subscription.schedule.since)
    passed = (slot for slot in _slots(subscription, now, first=-1, last=1) if earliest < slot.due <= now)
    newest = max(passed, default=None)
    return newest and _edition(subscription, newest)


def overdue(edition: Edition, now: datetime) -> bool:
    """Whether its time is so long past that it is dropped."""
    return edition.due <= now - OVERDUE


def late(edition: Edition, now: datetime) -> bool:
    """Whether its reader should be told that it comes late."""
    return now - edition.due > LATE


def window(covered_until: datetime | None, edition: Edition, now: datetime) -> Window:
    """What an edition composed now should cover, where its reader's last digest ended at `covered_until`.

    It is the same for many readers, so that they can have one digest: the end is a multiple of five minutes, or the
    moment that the edition is due; the start a full hour. Two hours overlap, for news is filed after it is published;
    what was shown is kept out by the stories' novelty.
    """
    end = max(_floored(now, _STEP), min(edition.due, now))
    if covered_until is None:
        return Window(start=_floored(end - FIRST_LOOK_BACK, _HOUR), end=end)
    return Window(start=_floored(max(min(covered_until, end) - OVERLAP, end - LONGEST_LOOK_BACK), _HOUR), end=end)


def _floored(moment: datetime, step: timedelta) -> datetime:
    return moment - (moment - _LONG_AGO) % step


def _slots(subscription: Subscription, around: datetime, *, first: int, last: int) -> Iterator[Slot]:
    """What is wanted on the days from `first` to `last`, counted from the local date at `around`."""
    schedule = subscription.schedule
    if subscription.paused is not None or not subscription.topics:
        return
    zone = ZoneInfo(schedule.zone or "UTC")
    today = around.astimezone(zone).date()
    for offset in range(first, last + 1):
        day = today + timedelta(days=offset)
        if day.weekday() in schedule.days:
            for slot in schedule.slots:
                yield Slot(instant(day, slot, zone), day, slot)


def _edition(subscription: Subscription, slot: Slot) -> Edition:
    return Edition(
        address=subscription.address,
        day=slot.day,
        slot=slot.time,
        due=slot.due,
        zone=subscription.schedule.zone or "UTC",
        city=subscription.schedule.city,
    )
