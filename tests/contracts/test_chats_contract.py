"""What a change of a whole chat may be relied on for, whichever stores it concerns."""

from dataclasses import replace
from datetime import date, time, timedelta

from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading, MessageId
from digests.model.stories import DigestId
from digests.ports import Plan
from tests.builders import NOON, subscription

OLD, NEW, OTHER = ChatId(-77), ChatId(-100_077), ChatId(99)


def edition(chat, day=4):
    return Edition(address=Address(chat=chat), day=date(2026, 2, day), slot=time(8), due=NOON)


async def furnish(office, *chats):
    """Everybody follows something, has an open edition and a message, and has said something."""
    for number, chat in enumerate(chats):
        await office.people.put(subscription(chat))
        claim = await office.ledger.claim(edition(chat), timedelta(minutes=5))
        heading = Heading(at=NOON, zone="UTC", city=None)
        await office.ledger.save_plan(
            claim, Plan(digest=DigestId("abc"), heading=heading, states=(DeliveryState.PENDING,))
        )
        await office.ledger.release(claim, timedelta())
        await office.digests.remember_message(Address(chat=chat), MessageId(5), DigestId("abc"), NOON)
        await office.updates.put(number, b'{"update_id": 1, "message": {"chat": {"id": %d}, "text": "hm"}}' % chat)


async def test_a_chat_that_moves_takes_all_along_and_being_told_twice_is_no_error(office):
    await furnish(office, OLD, OTHER)
    for _ in range(2):
        await office.chats.move(OLD, NEW)
        assert {each.address.chat for each in await office.people.all()} == {NEW, OTHER}
        assert {each.address.chat for each in await office.ledger.open_editions()} == {NEW, OTHER}
        assert await office.digests.digest_of_message(Address(chat=NEW), MessageId(5)) == "abc"
        assert await office.digests.digest_of_message(Address(chat=OLD), MessageId(5)) is None


async def test_where_both_ids_follow_something_they_are_one_and_get_an_edition_once(office):
    await furnish(office, OLD, NEW)
    await office.people.put(subscription(NEW, "treaty"))
    await office.chats.move(OLD, NEW)
    (merged,) = await office.people.all()
    assert set(merged.topics) == {"ukraine-talks", "treaty"}
    assert await office.ledger.open_editions() == (edition(NEW),)


async def test_of_a_chat_that_is_forgotten_nothing_is_left_and_of_others_all(office):
    await furnish(office, OLD, OTHER)
    in_thread = replace(subscription(OLD), address=Address(chat=OLD, thread=3))
    await office.people.put(in_thread)
    shown = await office.chats.export(OLD)
    assert [each["thread"] for each in shown["subscriptions"]] == [0, 3]
    assert {name: len(rows) for name, rows in shown.items()} == {
        "subscriptions": 2,
        "messages": 1,
        "editions": 1,
        "deliveries": 1,
        "updates": 1,
    }
    await office.updates.handled(0)
    await office.chats.forget(OLD)
    assert await office.chats.export(OLD) == {"subscriptions": []}
    assert await office.people.all() == (subscription(OTHER),)
    assert await office.ledger.open_editions() == (edition(OTHER),)
    assert await office.ledger.claim(edition(OLD), timedelta(minutes=5)) is not None


async def test_editions_of_those_who_are_not_among_the_people_are_forgotten_when_it_is_settled(office):
    await furnish(office, OLD, OTHER)
    await office.people.remove(Address(chat=OLD))
    await office.chats.settle()
    assert await office.ledger.open_editions() == (edition(OTHER),)
