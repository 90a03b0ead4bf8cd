"""What those who deliver in one process have in common: how it goes, and whether it ends."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from digests.model.people import Claim, Edition

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(slots=True)
class Shift:
    """`tally` counts by the names of TickReport; once `ending`, nothing more is begun."""

    tally: Counter[str] = field(default_factory=Counter)
    ending: bool = False


def growing_pause(claim: Claim) -> timedelta:
    """Twice as long each time, for every try takes a claim and every claim a higher token."""
    return min(FIRST_PAUSE * (1 << min(claim.token - 1, 20)), LONGEST_PAUSE)


def named(edition: Edition) -> str:
    """The edition as logs name it."""
    return f"The edition of {edition.day} {edition.slot:%H:%M} for chat {edition.address.chat}"
