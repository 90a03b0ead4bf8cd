"""Subscriptions in PostgreSQL, each a document; a process reads anew only what has changed since it looked last."""

import asyncio
import json
from collections.abc import Callable, Sequence

from digests.adapters.documents import read_subscription, written_subscription
from digests.adapters.postgres.database import Connection, Database, Row
from digests.model.people import Address, ChatId, Subscription

AT_ONCE = 2_000  # subscriptions that are read before others have their turn of the loop
_LEAST = -(1 << 63)


class PostgresPeople:
    """People over one database, shared by any number of processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest = 0
        self._removals = 0
        self._looking = asyncio.Lock()
        self._changing = (
            asyncio.Lock()
        )  # in the order in which they are asked for, and never all connections waiting for one row
        self._everybody: tuple[Subscription, ...] = ()
        self._known: dict[Address, tuple[int, Subscription]] = {}

    async def get(self, address: Address) -> Subscription | None:
        query = "SELECT changed, document FROM people WHERE chat = %s AND thread = %s"
        found = await self._database.ask(query, (address.chat, address.thread))
        return self._read(address, *found[0]) if found else None

    async def all(self) -> tuple[Subscription, ...]:
        async with self._looking:
            if await self._catch_up():
                self._everybody = tuple(subscription for _, subscription in self._known.values())
            return self._everybody

    async def change(
        self, address: Address, wish: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        async def work(connection: Connection) -> Subscription | None:
            await lock_people(connection)
            present = await _stored(connection, address)
            wished = wish(present)
            if wished != present:
                await store(connection, address, wished)
            return wished

        async with self._changing:
            return await self._database.run(work)

    async def put(self, subscription: Subscription) -> None:
        await self.change(subscription.address, lambda _: subscription)

    async def remove(self, address: Address) -> None:
        await self.change(address, lambda _: None)

    async def _catch_up(self) -> bool:
        """Read what has changed; whether anything has."""
        # What comes between two of these statements is read twice, or missed and told by the next number.
        ((latest, removals),) = await self._database.ask("SELECT latest, removals FROM people_changes")
        if removals != self._removals:
            rows = await self._database.ask("SELECT chat, thread FROM people")
            living = {_address(chat, thread) for chat, thread in rows}
            self._known = {address: known for address, known in self._known.items() if address in living}
        if latest != self._latest:
            await self._learn()
        changes = (latest, removals) != (self._latest, self._removals)
        self._latest, self._removals = latest, removals
        return changes

    async def _learn(self) -> None:
        """Read what has changed, so many at a time: at start it is everybody."""
        query = """SELECT chat, thread, changed, document FROM people WHERE changed > %s AND (chat, thread) > (%s, %s)
            ORDER BY chat, thread LIMIT %s"""
        after = (_LEAST, 0)
        while rows := await self._database.ask(query, (self._latest, *after, AT_ONCE)):
            self._known |= await asyncio.to_thread(self._read_all, rows)
            after = rows[-1][0], rows[-1][1]

    def _read_all(self, rows: Sequence[Row]) -> dict[Address, tuple[int, Subscription]]:
        return {
            (address := _address(chat, thread)): (number, self._read(address, number, document))
            for chat, thread, number, document in rows
        }

    def _read(self, address: Address, number: int, document: str) -> Subscription:
        known = self._known.get(address)
        return known[1] if known is not None and known[0] == number else read_subscription(json.loads(document))


async def lock_people(connection: Connection) -> None:
    """Let nobody else change people until the transaction ends."""
    await connection.execute("SELECT FROM people_changes FOR UPDATE")


async def subscriptions_of(connection: Connection, chat: ChatId) -> tuple[Subscription, ...]:
    """The subscriptions of all addresses of a chat."""
    rows = await connection.execute("SELECT document FROM people WHERE chat = %s ORDER BY thread", (chat,))
    return tuple([read_subscription(json.loads(document)) async for (document,) in rows])


async def store(connection: Connection, address: Address, subscription: Subscription | None) -> None:
    """Store what an address follows, None to forget it, under the next number; people are locked."""
    if subscription is None:
        await connection.execute("UPDATE people_changes SET latest = latest + 1, removals = removals + 1")
        await connection.execute("DELETE FROM people WHERE chat = %s AND thread = %s", (address.chat, address.thread))
        return
    await connection.execute("UPDATE people_changes SET latest = latest + 1")
    await connection.execute(
        """INSERT INTO people (chat, thread, document, changed) SELECT %s, %s, %s, latest FROM people_changes
        ON CONFLICT (chat, thread) DO UPDATE SET document = excluded.document, changed = excluded.changed""",
        (address.chat, address.thread, json.dumps(written_subscription(subscription), ensure_ascii=False)),
    )


async def _stored(connection: Connection, address: Address) -> Subscription | None:
    threads = await subscriptions_of(connection, address.chat)
    return next((each for each in threads if each.address == address), None)


def _address(chat: int, thread: int) -> Address:
    return Address(chat=ChatId(chat), thread=thread)
