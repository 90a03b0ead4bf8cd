"""One SQLite file, off the event loop: a single thread, a transaction a call, numbered migrations."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from digests.adapters.sqlite.schema import MIGRATIONS
from digests.errors import StorageError

Result = TypeVar("Result")


class Database:
    """Runs functions over the connection, each in a transaction of its own, one after the other in a thread.

    `path` is a file, or ":memory:" for a database that is gone with the process. Use it as an async context manager.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do `work` in one transaction; whatever it raises rolls back. SQLite's own errors come as StorageError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, work)

    def _transaction(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        assert self._connection is not None, "the database is used inside `async with`"
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.NotSupportedError):
                raise  # a bug of ours, not the disk's
            message = f"{self._path} cannot be read or written: {error}."
            raise StorageError(message) from error
        return result

    def _open(self) -> None:
        try:
            connection = sqlite3.connect(self._path, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL, not NORMAL: what the ledger says before a message goes out must survive a power cut too.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
                connection.executescript(f"BEGIN; {script}; PRAGMA user_version = {number}; COMMIT;")
        except sqlite3.Error as error:
            message = f"{self._path} cannot be opened as a database of Cablegram: {error}."
            raise StorageError(message) from error
        if version > len(MIGRATIONS):
            connection.close()
            message = f"{self._path} was written by a newer Cablegram; run that version, or name another DATA_DIR."
            raise StorageError(message)
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
