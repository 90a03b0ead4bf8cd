"""When an edition is due: a schedule's local times turned into instants, once a local date and slot. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.model.people import Address, Edition, Schedule, Subscription
from digests.model.stories import Window

OVERDUE = timedelta(hours=12)  # later than this a digest is old news, and the next one covers it
LATE = timedelta(minutes=30)
FIRST_LOOK_BACK = timedelta(hours=24)
OVERLAP = timedelta(hours=2)
LONGEST_LOOK_BACK = timedelta(hours=72)


def instant(day: date, slot: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which a clock in `zone` shows `slot` on `day`: exactly one for each.

    A time that occurs twice is taken the first time; one that the clocks skip comes as much later as they jump.
    """
    return datetime.combine(day, slot.replace(fold=0), tzinfo=zone).astimezone(UTC)


def next_edition(subscription: Subscription, after: datetime) -> Edition | None:
    """The first edition due after `after`; None where nothing will ever be sent as things stand.

    Of two slots that fall on one moment, because the clocks skipped the first, the second counts.
    """
    schedule = subscription.schedule
    after = max(after, schedule.since)
    best: Edition | None = None
    # Some zones jump across midnight, so that a slot of the evening comes after one of the next morning: hence one
    # day more on both sides.
    for day in _days(after, schedule, first=-1, last=9):
        if best is not None and day > best.day + timedelta(days=1):
            break
        for edition in _on(day, subscription):
            if edition.due > after and (best is None or edition.due <= best.due):
                best = edition
    return best


def due_edition(subscription: Subscription, now: datetime) -> Edition | None:
    """The edition that should be with its reader by now: the newest slot of the last 12 hours.

    Older slots fold into it, and none counts that is not after the schedule's `since`.
    """
    schedule = subscription.schedule
    earliest = max(now - OVERDUE, schedule.since)
    passed = [
        edition
        for day in _days(now, schedule, first=-2, last=1)
        for edition in _on(day, subscription)
        if earliest < edition.due <= now
    ]
    return max(passed, key=lambda edition: (edition.due, edition.day, edition.slot), default=None)


def overdue(edition: Edition, now: datetime) -> bool:
    """Whether its time is so long past that it is dropped."""
    return edition.due <= now - OVERDUE


def late(edition: Edition, now: datetime) -> bool:
    """Whether its reader should be told that it comes late."""
    return now - edition.due > LATE


def window(covered_until: datetime | None, now: datetime) -> Window:
    """What a digest composed now should cover, where the reader's last one ended at `covered_until`.

    Two hours overlap, for news is filed after it is published; what was shown is kept out by the stories' novelty.
    """
    if covered_until is None:
        return Window(start=now - FIRST_LOOK_BACK, end=now)
    return Window(start=max(min(covered_until, now) - OVERLAP, now - LONGEST_LOOK_BACK), end=now)


class Agenda:
    """Who is due when. Looks at a subscription again only when it changed, so that most ticks cost next to nothing."""

    def __init__(self) -> None:
        self._subscriptions: tuple[Subscription, ...] = ()
        self._next: dict[Address, tuple[Subscription, datetime | None]] = {}
        self._earliest: datetime | None = None

    def due(self, subscriptions: tuple[Subscription, ...], now: datetime) -> tuple[Edition, ...]:
        """The editions due to these subscriptions, again and again until each has `passed`."""
        if subscriptions != self._subscriptions:  # identity of the elements is looked at first: 50 µs for 5,000
            self._learn(subscriptions, now)
        if self._earliest is None or now < self._earliest:
            return ()
        found = []
        for subscription, moment in tuple(self._next.values()):
            if moment is None or now < moment:
                continue
            if edition := due_edition(subscription, now):
                found.append(edition)
            else:
                self._set(subscription, now)
        self._find_earliest()
        return tuple(found)

    def passed(self, edition: Edition) -> None:
        """The ledger knows of the edition now, so that the next one of its address is what counts."""
        if known := self._next.get(edition.address):
            subscription, moment = known
            if moment is not None and moment <= edition.due:
                self._set(subscription, edition.due)

    def _learn(self, subscriptions: tuple[Subscription, ...], now: datetime) -> None:
        former, self._next = self._next, {}
        for subscription in subscriptions:
            known = former.get(subscription.address)
            if known and known[0] == subscription:
                self._next[subscription.address] = known
            elif edition := due_edition(subscription, now):
                self._next[subscription.address] = (subscription, edition.due)
            else:
                self._set(subscription, now)
        self._subscriptions = subscriptions
        self._find_earliest()

    def _set(self, subscription: Subscription, after: datetime) -> None:
        edition = next_edition(subscription, after)
        self._next[subscription.address] = (subscription, edition.due if edition else None)

    def _find_earliest(self) -> None:
        self._earliest = min((moment for _, moment in self._next.values() if moment), default=None)


def _days(around: datetime, schedule: Schedule, *, first: int, last: int) -> Iterator[date]:
    today = around.astimezone(_zone(schedule)).date()
    for offset in range(first, last + 1):
        day = today + timedelta(days=offset)
        if day.weekday() in schedule.days:
            yield day


def _on(day: date, subscription: Subscription) -> Iterator[Edition]:
    if subscription.paused is not None or not subscription.topics:
        return
    schedule = subscription.schedule
    zone = _zone(schedule)
    for slot in schedule.slots:
        yield Edition(
            address=subscription.address,
            day=day,
            slot=slot,
            due=instant(day, slot, zone),
            zone=zone.key,
            city=schedule.city,
        )


def _zone(schedule: Schedule) -> ZoneInfo:
    return ZoneInfo(schedule.zone or "UTC")
