"""Everything that can go wrong and is expected; what is not here is a bug and propagates.

    CablegramError                  its message is one sentence for the person who reads it
    ├── ConfigurationError          a setting or file of the operator is wrong (exit 2)
    ├── StorageError                stored data cannot be read or written
    │   └── StorageBusy             another process holds the data folder
    ├── PersonError                 what a person asked cannot be done; says what would be right
    ├── ClaimLost                   the lease ended and another has the edition
    ├── DutyLost                    the lease ended and another worker gathers and files
    └── DeliveryFailure             a message was not, or perhaps not, delivered
        ├── ChatGone                blocked, kicked, deactivated, no such chat
        ├── ChatMoved               the group became a supergroup with another id
        ├── RetryLater              the server names a pause
        ├── Unsent                  surely not sent: safe to try again
        ├── Refused                 the server will never take this message
        └── Uncertain               may have arrived: never sent again

A feed that cannot be read is a value, `FeedFailure` in ports.py, for it must not end a pass.
"""

from datetime import time, timedelta

from digests.model.people import ChatId


class CablegramError(Exception):
    """The root; `str(error)` is one sentence that says what was wrong and what would be right."""


class ConfigurationError(CablegramError):
    """One or more settings or files are wrong; the message has one line for each."""


class StorageError(CablegramError):
    """Stored data cannot be read or written."""


class StorageBusy(StorageError):
    """Another process holds the data folder."""


class PersonError(CablegramError):
    """What a person asked cannot be done. `choices` are what he may have meant, best first.

    `slots` are times of day that came with the wish, and hold for whichever choice he takes.
    """

    def __init__(self, message: str, choices: tuple[str, ...] = (), slots: tuple[time, ...] = ()) -> None:
        super().__init__(message)
        self.choices = choices
        self.slots = slots


class ClaimLost(CablegramError):
    """The lease ended and another worker has the edition: stop, without another word to the ledger."""


class DutyLost(CablegramError):
    """The lease ended and another worker has the duty: save nothing more."""


class DeliveryFailure(CablegramError):
    """A message was not, or perhaps not, delivered."""


class ChatGone(DeliveryFailure):
    """The chat cannot be written to until its people come back."""


class ChatMoved(DeliveryFailure):
    """The group lives on under another id."""

    def __init__(self, message: str, *, to: ChatId) -> None:
        super().__init__(message)
        self.to = to


class RetryLater(DeliveryFailure):
    """The server names a pause before the next message to this chat."""

    def __init__(self, message: str, *, after: timedelta) -> None:
        super().__init__(message)
        self.after = after


class Unsent(DeliveryFailure):
    """Nothing reached the server: safe to try again."""


class Refused(DeliveryFailure):
    """The server will never take this message: trying again is no use."""


class Uncertain(DeliveryFailure):
    """The request went out and no answer tells whether it was taken."""
