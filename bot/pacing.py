"""When a message may go out: so many a second in all, one a second a chat, twenty a minute a group, people first."""

import asyncio
import math
from bisect import insort
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from digests.ports import Begin

MARGIN = 1.02  # by which every span is stretched: messages a second apart here arrive a little closer there
LATENESS = 0.003  # seconds by which a late timer may be made up for, so that the rate is kept and not only approached
PATIENCE = (
    5.0  # seconds that a digest waits for its chat in here; its claim has a lease, so that longer is not ours to wait
)
ANSWER_TRIES = 3
WIDESPREAD = 3  # chats that meet 429 …
WIDESPREAD_WITHIN = (
    3.0  # … within so many seconds: then it is the bot that is too fast, and not a chat that is too busy
)
REMEMBERED_CHATS = 2_000

Result = Any


class Urgency(IntEnum):
    """Who goes first."""

    ANSWER = 0
    DIGEST = 1


class _Window:
    """At most `most` in any `span` seconds."""

    def __init__(self, most: int, span: float) -> None:
        self._span = span
        self._times: deque[float] = deque(maxlen=most)

    def free_at(self) -> float:
        """The first moment at which there is room for one more."""
        return self._times[0] + self._span if len(self._times) == self._times.maxlen else -math.inf

    def idle_at(self) -> float:
        """The moment from which nothing in it counts any more."""
        return self._times[-1] + self._span if self._times else -math.inf

    def take(self, at: float) -> None:
        self._times.append(at)


class _Chat:
    """What one chat may get, and until when it was told to be left alone."""

    def __init__(self, *, group: bool) -> None:
        self.held_until = -math.inf
        self.sending = _Window(1, 1.0 * MARGIN)
        self.group = _Window(20, 60.0 * MARGIN) if group else None

    def windows(self, *, sends: bool) -> list[_Window]:
        """Edits of a group count for its minute, but nobody waits a second for a button to change."""
        return ([self.sending] if sends else []) + ([self.group] if self.group else [])

    def idle_at(self) -> float:
        return max(self.held_until, *(window.idle_at() for window in self.windows(sends=True)))


@dataclass(slots=True, order=True)
class _Waiter:
    urgency: Urgency
    number: int
    chat: int | str = field(compare=False)
    sends: bool = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class Pacing(BaseRateLimiter[Begin]):
    """Lets what is written into chats through at `rate` a second, and everything else at once.

    A 429 stops its own chat; only where it meets several chats at a time, all. An answer is then tried again here. A digest
    is handed back as RetryAfter, at once where its chat would keep it waiting: the ledger knows better where to put it.

    What comes with a Begin as its `rate_limit_args` is a digest, and its Begin is awaited when its turn has come.
    """

    def __init__(self, rate: float = 29.4) -> None:
        most = math.ceil(rate)
        self._all = _Window(most, most / rate)
        # Digests keep an even distance, so that an answer never waits for a burst of them.
        self._digests = _Window(1, 1 / rate)
        self._held_until = -math.inf
        self._chats: dict[int | str, _Chat] = {}
        self._refusals: deque[tuple[float, int | str]] = deque(maxlen=WIDESPREAD)
        self._waiting: list[_Waiter] = []
        self._arrived = 0
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Stop the timer; whoever still waits is cancelled."""
        if self._timer is not None:
            self._timer.cancel()
        for waiter in self._waiting:
            waiter.turn.cancel()

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
            await self._turn(chat, urgency, sends=not endpoint.startswith("edit"))
            if rate_limit_args is not None:
                await rate_limit_args()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self._hold(chat, error)
                if not tries:
                    raise

    async def _turn(self, chat: int | str, urgency: Urgency, *, sends: bool) -> None:
        self._arrived += 1
        waiter = _Waiter(urgency, self._arrived, chat, sends, asyncio.get_running_loop().create_future())
        insort(self._waiting, waiter)
        self._hand_back([waiter])
        self._release()
        try:
            await waiter.turn
        finally:
            if waiter in self._waiting:  # handed back, or cancelled
                self._waiting.remove(waiter)

    def _release(self) -> None:
        """Let go whoever may go now, in order; be back when the next one may."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        soonest = math.inf
        for waiter in self._waiting.copy():
            if waiter.turn.done():
                continue  # cancelled a moment ago, and not yet gone
            general = max(self._held_until, self._all.free_at())
            if waiter.urgency is Urgency.DIGEST:
                general = max(general, self._digests.free_at())
            due = max(general, self._chat_free_at(waiter.chat, sends=waiter.sends))
            if due <= now:
                self._waiting.remove(waiter)
                self._take(waiter, due if now - due < LATENESS else now, now)
                continue
            soonest = min(soonest, due)
            if general > now:
                soonest = min(soonest, general)
                break  # those behind it wait for the same
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(soonest, self._release) if soonest < math.inf else None

    def _take(self, waiter: _Waiter, at: float, now: float) -> None:
        self._all.take(at)
        if waiter.urgency is Urgency.DIGEST:
            self._digests.take(at)
        for window in self._chat(waiter.chat, now).windows(sends=waiter.sends):
            window.take(now)
        waiter.turn.set_result(None)

    def _chat(self, chat: int | str, now: float) -> _Chat:
        if chat not in self._chats:
            if len(self._chats) >= REMEMBERED_CHATS:
                self._chats = {key: value for key, value in self._chats.items() if value.idle_at() > now}
            self._chats[chat] = _Chat(group=isinstance(chat, str) or chat < 0)
        return self._chats[chat]

    def _chat_free_at(self, chat: int | str, *, sends: bool) -> float:
        known = self._chats.get(chat)
        if known is None:
            return -math.inf
        return max([known.held_until, *(window.free_at() for window in known.windows(sends=sends))])

    def _hold(self, chat: int | str, error: RetryAfter) -> None:
        now = asyncio.get_running_loop().time()
        until = now + pause_of(error).total_seconds() * MARGIN
        self._chat(chat, now).held_until = until
        self._refusals.append((now, chat))
        if len({refused for at, refused in self._refusals if now - at < WIDESPREAD_WITHIN}) == WIDESPREAD:
            self._held_until = until
        self._hand_back([waiter for waiter in self._waiting if not waiter.turn.done()])

    def _hand_back(self, waiters: list[_Waiter]) -> None:
        now = asyncio.get_running_loop().time()
        for waiter in waiters:
            wait = max(self._chat_free_at(waiter.chat, sends=waiter.sends), self._held_until) - now
            if waiter.urgency is Urgency.DIGEST and wait > PATIENCE:
                waiter.turn.set_exception(RetryAfter(math.ceil(wait)))


def pause_of(error: RetryAfter) -> timedelta:
    """How long Telegram wants to be left alone; python-telegram-bot is on its way from seconds to timedelta."""
    pause = error.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def _chat_of(data: dict[str, Any]) -> int | str | None:
    chat = data.get("chat_id")
    if isinstance(chat, str) and chat.lstrip("-").isdigit():
        return int(chat)
    return chat
