"""Subscriptions in TinyDB: read from memory, written whole and atomically, one JSON file that a person can read."""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage

from digests.adapters.documents import address_of, read_subscription, written_subscription
from digests.adapters.twin_file import TwinFile
from digests.errors import StorageError
from digests.model.people import Address, Subscription

VERSION = 1

_Tables = dict[str, dict[str, Any]]


class TinyPeople:
    """People over one file; use it as an async context manager, in one process at a time.

    All is held in memory. A change is on disk before its method returns; changes that come while one is being written
    are written together after it, and fail or last together.
    """

    _written: asyncio.Future[None]  # the write that will take along what is waiting

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = TwinFile(path)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="people")
        self._subscriptions: dict[Address, Subscription] = {}
        self._storage = _Memory({"schema": {"1": {"version": VERSION}}})
        self._sealing = threading.Lock()  # held for a dictionary's operation, never while the disk is waited for
        self._waiting: dict[Address, Subscription | None] = {}

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

    async def put(self, subscription: Subscription) -> None:
        await self._store(subscription.address, subscription)

    async def remove(self, address: Address) -> None:
        await self._store(address, None)

    async def _store(self, address: Address, subscription: Subscription | None) -> None:
        with self._sealing:
            if not self._waiting:
                self._written = asyncio.get_running_loop().run_in_executor(self._thread, self._write)
            self._waiting[address] = subscription
            written = self._written
        # Others wait for the same write: one who gives up must not cancel it for all.
        await asyncio.shield(written)

    def _load(self) -> None:
        stored = self._file.read(self._decode)
        if stored is not None:
            self._storage.tables, self._subscriptions = stored

    def _decode(self, body: bytes) -> tuple[_Tables, dict[Address, Subscription]]:
        try:
            tables: _Tables = orjson.loads(body)
            version = tables["schema"]["1"]["version"]
            documents = tables.get("subscriptions", {}).values() if version == VERSION else ()
            subscriptions = [read_subscription(each) for each in documents]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(repr(error)) from error
        if version != VERSION:
            message = (
                f"{self._path} was written by another version of Cablegram: run that one, or set another DATA_DIR."
            )
            raise StorageError(message)
        return tables, {each.address: each for each in subscriptions}

    def _write(self) -> None:
        with self._sealing:
            changes, self._waiting = self._waiting, {}
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


class _Memory(Storage):
    """What TinyDB believes to be on disk; TinyPeople puts it there, once for all the changes that came together."""

    def __init__(self, tables: _Tables) -> None:
        self.tables = tables

    def read(self) -> _Tables:
        """A copy of the outermost level, which TinyDB changes in place: the former tables stay whole for a return."""
        return dict(self.tables)

    def write(self, data: _Tables) -> None:
        self.tables = data
