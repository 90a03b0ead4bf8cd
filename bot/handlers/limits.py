"""How much one person may ask: so many commands and so many presses in any minute, and one notice a minute beyond."""

import time
from collections import deque
from collections.abc import Callable
from enum import Enum, auto

from telegram import Update

from bot.context import BotContext
from bot.handlers.replies import Handler, refuse
from bot.views import rights

COMMANDS, PRESSES = 20, 60
MINUTE = 60.0  # seconds
MANY = 10_000  # people remembered, before those who have been quiet for a minute are forgotten


class Verdict(Enum):
    """What becomes of a wish: it is let through, or answered with the notice, or passed over."""

    ADMITTED = auto()
    TOLD = auto()
    IGNORED = auto()


class Limit:
    """`most` wishes of each person in any minute; what is not let through does not count."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._admitted: dict[int, deque[float]] = {}
        self._told: dict[int, float] = {}

    def judge(self, person: int) -> Verdict:
        """Decide on one more wish of a person."""
        now = self._clock()
        if len(self._admitted) > MANY:
            self._forget_the_quiet(now)
        admitted = self._admitted.setdefault(person, deque())
        while admitted and admitted[0] <= now - MINUTE:
            admitted.popleft()
        if len(admitted) < self.most:
            admitted.append(now)
            return Verdict.ADMITTED
        if self._told.get(person, -MINUTE) > now - MINUTE:
            return Verdict.IGNORED
        self._told[person] = now
        return Verdict.TOLD

    def _forget_the_quiet(self, now: float) -> None:
        self._admitted = {one: times for one, times in self._admitted.items() if times and times[-1] > now - MINUTE}
        self._told = {one: told for one, told in self._told.items() if told > now - MINUTE}


def limited(handler: Handler, limit: Limit) -> Handler:
    """Let through what a person asks within the limit."""

    async def within(update: Update, context: BotContext) -> None:
        match limit.judge(_who(update)):
            case Verdict.ADMITTED:
                await handler(update, context)
            case Verdict.TOLD:
                await refuse(update, context, rights.too_many(limit.most))
            case Verdict.IGNORED:
                if update.callback_query is not None:
                    await update.callback_query.answer()

    return within


def _who(update: Update) -> int:
    # All who speak in a chat's name have one user id, wherever they speak.
    in_name_of = update.message.sender_chat if update.message is not None else None
    person = in_name_of or update.effective_user or update.effective_chat
    assert person is not None, "somebody said or pressed it"
    return person.id
