"""Chats over SQLite and TinyDB, which have no transaction in common: what is begun is noted first, and ended at the next start."""

import asyncio
import logging
from collections.abc import Mapping

from digests.adapters.own_topics import had
from digests.adapters.sqlite.chats import MOVE, Intent, SqliteChats
from digests.adapters.tinydb_people import TinyPeople
from digests.model.people import ChatId

PAUSES = (0.1, 0.2, 0.4, 0.8)  # seconds

_log = logging.getLogger(__name__)


class EmbeddedChats:
    """ports.Chats over the two embedded stores.

        move     editions, messages and the intent ─► people ─► intent cleared
        forget   the intent ─► people ─► editions, messages and the intent erased

    A move begins with the ledger: as long as people stand under the old id alone, all that could be sent goes there and
    is refused. To forget begins with people, so that no edition comes due meanwhile. One such change at a time: what is
    halfway looks like what was left behind.
    """

    def __init__(self, records: SqliteChats, people: TinyPeople) -> None:
        self._records = records
        self._people = people
        self._changing = asyncio.Lock()

    async def move(self, chat: ChatId, to: ChatId) -> None:
        async with self._changing:
            await self._end(await self._records.move(chat, to))

    async def forget(self, chat: ChatId) -> None:
        """What was erased is overwritten in a second or two; where somebody reads it for longer, when all is settled."""
        async with self._changing:
            await self._end(await self._records.intend_to_forget(chat))
        for pause in PAUSES:
            if await self._records.fold():
                return
            await asyncio.sleep(pause)

    async def export(self, chat: ChatId) -> Mapping[str, object]:
        return {"subscriptions": await self._people.export(chat), **await self._records.export(chat)}

    async def settle(self) -> None:
        """End what was begun and not ended, overwrite what was erased, and forget what is left of chats that are no longer among the people.

        At start, before anything is sent, and now and then: an edition that was being claimed while its chat was
        forgotten comes to stand in the ledger after that, and what was being filed under its own words in the archive.
        """
        async with self._changing:
            for intent in await self._records.intents():
                _log.warning("Ending what was begun: %s of chat %d.", intent.kind, intent.chat)
                await self._end(intent)
            # In this order: who comes to be among the people after that has no edition in what was read before.
            newest = await self._records.newest_editions()
            people = await self._people.all()
            known = {each.address.chat for each in people}
            left = {chat: number for chat, number in newest.items() if chat not in known}
            await self._records.forget_left(left, had(people))
        await self._records.fold()

    async def _end(self, intent: Intent) -> None:
        if intent.kind == MOVE:
            assert intent.target is not None, "a move has a target"
            await self._people.move(intent.chat, intent.target)
            await self._records.done(intent)
        else:
            await self._people.forget(intent.chat)
            await self._records.forget(intent, had(await self._people.all()))
