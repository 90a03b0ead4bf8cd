"""When a message may go out: so many a second in all, one a second a chat, twenty a minute a group, people first."""

import asyncio
import itertools
import math
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import IntEnum
from heapq import heappop, heappush
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from digests.ports import Begin, Limit, Turns, Wait

MARGIN = 1.02  # by which every span is stretched: messages a second apart here arrive a little closer there
LEAD = (
    0.1  # seconds from a turn to its request, within which a digest is begun; answers meanwhile keep the same distance
)
SLACK = 0.01  # seconds by which a request may come later than that
ANSWER_TRIES = 3
WIDESPREAD = 3  # chats that meet 429 …
WIDESPREAD_WITHIN = (
    3.0  # … within so many seconds: then it is the bot that is too fast, and not a chat that is too busy
)
ALL, DIGESTS = "all", "digests"  # the keys that everybody waits for

Result = Any
Chat = int | str


class Urgency(IntEnum):
    """Who goes first."""

    ANSWER = 0
    DIGEST = 1


# That one waits for its chat in here: a digest's claim has a lease, and a group's minute must go by.
PATIENCE = {Urgency.ANSWER: timedelta(seconds=90), Urgency.DIGEST: timedelta(seconds=5)}


class _Line:
    """Lets one pass at a time: the most urgent, and of them who came first."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def place(self, urgency: Urgency, number: int) -> AsyncIterator[None]:
        """Wait for the front of the line, and stay there until the block is left."""
        if self._busy:
            front = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (urgency, number, front))
            try:
                await front
            except asyncio.CancelledError:
                if front.done() and not front.cancelled():
                    self._next()  # called to the front at the moment of giving up
                raise
        self._busy = True
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        self._busy = False
        while self._waiting:
            _, _, front = heappop(self._waiting)
            if not front.done():
                self._busy = True
                front.set_result(None)
                return


class Pacing(BaseRateLimiter[Begin]):
    """Lets what is written into chats through at `rate` a second, and everything else at once.

    A 429 stops its own chat; only where it meets several chats at a time, all. An answer is then tried again here, unless
    it would come minutes late. A digest is handed back as RetryAfter where it would be kept waiting: the ledger
    knows better where to put it.

    What comes with a Begin as its `rate_limit_args` is a digest, and its Begin is awaited when its turn has come. `turns`
    is the account of all processes that send with this token.
    """

    def __init__(self, turns: Turns, rate: float = 29.4) -> None:
        self._turns = turns
        most = math.ceil(rate)
        self._all = Limit(key=ALL, most=most, span=timedelta(seconds=most / rate))
        # Digests keep an even distance, so that an answer never waits for a burst of them.
        self._digests = Limit(key=DIGESTS, most=1, span=timedelta(seconds=1 / rate))
        self._refusals: deque[tuple[float, Chat]] = deque(maxlen=WIDESPREAD)
        self._line = _Line()
        self._arrived = itertools.count()
        self._lead_until = -math.inf

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end: who waits on finds the connection closed."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Begin | None,
    ) -> Result:
        """Wait for the message's turn, send it, and mind what Telegram says of it."""
        chat = _chat_of(data)
        if chat is None or not endpoint.startswith(("send", "edit", "copy", "forward")) or endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        urgency = Urgency.ANSWER if rate_limit_args is None else Urgency.DIGEST
        tries = 1 if urgency is Urgency.DIGEST else ANSWER_TRIES
        while True:
            tries -= 1
            await self._go(chat, urgency, rate_limit_args, sends=not endpoint.startswith("edit"))
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                await self._hold(chat, error)
                if not tries:
                    raise

    async def _go(self, chat: Chat, urgency: Urgency, begin: Begin | None, *, sends: bool) -> None:
        """Return when the message's request is to go out: evenly after its turn, however long a disk takes to begin."""
        loop = asyncio.get_running_loop()
        while True:
            await self._turn(chat, urgency, sends=sends)
            now = loop.time()
            if urgency is Urgency.DIGEST:
                self._lead_until = now + 1.0
            go_at = now + (LEAD if now <= self._lead_until else 0.0)
            if begin is not None:
                await begin()
                begin = None
            late = loop.time() - go_at
            if late < 0:
                await asyncio.sleep(-late)
            if late <= SLACK:
                return
            # Its turn is long gone, as are others' that the same disk held up: all at once they would be too many.

    async def _turn(self, chat: Chat, urgency: Urgency, *, sends: bool) -> None:
        """Return when the message may go. Raises RetryAfter where it would wait too long."""
        limits = [self._all, *_limits_of(chat, sends=sends)]
        if urgency is Urgency.DIGEST:
            limits.append(self._digests)
        number = next(self._arrived)
        while True:
            async with self._line.place(urgency, number):
                wait = await self._at_front(limits, urgency)
            if wait is None:
                return
            await asyncio.sleep(wait.pause.total_seconds())

    async def _at_front(self, limits: Sequence[Limit], urgency: Urgency) -> Wait | None:
        """Wait there for what those behind wait for, too; None with a turn, or what only this message must wait for."""
        while True:
            wait = await self._take(limits, urgency)
            if wait is None or wait.key not in {ALL, DIGESTS}:
                return wait
            await asyncio.sleep(wait.pause.total_seconds())

    async def _take(self, limits: Sequence[Limit], urgency: Urgency) -> Wait | None:
        wait = await self._turns.take(limits)
        if wait is not None and wait.pause > PATIENCE[urgency]:
            raise RetryAfter(math.ceil(wait.pause.total_seconds()))
        return wait

    async def _hold(self, chat: Chat, error: RetryAfter) -> None:
        pause = pause_of(error) * MARGIN
        await self._turns.hold(_key(chat), pause)
        now = asyncio.get_running_loop().time()
        self._refusals.append((now, chat))
        if len({refused for at, refused in self._refusals if now - at < WIDESPREAD_WITHIN}) == WIDESPREAD:
            await self._turns.hold(ALL, pause)


def _limits_of(chat: Chat, *, sends: bool) -> list[Limit]:
    """One a second, and in a group twenty a minute; nobody waits a second for a button to change."""
    group = isinstance(chat, str) or chat < 0
    most, span = (20, timedelta(minutes=1)) if group else (30, timedelta(seconds=1))
    limits = [Limit(key=_key(chat), most=most, span=span * MARGIN)]
    if sends:
        limits.append(Limit(key=f"{_key(chat)} sends", most=1, span=timedelta(seconds=1) * MARGIN))
    return limits


def _key(chat: Chat) -> str:
    return f"chat {chat}"


def pause_of(error: RetryAfter) -> timedelta:
    """How long Telegram wants to be left alone; python-telegram-bot is on its way from seconds to timedelta."""
    pause = error.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def _chat_of(data: dict[str, Any]) -> int | str | None:
    chat = data.get("chat_id")
    if isinstance(chat, str) and chat.lstrip("-").isdigit():
        return int(chat)
    return chat
