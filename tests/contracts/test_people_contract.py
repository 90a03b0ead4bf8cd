"""What delivery and the conversation may rely on when they keep people's subscriptions."""

import asyncio
from dataclasses import replace

from digests.errors import PersonError
from digests.model.people import Address, ChatId
from tests.builders import subscription


async def test_an_unknown_address_has_no_subscription(people):
    assert await people.get(Address(chat=ChatId(7))) is None
    assert await people.all() == ()


async def test_a_subscription_is_stored_in_place_of_the_former_one(people):
    await people.put(subscription(7))
    await people.put(subscription(7, "treaty"))
    assert await people.get(Address(chat=ChatId(7))) == subscription(7, "treaty")
    assert await people.all() == (subscription(7, "treaty"),)


async def test_threads_of_one_chat_are_addresses_of_their_own(people):
    in_thread = replace(subscription(-7), address=Address(chat=ChatId(-7), thread=3))
    await people.put(subscription(-7))
    await people.put(in_thread)
    assert await people.get(in_thread.address) == in_thread
    assert await people.get(Address(chat=ChatId(-7))) == subscription(-7)


async def test_what_was_removed_is_gone_and_an_unknown_address_is_no_error(people):
    await people.put(subscription(7))
    await people.put(subscription(8))
    await people.remove(Address(chat=ChatId(7)))
    await people.remove(Address(chat=ChatId(9)))
    assert await people.all() == (subscription(8),)


async def test_unchanged_subscriptions_are_the_same_objects_from_call_to_call(people):
    await people.put(subscription(7))
    await people.put(subscription(8))
    before = {each.address: each for each in await people.all()}
    await people.put(subscription(8, "treaty"))
    after = {each.address: each for each in await people.all()}
    unchanged, changed = Address(chat=ChatId(7)), Address(chat=ChatId(8))
    assert after[unchanged] is before[unchanged] is await people.get(unchanged)
    assert after[changed] is not before[changed]


async def test_changes_asked_for_at_once_all_hold_and_the_last_one_of_an_address_counts(people):
    await asyncio.gather(
        *(people.put(subscription(chat)) for chat in range(1, 21)),
        people.remove(Address(chat=ChatId(3))),
        people.put(subscription(4, "treaty")),
    )
    assert {each.address.chat for each in await people.all()} == set(range(1, 21)) - {3}
    assert await people.get(Address(chat=ChatId(4))) == subscription(4, "treaty")


async def test_changes_of_one_address_that_meet_see_each_other(people):
    address = Address(chat=ChatId(7))
    await people.put(subscription(7))

    def following(topic):
        return lambda present: replace(present, topics=(*present.topics, topic))

    await asyncio.gather(*(people.change(address, following(f"topic-{number}")) for number in range(20)))
    assert (await people.get(address)).topics == ("ukraine-talks", *(f"topic-{number}" for number in range(20)))


async def test_a_change_gives_back_what_it_made_and_none_forgets(people):
    address = Address(chat=ChatId(7))
    assert await people.change(address, lambda present: present) is None
    assert await people.change(address, lambda _: subscription(7)) == subscription(7)
    assert await people.change(address, lambda _: None) is None
    assert await people.all() == ()


async def test_a_change_that_raises_changes_nothing_and_spoils_none_beside_it(people):
    def refuse(_):
        raise PersonError("Not that.")

    await people.put(subscription(7))
    refused, stored = await asyncio.gather(
        people.change(Address(chat=ChatId(7)), refuse), people.put(subscription(8)), return_exceptions=True
    )
    assert (type(refused), stored) == (PersonError, None)
    assert await people.all() == (subscription(7), subscription(8))
