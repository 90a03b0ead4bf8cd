"""Who is due when, where all subscriptions are in memory: a heap of the moments at which each must be looked at."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from heapq import heappop, heappush
from zoneinfo import ZoneInfoNotFoundError

from digests.delivery.editions import due_edition, next_edition
from digests.model.people import Address, Edition, Subscription
from digests.ports import People

_log = logging.getLogger(__name__)

AT_A_TIME = 200  # subscriptions that are looked at before others have their turn of the loop: some milliseconds

_Entry = tuple[datetime, Address]


class OwnAgenda:
    """ports.Agenda over People. A subscription is looked at when it was changed and when its moment has come."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._seen: tuple[Subscription, ...] = ()
        self._known: dict[Address, tuple[Subscription, datetime | None]] = {}
        self._heap: list[_Entry] = []  # each address at the moment that `_known` says; other entries are outdated

    async def due(self, now: datetime, most: int) -> tuple[Edition, ...]:
        """Look at those whose moment has come."""
        subscriptions = await self._people.all()
        if subscriptions != self._seen:  # identity of the elements is looked at first: 1 ms for 100,000
            await self._learn(subscriptions, now)
        found: list[Edition] = []
        entries: dict[_Entry, None] = {}
        while self._heap and self._heap[0][0] <= now and len(found) < most:
            moment, address = heappop(self._heap)
            subscription, current = self._known.get(address, (None, None))
            if subscription is None or current != moment or (moment, address) in entries:
                continue
            if edition := due_edition(subscription, now):
                found.append(edition)
                entries[moment, address] = None
            else:
                self._set(subscription, next_edition(subscription, now))
        for entry in entries:
            heappush(self._heap, entry)
        return tuple(found)

    async def passed(self, editions: Sequence[Edition]) -> None:
        """Go on to what comes after each."""
        for edition in editions:
            subscription, moment = self._known.get(edition.address, (None, None))
            if subscription is not None and moment is not None and moment <= edition.due:
                self._set(subscription, next_edition(subscription, edition.due))

    async def _learn(self, subscriptions: tuple[Subscription, ...], now: datetime) -> None:
        present = {subscription.address: subscription for subscription in subscriptions}
        self._known = {address: known for address, known in self._known.items() if present.get(address) is known[0]}
        new = [subscription for address, subscription in present.items() if address not in self._known]
        for number, subscription in enumerate(new, start=1):
            self._set(subscription, _first(subscription, now))
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        self._seen = subscriptions

    def _set(self, subscription: Subscription, edition: Edition | None) -> None:
        moment = edition.due if edition else None
        self._known[subscription.address] = subscription, moment
        if moment is not None:
            heappush(self._heap, (moment, subscription.address))


def _first(subscription: Subscription, now: datetime) -> Edition | None:
    """What to wait for of a subscription that is looked at anew; nothing where this machine does not know its zone."""
    try:
        return due_edition(subscription, now) or next_edition(subscription, now)
    except ZoneInfoNotFoundError as problem:
        _log.error("Chat %d is sent nothing until it chooses another city: %s", subscription.address.chat, problem)
        return None
