"""What an operator may set."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The setting CLOCK: when the machine showed `present` the program's clock showed `replayed`, `speed` times as fast."""

    present: datetime
    replayed: datetime
    speed: float
