"""A change of both embedded stores: whole, whatever kills the process at whichever step."""

import asyncio
import contextlib
import inspect
import threading
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from digests.adapters import embedded_chats
from digests.adapters.embedded_chats import EmbeddedChats
from digests.adapters.sqlite.chats import SqliteChats
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.digests import SqliteDigests
from digests.adapters.sqlite.inbox import SqliteInbox
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.adapters.tinydb_people import TinyPeople
from digests.errors import StorageError
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading, MessageId
from digests.model.stories import DigestId
from digests.ports import Plan
from tests.builders import NOON, subscription

OLD, NEW, OTHER = ChatId(-77_001), ChatId(-1_000_000_077_002), ChatId(99_003)
CITY = "Nowhereville-on-Sea"


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """A store in whose calls the process dies: before the step number `death`, counted over all stores."""

    def __init__(self, store, steps, death):
        self.store, self.steps, self.death = store, steps, death

    def __getattr__(self, name):
        method = getattr(self.store, name)
        assert inspect.iscoroutinefunction(method)

        async def call(*arguments):
            self.steps.append(name)
            if len(self.steps) == self.death:
                raise Killed
            return await method(*arguments)

        return call


def edition(chat, day=4):
    return Edition(
        address=Address(chat=chat), day=date(2026, 2, day), slot=time(8), due=NOON, zone="Europe/Kyiv", city=CITY
    )


@contextlib.asynccontextmanager
async def stores(folder):
    async with Database(folder / "cablegram.sqlite") as database, TinyPeople(folder / "people.json") as people:
        yield database, people


async def deliver(ledger, due, state=None):
    claim = await ledger.claim(due, timedelta(minutes=5))
    heading = Heading(at=NOON, zone="Europe/Kyiv", city=CITY)
    await ledger.save_plan(claim, Plan(digest=DigestId("abc"), heading=heading, states=(DeliveryState.PENDING,)))
    if state is not None:
        await ledger.sending(claim, 1)
        await ledger.sent(claim, 1, MessageId(5))
    await ledger.release(claim, timedelta())


async def furnish(folder):
    """A group with a sent edition, an open one and messages, and somebody else."""
    async with stores(folder) as (database, people):
        ledger, digests = SqliteLedger(database, lambda: NOON), SqliteDigests(database)
        for chat in (OLD, OTHER):
            theirs = subscription(chat)
            await people.put(replace(theirs, schedule=replace(theirs.schedule, city=CITY)))
            await deliver(ledger, edition(chat), DeliveryState.SENT)
            await deliver(ledger, edition(chat, 5))
            await digests.remember_message(Address(chat=chat), MessageId(5), DigestId("abc"), NOON)
        update = b'{"update_id": 1, "message": {"chat": {"id": %d}, "text": "/forget Nowhereville-on-Sea"}}' % OLD
        await SqliteInbox(database, lambda: NOON).put(1, update)


async def die(folder, act, death):
    """Do `act` over the stores and die at a step; the names of the steps that came."""
    steps = []
    async with stores(folder) as (database, people):
        chats = EmbeddedChats(Mortal(SqliteChats(database), steps, death), Mortal(people, steps, death))
        with contextlib.suppress(Killed):
            await act(chats)
    return steps


async def state(folder):
    """Who is among the people, whose editions and messages there are, and which intents: by chat."""

    def look(connection):
        return {
            table: {chat for (chat,) in connection.execute(f"SELECT chat FROM {table}")}
            for table in ("editions", "messages", "intents")
        }

    async with stores(folder) as (database, people):
        return {"people": {each.address.chat for each in await people.all()}, **await database.read(look)}


async def restart(folder):
    async with stores(folder) as (database, people):
        await EmbeddedChats(SqliteChats(database), people).settle()


def everyone(*chats):
    return {"people": {*chats}, "editions": {*chats}, "messages": {*chats}, "intents": set()}


@pytest.mark.parametrize("death", range(1, 6))
async def test_a_move_that_is_killed_at_any_step_is_done_whole_or_not_at_all(tmp_path, death):
    await furnish(tmp_path)
    steps = await die(tmp_path, lambda chats: chats.move(OLD, NEW), death)
    await restart(tmp_path)
    after = await state(tmp_path)
    if death == 1:
        assert after == everyone(OLD, OTHER)
    else:
        assert after == everyone(NEW, OTHER)
    assert steps == ["move", "move", "done"][: min(death, 3)]


@pytest.mark.parametrize("death", range(1, 6))
async def test_to_forget_and_be_killed_at_any_step_is_to_forget_whole_or_not_at_all(tmp_path, death):
    await furnish(tmp_path)
    steps = await die(tmp_path, lambda chats: chats.forget(OLD), death)
    await restart(tmp_path)
    after = await state(tmp_path)
    assert after == (everyone(OLD, OTHER) if death == 1 else everyone(OTHER))
    assert steps == ["intend_to_forget", "forget", "all", "forget", "fold"][:death]


@pytest.mark.parametrize("death", range(1, 4))
async def test_a_kill_while_the_start_ends_what_was_begun_is_no_matter(tmp_path, death):
    await furnish(tmp_path)
    await die(tmp_path, lambda chats: chats.move(OLD, NEW), 2)
    await die(tmp_path, lambda chats: chats.settle(), death)
    await restart(tmp_path)
    assert await state(tmp_path) == everyone(NEW, OTHER)


async def test_a_move_told_twice_or_after_people_wrote_under_the_new_id_joins_both(tmp_path):
    await furnish(tmp_path)
    async with stores(tmp_path) as (database, people):
        chats, ledger = EmbeddedChats(SqliteChats(database), people), SqliteLedger(database, lambda: NOON)
        fresh = subscription(NEW, "new-start", zone=None)
        await people.put(fresh)
        await deliver(ledger, edition(NEW, 5))
        await SqliteDigests(database).remember_message(Address(chat=NEW), MessageId(5), DigestId("xyz"), NOON)
        for _ in range(2):
            await chats.move(OLD, NEW)
        joined = await people.get(Address(chat=NEW))
        assert joined.topics == ("ukraine-talks", "new-start")
        assert joined.schedule.city == CITY
        (left,) = [each for each in await ledger.open_editions() if each.address.chat != OTHER]
        assert left == edition(NEW, 5)
    assert await state(tmp_path) == {**everyone(NEW, OTHER), "editions": {NEW, OTHER, OLD}}
    await restart(tmp_path)  # the edition that both had, and that counts for nothing under the old id
    assert await state(tmp_path) == everyone(NEW, OTHER)


async def test_what_was_chosen_under_the_new_id_goes_before_the_former_times(tmp_path):
    async with stores(tmp_path) as (_, people):
        await people.put(subscription(OLD, slots=(time(20),)))
        await people.put(subscription(NEW, "new-start", slots=(time(7),), zone=None))
        await people.move(OLD, NEW)
        assert (await people.get(Address(chat=NEW))).schedule.slots == (time(7),)


async def test_what_is_forgotten_stands_in_no_file(tmp_path):
    await furnish(tmp_path)
    async with stores(tmp_path) as (database, people):
        await people.put(subscription(OLD, "a-topic-of-his-own"))
        inbox = SqliteInbox(database, lambda: NOON)
        await inbox.handled(1)
        for chat in (OLD, OTHER):
            await EmbeddedChats(SqliteChats(database), people).forget(chat)
        (tmp_path / "people.json.unreadable-1").write_text(str(OLD))
        await EmbeddedChats(SqliteChats(database), people).forget(OLD)
        for file in tmp_path.iterdir():
            body = file.read_bytes()
            for trace in (CITY, str(OLD), "a-topic-of-his-own"):
                assert trace.encode() not in body, f"{file.name} still holds {trace}"
    assert not list(tmp_path.glob("*.unreadable-*"))
    assert await state(tmp_path) == everyone()


def reading(database):
    """Somebody who reads for as long as is wanted, and whether he has begun."""
    begun, enough = threading.Event(), threading.Event()

    def look(connection):
        connection.execute("SELECT count(*) FROM editions").fetchone()
        begun.set()
        enough.wait(10)

    return asyncio.ensure_future(database.read(look)), begun, enough


def traces(folder):
    return {file.name for file in folder.iterdir() if CITY.encode() in file.read_bytes()}


async def test_while_somebody_reads_what_is_forgotten_nobody_waits_and_it_is_overwritten_later(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_chats, "PAUSES", (0, 0))
    await furnish(tmp_path)
    async with stores(tmp_path) as (database, people):
        await SqliteInbox(database, lambda: NOON).handled(1)
        chats = EmbeddedChats(SqliteChats(database), people)
        reader, begun, enough = reading(database)
        await asyncio.to_thread(begun.wait, 10)
        for chat in (OLD, OTHER):
            await chats.forget(chat)
        assert not reader.done()
        await people.put(subscription(OLD))
        assert traces(tmp_path) == {"cablegram.sqlite", "cablegram.sqlite-wal"}
        enough.set()
        await reader
        await chats.settle()
        assert traces(tmp_path) == set()
        assert [each.address.chat for each in await people.all()] == [OLD]
    assert await state(tmp_path) == {**everyone(), "people": {OLD}}


async def test_an_edition_that_came_to_be_while_its_chat_was_forgotten_goes_at_the_next_look(tmp_path):
    await furnish(tmp_path)
    async with stores(tmp_path) as (database, people):
        chats = EmbeddedChats(SqliteChats(database), people)
        await chats.forget(OLD)
        await SqliteLedger(database, lambda: NOON).claim(edition(OLD, 6), timedelta(minutes=5))
        await chats.settle()
    assert await state(tmp_path) == everyone(OTHER)


class Interrupted:
    """A store of people: as soon as all of them were read, and before that is told, something else happens."""

    def __init__(self, people, happens):
        self.people, self.happens = people, happens

    def __getattr__(self, name):
        return getattr(self.people, name)

    async def all(self):
        found = await self.people.all()
        await self.happens()
        return found


async def test_a_chat_that_moves_while_others_are_settled_keeps_what_it_follows(tmp_path):
    await furnish(tmp_path)
    moving = []

    async def move():
        moving.append(asyncio.ensure_future(chats.move(OLD, NEW)))
        await asyncio.wait(moving, timeout=0.05)  # it waits for its turn, or would be over by then

    async with stores(tmp_path) as (database, people):
        chats = EmbeddedChats(SqliteChats(database), Interrupted(people, move))
        await chats.settle()
        await moving[0]
    assert await state(tmp_path) == everyone(NEW, OTHER)


async def test_who_comes_back_while_what_was_his_is_settled_keeps_what_is_new(tmp_path):
    await furnish(tmp_path)
    async with stores(tmp_path) as (database, people):
        ledger = SqliteLedger(database, lambda: NOON)
        await people.forget(OLD)

        async def come_back():
            for chat in (OLD, NEW):
                await people.put(subscription(chat))
                await ledger.claim(edition(chat, 6), timedelta())

        await EmbeddedChats(SqliteChats(database), Interrupted(people, come_back)).settle()
        assert {each.address.chat for each in await people.all()} == {OLD, NEW, OTHER}
        assert set(await ledger.open_editions()) == {edition(OLD, 6), edition(NEW, 6), edition(OTHER, 5)}


async def test_all_that_is_stored_on_a_chat_is_shown_and_nothing_of_another(tmp_path):
    await furnish(tmp_path)
    async with stores(tmp_path) as (database, people):
        chats = EmbeddedChats(SqliteChats(database), people)
        shown = await chats.export(OLD)
        assert {name: len(rows) for name, rows in shown.items()} == {
            "subscriptions": 1, "messages": 1, "editions": 2, "deliveries": 2, "updates": 1,
        }  # fmt: skip
        assert str(OTHER) not in str(shown)
        assert shown["subscriptions"][0]["city"] == CITY
        assert await chats.export(ChatId(1)) == {"subscriptions": []}


async def test_copies_that_cannot_be_cleared_away_are_named(tmp_path):
    (tmp_path / "people.json.unreadable-1").mkdir()
    async with stores(tmp_path) as (_, people):
        with pytest.raises(StorageError, match="cannot be cleared of older copies"):
            await people.forget(OLD)
