from datetime import UTC, datetime, time, timedelta

import pytest

from digests.delivery import agenda as module
from digests.delivery.agenda import OwnAgenda
from tests.builders import NOON, subscription
from tests.fakes.stores import MemoryPeople

DAY = timedelta(days=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def utc(*when):
    return datetime(*when, tzinfo=UTC)


def kyiv(*slots, chat=7, **more):
    return subscription(chat, slots=slots or (time(8, 0),), zone="Europe/Kyiv", since=LONG_AGO, **more)


class World:
    def __init__(self, *readers):
        self.people = MemoryPeople(*readers)
        self.agenda = OwnAgenda(self.people)

    async def due(self, *when, most=100):
        return await self.agenda.due(utc(*when), most)


async def test_an_edition_is_due_until_it_has_passed():
    world = World(kyiv())
    (yesterdays,) = await world.due(2026, 2, 3, 17, 59)
    await world.agenda.passed([yesterdays])
    assert await world.due(2026, 2, 4, 5, 59) == ()
    (edition,) = await world.due(2026, 2, 4, 6, 0)
    assert await world.due(2026, 2, 4, 6, 1) == (edition,)
    await world.agenda.passed([edition])
    assert await world.due(2026, 2, 4, 6, 2) == ()
    assert [each.day.day for each in await world.due(2026, 2, 5, 6, 0)] == [5]


async def test_a_newer_slot_takes_the_place_of_one_that_never_passed():
    world = World(kyiv(time(8, 0), time(9, 0)))
    assert [each.slot.hour for each in await world.due(2026, 2, 4, 6, 0)] == [8]
    (newer,) = await world.due(2026, 2, 4, 7, 0)
    await world.agenda.passed([newer])
    assert newer.slot.hour == 9
    assert await world.due(2026, 2, 4, 7, 0) == ()


async def test_what_nobody_took_in_half_a_day_is_dropped():
    world = World(kyiv())
    assert await world.due(2026, 2, 4, 6, 0)
    assert await world.due(2026, 2, 4, 18, 0) == ()
    assert await world.due(2026, 2, 5, 6, 0)


async def test_a_changed_subscription_is_looked_at_again():
    world = World(kyiv())
    assert await world.due(2026, 2, 4, 18, 0) == ()
    await world.people.put(kyiv(time(20, 30)))
    await world.people.put(kyiv(chat=8))
    (edition,) = await world.due(2026, 2, 4, 18, 30)
    assert edition.slot == time(20, 30)


async def test_one_that_was_changed_and_changed_back_is_due_once():
    world = World(kyiv())
    await world.due(2026, 2, 4, 5, 0)
    await world.people.put(kyiv(time(10, 0)))
    await world.due(2026, 2, 4, 5, 1)
    await world.people.put(kyiv())
    assert len(await world.due(2026, 2, 4, 6, 0)) == 1


async def test_an_unchanged_one_is_not_asked_about_again_when_others_change():
    world = World(kyiv())
    (edition,) = await world.agenda.due(NOON, 1)
    await world.agenda.passed([edition])
    await world.people.put(kyiv(chat=8, paused="blocked"))
    assert await world.agenda.due(NOON, 1) == ()


async def test_whose_zone_this_machine_does_not_know_holds_up_nobody_and_is_looked_at_again_once_it_is_another(caplog):
    world = World(subscription(8, zone="Europe/Nowhere", since=LONG_AGO), kyiv())
    for _ in range(2):
        assert [each.address.chat for each in await world.due(2026, 2, 4, 6, 0)] == [7]
    assert [line for line in caplog.messages if "Chat 8" in line and "Europe/Nowhere" in line] == caplog.messages
    assert len(caplog.messages) == 1
    await world.people.put(kyiv(chat=8))
    assert len(await world.due(2026, 2, 4, 6, 0)) == 2


async def test_who_is_gone_is_due_nothing():
    world = World(kyiv())
    (edition,) = await world.agenda.due(NOON, 1)
    await world.people.remove(edition.address)
    assert await world.agenda.due(NOON, 1) == ()
    await world.agenda.passed([edition])
    assert await world.agenda.due(NOON + DAY, 1) == ()


async def test_an_older_edition_that_ends_now_changes_nothing():
    world = World(kyiv())
    (older,) = await world.due(2026, 2, 4, 6, 0)
    await world.agenda.passed([older])
    await world.agenda.due(NOON, 1)
    await world.agenda.passed([older])
    assert [each.day.day for each in await world.due(2026, 2, 5, 6, 0)] == [5]


async def test_the_oldest_come_first_and_no_more_than_are_wanted():
    world = World(kyiv(time(9, 0), chat=1), kyiv(time(7, 0), chat=2), kyiv(time(8, 0), chat=3))
    assert [each.address.chat for each in await world.due(2026, 2, 4, 12, 0, most=2)] == [2, 3]
    assert len(await world.due(2026, 2, 4, 12, 0, most=5)) == 3


@pytest.mark.parametrize("readers", [3, 400])
async def test_looking_costs_what_is_due_and_not_who_subscribes(readers, monkeypatch):
    monkeypatch.setattr(module, "AT_A_TIME", 100)
    world = World(*(kyiv(time(20, 0), chat=chat) for chat in range(1, readers)), kyiv(chat=readers))
    await world.agenda.passed(await world.due(2026, 2, 4, 5, 0, most=1000))
    looked = []
    monkeypatch.setattr(module, "due_edition", lambda *asked: looked.append(asked))
    await world.due(2026, 2, 4, 6, 0, most=1000)
    assert len(looked) == 1
