"""Where a topic stands: who holds what, the figures agreed and disputed, and the dates that lie ahead."""

from dataclasses import dataclass
from datetime import date, datetime

from digests.model.comparisons import Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last thing that one side said itself. `side` is its usual name, `speaker` the article's own words for him."""

    side: str
    speaker: str
    said: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A day or a stretch of days to come, `words` for it as the article has them, and the sentence that it stands in."""

    first: date
    last: date
    words: str
    said: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The state of play of a topic at the moment `at`, from the reports of the days since `since`.

    Each of `agreed` and `differing` are the same figure by several outlets, equal or not.
    """

    at: datetime
    since: datetime
    positions: tuple[Position, ...] = ()
    agreed: tuple[tuple[Excerpt, ...], ...] = ()
    differing: tuple[tuple[Excerpt, ...], ...] = ()
    ahead: tuple[Appointment, ...] = ()
