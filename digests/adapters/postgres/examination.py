"""A look at a PostgreSQL that changes nothing in it, beside running workers or alone."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from digests.adapters.documents import read_subscription
from digests.adapters.postgres.database import Connection, reading
from digests.adapters.postgres.schema import MIGRATIONS
from digests.adapters.rows import moment
from digests.errors import StorageError
from digests.model.health import Condition, Finding, Records
from digests.model.people import Address, ChatId, Subscription
from digests.ports import Clock

APART = timedelta(seconds=5)

# An edition is held by nobody who lives where its worker's sign of life has lapsed; `settle` of any worker ends that.
_ORPHANED = """held AND NOT EXISTS (
    SELECT FROM leases WHERE name = 'worker ' || editions.holder AND until > server_time())"""


async def examine_database(url: str, duties: Sequence[str], machine_clock: Clock) -> Condition:
    """What a database is in, which workers share `duties` over. Raises ConfigurationError for a bad URL."""
    try:
        async with reading(url) as connection:
            if wrong := await _unusable(connection):
                return Condition(running=False, findings=(wrong,))
            ((now,),) = await _rows(connection, "SELECT server_time()")
            ahead = moment(now) - machine_clock()
            workers, about_workers = await _workers(connection, duties)
            people, about_people = await _people(connection)
            records = await _records(connection)
    except StorageError as error:
        remedy = "see that the server runs, and that DATABASE_URL names it with a user who may read and write there"
        return Condition(running=False, findings=(Finding(about="database", seen=str(error), remedy=remedy),))
    findings = (_reached(ahead), about_workers, *about_people)
    return Condition(running=workers > 0, findings=findings, subscriptions=people, records=records)


async def _unusable(connection: Connection) -> Finding | None:
    ((known,),) = await _rows(connection, "SELECT to_regclass('schema_version') IS NOT NULL")
    query = "SELECT coalesce(max(version), 0) FROM schema_version" if known else "SELECT 0"
    ((version,),) = await _rows(connection, query)
    if version == len(MIGRATIONS):
        return None
    return Finding(
        about="database",
        seen=f"It is reached, and has the tables of version {version}, this program those of {len(MIGRATIONS)}.",
        remedy="run the newer Cablegram, or set another DATABASE_URL"
        if version > len(MIGRATIONS)
        else "call ./cablegram release, which brings them up to date",
    )


def _reached(ahead: timedelta) -> Finding:
    seconds = ahead.total_seconds()
    return Finding(
        about="database",
        seen=f"It is reached, its tables are of this version, and its clock is {seconds:+.1f} s from this machine's.",
        remedy="let both keep the time (timedatectl set-ntp true)" if abs(ahead) > APART else None,
    )


async def _workers(connection: Connection, duties: Sequence[str]) -> tuple[int, Finding]:
    """How many workers live, and whether each duty is somebody's."""
    rows = await _rows(connection, "SELECT name FROM leases WHERE until > server_time()")
    living = {name for (name,) in rows}
    workers = sum(name.startswith("worker ") for name in living)
    idle = [duty for duty in duties if duty not in living]
    if not workers:
        return 0, Finding(about="workers", seen="None is running.")
    if idle:
        return workers, Finding(
            about="workers",
            seen=f"Running: {workers}, and {' and '.join(idle)} is nobody's duty.",
            remedy="look again in a minute, by when one has taken it over; else read the workers' logs",
        )
    return workers, Finding(about="workers", seen=f"Running: {workers}, and every duty is somebody's.")


async def _people(connection: Connection) -> tuple[tuple[Subscription, ...] | None, tuple[Finding, ...]]:
    rows = await _rows(connection, "SELECT chat, document FROM people ORDER BY chat, thread")
    try:
        return tuple(_read(rows)), ()
    except ValueError as error:
        return None, (
            Finding(
                about="people's rows",
                seen=f"Not every subscription can be read: {error}.",
                remedy="put that row back from a backup, or delete it; its people then write /start",
            ),
        )


def _read(rows: Sequence[tuple[Any, ...]]) -> Iterator[Subscription]:
    for chat, document in rows:
        try:
            yield read_subscription(json.loads(document))
        except (KeyError, TypeError, ValueError) as error:
            message = f"chat {chat} ({error!r})"
            raise ValueError(message) from error


async def _records(connection: Connection) -> Records:
    async def number(query: str) -> int:
        ((found,),) = await _rows(connection, query)
        return int(found)

    chats = await _rows(connection, "SELECT DISTINCT chat FROM editions")
    query = "SELECT chat, thread, min(due) FROM editions WHERE NOT done GROUP BY chat, thread"
    opened = await _rows(connection, query)
    ((received,),) = await _rows(connection, "SELECT max(received) FROM updates")
    return Records(
        chats=frozenset(ChatId(chat) for (chat,) in chats),
        open={Address(chat=ChatId(chat), thread=thread): moment(due) for chat, thread, due in opened},
        orphaned=await number(f"SELECT count(*) FROM editions WHERE {_ORPHANED}"),  # noqa: S608 ours
        halfway=await number(
            f"""SELECT count(*) FROM deliveries JOIN editions ON edition = id
            WHERE state = 'sending' AND (NOT held OR {_ORPHANED})"""  # noqa: S608
        ),
        untold=await number(
            """SELECT count(DISTINCT edition) FROM deliveries AS one WHERE state = 'uncertain'
            AND NOT EXISTS (SELECT FROM deliveries AS told WHERE told.edition = one.edition AND told.part = 0)"""
        ),
        waiting=await number("SELECT count(*) FROM updates WHERE NOT handled"),
        received=moment(received),
    )


async def _rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return await (await connection.execute(query)).fetchall()
