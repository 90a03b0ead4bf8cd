"""Subscriptions in PostgreSQL, each a document; a process reads anew only what has changed since it looked last."""

import asyncio
import json

from digests.adapters.documents import read_subscription, written_subscription
from digests.adapters.postgres.database import Connection, Database
from digests.model.people import Address, ChatId, Subscription

_NEXT = "UPDATE people_changes SET latest = latest + 1 RETURNING latest"


class PostgresPeople:
    """People over one database, shared by any number of processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest = 0
        self._removals = 0
        self._looking = asyncio.Lock()
        self._known: dict[Address, tuple[int, Subscription]] = {}

    async def get(self, address: Address) -> Subscription | None:
        query = "SELECT changed, document FROM people WHERE chat = %s AND thread = %s"
        found = await self._database.ask(query, (address.chat, address.thread))
        return self._read(address, *found[0]) if found else None

    async def all(self) -> tuple[Subscription, ...]:
        async with self._looking:
            await self._catch_up()
            return tuple(subscription for _, subscription in self._known.values())

    async def put(self, subscription: Subscription) -> None:
        document = json.dumps(written_subscription(subscription), ensure_ascii=False)

        async def work(connection: Connection) -> None:
            await connection.execute(
                f"""WITH change AS ({_NEXT})
                INSERT INTO people (chat, thread, document, changed) SELECT %s, %s, %s, latest FROM change
                ON CONFLICT (chat, thread) DO UPDATE SET document = excluded.document, changed = excluded.changed""",  # noqa: S608
                (subscription.address.chat, subscription.address.thread, document),
            )

        await self._database.run(work)

    async def remove(self, address: Address) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute("UPDATE people_changes SET latest = latest + 1, removals = removals + 1")
            await connection.execute(
                "DELETE FROM people WHERE chat = %s AND thread = %s", (address.chat, address.thread)
            )

        await self._database.run(work)

    async def _catch_up(self) -> None:
        # What comes between two of these statements is read twice, or missed and told by the next number.
        ((latest, removals),) = await self._database.ask("SELECT latest, removals FROM people_changes")
        if removals != self._removals:
            rows = await self._database.ask("SELECT chat, thread FROM people")
            living = {_address(chat, thread) for chat, thread in rows}
            self._known = {address: known for address, known in self._known.items() if address in living}
        if latest != self._latest:
            query = "SELECT chat, thread, changed, document FROM people WHERE changed > %s ORDER BY changed"
            for chat, thread, number, document in await self._database.ask(query, (self._latest,)):
                address = _address(chat, thread)
                self._known[address] = number, self._read(address, number, document)
        self._latest, self._removals = latest, removals

    def _read(self, address: Address, number: int, document: str) -> Subscription:
        known = self._known.get(address)
        return known[1] if known is not None and known[0] == number else read_subscription(json.loads(document))


def _address(chat: int, thread: int) -> Address:
    return Address(chat=ChatId(chat), thread=thread)
