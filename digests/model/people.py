"""Who reads: a chat's subscription and its schedule, the editions due to it, and their deliveries."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from digests.model.stories import Digest, DigestId
from digests.model.topics import OwnWords, TopicSlug

ChatId = NewType("ChatId", int)
MessageId = NewType("MessageId", int)

EVERY_DAY = frozenset(range(7))  # Monday is 0
DEFAULT_SLOT = time(8, 0)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Address:
    """Where a digest goes: a chat, and in a forum its thread (0 elsewhere). One subscription set an address."""

    chat: ChatId
    thread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When: local times of day, sorted and distinct; `zone` is an IANA key, None until one is chosen (UTC then).

    `city` is what the person called the zone ("Kyiv"), for echoes. `since` is when this schedule began to hold: no
    slot before it is due.
    """

    since: datetime
    slots: tuple[time, ...] = (DEFAULT_SLOT,)
    zone: str | None = None
    city: str | None = None
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What an address follows and when. `paused` names why nothing is sent (the bot was blocked …), None otherwise.

    `channel` is a channel's title, None for a chat whose people speak for themselves: a channel is managed from elsewhere.
    `own` are topics in its people's own words, the followed ones and those that were only tried, newest last.
    """

    address: Address
    topics: tuple[TopicSlug, ...]
    schedule: Schedule
    paused: str | None = None
    channel: str | None = None
    own: tuple[OwnWords, ...] = ()


def merged(former: Subscription, present: Subscription) -> Subscription:
    """What an address follows when another one, which it lives on from, followed `former`.

    All topics and own words of both; the present times and city where somebody has chosen any since, else the former ones.
    """
    chosen = present.schedule.zone is not None or present.schedule.slots != (DEFAULT_SLOT,)
    return replace(
        present,
        topics=tuple(dict.fromkeys((*former.topics, *present.topics))),
        own=tuple(dict.fromkeys((*former.own, *present.own))),
        schedule=present.schedule if chosen else former.schedule,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What is due to a subscription at one of its slots on one local date. The first three are the ledger's unique key.

    `due` is the same moment in UTC, `zone` the schedule's at that time.
    """

    address: Address
    day: date
    slot: time
    due: datetime = field(compare=False)
    zone: str = field(compare=False, default="UTC")
    city: str | None = field(compare=False, default=None)


class DeliveryState(StrEnum):
    """Where one part of an edition stands. Only PENDING may be sent; SENDING and UNCERTAIN never again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One part of an edition (from 1; part 0 is the notice that the edition may not have arrived) and where it stands."""

    edition: Edition
    digest: DigestId
    part: int
    state: DeliveryState
    message: MessageId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to deliver an edition until its lease ends. `token` grows with every claim, so that a late holder is told."""

    edition: Edition
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a reader's copy says above a digest: the moment in his zone, and the slot where it comes late."""

    at: datetime
    zone: str
    city: str | None
    late_slot: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of a digest: stories `first` to `last` (numbers from 1; 0, 0 where the digest has none)."""

    digest: Digest
    heading: Heading
    number: int
    of: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The line for a digest of which nobody knows whether it arrived."""

    edition: Edition
    digest: DigestId
