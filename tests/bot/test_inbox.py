import asyncio
import contextlib
import json

import pytest
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot.inbox import Inbox, InOrder, NotStored
from bot.playground.server import BotApiServer
from bot.transport import AiohttpRequest
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.inbox import SqliteInbox
from digests.errors import StorageError
from tests.builders import NOON
from tests.fakes.stores import MemoryUpdates

MESSAGE = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}, "text": "too late"}


class Run:
    """One life of a bot over a store: `handled` holds the texts whose handler ran to its end."""

    def __init__(self, server, store, *, work=None):
        self.handled = []
        self.started = []
        self.errors = []
        self._work = work
        self.inbox = Inbox(store)
        self.processor = InOrder(self.inbox)
        self.changed = asyncio.Condition()
        self.application = (
            Application.builder()
            .token(server.token)
            .base_url(f"{server.url}/bot")
            .request(AiohttpRequest())
            .get_updates_request(AiohttpRequest())
            .job_queue(None)
            .update_queue(self.inbox)
            .concurrent_updates(self.processor)
            .build()
        )
        self.application.add_handler(MessageHandler(filters.ALL, self._handle))
        self.application.add_error_handler(self._failed)

    async def _handle(self, update, context):
        await self._note(self.started, update.message.text)
        if self._work:
            await self._work(update.message.text)
        await self._note(self.handled, update.message.text)

    async def _failed(self, update, context):
        await self._note(self.errors, str(context.error))

    async def _note(self, where, what):
        async with self.changed:
            where.append(what)
            self.changed.notify_all()

    async def until(self, holds):
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(holds)

    @contextlib.asynccontextmanager
    async def receiving(self):
        """Only the updater runs: what comes is stored and confirmed, and nobody handles it."""
        async with self.application:
            await self.application.updater.start_polling()
            try:
                yield self
            finally:
                await self.application.updater.stop()

    @contextlib.asynccontextmanager
    async def running(self):
        async with self.application:
            await self.inbox.restore(self.application.bot)
            await self.application.start()
            await self.application.updater.start_polling()
            try:
                yield self
            finally:
                await self.application.updater.stop()
                await self.application.stop()


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
def store():
    return MemoryUpdates()


async def confirmed(server):
    await server.world.bell.until(lambda: not server.world.updates, 10)
    assert not server.world.updates


async def test_what_was_received_and_not_handled_is_handled_once_after_a_restart(server, store):
    ada = server.person("Ada")
    await ada.says("/latest")
    async with Run(server, store).receiving():
        await confirmed(server)

    async with Run(server, store).running() as second:
        await second.until(lambda: second.handled)
        await ada.says("/help")
        await second.until(lambda: len(second.handled) == 2)
    assert second.handled == ["/latest", "/help"]

    async with Run(server, store).running() as third:
        await ada.says("/more 2")
        await third.until(lambda: third.handled)
    assert third.handled == ["/more 2"]


async def test_an_update_that_telegram_brings_twice_is_handled_once(server, store):
    ada = server.person("Ada")
    async with Run(server, store).running() as run:
        await ada.says("/latest")
        repeated = server.world.updates[-1]
        await run.until(lambda: run.handled)
        await confirmed(server)
        server.world.repeat(repeated)
        await ada.says("/help")
        await run.until(lambda: "/help" in run.handled)
    assert run.handled == ["/latest", "/help"]


async def test_telegram_is_not_told_of_an_update_that_could_not_be_stored(server, store):
    class FullDisk(MemoryUpdates):
        full = True

        async def put(self, update_id, body):
            if self.full:
                self.full = False
                raise StorageError("The disk is full.")
            return await super().put(update_id, body)

    ada = server.person("Ada")
    run = Run(server, FullDisk())
    async with run.running():
        await ada.says("/latest")
        await run.until(lambda: run.handled)
    assert run.handled == ["/latest"]


async def test_an_update_is_stored_before_it_is_queued(server):
    class Watched(MemoryUpdates):
        async def put(self, update_id, body):
            assert inbox.empty()
            assert json.loads(body)["update_id"] == update_id
            return await super().put(update_id, body)

    inbox = Inbox(Watched())
    await inbox.put(Update(5))
    assert inbox.qsize() == 1


async def test_a_store_that_fails_is_said_in_a_way_that_the_updater_tries_again(store):
    class Broken(MemoryUpdates):
        async def put(self, update_id, body):
            raise StorageError("The disk is full.")

    with pytest.raises(NotStored, match="disk is full"):
        await Inbox(Broken()).put(Update(5))


async def test_a_pinned_message_that_nobody_can_see_any_more_stops_nothing(server, store):
    ada = server.person("Ada")
    await ada.says("/start")
    message = server.world.updates[-1]["message"]
    pinned = {"message_id": 3, "date": 0, "chat": message["chat"]}
    server.world.update(message={**message, "text": "pinned", "pinned_message": pinned})
    await ada.says("/help")
    async with Run(server, store).receiving():
        await confirmed(server)
    async with Run(server, store).running() as run:
        await run.until(lambda: run.handled == ["/start", "pinned", "/help"])


async def test_an_update_that_cannot_be_written_down_is_dropped_with_a_line_and_the_next_one_comes(store, caplog):
    inbox = Inbox(store)
    await inbox.put(Update(5, api_kwargs={"odd": object()}))
    await inbox.put(Update(6))
    assert (await inbox.get()).update_id == 6
    assert "Update 5 cannot be written down" in caplog.text


async def test_a_store_that_fails_by_a_bug_leaves_a_traceback_and_the_update_is_brought_again(caplog):
    class Odd(MemoryUpdates):
        async def put(self, update_id, body):
            raise ZeroDivisionError("a bug")

    with pytest.raises(NotStored, match="a bug"):
        await Inbox(Odd()).put(Update(5))
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"update_id": 4, "message": 3}', b"\xff"])
async def test_a_stored_update_that_cannot_be_read_is_told_once_and_the_others_are_restored(store, caplog, body):
    await store.put(4, body)
    await store.put(5, b'{"update_id": 5}')
    inbox = Inbox(store)
    assert [await inbox.restore(None), await inbox.restore(None)] == [1, 0]
    assert (await inbox.get()).update_id == 5
    assert caplog.text.count("A stored update cannot be read") == 1


async def test_the_messages_of_a_chat_are_handled_one_after_the_other_and_chats_at_the_same_time(server, store):
    doors = {"first": asyncio.Event(), "other": asyncio.Event()}

    async def work(text):
        if text in doors:
            await doors[text].wait()

    ada, ben = server.person("Ada"), server.person("Ben")
    async with Run(server, store, work=work).running() as run:
        await ada.says("first")
        await ada.says("second")
        await ben.says("other")
        await run.until(lambda: {"first", "other"} <= set(run.started))
        assert run.started == ["first", "other"]
        doors["first"].set()
        await run.until(lambda: "second" in run.handled)
        doors["other"].set()
    assert run.handled == ["first", "second", "other"]


async def test_a_chat_that_floods_the_bot_leaves_room_for_others(server, store):
    door = asyncio.Event()

    async def work(text):
        if text == "flood":
            await door.wait()

    ada, ben = server.person("Ada"), server.person("Ben")
    async with Run(server, store, work=work).running() as run:
        for _ in range(50):
            await ada.says("flood")
        await ben.says("please")
        await run.until(lambda: run.handled == ["please"])
        door.set()


async def test_chats_whose_answers_wait_hold_up_no_others(store, monkeypatch):
    monkeypatch.setattr("bot.inbox.WORK", 0.02)
    processor, door, answered = InOrder(store, chats=2), asyncio.Event(), []

    async def handle(chat):
        if chat < 3:
            await door.wait()
        answered.append(chat)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        for chat in range(1, 5):
            update = Update.de_json(
                {"update_id": chat, "message": MESSAGE | {"chat": {"id": chat, "type": "private"}}}, None
            )
            tasks.create_task(processor.process_update(update, handle(chat)))
        while answered != [3, 4]:  # noqa: ASYNC110 the handlers tell nobody
            await asyncio.sleep(0.01)
        door.set()
    assert sorted(answered) == [1, 2, 3, 4]


async def test_no_more_chats_work_at_once_than_there_are_places(store):
    processor, working, most = InOrder(store, chats=2), [], []

    async def handle(chat):
        working.append(chat)
        most.append(len(working))
        await asyncio.sleep(0)
        working.remove(chat)

    async with asyncio.TaskGroup() as tasks:
        for chat in range(1, 9):
            update = Update.de_json(
                {"update_id": chat, "message": MESSAGE | {"chat": {"id": chat, "type": "private"}}}, None
            )
            tasks.create_task(processor.process_update(update, handle(chat)))
    assert max(most) == 2


async def test_an_update_whose_handler_raised_is_not_handled_again(server, store):
    async def work(text):
        raise RuntimeError("a bug")

    async with Run(server, store, work=work).running() as run:
        await server.person("Ada").says("/latest")
        await run.until(lambda: run.errors)
    assert run.errors == ["a bug"]
    assert await store.unhandled() == ()


async def test_an_update_that_was_cancelled_or_never_begun_is_handled_after_a_restart(store):
    processor = InOrder(store)
    for number in (1, 2):
        await store.put(number, b"{}")
    begun = asyncio.Event()

    async def handle():
        begun.set()
        await asyncio.Event().wait()

    tasks = [asyncio.ensure_future(processor.process_update(Update(number), handle())) for number in (1, 2)]
    await begun.wait()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert len(await store.unhandled()) == 2


async def test_told_to_end_it_lets_what_is_begun_end_and_leaves_what_waits_for_the_next_start(server, store):
    door = asyncio.Event()

    async def work(text):
        await door.wait()

    ada = server.person("Ada")
    async with Run(server, store, work=work).running() as run:
        for text in ("/latest", "/topics", "/help"):
            await ada.says(text)
        await run.until(lambda: run.started)
        await confirmed(server)
        ending = asyncio.ensure_future(run.processor.end(60))
        await asyncio.sleep(0)
        door.set()
        await ending
    assert run.handled == ["/latest"]
    async with Run(server, store).running() as second:
        await second.until(lambda: len(second.handled) == 2)
    assert second.handled == ["/topics", "/help"]


async def test_a_handler_that_hangs_is_cut_off_and_its_update_is_handled_after_the_next_start(server, store):
    async def work(text):
        await asyncio.Event().wait()

    async with Run(server, store, work=work).running() as run:
        await server.person("Ada").says("/latest")
        await run.until(lambda: run.started)
        await run.processor.end(0)
    assert (run.handled, run.errors) == ([], [])
    async with Run(server, store).running() as second:
        await second.until(lambda: second.handled)
    assert second.handled == ["/latest"]


async def test_told_to_end_with_nothing_begun_it_ends_at_once(store):
    await InOrder(store).end(60)


async def test_of_twenty_updates_each_killed_between_receiving_and_handling_all_are_handled_once(server, tmp_path):
    """Each life stores one update, confirms it and dies before its handler has come to the end; the last handles all."""
    ada, lives = server.person("Ada"), 20
    for number in range(lives):
        async with Database(tmp_path / "cablegram.sqlite") as database:
            store = SqliteInbox(database, lambda: NOON)
            await ada.says(f"/topics {number}")
            if number % 2:
                async with Run(server, store).receiving():
                    await confirmed(server)
            else:
                async with Run(server, store, work=lambda _: asyncio.Event().wait()).running() as run:
                    await run.until(lambda run=run: run.started)
                    await confirmed(server)
                    await run.processor.end(0)
    async with Database(tmp_path / "cablegram.sqlite") as database:
        store = SqliteInbox(database, lambda: NOON)
        async with Run(server, store).running() as last:
            await last.until(lambda: len(last.handled) == lives)
            await ada.says("/help")
            await last.until(lambda: "/help" in last.handled)
    assert last.handled == [*(f"/topics {number}" for number in range(lives)), "/help"]


async def test_what_breaks_outside_the_handlers_is_marked_and_raised(store):
    processor = InOrder(store)
    await store.put(1, b"{}")

    async def handle():
        raise RuntimeError("a bug")

    async with processor:
        with pytest.raises(RuntimeError, match="a bug"):
            await processor.process_update(Update(1), handle())
    assert await store.unhandled() == ()


async def test_what_is_no_update_passes_through(store):
    inbox, processor, seen = Inbox(store), InOrder(store), []
    await inbox.put("stop")
    assert await inbox.get() == "stop"

    async def handle():
        seen.append("handled")

    await processor.process_update("stop", handle())
    await processor.process_update("again", asyncio.ensure_future(handle()))
    assert seen == ["handled", "handled"]
    assert store.bodies == {}


async def test_an_update_with_only_a_person_waits_for_that_person(server, store):
    user = {"id": 9, "is_bot": False, "first_name": "Ada"}
    body = {"update_id": 3, "inline_query": {"id": "1", "from": user, "query": "x", "offset": ""}}
    handled = []

    async def handle():
        handled.append(3)

    await InOrder(store).process_update(Update.de_json(body, None), handle())
    assert handled == [3]
