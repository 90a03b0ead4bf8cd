"""A PostgreSQL database: a pool of connections, a transaction a call, numbered migrations under a lock."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import IdleInTransactionSessionTimeout, InsufficientPrivilege, ReadOnlySqlTransaction
from psycopg_pool import AsyncConnectionPool

from digests.adapters.postgres.schema import MIGRATIONS
from digests.adapters.rows import moment
from digests.errors import ConfigurationError, StorageError
from digests.ports import Clock

Result = TypeVar("Result")
Row = tuple[Any, ...]
Connection = AsyncConnection[Row]

CONNECTIONS = 8  # a process; hosted databases of the smallest kind allow twenty in all
MIGRATING = 5_273_911_044  # the advisory lock's number; any, as long as it never changes
PATIENCE = 10  # seconds to connect
# A worker that is stopped inside a transaction must not keep the others from what it has locked.
_SETTINGS = "SET idle_in_transaction_session_timeout = '15s'"
_TIME = "SELECT server_time()"
# It repeats nothing of the URL: of one that is wrong, the password may stand anywhere.
_UNREADABLE = (
    "DATABASE_URL=…: it cannot be read; write postgresql://user:password@host/database, and what is special in the password "
    "percent-encoded: % as %25, @ as %40, / as %2F."
)
# What server, network or operator did. Any other error is a bug of ours, and propagates.
_WORLDLY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    IdleInTransactionSessionTimeout,
    InsufficientPrivilege,
    ReadOnlySqlTransaction,
)


class Database:
    """Runs statements and transactions over a pool. Use it as an async context manager.

    `url` is postgresql://…; of `steady_clock` it counts only how long it goes, not what it shows.
    """

    def __init__(self, url: str, steady_clock: Clock, *, connections: int = CONNECTIONS) -> None:
        self._url = url
        self._name = ""
        self._steady_clock = steady_clock
        self._ahead = timedelta()
        self._pool = AsyncConnectionPool(
            url,
            kwargs={"autocommit": True, "connect_timeout": PATIENCE, "keepalives_idle": 20, "keepalives_interval": 5},
            configure=_configure,
            check=AsyncConnectionPool.check_connection,  # a server that was restarted costs nobody his turn
            min_size=1,
            max_size=connections,
            open=False,
        )

    def clock(self) -> datetime:
        """The server's time as it was last asked, and how long that is ago: leases of several machines are measured by it."""
        return self._steady_clock() + self._ahead

    async def __aenter__(self) -> Self:
        """Raises StorageError where it cannot be reached or is newer than this program, ConfigurationError for a bad URL."""
        self._name = _named(self._url)
        try:
            async with await AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=PATIENCE
            ) as connection:
                await self._migrate(connection)
                self._set_clock(*await _one(connection, _TIME))
        except _WORLDLY as error:
            raise _failure(self._name, error) from error
        await self._pool.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._pool.close()

    async def set_clock(self) -> None:
        """Ask the server for its time anew. Raises StorageError."""
        ((now,),) = await self.ask(_TIME)
        self._set_clock(now)

    async def run(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Do `work` in one transaction; whatever it raises, a cancellation too, rolls back.

        Raises StorageError where server or network fail; a mistake in `work` comes as psycopg raises it.
        """
        try:
            async with self._pool.connection() as connection, connection.transaction():
                return await work(connection)
        except _WORLDLY as error:
            raise _failure(self._name, error) from error

    async def ask(self, query: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """Do one statement that returns rows, which is a transaction by itself. Raises as `run` does."""
        try:
            async with self._pool.connection() as connection:
                return await (await connection.execute(query, parameters)).fetchall()
        except _WORLDLY as error:
            raise _failure(self._name, error) from error

    def _set_clock(self, now: int) -> None:
        self._ahead = moment(now) - self._steady_clock()

    async def _migrate(self, connection: Connection) -> None:
        """Bring the schema up to date, one program at a time."""
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
            await connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
            (version,) = await _one(connection, "SELECT coalesce(max(version), 0) FROM schema_version")
            if version > len(MIGRATIONS):
                message = f"The database {self._name} was written by a newer Cablegram; run that version, or set another DATABASE_URL."
                raise StorageError(message)
            for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
                await connection.execute(script)
                await connection.execute("INSERT INTO schema_version VALUES (%s)", (number,))


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Connection]:
    """One state of a database, as it stands: of whichever version, and nothing is written.

    Raises StorageError where it cannot be reached or read, ConfigurationError for a bad URL.
    """
    name = _named(url)
    try:
        async with (
            await AsyncConnection.connect(url, autocommit=True, connect_timeout=PATIENCE) as connection,
            connection.transaction(),
        ):
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection
    except _WORLDLY as error:
        raise _failure(name, error) from error


def _named(url: str) -> str:
    """Where a database is, without who asks. Raises ConfigurationError where a URL cannot be read, or is read wrongly."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ConfigurationError(_UNREADABLE) from None
    name = f"{parts.get('host', '')}/{parts.get('dbname', '')}"
    if "@" in name or not re.fullmatch(r"[\d,]*", str(parts.get("port", ""))):
        raise ConfigurationError(_UNREADABLE)
    return name


def _failure(name: str, error: psycopg.Error) -> StorageError:
    return StorageError(f"The database {name} cannot be read or written: {_line(error)}.")


async def _configure(connection: Connection) -> None:
    await connection.execute(_SETTINGS)


async def _one(connection: Connection, query: str) -> Row:
    row = await (await connection.execute(query)).fetchone()
    assert row is not None, "the query always has a row"
    return row


def _line(error: psycopg.Error) -> str:
    """The first line of what the server or the driver says."""
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
