"""Leases on duties, and every worker's sign of life: who dies is followed by another within seconds."""

import asyncio
import logging
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from digests.adapters.postgres.database import Connection, Database
from digests.adapters.rows import stamp
from digests.errors import DutyLost, StorageError
from digests.ports import Clock

_log = logging.getLogger(__name__)

SIGNS = 5  # of life a span: one that is late or lost ends nothing

# Who saves under the lease has it locked for as long as he does: then nobody takes it over, and he renews it next time.
_TAKE = """
WITH free AS (SELECT name FROM leases WHERE name = %(name)s AND (holder = %(me)s OR until <= %(now)s)
    FOR UPDATE SKIP LOCKED)
UPDATE leases SET token = token + (holder <> %(me)s)::INT, holder = %(me)s, until = %(until)s
FROM free WHERE leases.name = free.name RETURNING token"""
_MAKE = (
    "INSERT INTO leases (name, holder, token, until) VALUES (%s, '', 0, 0) ON CONFLICT (name) DO NOTHING RETURNING 1"
)


async def living(database: Database) -> bool:
    """Whether any worker has given a sign of life and not yet been given up."""
    query = "SELECT EXISTS (SELECT FROM leases WHERE starts_with(name, 'worker ') AND until > %s)"
    ((found,),) = await database.ask(query, (stamp(database.clock()),))
    return bool(found)


class Leases:
    """ports.Leases over one database: seeks `duties` for as long as it is entered, and says that this worker lives.

    `clock` is the time that all workers share; `span` how long one may give no sign of life until others take over;
    `worker` is the name that this one's claims are made under.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        duties: Sequence[str],
        span: timedelta,
    ) -> None:
        self.worker = f"{os.getpid()}-{uuid4().hex}"
        self._database = database
        self._clock = clock
        self._names = (f"worker {self.worker}", *duties)
        self._span = span
        self._every = span / SIGNS
        self._mine: dict[str, tuple[int, datetime]] = {}
        self._group = asyncio.TaskGroup()
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Raises StorageError."""
        for name in self._names:
            await self._database.ask(_MAKE, (name,))
        await self.beat()
        await self._group.__aenter__()
        self._beating = self._group.create_task(self._beat_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give all of it back, so that others need not wait."""
        assert self._beating is not None, "left only after it was entered"
        self._beating.cancel()
        await self._group.__aexit__(None, None, None)  # which would wrap an error of the block into a group
        self._mine.clear()
        try:
            query = "UPDATE leases SET until = 0 WHERE holder = %s RETURNING name"
            await self._database.ask(query, (self.worker,))
            await self._database.ask("DELETE FROM leases WHERE name = %s RETURNING name", (self._names[0],))
        except StorageError as problem:
            _log.warning("The leases could not be given back, and end by themselves: %s", problem)

    def held(self, duty: str) -> bool:
        return self.token(duty) is not None

    def token(self, duty: str) -> int | None:
        """What names this process's present hold on the duty; None where it has none."""
        token, until = self._mine.get(duty, (0, None))
        return token if until is not None and self._clock() < until else None

    async def beat(self) -> None:
        """Renew what is this worker's, and take what is free. Raises StorageError."""
        await self._database.set_clock()
        for name in self._names:
            if not await self._take(name) and name == self._names[0]:
                # The others have forgotten this worker, which gave no sign of life for an hour.
                await self._database.ask(_MAKE, (name,))
                await self._take(name)

    async def _take(self, name: str) -> bool:
        now = self._clock()
        until = now + self._span
        parameters = {"name": name, "me": self.worker, "now": stamp(now), "until": stamp(until)}
        taken = await self._database.ask(_TAKE, parameters)
        for (token,) in taken:
            if name not in self._mine:
                _log.debug("This worker has the duty of %s.", name)
            self._mine[name] = token, until
        return bool(taken)

    async def prune(self) -> None:
        """Forget the workers that gave their last sign of life an hour ago."""
        query = "DELETE FROM leases WHERE name <> ALL (%s) AND until < %s RETURNING name"
        await self._database.ask(query, (list(self._names), stamp(self._clock() - timedelta(hours=1))))

    async def _beat_on(self) -> None:
        failing = False
        while True:
            await asyncio.sleep(self._every.total_seconds())
            try:
                await self.beat()
            except StorageError as problem:
                if not failing:
                    _log.warning("The leases could not be renewed, and will be tried again: %s", problem)
                failing = True
            else:
                failing = False


class Duty:
    """One piece of work under a lease: what it saves is saved only if nobody has taken over since it began."""

    def __init__(self, leases: Leases, name: str) -> None:
        self._leases = leases
        self._name = name
        self._token: int | None = None

    def begin(self) -> bool:
        """Begin a piece of work; False where the duty is another's."""
        self._token = self._leases.token(self._name)
        return self._token is not None

    async def confirm(self, connection: Connection) -> None:
        """Raise DutyLost unless the duty is still this piece of work's; then it stays so until the transaction ends."""
        query = "SELECT FROM leases WHERE name = %s AND holder = %s AND token = %s FOR SHARE"
        held = await connection.execute(query, (self._name, self._leases.worker, self._token))
        if await held.fetchone() is None:
            message = f"Another worker has taken over {self._name}; what this one found is left to it."
            raise DutyLost(message)
