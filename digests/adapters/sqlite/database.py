"""One SQLite file, off the event loop: a thread that writes, two that read, a transaction a call, numbered migrations."""

import asyncio
import queue
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from digests.adapters.sqlite.schema import MIGRATIONS
from digests.errors import StorageError

Result = TypeVar("Result")

# What the disk, the file or another program did. Any other code is a bug of ours, and propagates.
_WORLDLY = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)


PATIENCE = 5.0  # seconds with another program that has the file
READERS = 2  # so that a long look back by filing holds up nobody who waits for an answer


class Database:
    """Runs functions over connections, each in a transaction of its own: those that write one after the other.

    `path` is a file, or ":memory:" for a database that is gone with the process. Use it as an async context manager.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="sqlite-read")
        self._reading: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()

    async def __aenter__(self) -> Self:
        try:
            self._connection = await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except BaseException:
            self._thread.shutdown(wait=False)
            self._readers.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._connection is not None, "left only after it was entered"
        await asyncio.to_thread(self._readers.shutdown)
        while not self._reading.empty():
            self._reading.get().close()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._connection = None
        self._thread.shutdown(wait=False)

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do `work` in one transaction; whatever it raises rolls back.

        A caller that is cancelled does not stop work that has begun: it is committed all the same. Raises StorageError
        where the disk or the file fails; a mistake in `work` comes as sqlite3 raises it.
        """
        assert self._connection is not None, "the database is used inside `async with`"
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, self._connection, work)

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do `work`, which only reads, over one state of the file: what was committed when it begins.

        It waits for no writer. Raises as `run` does; work that writes is such a mistake.
        """
        assert self._connection is not None, "the database is used inside `async with`"
        if self._path == ":memory:":  # such a database is one connection's own
            return await self.run(work)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._look, work)

    async def fold(self) -> bool:
        """Bring the log that goes with the file into it and empty it, so that what was erased is in neither.

        False where somebody is reading, for whom what was there is kept: nobody who writes waits for him. Raises as `run`.
        """
        assert self._connection is not None, "the database is used inside `async with`"
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._fold, self._connection)

    def _fold(self, connection: sqlite3.Connection) -> bool:
        with self._naming_failures():
            connection.execute("PRAGMA busy_timeout = 0")
            try:
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        return not busy

    def _look(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        # Taken and given back rather than a thread's own, so that they can all be closed at the end.
        try:
            connection = self._reading.get_nowait()
        except queue.Empty:
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA query_only = ON")
        try:
            return self._transact(connection, work, begin="BEGIN")
        finally:
            self._reading.put(connection)

    def _transact(
        self,
        connection: sqlite3.Connection,
        work: Callable[[sqlite3.Connection], Result],
        *,
        begin: str = "BEGIN IMMEDIATE",
    ) -> Result:
        with self._naming_failures():
            connection.execute(begin)
            try:
                result = work(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:  # a full disk may have rolled back already
                    connection.execute("ROLLBACK")
        return result

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if _worldly(error):
                message = f"{self._path} cannot be read or written: {error}."
                raise StorageError(message) from error
            raise

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
            try:
                self._migrate(connection)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            if _worldly(error):
                message = f"{self._path} cannot be opened as a database of Cablegram: {error}."
                raise StorageError(message) from error
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            message = f"{self._path} was written by a newer Cablegram; run that version, or name another DATA_DIR."
            raise StorageError(message)
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL, not NORMAL: what the ledger says before a message goes out must survive a power cut too.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What was deleted is overwritten: /forget means it, and so does an update's body once it was handled.
        connection.execute("PRAGMA secure_delete = ON")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def _worldly(error: sqlite3.Error) -> bool:
    """Whether the world failed. Extended codes keep the primary one in their last byte."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _WORLDLY
