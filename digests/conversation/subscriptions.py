"""What a chat follows and when it hears of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from digests.conversation.times import split_times, times
from digests.conversation.topics import Topics
from digests.conversation.zones import Place, nearest_place, place
from digests.errors import PersonError
from digests.model.answers import Change, Standing
from digests.model.people import Address, Edition, Schedule, Subscription
from digests.model.topics import Topic
from digests.ports import Clock, People

MOST_TOPICS = 20
LONGEST_PAUSE = 365  # days
ASKED = "its people asked for a pause"

_PAUSE = re.compile(r"(?:(?:for )?(?P<count>\d{1,4}) ?(?:d|days?|(?P<week>w|weeks?))?)?")


class Subscriptions:
    """Reads and changes one chat's subscription; every change comes back as where the chat stands now.

    A schedule begins anew only when it changes, and when a chat begins to follow anything or comes back: what was due
    before is not sent late then, and a button pressed twice skips nothing.
    """

    def __init__(
        self,
        people: People,
        topics: Topics,
        next_edition: Callable[[Subscription, datetime], Edition | None],
        clock: Clock,
    ) -> None:
        self._people = people
        self._topics = topics
        self._next_edition = next_edition
        self._clock = clock

    async def standing(self, address: Address) -> Standing:
        """Where a chat stands; one that never came follows nothing at the usual time."""
        return self._standing(await self._get(address))

    async def resume(self, address: Address) -> Standing:
        """End a pause, whatever its reason and length."""
        now = self._clock()

        def resumed(present: Subscription) -> Subscription:
            held = present.paused is not None or present.schedule.since > now
            return replace(present, paused=None, schedule=replace(present.schedule, since=now)) if held else present

        return self._standing(await self._change(address, resumed))

    async def pause(self, address: Address, text: str) -> Standing:
        """Send nothing until `resume`, or for a number of days: "3", "3 days", "2 weeks"; no change where nothing is followed.

        Raises PersonError where `text` is something else.
        """
        days = pause_days(text)
        until = self._clock() + timedelta(days=days)

        def paused(present: Subscription) -> Subscription:
            if not present.topics:
                return present
            if not days:
                return replace(present, paused=ASKED)
            # A schedule that begins in the future is a pause that ends by itself.
            return replace(present, paused=None, schedule=replace(present.schedule, since=until))

        return self._standing(await self._change(address, paused))

    async def follow(self, address: Address, text: str) -> Change:
        """Follow a topic; times at the end of `text` become those of the whole chat.

        Raises PersonError where no such topic or time exists, or the chat follows MOST_TOPICS.
        """
        present = await self._get(address)
        known = self._topics.known(text, present)
        name, slots = (text, ()) if known else split_times(text)
        if not name:
            raise PersonError("Which topic? Name it before the time: /subscribe new start 08:00.")
        try:
            topic = self._topics.find(name, present)
        except PersonError as error:
            raise PersonError(str(error), error.choices, slots) from None
        return await self.follow_known(address, topic, slots)

    async def follow_each(self, address: Address, text: str) -> tuple[Change, ...]:
        """Follow the topics that are named beside one another, times at the end; nothing unless each part names one.

        Raises PersonError where a time is none, or the chat follows MOST_TOPICS.
        """
        topics = self._topics.several(text)
        slots = split_times(text)[1] if topics else ()
        return tuple([await self.follow_known(address, topic, slots) for topic in topics])

    async def follow_known(self, address: Address, topic: Topic, slots: tuple[time, ...] = ()) -> Change:
        """Follow a topic of the catalogue. Raises PersonError where the chat follows MOST_TOPICS."""
        now, new = self._clock(), True

        def followed(present: Subscription) -> Subscription:
            nonlocal new
            new = topic.slug not in present.topics
            # Topics that left the catalogue make room.
            self._topics.learn(present)
            kept = tuple(each.slug for each in self._topics.of(present.topics))
            if new and len(kept) >= MOST_TOPICS:
                raise PersonError(f"A chat can follow {MOST_TOPICS} topics; stop one with /unsubscribe first.")
            schedule = replace(present.schedule, slots=slots or present.schedule.slots)
            if not kept or schedule != present.schedule:
                schedule = _begun(schedule, now)
            return replace(present, topics=(*kept, topic.slug) if new else present.topics, schedule=schedule)

        subscription = await self._change(address, followed)
        return Change(standing=self._standing(subscription), topic=topic, new=new, slots=slots)

    async def stop(self, address: Address, text: str) -> Change:
        """Stop following a topic; times and city are kept. Raises PersonError where no such topic exists."""
        topic, new = self._topics.find(text, await self._get(address)), True

        def stopped(present: Subscription) -> Subscription:
            nonlocal new
            new = topic.slug in present.topics
            return replace(present, topics=tuple(slug for slug in present.topics if slug != topic.slug))

        subscription = await self._change(address, stopped)
        return Change(standing=self._standing(subscription), topic=topic, new=new)

    async def set_times(self, address: Address, text: str) -> Standing:
        """Digests at these times of day. Raises PersonError where one is none."""
        slots = times(text)
        return await self._reschedule(address, lambda schedule: replace(schedule, slots=slots))

    async def set_zone(self, address: Address, text: str) -> Standing:
        """Times are those of a city from now on. Raises PersonError with cities of a like name."""
        return await self._move(address, place(text))

    async def set_spot(self, address: Address, latitude: float, longitude: float) -> Standing:
        """Times are those of the zone around a point in degrees from now on."""
        return await self._move(address, nearest_place(latitude, longitude))

    async def _move(self, address: Address, where: Place) -> Standing:
        return await self._reschedule(address, lambda schedule: replace(schedule, zone=where.zone, city=where.city))

    async def _reschedule(self, address: Address, wish: Callable[[Schedule], Schedule]) -> Standing:
        now = self._clock()

        def rescheduled(present: Subscription) -> Subscription:
            schedule = wish(present.schedule)
            return present if schedule == present.schedule else replace(present, schedule=_begun(schedule, now))

        return self._standing(await self._change(address, rescheduled))

    async def _get(self, address: Address) -> Subscription:
        return await self._people.get(address) or self._new(address)

    async def _change(self, address: Address, act: Callable[[Subscription], Subscription]) -> Subscription:
        """What `act` makes of the subscription as it stands then; one that is new and not changed is not stored."""
        new = self._new(address)

        def wish(present: Subscription | None) -> Subscription | None:
            before = present or new
            after = act(before)
            return present if after == before else after

        return await self._people.change(address, wish) or new

    def _new(self, address: Address) -> Subscription:
        return Subscription(address=address, topics=(), schedule=Schedule(since=self._clock()))

    def _standing(self, subscription: Subscription) -> Standing:
        now = self._clock()
        self._topics.learn(subscription)
        return Standing(
            topics=self._topics.of(subscription.topics),
            schedule=subscription.schedule,
            paused=subscription.paused,
            next=self._next_edition(subscription, now),
            at=now,
        )


def pause_days(text: str) -> int:
    """How many days a pause is to last, 0 without end. Raises PersonError where `text` says something else."""
    match = _PAUSE.fullmatch(" ".join(text.lower().split()))
    days = 0 if match is None else int(match["count"] or 0) * (7 if match["week"] else 1)
    if match is None or not (days or match["count"] is None) or days > LONGEST_PAUSE:
        raise PersonError(f"For how many days, 1 to {LONGEST_PAUSE}? /pause 3, or /pause alone until /resume.")
    return days


def _begun(schedule: Schedule, now: datetime) -> Schedule:
    """A schedule that holds from now on; one that begins later, because it is paused till then, from then on."""
    return replace(schedule, since=max(schedule.since, now))
