"""Who answers: the process whose duty it is, and after it another."""

import asyncio
from contextlib import asynccontextmanager

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot.answering import Answering
from bot.inbox import Inbox, InOrder
from bot.playground.server import BotApiServer
from bot.transport import AiohttpRequest
from digests.errors import StorageError
from tests.fakes.stores import MemoryUpdates


class Worker:
    """A process that answers while `duty` is set; `answered` holds what it heard, in order."""

    def __init__(self, server, store):
        self.duty, self.answered, self.changed = True, [], asyncio.Condition()
        self.inbox = Inbox(store, answering=lambda: self.duty)
        self.application = (
            Application.builder()
            .token(server.token)
            .base_url(f"{server.url}/bot")
            .request(AiohttpRequest())
            .get_updates_request(AiohttpRequest())
            .job_queue(None)
            .update_queue(self.inbox)
            .concurrent_updates(InOrder(self.inbox))
            .build()
        )
        self.application.add_handler(MessageHandler(filters.ALL, self._hear))

    async def _hear(self, update, _):
        async with self.changed:
            self.answered.append(update.message.text)
            self.changed.notify_all()

    async def heard(self, *texts):
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: self.answered == list(texts))

    @asynccontextmanager
    async def working(self):
        async def ask(updater):
            await updater.start_polling(poll_interval=0.01)

        async with self.application:
            await self.application.start()
            try:
                async with Answering(self.application, self.inbox, lambda: self.duty).by(ask):
                    yield self
            finally:
                await self.application.stop()


async def until(holds):
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 the updater tells nobody
            await asyncio.sleep(0.01)


async def test_only_who_has_the_duty_asks_and_who_takes_over_goes_on_where_the_other_ended():
    store = MemoryUpdates()
    async with BotApiServer() as server:
        first, second = Worker(server, store), Worker(server, store)
        second.duty = False
        ann = server.person("Ann")
        async with first.working(), second.working():
            await ann.says("one")
            await first.heard("one")
            assert not second.application.updater.running
            first.duty = False
            await until(lambda: not first.application.updater.running)
            await ann.says("two")
            second.duty = True
            await second.heard("two")
        assert first.answered == ["one"]


async def test_what_another_process_took_in_is_answered_once():
    store = MemoryUpdates()
    async with BotApiServer() as server:
        worker = Worker(server, store)
        async with worker.working():
            intake = Inbox(store, answering=lambda: False)
            for number, text in ((501, "one"), (502, "two")):
                chat = {"id": 7, "type": "private"}
                body = {"update_id": number, "message": {"message_id": 1, "date": 0, "chat": chat, "text": text}}
                for _ in range(2):
                    await intake.put(Update.de_json(body, None))
            assert intake.empty()
            await worker.heard("one", "two")
            assert await worker.inbox.restore(worker.application.bot) == 0


async def test_a_store_that_is_away_for_a_while_is_a_line_and_the_looking_goes_on(caplog):
    class Away(MemoryUpdates):
        tries = away = 0

        async def unhandled(self, but=()):
            self.tries += 1
            if self.away:
                raise StorageError("The database is away.")
            return await super().unhandled(but)

    store = Away()
    async with BotApiServer() as server, Worker(server, store).working():
        store.away = True
        seen = store.tries
        await until(lambda: store.tries >= seen + 3)
        store.away = False
        await until(lambda: store.tries >= seen + 5)
    assert len([line for line in caplog.messages if "The inbox cannot be read" in line]) == 1
