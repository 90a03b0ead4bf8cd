"""What a chat follows and when it hears of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from digests.conversation.times import split_times, times
from digests.conversation.topics import Topics
from digests.conversation.zones import Place, nearest_place, place
from digests.errors import PersonError
from digests.model.answers import Change, Standing
from digests.model.people import Address, Edition, Schedule, Subscription
from digests.ports import Clock, People

MOST_TOPICS = 20


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
        """End a pause, whatever its reason."""
        subscription = await self._get(address)
        if subscription.paused is not None:
            now = replace(subscription.schedule, since=self._clock())
            subscription = await self._put(replace(subscription, paused=None, schedule=now))
        return self._standing(subscription)

    async def follow(self, address: Address, text: str) -> Change:
        """Follow a topic; times at the end of `text` become those of the whole chat.

        Raises PersonError where no such topic or time exists, or the chat follows MOST_TOPICS.
        """
        known = self._topics.known(text)
        name, slots = (text, ()) if known else split_times(text)
        if not name:
            raise PersonError("Which topic? Name it before the time: /subscribe new start 08:00.")
        topic = self._topics.find(name)
        subscription = await self._get(address)
        new = topic.slug not in subscription.topics
        # Topics that left the catalogue make room.
        followed = tuple(each.slug for each in self._topics.of(subscription.topics))
        if new and len(followed) >= MOST_TOPICS:
            raise PersonError(f"A chat can follow {MOST_TOPICS} topics; stop one with /unsubscribe first.")
        schedule = replace(subscription.schedule, slots=slots or subscription.schedule.slots)
        if not followed or schedule != subscription.schedule:
            schedule = replace(schedule, since=self._clock())
        if new:
            subscription = replace(subscription, topics=(*followed, topic.slug))
        subscription = await self._put(replace(subscription, schedule=schedule))
        return Change(standing=self._standing(subscription), topic=topic, new=new, slots=slots)

    async def stop(self, address: Address, text: str) -> Change:
        """Stop following a topic; times and city are kept. Raises PersonError where no such topic exists."""
        topic = self._topics.find(text)
        subscription = await self._get(address)
        new = topic.slug in subscription.topics
        if new:
            rest = tuple(slug for slug in subscription.topics if slug != topic.slug)
            subscription = await self._put(replace(subscription, topics=rest))
        return Change(standing=self._standing(subscription), topic=topic, new=new)

    async def set_times(self, address: Address, text: str) -> Standing:
        """Digests at these times of day. Raises PersonError where one is none."""
        slots = times(text)
        subscription = await self._get(address)
        return await self._reschedule(subscription, replace(subscription.schedule, slots=slots))

    async def set_zone(self, address: Address, text: str) -> Standing:
        """Times are those of a city from now on. Raises PersonError with cities of a like name."""
        return await self._move(address, place(text))

    async def set_spot(self, address: Address, latitude: float, longitude: float) -> Standing:
        """Times are those of the zone around a point in degrees from now on."""
        return await self._move(address, nearest_place(latitude, longitude))

    async def _move(self, address: Address, where: Place) -> Standing:
        subscription = await self._get(address)
        return await self._reschedule(subscription, replace(subscription.schedule, zone=where.zone, city=where.city))

    async def _reschedule(self, subscription: Subscription, schedule: Schedule) -> Standing:
        if schedule != subscription.schedule:
            schedule = replace(schedule, since=self._clock())
            subscription = await self._put(replace(subscription, schedule=schedule))
        return self._standing(subscription)

    async def _get(self, address: Address) -> Subscription:
        stored = await self._people.get(address)
        return stored or Subscription(address=address, topics=(), schedule=Schedule(since=self._clock()))

    async def _put(self, subscription: Subscription) -> Subscription:
        await self._people.put(subscription)
        return subscription

    def _standing(self, subscription: Subscription) -> Standing:
        now = self._clock()
        return Standing(
            topics=self._topics.of(subscription.topics),
            schedule=subscription.schedule,
            paused=subscription.paused,
            next=self._next_edition(subscription, now),
            at=now,
        )
