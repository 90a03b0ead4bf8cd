"""What every store keeps as JSON: subscriptions, and updates as they came."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any

from digests.model.people import Address, ChatId, Schedule, Subscription
from digests.model.topics import Breadth, OwnWords, TopicSlug


def address_of(document: Mapping[str, Any]) -> Address:
    """Whose document it is."""
    return Address(chat=ChatId(document["chat"]), thread=document["thread"])


def written_subscription(subscription: Subscription) -> dict[str, Any]:
    """All that is stored of a subscription."""
    schedule = subscription.schedule
    return {
        "chat": subscription.address.chat,
        "thread": subscription.address.thread,
        "topics": list(subscription.topics),
        "slots": [slot.isoformat("minutes") for slot in schedule.slots],
        "zone": schedule.zone,
        "city": schedule.city,
        "days": sorted(schedule.days),
        "since": schedule.since.astimezone(UTC).isoformat(),
        "paused": subscription.paused,
        "channel": subscription.channel,
        "own": [[own.words, own.breadth] for own in subscription.own],
    }


def read_subscription(document: Mapping[str, Any]) -> Subscription:
    """The subscription of its document. Raises KeyError, TypeError or ValueError for what `written_subscription` never wrote."""
    return Subscription(
        address=address_of(document),
        topics=tuple(TopicSlug(slug) for slug in document["topics"]),
        schedule=Schedule(
            since=datetime.fromisoformat(document["since"]),
            slots=tuple(time.fromisoformat(slot) for slot in document["slots"]),
            zone=document["zone"],
            city=document["city"],
            days=frozenset(document["days"]),
        ),
        paused=document["paused"],
        channel=document.get("channel"),  # documents of the first version have none
        own=tuple(OwnWords(words=words, breadth=Breadth(breadth)) for words, breadth in document.get("own", ())),
    )


def heard_in(chat: ChatId, bodies: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """Of the bodies of updates those that came from a chat, read."""
    for body in bodies:
        update = json.loads(body)
        spoken = [each.get("message", each) for each in update.values() if isinstance(each, dict)]
        if any(each.get("chat", {}).get("id") == chat for each in spoken):
            yield update
