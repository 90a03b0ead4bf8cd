"""Updates are stored before Telegram is told that we have them, and handled once, each chat's in order."""

import asyncio
import inspect
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import ExitStack, asynccontextmanager
from typing import Any, Protocol
from weakref import WeakValueDictionary

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from digests.errors import StorageError

_log = logging.getLogger(__name__)

CONCURRENT_CHATS = 32
WORK = 5.0  # seconds after which an update waits, for Telegram or for its chat's pause, rather than works
EVERY_UPDATE = 1_000_000  # what python-telegram-bot may have waiting; the limit that matters is a chat's, below
NO_UPDATE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises over an update whose parts are missing or of another kind than it knows."""


class Handled(Protocol):
    """Is told what was handled. May raise StorageError."""

    async def handled(self, update_id: int) -> None:
        """It need not be handled again."""
        ...


class UpdateStore(Handled, Protocol):
    """Keeps updates until they are handled, and their numbers for as long as Telegram may repeat them.

    Every method may raise StorageError.
    """

    async def put(self, update_id: int, body: bytes) -> bool:
        """Store it; False where it is known already, handled or not. On disk when this returns."""
        ...

    async def unhandled(self, but: Collection[int] = ()) -> tuple[bytes, ...]:
        """What was stored and not handled, in the order of the numbers, without the numbers in `but`."""
        ...


class NotStored(TelegramError):
    """An update could not be stored. A TelegramError, because the updater asks again after those, and after no others."""


class Inbox(asyncio.Queue[object]):
    """The application's update queue.

    The updater confirms an update to Telegram by the *next* getUpdates, after `put` has returned (a webhook answers after
    it). So an update is either confirmed and stored, or Telegram brings it again.
    """

    def __init__(self, store: UpdateStore, *, answering: Callable[[], bool] = lambda: True) -> None:
        """`answering` says whether this process answers; another one finds in the store what this one puts there."""
        super().__init__()
        self._store = store
        self._answering = answering
        self._had: set[int] = set()  # queued here and, as far as the store has told since, not handled
        self._done: set[int] = set()
        self._unread: set[bytes] = set()  # stored, and no update that this version can read

    async def put(self, item: object) -> None:
        """Store an update, then queue it; one that is known, or cannot be written down, is dropped. Raises NotStored only.

        What is no update (the application's signal to stop) is queued as it is.
        """
        if isinstance(item, Update):
            # Another call of `restore` may have found it in the meantime.
            if not await self._is_new(item) or not self._answering() or item.update_id in self._had:
                return
            self._had.add(item.update_id)
        await super().put(item)

    async def _is_new(self, update: Update) -> bool:
        try:
            body = _written(update)
        except NO_UPDATE:
            # Brought again it would be no better, and nothing behind it would ever come.
            _log.exception("Update %d cannot be written down, and is dropped.", update.update_id)
            return False
        try:
            return await self._store.put(update.update_id, body)
        except StorageError as error:
            raise NotStored(str(error)) from error
        except Exception as bug:
            _log.exception("Update %d could not be stored because of a bug.", update.update_id)
            raise NotStored(repr(bug)) from bug

    async def restore(self, bot: Bot) -> int:
        """Queue what is stored, not handled and not queued here already; how many. Raises StorageError."""
        done = frozenset(self._done)
        bodies = await self._store.unhandled(self._had)
        restored = 0
        for body in bodies:
            update = self._read(body, bot)
            if update is not None and update.update_id not in self._had:
                self._had.add(update.update_id)
                await super().put(update)
                restored += 1
        # Not sooner: what the store was asked while they were being handled may have brought them again.
        self._had -= done
        self._done -= done
        return restored

    def _read(self, body: bytes, bot: Bot) -> Update | None:
        if body in self._unread:
            return None
        try:
            return Update.de_json(json.loads(body), bot)
        except NO_UPDATE:
            self._unread.add(body)
            _log.exception("A stored update cannot be read, and stays unanswered.")
            return None

    async def handled(self, update_id: int) -> None:
        """It need not be handled again. Raises StorageError."""
        await self._store.handled(update_id)
        self._done.add(update_id)


class InOrder(BaseUpdateProcessor):
    """Handles the updates of many chats at once, those of one chat one after the other.

    `chats` of them work at once; those that wait for Telegram, or for their chat's pause, are not counted.

    An update counts as handled once its handlers have run, or have raised and the error handler has answered; not when
    they were cancelled: a restart handles it anew. A kill between a handler's last act and this mark repeats that update,
    for there is no transaction over Telegram and a disk; handlers therefore do what is right twice.
    """

    def __init__(self, inbox: Handled, *, chats: int = CONCURRENT_CHATS) -> None:
        super().__init__(EVERY_UPDATE)
        self._inbox = inbox
        self._ending = False
        self._begun: set[asyncio.Task[object]] = set()
        self._busy = asyncio.Semaphore(chats)
        # Kept only as long as somebody waits or works in the chat.
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end: the application waits for its updates, or cancels them."""

    async def end(self, within: float) -> None:
        """Begin nothing more, and let what is begun end, for so many seconds: the rest is handled after a restart."""
        self._ending = True
        if self._begun:
            _, hanging = await asyncio.wait(self._begun, timeout=within)
            if hanging:
                _log.warning(
                    "%d answers take too long; they are broken off, and come after the next start.", len(hanging)
                )
            for task in hanging:
                task.cancel()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, run the handlers, mark the update."""
        turn = self._turns.setdefault(_chat_of(update), asyncio.Lock())
        task = asyncio.current_task()
        assert task is not None, "updates are handled in tasks"
        try:
            # The turn first, then a place: a chat that floods the bot takes one place, not all.
            async with turn, self._place():
                if self._ending:
                    return
                self._begun.add(task)
                try:
                    await coroutine
                except Exception:
                    await self._mark(update)
                    raise
                await self._mark(update)
        finally:
            self._begun.discard(task)
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # cancelled before its turn came, it was never awaited

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """One of the places for those who work; it goes to another chat when the work has become waiting."""
        await self._busy.acquire()
        with ExitStack() as place:
            place.callback(self._busy.release)
            leaving = asyncio.get_running_loop().call_later(WORK, place.close)
            try:
                yield
            finally:
                leaving.cancel()

    async def _mark(self, update: object) -> None:
        if isinstance(update, Update):
            await self._inbox.handled(update.update_id)


def _written(update: Update) -> bytes:
    # A message that nobody can see any more has the date 0, which the library leaves a datetime.
    return json.dumps(update.to_dict(), default=lambda date: int(date.timestamp())).encode()


def _chat_of(update: object) -> int:
    if not isinstance(update, Update):
        return 0
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else user.id if user else 0
