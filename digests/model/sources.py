"""Where news comes from: outlets, their feeds, and how far each feed has been read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

FeedSlug = NewType("FeedSlug", str)


class Ownership(StrEnum):
    """Who owns an outlet; the values stand in feeds.toml."""

    PRIVATE = "private"
    PUBLIC = "public"
    STATE = "state"
    GOVERNMENT = "government"
    PRO_GOVERNMENT = "pro-government"
    NON_PROFIT = "non-profit"
    INTERGOVERNMENTAL = "intergovernmental"
    UNCLEAR = "unclear"


UNNAMED_STATE_MEDIA = "state media"  # what those are called whom another cites as such: "Chinese state media"
STATE_MEDIA = frozenset({Ownership.STATE, Ownership.GOVERNMENT, Ownership.PRO_GOVERNMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher. `country` is ISO 3166 or INT; `vantage` whose view it gives, the country unless told otherwise."""

    name: str
    country: str
    ownership: Ownership
    vantage: str

    @property
    def state_media(self) -> bool:
        """Whether it speaks for a government: never the headline where an independent outlet reports the story."""
        return self.ownership in STATE_MEDIA


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address that an outlet publishes entries at; an outlet may have several.

    `language` is ISO 639. `restricted` holds the jurisdictions where passing it on may be unlawful.
    """

    slug: FeedSlug
    url: str
    outlet: Outlet
    language: str = "en"
    restricted: tuple[str, ...] = ()
    enabled: bool = True
    full_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """How far a feed has been read, and what its server wants to hear next time.

    `failures` counts those since the last good reading, `problem` says the last one in a sentence. A good reading is a
    document with entries, or the server's or the body hash's word that nothing changed.
    """

    feed: FeedSlug
    etag: str | None = None
    modified: str | None = None
    body_hash: str | None = None
    failures: int = 0
    problem: str | None = None
    next_check: datetime | None = None
    last_good: datetime | None = None
    oldest_entry: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a feed may have published what was never seen: nobody can be called silent in it.

    `start` is None where the feed had never been read before.
    """

    feed: FeedSlug
    start: datetime | None
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the small print says: feeds read in a window, outlets not reached, outlets with gaps (names, sorted)."""

    read: int
    feeds: int
    unreached: tuple[str, ...] = ()
    truncated: tuple[str, ...] = ()
