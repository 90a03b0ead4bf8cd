"""How a store is: what was looked at, what is wrong with it and what to do, and the figures that tell."""

from dataclasses import dataclass
from datetime import datetime

from digests.model.people import Address, ChatId, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a look at one thing came to: `seen` is a sentence, `remedy` what to do, None where all is well."""

    about: str
    seen: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the ledger and its neighbours hold, as far as it can be held against people and the time.

    `chats` are those of which the ledger has editions, `open` the oldest edition begun and not done of each address, by when
    it was due. `orphaned` counts editions whose claim nobody holds who lives, `halfway` parts that such a one left in
    `sending`, `untold` editions in doubt whose readers have not been told. `begun` names changes of both embedded stores
    that are not ended. `waiting` updates are not yet handled; `received` is when the newest update came.
    """

    chats: frozenset[ChatId]
    open: dict[Address, datetime]
    orphaned: int
    halfway: int
    untold: int
    waiting: int
    begun: tuple[str, ...] = ()
    received: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a store was found to be in. `running`: a bot is at work on it.

    Subscriptions and records are None where they cannot be read; a finding says why.
    """

    running: bool
    findings: tuple[Finding, ...]
    subscriptions: tuple[Subscription, ...] | None = None
    records: Records | None = None
