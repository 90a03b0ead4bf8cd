"""What handlers reach the newsroom through; the only reader of python-telegram-bot's bot_data."""

from dataclasses import dataclass, field
from typing import Any

from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from digests.conversation.comparisons import Comparisons
from digests.conversation.followups import Followups
from digests.conversation.latest import Latest
from digests.conversation.outlooks import Outlooks
from digests.conversation.presence import Presence
from digests.conversation.privacy import Privacy
from digests.conversation.proposals import Proposals
from digests.conversation.subscriptions import Subscriptions
from digests.conversation.topics import Topics
from digests.model.people import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that a person may ask, one service a noun."""

    topics: Topics
    subscriptions: Subscriptions
    proposals: Proposals
    latest: Latest
    followups: Followups
    comparisons: Comparisons
    outlooks: Outlooks
    presence: Presence
    privacy: Privacy


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The last that was said in a chat was `message`, to a press of the button with these data, at `at` of a monotonic clock."""

    data: str
    message: int
    at: float


@dataclass(slots=True)
class Holder:
    """Where the library keeps what all handlers share; it makes one itself, so the services come after."""

    services: Services = field(init=False)
    answered: dict[Address, Answered] = field(default_factory=dict)


Data = dict[Any, Any]


class BotContext(CallbackContext[ExtBot[Any], Data, Data, Holder]):
    """A handler's context: `services`, and the library's own."""

    @property
    def services(self) -> Services:
        """The services of this application."""
        return self.bot_data.services

    @property
    def answered(self) -> dict[Address, Answered]:
        """Where the last that was said answers a button: what a second press of it finds."""
        return self.bot_data.answered


BotApplication = Application[ExtBot[Any], BotContext, Data, Data, Holder, None]

CONTEXT_TYPES = ContextTypes(context=BotContext, bot_data=Holder)
