"""Subscriptions in TinyDB: read from memory, written whole and atomically, one JSON file that a person can read."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage

from digests.adapters.documents import address_of, read_subscription, written_subscription
from digests.adapters.twin_file import TwinFile
from digests.errors import StorageError
from digests.model.people import Address, ChatId, Subscription, merged

VERSION = 1

_Tables = dict[str, dict[str, Any]]
Result = TypeVar("Result")
_Wish = Callable[[Subscription | None], Subscription | None]


class TinyPeople:
    """People over one file; use it as an async context manager, in one process at a time.

    All is held in memory. A change is on disk before its method returns; changes that come while one is being written
    are written together after it, each seeing what those before it made, and fail or last together.
    """

    _written: asyncio.Future[None]  # the write that will take along what is waiting

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = TwinFile(path)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="people")
        self._subscriptions: dict[Address, Subscription] = {}
        self._storage = _Memory({"schema": {"1": {"version": VERSION}}})
        self._sealing = threading.Lock()  # held for a dictionary's operation, never while the disk is waited for
        self._waiting: list[_Change[Any]] = []

    async def __aenter__(self) -> Self:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._load)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._thread.shutdown)

    async def get(self, address: Address) -> Subscription | None:
        return self._subscriptions.get(address)

    async def all(self) -> tuple[Subscription, ...]:
        return tuple(self._subscriptions.values())

    async def change(self, address: Address, wish: _Wish) -> Subscription | None:
        return await self._make(partial(_changed, address=address, wish=wish))

    async def put(self, subscription: Subscription) -> None:
        await self.change(subscription.address, lambda _: subscription)

    async def remove(self, address: Address) -> None:
        await self.change(address, lambda _: None)

    async def move(self, chat: ChatId, to: ChatId) -> None:
        """Bring the subscriptions of a chat under another id, in one write; told twice is no error."""
        await self._make(partial(_moved, chat=chat, to=to))

    async def forget(self, chat: ChatId) -> None:
        """Remove a chat's subscriptions in one write, and the copies put aside, which hold what was there before."""
        await self._make(partial(_forgotten, chat=chat))
        await asyncio.get_running_loop().run_in_executor(self._thread, self._file.drop_put_aside)

    async def export(self, chat: ChatId) -> list[Mapping[str, Any]]:
        """A chat's subscriptions as they stand in the file."""
        return [written_subscription(each) for each in self._subscriptions.values() if each.address.chat == chat]

    async def _make(self, work: Callable[["_Draft"], Result]) -> Result:
        change = _Change(work)
        with self._sealing:
            if not self._waiting:
                self._written = asyncio.get_running_loop().run_in_executor(self._thread, self._write)
            self._waiting.append(change)
            written = self._written
        # Others wait for the same write: one who gives up must not cancel it for all.
        await asyncio.shield(written)
        if change.error is not None:
            raise change.error
        return cast("Result", change.result)

    def _load(self) -> None:
        stored = self._file.read(partial(_decoded, self._path))
        if stored is not None:
            self._storage.tables, self._subscriptions = stored

    def _write(self) -> None:
        with self._sealing:
            waiting, self._waiting = self._waiting, []
        draft = _Draft(self._subscriptions)
        for change in waiting:
            change.apply(draft)
        changes = draft.changes
        if not changes:
            return
        before = self._storage.tables
        try:
            self._apply(changes)
            self._file.write(orjson.dumps(self._storage.tables))
        except BaseException:
            self._storage.tables = before
            raise
        kept = dict(self._subscriptions)
        for address, subscription in changes.items():
            if subscription is None:
                kept.pop(address, None)
            else:
                kept[address] = subscription
        self._subscriptions = kept

    def _apply(self, changes: Mapping[Address, Subscription | None]) -> None:
        table = TinyDB(storage=lambda: self._storage).table("subscriptions")
        table.remove(lambda each: address_of(each) in changes)
        table.insert_multiple(written_subscription(each) for each in changes.values() if each is not None)


def look(path: Path) -> tuple[tuple[Subscription, ...], tuple[str, ...]]:
    """The subscriptions in a file, and what is wrong with it or its twin; nothing is changed, whoever has it open.

    Raises StorageError where neither of the two can be read.
    """
    stored, problems = TwinFile(path).look(partial(_decoded, path))
    return tuple(stored[1].values()) if stored is not None else (), problems


def _decoded(path: Path, body: bytes) -> tuple[_Tables, dict[Address, Subscription]]:
    try:
        tables: _Tables = orjson.loads(body)
        version = tables["schema"]["1"]["version"]
        documents = tables.get("subscriptions", {}).values() if version == VERSION else ()
        subscriptions = [read_subscription(each) for each in documents]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(repr(error)) from error
    if version != VERSION:
        message = f"{path} was written by another version of Cablegram: run that one, or set another DATA_DIR."
        raise StorageError(message)
    return tables, {each.address: each for each in subscriptions}


class _Draft:
    """What will be stored once the changes that came together are written."""

    def __init__(self, before: Mapping[Address, Subscription]) -> None:
        self._before = before
        self.changes: dict[Address, Subscription | None] = {}

    def get(self, address: Address) -> Subscription | None:
        return self.changes[address] if address in self.changes else self._before.get(address)

    def set(self, address: Address, subscription: Subscription | None) -> None:
        if subscription != self.get(address):
            self.changes[address] = subscription

    def of(self, chat: ChatId) -> list[Subscription]:
        """The subscriptions of all addresses of a chat."""
        present = {**self._before, **self.changes}
        return [each for address, each in present.items() if each is not None and address.chat == chat]


class _Change(Generic[Result]):
    """One change that waits to be written, and what comes of it."""

    def __init__(self, work: Callable[[_Draft], Result]) -> None:
        self._work = work
        self.result: Result | None = None
        self.error: Exception | None = None

    def apply(self, draft: _Draft) -> None:
        """Keep what it raises for the one who asked: the others' changes are written all the same."""
        try:
            self.result = self._work(draft)
        except Exception as error:  # noqa: BLE001 raised again where the change was asked for
            self.error = error


def _changed(draft: _Draft, *, address: Address, wish: _Wish) -> Subscription | None:
    subscription = wish(draft.get(address))
    draft.set(address, subscription)
    return subscription


def _moved(draft: _Draft, *, chat: ChatId, to: ChatId) -> None:
    for former in draft.of(chat):
        address = replace(former.address, chat=to)
        present = draft.get(address)
        draft.set(address, merged(former, present) if present else replace(former, address=address))
        draft.set(former.address, None)


def _forgotten(draft: _Draft, *, chat: ChatId) -> None:
    for each in draft.of(chat):
        draft.set(each.address, None)


class _Memory(Storage):
    """What TinyDB believes to be on disk; TinyPeople puts it there, once for all the changes that came together."""

    def __init__(self, tables: _Tables) -> None:
        self.tables = tables

    def read(self) -> _Tables:
        """A copy of the outermost level, which TinyDB changes in place: the former tables stay whole for a return."""
        return dict(self.tables)

    def write(self, data: _Tables) -> None:
        self.tables = data
