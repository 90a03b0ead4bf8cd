"""Asking for updates, and finding those that another process took in, for as long as answering is this process's duty."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from telegram.error import InvalidToken
from telegram.ext import Updater

from bot.context import BotApplication
from bot.inbox import Inbox
from digests.errors import StorageError

_log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds
FAREWELL = 2.0  # seconds to confirm to Telegram what was taken in; what is not confirmed comes again, and is known


class Answering:
    """Answers while `held` says that it is this process's duty: one process does at a time, so that each chat's order holds.

    Use it as an async context manager while the application runs.
    """

    def __init__(self, application: BotApplication, inbox: Inbox, held: Callable[[], bool]) -> None:
        assert application.updater is not None, "the application is built with an updater"
        self._updater: Updater = application.updater
        self._bot = application.bot
        self._inbox = inbox
        self._held = held
        self._ask: Callable[[Updater], Awaitable[object]]
        self._asked = False
        self._group = asyncio.TaskGroup()
        self._looking: asyncio.Task[None] | None = None

    def by(self, ask: Callable[[Updater], Awaitable[object]]) -> Self:
        """Let `ask` begin to ask Telegram for updates."""
        self._ask = ask
        return self

    async def __aenter__(self) -> Self:
        """Raises StorageError."""
        await self._look()
        await self._group.__aenter__()
        self._looking = self._group.create_task(self._look_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._looking is not None, "left only after it was entered"
        self._looking.cancel()
        await self._group.__aexit__(None, None, None)  # which would wrap an error of the block into a group
        await self._rest()

    async def _look_on(self) -> None:
        troubled = False
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
            except StorageError as problem:
                if not troubled:
                    _log.warning("The inbox cannot be read, and will be tried again: %s", problem)
                troubled = True
            else:
                troubled = False

    async def _look(self) -> None:
        if not self._held():
            await self._rest()
            return
        await self._inbox.restore(self._bot)
        if not self._asked:
            await self._ask(self._updater)
            self._asked = True

    async def _rest(self) -> None:
        self._asked = False
        if self._updater.running:
            with suppress(InvalidToken, TimeoutError):  # the former ended its asking, and the watch has said so
                async with asyncio.timeout(FAREWELL):
                    await self._updater.stop()
